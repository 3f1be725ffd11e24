"""State: a digest of all that tells what must be published for a domain.

It covers the rows the required records are made from, and the code that makes records of them and
judges: a verdict from other rows, or by another version of Relaydesk, is no longer the same.
"""

from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from django.db.models import Aggregate, Model, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import JSONArray

from dnscheck.models import AddedRecord, DomainRecipe, SendingDomain

ROOT = Path(__file__).resolve().parents[2]
RULES = (ROOT / "dnscheck", ROOT / "smtp" / "providers")
DIGEST = 16  # octets
OF_A_RECIPE = (
    *("provider", "inputs", "setting_id", "setting__provider", "setting__username"),
    *("setting__from_address", "setting__inputs"),
)
OF_AN_ADDED_RECORD = ("name", "type", "value")


class _Joined(Aggregate):
    """Texts of a group, one after the other."""

    output_field = TextField()
    function = "GROUP_CONCAT"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return the same as PostgreSQL has it."""
        text = "(%(expressions)s)::text"
        template = f"STRING_AGG({text}, ',' ORDER BY {text})"  # else in any order, each time
        return super().as_sql(compiler, connection, template=template, **context)


def _rows(model: type[Model], *columns: str) -> Subquery:
    """Return all rows of a model that belong to a domain, as one text."""
    of_domain = model._default_manager.filter(domain=OuterRef("pk")).order_by().values("domain")
    return Subquery(of_domain.annotate(told=_Joined(JSONArray(*columns))).values("told"))


# What `digest` wants beside the name of a domain, as columns of a query.
COLUMNS = {
    "of_recipes": _rows(DomainRecipe, *OF_A_RECIPE),
    "of_added": _rows(AddedRecord, *OF_AN_ADDED_RECORD),
}


def digest(name: str, of_recipes: str | None, of_added: str | None) -> bytes:
    """Return the digest of what is expected of a domain, by the rules of this version."""
    rows = f"{name}\0{of_recipes}\0{of_added}"
    return blake2b(rows.encode(), digest_size=DIGEST, key=_rules()).digest()


def digest_of(pk: int) -> bytes:
    """Return the digest of what is expected of a domain now."""
    rows: QuerySet[SendingDomain] = SendingDomain.objects.filter(pk=pk)
    return digest(*rows.annotate(**COLUMNS).values_list("name", *COLUMNS).get())


@cache
def _rules() -> bytes:
    """Return the digest of the code, read once."""
    told = blake2b(digest_size=DIGEST)
    for folder in RULES:
        for path in sorted(folder.rglob("*.py")):
            told.update(path.read_bytes())
    return told.digest()
