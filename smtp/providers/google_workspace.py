"""Google Workspace: app passwords as at Gmail; signing with DKIM has to be started by hand."""

from dataclasses import replace

from smtp.providers.base import (
    Category,
    Confidence,
    Input,
    KnownError,
    Limit,
    Provider,
    RecordTemplate,
    Source,
)
from smtp.providers.gmail import app_password
from smtp.providers.parts import (
    DMARC,
    DMARC_REPORTS,
    DOMAIN_CONNECT,
    NODEMAILER,
    PUBLIC_KEY,
    RUA,
    SELECTOR,
    dkim_key,
    full_address,
    may_receive,
    ownership,
    spf,
    starttls,
    tls,
)

_PORTS = (*starttls(587), *tls(465))
_DOCS = "https://support.google.com/a/answer/176600"
SPF = "include:_spf.google.com"


def _mail_server(host: str, priority: int, shape: str) -> RecordTemplate:
    note = "Only if mailboxes at Google are to receive the domain's mail."
    return replace(may_receive(host, priority, "Google", note), when={"mx": (shape,)})


# What a domain of Google Workspace asks for and publishes, whichever host it sends through.
INPUTS = (
    Input(
        name="token",
        label="Verification code",
        help=(
            "What follows google-site-verification= in the record the Admin console shows while "
            "you add the domain. Leave it empty if the domain is verified already."
        ),
        required=False,
        pattern=r"[A-Za-z0-9_-]+",
    ),
    Input(
        name="mx",
        label="Incoming mail",
        help="Choose a set only if Google is to receive the domain's mail and does not do so yet.",
        choices=("none", "new", "classic"),
        labels={
            "none": "Received elsewhere, or set up already",
            "new": "At Google, one record",
            "classic": "At Google, the five records of older domains",
        },
        default="none",
    ),
    replace(
        SELECTOR,
        label="Prefix selector (DKIM)",
        help="The part before ._domainkey in the name of the DKIM record; Google suggests google.",
        default="google",
    ),
    replace(PUBLIC_KEY, label="TXT record value (DKIM)"),
    RUA,
)
RECIPE = (
    ownership(
        "google-site-verification={token}",
        "Google",
        "A new domain stays unverified in the Workspace and cannot be used for mail.",
        "Several such records may stand side by side; leave those of others in place.",
    ),
    replace(
        _mail_server("smtp.google.com", 1, "new"),
        note="The only MX record of a domain set up since 2023; the older five work as well.",
    ),
    _mail_server("aspmx.l.google.com", 1, "classic"),
    _mail_server("alt1.aspmx.l.google.com", 5, "classic"),
    _mail_server("alt2.aspmx.l.google.com", 5, "classic"),
    _mail_server("alt3.aspmx.l.google.com", 10, "classic"),
    _mail_server("alt4.aspmx.l.google.com", 10, "classic"),
    replace(
        spf(SPF, "Google"),
        note="It used to cost four of the ten look-ups SPF allows; Relaydesk counts them anew.",
    ),
    dkim_key(
        "{selector}",
        "v=DKIM1; k=rsa; p={public_key}",
        "Google",
        "Google cannot sign as your domain, and DMARC depends on SPF alone.",
        "After publishing it, press “Start authentication” in the Admin console: before that "
        "nothing is signed with it. The key has 2048 or 1024 bits.",
    ),
    DMARC_REPORTS,
    DMARC,  # the same without an address for reports
)

PROVIDER = Provider(
    slug="google-workspace",
    name="Google Workspace",
    summary="A company mailbox at Google, used for sending. The Workspace relay allows more mail.",
    host="smtp.gmail.com",
    ports=_PORTS,
    recommended=_PORTS[0],
    category=Category.MAILBOX,
    aliases=("gsuite", "g-suite", "google-apps", "google", "gmail-business"),
    username="The full address of the Workspace user, such as anna@example.com.",
    password=(  # noqa: S106 - the rule in words
        "An app password of 16 letters, if the administrator of the Workspace allows them. Not the "
        "password of the account."
    ),
    sender=(
        "The mailbox, one of its aliases, or an address confirmed under “Send mail as”. Google "
        "rewrites any other From to the mailbox."
    ),
    limits=(
        Limit("2,000 messages a day for each user.", year="2026"),
        Limit("500 messages a day while the Workspace is on trial.", year="2026"),
    ),
    inputs=INPUTS,
    recipe=RECIPE,
    steps=(
        "Add the domain in the Admin console and verify it, with the record shown here if need be.",
        "Generate a DKIM key for the domain in the Admin console and copy it here.",
        "Publish the records shown, then press “Start authentication” for the key.",
        "Check that app passwords are allowed for the user and that 2-Step Verification is on.",
        "Make an app password for the user and enter it with the full address.",
    ),
    pitfalls=(
        "A DKIM key that is published but never started signs nothing.",
        "include:aspmx.googlemail.com beside include:_spf.google.com says the same twice and "
        "costs look-ups; keep only the latter.",
        "Another From address is replaced without an error; look at a mail that has arrived.",
        "Google also accepts OAuth 2.0 (XOAUTH2); Relaydesk logs in with the app password.",
    ),
    errors=(
        KnownError(
            "535-5.7.8 Username and Password not accepted",
            "The password is that of the account, or the administrator has switched app passwords "
            "off.",
            "Make an app password for the user; if there is no page for it, ask the administrator.",
        ),
        KnownError(
            "550 5.4.5 Daily user sending limit exceeded",
            "The user has sent as much as is allowed in 24 hours.",
            "Wait 24 hours, or send through the Google Workspace SMTP relay.",
        ),
    ),
    shapes=(
        full_address("google-workspace", "Google", "a Workspace user"),
        app_password("google-workspace"),
    ),
    sender_is_login=True,
    replaced={"include:aspmx.googlemail.com": SPF},
    domain_connect=("google.com/gmail-setup", "google.com/domain-verification"),
    docs=_DOCS,
    activity=Source(
        "https://support.google.com/a/answer/2604578",
        "2026-11",
        Confidence.MEDIUM,
        "Other pages name this one; it was not read itself.",
    ),
    source=Source(_DOCS, "2026-10"),
    further_sources=(DOMAIN_CONNECT, NODEMAILER),
)
