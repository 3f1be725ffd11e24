"""Page: how ready tenants are to send, as one figure with its reasons.

The figure of a page of tenants takes two queries, through Tenant's reverse relations. Domains are
counted by how they stand, from columns that every check writes; see `tenants.cover`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenants.cover import Cover, Setting
from tenants.models import Tenant
from tenants.pages.standing import (
    START,
    Kind,
    Tally,
    is_aligned,
    is_strict,
    kinds_of,
    settings_of,
    tally,
)


@dataclass(frozen=True)
class Reason:
    """One of the things that make a tenant ready. `status` is as the status component names it.

    `url` is where the work is, empty if there is no such place; `edits` says that it is a form,
    which not everybody may open.
    """

    name: str
    title: str
    status: str
    text: str
    url: str = ""
    edits: bool = False

    @property
    def is_met(self) -> bool:
        """Whether nothing is left to do."""
        return self.status == "ok"


@dataclass(frozen=True)
class Readiness:
    """How ready a tenant is, and what it has: domains by verdict, settings and those enabled."""

    reasons: tuple[Reason, ...]
    verdicts: dict[str, int]
    settings: int
    enabled: int

    @property
    def met(self) -> int:
        """How many of the reasons hold."""
        return sum(reason.is_met for reason in self.reasons)

    @property
    def domains(self) -> int:
        """How many domains there are."""
        return sum(self.verdicts.values())

    @property
    def status(self) -> str:
        """The whole in one word of the status component."""
        if self.met == len(self.reasons):
            return "ok"
        is_wrong = any(reason.status == "wrong" for reason in self.reasons)
        return "warning" if is_wrong else "pending"


def readiness(tenants: Iterable[Tenant]) -> dict[int, Readiness]:
    """Return how ready these tenants are, by their id, in two queries."""
    chosen = list(tenants)
    kinds, settings = kinds_of(chosen), settings_of(chosen)
    return {
        tenant.pk: _readiness(tenant, kinds[tenant.pk], settings[tenant.pk]) for tenant in chosen
    }


def _readiness(tenant: Tenant, kinds: Sequence[Kind], settings: Sequence[Setting]) -> Readiness:
    verdicts: dict[str, int] = {}
    for kind in kinds:
        verdicts[kind.verdict] = verdicts.get(kind.verdict, 0) + kind.number
    reasons = (
        _login(tenant, settings),
        _verified(tenant, verdicts),
        _aligned(tenant, kinds, settings),
        _policy(tenant, kinds, settings),
        _covered(tenant, kinds, settings),
    )
    return Readiness(reasons, verdicts, len(settings), sum(one.enabled for one in settings))


def _login(tenant: Tenant, settings: Sequence[Setting]) -> Reason:
    title = _("Login")
    in_use = [one for one in settings if one.is_in_use]
    first = next(iter(in_use or settings), None)
    if first is None:
        url = reverse("smtp:add", args=[tenant.slug])
        return Reason("login", title, "wrong", _("There is no setting yet."), url, True)
    url = reverse("smtp:setting", args=[first.pk])
    if not in_use:
        return Reason("login", title, "wrong", _("No setting is enabled."), url)
    status, text = {
        True: ("ok", _("%(setting)s logs in.")),
        False: ("wrong", _("%(setting)s cannot log in now.")),
        None: ("unknown", _("%(setting)s was not tried yet: nobody knows if it logs in.")),
    }[first.logs_in]
    return Reason("login", title, status, text % {"setting": first.name}, url)


def _verified(tenant: Tenant, verdicts: dict[str, int]) -> Reason:
    title, all = _("Verified"), sum(verdicts.values())
    if not all:
        url = reverse("dnscheck:add", args=[tenant.slug])
        return Reason("verified", title, "wrong", _no_domain(), url, True)
    good = verdicts.get("verified", 0)
    worst = next((name for name in ("failing", "at_risk", "pending") if verdicts.get(name)), "")
    status = {"": "ok", "pending": "pending"}.get(worst, "wrong")
    url = f"{reverse('dnscheck:domains')}?tenant={tenant.slug}&verdict={worst or 'verified'}"
    text = ngettext(
        "%(good)s of %(all)s domain is verified.", "%(good)s of %(all)s domains are verified.", all
    )
    return Reason("verified", title, status, text % {"good": good, "all": all}, url)


def _aligned(tenant: Tenant, kinds: Sequence[Kind], settings: Sequence[Setting]) -> Reason:
    title, told = _("Added providers pass DMARC"), tally(kinds, is_aligned)
    if not told.all:
        return Reason("aligned", title, "wrong", _no_domain())
    text = ngettext(
        "At %(yes)s of %(all)s domain, all mail of the providers added there passes.",
        "At %(yes)s of %(all)s domains, all mail of the providers added there passes.",
        told.all,
    )
    return Reason(
        "aligned", title, told.status, _told(text, told), _there(tenant, "dmarc", settings)
    )


def _policy(tenant: Tenant, kinds: Sequence[Kind], settings: Sequence[Setting]) -> Reason:
    title, told = _("DMARC policy"), tally(kinds, is_strict)
    if not told.all:
        return Reason("policy", title, "wrong", _no_domain())
    start = sum(kind.number for kind in kinds if kind.policy == START)
    text = _("%(yes)s of %(all)s ask for quarantine or reject.")
    if start:
        only = ngettext(
            "%(start)s asks for no action (p=none), which is a start.",
            "%(start)s ask for no action (p=none), which is a start.",
            start,
        )
        text = f"{text} {only % {'start': start}}"
    status = "warning" if told.no and told.no == start else told.status
    return Reason("policy", title, status, _told(text, told), _there(tenant, "policy", settings))


def _covered(tenant: Tenant, kinds: Sequence[Kind], settings: Sequence[Setting]) -> Reason:
    title, cover = _("A spare setting"), Cover(settings)
    told = tally(kinds, lambda kind: cover.of(kind.senders))
    if not told.all:
        return Reason("covered", title, "wrong", _no_domain())
    text = ngettext(
        "%(yes)s of %(all)s domain passes through two enabled settings that log in.",
        "%(yes)s of %(all)s domains pass through two enabled settings that log in.",
        told.all,
    )
    return Reason(
        "covered", title, told.status, _told(text, told), _there(tenant, "cover", settings)
    )


def _told(text: str, told: Tally) -> str:
    """Return the numbers in words, and apart from them of how many nothing is known."""
    said = text % {"yes": told.yes, "all": told.all}
    if told.unknown:
        said += " " + _("%(unknown)s not known yet.") % {"unknown": told.unknown}
    return said


def _no_domain() -> str:
    return _("There is no domain yet.")


def _there(tenant: Tenant, show: str, settings: Sequence[Setting]) -> str:
    """Return where the domains with work left are: beside the settings, if there are any."""
    if any(one.delivers for one in settings):
        return f"{reverse('dnscheck:failover', args=[tenant.slug])}?show={show}"
    return f"{reverse('dnscheck:domains')}?tenant={tenant.slug}"
