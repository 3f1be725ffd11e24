"""Parts that many provider pages share: ports, inputs and records, to be adapted by each page."""

from smtp.outcome import Security
from smtp.providers.base import Input, Match, Port, Purpose, RecordTemplate, Shape

KEY = r"[A-Za-z0-9+/]+={0,2}"
SELECTOR_PATTERN = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?"
# One label of a host name, such as the part before the domain.
LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
HOST = rf"{LABEL}(?:\.{LABEL})+"
UUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"


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
    help="The part before ._domainkey in the name of the DKIM record.",
    pattern=SELECTOR_PATTERN,
)
RUA = Input(
    name="rua",
    label="Address for DMARC reports",
    help="A mailbox that can take daily reports from receivers.",
    required=False,
    pattern=r"[^\s@,;!]+@[^\s@,;!]+\.[^\s@,;!]+",
)
TRACKING = Input(
    name="tracking",
    label="Tracking subdomain",
    help="Only the part before your domain, such as links. Leave it empty without own tracking.",
    required=False,
    pattern=LABEL,
)
INBOUND = Input(
    name="inbound",
    label="Subdomain for incoming mail",
    help=(
        "Only the part before your domain, such as in; @ is the domain itself, all of its mail. "
        "Leave it empty if nothing is to be received."
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
    without="Gmail, Yahoo and others may refuse bulk mail, and forgeries stay without consequence.",
)
DMARC_REPORTS = RecordTemplate(
    purpose=Purpose.DMARC,
    type="TXT",
    host="_dmarc",
    value="v=DMARC1; p=none; rua=mailto:{rua}",
    match=Match.DMARC,
    required=False,
    why="Tells receivers what to do with mail that is not yours, and asks for reports.",
    without="Large mailboxes may refuse bulk mail, and nobody reports forgeries.",
)


def tracking(value: str, name: str, note: str = "") -> RecordTemplate:
    """Return the alias that puts the tracked links of the service `name` under the own domain."""
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


def inbound(value: str, name: str, note: str = "") -> RecordTemplate:
    """Return the mail server record with which the service `name` receives mail."""
    return RecordTemplate(
        purpose=Purpose.MX,
        type="MX",
        host="{inbound}",
        value=value,
        match=Match.MX,
        required=False,
        priority=10,
        why=f"Lets {name} receive the mail for this name.",
        without=f"{name} receives nothing; sending is not affected.",
        note=note,
    )
