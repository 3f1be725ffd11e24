"""The timetable's one task: look for everything that is due or was left behind."""

import datetime as dt
import logging
from collections.abc import Callable

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from dnscheck import examination, mailing, touring
from dnscheck.tasks import ring as ring_domain
from dnscheck.tasks import ring_mail, ring_tour
from dnscheck.watching import counting, timetable, upkeep
from smtp import delivery
from smtp.tasks import ring as ring_attempt
from smtp.tasks import ring_call
from smtp.telling import post, webhooks
from smtp.watching import logins

logger = logging.getLogger(__name__)

Step = Callable[[dt.datetime], object]
STEPS: tuple[Step, ...] = (
    lambda now: delivery.sweep(ring=ring_attempt, now=now),
    lambda now: timetable.sweep(ring=ring_domain, now=now),
    lambda now: examination.sweep(ring=ring_mail, now=now),
    lambda now: touring.sweep(ring=ring_tour, now=now),
    lambda now: logins.sweep(ring=ring_attempt, now=now),
    mailing.sweep,  # before letters are sent: none with a link that has ended
    lambda now: post.sweep(ring=ring_attempt, now=now),
    lambda now: webhooks.sweep(ring=ring_call, now=now),
    counting.count_day,
    lambda _now: upkeep.try_resolvers(clock=timezone.now),
)


@shared_task
def sweep() -> None:
    """Ring for what waits or is due, count the day that ended, and show that we are alive."""
    now = timezone.now()
    for step in STEPS:
        _do(step, now)
    settings.PULSE_FILE.touch()


def _do(step: Step, now: dt.datetime) -> None:
    """Do one step; what breaks it must not keep the others from being done."""
    try:
        step(now)
    except Exception:
        logger.exception("A step of the timetable failed; it is tried again at the next turn.")
