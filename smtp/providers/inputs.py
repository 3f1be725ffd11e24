"""Provider inputs: makes clean values of what an admin pasted, or says what to paste instead."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from smtp.providers.base import Input, Provider, Scope
from smtp.providers.keys import is_private, read_key
from smtp.providers.pasting import OtherDomainError, bare, found_in, is_part, name_in

_ARMOUR = re.compile(r"-----(?:BEGIN|END) [A-Z0-9 ]+-----")
_PRIVATE = re.compile(r"PRIVATE KEY", re.IGNORECASE)
# Tag p of RFC 6376 section 3.6.1, with something in it.
_KEY_TAG = re.compile(r"(?:^|[;\s\"'(])p\s*=\s*(?=[A-Za-z0-9\"'])([^;]*)")
_NOT_OF_A_KEY = "\"'“”„‘’«»`()\\ \t\r\n\v\f\u00a0\u200b\ufeff"
# Secrets that are never published, by the shape their makers give them.
_SECRETS = (
    (r"(?:AKIA|ASIA)[A-Z0-9]{16}", "an AWS access key"),
    (r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9/+]{40}", "an AWS secret access key"),
    (r"SG\.[\w-]{10,}\.[\w-]{10,}", "a SendGrid API key"),
    (r"x(?:keysib|smtpsib)-\S{20,}", "a Brevo key"),
    (r"re_\w{20,}", "a Resend API key"),
    (r"key-[0-9a-f]{32}", "a Mailgun API key"),
)
_UUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_ABBREVIATED = re.compile(r"\*{3,}|•{3,}|…|\.\.\.")


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
    is one sentence for a person and never repeats what was pasted.
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
    if _PRIVATE.search(given):
        return "", _private()
    if item.choices:
        value = bare(given).lower()
        known = {choice.lower(): choice for choice in item.choices}
        return known.get(value, ""), "" if value in known else _not_one_of(item)
    if _is_key(item):
        return _read_key(provider, item, given, domain)
    if is_private(bare(given)):
        return "", _private()
    if "\n" in given.strip():
        return "", "There are several lines. Paste one record at a time."
    if domain and bare(given).rstrip(".").lower() == domain and not _may_be_domain(item, domain):
        return "", "This is the domain itself. Enter only the part before it."
    filled = provider.filled(chosen)
    made = {other.name: filled[other.name] for other in provider.inputs if other.choices}
    try:
        value = found_in(item, given, provider.recipe_for(chosen), made, domain)
    except OtherDomainError as error:
        return "", _other(str(error), domain)
    return value, _error(item, value)


def _may_be_domain(item: Input, domain: str) -> bool:
    """Whether a whole domain fits here, as the target of an alias does."""
    return re.fullmatch(item.pattern, domain) is not None if item.pattern else True


def _other(name: str, domain: str) -> str:
    return f"This record belongs to {name}, not to {domain}. Copy the one for {domain}."


def _error(item: Input, value: str) -> str:
    if not value:
        return _needed(item)
    for pattern, what in _SECRETS:
        if item.scope is Scope.DOMAIN and re.fullmatch(pattern, value):
            return f"This looks like {what}. It is not for the DNS: keep it secret."
    if item.name == "selector" and re.fullmatch(_UUID, value):
        return "This looks like an API token. The selector stands in the name of the DKIM record."
    if item.pattern and not re.fullmatch(item.pattern, value):
        if _ABBREVIATED.search(value):
            return "This was abbreviated by the page it was copied from. Copy the whole value."
        if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
            return f"This is an e-mail address. {item.help}".strip()
        return f"This does not look like what is meant. {item.help}".strip()
    is_name = not item.multiline and "@" not in value
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
    text = _ARMOUR.sub("", bare(given))
    if tag := _KEY_TAG.search(text):
        text = tag[1]
    key = "".join(character for character in text if character not in _NOT_OF_A_KEY)
    if not key:
        return "", _needed(item)
    if is_private(key):
        return "", _private()
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


def _private() -> str:
    return (
        "This is a private key and must not leave your server. Paste the public key; "
        "if anybody else has seen the private key, make a new pair."
    )


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


def is_secret(text: str) -> bool:
    """Whether a text is a private key or another secret that is never shown or published."""
    value = bare(text)
    key = "".join(character for character in value if character not in _NOT_OF_A_KEY)
    if tag := _KEY_TAG.search(value):
        key = "".join(character for character in tag[1] if character not in _NOT_OF_A_KEY)
    known = any(re.fullmatch(pattern, value) for pattern, _what in _SECRETS)
    return bool(_PRIVATE.search(text)) or is_private(key) or known
