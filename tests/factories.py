"""Rows for tests: plain functions with defaults."""

import datetime as dt
import itertools
import uuid
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from dnscheck.models import DomainRecipe, SendingDomain
from smtp.models import Attempt, Kind, SettingHealth, SmtpSetting
from tenants.models import Membership, Role, Tenant

_numbers = itertools.count(1)


def make_user(username: str = "", **fields: Any) -> User:
    """Make a person who can log in with the password `pw`."""
    name = username or f"person{next(_numbers)}"
    return User.objects.create_user(name, f"{name}@example.com", "pw", **fields)


def make_tenant(name: str = "", **people: User) -> Tenant:
    """Make a tenant; keywords are roles: `owner=alice`."""
    name = name or f"Tenant {next(_numbers)}"
    tenant = Tenant.objects.create(name=name, slug=name.lower().replace(" ", "-"))
    for role, user in people.items():
        Membership.objects.create(tenant=tenant, user=user, role=Role(role))
    return tenant


def make_setting(tenant: Tenant | None = None, password: str = "", **fields: Any) -> SmtpSetting:
    """Make a setting for a server on loopback, with its password sealed."""
    values: dict[str, Any] = {
        "name": f"Way {next(_numbers)}",
        "provider": "generic",
        "host": "127.0.0.1",
        "port": 2525,
        "security": "none",
        "from_address": "mail@example.com",
    }
    setting = SmtpSetting(tenant=tenant or make_tenant(), **{**values, **fields})
    setting.set_password(password)
    setting.save()
    return setting


def make_attempt(setting: SmtpSetting | None = None, **fields: Any) -> Attempt:
    """Make a waiting connection test."""
    setting = setting or make_setting()
    values: dict[str, Any] = {
        "kind": Kind.CONNECT,
        "tenant": setting.tenant,
        "idempotency_key": uuid.uuid4(),
        "provider": setting.provider,
        "host": setting.host,
        "port": setting.port,
        "security": setting.security,
    }
    attempt: Attempt = Attempt.objects.create(setting=setting, **{**values, **fields})
    return attempt


def make_health(setting: SmtpSetting, **fields: Any) -> SettingHealth:
    """Say what is known of a setting; it works unless told otherwise."""
    now = timezone.now()
    values = {"state": "working", "result": "good", "since": now, "tried_at": now}
    values |= {"way_since": setting.way_since, "next_try_at": now + dt.timedelta(days=1)}
    return SettingHealth.objects.create(setting=setting, **{**values, **fields})


def make_domain(
    tenant: Tenant | None = None,
    name: str = "",
    recipes: tuple[tuple[str, dict[str, str]], ...] = (),
    **fields: Any,
) -> SendingDomain:
    """Make a domain that is due, with recipes as pairs of provider and inputs."""
    domain = SendingDomain.objects.create(
        tenant=tenant or make_tenant(),
        name=name or f"d{next(_numbers)}.example",
        **{"next_check_at": timezone.now(), **fields},
    )
    for provider, inputs in recipes:
        DomainRecipe.objects.create(domain=domain, provider=provider, inputs=inputs)
    return domain
