"""What the worker may be asked about domains: an id in, one verb called, safe to run twice."""

from celery import shared_task
from django.utils import timezone

from dnscheck import verification


@shared_task
def check_domain(domain_id: int) -> None:
    """Check one domain, if it is still due."""
    verification.verify_domain(domain_id, clock=timezone.now)


def ring(domain_id: int) -> None:
    """Tell a worker that a domain is due. Losing this message loses nothing."""
    check_domain.delay(domain_id)
