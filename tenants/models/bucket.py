"""State: buckets of tries, so that nobody can guess passwords as fast as a machine can ask."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from hashlib import blake2b

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

KEPT = dt.timedelta(days=1)  # by then every bucket is full again


@dataclass(frozen=True)
class Limit:
    """What a bucket holds, and how long it takes until one more try is in it."""

    tries: int
    refilled_in: dt.timedelta


def _key(name: str) -> str:
    return blake2b(name.encode(), digest_size=16).hexdigest()


class BucketQuerySet(models.QuerySet["Bucket"]):
    """Takes tries while the row is held: of two at once, each takes its own."""

    def take(self, name: str, limit: Limit, now: dt.datetime) -> bool:
        """Take one try out of a bucket; return whether there was one."""
        key = _key(name)
        with transaction.atomic():
            row, is_new = self.select_for_update().get_or_create(
                key=key, defaults={"left": limit.tries, "at": now}
            )
            if is_new:
                self.filter(at__lt=now - KEPT).delete()
            waited = max(now - row.at, dt.timedelta(0))
            left = min(row.left + waited / limit.refilled_in, limit.tries)
            has_one = left >= 1
            self.filter(pk=row.pk).update(left=left - 1 if has_one else left, at=now)
        return has_one

    def give_back(self, name: str) -> None:
        """Put one try back; the next one that is taken sees to it that there are not too many."""
        self.filter(key=_key(name)).update(left=F("left") + 1)

    def fill(self, name: str) -> None:
        """Forget what was taken."""
        self.filter(key=_key(name)).delete()


class Bucket(models.Model):
    """How many tries are left of something, as of a time. Of what, only a digest is kept."""

    key = models.CharField(max_length=32, unique=True)
    left = models.FloatField(_("left"))
    at = models.DateTimeField(_("as of"), db_index=True)

    objects = BucketQuerySet.as_manager()

    class Meta:
        verbose_name = _("bucket of tries")
        verbose_name_plural = _("buckets of tries")

    def __str__(self) -> str:
        return self.key
