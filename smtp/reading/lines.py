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
_UNTEXTUAL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffd]")
_COLOURS = re.compile(r"(?:\x1b|\\x1b|\\033|\\u001b)\[[\d;]{0,20}m")
_SOFT_BREAK = re.compile(r"(?<=[A-Za-z ])=\n(?=[a-z])")  # RFC 2045 section 6.7
_OCTETS = re.compile(r"(?:\\x[0-9a-fA-F]{2}){3,400}")  # text that Python showed as bytes
# Where the debug output of a PHP library lost its line ends.
_RUN_ON = re.compile(
    r"(?<=\S) (?=(?:CLIENT -> (?:SERVER|SMTP)|SERVER -> CLIENT|SMTP -> (?:FROM SERVER|ERROR))\s?:)"
)
# What a report of qmail is in its log: one word, with slashes where lines ended.
_ONE_WORD = re.compile(r"(?<=(?:failure|eferral): )[^\s_]{1,60}_\S{1,2000}")
_SLASH = re.compile(r"/(?=Remote host said|Giving up on|[45]\d\d[ -]|$)")
_QUOTE = re.compile(r" ?(?:>|\|) ?")
# A line that was broken between a reply code and what belongs to it.
_BROKEN_CODE = re.compile(r"(?<![\w.])([45]\d\d)\s{0,3}\n\s{0,8}(?=[45]\.\d{1,2}\.\d)")
# How the Rust library lettre prints a reply code: by the names of its three digits.
_NAMED_CODE = re.compile(
    r"severity: (?:Permanent|Transient)NegativeCompletion,\s{0,99}category: \w{1,20},"
    r"\s{0,99}detail: \w{1,9}"
)
_DIGITS = {
    **{"Transient": "4", "Permanent": "5"},
    **{"Syntax": "0", "Information": "1", "Connections": "2"},
    **{"Unspecified3": "3", "Unspecified4": "4", "MailSystem": "5"},
    **{"Zero": "0", "One": "1", "Two": "2", "Three": "3", "Four": "4"},
    **{"Five": "5", "Six": "6", "Seven": "7", "Eight": "8", "Nine": "9"},
}
_DIGIT = re.compile(r": (Permanent|Transient|\w+)")
_QUOTED_PRINTABLE = re.compile(r"quoted-printable", re.IGNORECASE)  # RFC 2045 section 6.7

