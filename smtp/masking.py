"""Keeps secrets out of everything that is written down about a conversation.

Servers repeat what they were sent: refusals have carried the password, its base64, and the whole
AUTH line. So a `Mask` is applied to a line when it is made, not when it is shown.
"""

import base64
import binascii
import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from html.entities import codepoint2name

SECRET = "[secret]"  # noqa: S105 - what stands in place of one
HIDDEN = "[hidden]"
LIMIT = 512
REMEMBERED = 10_000  # characters

# Both alphabets of RFC 4648. A shorter run decodes to two octets at most.
BASE64_RUN = r"[A-Za-z0-9+/_-]{%d,}={0,2}"
SHORTEST_RUN = 4
MOST_RUNS = 200  # remembered
TO_STANDARD = bytes.maketrans(b"-_", b"+/")
SHORTEST_CORE = 6  # a shorter piece of base64 may be a piece of a word
# What stands before the words of a reply (RFC 5321 section 4.2, RFC 3463 section 2).
BEGINNING = re.compile(r"(?:[2-5]\d\d(?:[ -]|$))?(?:[245]\.\d{1,3}\.\d{1,3}(?:[ \t]+|$))?")
# Each form of a character but the plain one has one of these signs; "+" is a blank. The octets are
# the only letters outside ASCII that are, but for their case, one of its letters: İ, ı, ſ and K.
UNUSUAL = re.compile(rb"[\\%=&+\xc4\xc5\xe2]")
LIKE_ASCII = re.compile(rb"\xc4[\xb0\xb1]|\xc5\xbf|\xe2\x84\xaa")
CONTROL_ESCAPES = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


