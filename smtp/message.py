"""Writes test mails and notices: messages that every hop accepts and that can be found again."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from html import escape
from typing import Any

import idna

from smtp.headers import ENCODED_WORD

LINE_LIMIT = 998  # RFC 5322 section 2.1.1, without the line end
TOKEN_HEADER = "X-Relaydesk-Token"  # noqa: S105 - a mark for searching, not a secret

# Everything that some mail program takes for a line end, and the other control characters.
UNWANTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
HEADER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
UNFOLDED = re.compile(rb"\r\n(?![ \t])")  # RFC 5322 section 2.2.3: a fold goes on with a blank
STRAY_LINE_END = re.compile(rb"\r(?!\n)|(?<!\r)\n")
MESSAGE_ID = re.compile(r"<[^<>@\s]+@[^<>@\s]+>")
LOCAL_PART = re.compile(r"[!-~]+")  # a dot-atom or a quoted string without blanks
SPECIALS = frozenset('()<>[]:;@\\,"')  # RFC 5322 section 3.2.3


class SevenBit(EmailPolicy):
    """ASCII throughout with CRLF, so that neither 8BITMIME nor SMTPUTF8 is needed."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Write one header; an ASCII value without blanks to fold at stays in one line.

        The standard library would turn it into encoded words (RFC 2047), which services that
        expect JSON or a tag in a header of their own do not undo.
        """
        folded = super().fold_binary(name, value)
        text = str(value)
        if UNWANTED.search(text) or UNFOLDED.search(folded[:-2]):
            raise ValueError(f"A line break is not allowed in {name}.")
        if b"=?utf-8?" in folded and text.isascii():
            return f"{name}: {text}\r\n".encode("ascii")
        return folded


POLICY = SevenBit(linesep="\r\n", cte_type="7bit")


def ascii_address(address: str) -> str:
    """Return the address as it goes on the wire: ASCII, the domain as A-labels.

    Raises `ValueError` for anything that is not one plain address, and for a local part that
    only SMTPUTF8 (RFC 6531) could carry.
    """
    local, _, domain = address.rpartition("@")
    if not LOCAL_PART.fullmatch(local) or SPECIALS.intersection(local):
        raise ValueError(f"“{address[:80]}” is not a plain e-mail address.")
    try:
        name = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except UnicodeError as error:  # idna.IDNAError is one
        raise ValueError(f"“{domain[:80]}” is not a valid domain.") from error
    if not re.fullmatch(r"[A-Za-z0-9_.-]+", name):
        raise ValueError(f"“{domain[:80]}” is not a valid domain.")
    return f"{local}@{name}"


def domain_of(address: str) -> str:
    """Return the domain of an address, in lower case and as A-labels if it has any."""
    with suppress(ValueError):  # a domain that cannot be one stays as it is
        address = ascii_address(address)
    return address.rpartition("@")[2].lower()


@dataclass(frozen=True)
class Head:
    """What stands at the top of every mail but its subject.

    `date` must know its time zone; `message_id` stands in angle brackets.
    """

    sender: str
    sender_name: str
    recipient: str
    reply_to: str
    message_id: str
    date: dt.datetime
    extra_headers: Sequence[tuple[str, str]] = ()


def compose(head: Head, *, setting_name: str, tenant_name: str, token: str) -> bytes:
    """Return the test mail, ready for DATA: ASCII, CRLF, no line over 998 octets.

    `token` marks the mail in the subject, in the body and in a header. Raises `ValueError` for line
    breaks and other control characters wherever they are, and for an extra header that is set
    already.
    """
    for text in (setting_name, tenant_name, token):
        _refuse_control_characters(text)
    mail = _begun(head)
    mail["Subject"] = f"Test mail from Relaydesk through {setting_name} ({token})"
    mail[TOKEN_HEADER] = token
    _add_extra(mail, head.extra_headers)
    _add_body(mail, _sentences(setting_name, tenant_name, head.date, token))
    return _checked(mail.as_bytes())


def compose_notice(head: Head, *, subject: str, text: str) -> bytes:
    """Return a mail of plain text with this subject, otherwise as `compose` does.

    Subject and text may hold what others have written, such as names and DNS values: control
    characters in the subject become blanks, those in the text but line ends are left out.
    """
    mail = _begun(head)
    mail["Subject"] = _harmless(subject)
    _add_extra(mail, head.extra_headers)
    lines = (UNWANTED.sub("", line) for line in text.splitlines())
    mail.set_content("\n".join(lines) + "\n")
    return _checked(mail.as_bytes())


def _begun(head: Head) -> EmailMessage:
    """Return a mail with everything that stands in its head but the subject."""
    for text in (head.sender_name, head.message_id):
        _refuse_control_characters(text)
    if not MESSAGE_ID.fullmatch(head.message_id):
        raise ValueError("The Message-ID must stand in angle brackets and hold one @.")
    if head.date.tzinfo is None:
        raise ValueError("The date must know its time zone.")
    mail = EmailMessage(POLICY)
    mail["From"] = _mailbox(head.sender, head.sender_name)
    mail["To"] = _mailbox(head.recipient)
    if head.reply_to:
        mail["Reply-To"] = _mailbox(head.reply_to)
    mail["Date"] = format_datetime(head.date)
    mail["Message-ID"] = f"<{ascii_address(head.message_id[1:-1])}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation replies
    return mail


def _harmless(text: str) -> str:
    """Return a text that is one line, and that no mail program decodes into anything else."""
    return UNWANTED.sub(" ", text).replace("=?", "= ?")


def _refuse_control_characters(text: str) -> None:
    if UNWANTED.search(text):
        raise ValueError("A line break or another control character is not allowed in a mail.")
    if ENCODED_WORD.search(text):  # the standard library would decode it, line breaks and all
        raise ValueError("A text of the form =?…?= is not allowed in a mail.")


def _mailbox(address: str, name: str = "") -> Address:
    local, _, domain = ascii_address(address).rpartition("@")
    return Address(name, local, domain)


def _add_extra(mail: EmailMessage, extra_headers: Iterable[tuple[str, str]]) -> None:
    """Add headers that `smtp.headers` has checked; what would harm the mail is refused again."""
    for name, value in extra_headers:
        _refuse_control_characters(value)
        if not HEADER_NAME.fullmatch(name):
            raise ValueError("A header's name has only letters, digits and hyphens.")
        if name in mail or name.lower() in {"cc", "bcc", "sender", "mime-version"}:
            raise ValueError(f"{name} cannot be set by an extra header.")
        if name.lower().startswith(("content-", "resent-")):
            raise ValueError(f"{name} cannot be set by an extra header.")
        mail[name] = value


def _sentences(setting: str, tenant: str, date: dt.datetime, token: str) -> list[str]:
    return [
        "This is a test mail from Relaydesk.",
        f"It was sent through the setting “{setting}” of {tenant}. That you can read it proves "
        "that this setting works.",
        f"Sent: {date.astimezone(dt.UTC):%d %B %Y, %H:%M:%S} UTC",
        f"To find it again, search for: {token}",
        "Nobody needs to answer this mail.",
    ]


def _add_body(mail: EmailMessage, sentences: list[str]) -> None:
    mail.set_content("\n\n".join(sentences) + "\n")
    paragraphs = "\n".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    mail.add_alternative(
        f'<!doctype html>\n<html lang="en">\n<body>\n{paragraphs}\n</body>\n</html>\n',
        subtype="html",
    )


def _checked(data: bytes) -> bytes:
    """Return the data if every line ends as it should and fits."""
    if STRAY_LINE_END.search(data):
        raise ValueError("A line break is not allowed in a header of a mail.")
    if max(map(len, data.split(b"\r\n"))) > LINE_LIMIT:
        raise ValueError("A header is longer than one line of a mail may be (998 octets).")
    return data
