"""DKIM key records as text: tag lists as RFC 6376 section 3.2 has them. Nothing here raises."""

import re
from dataclasses import dataclass

MOST_SHOWN = 40  # characters of a published value that go into a sentence

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
# Tabs and line breaks, as an answer shows octets that cannot be printed.
_FOLDS = re.compile(r"\\x0[9ad]")
_FOLD = re.compile(r"\\x0d\\x0a(?= |\\x09)")
_NEVER_KEPT = {"v", "k", "p", "g"}  # the provider's to choose, or obsolete


@dataclass(frozen=True)
class TagList:
    """The tags of a record in their order, names and values without blanks around them.

    A part that is no `name=value` makes the list `broken`, and a name that comes twice is in
    `repeated`: receivers discard both. `gaps` says that there is nothing between two semicolons.
    """

    pairs: tuple[tuple[str, str], ...]
    broken: bool = False
    repeated: frozenset[str] = frozenset()
    gaps: bool = False

    @property
    def is_sound(self) -> bool:
        """Whether receivers can read the list."""
        return not self.broken and not self.repeated

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all tags. Capital and small letters differ."""
        return tuple(name for name, _ in self.pairs)

    def get(self, name: str, default: str = "") -> str:
        """Return the value of the first tag of this name."""
        return next((value for known, value in self.pairs if known == name), default)

    def listed(self, name: str, default: str = "") -> tuple[str, ...]:
        """Return the items of a value such as `sha1:sha256`, in small letters."""
        return tuple(item.strip().lower() for item in self.get(name, default).split(":"))


def read(text: str) -> TagList:
    """Return the tags of a text, whatever it is. White space of all kinds is a blank."""
    parts = _FOLDS.sub(" ", text).split(";")
    if not parts[-1].strip():
        parts.pop()
    filled = [part.partition("=") for part in parts if part.strip()]
    pairs = [(name.strip(), value.strip()) for name, equals, value in filled if equals]
    names = [name for name, _ in pairs]
    return TagList(
        tuple(pairs),
        broken=len(pairs) < len(filled) or not all(map(_NAME.fullmatch, names)),
        repeated=frozenset(name for name in names if names.count(name) > 1),
        gaps=len(filled) < len(parts),
    )


def without_blanks(text: str) -> str:
    """Return a key as it counts: white space in it means nothing (RFC 6376 section 3.6.1)."""
    return "".join(_FOLDS.sub("", text).split())


def has_line_break(text: str) -> bool:
    """Whether a published text has line breaks in it, which no form should let through."""
    return "\\x0a" in text or "\\x0d" in text


def is_folded(text: str) -> bool:
    """Whether all line breaks of a text are folds: a blank follows (RFC 6376 section 2.8)."""
    return not has_line_break(_FOLD.sub("", text))


def completed(wanted: str, published: TagList) -> str:
    """Return the record wanted, with what else the published one says and what does no harm.

    Notes, restrictions that let mail through and tags nobody knows are kept.
    """
    known = {*read(wanted).names, *_NEVER_KEPT}
    kept = {name: _harmless(name, published) for name in published.names if name not in known}
    further = [f"{name}={value}" for name, value in kept.items() if value]
    return "; ".join([wanted.rstrip("; "), *further]) if further else wanted


def _harmless(name: str, published: TagList) -> str:
    """Return the value a tag can keep, or nothing."""
    value = published.get(name)
    if name == "t":
        return ":".join(flag for flag in published.listed("t") if flag not in ("", "y"))
    if name == "h" and "sha256" not in published.listed("h"):
        return ""
    if name == "s" and not {"email", "*"}.intersection(published.listed("s")):
        return ""
    can_be_typed = _NAME.fullmatch(name) and name.islower() and not re.search(r"[\\\"']", value)
    return value if can_be_typed else ""


def shown(text: str) -> str:
    """Return a published value as it goes into a sentence: short, and without odd characters."""
    plain = re.sub(r"[^A-Za-z0-9 .:_*/+=-]", "?", text)
    return " ".join(plain.split())[:MOST_SHOWN].strip()
