"""Verbs: keep what a verdict rests on, so that a sweep can tell that it still does."""

from collections.abc import Sequence

from dnscheck.diagnosis import DomainResult
from dnscheck.models import Basis
from dnscheck.verdicts import Result
from dnscheck.watching import wire


def of(result: DomainResult) -> bytes:
    """Return the answers a good result rests on, packed; nothing if they cannot be compared.

    They cannot if one of them is none, came in another way than by a datagram, or is unusual.
    """
    answers = result.rests_on
    if result.result is not Result.GOOD or not all(answer.definitive for answer in answers):
        return b""
    if not all(answer.exchanges for answer in answers):
        return b""
    return wire.pack(result.domain, (pair for answer in answers for pair in answer.exchanges))


def keep(rows: Sequence[Basis]) -> None:
    """Store the answers of domains, each with the digest of what was expected of it then."""
    Basis.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["domain"],
        update_fields=["expected", "answers"],
    )
