"""Provider inputs: makes clean values of what an admin pasted, or says what to paste instead."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from smtp.providers.base import Input, Provider, Scope
from smtp.providers.keys import read_key
from smtp.providers.mechanisms import read_mechanisms
from smtp.providers.parts import ADDRESS, UUID
from smtp.providers.pasting import (
    OtherDomainError,
    bare,
    found_in,
    is_part,
    key_in,
    name_in,
    other_choice,
    value_in,
)
from smtp.providers.secrets import PRIVATE_KEY, only_value, secret_in

MOST_OF_A_KEY, MOST_CHARACTERS = 4_000, 600  # with the record around it

_ABBREVIATED = re.compile(r"\*{3,}|•{3,}|…|\.\.\.")
_NAME = re.compile(r"[A-Za-z0-9_.-]+")
# A domain as registries sell it, so that nothing else is repeated as one.
_DOMAIN = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,24}|xn--[a-z0-9-]{1,59})"
)


class Cleaned(NamedTuple):
    """Clean values, a sentence for each bad one, and one for each whose reading needs a word."""

    values: dict[str, str]
    errors: dict[str, str]
    notes: dict[str, str]


def clean_inputs(
    provider: Provider, scope: Scope, raw: Mapping[str, str], domain: str = ""
) -> Cleaned:
    """Return clean values, errors and notes, all by input name, for the inputs of one scope.

    `domain` is the sending domain, if there is one. Values the provider does not ask for, or not
    with the choices made, are passed over; one that is not given becomes its default. An error
    is a sentence for a person; of what was pasted it repeats a host name or an address at most.
    """
    cleaned = Cleaned({}, {}, {})
    chosen = {**raw, **_chosen(provider, raw)}
    for item in provider.inputs_for(scope, chosen):
        given = raw.get(item.name) or item.default
        value, error = _read(provider, item, given, chosen, domain)
        if error:
            cleaned.errors[item.name] = error
            continue
        cleaned.values[item.name] = value
        if value != given.strip() and not item.choices:
            cleaned.notes[item.name] = f"{item.label}: {_note(item, value)}"
    for name, error in (_repeated(provider, cleaned.values) | _halves(provider, cleaned)).items():
        cleaned.errors[name] = error
        cleaned.values.pop(name, None)
        cleaned.notes.pop(name, None)
    return cleaned


def completed(raw: Mapping[str, str]) -> dict[str, str]:
    """Return inputs with the selector that stands in a whole DKIM record, if none was given."""
    name = name_in(raw.get("public_key", ""))
    if raw.get("selector", "").strip() or "._domainkey" not in name or "selector" not in raw:
        return dict(raw)
    return {**raw, "selector": name}


def _chosen(provider: Provider, raw: Mapping[str, str]) -> dict[str, str]:
    """Return the choices as they are compared."""
    return {
        item.name: bare(raw[item.name]).lower()
        for item in provider.inputs
        if item.choices and raw.get(item.name)
    }


def _read(
    provider: Provider, item: Input, given: str, chosen: Mapping[str, str], domain: str
) -> tuple[str, str]:
    """Return the clean value of one input, and an error or nothing."""
    if error := _refused(item, given):
        return "", error
    if item.choices:
        value = bare(given).lower()
        known = {choice.lower(): choice for choice in item.choices}
        return known.get(value, ""), "" if value in known else _not_one_of(item)
    if _is_key(item):
        return _read_key(provider, item, given, domain)
    if "\n" in given.strip():
        return "", "There are several lines. Paste one record at a time."
    if item.name == "mechanism":
        return _read_mechanism(item, given, domain)
    if domain and bare(given).rstrip(".").lower() == domain and not _may_be_domain(item, domain):
        return "", "This is the domain itself. Enter only the part before it."
    return _read_part(provider, item, given, chosen, domain)


def _read_part(
    provider: Provider, item: Input, given: str, chosen: Mapping[str, str], domain: str
) -> tuple[str, str]:
    """Return the value that a record's name, value or line holds for an input."""
    filled = provider.filled(chosen)
    made = {other.name: filled[other.name] for other in provider.inputs if other.choices}
    if other := other_choice(provider, item, given, made):
        return "", _of_another_choice(*other)
    try:
        value = found_in(item, given, provider.recipe_for(chosen), made, domain)
    except OtherDomainError as error:
        return "", _other(str(error), domain)
    return value, _error(item, value)


def _refused(item: Input, given: str) -> str:
    """Return why a text is not even looked at, or nothing."""
    what = _secret(given, item)
    if what == PRIVATE_KEY:
        return (
            "This is a private key and must not leave your server. Paste the public key; "
            "if anybody else has seen the private key, make a new pair."
        )
    if what:
        return f"This looks like {what}. It is not for the DNS: keep it secret."
    if len(given) > (MOST_OF_A_KEY if _is_key(item) else MOST_CHARACTERS):
        return "This is too long for one value."
    return ""


def _secret(text: str, item: Input | None) -> str:
    """Return what secret a text holds; a UUID is one where none is asked for."""
    if item and item.pattern != UUID and re.fullmatch(UUID, only_value(text)):
        return "an API token"
    return secret_in(text)


