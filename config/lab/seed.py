"""Rows for the demo: tenants, domains and settings that are named after what is wrong with them."""

import datetime as dt

from django.contrib.auth import get_user_model
from django.utils import timezone

from config.lab import mailservers
from config.lab.mood import Mood
from config.lab.moods import MOODS
from config.lab.ports import MAIL_SERVERS
from config.lab.zones import LAB_DOMAINS, LabDomain
from dnscheck.models import DomainRecipe, SendingDomain
from dnscheck.verdicts import Verdict
from smtp import trials
from smtp.models import SmtpSetting
from tenants.models import Membership, Role, Tenant

OPERATOR = "demo"
MEMBER = "member"
PASSWORD = "relaydesk-demo"  # noqa: S105 - for a laboratory on loopback
FROM = "mail@good-generic.example"
HEALTHY, DNS_CLINIC, MAIL_CLINIC = "Good Company", "DNS clinic", "Mail clinic"


def no_ring(_pk: int) -> None:
    """Leave it to the first sweep: nothing runs yet while the rows are made."""


def seed() -> None:
    """Make what is not there yet; a person's own changes stay."""
    people = get_user_model().objects
    if not people.filter(username=OPERATOR).exists():
        people.create_superuser(OPERATOR, "demo@good-generic.example", PASSWORD)
    member, _ = people.get_or_create(username=MEMBER, defaults={"email": "member@example.com"})
    member.set_password(PASSWORD)
    member.save(update_fields=["password"])
    for name in (HEALTHY, DNS_CLINIC, MAIL_CLINIC):
        tenant, made = Tenant.objects.get_or_create(
            name=name, defaults={"slug": name.lower().replace(" ", "-")}
        )
        Membership.objects.get_or_create(tenant=tenant, user=member, defaults={"role": Role.EDITOR})
        if made:
            _fill(tenant, timezone.now())


def _fill(tenant: Tenant, now: dt.datetime) -> None:
    for domain in LAB_DOMAINS:
        healthy = domain.expected == "good"
        if tenant.name == (HEALTHY if healthy else DNS_CLINIC):
            _add_domain(tenant, domain, now)
    for slug, mood in MOODS.items():
        if tenant.name == MAIL_CLINIC or (tenant.name == HEALTHY and slug.startswith("accepts")):
            _add_setting(tenant, mood, now, enabled=tenant.name == HEALTHY)


def _add_domain(tenant: Tenant, lab: LabDomain, now: dt.datetime) -> None:
    verdict = Verdict.VERIFIED if lab.starts_verified else Verdict.PENDING
    domain = SendingDomain.objects.create(
        tenant=tenant, name=lab.name, verdict=verdict.value, next_check_at=now, created_at=now
    )
    for provider, inputs in lab.recipes:
        DomainRecipe.objects.create(domain=domain, provider=provider, inputs=dict(inputs))


def _add_setting(tenant: Tenant, mood: Mood, now: dt.datetime, *, enabled: bool) -> None:
    setting = SmtpSetting(
        tenant=tenant,
        name=mood.title,
        provider="generic",
        host="localhost",
        port=MAIL_SERVERS[mood.slug],
        security=mood.security.value,
        username=mailservers.USERNAME if mood.login else "",
        from_address=FROM,
        debug=True,
        enabled=enabled,
    )
    setting.set_password(mailservers.PASSWORD if mood.login else "")
    setting.save()
    trials.send_test_email(setting, FROM, user=None, ring=no_ring, now=now)
