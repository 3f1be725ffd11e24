"""Recognises the service behind a failure, also one that has no provider page."""

import re

# Slugs that differ from the name used in the rules.
_ALIASES = {
    "google-workspace": "gmail",
    "google-workspace-relay": "gmail",
    "google": "gmail",
    "microsoft": "microsoft365",
    "office365": "microsoft365",
    "outlook": "microsoft365",
    "amazon-ses": "aws-ses",
    "ses": "aws-ses",
    "scaleway": "scaleway-tem",
    "sendinblue": "brevo",
    "mailgun-eu": "mailgun",
    "zoho-mail": "zoho",
    "yandex360": "yandex",
    "126": "163",
    "aol": "yahoo",
}
# Host names as one enters them in a setting.
_HOSTS = {
    "163": r"\b(?:163|126|yeah)\.(?:com|net)$",
    "aws-ses": r"email-smtp[\w.-]*\.amazonaws\.com$",
    "brevo": r"\b(?:brevo|sendinblue)\.com$",
    "elastx": r"\belastx\.email$",
    "fastmail": r"\b(?:fastmail|messagingengine)\.com$",
    "gmail": r"\b(?:gmail|google|googlemail)\.com$",
    "icloud": r"\b(?:me|icloud)\.com$",
    "mailgun": r"\bmailgun\.(?:org|net)$",
    "mailru": r"\bmail\.ru$",
    "microsoft365": r"\b(?:office365|outlook|hotmail|office)\.com$",
    "postmark": r"\bpostmarkapp\.com$",
    "qq": r"\bqq\.com$",
    "resend": r"\bresend\.com$",
    "scaleway-tem": r"\btem\.scaleway\.com$",
    "sendgrid": r"\bsendgrid\.net$",
    "sparkpost": r"\bsparkpostmail\.com$",
    "yahoo": r"\b(?:yahoo|aol)\.com$",
    "yandex": r"\byandex\.(?:com|ru|net)$",
    "zoho": r"\bzoho(?:cloud)?\.\w+(?:\.\w+)?$",
}
# What servers put into their replies.
_SIGNS = {
    "163": r"(?:163|126|网易).{0,4}邮箱|\b(?:163|126) smtp\d",
    "aws-ses": r"\bSES\b|amazonaws|arn:aws|identities failed the check in region",
    "gmail": r"\bgsmtp\b|support\.google\.com|smtp\.gmail\.com"
    r"|username and password not accepted|\?p=(?:badcredentials|invalidsecondfactor)",
    "mailgun": r"mailgun",
    "microsoft365": r"\.outlook\.com|aka\.ms/|STOREDRV\.",
    "qq": r"mail\.qq\.com|qq.{0,2}邮箱",
    "resend": r"\bresend\.com",
    "sendgrid": r"sendgrid",
    "yahoo": r"#AUTH00\d|yahoo",
}


def services_in(provider: str, host: str, words: str) -> frozenset[str]:
    """Return the names of the services that a provider slug, a host or a reply points to."""
    found = {name for name, pattern in _HOSTS.items() if _found(pattern, host.rstrip(". "))}
    found |= {name for name, pattern in _SIGNS.items() if _found(pattern, words)}
    if provider:
        found.add(_ALIASES.get(provider, provider))
    return frozenset(found)


def _found(pattern: str, text: str) -> bool:
    return bool(re.search(pattern, text, re.IGNORECASE))
