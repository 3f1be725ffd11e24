"""The timetable's one task: look for everything that is due or was left behind."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from dnscheck import counting, examination, timetable, upkeep
from dnscheck.tasks import ring as ring_domain
from dnscheck.tasks import ring_mail
from smtp import delivery
from smtp.tasks import ring as ring_attempt


@shared_task
def sweep() -> None:
    """Ring for what waits or is due, count the day that ended, and show that we are alive."""
    now = timezone.now()
    delivery.sweep(ring=ring_attempt, now=now)
    timetable.sweep(ring=ring_domain, now=now)
    examination.sweep(ring=ring_mail, now=now)
    counting.count_day(now)
    settings.PULSE_FILE.touch()
    upkeep.try_resolvers(clock=timezone.now)
