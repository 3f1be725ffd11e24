"""The timetable's one task: look for everything that is due or was left behind."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from dnscheck import examination, verification
from dnscheck.tasks import ring as ring_domain
from dnscheck.tasks import ring_mail
from smtp import delivery, post, watching, webhooks
from smtp.tasks import ring as ring_attempt
from smtp.tasks import ring_call


@shared_task
def sweep() -> None:
    """Ring for waiting attempts and mails and due domains, and show that the timetable is alive."""
    now = timezone.now()
    delivery.sweep(ring=ring_attempt, now=now)
    verification.sweep(ring=ring_domain, now=now)
    examination.sweep(ring=ring_mail, now=now)
    watching.sweep(ring=ring_attempt, now=now)
    post.sweep(ring=ring_attempt, now=now)
    webhooks.sweep(ring=ring_call, now=now)
    settings.PULSE_FILE.touch()
