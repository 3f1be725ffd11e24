"""What the worker may be asked about domains and pasted mails: an id in, one verb called.

Each is safe to run twice.
"""

import threading

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from dnscheck import examination, touring, verification
from dnscheck.watching import timetable
from dnscheck.watching.sweep import make_asker
from dnscheck.watching.sweep import sweep as sweep_domains

_one_at_a_time = threading.Lock()  # two sweeps would ask a resolver twice as much as is allowed


@shared_task
def check_domain(domain_id: int) -> None:
    """Check one domain, if it is still due."""
    verification.verify_domain(domain_id, clock=timezone.now)


def ring(domain_id: int) -> None:
    """Tell a worker that a domain is due. Losing this message loses nothing."""
    check_domain.delay(domain_id)


@shared_task
def sweep() -> None:
    """Compare the verified domains that are due with their last full checks."""
    if not _one_at_a_time.acquire(blocking=False):
        return
    try:
        longest = settings.SWEEP_LONGEST_SECONDS
        sweep_domains(clock=timezone.now, asker=make_asker(), seconds=longest)
    finally:
        _one_at_a_time.release()
    timetable.sweep(ring=ring, now=timezone.now())


@shared_task
def examine_mail(mail_id: int) -> None:
    """Examine one pasted message, if it still waits."""
    examination.run(mail_id, clock=timezone.now)


def ring_mail(mail_id: int) -> None:
    """Tell a worker that a pasted message waits. Losing this message loses nothing."""
    examine_mail.delay(mail_id)


@shared_task
def ask_every_server(domain_id: int) -> None:
    """Ask every server of a domain's zone, if somebody still waits for it."""
    touring.run(domain_id, clock=timezone.now)


def ring_tour(domain_id: int) -> None:
    """Tell a worker that a tour waits. Losing this message loses nothing."""
    ask_every_server.delay(domain_id)
