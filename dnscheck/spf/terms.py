"""The terms of an SPF record: found, told apart, and put together again (RFC 7208)."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from dnscheck.spf import macros

Parts = tuple[str, str]
QUALIFIERS = "+~?-"  # the hyphen last, as a character class wants it
REFUSING = "-~?"
DEFAULT_ALL = "~all"
# What a zone file or a form has around a value: owner, TTL, class, type, the words before a field.
AROUND = (
    r"(?:(?:@|\d+[smhdw]?|IN|TXT|SPF|type|ttl|host|name|value|content|data|record"
    r"|[\w*-]+(?:\.[\w-]+)+\.?)\s*(?:[\s:=,;\"'\\]|\\x[0-9a-f]{2}|&quot;)"
    r"(?:[\s,;\"'\\]|\\x[0-9a-f]{2})*){1,8}"
)
QUOTE = r"&(?:quot|apos|\#3[49]);"  # of a page that was copied with its markup
# Records meant as SPF that are none: no blank behind the version, quotes, blanks in front, the
# line of a zone file, the bare mechanism of a console that says "if you already have a record,
# add this".
MEANT = re.compile(
    rf"(?:\\x[0-9a-f]{{2}}|{QUOTE}|[\s\"'\\])*"
    rf"(?:v\s*[=:]\s*spf|spf1\b|(?:include|ip4|ip6):|include=|{AROUND}(?:{QUOTE})?v=spf1\b)",
    re.IGNORECASE,
)
VERSION = re.compile(
    rf"^(?:{AROUND}(?=v=spf1))?(?:v\s*[=:]\s*)?spf\s*[0-9.]*(?:/[a-z]+\b)?[\s,;:]*",
    re.IGNORECASE,
)
SPECIAL_BLANK = re.compile(r"(?:\\x(?:09|0a|0d|c2\\xa0))+", re.IGNORECASE)  # tab, line, no-break
# Dashes and the minus sign, which word processors put in place of a hyphen.
DASH = re.compile(r"\\xe2\\x(?:80\\x9[0-5]|88\\x92)", re.IGNORECASE)
NOT_PLAIN = re.compile(rf"\\x[0-9a-f]{{2}}|{QUOTE}|[\"'\\]", re.IGNORECASE)
# Another text behind the end of a record or before its beginning, with nothing between them.
GLUED_BEHIND = re.compile(
    rf"(v=spf1 (?:\S+ +)*[{QUALIFIERS}]?all)"
    r"(?!(?:include|a|mx|ptr|exists|ip4|ip6|redirect|exp)[:=]|v=spf1)"
    r"([a-z0-9_][\w.-]*[=:]\S.*|[a-z0-9_-]{12,})",
    re.IGNORECASE,
)
GLUED_BEFORE = re.compile(r"([\w.-]+=\S+?)\s*(v=spf1 .*)", re.IGNORECASE)
LOOKUP = re.compile(
    rf"[{QUALIFIERS}]?(?:(include|exists):([^/\s]+)\S*|(a|mx|ptr)(?::([^/\s]+))?(?:/\S*)?)"
    r"|(redirect)=(\S+)",
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


def parted(text: str) -> Parts:
    """Return the SPF record and the other text that are glued together in one, else nothing."""
    if found := GLUED_BEHIND.fullmatch(text):
        return found[1], found[2]
    if (found := GLUED_BEFORE.fullmatch(text)) and not MEANT.match(text):
        return found[2], found[1]
    return "", ""


def published_among(texts: Sequence[str]) -> list[str]:
    """Return the SPF records among the TXT at a name, else the first that was meant as one."""
    records = [text for text in texts if is_record(text)]
    return records or [text for text in texts if MEANT.match(text)][:1]


def terms_read(text: str) -> list[str]:
    """Return the terms of an SPF record, of a text meant as one, or of bare mechanisms."""
    plain_record = is_record(text) and not NOT_PLAIN.search(text)
    return terms_of(text) if plain_record else _terms_meant(text)


def _terms_meant(text: str) -> list[str]:
    typed = DASH.sub("-", SPECIAL_BLANK.sub(" ", text))
    plain_text = NOT_PLAIN.sub("", typed).strip()
    return [term for term in re.split(r"[\s,;]+", VERSION.sub("", plain_text)) if term]


@lru_cache(maxsize=4096)
def is_all(term: str) -> bool:
    """Whether a term is `all`, with any qualifier."""
    return term.lower().lstrip(QUALIFIERS) == "all"


def is_refusing(term: str) -> bool:
    """Whether a term is a mechanism other than `all` whose match is no pass."""
    return term[:1] in REFUSING and not is_all(term)


def is_redirect(term: str) -> bool:
    """Whether a term is a redirect modifier."""
    return term[:9].lower() == "redirect="


def is_exp(term: str) -> bool:
    """Whether a term is the modifier that names an explanation."""
    return term.lower().startswith("exp=")


def is_modifier(term: str) -> bool:
    """Whether a term is a modifier, whose place in the record is free (RFC 7208 section 6)."""
    return re.match(r"[a-z][\w.-]*=", term, re.IGNORECASE) is not None


def effective(terms: Sequence[str]) -> list[str]:
    """Return what a receiver comes to, in its order (RFC 7208 sections 4.6.2, 5.1 and 6.1).

    There is nothing after `all`, and no redirect beside it; else the redirect comes last.
    """
    for place, term in enumerate(terms):
        if is_all(term):
            return [before for before in terms[:place] if not is_redirect(before)]
    return sorted(terms, key=is_redirect)


def leads_to(term: str) -> str:
    """Return the name whose record a passing include or a redirect leads on to, in lower case.

    It is empty for all others, and for a name with macros, which depends on the mail.
    """
    kind, name = lookup_of(term) or ("", "")
    leads_on = kind in ("include", "redirect") and not is_refusing(term) and "%" not in name
    return name if leads_on else ""


def settled(term: str, name: str, sender: str) -> str:
    """Return a term of the record at `name` as it reads for all mail from the domain `sender`.

    Only the macros of those two names are settled by then (RFC 7208 section 7.2).
    """
    if "%" not in term or not macros.letters(term) <= {"d", "o"}:
        return term
    return macros.expand(term, {"d": name, "o": sender})


@lru_cache(maxsize=4096)
def lookup_of(term: str) -> tuple[str, str] | None:
    """Return the kind and the name of a term that costs a DNS look-up (RFC 7208 section 4.6.4).

    The name is in lower case without its trailing dot, and empty for a bare `a`, `mx` or `ptr`.
    """
    found = LOOKUP.fullmatch(term)
    if found is None:
        return None
    kind, *name = (group for group in found.groups() if group)
    return kind.lower(), "".join(name).lower().rstrip(".")


def ended(terms: Sequence[str], end: str) -> list[str]:
    """Return terms without `all` with this end: behind the mechanisms, before the modifiers."""
    return [
        *(term for term in terms if not is_modifier(term)),
        end,
        *(term for term in terms if is_modifier(term)),
    ]


def text_of(terms: Iterable[str]) -> str:
    """Return the record with these terms."""
    return " ".join(["v=spf1", *terms])
