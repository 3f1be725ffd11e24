"""Required records as other tools want them: exact enough to be read back, quoted as each needs.

Optional records are named as a remark and never exported: one of them may divert all mail.
"""

from collections.abc import Iterable

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

__all__ = ["FORMATS", "FOR_MANY", "Export", "Format", "get", "render", "render_many"]

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
# In which several domains can stand in one file.
FOR_MANY = (spreadsheet.FORMAT, bind.FORMAT, table.FORMAT)
_BY_SLUG = {format.slug: format for format in FORMATS}


def get(slug: str) -> Format:
    """Return a format by its slug; raise `KeyError` for one that is not known."""
    return _BY_SLUG[slug]


def render(slug: str, export: Export) -> str:
    """Return an export in the format with this slug; raise `KeyError` for an unknown one."""
    return get(slug).render(export)


def render_many(slug: str, exports: Iterable[Export]) -> str:
    """Return several exports as one file; raise `KeyError` for a format that cannot hold them."""
    format = {format.slug: format for format in FOR_MANY}[slug]
    texts = [format.render(export) for export in exports]
    if format is spreadsheet.FORMAT:  # one line of headings
        lines = [text.splitlines(keepends=True) for text in texts]
        return "".join(line for own in lines[:1] for line in own[:1]) + "".join(
            line for own in lines for line in own[1:]
        )
    return "\n".join(texts)
