"""Domain names as people type them, as DNS wants them, and as they are shown."""

import ipaddress
import re
import unicodedata
from functools import cache, lru_cache

import idna
from publicsuffixlist import PublicSuffixList

_IDEOGRAPHIC_DOTS = str.maketrans({"。": ".", "．": ".", "｡": "."})  # UTS 46 section 2.3
# RFC 6761 and RFC 6762: never delegated. `.example` is left to documentation and demos.
_SPECIAL = {"localhost", "test", "invalid", "local", "onion", "internal"}
LONGEST_LABEL, LONGEST_NAME = 63, 253  # characters (RFC 1035 section 2.3.4), as text
_OCTET = re.compile(r"\\([01][0-9]{2}|2[0-4][0-9]|25[0-5])")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@cache
def _suffixes() -> PublicSuffixList:
    """Return the list, which is data of the package. Not every process needs it read."""
    return PublicSuffixList()


def clean_domain(text: str, *, laboratory: bool = False) -> str:
    """Return the A-label form of a sending domain as a person typed it.

    Raises `ValueError` with a sentence for the person when it is none. `laboratory` lets names
    pass that exist only there, such as those under .test.
    """
    typed = text.strip().strip("\u200b\ufeff").translate(_IDEOGRAPHIC_DOTS)
    if not typed.strip("."):
        raise ValueError("Enter a domain, such as example.com.")
    _refuse_other_things(typed)
    name = to_ascii(typed.rstrip("."))
    labels = name.split(".")
    if len(name) > LONGEST_NAME or any(len(label) > LONGEST_LABEL for label in labels):
        raise ValueError("This name is too long: 253 characters in all, 63 between two dots.")
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("A domain consists of letters, digits and hyphens between dots.")
    if labels[-1] in _SPECIAL and not laboratory:
        raise ValueError(f"Names under .{labels[-1]} do not exist in the public DNS.")
    if len(labels) == 1 or _suffixes().publicsuffix(name) == name:
        raise ValueError(f"“{name}” is a public suffix: nobody sends from it. Enter your domain.")
    return name


def _refuse_other_things(typed: str) -> None:
    """Say what was pasted in place of a domain, with the domain in it if it is plain to see."""
    inside = re.sub(r"^[a-z][a-z0-9+.-]*://", "", typed, flags=re.IGNORECASE)
    inside = re.split(r"[/?#]", inside)[0].rpartition("@")[2].partition(":")[0]
    inside = inside.removeprefix("*.").strip()
    if inside == typed:
        _refuse_address(typed)
        return
    _refuse_address(typed.strip("[]"))
    suggestion = f"did you mean {inside}?" if inside else "such as example.com."
    raise ValueError(f"Enter the domain alone: {suggestion}")


def _refuse_address(typed: str) -> None:
    try:
        ipaddress.ip_address(typed)
    except ValueError:
        return
    raise ValueError("This is an address. Enter the domain that stands after the @ of a sender.")


def to_ascii(name: str) -> str:
    """Return A-labels (RFC 5891), mapping what UTS 46 maps, such as capitals.

    Raises `ValueError` with a sentence for the person when it is no name.
    """
    try:
        mapped = idna.encode(name, uts46=True, transitional=False).decode("ascii").lower()
        idna.decode(mapped)  # an A-label as typed has to decode as well
    except (idna.IDNAError, UnicodeError):
        raise ValueError(
            "This is no valid domain: a label may not be empty, begin or end with a hyphen, "
            "or hold characters such as blanks and symbols."
        ) from None
    return mapped


def display(name: str) -> str:
    """Return the name as people read it (U-labels); as it is when it does not decode."""
    try:
        return idna.decode(name)
    except (idna.IDNAError, UnicodeError):
        return name


def spelt(name: str) -> str:
    """Return a name from the DNS as it was typed, in its own letters.

    The DNS gives the octets of letters beyond ASCII as `\\DDD` (RFC 1035 section 5.1).
    """
    octets = _OCTET.sub(lambda found: chr(int(found[1])), name)
    if octets == name:
        return name
    return octets.encode("latin-1", errors="replace").decode(errors="replace")


def is_mixed_script(name: str) -> bool:
    """Whether a label mixes alphabets, as look-alike names do (Unicode TR 39)."""
    for label in display(name).split("."):
        scripts = {unicodedata.name(char, "?").split()[0] for char in label if char.isalpha()}
        if len(scripts & {"LATIN", "CYRILLIC", "GREEK"}) > 1:
            return True
    return False


@lru_cache(maxsize=4096)  # a check asks of few names, again and again
def organizational_domain(name: str) -> str:
    """Return the domain that was registered, such as example.co.uk for mail.example.co.uk."""
    return _suffixes().privatesuffix(name) or name


def absolute(host: str, domain: str) -> str:
    """Return the full name of a host as a recipe writes it: relative, `@`, or already full."""
    host = host.strip().rstrip(".").lower()
    if host in ("", "@", domain):
        return domain
    return host if host.endswith("." + domain) else f"{host}.{domain}"
