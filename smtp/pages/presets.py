"""What a provider fixes in a setting, and what is worth saying about a stored one."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Any

from django.utils.translation import gettext as _

from smtp import lints
from smtp.models import SmtpSetting
from smtp.providers.base import Lint, Provider, Scope
from smtp.reach import page_of
from tenants.models import Tenant
from tenants.pages.language import english

LINTED = ("host", "port", "security", "username", "from_address")


def preset(page: Provider, inputs: Mapping[str, str]) -> dict[str, Any]:
    """Return what the provider fixes, as the first values of a form."""
    asked = page.inputs_for(Scope.SETTING)
    own = {item.name: inputs.get(item.name) or item.default for item in asked}
    return {
        "provider": page.slug,
        "host": page.host_for(own),
        "port": page.recommended.number,
        "security": page.recommended.security.value,
        **({"username": page.fixed_username} if page.fixed_username else {}),
        **own,
    }


def new_setting(tenant: Tenant, page: Provider) -> SmtpSetting:
    """Return an unsaved setting with a name of its own, tried after those that are there.

    Its From address is that of the first one, or what was planned when the tenant was added.
    """
    senders = dict(tenant.settings.order_by("priority", "pk").values_list("name", "from_address"))
    taken = set(senders)
    candidates = (page.name if number == 1 else f"{page.name} {number}" for number in count(1))
    name = next(name for name in candidates if name not in taken)
    sender = next(iter(senders.values()), tenant.planned_from)
    return SmtpSetting(tenant=tenant, name=name, priority=len(taken) + 1, from_address=sender)


def judge(page: Provider, values: Mapping[str, Any], *, has_password: bool) -> list[Lint]:
    """Return the lints of these values, whatever their types are, marked as English."""
    text = {name: str(value) for name, value in values.items() if value is not None}
    found = lints.lint(page, {**text, "has_password": "yes" if has_password else ""})
    return [replace(lint, message=english(lint.message)) for lint in found]


def remarks(setting: SmtpSetting) -> list[Lint]:
    """Return what is worth saying about a stored setting. The password is not looked at."""
    values = {name: getattr(setting, name) for name in LINTED} | setting.inputs
    page = page_of(setting.provider)
    return [*judge(page, values, has_password=setting.has_password), *_check_domain(setting)]


def _check_domain(setting: SmtpSetting) -> list[Lint]:
    domain = setting.from_address.rpartition("@")[2].lower()
    labels, own = domain.split("."), setting.tenant.domains
    covering = [".".join(labels[start:]) for start in range(len(labels))]
    if own.filter(name__in=covering).exists() or not own.exists():
        return []
    message = _(
        "%(domain)s is none of this tenant's sending domains. Add it there, so that its DNS "
        "records are checked, or choose another From address."
    ) % {"domain": domain}
    return [Lint("from.other-domain", "from_address", message)]
