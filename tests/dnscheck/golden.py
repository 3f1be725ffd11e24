"""The golden files: for each provider what a setting gets, and the very records to publish.

One JSON file a provider, named by its slug and written from the provider's own documentation:

- `smtp`: the host for each choice of setting inputs, each port with its security, which of them
  is recommended, and the user name when it is the same for everybody;
- `cases`: `about`, `inputs`, and for each of two domains the list of records as
  [need, type, absolute name, value]. An MX value begins with its preference.

KEY and KEY1024 stand for a public key of 2048 and of 1024 bits, NEEDS for required, recommended
and optional.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from config.lab.zones import KEY
from dnscheck.records import RequiredRecord

FOLDER = Path(__file__).parent / "goldens"
DOMAINS = ("example.com", "mail.example.co.uk")
KEY1024 = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC0BJmLpPt9SbYV0sz3GFwmlhPHBiqvbnoqT8lWdOuxEjrNmOYSYxMs"
    "uShZ+GMYyKE7eqZPWSBxfzg2TTxIWsHiq0jyf5Wb8gz6mvi/pGMfsPZa9Y+VGlS7YOJTqdMeI8Lrnn06fGUZbM33lZwI"
    "1MeDuPdOR4o5sTmq3T4dSpZRnQIDAQAB"
)


def slugs() -> list[str]:
    """Return the slugs that have a golden file."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def read(slug: str) -> dict[str, Any]:
    """Return a golden file with its keys filled in."""
    text = (FOLDER / f"{slug}.json").read_text()
    filled: dict[str, Any] = json.loads(text.replace("KEY1024", KEY1024).replace("KEY", KEY))
    return filled


def cases() -> Iterator[tuple[str, dict[str, str], str, list[list[str]]]]:
    """Yield slug, inputs, domain and expected records of every case of every provider."""
    for slug in slugs():
        for case in read(slug)["cases"]:
            for domain in DOMAINS:
                yield slug, case["inputs"], domain, case[domain]


def as_row(record: RequiredRecord) -> list[str]:
    """Return a record as golden files write it."""
    need = "optional" if record.optional else "required" if record.required else "recommended"
    before = "" if record.priority is None else f"{record.priority} "
    return [need, record.type, record.name, before + record.value]
