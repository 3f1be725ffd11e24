"""The terms of an SPF record: read, compared, and put together again (RFC 7208)."""

import ipaddress
import re
from collections.abc import Iterable, Sequence

QUALIFIERS = "+~?-"  # the hyphen last, as a character class wants it
NAMED = ("include", "a", "mx", "ptr", "exists", "ip4", "ip6")
NETWORKS = {"ip4": ipaddress.IPv4Network, "ip6": ipaddress.IPv6Network}
DEFAULT_ALL = "~all"
EQUALS_SIGN = re.compile(rf"^([{QUALIFIERS}]?)({'|'.join(NAMED)})=", re.IGNORECASE)
# Records meant as SPF that are none: no blank behind the version, quotes, blanks in front, the
# bare mechanism of a console that says "if you already have a record, add this".
MEANT = re.compile(
    r"(?:\\x[0-9a-f]{2}|[\s\"'\\])*(?:v\s*[=:]\s*spf|spf1\b|(?:include|ip4|ip6):|include=)",
    re.IGNORECASE,
)
VERSION = re.compile(r"^(?:v\s*[=:]\s*)?spf\s*[0-9.]*(?:/[a-z]+\b)?[\s,;:]*", re.IGNORECASE)
SPECIAL_BLANK = re.compile(r"(?:\\x(?:09|0a|0d|c2\\xa0))+", re.IGNORECASE)  # tab, line, no-break
NOT_PLAIN = re.compile(r"\\x[0-9a-f]{2}|[\"'\\]", re.IGNORECASE)
SIGN = f"[{QUALIFIERS}]?"
NO_BLANK_AFTER = re.compile(
    rf"(?<!\S)({SIGN}(?:include|exists|ip4|ip6):) +(?=[\w%])", re.IGNORECASE
)
COMMA = re.compile(
    rf"(?<![,;])[,;]+(?=\s|$|{SIGN}(?:include|ip4|ip6|a|mx|all|redirect)\b)", re.IGNORECASE
)
BLANK_BEFORE = re.compile(
    rf"(?<=[^\s{QUALIFIERS}])(?={SIGN}(?:include|exists|ip4|ip6):|redirect=)", re.IGNORECASE
)
BLANK_BEFORE_ALL = re.compile(rf"(?<=\S)(?=(?:[{QUALIFIERS}]all)+(?:\s|$))", re.IGNORECASE)
NAME = r"[^\s:]*(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.?|%\{[^{}]+\})"  # ends in a label or a macro
PREFIX = r"(?:/\d{1,2})?(?://\d{1,3})?"
LOOKUP = re.compile(
    rf"{SIGN}(?:(include|exists):([^/\s]+)\S*|(a|mx|ptr)(?::([^/\s]+))?(?:/\S*)?)"
    r"|(redirect)=(\S+)",
    re.IGNORECASE,
)
TERM = re.compile(
    rf"{SIGN}(?:all|(?:include|exists):{NAME}|(?:a|mx)(?::{NAME})?{PREFIX}|ptr(?::{NAME})?)"
    rf"|(?:redirect|exp)={NAME}|(?!redirect=|exp=)[a-z][\w.-]*=.*",
    re.IGNORECASE,
)


def is_record(text: str) -> bool:
    """Whether a TXT is an SPF record (RFC 7208 section 4.5): the version, then a blank or the end.

    Quoted strings of a grammar match in any case (RFC 5234 section 2.3).
    """
    return text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")


def terms_of(record: str) -> list[str]:
    """Return the terms after the version; only blanks part them."""
    return [term for term in record.split(" ")[1:] if term]


def published_among(texts: Sequence[str]) -> list[str]:
    """Return the SPF records among the TXT at a name, else the first that was meant as one."""
    records = [text for text in texts if is_record(text)]
    return records or [text for text in texts if MEANT.match(text)][:1]


def terms_read(text: str) -> list[str]:
    """Return the terms of an SPF record, of a text meant as one, or of bare mechanisms."""
    plain_record = is_record(text) and not NOT_PLAIN.search(text)
    return terms_of(text) if plain_record else _terms_meant(text)


def _terms_meant(text: str) -> list[str]:
    plain_text = NOT_PLAIN.sub("", SPECIAL_BLANK.sub(" ", text)).strip()
    return [term for term in re.split(r"[\s,;]+", VERSION.sub("", plain_text)) if term]


