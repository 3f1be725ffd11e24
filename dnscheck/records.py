"""From a recipe, a domain and what the admin gave to the exact records that must be published."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from string import Formatter
from typing import TypeVar

from dnscheck import dmarc
from dnscheck.names import absolute
from dnscheck.spf import terms
from dnscheck.spf.merging import merged_spf
from smtp import providers
from smtp.providers.base import Input, Match, Provider, Purpose, RecordTemplate, Scope

Item = TypeVar("Item")
Sender = tuple[str, str]  # the slug of a provider, and the setting that sends, as in `Recipe`


@dataclass(frozen=True)
class RequiredRecord:
    """One record this domain needs, absolute and complete.

    It is required, recommended, or `optional`: of use for one more feature or in one situation.
    `name` has no trailing dot; `value` is one text however long (the DNS host splits it), for MX
    the host alone with `priority` beside it. `slips` are values published by mistake in its place,
    each with its cause. `providers` lists the slugs that ask for it, and `senders` the same by
    setting. `hosts` are all MX hosts wanted at the name, if there is more than one, in the order in
    which they are needed. `doubt` says what is uncertain about it, and is empty when nothing is.
    """

    purpose: Purpose
    name: str
    type: str
    value: str
    match: Match
    required: bool = True
    optional: bool = False
    priority: int | None = None
    mechanisms: tuple[str, ...] = ()
    slips: tuple[tuple[str, str], ...] = ()
    providers: tuple[str, ...] = ()
    senders: tuple[Sender, ...] = ()
    hosts: tuple[str, ...] = ()
    why: str = ""
    without: str = ""
    note: str = ""
    doubt: str = ""


@dataclass(frozen=True)
class Recipe:
    """A provider's recipe with this tenant's inputs, or an empty slug for records by hand.

    `setting` is the id of the SMTP setting that sends this way, and empty if none is named.
    """

    provider: str
    inputs: Mapping[str, str]
    setting: str = ""


def required_records(
    domain: str, recipes: Sequence[Recipe], added: Sequence[RequiredRecord] = ()
) -> tuple[RequiredRecord, ...]:
    """Return all that must be published for a domain, in the order of its recipes.

    Records that several recipes share are merged: one SPF record a name (RFC 7208 section 4.5
    allows no second one) and one DMARC policy. Raises `KeyError` for an unknown provider.
    """
    wanted: dict[tuple[str, str, str], RequiredRecord] = {}
    for record in (*_from_recipes(domain, recipes), *added):
        key = _merge_key(record)
        wanted[key] = _merged(wanted[key], record) if key in wanted else record
    return tuple(_with_hosts(wanted.values()))


def missing_inputs(recipe: Recipe) -> tuple[Input, ...]:
    """Return the inputs a recipe still needs before all of its records can be told."""
    provider = providers.get(recipe.provider)
    needed = provider.inputs_for(Scope.DOMAIN, recipe.inputs)
    known = provider.filled(recipe.inputs)
    return tuple(item for item in needed if item.required and not known[item.name])


def _from_recipes(domain: str, recipes: Sequence[Recipe]) -> Iterable[RequiredRecord]:
    for recipe in recipes:
        provider = providers.get(recipe.provider)
        values = _placeholders(provider, recipe.inputs, domain)
        for template in provider.recipe_for(values):
            if all(values.get(name) for name in template.placeholders):
                yield _filled(template, values, domain, (provider.slug, recipe.setting))


def _placeholders(provider: Provider, inputs: Mapping[str, str], domain: str) -> dict[str, str]:
    given = {name: value.strip() for name, value in inputs.items()}
    return provider.filled(
        {**given, "domain": domain, "domain_dashes": domain.replace(".", "-")},
    )


def _filled(
    template: RecordTemplate, values: Mapping[str, str], domain: str, sender: Sender
) -> RequiredRecord:
    return RequiredRecord(
        purpose=template.purpose,
        name=absolute(template.host.format_map(values), domain),
        type=template.type,
        value=template.value.format_map(values),
        match=template.match,
        required=template.required,
        optional=template.optional,
        priority=template.priority,
        mechanisms=tuple(
            mechanism
            for text in template.mechanisms
            for mechanism in text.format_map(values).split()
        ),
        slips=tuple(_slips(template, values)),
        providers=sender[:1],
        senders=(sender,),
        why=template.why,
        without=template.without,
        note=template.note,
        doubt=template.source.about if template.source else "",
    )


def _slips(template: RecordTemplate, values: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Yield the wrong values that can be told, each with its cause."""
    right = template.value.format_map(values)
    for text, cause in template.slips:
        needed = [name for _, name, _, _ in Formatter().parse(text) if name]
        if all(values.get(name) for name in needed) and (value := text.format_map(values)) != right:
            yield value, cause


def _merge_key(record: RequiredRecord) -> tuple[str, str, str]:
    """Return what makes two wanted records one: an SPF or DMARC name, else the whole record."""
    if record.match in (Match.SPF, Match.DMARC):
        return record.name, record.type, record.match
    return record.name, record.type, record.value


def _merged(first: RequiredRecord, second: RequiredRecord) -> RequiredRecord:
    slugs = _union(first.providers, second.providers)
    required = first.required or second.required
    value = first.value
    if first.match is Match.SPF:
        value = merged_spf((value, second.value), name=first.name, end=demanded_end(slugs))
    elif first.match is Match.DMARC:
        value = dmarc.merged_dmarc((value, second.value))
    return replace(
        first,
        value=value,
        required=required,
        optional=first.optional and second.optional,
        # What is only recommended is in the value, but its absence is no fault.
        mechanisms=_union(
            *(r.mechanisms for r in (first, second) if r.required or not required),
        ),
        slips=_union(first.slips, second.slips),
        providers=slugs,
        senders=_union(first.senders, second.senders),
    )


def _with_hosts(records: Collection[RequiredRecord]) -> Iterator[RequiredRecord]:
    """Yield the records, each MX record with all hosts that are wanted at its name."""
    by_name: dict[str, list[str]] = {}
    for record in sorted(records, key=lambda record: (not record.required, record.optional)):
        if record.match is Match.MX:
            by_name.setdefault(record.name, []).append(record.value)
    for record in records:
        hosts = by_name.get(record.name, ()) if record.match is Match.MX else ()
        yield replace(record, hosts=tuple(hosts)) if len(hosts) > 1 else record


def _union(*lists: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys(chain(*lists)))


def demanded_end(slugs: Iterable[str]) -> str:
    """Return the `all` that the first provider to demand one demands, or nothing."""
    return next((end for slug in slugs if (end := providers.get(slug).spf_all)), "")


def publishable(
    record: RequiredRecord,
    published: Sequence[str],
    mechanisms: Sequence[str] | None = None,
    dropped: Sequence[str] = (),
) -> str:
    """Return the value to publish for a record where these TXT values are published now.

    What an SPF or DMARC record says already is kept, and what the providers need is added: for
    SPF all their mechanisms, or only those given, and terms that lead nowhere may be dropped. Any
    other record is published as it is wanted.
    """
    if record.match is Match.SPF and (known := terms.published_among(published)):
        asked_by = [providers.get(slug) for slug in record.providers]
        return merged_spf(
            (*record.mechanisms, record.value) if mechanisms is None else mechanisms,
            known,
            name=record.name,
            end=demanded_end(record.providers),
            replaced={old: new for page in asked_by for old, new in page.replaced.items()}
            | dict.fromkeys(dropped, ""),
        )
    if record.match is Match.DMARC and (known := dmarc.published_among(published)):
        return dmarc.merged_dmarc((record.value,), known)
    return record.value
