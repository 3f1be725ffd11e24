"""A pasted text as lines: bounded, printable, without what only surrounds a failure."""

import re
from html import unescape

from smtp.masking import Mask

LOOKED_AT = 64 * 1024  # characters; of a longer text the beginning and the end
_LONGEST = 1000  # characters of one line; what is longer becomes several
_PRINTABLE = Mask(())

# What programs write in place of an end of line: JSON and reprs, and debug output as a web page.
_BREAKS = re.compile(r"\r\n?|(?:\\r)?\\n|\\r|<br ?/?>")
_TABS = re.compile(r"\t|\\t")
_QUOTED_PRINTABLE = re.compile(r"quoted-printable", re.IGNORECASE)  # RFC 2045 section 6.7

_FRAME = re.compile(
    r"""\s*(?:
        at\ [\w.$<>/:`\[\]+ ]{1,200}[(\[]      # Java, JavaScript, .NET
      | at\ .{1,200}:(?:line\ )?\d+            # JavaScript and .NET without parentheses
      | (?:bei|à|em|en|in)\ [\w.$<>`]{3,200}\( # .NET in other languages
      | File\ ".{1,200}",\ line\ \d
      | \#\d{1,3}\ (?!\d\.)                    # PHP
      | (?:from\ )?/?[\w@.+/-]{1,200}\.rb:\d+:in\b
      | \S{1,200}\.go:\d+\b(?!:)
      | \.\.\.\ \d+\ (?:more|common)
      | goroutine\ \d
    )""",
    re.VERBOSE,
)
# Fields of RFC 5322 and RFC 3464 that say nothing about the cause.
_HEADER = re.compile(
    r"""(?:
        Received|Return-Path|Delivered-To|DKIM-Signature|ARC-[\w-]{1,40}|Authentication-Results
      | Message-ID|Date|From|To|Cc|Sender|Reply-To|Subject|MIME-Version|Content-[\w-]{1,40}
      | References|In-Reply-To|List-[\w-]{1,40}|Feedback-ID|User-Agent|X-[\w-]{1,60}
      | Received-SPF|DomainKey-Signature|Auto-Submitted|Precedence|Envelope-to|Delivery-date
      | Thread-[\w-]{1,20}|Importance|Accept-Language|Organi[sz]ation|Errors-To|Newsgroups|Path
      | Reporting-MTA|Received-From-MTA|Arrival-Date|Last-Attempt-Date|Will-Retry-Until
      | Original-Recipient|Final-Recipient|Original-Envelope-Id|Action
    )\ ?:|--\S{10,100}$""",
    re.VERBOSE | re.IGNORECASE,
)
_SERVER = r"(?:S|<{1,3}|<-|SMTP<<|Recv|Out|SERVER -> CLIENT|FROM SERVER)"
_CLIENT = r"(?:C|>{1,3}|->|SMTP>>|Send|In|CLIENT -> SERVER|Sent|-->)"
_LEAD = r"(?:\[?[\w .,:/+-]{0,60}\]?:?\s)?"
_CONSENT = re.compile(rf"(?:{_LEAD}{_SERVER}\s?:?\s?)?[\"']?[23]\d\d[- ]")
COMMAND = re.compile(
    rf"(?:{_LEAD}{_CLIENT}\s?:?\s)?[\"']?(?:(MAIL FROM|RCPT TO):.{{0,400}}|(EHLO|HELO) \S{{1,255}}"
    r"|(AUTH)(?: [A-Z0-9-]{3,20}){1,2}.{0,20}|(STARTTLS|DATA))[\"'\s]{0,3}$",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"\b[45]\d\d\b")
_SIGNAL = re.compile(
    r"""[45]\d\d[- ]|[45]\.\d{1,2}\.\d|err(?:or|no)|exception|caused\ by|fail|fatal|warn
      | refus|den(?:y|ied)|reject|block|time|expired|invalid|unknown|unable|could\ not|cannot
      | not\ |n't\ |certificate|ssl|tls|limit|quota|said|status""",
    re.VERBOSE | re.IGNORECASE,
)
# Where a bounce goes on with the message that could not be delivered.
_ORIGINAL = re.compile(
    r"Content-Type: ?(?:message/(?:rfc822|global)|text/rfc822-headers)"
    r"|-{3,}.{0,20}(?:below this line|original (?:message|mail)|undelivered message follows"
    r"|(?:unsent|returned|the) (?:message|mail|header))",
    re.IGNORECASE,
)
_FEW = 40  # lines that are all read, whatever stands in them


def split(text: str) -> list[str]:
    """Return the lines of a text that are not empty, of at most `LOOKED_AT` characters in all."""
    if len(text) > LOOKED_AT:
        half = LOOKED_AT // 2
        # The end begins with a whole word, so that no rest of a secret stands alone.
        end = text[-half:].split(maxsplit=1)[1:]
        text = "\n".join([text[:half], *end])
    plain = _TABS.sub(" ", _BREAKS.sub("\n", unescape(text)))
    if _QUOTED_PRINTABLE.search(plain):
        plain = plain.replace("=\n", "").replace("=3D", "=").replace("=20", " ")
    return [line.rstrip() for line in plain.split("\n") if line.strip()]


def printable(lines: list[str]) -> list[str]:
    """Return the lines without control characters; one that is endless becomes several."""
    pieces = (
        line[start : start + _LONGEST] for line in lines for start in range(0, len(line), _LONGEST)
    )
    return [_PRINTABLE.hide(piece, 10 * _LONGEST) for piece in pieces]


def telling(lines: list[str]) -> list[str]:
    """Return the lines that may name a cause.

    Stack frames, headers with what is folded into them, what the client sent and what the server
    consented to are left out; of a long text also every line that sounds harmless.
    """
    kept: list[str] = []
    in_header = False
    for line in lines:
        if kept and _ORIGINAL.match(line):
            break
        in_header = bool(_HEADER.match(line)) or (in_header and line.startswith(" "))
        if not in_header and not _is_noise(line):
            kept.append(line)
    if len(kept) <= _FEW:
        return kept
    near = [any(map(_SIGNAL.search, kept[max(at - 1, 0) : at + 1])) for at in range(len(kept))]
    return [line for line, is_near in zip(kept, near, strict=True) if is_near]


def _is_noise(line: str) -> bool:
    if _FRAME.match(line) or _CONSENT.match(line):
        return True
    return COMMAND.match(line) is not None and _REFUSED.search(line) is None