def respaced(terms: Iterable[str]) -> list[str]:
    """Return the terms as they were meant: parted where two are one, joined where one is two."""
    text = NO_BLANK_AFTER.sub(r"\1", COMMA.sub(" ", " ".join(terms)))
    return BLANK_BEFORE_ALL.sub(" ", BLANK_BEFORE.sub(" ", text)).split()


def is_term(text: str) -> bool:
    """Whether receivers can read a term (RFC 7208 section 12); unknown modifiers are allowed."""
    kind, _, value = text.lower().lstrip(QUALIFIERS).partition(":")
    if kind in ("ip4", "ip6"):
        return isinstance(_network(value), NETWORKS[kind])
    return TERM.fullmatch(text) is not None


def is_all(term: str) -> bool:
    """Whether a term is `all`, with any qualifier."""
    return term.lower().lstrip(QUALIFIERS) == "all"


def is_redirect(term: str) -> bool:
    """Whether a term is a redirect modifier."""
    return term.lower().startswith("redirect=")


def is_modifier(term: str) -> bool:
    """Whether a term is a modifier, whose place in the record is free (RFC 7208 section 6)."""
    return re.match(r"[a-z][\w.-]*=", term, re.IGNORECASE) is not None


def effective(terms: list[str]) -> list[str]:
    """Return what a receiver comes to: nothing after `all`, and no redirect beside it."""
    for place, term in enumerate(terms):
        if is_all(term):
            return [before for before in terms[:place] if not is_redirect(before)]
    return terms


def plain(term: str, name: str) -> str:
    """Return a term in the one form in which it can be compared, for the record at `name`.

    Lower case, no `+`, `a` and `mx` with their name, addresses canonical, redirect as an include.
    """
    text = term.lower().removeprefix("+")
    if is_redirect(text):
        text = "include:" + text.removeprefix("redirect=")
    if text in ("a", "mx"):
        text = f"{text}:{name.lower()}"
    kind, _, value = text.partition(":")
    if kind in ("ip4", "ip6"):
        network = _network(value)
        return f"{kind}:{network}" if network else text
    return text.rstrip(".")


def covers(terms: Iterable[str], wanted: str, name: str) -> bool:
    """Whether one of these terms of the record at `name` says what a wanted, plain term says."""
    return any(_covers(plain(term, name), wanted) for term in terms)


def _covers(published: str, wanted: str) -> bool:
    if published == wanted:
        return True
    kind, _, value = wanted.partition(":")
    if kind not in ("ip4", "ip6") or not published.startswith(kind + ":"):
        return False
    larger, smaller = _network(published.partition(":")[2]), _network(value)
    if isinstance(larger, ipaddress.IPv4Network) and isinstance(smaller, ipaddress.IPv4Network):
        return smaller.subnet_of(larger)
    if isinstance(larger, ipaddress.IPv6Network) and isinstance(smaller, ipaddress.IPv6Network):
        return smaller.subnet_of(larger)
    return False


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def references(terms: list[str]) -> list[str]:
    """Return the names a record leads on to. Those with macros depend on the mail and are left."""
    compared = (plain(term, "") for term in effective(terms))
    names = (term.removeprefix("include:") for term in compared if term.startswith("include:"))
    return [name for name in names if name and "%" not in name]


def lookup_of(term: str) -> tuple[str, str] | None:
    """Return the kind and the name of a term that costs a DNS look-up (RFC 7208 section 4.6.4).

    The name is in lower case without its trailing dot, and empty for a bare `a`, `mx` or `ptr`.
    """
    found = LOOKUP.fullmatch(term)
    if found is None:
        return None
    kind, *name = (group for group in found.groups() if group)
    return kind.lower(), "".join(name).lower().rstrip(".")


def mended(terms: Iterable[str]) -> list[str]:
    """Return the terms that can be read, parted rightly, with a colon, `all` behind the others."""
    named = [EQUALS_SIGN.sub(r"\1\2:", term) for term in respaced(terms)]
    readable = [term for term in named if is_term(term)]
    ends = [DEFAULT_ALL if term.lower() in ("all", "+all") else term for term in readable]
    first = next((term for term in ends if is_all(term)), None)
    rest = [term for term in ends if not is_all(term)]
    return rest if first is None else ended(rest, first)


def ended(terms: Iterable[str], end: str) -> list[str]:
    """Return terms without `all` with this end: behind the mechanisms, before the modifiers."""
    terms = list(terms)
    return [
        *(term for term in terms if not is_modifier(term)),
        end,
        *(term for term in terms if is_modifier(term)),
    ]


def text_of(terms: Iterable[str]) -> str:
    """Return the record with these terms."""
    return " ".join(["v=spf1", *terms])
