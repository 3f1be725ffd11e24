"""Parts that many provider pages share: ports, inputs, records, rules and sources."""

from dataclasses import replace

from smtp.outcome import Security
from smtp.providers.base import Input, Match, Port, Purpose, RecordTemplate, Shape, Source

KEY = r"[A-Za-z0-9+/]+={0,2}"
SELECTOR_PATTERN = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?"
# One label of a host name, such as the part before the domain.
LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
# No top-level domain is a number, so that an address is no host name.
HOST = rf"(?:{LABEL}\.)+(?:[A-Za-z]{{2,24}}|[Xx][Nn]--[A-Za-z0-9-]{{1,59}})"
UUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
ADDRESS = r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+"

NODEMAILER = Source(
    "https://github.com/nodemailer/nodemailer/blob/master/lib/well-known/services.json", "2026-10"
)
DOMAIN_CONNECT = Source("https://github.com/Domain-Connect/Templates", "2026-10")
FUSIONAUTH = Source(
    "https://fusionauth.io/docs/customize/email-and-messages/configure-email", "2026-10"
)

PUBLIC_KEY = Input(
    name="public_key",
    label="DKIM public key",
    help="What follows p= in the DKIM record; the whole record may be pasted.",
    pattern=KEY,
    multiline=True,
)
SELECTOR = Input(
    name="selector",
    label="DKIM selector",
    help=(
        "The part before ._domainkey in the name of the DKIM record. "
        "Leave it empty if you paste the whole record below."
    ),
    pattern=SELECTOR_PATTERN,
)
RUA = Input(
    name="rua",
    label="Address for DMARC reports",
    help="A mailbox that can take daily reports from receivers.",
    required=False,
    # What needs no encoding in the mailto address of a tag list (RFC 6068 section 2).
    pattern=rf"[A-Za-z0-9._~+=%*-]+@{HOST}",
)
RETURN_PATH = Input(
    name="return_path",
    label="Return-path subdomain",
    help=(
        "Only the part before your domain, such as bounces. "
        "Leave it empty if none is set in the console."
    ),
    required=False,
    pattern=LABEL,
)
TRACKING = Input(
    name="tracking",
    label="Tracking subdomain",
    help=(
        "Only the part before your domain, such as links. "
        "Leave it empty if none is set in the console."
    ),
    required=False,
    pattern=LABEL,
)
INBOUND = Input(
    name="inbound",
    label="Subdomain for incoming mail",
    help=(
        "Only the part before your domain, such as in; @ means all mail of the domain itself. "
        "Leave it empty if nothing is to be received here."
    ),
    required=False,
    pattern=rf"@|{LABEL}",
)
DMARC = RecordTemplate(
    purpose=Purpose.DMARC,
    type="TXT",
    host="_dmarc",
    value="v=DMARC1; p=none;",
    match=Match.DMARC,
    required=False,
    why="Tells receivers what to do with mail that only claims to be yours.",
    without="Gmail, Yahoo and others may refuse bulk mail, and forgeries may be delivered.",
)
DMARC_REPORTS = replace(
    DMARC,
    value="v=DMARC1; p=none; rua=mailto:{rua}",
    why="Tells receivers what to do with mail that only claims to be yours, and asks for reports.",
    without="Gmail, Yahoo and others may refuse bulk mail, and nobody reports forgeries.",
)


def starttls(*numbers: int) -> tuple[Port, ...]:
    """Return ports that switch to encryption with STARTTLS."""
    return tuple(Port(number, Security.STARTTLS) for number in numbers)


def tls(*numbers: int) -> tuple[Port, ...]:
    """Return ports that are encrypted from the first octet."""
    return tuple(Port(number, Security.TLS) for number in numbers)


def expected(code: str, field: str, pattern: str, message: str) -> Shape:
    """Return a rule that warns when a value of this field looks otherwise."""
    return Shape(code, field, pattern, message)


def never(code: str, field: str, pattern: str, message: str) -> Shape:
    """Return a rule that refuses a value which can never be right in this field."""
    return Shape(code, field, pattern, message, wanted=False, blocking=True)


def full_address(page: str, name: str, owner: str = "the mailbox") -> Shape:
    """Return the rule that the service `name` logs in with the full address of `owner`."""
    return expected(
        f"{page}.username-address",
        "username",
        ADDRESS,
        f"{name} logs in with the full address of {owner}, such as info@example.com.",
    )