def _of_another_choice(choice: Input, values: list[str]) -> str:
    """Return the sentence for a line that another choice would call for."""
    if len(values) > 1:
        belongs = f"another choice of “{choice.label}”"
    else:
        belongs = f"“{choice.label}: {choice.labels.get(values[0], values[0])}”"
    return f"The pasted record is for {belongs}. Change the choice, or paste the record for it."


def _read_mechanism(item: Input, given: str, domain: str) -> tuple[str, str]:
    """Return SPF mechanisms out of a list of them, a whole record or a zone-file line."""
    text = value_in(given) if "v=spf1" in given.lower() else bare(given)
    value = " ".join(text.split())
    error = _error(item, value)
    if error or not value:
        return "", error
    try:
        return read_mechanisms(value, domain), ""
    except ValueError as problem:
        return "", str(problem)


def _may_be_domain(item: Input, domain: str) -> bool:
    """Whether a whole domain fits here, as the target of an alias does."""
    return re.fullmatch(item.pattern, domain) is not None if item.pattern else True


def _other(name: str, domain: str) -> str:
    shown = name if _DOMAIN.fullmatch(name) else "another domain"
    return f"This record belongs to {shown}, not to {domain}. Copy the one for {domain}."


def _error(item: Input, value: str) -> str:
    if not value:
        return _needed(item)
    fits = not item.pattern or re.fullmatch(item.pattern, value)
    if not fits and _ABBREVIATED.search(value):
        return "This was abbreviated by the page it was copied from. Copy the whole value."
    if not value.isascii() or not value.isprintable():
        return (
            "One of these characters is no plain ASCII, or cannot be seen. "
            "Type the value by hand, and a domain with other letters in its xn-- form."
        )
    if not fits and "@" not in item.pattern and re.fullmatch(ADDRESS, value):
        return f"This is an e-mail address. {item.help}".strip()
    if not fits:
        return f"This does not look like what is meant. {item.help}".strip()
    is_name = not item.multiline and _NAME.fullmatch(value)
    if is_name and any(len(label) > 63 for label in value.split(".")):
        return "A part between two dots has at most 63 characters (RFC 1035)."
    return ""


def _is_key(item: Input) -> bool:
    return item.name == "public_key"


def _read_key(provider: Provider, item: Input, given: str, domain: str) -> tuple[str, str]:
    """Return the base64 of a public key out of a bare key, PEM, a tag list or a zone-file line."""
    name = name_in(given)
    _, _, rest = name.partition("._domainkey")
    if domain and rest.strip(".") and not is_part(rest.strip("."), domain):
        return "", _other(rest.strip("."), domain)
    key = key_in(given)
    if not key:
        return "", _needed(item)
    error = _error(item, key)
    try:
        if not error and read_key(key).kind != "rsa" and not _takes_any_key(provider):
            error = f"This is an Ed25519 key. {provider.name} signs with RSA: copy the RSA key."
    except ValueError as problem:
        error = str(problem)
    return key, error


def _takes_any_key(provider: Provider) -> bool:
    """Whether the records tell the kind of the key, so that it need not be RSA."""
    return any("key_type" in template.placeholders for template in provider.recipe)


def _needed(item: Input) -> str:
    return f"{item.label} is needed. {item.help}".strip() if item.required else ""


def _not_one_of(item: Input) -> str:
    return f"Choose one of these: {', '.join(item.choices)}."


def _note(item: Input, value: str) -> str:
    if _is_key(item):
        return "the key was taken out of what you pasted."
    return f"read as {value} from what you pasted."


def _repeated(provider: Provider, values: Mapping[str, str]) -> dict[str, str]:
    """Return errors for numbered inputs, such as token1 and token2, that hold the same value."""
    errors: dict[str, str] = {}
    seen: dict[tuple[str, str], Input] = {}
    for item in provider.inputs:
        value = values.get(item.name, "").lower()
        series = item.name.rstrip("0123456789")
        if not value or series == item.name:
            continue
        if earlier := seen.get((series, value)):
            errors[item.name] = f"This is the same as {earlier.label}; each one is different."
        seen.setdefault((series, value), item)
    return errors


def _halves(provider: Provider, cleaned: Cleaned) -> dict[str, str]:
    """Return errors for inputs left empty although others of the same record are given."""
    errors: dict[str, str] = {}
    free = {item.name: item for item in provider.inputs if not item.choices and not item.default}
    for template in provider.recipe_for(cleaned.values):
        named = sorted(template.placeholders & free.keys() & cleaned.values.keys())
        given = [name for name in named if cleaned.values[name]]
        for name in named:
            if given and not cleaned.values[name]:
                partner = free[given[0]].label
                errors[name] = f"This belongs together with “{partner}”: enter both, or neither."
    return errors


def is_secret(text: str, item: Input | None = None) -> bool:
    """Whether a text is a private key or another secret that is never shown or published.

    With its `item` this is so exactly when `clean_inputs` refuses it as one. Without, a bare UUID
    counts as none: there are tokens of that shape, and public identifiers.
    """
    return bool(_secret(text, item))
