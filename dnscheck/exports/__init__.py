"""Required records as other tools want them: exact enough to be read back, quoted as each needs.

Optional records are named as a remark and never exported: one of them may divert all mail.
"""

from dnscheck.exports import (
    bind,
    dnscontrol,
    domain_connect,
    letter,
    octodns,
    spreadsheet,
    table,
    terraform,
)
from dnscheck.exports.base import Export, Format

__all__ = ["FORMATS", "Export", "Format", "get", "render"]

FORMATS: tuple[Format, ...] = (
    table.FORMAT,
    bind.FORMAT,
    terraform.CLOUDFLARE,
    terraform.ROUTE53,
    octodns.FORMAT,
    dnscontrol.FORMAT,
    domain_connect.FORMAT,
    spreadsheet.FORMAT,
    letter.FORMAT,
)
_BY_SLUG = {format.slug: format for format in FORMATS}


def get(slug: str) -> Format:
    """Return a format by its slug; raise `KeyError` for one that is not known."""
    return _BY_SLUG[slug]


def render(slug: str, export: Export) -> str:
    """Return an export in the format with this slug; raise `KeyError` for an unknown one."""
    return get(slug).render(export)
