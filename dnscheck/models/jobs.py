"""State: rows that are jobs of their own, each in the hands of one worker at a time."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import F, Q

FAR = dt.timedelta(hours=1)  # no lease is that long: the clock was ahead when it was written

Row = TypeVar("Row", bound=models.Model)


class JobQuerySet(models.QuerySet[Row]):
    """Claims by conditional update.

    The rows have `claimed_until`, `claim_token`, `announced_until` and `tries`; those of which
    `waiting` is true are wanted.
    """

    waiting: ClassVar[Q]

    def claimable(self, now: dt.datetime) -> Self:
        """Return what waits and is in nobody's hands."""
        return self.filter(_is_over("claimed_until", now), self.waiting)

    def due(self, now: dt.datetime) -> Self:
        """Return what waits, is in nobody's hands and was not announced lately."""
        return self.claimable(now).filter(_is_over("announced_until", now))

    def claim(self, pk: int, now: dt.datetime, lease: dt.timedelta) -> str:
        """Take a waiting row; return the token of the claim, or nothing if it was taken."""
        token = uuid.uuid4().hex
        waiting = self.filter(pk=pk).claimable(now)
        taken = waiting.update(claim_token=token, claimed_until=now + lease, tries=F("tries") + 1)
        return token if taken else ""

    def held(self, pk: int, token: str) -> Self:
        """Return the row while this claim holds it, else nothing."""
        return self.filter(pk=pk, claim_token=token)


def _is_over(name: str, now: dt.datetime) -> Q:
    ends: dict[str, Any] = {f"{name}__lte": now}
    return Q(**{name: None}) | Q(**ends) | Q(**{f"{name}__gt": now + FAR})
