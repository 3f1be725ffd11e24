"""SPF records as they were meant: slips of the pen in their terms, and how each is put right."""

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from ipaddress import ip_network

from dnscheck.spf.macros import MACRO
from dnscheck.spf.record import parse
from dnscheck.spf.terms import DEFAULT_ALL, QUALIFIERS, ended, is_all, is_redirect, text_of

NAMED = "include|a|mx|ptr|exists|ip4|ip6|ip|ipv4|ipv6"
SIGN = f"[{QUALIFIERS}]?"
EQUALS_SIGN = re.compile(rf"({SIGN})({NAMED})=", re.IGNORECASE)
NO_BLANK_AFTER = re.compile(
    rf"(?<!\S)({SIGN}(?:include|exists|ip4|ip6):) +(?=[\w%])", re.IGNORECASE
)
BLANK_IN_SIGN = re.compile(
    rf"(?<!\S)([{QUALIFIERS}]) +(?=(?:{NAMED}|all)(?![^\s:/,;]))", re.IGNORECASE
)
WITH_A_LIST = re.compile(rf"({SIGN}(?:include|a|mx|ip4|ip6):)([^%]*[,;][^%]*)", re.IGNORECASE)
BEGINS_A_TERM = re.compile(
    rf"{SIGN}(?:(?:{NAMED}|redirect|exp)[:=]|(?:a|mx|ptr|all)(?:/|$))", re.IGNORECASE
)
COMMA = re.compile(
    rf"(?<![,;])[,;]+(?=\s|$|{SIGN}(?:include|ip4|ip6|a|mx|all|redirect)\b)", re.IGNORECASE
)
BLANK_BEFORE = re.compile(
    rf"(?<=[^\s{QUALIFIERS}])(?={SIGN}(?:include|exists|ip4|ip6):|redirect=)", re.IGNORECASE
)
BLANK_BEFORE_ALL = re.compile(rf"(?<=\S)(?=(?:[{QUALIFIERS}]all){{1,3}}(?:\s|$))", re.IGNORECASE)
ADDRESS = re.compile(
    rf"({SIGN})(?:(?:{NAMED}):)?([0-9a-f:.]+|\[[0-9a-f:.]+\])(/[0-9.]+)?", re.IGNORECASE
)
WITH_NAME = re.compile(
    rf"({SIGN}(?:include|a|mx|ptr|exists):|(?:redirect|exp)=)(.+)", re.IGNORECASE
)
SCHEME = re.compile(r"[a-z]+:/+", re.IGNORECASE)
BEHIND_A_NAME = re.compile(r"[/?#:]")
IN_NO_NAME = re.compile(r"[@:/?#<>()\[\]]")
MODIFIER_WITH_COLON = re.compile(r"(redirect|exp):", re.IGNORECASE)
NO_BRACES = re.compile(r"%([slodihv])(?![a-z0-9])", re.IGNORECASE)
NOT_CLOSED = re.compile(r"%\{([slodihv]\d*r?)(?![-.+,/_=]*\})", re.IGNORECASE)
MISSPELT = re.compile(rf"({SIGN})([a-z]{{5,10}})[:=](.+)", re.IGNORECASE)
LIKENESS = 0.75  # of letters that a misspelt mechanism has in common with the one meant
VERSION_AGAIN = "v=spf1"  # of a second record that was pasted behind the first


class Slip(StrEnum):
    """What is wrong with a term."""

    EQUALS = "equals"  # an equals sign where a colon belongs
    COLON = "colon"  # a colon where an equals sign belongs
    ADDRESS = "address"  # an address that is not named as its kind is
    NAME = "name"  # more than a name where a name belongs
    MACRO = "macro"
    UNREADABLE = "unreadable"


def respaced(terms: Iterable[str]) -> list[str]:
    """Return the terms as they were meant: parted where two are one, joined where one is two."""
    return _respaced(" ".join(map(_each_alone, terms))).split()


@lru_cache(maxsize=1024)
def _respaced(text: str) -> str:
    joined = BLANK_IN_SIGN.sub(r"\1", text)
    parted = NO_BLANK_AFTER.sub(r"\1", COMMA.sub(" ", joined))
    return BLANK_BEFORE_ALL.sub(" ", BLANK_BEFORE.sub(" ", parted))


