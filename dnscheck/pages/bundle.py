"""Page: the records of many domains as one file, in a constant number of queries."""

from collections.abc import Collection

from django.db.models import Max, Prefetch

from dnscheck import exports
from dnscheck.findings import RecordVerdict
from dnscheck.models import Check, DomainQuerySet, RecordCheck, SendingDomain
from dnscheck.pages import handout
from dnscheck.pages.handout import Known
from dnscheck.required import RECIPES, records_of
from smtp.providers.base import Purpose

MOST_EXPORTED = 200  # domains in one file


def bundle(rows: DomainQuerySet, slug: str) -> str:
    """Return the file with the records of the first `MOST_EXPORTED` of these; empty without any.

    Raises `KeyError` for a format in which several domains cannot stand in one file.
    """
    domains = list(
        rows.order_by("name", "pk").prefetch_related(
            Prefetch("recipes", RECIPES.all()), "added_records"
        )[:MOST_EXPORTED]
    )
    known = _known([domain.pk for domain in domains])
    made = [_export(domain, known[domain.pk]) for domain in domains]
    return exports.render_many(slug, [export for export in made if export.records])


def _export(domain: SendingDomain, known: Known) -> exports.Export:
    records = records_of(domain, domain.recipes.all())
    return handout.export_of(domain, records, known)


def _known(pks: Collection[int]) -> dict[int, Known]:
    """Return what was last seen of each domain, by its id."""
    found = {pk: Known() for pk in pks}
    last = Check.objects.filter(domain__in=pks).order_by().values("domain").annotate(last=Max("pk"))
    latest = RecordCheck.objects.filter(parent__in=[row["last"] for row in last])
    for row in latest.select_related("parent"):
        found[row.parent.domain_id].seen[row.name, row.type, row.expected] = row
    sights = RecordCheck.objects.filter(
        parent__domain__in=pks, purpose__in=(Purpose.SPF, Purpose.DMARC)
    ).exclude(verdict=RecordVerdict.UNKNOWN)
    newest = sights.order_by().values("parent__domain", "name", "type", "purpose")
    ids = [row["last"] for row in newest.annotate(last=Max("pk"))]
    for row in RecordCheck.objects.filter(pk__in=ids).select_related("parent"):
        found[row.parent.domain_id].sights[row.name, row.type, row.purpose] = row
    return found
