"""A Domain Connect template (its specification, version 2.2, section Template Definition).

Applied to the zone without a host. The format cannot escape a `%`: two of them in a value, as
SPF macros have, are taken for a variable, and a value that is a single `@` for the domain.
"""

import json
from typing import Any

from dnscheck.exports.base import OPTIONAL, Export, Format, priority
from dnscheck.records import RequiredRecord
from dnscheck.spf.merging import merged_spf
from dnscheck.spf.terms import is_all, terms_of
from smtp.providers.base import Match

# What has to make room at a name that can hold only one such record.
CONFLICTS = {
    Match.SPF: {"txtConflictMatchingMode": "Prefix", "txtConflictMatchingPrefix": "v=spf1"},
    Match.DMARC: {"txtConflictMatchingMode": "Prefix", "txtConflictMatchingPrefix": "v=DMARC1"},
    Match.DKIM_KEY: {"txtConflictMatchingMode": "All"},
}


def render(export: Export) -> str:
    """Return the template as JSON."""
    about = [f"The records for mail from {export.domain}, for the zone {export.zone}."]
    about += export.cautions
    if export.left_out:
        about += [OPTIONAL, *export.left_out]
    template = {
        "providerId": export.zone,
        "providerName": export.zone,
        "serviceId": "mail-" + export.domain.replace(".", "-"),
        "serviceName": f"Mail from {export.domain}",
        "version": 1,
        "description": " ".join(about),
        "records": [_record(record, export) for record in export.wanted],
    }
    return json.dumps(template, indent=2) + "\n"


def _record(record: RequiredRecord, export: Export) -> dict[str, Any]:
    host = export.relative(record.name)
    if record.match is Match.SPF and (rules := _spf_rules(record)):
        return {"type": "SPFM", "host": host, "spfRules": rules}
    data: dict[str, Any] = {"type": record.type, "host": host}
    if record.type == "TXT":
        data |= {"data": record.value, **CONFLICTS.get(record.match, {})}
    else:
        data["pointsTo"] = record.value
    if record.type == "MX":
        data["priority"] = priority(record)
    return {**data, "ttl": export.ttl}


def _spf_rules(record: RequiredRecord) -> str:
    """Return the terms the DNS host merges with those of others, nothing if there are none.

    It sets version and end itself, and beside that end a redirect would not count.
    """
    merged = terms_of(merged_spf((record.value,), name=record.name, end="~all"))
    return " ".join(term for term in merged if not is_all(term))


FORMAT = Format(
    slug="domain-connect",
    label="Domain Connect template",
    about=(
        "A template for DNS hosts that can set records up by themselves; it has to be published "
        "first."
    ),
    suffix=".json",
    content_type="application/json",
    render=render,
)
