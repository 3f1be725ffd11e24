"""Mailchimp Transactional: any user name, an API key as password; DKIM and DMARC are required."""

from dataclasses import replace

from smtp.providers.base import (
    Input,
    KnownError,
    Limit,
    Provider,
    RecordTemplate,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    FUSIONAUTH,
    PUBLIC_KEY,
    RETURN_PATH,
    TRACKING,
    dkim_alias,
    dkim_key,
    never,
    ownership,
    return_path,
    starttls,
    tls,
    tracking,
)

_DOCS = "https://mailchimp.com/developer/transactional/docs/authentication-delivery/"
_BY_RECORD = {"ownership": ("txt",)}
_NOT_SENT = "Mail is accepted and then rejected as unsigned, or sent under mandrillapp.com."


def _alias(number: int) -> RecordTemplate:
    target = f"dkim{number}.mandrillapp.com"
    note = "One of two. The target is the same for every account."
    return dkim_alias(f"mte{number}", target, "Mailchimp", _NOT_SENT, note)


PROVIDER = Provider(
    slug="mailchimp-transactional",
    name="Mailchimp Transactional (Mandrill)",
    summary="The transactional side of Mailchimp, sent through Mandrill; a paid add-on.",
    host="smtp.mandrillapp.com",
    ports=(*starttls(587, 25, 2525), *tls(465)),
    recommended=starttls(587)[0],
    aliases=("mandrill", "mailchimp", "mandrillapp"),
    username="Any text that is not empty; Mailchimp suggests the account's main e-mail address.",
    password=(  # noqa: S106 - the rule in words
        "An API key of Mailchimp Transactional. Not the password of the Mailchimp account, and "
        "not a Marketing API key, which ends in -us and a number."
    ),
    sender=(
        "Any address of a domain with proven ownership, DKIM and DMARC. Since March 2024 mail "
        "from any other is rejected, or sent from a subdomain of mandrillapp.com."
    ),
    sandbox=(
        "A demo account sends only to its own verified domains. Approval is strict, and an account "
        "may be refused."
    ),
    limits=(
        Limit("An hourly quota that grows and shrinks with the account's reputation.", year="2024"),
    ),
    inputs=(
        Input(
            name="ownership",
            label="Proof of ownership",
            help="Either a TXT record, or a link mailed to an address of the domain.",
            choices=("txt", "email"),
            labels={"txt": "TXT record", "email": "Link in a mail"},
            default="txt",
        ),
        Input(
            name="token",
            label="Domain verification code",
            help="What follows mandrill_verify. in the record the console shows.",
            pattern=r"[A-Za-z0-9_=-]+",
            when=_BY_RECORD,
        ),
        replace(RETURN_PATH, label="Return-path domain"),
        replace(TRACKING, label="Tracking domain"),
        replace(
            PUBLIC_KEY,
            label="Old DKIM public key",
            help="Only for a key from before 2024 at mandrill._domainkey: what follows p= there.",
            required=False,
        ),
    ),
    recipe=(
        _alias(1),
        _alias(2),
        replace(DMARC, value="v=DMARC1; p=none", required=True, without=_NOT_SENT),
        replace(
            ownership("mandrill_verify.{token}", "Mailchimp", _NOT_SENT),
            note="Each account has a code of its own; several records may stand side by side.",
            when=_BY_RECORD,
        ),
        replace(
            dkim_key("mandrill", "v=DKIM1; k=rsa; p={public_key}", "Mailchimp", ""),
            required=False,
            optional=True,
            why="Holds the key that was used before 2024.",
            without="Nothing is lost if mte1 and mte2 are there.",
            note="It no longer suffices: the CNAME records mte1 and mte2 are needed as well.",
        ),
        replace(
            return_path(
                "{return_path}",
                "mandrillapp.com",
                "The return path is under mandrillapp.com, and DMARC depends on DKIM alone.",
            ),
            required=False,
            note="Switch it on in the console as well, or for single messages with a header.",
        ),
        tracking(
            "mandrillapp.com",
            "Mandrill",
            "A tracking domain can belong to one account only.",
        ),
    ),
    steps=(
        "In Mailchimp Transactional add the sending domain.",
        "Prove ownership with the TXT record, or with the link that is mailed to the domain.",
        "Publish the two DKIM records and a DMARC policy and let the console test them.",
        "Create an API key that may be used for SMTP and enter it as the password.",
        "Leave the demo mode before you write to other domains.",
    ),
    pitfalls=(
        "Includes of mcsv.net belong to Mailchimp Marketing and do nothing for this service.",
        "A 250 reply is no delivery yet: mail of a domain that is not set up is rejected later as "
        "unsigned.",
        "An SPF record is no longer asked for; include:spf.mandrillapp.com only costs a look-up.",
        "The key at mandrill._domainkey alone no longer suffices.",
        "Return path and tracking need a subdomain; the domain itself cannot be used.",
    ),
    errors=(
        KnownError(
            "535 5.7.8 Error: authentication failed",
            "The password is no API key of Mailchimp Transactional, or the key is tied to other "
            "IP addresses.",
            "Use an API key that allows SMTP from this server.",
        ),
        KnownError(
            "rejected: unsigned",
            "The sending domain is not authenticated.",
            "Publish mte1, mte2 and a DMARC policy, and prove ownership.",
        ),
    ),
    headers=(
        *("X-MC-Tags", "X-MC-Track", "X-MC-Subaccount"),
        *("X-MC-Metadata", "X-MC-ReturnPathDomain"),
    ),
    shapes=(
        never(
            "mailchimp-transactional.password-marketing-key",
            "password",
            r"[0-9a-f]{32}-us[0-9]+",
            (
                "This is a key of Mailchimp Marketing, which is refused here. "
                "Create a key in Mailchimp Transactional."
            ),
        ),
    ),
    unneeded=("include:spf.mandrillapp.com",),
    bounces="mandrillapp.com",
    docs=_DOCS,
    suppressions=Source(
        "https://mailchimp.com/developer/transactional/docs/reputation-rejections/", "2026-11"
    ),
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        Source("https://mandrill.zendesk.com/hc/en-us/articles/360038797994", "2026-10"),
        FUSIONAUTH,
    ),
)
