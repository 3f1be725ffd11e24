"""What the worker may be asked about domains and pasted mails: an id in, one verb called.

Each is safe to run twice.
"""

from celery import shared_task
from django.utils import timezone

from dnscheck import examination, verification


@shared_task
def check_domain(domain_id: int) -> None:
    """Check one domain, if it is still due."""
    verification.verify_domain(domain_id, clock=timezone.now)


def ring(domain_id: int) -> None:
    """Tell a worker that a domain is due. Losing this message loses nothing."""
    check_domain.delay(domain_id)


@shared_task
def examine_mail(mail_id: int) -> None:
    """Examine one pasted message, if it still waits."""
    examination.run(mail_id, clock=timezone.now)


def ring_mail(mail_id: int) -> None:
    """Tell a worker that a pasted message waits. Losing this message loses nothing."""
    examine_mail.delay(mail_id)
