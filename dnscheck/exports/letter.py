"""A mail to whoever looks after the DNS: everything needed to publish the records, no secrets."""

from dnscheck.exports.base import (
    PURPOSES,
    STRING_OCTETS,
    Export,
    Format,
    need,
    paragraphs,
    priority,
    prose,
)
from dnscheck.records import RequiredRecord
from smtp import providers
from smtp.providers.base import Category, Match

SPLITTING = (
    "Each value is one text, without quotation marks around it. If a form takes no more than "
    f"{STRING_OCTETS} characters, enter it in pieces of that length."
)


def render(export: Export) -> str:
    """Return the text, to be sent as it is."""
    wanted = export.wanted
    long = any(len(record.value) > STRING_OCTETS for record in wanted)
    return paragraphs(
        "Hello,",
        prose(_reason(export)),
        *(_item(number, record, export) for number, record in enumerate(wanted, start=1)),
        prose(f"A TTL of {export.ttl} seconds is fine for all of them."),
        prose(SPLITTING) if long else "",
        *(prose(_spf_warning(record)) for record in wanted if record.match is Match.SPF),
        *(prose(_dmarc_warning(record)) for record in wanted if record.match is Match.DMARC),
        *(prose(caution) for caution in export.cautions),
        _left_out(export),
        "Thank you!",
    )


def _reason(export: Export) -> str:
    slugs = dict.fromkeys(slug for record in export.records for slug in record.providers)
    pages = [providers.get(slug) for slug in slugs]
    names = " and ".join(page.name for page in pages if page.category is not Category.GENERIC)
    sends = f"{names} will send mail from {export.domain} for us." if names else ""
    return (
        f"{sends or f'We send mail from {export.domain}.'} Please publish the following records in "
        f"the DNS zone {export.zone}, so that other mail systems can tell our mail from forgeries."
    )


def _item(number: int, record: RequiredRecord, export: Export) -> str:
    lines = [
        f"{number}. {record.type} record, {need(record)}",
        f"   Name:        {record.name}",
        f"   In the zone: {export.relative(record.name)}",
    ]
    if record.type == "MX":
        lines.append(f"   Priority:    {priority(record)}")
    lines.append(f"   Value:       {record.value}")
    purpose = f"{PURPOSES[record.purpose]}. {record.why}"
    lines.append(prose(purpose, "   Purpose:     ", " " * 16))
    return "\n".join(lines)


def _spf_warning(record: RequiredRecord) -> str:
    parts = ", ".join(record.mechanisms) or record.value
    return (
        f"Important: {record.name} can have only one SPF record. If there is a TXT record that "
        "begins with v=spf1 already, change that one and do not add a second: put what it does "
        f"not have yet ({parts}) before its last part, the one that ends in “all”."
    )


def _dmarc_warning(record: RequiredRecord) -> str:
    return f"If {record.name} has a DMARC record already, keep it as it is."


def _left_out(export: Export) -> str:
    if not export.left_out:
        return ""
    lines = (prose(line, "- ", "  ") for line in export.left_out)
    return "\n".join(["Please publish these only if we ask for them:", *lines])


FORMAT = Format(
    slug="mail",
    label="Text for a mail",
    about="For whoever looks after the DNS. It holds no secrets.",
    suffix=".txt",
    content_type="text/plain; charset=utf-8",
    render=render,
)
