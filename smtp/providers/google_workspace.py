"""Google Workspace: app passwords as at Gmail; signing with DKIM has to be started by hand."""

from dataclasses import replace

from smtp.providers.base import (
    Category,
    Input,
    KnownError,
    Limit,
    Match,
    Provider,
    Purpose,
    RecordTemplate,
    Shape,
    Source,
)
from smtp.providers.gmail import app_password
from smtp.providers.parts import (
    DMARC,
    DMARC_REPORTS,
    PUBLIC_KEY,
    RUA,
    SELECTOR,
    expected,
    inbound,
    starttls,
    tls,
)

_PORTS = (*starttls(587), *tls(465))
_DOCS = "https://support.google.com/a/answer/176600"
SPF = "include:_spf.google.com"


def _mail_server(host: str, priority: int, shape: str) -> RecordTemplate:
    return replace(
        inbound(host, "Google", "Only if mailboxes at Google are to receive the domain's mail."),
        host="@",
        priority=priority,
        optional=True,
        when={"mx": (shape,)},
    )


def full_address(slug: str) -> Shape:
    """Return the rule for the user name of everything in a Workspace that takes a login."""
    return expected(
        f"{slug}.username-shape",
        "username",
        r"[^@\s]+@[^@\s]+",
        "The user name is the full address of a Workspace user, with your domain after the @.",
    )


# What a domain of Google Workspace asks for and publishes, whichever host it sends through.
INPUTS = (
    Input(
        name="token",
        label="Verification token",
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
        help="The part before ._domainkey in the name of the DKIM record; Google suggests google.",
        default="google",
    ),
    PUBLIC_KEY,
    RUA,
)
RECIPE = (
    RecordTemplate(
        purpose=Purpose.CHALLENGE,
        type="TXT",
        host="@",
        value="google-site-verification={token}",
        match=Match.EXACT,
        why="Proves to Google that the domain is yours.",
        without="A new domain stays unverified in the Workspace and cannot be used for mail.",
        note="Several such records may stand side by side; leave those of others in place.",
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
    RecordTemplate(
        purpose=Purpose.SPF,
        type="TXT",
        host="@",
        value=f"v=spf1 {SPF} ~all",
        match=Match.SPF,
        mechanisms=(SPF,),
        why="Lets Google's servers send for the domain.",
        without="SPF fails for your mail, and receivers may treat it as spam.",
        note="It used to cost four of the ten look-ups SPF allows; this page counts them anew.",
    ),
    RecordTemplate(
        purpose=Purpose.DKIM,
        type="TXT",
        host="{selector}._domainkey",
        value="v=DKIM1; k=rsa; p={public_key}",
        match=Match.DKIM_KEY,
        why="Holds the key Google signs with.",
        without="Google cannot sign as your domain, and DMARC rests on SPF alone.",
        note=(
            "A key of 2048 or 1024 bits. After publishing it, press “Start authentication” in the "
            "Admin console: before that nothing is signed with it."
        ),
    ),
    DMARC_REPORTS,
    DMARC,  # the same without an address for reports
)

PROVIDER = Provider(
    slug="google-workspace",
    name="Google Workspace",
    summary="A company mailbox at Google, used for sending; the relay of the Workspace takes more.",
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
        "See that app passwords are allowed for the user and that its 2-Step Verification is on.",
        "Make an app password for the user and enter it with the full address.",
    ),
    pitfalls=(
        "A DKIM key that is published but never started signs nothing.",
        "include:aspmx.googlemail.com beside include:_spf.google.com says the same twice and "
        "costs look-ups.",
        "Another From address is replaced without an error; look at a mail that has arrived.",
        "The service also takes OAuth 2.0 (XOAUTH2); Relaydesk logs in with the app password.",
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
            "The user has sent as much as one may in 24 hours.",
            "Wait 24 hours, or send through the relay of the Workspace.",
        ),
    ),
    shapes=(full_address("google-workspace"), app_password("google-workspace")),
    sender_is_login=True,
    replaced={"include:aspmx.googlemail.com": SPF},
    domain_connect=("google.com/gmail-setup", "google.com/domain-verification"),
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        Source("https://github.com/Domain-Connect/Templates", "2026-10"),
        Source(
            "https://github.com/nodemailer/nodemailer/blob/master/lib/well-known/services.json",
            "2026-10",
        ),
    ),
)
