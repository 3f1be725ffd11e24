"""Zoho ZeptoMail: user name emailapikey; a Mail Agent's token holds in one data centre only."""

from dataclasses import replace

from smtp.providers.base import (
    Input,
    KnownError,
    Limit,
    Provider,
    Scope,
    Shape,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    LABEL,
    PUBLIC_KEY,
    SELECTOR,
    dkim_key,
    return_path,
    starttls,
    tls,
)

_PORTS = (*starttls(587), *tls(465))
_DOCS = "https://www.zoho.com/zeptomail/help/smtp-home.html"
_NOT_VERIFIED = "The domain is not verified and cannot send."
_DEFAULT = "com"
_CENTRES = {
    "com": "United States (zeptomail.com)",
    "eu": "Europe (zeptomail.eu)",
    "in": "India (zeptomail.in)",
    "com.au": "Australia (zeptomail.com.au)",
    "jp": "Japan (zeptomail.jp)",
    "ca": "Canada (zeptomail.ca)",
    "com.cn": "China (zeptomail.com.cn)",
}


PROVIDER = Provider(
    slug="zeptomail",
    name="Zoho ZeptoMail",
    summary="Transactional mail from Zoho, paid by credits; newsletters are not allowed.",
    host="smtp.zeptomail.{dc}",
    ports=_PORTS,
    recommended=_PORTS[0],
    aliases=("zoho-zeptomail", "zepto", "transmail", "zoho-transmail"),
    username="The word emailapikey, for every account.",
    password=(  # noqa: S106 - the rule in words
        "The Send Mail token of the Mail Agent. Not the password of the Zoho account, and not a "
        "token of another data centre."
    ),
    sender="An address of a domain that is verified and connected to the Mail Agent.",
    sandbox="The account is reviewed before it may send in production.",
    limits=(
        Limit(
            "Paid by credits of 10,000 messages each; a new account gets some to try it out.",
            year="2026",
        ),
    ),
    inputs=(
        Input(
            name="dc",
            label="Data centre",
            help="Where the account was opened; the console shows it in the host name for SMTP.",
            scope=Scope.SETTING,
            choices=tuple(_CENTRES),
            labels=_CENTRES,
            default=_DEFAULT,
        ),
        replace(
            SELECTOR,
            help="The part before ._domainkey, a number such as 4201557.",
        ),
        PUBLIC_KEY,
        Input(
            name="bounce",
            label="Bounce subdomain",
            help="Only the part before your domain; ZeptoMail suggests bounce-zem.",
            default="bounce-zem",
            pattern=LABEL,
        ),
        Input(
            name="cluster",
            label="Bounce cluster",
            help="The part before .zeptomail in the target of the CNAME record in the console.",
            default="cluster89",
            pattern=LABEL,
        ),
    ),
    recipe=(
        dkim_key("{selector}", "k=rsa; p={public_key}", "ZeptoMail", _NOT_VERIFIED),
        return_path(
            "{bounce}",
            "{cluster}.zeptomail.{dc}",
            _NOT_VERIFIED,
            "It answers for SPF; the SPF record of the domain itself stays as it is.",
        ),
        DMARC,
    ),
    steps=(
        "Choose here the data centre in which the account was opened.",
        "In ZeptoMail add the domain under Domains and connect it to a Mail Agent.",
        "Copy selector and key of the DKIM record here, check the bounce subdomain and cluster, "
        "and publish the records.",
        "Let ZeptoMail verify the domain.",
        "Open the Mail Agent and enter its Send Mail token as the password.",
    ),
    pitfalls=(
        "Only transactional mail is allowed; newsletters may get the account closed.",
        "At Cloudflare set the bounce CNAME record to DNS only.",
        "A token of one data centre is refused by all others, as if it were mistyped.",
        "No SPF include is needed at the domain: the bounce record answers for SPF.",
    ),
    errors=(
        KnownError(
            "535 Authentication Failed",
            "The token is of another data centre, or the user name is not emailapikey.",
            "Use emailapikey, a valid token and the host of the account's data centre.",
        ),
        KnownError(
            "SERR_157 Invalid API Token found",
            "The token is of another data centre than the host.",
            "Choose the data centre in which the token was made.",
        ),
        KnownError(
            "553 Relaying disallowed as noreply@example.com",
            "The domain of the From address is not verified in the Mail Agent.",
            "Verify the domain and connect it to the Mail Agent of the token.",
            source=Source(
                "https://www.zoho.com/zeptomail/help/api/smtp-error-codes.html", "2026-10"
            ),
        ),
    ),
    shapes=(
        Shape(
            "zeptomail.password-prefix",
            "password",
            r"zoho-enczapikey\b.*",
            (
                "The word Zoho-enczapikey belongs to calls of the API. Over SMTP the password is "
                "the Send Mail token alone."
            ),
            wanted=False,
        ),
    ),
    fixed_username="emailapikey",
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        Source("https://www.zoho.com/zeptomail/help/domains.html", "2026-10"),
        Source("https://www.zoho.com/zeptomail/help/api/smtp-error-codes.html", "2026-10"),
    ),
)
