"""Hides what is plainly a secret in a text somebody pasted, before any of it is shown or read.

Nobody here knows the secrets of a foreign text, so their places and shapes must do: a wrong guess
hides a harmless word, which is the better mistake.
"""

import re

from smtp.masking import SECRET

_NAME = (
    r"(?:pass(?:word|wd|phrase|code)?|pwd|secret(?:[_ -]?(?:access[_ -]?)?key)?|api[_ -]?key"
    r"|(?:access|refresh|auth|id|bearer)[_ -]?token|client[_ -]?secret|token)"
)
# Words that tell of a secret and are none.
_HARMLESS = (
    r"(?:[45]\d\d\b|\[|<|\*{2,}|(?:expired|invalid|incorrect|wrong|rejected|failed|required|missing"
    r"|not|is|was|has|none|null|nil|true|false|yes|no|set|empty|hidden|string|authentication"
    r"|command|error|login)\b)"
)
_QUOTED = re.compile(
    rf"(\b\w{{0,40}}{_NAME}[\"']?\s{{0,4}}(?:=>|[:=,])\s{{0,4}})([\"'])((?:\\.|(?!\2).){{1,400}})\2",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"(\b\w{{0,40}}{_NAME}\s{{0,4}}(?:=>|[:=])\s{{0,4}})"
    rf"(?!\s|[\"']|{_HARMLESS})((?:[a-z]{{4}} ){{3}}[a-z]{{4}}|[^\s,;&]{{1,400}})",
    re.IGNORECASE,
)
_IN_URL = re.compile(r"(://[^\s:/@]{0,200}:)([^\s/]{1,400})(?=@)")
_AUTH = re.compile(
    r"(\bAUTH (?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER|CRAM-MD5) )([A-Za-z0-9+/=]{4,4000})", re.IGNORECASE
)
_CALL = re.compile(
    r"(\b(?:login|authenticate(?:async)?|networkcredential|plainauth|credentials(?:::new)?) ?\()"
    r"([^()]{1,400})",
    re.IGNORECASE,
)
_STRING = re.compile(r"([\"'])([^\"']{1,200})\1")
_SHAPES = re.compile(
    r"""\bSG\.[\w-]{10,100}\.[\w-]{10,100}     # SendGrid
      | \bre_[A-Za-z0-9_]{16,100}              # Resend
      | \bkey-[0-9a-f]{24,64}                  # Mailgun
      | \bx(?:smtpsib|keysib)-[\w-]{16,200}    # Brevo
      | \bya29\.[\w.-]{16,2000}                # Google
      | \beyJ[\w-]{8,2000}\.[\w.-]{8,2000}     # JWT, RFC 7519
      | (?<=Bearer\ )[\w.~+/=-]{8,2000}""",
    re.VERBOSE,
)
_BLOB = re.compile(
    r"^(\s*(?:[A-Z][\w :]{0,30}[:>]|C:|[->]{1,3})?\s*)([A-Za-z0-9+/]{4,2000}={0,2})$"
)
_CHALLENGE = re.compile(r"(?<!\d)334(?: |$)")


def redact(lines: list[str]) -> tuple[list[str], int | None]:
    """Return the lines without secrets, and how long the first password was, if there was one."""
    lengths: list[int] = []
    redacted, is_answer = [], False
    for line in lines:
        hidden = _hide(line, lengths)
        if is_answer:  # RFC 4954 section 4: user name and password follow a challenge
            hidden = _BLOB.sub(rf"\1{SECRET}", hidden)
        is_answer = _CHALLENGE.search(line) is not None
        redacted.append(hidden)
    return redacted, lengths[0] if lengths else None


def _hide(line: str, lengths: list[int]) -> str:
    def quoted(match: re.Match[str]) -> str:
        lengths.append(len(match[3]))
        return f"{match[1]}{match[2]}{SECRET}{match[2]}"

    def bare(match: re.Match[str]) -> str:
        lengths.append(len(match[2]))
        return f"{match[1]}{SECRET}"

    def call(match: re.Match[str]) -> str:
        return match[1] + _STRING.sub(rf"\1{SECRET}\1", match[2])

    line = _IN_URL.sub(rf"\1{SECRET}", line)
    line = _AUTH.sub(rf"\1{SECRET}", line)
    line = _QUOTED.sub(quoted, line)
    line = _BARE.sub(bare, line)
    line = _CALL.sub(call, line)
    return _SHAPES.sub(SECRET, line)
