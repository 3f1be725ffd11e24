"""What else is saved in place of a DKIM record: zone-file text, PEM, quotation marks, escapes.

Each slip has a finding and a way to take it back; the way is gone as far as the record needs it.
"""

import base64
import re
from collections.abc import Callable, Iterator

from dnscheck.findings import Finding, Severity

ZONE_FILE_TEXT = Finding(
    "dkim.zone-file-text",
    Severity.ERROR,
    "A whole zone-file line is published at {name}",
    "Name, type or brackets of the line became part of the value, and its tags cannot be read.",
    "Change the TXT record at {name} to the value shown, which is what stood between the "
    "quotation marks.",
)
PEM_ARMOUR = Finding(
    "dkim.pem-armour",
    Severity.ERROR,
    "The lines BEGIN and END of a key file are part of the DKIM record at {name}",
    "They belong to the file the key came in. In DNS they spoil the key.",
    "Change the TXT record at {name} to the value shown.",
)
ESCAPED_SEMICOLONS = Finding(
    "dkim.escaped-semicolons",
    Severity.ERROR,
    "The DKIM record at {name} contains backslashes",
    "Backslashes belong in zone files only. Typed into a form they become part of the "
    "value, and its tags cannot be read.",
    "Save the value at {name} again without backslashes.",
)
QUOTES_INSIDE = Finding(
    "dkim.quotes-inside",
    Severity.ERROR,
    "Quotation marks are part of the DKIM record at {name}",
    "The DNS host adds the quotation marks a zone file needs; the ones typed spoil the key.",
    "Save the value at {name} again without quotation marks.",
)
ODD_CHARACTERS = Finding(
    "dkim.odd-characters",
    Severity.ERROR,
    "The DKIM record at {name} contains characters that no key has",
    "Invisible blanks or typographic quotation marks were copied along from a page or a letter. "
    "Receivers cannot read the record with them.",
    "Change the TXT record at {name} to the value shown, copied with the button beside it.",
)
SEPARATORS = Finding(
    "dkim.separators",
    Severity.ERROR,
    "Semicolons are missing between the tags of the DKIM record at {name}",
    "Tags are parted by semicolons, as in v=DKIM1; k=rsa; p=. Without them receivers take the "
    "next tag for a part of the one before.",
    "Change the TXT record at {name} to the value shown.",
)
TAG_NAMES = Finding(
    "dkim.version",
    Severity.ERROR,
    "The tags of the DKIM record at {name} are not written as they must be",
    "Tag names are small letters, and v, when it is there, comes first and is exactly DKIM1. "
    "Receivers discard any other record.",
    "Change the TXT record at {name} to the value shown.",
)

_ZONE_FILE = re.compile(r"(?:^|\s)TXT\s+(?=[\"'(vkp])(.*)|^\s*\((.*)", re.IGNORECASE | re.DOTALL)
_STRING = re.compile(r'"([^"]*)"')
_ARMOUR = re.compile(r"(?<!-)-{2,}\s*(?:BEGIN|END)[A-Z0-9 ]*-{2,}")
_ARMOUR_IN_BASE64 = re.compile(r"LS0tLS1CRUdJTi[A-Za-z0-9+/=]*")
_OCTET = re.compile(r"\\x(?!0[9ad])[0-9a-f]{2}")  # but for tabs and line breaks
_BACKSLASH = re.compile(r"\\(?!x[0-9a-f]{2})")
_NEXT_TAG = re.compile(
    r"(?<![,;\s])(?<!\\x0[9ad])(?:[,\s]|\\x0[9ad])+(?=[a-z]\s*=(?!=))", re.IGNORECASE
)
_TAG_NAME = re.compile(r"(?:^|;)\s*[A-Za-z]\s*=")
_PRIVATE = re.compile(r"BEGIN[A-Z0-9 ]*PRIVATE\s*KEY", re.IGNORECASE)


def mends(text: str) -> Iterator[tuple[Finding, str]]:
    """Yield what was taken back, and the text as it is then, from the outermost slip inwards."""
    for finding, mend in _MENDS:
        mended = mend(text)
        if mended != text:
            text = mended
            yield finding, text


def meant(text: str) -> str:
    """Return the text without all that spoils it."""
    for _, mended in mends(text):
        text = mended
    return text


def says_private(text: str) -> bool:
    """Whether a text calls itself a private key, as the first line of such a file does."""
    return bool(_PRIVATE.search(_out_of_base64(text)))


def _out_of_base64(text: str) -> str:
    """Return the text with a file in it that was turned into base64 as a whole."""
    found = _ARMOUR_IN_BASE64.search(text)
    if found is None:
        return text
    whole = found[0][: len(found[0]) // 4 * 4]  # also of one that was cut
    try:
        inside = base64.b64decode(whole, validate=True).decode("ascii")
    except ValueError:
        return text
    return text.replace(found[0], " ".join(inside.split()))


def _from_zone_file(text: str) -> str:
    line = _ZONE_FILE.search(text)
    if line is None:
        return text
    data = line[1] or line[2] or ""
    return "".join(_STRING.findall(data)) or data.strip("() ")


def _without_armour(text: str) -> str:
    return _ARMOUR.sub("", _out_of_base64(text))


def _without_escapes(text: str) -> str:
    return _BACKSLASH.sub("", text)


def _without_quotes(text: str) -> str:
    return re.sub(r"[\"'`]", "", text)


def _without_octets(text: str) -> str:
    return _OCTET.sub("", text)


def _parted(text: str) -> str:
    return _NEXT_TAG.sub("; ", text)


def _small_names(text: str) -> str:
    return _TAG_NAME.sub(lambda found: found[0].lower(), text)


_MENDS: tuple[tuple[Finding, Callable[[str], str]], ...] = (
    (ZONE_FILE_TEXT, _from_zone_file),
    (PEM_ARMOUR, _without_armour),
    (ESCAPED_SEMICOLONS, _without_escapes),
    (QUOTES_INSIDE, _without_quotes),
    (ODD_CHARACTERS, _without_octets),
    (SEPARATORS, _parted),
    (TAG_NAMES, _small_names),
)