def not_an_address(page: str, message: str) -> Shape:
    """Return the rule that the user name is never an e-mail address."""
    return never(f"{page}.username-is-address", "username", r"[^@]+@[^@]+", message)


def ownership(value: str, name: str, without: str, note: str = "") -> RecordTemplate:
    """Return the TXT record at the domain that shows the service `name` whose it is."""
    return RecordTemplate(
        purpose=Purpose.CHALLENGE,
        type="TXT",
        host="@",
        value=value,
        match=Match.EXACT,
        why=f"Proves to {name} that the domain is yours.",
        without=without,
        note=note,
    )


def spf(mechanism: str, name: str, end: str = "~all") -> RecordTemplate:
    """Return the SPF record at the domain that names the service `name` (RFC 7208)."""
    return RecordTemplate(
        purpose=Purpose.SPF,
        type="TXT",
        host="@",
        value=f"v=spf1 {mechanism} {end}",
        match=Match.SPF,
        mechanisms=(mechanism,),
        why=f"Names {name} as a permitted sender of the domain.",
        without="SPF fails for your mail, and receivers may refuse it or treat it as spam.",
        note="If the domain already has an SPF record, extend that one: a second would break both.",
    )


def dkim_key(host: str, value: str, name: str, without: str, note: str = "") -> RecordTemplate:
    """Return the TXT record with the DKIM key of the service `name` (RFC 6376)."""
    return RecordTemplate(
        purpose=Purpose.DKIM,
        type="TXT",
        host=f"{host}._domainkey",
        value=value,
        match=Match.DKIM_KEY,
        why=f"Holds the public key with which receivers check the signatures of {name}.",
        without=without,
        note=note,
    )


def dkim_alias(host: str, value: str, name: str, without: str, note: str = "") -> RecordTemplate:
    """Return a CNAME record that leads to a DKIM key which the service `name` looks after."""
    return RecordTemplate(
        purpose=Purpose.DKIM,
        type="CNAME",
        host=f"{host}._domainkey",
        value=value,
        match=Match.CNAME,
        why=f"Leads to the public key of {name}, which {name} can then renew by itself.",
        without=without,
        note=note,
    )


def return_path(host: str, value: str, without: str, note: str = "") -> RecordTemplate:
    """Return the CNAME record that puts bounces under the own domain."""
    return RecordTemplate(
        purpose=Purpose.RETURN_PATH,
        type="CNAME",
        host=host,
        value=value,
        match=Match.CNAME,
        why="Puts bounces under your own domain, so that SPF aligns for DMARC.",
        without=without,
        note=note,
    )


def tracking(value: str, name: str, note: str = "") -> RecordTemplate:
    """Return the CNAME record that puts the tracked links of `name` under the own domain."""
    return RecordTemplate(
        purpose=Purpose.TRACKING,
        type="CNAME",
        host="{tracking}",
        value=value,
        match=Match.CNAME,
        required=False,
        why="Puts tracked links under your own domain.",
        without=f"Tracked links show a domain of {name}.",
        note=note,
    )


def mail_server(host: str, priority: int, name: str, note: str = "") -> RecordTemplate:
    """Return an MX record of a domain whose mailboxes are at the service `name`."""
    return RecordTemplate(
        purpose=Purpose.MX,
        type="MX",
        host="@",
        value=host,
        match=Match.MX,
        priority=priority,
        why=f"Brings the domain's mail, replies and bounces included, to {name}.",
        without=f"Mail for the domain may not arrive at {name}.",
        note=note,
    )


def may_receive(host: str, priority: int, name: str, note: str) -> RecordTemplate:
    """Return an MX record for the case that `name` receives the domain's mail as well."""
    return replace(
        mail_server(host, priority, name, note),
        required=False,
        optional=True,
        without=f"{name} receives nothing; sending is not affected.",
    )


def inbound(value: str, name: str, note: str = "") -> RecordTemplate:
    """Return the MX record with which the service `name` receives mail for a subdomain."""
    return replace(
        may_receive(value, 10, name, note),
        host="{inbound}",
        optional=False,
        why=f"Lets {name} receive the mail for this name.",
    )


def discovery(label: str, target: str) -> RecordTemplate:
    """Return a CNAME record, autodiscover or autoconfig, in which mail programs look."""
    return RecordTemplate(
        purpose=Purpose.CLIENT,
        type="CNAME",
        host=label,
        value=target,
        match=Match.CNAME,
        required=False,
        optional=True,
        why="Lets mail programs find the settings of a mailbox by its address.",
        without="People type the settings by hand; sending from here is not affected.",
    )
