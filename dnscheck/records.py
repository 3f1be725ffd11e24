"""From a recipe, a domain and what the admin gave to the exact records that must be published."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from string import Formatter

from dnscheck.names import absolute
from smtp import providers
from smtp.providers.base import Input, Match, Provider, Purpose, RecordTemplate, Scope


@dataclass(frozen=True)
class RequiredRecord:
    """One record this domain needs, absolute and complete.

    `name` has no trailing dot; `value` is one text however long (the DNS host splits it), for MX
    the host alone with `priority` beside it. `providers` lists the slugs that ask for it.
    """

    purpose: Purpose
    name: str
    type: str
    value: str
    match: Match
    required: bool = True
    priority: int | None = None
    mechanisms: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    why: str = ""
    without: str = ""
    note: str = ""


@dataclass(frozen=True)
class Recipe:
    """A provider's recipe with this tenant's inputs, or an empty slug for records by hand."""

    provider: str
    inputs: Mapping[str, str]


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
    return tuple(wanted.values())


def missing_inputs(recipe: Recipe) -> tuple[Input, ...]:
    """Return the inputs a recipe still needs before all of its records can be told."""
    provider = providers.get(recipe.provider)
    needed = provider.inputs_for(Scope.DOMAIN)
    return tuple(item for item in needed if item.required and not recipe.inputs.get(item.name))


def _from_recipes(domain: str, recipes: Sequence[Recipe]) -> Iterable[RequiredRecord]:
    for recipe in recipes:
        provider = providers.get(recipe.provider)
        values = _placeholders(provider, recipe.inputs, domain)
        for template in provider.recipe:
            if all(values.get(name) for name in _names_in(template)):
                yield _filled(template, values, domain, provider.slug)


def _placeholders(provider: Provider, inputs: Mapping[str, str], domain: str) -> dict[str, str]:
    defaults = {item.name: item.default for item in provider.inputs}
    given = {name: value.strip() for name, value in inputs.items() if value.strip()}
    values = {**defaults, **given, "domain": domain}
    return {**values, **provider.compute(values)}


def _names_in(template: RecordTemplate) -> set[str]:
    texts = (template.host, template.value, *template.mechanisms)
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


def _filled(
    template: RecordTemplate, values: Mapping[str, str], domain: str, slug: str
) -> RequiredRecord:
    return RequiredRecord(
        purpose=template.purpose,
        name=absolute(template.host.format_map(values), domain),
        type=template.type,
        value=template.value.format_map(values),
        match=template.match,
        required=template.required,
        priority=template.priority,
        mechanisms=tuple(text.format_map(values) for text in template.mechanisms),
        providers=(slug,),
        why=template.why,
        without=template.without,
        note=template.note,
    )


def _merge_key(record: RequiredRecord) -> tuple[str, str, str]:
    """Return what makes two wanted records one: an SPF or DMARC name, else the whole record."""
    if record.match in (Match.SPF, Match.DMARC):
        return record.name, record.type, record.match
    return record.name, record.type, record.value


def _merged(first: RequiredRecord, second: RequiredRecord) -> RequiredRecord:
    values = {Match.SPF: _merged_spf, Match.DMARC: _merged_dmarc}
    merge = values.get(first.match, lambda one, _other: one)
    return replace(
        first,
        value=merge(first.value, second.value),
        required=first.required or second.required,
        mechanisms=_union(first.mechanisms, second.mechanisms),
        providers=_union(first.providers, second.providers),
    )


def _union(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _merged_spf(first: str, second: str) -> str:
    """Return one record with the mechanisms of both and the softer of their two ends."""
    terms = _union(first.split()[1:], second.split()[1:])
    ends = [term for term in terms if term.lower().lstrip("+-~?") == "all"]
    end = "~all" if "~all" in ends or not ends else ends[0]
    return " ".join(("v=spf1", *(term for term in terms if term not in ends), end))


def _merged_dmarc(first: str, second: str) -> str:
    """Return the policy both suggest, or the one that only watches when they differ."""
    same = first.replace(" ", "").rstrip(";") == second.replace(" ", "").rstrip(";")
    return first if same else "v=DMARC1; p=none"
