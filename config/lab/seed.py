"""Rows for the demo: tenants, domains and settings that are named after what is wrong with them.

Nothing of what the pages tell is made up: the first sweeps try the settings and check the domains,
and what fails there becomes a failing login, an incident, notices and mails within minutes.
"""

import datetime as dt

from django.contrib.auth import get_user_model
from django.utils import timezone

from config.lab import mailservers
from config.lab.mood import Mood
from config.lab.moods import MOODS
from config.lab.ports import HOST, MAIL_SERVERS
from config.lab.zones import LAB_DOMAINS, LabDomain
from dnscheck.models import DomainRecipe, SendingDomain
from dnscheck.verdicts import Verdict
from smtp import trials
from smtp.models import SettingHealth, SmtpSetting
from tenants.models import Membership, Role, Tenant

OPERATOR = "demo"
MEMBER = "member"
PASSWORD = "relaydesk-demo"  # noqa: S105 - for a laboratory on loopback
FROM = "mail@good-generic.example"
HEALTHY, DNS_CLINIC, MAIL_CLINIC = "Good Company", "DNS clinic", "Mail clinic"
WATCHED, OWN = "Night watch", "Relaydesk itself"
# Three that fail at one host at the same time are one incident. The host is spelled otherwise than
# that of all other settings, so that it is theirs alone.
HANGING_UP = ("Invoices, the server hangs up", "Orders, the server hangs up", "News, the same")
YESTERDAY, LATELY = dt.timedelta(days=1), dt.timedelta(minutes=30)


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
    for name in (HEALTHY, DNS_CLINIC, MAIL_CLINIC, WATCHED, OWN):
        tenant, made = Tenant.objects.get_or_create(
            name=name, defaults={"slug": name.lower().replace(" ", "-")}
        )
        if name != OWN:  # whoever may edit the setting that mails notices could read them
            role = {"role": Role.OWNER if name == HEALTHY else Role.EDITOR}
            Membership.objects.get_or_create(tenant=tenant, user=member, defaults=role)
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
    if tenant.name == WATCHED:
        _add_watched(tenant, now)
    if tenant.name == OWN:
        _add_setting(tenant, MOODS["accepts"], now, name="Mails the notices", sends_notices=True)


def _add_watched(tenant: Tenant, now: dt.datetime) -> None:
    """Add settings in use: one whose login is refused since lately, some whose server hangs up."""
    _add_setting(tenant, MOODS["accepts"], now, name="Receipts, all is well")
    refused = _add_setting(tenant, MOODS["refuses-login"], now, name="Login refused since lately")
    SettingHealth.objects.create(
        setting=refused,
        way_since=refused.way_since,
        state="doubted",
        result="refused",
        streak=1,
        since=now - LATELY,
        bad_since=now - LATELY,
        tried_at=now - LATELY,
        next_try_at=now,
    )
    for name in HANGING_UP:
        _add_setting(tenant, MOODS["drops"], now, name=name, host=HOST)


def _add_domain(tenant: Tenant, lab: LabDomain, now: dt.datetime) -> None:
    verdict = Verdict.VERIFIED if lab.starts_verified else Verdict.PENDING
    domain = SendingDomain.objects.create(
        tenant=tenant, name=lab.name, verdict=verdict.value, next_check_at=now, created_at=now
    )
    for provider, inputs in lab.recipes:
        DomainRecipe.objects.create(domain=domain, provider=provider, inputs=dict(inputs))


def _add_setting(
    tenant: Tenant,
    mood: Mood,
    now: dt.datetime,
    *,
    name: str = "",
    host: str = "localhost",
    enabled: bool = True,
    sends_notices: bool = False,
) -> SmtpSetting:
    """Add a way out to a server of the lab, and ask for a test mail through it."""
    setting = SmtpSetting(
        tenant=tenant,
        name=name or mood.title,
        provider="generic",
        host=host,
        port=MAIL_SERVERS[mood.slug],
        security=mood.security.value,
        username=mailservers.USERNAME if mood.login else "",
        from_address=FROM,
        debug=True,
        enabled=enabled,
        sends_notices=sends_notices,
        way_since=now - YESTERDAY,
    )
    setting.set_password(mailservers.PASSWORD if mood.login else "")
    setting.save()
    trials.send_test_email(setting, FROM, user=None, ring=no_ring, now=now)
    return setting
