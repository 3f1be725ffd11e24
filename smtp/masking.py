"""Keeps secrets out of everything that is written down about a conversation.

Servers repeat what they were sent: refusals have carried the password, its base64, and the whole
AUTH line. So a `Mask` is applied to a line when it is made, not when it is shown.
"""

import base64
import re
from collections.abc import Iterable
from html import escape
from html.entities import codepoint2name

SECRET = "[secret]"  # noqa: S105 - what stands in place of one
HIDDEN = "[hidden]"
LIMIT = 512
REMEMBERED = 200  # lines

# Both alphabets of RFC 4648. A shorter run decodes to two octets at most.
BASE64_RUN = r"[A-Za-z0-9+/_-]{%d,}={0,2}"
SHORTEST_RUN = 4
TO_STANDARD = str.maketrans("-_", "+/")
CONTROL_ESCAPES = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


class Mask:
    """Hides a few secrets, in whatever spelling a server or a library may repeat them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        wanted = {form for secret in secrets for form in (secret, secret.strip()) if form}
        # Longest first, so that no rest of a longer secret stays behind.
        spellings = [_spellings(secret) for secret in sorted(wanted, key=len, reverse=True)]
        self._pattern = re.compile("|".join(spellings), re.IGNORECASE) if spellings else None
        shortest = min((len(secret.encode("utf-8", "replace")) for secret in wanted), default=0)
        # Of the four characters for three octets, those at the ends may belong to the neighbours.
        self._run = re.compile(BASE64_RUN % max(SHORTEST_RUN, shortest * 4 // 3 - 1))
        self._hidden: dict[str, str] = {}

    def hide(self, text: str, limit: int = LIMIT) -> str:
        """Return one printable line without secrets, at most `limit` characters long.

        Control, bidirectional and other invisible characters become escapes such as `\\x1b`.
        """
        line = self._hidden.get(text)
        if line is None:
            line = self._hide(text)
            if len(self._hidden) < REMEMBERED:  # a line is noted, replied and listed
                self._hidden[text] = line
        return line if len(line) <= limit else line[: limit - 1] + "…"

    def _hide(self, text: str) -> str:
        if self._pattern is not None:
            text = self._pattern.sub(SECRET, text)
            text = self._run.sub(self._hide_run, text)
        return text if text.isprintable() else "".join(map(_visible, text))

    def _hide_run(self, match: re.Match[str]) -> str:
        return SECRET if self._is_secret(match[0]) else match[0]

    def _is_secret(self, run: str) -> bool:
        """Whether a run of base64 holds a secret, wherever in it the encoding begins."""
        pattern = self._pattern
        return pattern is not None and any(
            pattern.search(_decode(run[start:])) for start in range(4)
        )


def _decode(text: str) -> str:
    run = text.rstrip("=")
    whole = run[: len(run) - (len(run) % 4 == 1)].translate(TO_STANDARD)
    octets = base64.b64decode(whole + "=" * (-len(whole) % 4))
    return octets.decode("utf-8", "replace")


def _spellings(secret: str) -> str:
    """Return a pattern for the secret as it is, encoded as a whole, and character by character.

    The last one is made of atomic groups: a server that answers with a long row of backslashes
    must not send the matching into exponential time.
    """
    octets = secret.encode("utf-8", "replace")
    whole = [secret, base64.b64encode(octets).decode(), octets.hex()]
    single = "".join(f"(?>{'|'.join(map(re.escape, _forms(character)))})" for character in secret)
    return "|".join([*map(re.escape, whole), single])


def _forms(character: str) -> list[str]:
    """Return how one character may be written, the longest first.

    Plain, with a backslash, as an escape of Python or JSON, percent-encoded, quoted-printable,
    and as an HTML reference. A text may mix them.
    """
    code, octets = ord(character), character.encode("utf-8", "replace")
    forms = {
        character,
        "\\" + character,
        "\\" + "\\" + character,
        f"\\u{code:04x}",
        f"\\x{code:02x}",
        f"&#{code};",
        f"&#x{code:x};",
        f"&{codepoint2name[code]};" if code in codepoint2name else escape(character),
    }
    forms |= {"".join(f"{mark}{octet:02x}" for octet in octets) for mark in ("%", "=", "\\x")}
    if character == " ":
        forms.add("+")
    if character in CONTROL_ESCAPES:
        forms.add(CONTROL_ESCAPES[character])
    return sorted(forms, key=len, reverse=True)


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
