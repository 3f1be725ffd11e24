"""Terraform resources: version 5 of the Cloudflare provider, and Route 53 of the AWS provider.

What a provider makes of a TXT value is its own: Cloudflare wants the strings of a zone file,
each in quotation marks; the AWS provider puts those marks around a value itself, so that only
the ones between two strings are written (its documentation of `aws_route53_record`).
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator

from dnscheck.exports.base import (
    Export,
    Format,
    about,
    comment,
    escaped_strings,
    paragraphs,
    plain_value,
    priority,
    remarks,
    zone_value,
)
from dnscheck.records import RequiredRecord
from smtp.providers.base import Match

ZONE_ID = """variable "zone_id" {
  type        = string
  description = "The zone's identifier at the DNS host."
}"""
# A name may have several of these, so the value is part of what they are called.
SEVERAL = (Match.EXACT, Match.MX, Match.MX_ONLY)


def cloudflare(export: Export) -> str:
    """Return one resource for each record."""
    names = _resource_names(_identity(record) for record in export.wanted)
    blocks = [
        _block(
            "cloudflare_dns_record",
            name,
            [record],
            {
                "name": quoted(record.name),
                "type": quoted(record.type),
                "content": quoted(zone_value(record) if record.type == "TXT" else record.value),
                "priority": str(priority(record)) if record.type == "MX" else "",
                "ttl": str(export.ttl),
                "proxied": "false",
            },
        )
        for name, record in zip(names, export.wanted, strict=True)
    ]
    return paragraphs(_head(export), ZONE_ID, *blocks, remarks("#", export))


def route53(export: Export) -> str:
    """Return one resource for each record set: all values of one name and type."""
    sets: dict[tuple[str, str], list[RequiredRecord]] = {}
    for record in export.wanted:
        sets.setdefault((record.type, record.name), []).append(record)
    names = _resource_names((("_".join(key), " ".join(key), False)) for key in sets)
    blocks = [
        _block(
            "aws_route53_record",
            name,
            records,
            {
                "name": quoted(records[0].name),
                "type": quoted(records[0].type),
                "ttl": str(export.ttl),
                "records": "[\n" + "".join(f"    {_value(r)},\n" for r in records) + "  ]",
            },
        )
        for name, records in zip(names, sets.values(), strict=True)
    ]
    caution = comment(
        "#",
        "A record set holds all values of its name and type: where one is published already, "
        "import it and add its values here.",
    )
    head = f"{_head(export)}\n{caution}"
    return paragraphs(head, ZONE_ID, *blocks, remarks("#", export))


def quoted(text: str) -> str:
    """Return a string literal of HCL, in which `${` and `%{` would begin a template."""
    return json.dumps(text).replace("${", "$${").replace("%{", "%%{")


def _value(record: RequiredRecord) -> str:
    if record.type == "TXT":
        return quoted('""'.join(escaped_strings(record.value)))
    return quoted(plain_value(record))


def _head(export: Export) -> str:
    return comment(
        "#",
        f"Records for mail from {export.domain}: set zone_id to the zone {export.zone}, and drop "
        "the variable if your configuration has it already.",
    )


def _block(kind: str, name: str, records: list[RequiredRecord], attributes: dict[str, str]) -> str:
    """Return a resource as `terraform fmt` lays it out."""
    given = {"zone_id": "var.zone_id", **{key: text for key, text in attributes.items() if text}}
    width = max(map(len, given))
    lines = [comment("#", about(record)) for record in records]
    lines.append(f'resource "{kind}" "{name}" {{')
    lines += [f"  {key:<{width}} = {text}" for key, text in given.items()]
    return "\n".join([*lines, "}"])


def _identity(record: RequiredRecord) -> tuple[str, str, bool]:
    """Return a readable name of a record, all that tells it from others, and if that is needed."""
    readable = f"{record.type}_{record.name}_{record.purpose}"
    return readable, f"{readable} {plain_value(record)}", record.match in SEVERAL


def _resource_names(identities: Iterable[tuple[str, str, bool]]) -> Iterator[str]:
    """Yield a name for each resource. It stays when others come, go or change places.

    Only of two that would have the same name, such as those for a.b and a_b, the second is told
    from the first by a digest, as are all that may have company from the beginning.
    """
    taken: set[str] = set()
    for readable, full, may_be_several in identities:
        name = re.sub("[^a-z0-9-]", "_", readable.lower())
        if may_be_several or name in taken:
            name = f"{name}_{hashlib.sha256(full.encode()).hexdigest()[:8]}"
        taken.add(name)
        yield name


CLOUDFLARE = Format(
    slug="terraform-cloudflare",
    label="Terraform for Cloudflare",
    about="Resources for the Cloudflare provider, version 5.",
    suffix=".tf",
    content_type="text/plain; charset=utf-8",
    render=cloudflare,
)
ROUTE53 = Format(
    slug="terraform-route53",
    label="Terraform for Route 53",
    about="Resources for the AWS provider; values of one name and type are one record set.",
    suffix=".tf",
    content_type="text/plain; charset=utf-8",
    render=route53,
)
