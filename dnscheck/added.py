"""A record added by hand, from what a person typed to what the DNS would show."""

import re

from dnscheck.names import absolute

MOST_CHARACTERS = 4_000  # of a TXT value: far more than any mail record has
MOST_TYPED = 3 * MOST_CHARACTERS  # with each of them in quotation marks

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})+")
_STRING = r'"(?:[^"\\]|\\.)*"'  # a character-string as zone files write it (RFC 1035 section 5.1)
_STRINGS = re.compile(rf"{_STRING}(?:\s*{_STRING})*")


def clean_record_name(typed: str, domain: str) -> str:
    """Return the absolute name of a record inside a domain; `@` and relative names are allowed.

    Raises `ValueError` with a sentence for the person.
    """
    typed = typed.strip().lower()
    name = absolute(typed, domain)
    if typed.endswith(".") and typed != f"{name}.":
        raise ValueError(f"A dot at the end means the full name, and this one is not in {domain}.")
    if not _HOST.fullmatch(name):
        raise ValueError("Use letters, digits, hyphens and underscores between dots.")
    return name


def clean_record_value(type: str, typed: str) -> str:
    """Return the value of a TXT, CNAME or MX record; an MX may begin with its preference.

    Raises `ValueError` with a sentence for the person.
    """
    if type == "TXT":
        return _text(typed.strip())
    *before, host = typed.lower().split() or [""]
    host = host.rstrip(".")
    if not _HOST.fullmatch(host):
        raise ValueError("Enter a host name, such as mail.example.com.")
    if before and type != "MX":
        raise ValueError("Enter one host name and nothing else.")
    return f"{_preference(before)} {host}" if before else host


def _preference(words: list[str]) -> int:
    number = words[0]
    if len(words) > 1 or not re.fullmatch(r"[0-9]{1,5}", number) or int(number) > 65535:
        raise ValueError("Before the host stands one number from 0 to 65535.")
    return int(number)


def _text(typed: str) -> str:
    """Return a TXT value as one text: strings in quotation marks are joined."""
    if len(typed) <= MOST_TYPED and _STRINGS.fullmatch(typed):
        strings = re.findall(_STRING, typed)
        typed = "".join(re.sub(r"\\(.)", r"\1", string[1:-1]) for string in strings)
    if not 0 < len(typed) <= MOST_CHARACTERS or not typed.isascii() or not typed.isprintable():
        raise ValueError("Enter one line of at most 4,000 plain (ASCII) characters.")
    return typed
