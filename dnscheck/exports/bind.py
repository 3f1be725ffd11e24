"""Lines for a zone file (RFC 1035 section 5.1), as BIND, NSD, Knot and many DNS hosts read it."""

from dnscheck.exports.base import (
    Export,
    Format,
    about,
    comment,
    dotted,
    paragraphs,
    remarks,
    zone_value,
)


def render(export: Export) -> str:
    """Return the lines; every name is absolute, so that no `$ORIGIN` before them matters."""
    head = comment(
        ";",
        f"Records for mail from {export.domain}: to be added to the zone file of {export.zone}. "
        "Afterwards raise the serial number in its SOA record.",
    )
    lines = [
        f"{comment(';', about(record))}\n"
        f"{dotted(record.name)} {export.ttl} IN {record.type} {zone_value(record)}"
        for record in export.wanted
    ]
    return paragraphs(head, *lines, remarks(";", export))


FORMAT = Format(
    slug="bind",
    label="Zone file (BIND)",
    about="Lines for a zone file, with full names: BIND, NSD, Knot and PowerDNS read them.",
    suffix=".zone",
    content_type="text/plain; charset=utf-8",
    render=render,
)