@lru_cache(maxsize=4096)
def is_term(text: str) -> bool:
    """Whether receivers can read a term (RFC 7208 section 12), and a host may have its name."""
    try:
        record = parse(text_of([text]))
    except ValueError:
        return False
    names = [*(term.target for term in record.terms), record.exp]
    return bool(text) and not any(IN_NO_NAME.search(MACRO.sub("", name)) for name in names)


@lru_cache(maxsize=4096)
def read(term: str) -> tuple[str, Slip | None]:
    """Return a term as it was meant, empty if nobody can tell, and what is wrong with it."""
    if EQUALS_SIGN.match(term):
        return read(EQUALS_SIGN.sub(r"\1\2:", term))[0], Slip.EQUALS
    if is_term(term):
        return term, None
    for slip, right in RIGHTED.items():
        if is_term(better := right(term)):
            return better, slip
    return "", Slip.MACRO if "%" in term else Slip.UNREADABLE


def mended(terms: Iterable[str]) -> list[str]:
    """Return the terms that can be read, as they were meant, with `all` behind the mechanisms.

    `all` lets nobody pass. A redirect that would not count is an include (sections 6 and 6.1).
    """
    readable = [meant for meant, _ in map(read, respaced(terms)) if meant]
    ends = [DEFAULT_ALL if t.lower() in ("all", "+all") else t for t in readable if is_all(t)]
    rest = [term for term in readable if not is_all(term) and term.lower() != VERSION_AGAIN]
    if ends or len(set(filter(is_redirect, rest))) > 1:
        rest = [as_include(term) for term in rest]
    return ended(rest, ends[0]) if ends else rest


def as_include(term: str) -> str:
    """Return a redirect as the include of the same name, and any other term as it is."""
    return "include:" + term.partition("=")[2] if is_redirect(term) else term


@lru_cache(maxsize=4096)
def _each_alone(term: str) -> str:
    """Return names or addresses behind one mechanism, parted by commas, each with its own."""
    found = WITH_A_LIST.fullmatch(term)
    parts = re.split("[,;]+", found[2].strip(",;")) if found else []
    if found is None or any(map(BEGINS_A_TERM.match, parts)):
        return term
    return " ".join(f"{found[1]}{part}" for part in parts)


def _with_equals_sign(term: str) -> str:
    return MODIFIER_WITH_COLON.sub(r"\1=", term, count=1)


def _with_its_kind(term: str) -> str:
    """Return an address behind the name of its kind, a netmask as the length of a prefix."""
    found = ADDRESS.fullmatch(term)
    if found is None:
        return ""
    sign, address, length = found[1], found[2].strip("[]"), found[3] or ""
    try:
        network = ip_network(address + length, strict=False)
    except ValueError:
        return ""
    written = str(network) if "." in length else address + length
    return f"{sign}ip{network.version}:{written}"


def _with_name_alone(term: str) -> str:
    """Return a term without what stands around its name: scheme, mailbox, port, path, brackets."""
    found = WITH_NAME.fullmatch(term)
    if found is None:
        return ""
    host = SCHEME.sub("", found[2].strip("<>()[]"), count=1).rpartition("@")[2]
    return found[1] + BEHIND_A_NAME.split(host)[0]


def _with_braces(term: str) -> str:
    return NOT_CLOSED.sub(r"%{\1}", NO_BRACES.sub(r"%{\1}", term))


def _spelt(term: str) -> str:
    """Return a term whose mechanism has letters too many, too few or swapped."""
    found = MISSPELT.fullmatch(term)
    known = get_close_matches(found[2].lower(), ("include", "exists"), 1, LIKENESS) if found else []
    return f"{found[1]}{known[0]}:{found[3]}" if found and known else ""


RIGHTED: dict[Slip, Callable[[str], str]] = {
    Slip.COLON: _with_equals_sign,
    Slip.ADDRESS: _with_its_kind,
    Slip.NAME: _with_name_alone,
    Slip.MACRO: _with_braces,
    Slip.UNREADABLE: _spelt,
}