class Mask:
    """Hides a few secrets, in whatever spelling a server or a library may repeat them.

    The pattern of all spellings takes longer to make than a session takes, so it is made for the
    first text that may hold one; nearly no conversation has such a text.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        wanted = {form for secret in secrets for form in (secret, secret.strip()) if form}
        # Longest first, so that no rest of a longer secret stays behind.
        self._secrets = sorted(wanted, key=len, reverse=True)
        self._needles = _needles(wanted)
        self._is_ascii = all(map(str.isascii, wanted))
        shortest = min((len(secret.encode("utf-8", "replace")) for secret in wanted), default=0)
        # Of the four characters for three octets, those at the ends may belong to the neighbours.
        self._run = re.compile(BASE64_RUN % max(SHORTEST_RUN, shortest * 4 // 3 - 1))
        # Texts with nothing to hide, each with a line feed, which none of them holds. Nor has the
        # end of one, or any of its words; in the middle of a word an escape might be cut short.
        self._clean = ""
        self._harmless: set[str] = set()  # runs of base64 that hold no secret

    @functools.cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(map(_spellings, self._secrets)), re.IGNORECASE)

    def hide(self, text: str, limit: int = LIMIT) -> str:
        """Return one printable line without secrets, at most `limit` characters long.

        Control, bidirectional and other invisible characters become escapes such as `\\x1b`.
        """
        return cut(self._whole(text), limit)

    def _whole(self, text: str) -> str:
        if f"{text}\n" in self._clean or f"{text} " in self._clean:
            return text  # a line is noted, and what it says is replied and listed
        line = self._hide(text)
        if line == text and len(self._clean) < REMEMBERED:
            self._clean += f"{text}\n"
        return line

    def hide_lines(self, lines: Sequence[str], limit: int = LIMIT) -> list[str]:
        """Hide the secrets in lines that belong together, such as those of one reply.

        Where one is spread over several of them, nothing but their codes is left.
        """
        if len(lines) < 2 or not self._secrets:
            return [self.hide(line, limit) for line in lines]
        if self._has_nothing_to_hide(" ".join((*lines, *_joined(lines)[1]))):
            return [cut(line, limit) for line in lines]  # nor has any part of it
        hidden = [self.hide(line, limit) for line in lines]
        codes, joined = _joined(hidden)
        if all(map(self._has_nothing_to_hide, joined)):
            return hidden
        return [code + SECRET for code in codes]

    def _has_nothing_to_hide(self, text: str) -> bool:
        return self._whole(text) == text

    def _hide(self, text: str) -> str:
        if self._secrets:
            if self._may_hold_one(text.encode("utf-8", "replace")):
                text = self._pattern.sub(SECRET, text)
            text = self._run.sub(self._hide_run, text)
        return text if text.isprintable() else "".join(map(_visible, text))

    def _may_hold_one(self, octets: bytes) -> bool:
        """Whether the pattern can match this UTF-8: says so too often, but never too seldom.

        What the pattern finds is a secret as a whole, or one in which a character is escaped.
        """
        if not self._is_ascii:  # too many ways to write a letter large or small
            return True
        folded = octets.lower()
        for needle in self._needles:
            if needle in folded:
                return True
        return UNUSUAL.search(folded) is not None and (
            LIKE_ASCII.search(folded) is not None
            or any(
                all(_is_written_in(folded, character) for character in secret)
                for secret in self._secrets
            )
        )

    def _hide_run(self, match: re.Match[str]) -> str:
        run = match[0]
        if run in self._harmless:
            return run
        if self._is_secret(run):
            return SECRET
        if len(self._harmless) < MOST_RUNS:  # EHLO is answered twice, in much the same words
            self._harmless.add(run)
        return run

    def _is_secret(self, run: str) -> bool:
        """Whether a run of base64 holds a secret, wherever in it the encoding begins."""
        decoded = list(_decoded(run))
        if not self._may_hold_one(b"\0".join(decoded)):  # one look instead of four
            return False
        return any(self._pattern.search(_text(octets)) for octets in decoded)


def cut(line: str, limit: int) -> str:
    """Return a line with at most so many characters."""
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _joined(lines: Sequence[str]) -> tuple[list[str], tuple[str, str]]:
    """Return what the lines of a reply begin with, and the rest of all with and without blanks."""
    begins = [BEGINNING.match(line) for line in lines]
    codes = [match[0] if match else "" for match in begins]
    words = [line[len(code) :].strip() for code, line in zip(codes, lines, strict=True)]
    return codes, (" ".join(words), "".join(words))


def _needles(secrets: Iterable[str]) -> list[bytes]:
    """Return what stands, but for case, in every text with a secret in one of its whole forms."""
    forms = {_folded(whole) for secret in secrets for whole in _wholes(secret)}
    return [form for form in forms if not any(part in form and part != form for part in forms)]


def _folded(text: str) -> bytes:
    return text.encode("utf-8", "replace").lower()


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "replace")


def _is_written_in(folded: bytes, character: str) -> bool:
    return any(form in folded for form in _folded_forms(character))


@functools.lru_cache(maxsize=256)  # of single characters, which tell nothing about a secret
def _folded_forms(character: str) -> tuple[bytes, ...]:
    return (_folded(character), *map(_folded, _forms(character)))


def _decoded(run: str) -> Iterator[bytes]:
    """Yield what a run is if the encoding begins with its first character, its second and so on."""
    standard = run.rstrip("=").encode().translate(TO_STANDARD)
    for start in range(4):
        whole = standard[start : len(standard) - ((len(standard) - start) % 4 == 1)]
        yield binascii.a2b_base64(whole + b"==")  # what is too much is ignored


def _wholes(secret: str) -> list[str]:
    """Return the secret as it is, and what it is encoded as a whole, the longer before its part."""
    octets = secret.encode("utf-8", "replace")
    cores = [core for before in range(3) for core in _cores(octets, before)]
    return [secret, base64.b64encode(octets).decode(), octets.hex(), *cores]


def _cores(octets: bytes, before: int) -> set[str]:
    """Return what base64, in both alphabets, is of these octets after so many others.

    Without the characters that also tell of their neighbours. Unlike what is decoded, this is
    found in any case of letters.
    """
    standard = base64.b64encode(bytes(before) + octets).decode()
    bits = (before + len(octets)) * 8
    core = standard[-(-before * 8 // 6) : bits // 6]
    return {core, core.replace("+", "-").replace("/", "_")} if len(core) >= SHORTEST_CORE else set()


def _spellings(secret: str) -> str:
    """Return a pattern for the secret as it is, encoded as a whole, and character by character.

    The last one is made of atomic groups: a server that answers with a long row of backslashes
    must not send the matching into exponential time.
    """
    single = "".join(f"(?>{'|'.join(map(re.escape, _forms(character)))})" for character in secret)
    return "|".join([*map(re.escape, _wholes(secret)), single])


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
