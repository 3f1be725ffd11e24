"""Page: what was told, and how it reached people."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.html import format_html
from django.utils.translation import gettext as _

from smtp.models import Call, CallState, Letter, LetterState, Webhook
from tenants.models import Notice, Tenant, Topic
from tenants.pages.language import english

GIVEN_UP_FOR = dt.timedelta(days=7)  # so long a page says that calls were given up


@dataclass
class Mails:
    """What became of the mails about one batch of notices; `trouble` is the last failed attempt."""

    numbers: dict[str, int] = field(default_factory=dict)
    trouble: dict[str, Any] | None = None

    @property
    def parts(self) -> list[tuple[str, int]]:
        """The states with their words, and how many mails are in each."""
        return [(str(LetterState(state).label), number) for state, number in self.numbers.items()]


@dataclass(frozen=True)
class Row:
    """One notice with its mails; None if there were none."""

    notice: Notice
    mails: Mails | None

    @property
    def is_english(self) -> bool:
        """Whether its text is that of a hint or a finding, which pure modules write."""
        topic, cause = self.notice.topic, self.notice.cause
        return cause.startswith("domain.behind:") or (
            topic == Topic.SETTING_FAILING and cause != "unknown"
        )

    @property
    def text(self) -> str:
        """Its text; the cause of a shared trouble, which a hint names, is marked as English."""
        cause, dot, rest = self.notice.text.partition(". ")
        is_named = cause != _("The reason is not known")
        if self.notice.topic == Topic.INCIDENT_OPENED and is_named:
            return format_html("{}{}{}", english(cause), dot, rest)
        return self.notice.text


def notices(tenant: Tenant | None, topic: str) -> QuerySet[Notice]:
    """Return the notices of a tenant, or the operators' own, the newest first."""
    found = Notice.objects.filter(tenant=tenant)
    return found.filter(topic=topic) if topic else found


def rows(page: Iterable[Notice]) -> list[Row]:
    """Return the notices of one page with what became of their mails, in two queries."""
    told = list(page)
    mails = _mails({notice.mail_batch for notice in told if notice.mail_batch})
    return [Row(notice, mails.get(notice.mail_batch)) for notice in told]


def _mails(batches: set[uuid.UUID]) -> dict[uuid.UUID | None, Mails]:
    found: dict[uuid.UUID | None, Mails] = defaultdict(Mails)
    letters = Letter.objects.filter(batch__in=batches).order_by()
    counted = letters.values_list("batch", "state").annotate(number=Count("pk"))
    for batch, state, number in counted.order_by("state"):
        found[batch].numbers[state] = number
    failed = letters.exclude(state=LetterState.SENT).filter(attempt__succeeded=False)
    for row in failed.values("batch", "attempt_id", "attempt__cause").order_by("attempt_id"):
        found[row["batch"]].trouble = dict(row)
    return dict(found)


def webhooks(tenant: Tenant, now: dt.datetime) -> QuerySet[Webhook]:
    """Return a tenant's webhooks, each with its last call as `last_*` and how many were given up.

    The secrets stay in the database.
    """
    tried = Call.objects.filter(webhook=OuterRef("pk"), tried_at__isnull=False)
    last = {
        f"last_{name}": Subquery(tried.order_by("-tried_at", "-pk").values(name)[:1])
        for name in ("state", "status", "failure", "tried_at")
    }
    lately = Q(calls__state=CallState.GIVEN_UP, calls__created_at__gt=now - GIVEN_UP_FOR)
    found = Webhook.objects.filter(tenant=tenant).defer("secret")
    return found.annotate(given_up=Count("calls", filter=lately), **last)
