"""Finds the server's refusal in what programs, logs and bounces make of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from smtp.outcome import Reply

# RFC 5321 section 4.2.1: the second digit is 0 to 5; some servers also use 57x. A number that is
# part of a longer one, of a path or of a time is no code.
_CODE = r"(?<![\w./@%&+-])(?<!\d[:,])(?<!\w\[)(?<!HTTP )(?P<code>[45](?:[0-5]\d|7[0-9]))"
# RFC 3463. Some write it with a number sign.
_ENHANCED = r"#?(?P<enhanced>[45]\.\d{1,3}\.\d{1,3})(?![\w.-])"
_KNOWN = frozenset(
    (
        *(421, 431, 432, 441, 442, 446, 447, *range(450, 456), 458, 459, 471),
        *(*range(500, 505), 510, 511, 512, 515, 517, 521, 523, 525),
        *(530, 531, 533, 534, 535, 538, 540, 541, *range(550, 558), 570, 571, 572, 577),
    )
)
_UNIT = (
    r"(?:ms|[kKMG]i?B|bytes?|seconds?|lines?|rows?|ERROR|INFO|WARN|DEBUG|TID-\w+"
    r"|[gl]|kg|ml|mm|cm|px|Internal Server Error|Bad Gateway|Gateway Time)\b"
)
# From what is surely a reply to what may be one.
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        # `550 5.1.1 …`, `(535, b'5.7.8 …`, `error (535): 5.7.8`, `[530 5.7.0 …`
        rf"{_CODE}\W{{1,6}}(?:b[\"'])?{_ENHANCED}",
        # `553 sorry … (#5.7.1)`
        rf"{_CODE}[- ](?=[^\n]{{0,200}}\({_ENHANCED}\))",
        # `550 no such user`, `(550, b'no such user'`, `code "550", with message "550 no …`
        rf"{_CODE}(?:[- ]{{1,3}}|\)?[: ]{{2,4}}|, ?b?[\"'])(?=[\"'(\[<*]{{0,3}}[^\W\d])(?!{_UNIT})",
        # `554 30 Sorry …`, `554 6.6.0 Error …`, as Yahoo says it
        r"(?<![\w./-])(?P<code>55[0-4])[- ](?=(?:\d{1,2}|6\.\d\.\d) [A-Z])",
        # `Could not connect to SMTP host: …, port: 25, response: 554`, as Jakarta Mail says it
        r"SMTP host: [^\n]{1,200}, response: (?P<code>[45][0-5]\d)\b",
        # `responseCode: 550`, `SMTP code: 553`, `got code "550"`, `Error (550)`
        r"(?i:code|status|error|reply|retcode|servidor|smtp|got)[^\w\[]{1,5}(?P<code>[45][0-57]\d)\b(?![.\d])",
        # `Status: 5.1.1`, `dsn=5.7.26`, `response was: 5.7.57 …`, or a line that begins with it
        rf"(?:^\s*|(?i:status|dsn|smtp|was|returned|said|info)\W{{1,4}}|[:;(\"'] ?){_ENHANCED}",
    )
)
# The commonest code of a class, for a server of which only the enhanced code is known.
_COMMONEST = {"4": 450, "5": 550}
# What follows from an earlier refusal.
_AFTERMATH = re.compile(
    r"no valid recipients|too many errors|must precede|need (?:rcpt|mail)|bad sequence"
    r"|valid RCPT command|unrecogni[sz]ed command|command not recogni[sz]ed"
    r"|5\.0\.0 Service unavailable",  # how Sendmail sums up
    re.IGNORECASE,
)
_STATUS = re.compile(rf"\b(?i:status|dsn|info|response)\W{{1,4}}{_ENHANCED}")
# An indented line that is no continuation but the next field of an object, or a rule.
_FIELD = re.compile(r"\s+(?:[\"'{}\[\]]|\w+: ?[\"'{\[\d]|[-*]{3})")
_SAID = re.compile(r"\bsaid: ")
_REPLY_NAMED = re.compile(r"\(in reply to ")
_FOLLOWING = 7  # lines of a reply after its first


@dataclass(frozen=True)
class Found:
    """A refusal and the lines it stands in: from the index `first` up to, not including, `end`.

    `before` is what stands before it in the first of these lines.
    """

    reply: Reply
    first: int
    end: int
    before: str


def find(lines: list[str]) -> Found | None:
    """Return the refusal that most likely stopped the mail.

    The best written one wins, among equals the first that is no consequence of another.
    """
    candidates = list(_candidates(lines))
    if not candidates:
        return None
    _, _, at, match = min(candidates, key=lambda one: one[:3])
    return _found(lines, at, match)


def _candidates(lines: list[str]) -> Iterator[tuple[bool, int, int, re.Match[str]]]:
    for at, line in enumerate(lines):
        is_aftermath = _AFTERMATH.search(line) is not None
        for rank, shape in enumerate(_SHAPES):
            match = next(filter(_is_known, shape.finditer(line)), None)
            if match:
                yield is_aftermath, rank, at, match
                break


def _is_known(match: re.Match[str]) -> bool:
    return "code" not in match.re.groupindex or int(match["code"]) in _KNOWN


def _found(lines: list[str], at: int, match: re.Match[str]) -> Found:
    groups = match.groupdict()
    before = lines[at][: match.start()]
    text = [lines[at][match.end() :]]
    code, enhanced = groups.get("code"), groups.get("enhanced") or ""
    end = _end_of_said(lines, at)
    text += lines[at + 1 : end]
    while end < len(lines) and end - at <= _FOLLOWING:
        line = lines[end].removeprefix(before)  # a log's lead, which each line has
        if not _goes_on(line, code, text[-1]):
            break
        text.append(line)
        end += 1
    if not enhanced and code:
        enhanced = _status(lines, code[0])
    number = int(code) if code else _COMMONEST[enhanced[0]]
    said = _sentence(" ".join(text))
    if not said:  # `sorry, no such user (#5.1.1)`
        before, said = "", _sentence(before)
    return Found(Reply(number, enhanced, said), at, end, before)


def _end_of_said(lines: list[str], at: int) -> int:
    """Return where a reply ends that Postfix quotes, though its lines were broken anew."""
    if _SAID.search(" ".join(lines[max(at - 1, 0) : at + 1])):
        for end in range(at + 1, min(at + 2 + _FOLLOWING, len(lines) + 1)):
            if _REPLY_NAMED.search(" ".join(lines[max(at, end - 2) : end])):
                return end
            if end < len(lines) and _SAID.search(lines[end]):
                break
    return at + 1


def _sentence(text: str) -> str:
    return " ".join(text.split()).strip(" \"'-,;:(#")


def _goes_on(line: str, code: str | None, before: str) -> bool:
    """Whether a line is the next one of a reply of several lines, or folded into the one before."""
    same = code is not None and re.match(rf"\W{{0,6}}{code}[- ]", line) is not None
    return same or (line.startswith("  ") and not _FIELD.match(line) and "'" not in before[-2:])


def _status(lines: list[str], kind: str) -> str:
    for line in lines:
        match = _STATUS.search(line)
        if match and match["enhanced"].startswith(kind):
            return match["enhanced"]
    return ""
