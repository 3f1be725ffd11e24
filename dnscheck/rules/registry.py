"""Every finding the product can give, gathered from the modules that hold their words.

`document` writes them down for people: it is the text of docs/findings.md.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType

from dnscheck import (
    alignment,
    conflicts,
    diagnosis,
    received,
    rules,
    spf,
    standpoints,
    survey,
    voluntary,
)
from dnscheck.findings import Finding, Severity
from dnscheck.rules.host import COULD_NOT_ASK, NOT_THERE, REASONS, WORDS

# A package is searched with all of its modules.
PLACES = (rules, spf, alignment, standpoints, voluntary, diagnosis, conflicts, survey, received)
AREAS = {
    "host": "Where a record is",
    "spf": "SPF",
    "dkim": "DKIM",
    "dmarc": "DMARC",
    "cname": "CNAME records",
    "mx": "MX records",
    "token": "Challenge tokens",
    "tlsrpt": "Reports on encryption (TLS-RPT)",
    "mtasts": "Encryption that senders demand (MTA-STS)",
    "bimi": "Logos in mailboxes (BIMI)",
    "recipe": "What the portal needs to know",
    "dns": "What could not be asked, or does not exist",
    "view": "Name servers, caches and signatures",
    "mail": "A received mail that was pasted",
}
SEVERITIES = {
    Severity.ERROR: "breaks sending, or the provider's verification. The record counts as wrong "
    "or missing.",
    Severity.WARNING: "works partly or at some receivers, or could not be asked. A warning never "
    "makes a record wrong.",
    Severity.INFO: "is good to know. Nothing has to be done.",
}
BEGINNING = """\
# Findings

Every finding of a DNS check has a code. A code is stable: it is never renamed and never given
another meaning, so other programs may rely on it, while its words may still get better. Its
severity is one of three:

{severities}

One code may be said more mildly than is written here: of a record that is only recommended, or
where mail gets through all the same. Words in braces are filled in for each record. A finding
also lists what was seen, as published, and the edits to make at the DNS host.

This file is written by `make findings`.
"""


def every() -> list[Finding]:
    """Return all findings by area and code, their words not filled in.

    One that is said of each kind of record is there once for each. Raises `ValueError` if one
    has an area that is not in `AREAS`.
    """
    constants = {
        value
        for module in _modules()
        for value in vars(module).values()
        if isinstance(value, Finding)
    }
    found = [finding for constant in constants for finding in _said_of_each(constant)]
    order = list(AREAS)
    return sorted(found, key=lambda one: (order.index(area_of(one)), one.code, one.title))


def area_of(finding: Finding) -> str:
    """Return the part of a finding's code that says what it is about, such as `spf`."""
    return finding.code.partition(".")[0]


def document() -> str:
    """Return the findings as a Markdown text."""
    severities = "\n".join(f"- **{name.value}** {text}" for name, text in SEVERITIES.items())
    parts, said = [BEGINNING.format(severities=severities)], set[str]()
    for finding in every():
        for heading in (f"## {AREAS[area_of(finding)]}\n", f"### `{finding.code}`\n"):
            if heading not in said:
                parts.append(heading)
            said.add(heading)
        parts.append(_entry(finding))
    return "\n".join(parts)


def _modules() -> Iterator[ModuleType]:
    for place in PLACES:
        yield place
        for inner in pkgutil.iter_modules(getattr(place, "__path__", ())):
            yield importlib.import_module(f"{place.__name__}.{inner.name}")


def _said_of_each(finding: Finding) -> Iterator[Finding]:
    """Yield a finding, once for each kind of record if it is said of several."""
    if "{area}" not in finding.code:
        yield finding
        return
    for area, what in kinds_of(finding).items():
        code = finding.code.replace("{area}", area)
        yield replace(finding, code=code, title=finding.title.replace("{what}", what))


def kinds_of(finding: Finding) -> dict[str, str]:
    """Return the kinds of record, by area, of which a finding without an area is said."""
    if finding is NOT_THERE:
        return WORDS
    return {standard.area: standard.what for standard in voluntary.STANDARDS}


def _entry(finding: Finding) -> str:
    lines = (
        f"{finding.severity.value}: **{finding.title}**\n",
        f"- Why: {finding.why}",
        f"- What to do: {finding.fix}",
        *(_causes() if finding is COULD_NOT_ASK else ()),
    )
    return "\n".join(lines) + "\n"


def _causes() -> Iterator[str]:
    """Yield what fills the words of a question that nobody answered."""
    yield ""
    for reason, (because, advice) in REASONS.items():
        yield f"- {reason.value}: {because} {advice}"
