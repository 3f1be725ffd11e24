"""MailerSend: an SMTP user made for a domain sends for every verified domain of the account."""

from dataclasses import replace

from smtp.providers.base import (
    Confidence,
    Input,
    KnownError,
    Limit,
    Match,
    Provider,
    Purpose,
    RecordTemplate,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    INBOUND,
    LABEL,
    TRACKING,
    expected,
    inbound,
    never,
    starttls,
    tracking,
)

_DOCS = "https://www.mailersend.com/help/smtp-relay"
_PORTS = starttls(587, 2525)
_SEEN = Source(
    "",
    "2026-09",
    Confidence.MEDIUM,
    "Seen in public zones of customers; no page of MailerSend's was found that describes it.",
)


def _dkim_alias(selector: str, *shapes: str, source: Source | None = None) -> RecordTemplate:
    return RecordTemplate(
        purpose=Purpose.DKIM,
        type="CNAME",
        host=f"{selector}._domainkey",
        value=f"{selector}._domainkey.mailersend.net",
        match=Match.CNAME,
        why="An alias to a key MailerSend signs with.",
        without="The domain is not verified and cannot send.",
        when={"dkim": shapes},
        source=source,
    )


PROVIDER = Provider(
    slug="mailersend",
    name="MailerSend",
    summary="Transactional mail from the makers of MailerLite.",
    host="smtp.mailersend.net",
    ports=_PORTS,
    recommended=_PORTS[0],
    aliases=("mailer send", "mlsend"),
    username=(
        "The generated name of an SMTP user, such as MS_a1b2c3@example.com. It cannot be changed "
        "and is good for every verified domain of the account."
    ),
    password=(  # noqa: S106 - the rule in words
        "The password made with that SMTP user; it can be reset. Not an API token and not the "
        "account password."
    ),
    sender=(
        "Any address of a verified domain, or of the trial domain. The user name looks like an "
        "address but is not meant as one."
    ),
    sandbox=(
        "A trial domain comes with the account. Until it is approved, mail goes to few recipients "
        "only."
    ),
    limits=(
        Limit("Trial domain: a small number of recipients and messages.", year="2026"),
        Limit(
            "Messages a connection and a minute are limited as well.",
            year="2026",
            source=Source(
                _DOCS, "2026-10", Confidence.MEDIUM, "The help page has the numbers; see there."
            ),
        ),
    ),
    inputs=(
        Input(
            name="dkim",
            label="DKIM records the console shows",
            help="New domains get ms1 and ms2. Older ones keep mlsend2 and may be asked for both.",
            choices=("ms", "mlsend2", "both"),
            labels={
                "ms": "CNAME at ms1 and ms2",
                "mlsend2": "CNAME at mlsend2 (older domains)",
                "both": "CNAME at ms1, ms2 and mlsend2",
            },
            default="ms",
        ),
        Input(
            name="return_path",
            label="Return-path subdomain",
            help="Only the part before your domain. MailerSend suggests mta.",
            default="mta",
            pattern=LABEL,
        ),
        replace(
            TRACKING,
            help=(
                "Only the part before your domain; MailerSend suggests email. "
                "Leave it empty without own tracking."
            ),
        ),
        INBOUND,
    ),
    recipe=(
        RecordTemplate(
            purpose=Purpose.SPF,
            type="TXT",
            host="@",
            value="v=spf1 include:_spf.mailersend.net ~all",
            match=Match.SPF,
            mechanisms=("include:_spf.mailersend.net",),
            why="Names MailerSend as a permitted sender.",
            without="The domain is not verified and cannot send.",
            note=(
                "If the domain already has an SPF record, put the include into that one. GoDaddy "
                "may put an include of its own in its place, with this one inside."
            ),
        ),
        _dkim_alias("ms1", "ms", "both", source=_SEEN),
        _dkim_alias("ms2", "ms", "both", source=_SEEN),
        _dkim_alias("mlsend2", "mlsend2", "both"),
        RecordTemplate(
            purpose=Purpose.RETURN_PATH,
            type="CNAME",
            host="{return_path}",
            value="mailersend.net",
            match=Match.CNAME,
            why="Brings bounces back to MailerSend under your own domain.",
            without="The domain is not verified and cannot send.",
        ),
        tracking("links.mailersend.net", "MailerSend"),
        DMARC,
        inbound("inbound.mailersend.net", "MailerSend", "For inbound routing only."),
    ),
    steps=(
        "In MailerSend add the domain and open its DNS records.",
        "Choose here the DKIM records the console shows and publish all records.",
        "Let MailerSend verify the domain.",
        "Open Domains, then Manage, go to SMTP and generate a new user.",
        "Enter its user name and password, and ask for approval if the account is on trial.",
    ),
    pitfalls=(
        "The include begins with an underscore: spf.mailersend.net, as some guides have it, is "
        "wrong.",
        "Connections need TLS 1.2 or newer since June 2024.",
        "There is no port 465.",
        "An SMTP user sends for all domains of the account: one leaked password exposes them all.",
        "When the console asks for ms1 and ms2, add them and keep mlsend2.",
    ),
    errors=(
        KnownError(
            "450 The given data was invalid",
            "MailerSend checked the message and refused it, such as for an unverified sender "
            "domain or an empty body. What follows says which.",
            "Read the rest of the reply; most often the domain has to be verified.",
        ),
        KnownError(
            "MS42225",
            "A trial account may write to few recipients only.",
            "Verify a domain and get the account approved.",
            source=Source(
                "",
                "2026-10",
                Confidence.MEDIUM,
                "Quoted by users of the service; no page of MailerSend's was found that lists it.",
            ),
        ),
    ),
    headers=("X-MailerSend-Tags",),
    shapes=(
        expected(
            "mailersend.username-shape",
            "username",
            r"MS_[^@\s]+@[^@\s]+",
            "An SMTP user of MailerSend looks like MS_a1b2c3@example.com. Check that it is whole.",
        ),
        never(
            "mailersend.password-api-token",
            "password",
            r"mlsn\..*",
            (
                "This is an API token, which is refused over SMTP. "
                "Use the password of the SMTP user."
            ),
        ),
    ),
    replaced={"include:spf.mailersend.net": "include:_spf.mailersend.net"},
    domain_connect=("mailersend.com/mailersend-email-new", "mailersend.com/mailersend-email"),
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        Source("https://developers.mailersend.com/smtp-relay", "2026-10"),
        Source("https://github.com/Domain-Connect/Templates", "2026-10"),
        Source(
            "https://fusionauth.io/docs/customize/email-and-messages/configure-email", "2026-10"
        ),
        _SEEN,
    ),
)
