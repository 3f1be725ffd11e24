"""An SPF record as receivers read it: all its terms, by the grammar (RFC 7208 section 12)."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from dnscheck.spf.evaluation import Result
from dnscheck.spf.macros import FLAGS, FOREIGN, is_domain_spec, is_macro_string
from dnscheck.spf.terms import terms_of

RESULTS = {
    "": Result.PASS,
    "+": Result.PASS,
    "-": Result.FAIL,
    "~": Result.SOFTFAIL,
    "?": Result.NEUTRAL,
}
MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)", FLAGS)
ONCE = ("redirect", "exp")  # section 6
MECHANISM = re.compile(r"([-+?~]?)(all|include|a|mx|ptr|ip4|ip6|exists)([:/].*)?", FLAGS)
NAME_REQUIRED, NAME_ALLOWED = ("include", "exists"), ("include", "exists", "a", "mx", "ptr")
LENGTH = "(0|[1-9][0-9]{0,2})"  # of a prefix; no leading zeros
NAME_AND_LENGTHS = re.compile(rf"(|:.+?)(?:/{LENGTH})?(?://{LENGTH})?")
NETWORK = re.compile(rf":([0-9a-f:.]+)(?:/{LENGTH})?", FLAGS)
LONGEST = {"ip4": 32, "ip6": 128}
MOST_SHOWN = 80  # characters of a term in a sentence


@dataclass(frozen=True)
class Term:
    """A mechanism, or a modifier that counts. `text` is as written, `result` what a match gives.

    `target` is the name as written, with macros, and empty where the domain itself is meant.
    `lengths` are the prefixes of `a` and `mx` for IPv4 and IPv6 addresses.
    """

    text: str
    kind: str
    result: Result = Result.PASS
    target: str = ""
    lengths: tuple[int, int] = (LONGEST["ip4"], LONGEST["ip6"])
    network: IPv4Network | IPv6Network | None = None


@dataclass(frozen=True)
class Record:
    """The terms to evaluate, in order with the redirect last, and the name of an explanation."""

    terms: tuple[Term, ...]
    exp: str = ""


def parse(text: str) -> Record:
    """Return what an SPF record says; unknown modifiers say nothing.

    Raises `ValueError` with a sentence when a term breaks the grammar, wherever it stands
    (section 4.6).
    """
    if FOREIGN.search(text):
        raise ValueError("The record holds octets that are not printable ASCII.")
    mechanisms: list[Term] = []
    modifiers: dict[str, Term] = {}
    for written in terms_of(text):
        modifier = _modifier(written)
        if modifier is None:
            mechanisms.append(_mechanism(written))
        elif modifier.kind in ONCE and modifier.kind in modifiers:
            raise ValueError(f"The record says {modifier.kind}= more than once.")
        else:
            modifiers[modifier.kind] = modifier
    last = [modifiers["redirect"]] if "redirect" in modifiers else []
    return Record((*mechanisms, *last), modifiers["exp"].target if "exp" in modifiers else "")


def _modifier(written: str) -> Term | None:
    found = MODIFIER.fullmatch(written)
    if found is None:
        return None
    kind, value = found[1].lower(), found[2]
    _demand(is_domain_spec(value) if kind in ONCE else is_macro_string(value), written)
    return Term(written, kind, target=value)


def _mechanism(written: str) -> Term:
    found = MECHANISM.fullmatch(written)
    if found is None:
        raise ValueError(f"“{written[:MOST_SHOWN]}” is neither a mechanism nor a modifier of SPF.")
    result, kind, rest = RESULTS[found[1]], found[2].lower(), found[3] or ""
    if kind in LONGEST:
        return Term(written, kind, result, network=_network(kind, rest, written))
    lengths = Term.lengths
    if kind in ("a", "mx"):
        rest, lengths = _lengths(rest, written)
    if rest or kind in NAME_REQUIRED:
        _demand(kind in NAME_ALLOWED and rest.startswith(":") and is_domain_spec(rest[1:]), written)
    return Term(written, kind, result, rest[1:], lengths)


def _lengths(rest: str, written: str) -> tuple[str, tuple[int, int]]:
    """Return the name with its colon, and the prefix lengths behind it."""
    found = NAME_AND_LENGTHS.fullmatch(rest)
    if found is None:
        raise _broken(written)
    name, four, six = found.groups()
    lengths = int(four or LONGEST["ip4"]), int(six or LONGEST["ip6"])
    _demand(lengths[0] <= LONGEST["ip4"] and lengths[1] <= LONGEST["ip6"], written)
    return name, lengths


def _network(kind: str, rest: str, written: str) -> IPv4Network | IPv6Network:
    found = NETWORK.fullmatch(rest)
    if found is None:
        raise _broken(written)
    network = IPv4Network if kind == "ip4" else IPv6Network
    try:
        return network(f"{found[1]}/{found[2] or LONGEST[kind]}", strict=False)
    except ValueError:
        raise _broken(written) from None


def _demand(is_right: bool, written: str) -> None:
    if not is_right:
        raise _broken(written)


def _broken(written: str) -> ValueError:
    return ValueError(f"The term “{written[:MOST_SHOWN]}” breaks the grammar of SPF.")
