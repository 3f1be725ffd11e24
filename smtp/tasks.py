"""What the worker may be asked about attempts: an id in, one verb called, safe to run twice."""

from celery import shared_task
from django.utils import timezone

from smtp import delivery


@shared_task
def run_attempt(attempt_id: int) -> None:
    """Make one attempt, if it still waits."""
    delivery.run(attempt_id, clock=timezone.now)


def ring(attempt_id: int) -> None:
    """Tell a worker that an attempt waits. Losing this message loses nothing."""
    run_attempt.delay(attempt_id)
