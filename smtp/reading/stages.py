"""Tells how far a conversation came, from the command that a text names."""

import re

from smtp.outcome import Stage
from smtp.reading.lines import COMMAND

# What libraries and servers write, most telling first.
_SIGNS = (
    (
        Stage.DATA,
        r"end of DATA|after DATA|end of data|SMTPDataError|EMESSAGE|command: '?DATA|finishData"
        r"|data not accepted|DATA(?: END)? command failed|MessageNotAccepted|in reply to DATA"
        r"|Message failed|failed after I sent the message",
    ),
    (
        Stage.RECIPIENT,
        r"reply to RCPT|after RCPT|reject: RCPT|SMTPRecipientsRefused|command: '?RCPT|RCPT TO:"
        r"|SMTPAddressFailed|recipients failed|RecipientNotAccepted|RcptTo|RCPT TO\b"
        r"|all recipients were rejected|RCPT failed|Invalid recipient"
        r"|\bRecipient address rejected|(?:issue|send) RCPT command|sending rcpt to\b"
        r"|does not like recipient",
    ),
    (
        Stage.AUTH,
        r"SMTPAuthenticationError|EAUTH|Authentication(?:Failed|Exception)|AUTH \w{1,12} failed"
        r"|Failed to authenticate|Could not authenticate|Password command failed|Invalid login"
        r"|AUTH command|command: '?AUTH|LOGIN failed|334 \w+|Authenticate(?:Async)?\(",
    ),
    (
        Stage.SENDER,
        r"reply to MAIL|after MAIL|reject: MAIL|SMTPSenderRefused|SMTPSenderFailed|command: '?MAIL"
        r"|MAIL FROM(?: command|:)|From address failed|SenderNotAccepted|MailFrom(?:Async)?\b"
        r"|during MAIL|Mail (?:command )?failed: ?\d|(?:issue|send) MAIL command"
        r"|but sender was rejected",
    ),
    (Stage.STARTTLS, r"reply to STARTTLS|after STARTTLS|command: '?STARTTLS|Cannot start TLS"),
    (
        Stage.EHLO,
        r"reply to (?:EHLO|HELO)|after (?:EHLO|HELO)|SMTPHeloError|command: '?(?:EHLO|HELO)"
        r"|HELO handshake|reject: (?:EHLO|HELO)|\bHELO command rejected",
    ),
    (
        Stage.GREETING,
        r"refused to talk|initial (?:connection|server greeting)|SMTPConnectError|reject: CONNECT"
        r"|greeting never received|Invalid greeting|NOQUEUE: reject: CONNECT"
        r"|bad greeting from SMTP host|SMTP host: .{1,200}, response: \d",
    ),
    (  # the functions that open a connection, in stack traces
        Stage.CONNECT,
        r"\bin create_connection|\bin _get_socket|sock\.connect\(|TCPConnectWrap|doConnect\("
        r"|establishSocketConnection|net\.(?:\(\*Dialer\)|Dial)|`(?:tcp_socket|tcpsocket|initialize)'",
    ),
)
_PATTERNS = tuple((stage, re.compile(signs, re.IGNORECASE)) for stage, signs in _SIGNS)
COMMANDS = {
    "EHLO": Stage.EHLO,
    "HELO": Stage.EHLO,
    "STARTTLS": Stage.STARTTLS,
    "AUTH": Stage.AUTH,
    "MAIL FROM": Stage.SENDER,
    "RCPT TO": Stage.RECIPIENT,
    "DATA": Stage.DATA,
}
_NEAR = 4  # lines between a command and its reply


def stage_of(lines: list[str], first: int, end: int) -> Stage | None:
    """Return the stage at which the lines from `first` up to `end` were said.

    What stands beside the refusal counts more than the last command before it, and that more than
    what the rest of the text names.
    """
    beside = "\n".join(lines[first : end + 1])
    return (
        _named(beside)
        or _commanded(lines[max(first - _NEAR, 0) : first])
        or _named("\n".join(lines))
    )


def _named(text: str) -> Stage | None:
    return next((stage for stage, pattern in _PATTERNS if pattern.search(text)), None)


def _commanded(before: list[str]) -> Stage | None:
    for line in reversed(before):
        match = COMMAND.match(line)
        if match:
            return COMMANDS[match[match.lastindex or 0].upper()]
    return None
