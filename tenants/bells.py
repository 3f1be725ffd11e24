"""Verb: tells a worker that there is something to do, as far as the broker can be reached.

Nothing is counted on a bell: what nobody heard is rung for again by the next sweep, since the row
that it is about still waits.
"""

import logging
from collections.abc import Callable

from django.db import transaction

logger = logging.getLogger(__name__)

Ring = Callable[[int], object]  # with the id of the row that waits


def ring_for(ring: Ring, what: str, pk: int) -> None:
    """Ring now; a broker that is down is logged, and only delays what is announced again."""
    try:
        ring(pk)
    except Exception:
        logger.exception("The broker could not be told of %s %s.", what, pk)


def ring_later(ring: Ring, pk: int) -> None:
    """Ring once the row can be seen by others. A broker that is down is logged by Django."""
    transaction.on_commit(lambda: ring(pk), robust=True)