_FRAME = re.compile(
    r"""\s*(?:
        at\ [\w.$<>/:`\[\]+\\ -]{1,200}[(\[]      # Java, JavaScript, .NET
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
    )\ ?:""",
    re.VERBOSE | re.IGNORECASE,
)
_BOUNDARY = re.compile(r"--\S{10,100}$")
SERVER = r"(?:S|<{1,3}|<-|SMTP<<|Recv|Out|SERVER -> CLIENT|(?:SMTP -> )?FROM SERVER|SMTP INBOUND)"
_ANSWERED = r"(?:hello|starttls|from|to|data|quit|reply)"  # what CodeIgniter and smtplib write
_CLIENT = r"(?:C|>{1,3}|->|SMTP>>|Send|In|CLIENT -> (?:SERVER|SMTP)|Sent|-->)"
_LEAD = r"(?:\[?[\w .,:/+-]{0,60}\]?:?\s)?"
_CONSENT = re.compile(rf"(?:{_LEAD}(?:{SERVER}|{_ANSWERED})\s?:?\s?)?(?:b?[\"'])?[23]\d\d[- ]")
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
# What stands in every answer of its kind, whatever the cause.
_WENT_WELL = re.compile(r"\bTLS connection established (?:to|from) |\bstatus=sent\b")
_PHRASES = re.compile(
    r"We do not authorize the use of this system to transport unsolicited,?"  # Exim at hosters
    r"|(?:220[- ])?and/or bulk e-?mail\.?"
    r"|\b\w{0,20}timeout[\"']?\s{0,3}(?:=>|[=:]| )\s{0,3}[\"']?-?\d+"  # a setting, no failure
    r"|#<\w{1,20}:\(closed\)>"  # how Ruby shows a socket
    # How .NET words the code, before it quotes the server.
    r"|(?:Mailbox unavailable|Exceeded storage allocation|Transaction failed"
    r"|Mailbox name not allowed|Insufficient system storage|Error in processing)\. "
    r"(?=The server response was: \S)"
    r"|SendFailedException: Invalid Addresses;?"  # Jakarta Mail, of any refused recipient
    # How programs name the step at which something failed.
    r"|\b(?:send|issue|sending) [A-Z]{4,8} command(?=: )"
    r"|^\d\. (?:The server is using a self-signed|The local system is missing|A Certificate Auth"
    r"|The certificate presented|The set of SSL/TLS).*",  # MailKit, all it can think of
    re.IGNORECASE | re.MULTILINE,
)
# How libraries sum up whatever happened.
_SUMMARIES = re.compile(
    r"SMTP Error: (?:Could not (?:authenticate|connect to SMTP host)|data not accepted)\.?"
    r"|(?:MAIL FROM|RCPT TO|AUTH|DATA|DATA END|HELO|EHLO|QUIT|STARTTLS|Password) command failed:?"
    r"|Unable to log in\. Check SMTP settings\.?"
    r"|SMTP connect\(\) failed\.?|Login not possible\. Please check.{0,60}"
    r"|Authentication failed, see (?:the )?inner exception\.?"
    r"|SMTP -> ERROR: \w{1,20} not accepted from server"
    r"|The following (?:From address|recipients) failed",
    re.IGNORECASE,
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
    """Return the lines of a text that are not empty, of at most `LOOKED_AT` characters in all.

    What is no text, but a picture or an archive, has none.
    """
    if len(text) > LOOKED_AT:
        half = LOOKED_AT // 2
        # The end begins with a whole word, so that no rest of a secret stands alone.
        end = text[-half:].split(maxsplit=1)[1:]
        text = "\n".join([text[:half], *end])
    if len(_UNTEXTUAL.findall(text)) * 10 > len(text):
        return []
    plain = _TABS.sub("  ", _BREAKS.sub("\n", unescape(_COLOURS.sub("", text))))
    plain = _ONE_WORD.sub(_words, _RUN_ON.sub("\n", plain))
    plain = _BROKEN_CODE.sub(r"\1 ", _NAMED_CODE.sub(_code, _SOFT_BREAK.sub("", plain)))
    plain = _OCTETS.sub(_characters, plain)
    if _QUOTED_PRINTABLE.search(plain):
        plain = plain.replace("=\n", "").replace("=3D", "=").replace("=20", " ")
    lines = [line.rstrip() for line in plain.split("\n") if line.strip()]
    if len(lines) > 1 and all(map(_QUOTE.match, lines)):
        lines = [line for line in (_QUOTE.sub("", line, 1) for line in lines) if line.strip()]
    return lines


def _words(word: re.Match[str]) -> str:
    return _SLASH.sub("\n", word[0].replace("_", " "))


def _characters(octets: re.Match[str]) -> str:
    raw = bytes.fromhex(octets[0].replace("\\x", ""))
    for charset in ("utf-8", "gb18030"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return octets[0]


def _code(named: re.Match[str]) -> str:
    return "code: " + "".join(_DIGITS.get(digit, "0") for digit in _DIGIT.findall(named[0]))


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


def without_phrases(text: str) -> str:
    """Return a text without what servers and libraries say whatever the cause."""
    return _PHRASES.sub(" ", text)


def without_summaries(text: str) -> str:
    """Return a text without the sentences with which libraries sum up a failure."""
    return _SUMMARIES.sub(" ", text)


def _is_noise(line: str) -> bool:
    if _FRAME.match(line) or _CONSENT.match(line) or _BOUNDARY.match(line):
        return True
    if _WENT_WELL.search(line):
        return True
    return COMMAND.match(line) is not None and _REFUSED.search(line) is None
