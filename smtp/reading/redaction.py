"""Hides what is plainly a secret in a text somebody pasted, before any of it is shown or read.

Nobody here knows the secrets of a foreign text, so their places and shapes must do: a wrong guess
hides a harmless word, which is the better mistake.
"""

import re

from smtp.masking import SECRET

_NAME = (
    r"(?:pass(?:word|wd|phrase|code)?|pwd|passwort|kennwort|mot de passe|contrase[ñn]a|senha|parola"
    r"|wachtwoord|hasło|пароль|密码|口令|授权码|パスワード"
    r"|secret(?:[_ -]?(?:access[_ -]?)?key)?|api[_ -]?key"
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
# The same in JSON within a text, in XML, as an option of a command, and alone in its line.
_ESCAPED = re.compile(
    rf"(\b\w{{0,40}}{_NAME}\\[\"']\s{{0,4}}(?:=>|[:=])\s{{0,4}}\\([\"']))(.{{1,400}}?)(?=\\\2)",
    re.IGNORECASE,
)
_ELEMENT = re.compile(rf"(<\w{{0,40}}{_NAME}\b[^<>]{{0,80}}>)([^<>]{{1,400}})(?=</)", re.IGNORECASE)
_OPTION = re.compile(
    r"((?:^|\s)(?:--?\w[\w-]{0,30}pass(?:word|wd)?|--pass(?:word|wd)?|-ap)[ =][\"']?)"
    r"([^\s\"']{1,400})",
    re.IGNORECASE,
)
_USER_OPTION = re.compile(r"((?:^|\s)(?:--user|-u)[ =][\"']?[^\s\"':]{1,200}:)([^\s\"']{1,400})")
_ALONE = re.compile(
    rf"(^\W{{0,8}}{_NAME}\s{{1,4}}[\"']?)(?!{_HARMLESS})([^\s\"']{{1,400}})(?=[\"']?\s{{0,4}}$)",
    re.IGNORECASE,
)
# After the word alone only what has letters and digits, as hardly a word of a sentence has.
_AFTER = re.compile(
    rf"(\b{_NAME}\s[\"']?)(?=[^\s\"']{{0,99}}\d)(?=[^\s\"']{{0,99}}[A-Za-z])"
    r"(?![45]\.\d|\d{3}\b)([^\s\"']{6,400})",
    re.IGNORECASE,
)
_PASSWORD_MAP = re.compile(  # Postfix: host and port, user name and password
    r"(^(?:.{0,40}passwd\W{1,3})?\W{0,3}(?:[\w-]{1,63}\.){1,8}[\w-]{1,63}\]?(?::\d{2,5})?\s{1,20}"
    r"(?!(?:error|code|status|said|reason|failed|fatal)\b)[^\s:]{1,200}:)"
    r"(?!\d|//)(\S{1,400})(?=\s{0,9}$)"
)
_TOKEN_STORE = re.compile(r"(\b(?:refresh|access)=)([\w./-]{16,4000})")  # sasl-xoauth2
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
      | \b1//0[\w-]{20,500}                    # Google, to renew
      | \b0\.A[\w-]{60,4000}(?:\.[\w-]{0,4000}){0,9}  # Microsoft, to renew
      | \beyJ[\w-]{8,2000}\.[\w.-]{8,2000}     # JWT, RFC 7519
      | (?<=Bearer\ )[\w.~+/=-]{8,2000}""",
    re.VERBOSE,
)
_BLOB = re.compile(
    r"^(\s*(?:[A-Z][\w :]{0,30}[:>]|C:|[->]{1,3})?\s*)([A-Za-z0-9+/]{4,2000}={0,2})$"
)
# What the client sends is a user name or a password if it is one word and no command.
_SENT = re.compile(
    r"^(.{0,80}(?:CLIENT -> SERVER|SMTP>>|>>>|[Ss]end|\bC):\s{0,3}b?[\"']?)"
    r"(?!(?:STARTTLS|DATA|QUIT|RSET|NOOP|HELP)\b)([A-Za-z0-9+/]{8,2000}={0,2})(?=[\"']?$)"
)
_CHALLENGE = re.compile(r"(?<!\d)334(?: |$)")


def redact(lines: list[str]) -> tuple[list[str], str]:
    """Return the lines without secrets, and the first password by its name, if there was one.

    That one is only for `smtp.lints.secret_shape` to look at, and must not be kept.
    """
    secrets: list[str] = []
    redacted, is_answer = [], False
    for line in lines:
        hidden = _hide(line, secrets)
        if is_answer:  # RFC 4954 section 4: user name and password follow a challenge
            hidden = _BLOB.sub(rf"\1{SECRET}", hidden)
        is_answer = _CHALLENGE.search(line) is not None
        redacted.append(hidden)
    return redacted, secrets[0] if secrets else ""


def _hidden(match: re.Match[str]) -> str:
    return f"{match[1]}{SECRET}"


def _hide(line: str, secrets: list[str]) -> str:
    def quoted(match: re.Match[str]) -> str:
        secrets.append(match[3])
        return f"{match[1]}{match[2]}{SECRET}{match[2]}"

    def bare(match: re.Match[str]) -> str:
        secrets.append(match[2])
        return f"{match[1]}{SECRET}"

    def call(match: re.Match[str]) -> str:
        return match[1] + _STRING.sub(rf"\1{SECRET}\1", match[2])

    for place in (_IN_URL, _ESCAPED, _ELEMENT, _OPTION, _USER_OPTION, _ALONE, _PASSWORD_MAP):
        line = place.sub(_hidden, line)
    line = _AUTH.sub(rf"\1{SECRET}", line)
    line = _QUOTED.sub(quoted, line)
    line = _BARE.sub(bare, line)
    line = _CALL.sub(call, line)
    for place in (_AFTER, _TOKEN_STORE, _SENT):
        line = place.sub(_hidden, line)
    return _SHAPES.sub(SECRET, line)
