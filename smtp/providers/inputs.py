"""Provider inputs: makes clean values of what an admin pasted, or says what to paste instead."""

import base64
import re
from collections.abc import Mapping

from smtp.providers.base import Input, Provider, Scope

PRIVATE_KEY = "This is a private key"  # how the sentence about one begins
_ARMOUR = re.compile(r"-----(?:BEGIN|END) [A-Z0-9 ]+-----")
_PRIVATE = re.compile(r"PRIVATE KEY", re.IGNORECASE)
# Tag p of RFC 6376 section 3.6.1, with something in it.
_KEY_TAG = re.compile(r"(?:^|[;\s\"'(])p\s*=\s*(?=[A-Za-z0-9\"'])([^;]*)")
_QUOTES = "\"'“”„‘’«»`"
_LABEL_ENDS = ("._domainkey", ".dkim.")


def clean_inputs(
    provider: Provider, scope: Scope, raw: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return clean values and errors, both by input name, for the inputs of one scope.

    Values the provider does not ask for are passed over; one that is not given becomes its
    default. An error is one sentence for a person and never repeats what was pasted.
    """
    values: dict[str, str] = {}
    errors: dict[str, str] = {}
    for item in provider.inputs_for(scope):
        given = raw.get(item.name) or item.default
        value = _clean(item, given)
        if error := _error(item, given, value):
            errors[item.name] = error
        else:
            values[item.name] = value
    errors |= _repeated(provider, values)
    return {name: value for name, value in values.items() if name not in errors}, errors


def _is_key(item: Input) -> bool:
    return item.name == "public_key"


def _is_private(key: str) -> bool:
    """Return whether this base64 begins as a private key does: a SEQUENCE, then a small INTEGER.

    That is the version number of RFC 8017 section A.1.2, RFC 5958 section 2 and RFC 5915
    section 3. In a public key comes another SEQUENCE, or the large modulus.
    """
    try:
        head = base64.b64decode(key[:16], validate=True)
    except ValueError:
        return False
    if len(head) < 12 or head[0] != 0x30:
        return False
    content = 2 + (head[1] & 0x7F if head[1] & 0x80 else 0)
    return head[content : content + 2] == b"\x02\x01"


def _clean(item: Input, text: str) -> str:
    text = text.strip().strip(_QUOTES).strip()
    if _is_key(item):
        return _key(text)
    if item.name == "selector" or re.fullmatch(r"token\d*", item.name):
        return _label(text)
    if item.choices:
        return text.lower()
    return text


def _key(text: str) -> str:
    """Return the base64 of a public key out of a bare key, PEM, a tag list or a zone-file line."""
    text = _ARMOUR.sub("", text)
    if tag := _KEY_TAG.search(text):
        text = tag[1]
    return "".join(character for character in text if character not in _QUOTES + "()\\").translate(
        str.maketrans("", "", " \t\r\n\v\f\u00a0\u200b\ufeff")
    )


def _label(text: str) -> str:
    """Return the selector or token of a pasted record name, or of an alias target."""
    for end in _LABEL_ENDS:
        place = text.lower().find(end)
        if place > 0:
            return text[:place]
    return text.removesuffix(".")


def _error(item: Input, given: str, value: str) -> str:
    if _is_key(item) and (_PRIVATE.search(given) or _is_private(value)):
        return (
            f"{PRIVATE_KEY} and must not leave your server. Paste the public key; "
            "if anybody else has seen the private key, make a new pair."
        )
    if not value:
        return f"{item.label} is needed. {item.help}".strip() if item.required else ""
    if item.choices and value not in item.choices:
        return f"Choose one of these: {', '.join(item.choices)}."
    if item.pattern and not re.fullmatch(item.pattern, value):
        return f"This does not look like what is meant. {item.help}".strip()
    if any(len(label) > 63 for label in value.split(".")) and not _is_key(item):
        return "A part between two dots has at most 63 characters (RFC 1035)."
    return ""


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
