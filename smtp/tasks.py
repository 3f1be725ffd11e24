"""What the worker may be asked about attempts and calls: an id in, one verb, safe to run twice."""

from celery import shared_task
from django.utils import timezone

from smtp import delivery
from smtp.telling import webhooks


@shared_task
def run_attempt(attempt_id: int) -> None:
    """Make one attempt, if it still waits."""
    delivery.run(attempt_id, clock=timezone.now)


def ring(attempt_id: int) -> None:
    """Tell a worker that an attempt waits. Losing this message loses nothing."""
    run_attempt.delay(attempt_id)


@shared_task
def make_call(call_id: int) -> None:
    """Call a webhook once, if the call is due."""
    webhooks.run(call_id, clock=timezone.now)


def ring_call(call_id: int) -> None:
    """Tell a worker that a call is due. Losing this message loses nothing."""
    make_call.delay(call_id)
