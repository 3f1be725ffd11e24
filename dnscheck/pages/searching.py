"""Page: what fits a search, of everything this person may see. A constant number of queries.

What is exactly meant comes first, then what begins so. Nothing looks through all of a million rows:
domains are found by indexes if they are many, attempts only among the latest ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dnscheck.asked import Asked, asked_for
from dnscheck.models import SendingDomain
from smtp.providers.search import found as found_providers
from tenants.models import Tenant, TenantQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SHOWN = 8  # of each kind
LATEST = 5_000  # attempts that are looked through
FOR_MEMBERS = ("connect", "test", "health")  # kinds of attempts

Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Hit:
    """Something that fits. `is_exact` says that it is what was typed, and not just like it."""

    title: str
    url: str
    about: str = ""
    is_exact: bool = False


@dataclass(frozen=True)
class Group:
    """What fits of one kind, at most `SHOWN`; `more` is the address of a list with all of it."""

    title: Any
    hits: list[Hit]
    more: str = ""

    @property
    def is_cut(self) -> bool:
        """Whether there may be more."""
        return len(self.hits) == SHOWN


@dataclass(frozen=True)
class Found:
    """What fits a search. `best` is the one thing that is exactly meant, if there is just one."""

    asked: Asked
    best: Hit | None = None
    groups: list[Group] = field(default_factory=list)


def found(text: str, user: User) -> Found:
    """Return what fits a text, of what this person may see."""
    asked = asked_for(text)
    if not asked.text:
        return Found(asked)
    tenants = Tenant.objects.visible_to(user)
    kinds = (
        (_("Tenants"), list(_tenants(asked, tenants)), ("tenants:overview", "tenant")),
        (_("Domains"), list(_domains(asked, user)), ("dnscheck:domains", "q")),
        (_("SMTP settings"), list(_settings(asked, tenants)), None),
        (_("Attempts"), list(_attempts(asked, tenants, user)), None),
        (_("Providers"), list(_providers(asked)), ("smtp:providers", "q")),
        (_("Pages"), list(_pages(asked, user)), None),
    )
    exact = [hit for _title, hits, _more in kinds for hit in hits if hit.is_exact]
    best = exact[0] if len(exact) == 1 else None
    groups = [
        Group(title, [hit for hit in hits if hit is not best], _list(more, asked))
        for title, hits, more in kinds
    ]
    return Found(asked, best, [group for group in groups if group.hits])


def _list(place: tuple[str, str] | None, asked: Asked) -> str:
    """Return the address of a list that is narrowed to what was asked for."""
    if place is None:
        return ""
    name, parameter = place
    text = asked.name if parameter == "q" and asked.name else asked.text
    return reverse(name, query={parameter: text})


def _tenants(asked: Asked, tenants: TenantQuerySet) -> Iterator[Hit]:
    text = asked.text
    same = Q(name__iexact=text) | Q(slug=text.lower())
    rank = Case(When(same, then=0), When(name__istartswith=text, then=1), default=2)
    rows = tenants.filter(same | Q(name__icontains=text)).annotate(rank=rank)
    for row in rows.order_by("rank", "name").values("name", "slug", "rank")[:SHOWN]:
        there = reverse("tenants:tenant", args=[row["slug"]])
        yield Hit(row["name"], there, is_exact=row["rank"] == 0)


def _domains(asked: Asked, user: User) -> Iterator[Hit]:
    """Yield the very name and those it lies in, what lies in it, and what begins so."""
    if not asked.name:
        return
    visible = SendingDomain.objects.visible_to(user).select_related("tenant")
    # In no order: to sort all that begin so would take longer than to find some of them.
    rows = visible.only("name", "verdict", "tenant__name").order_by()
    above = rows.filter(name__in=asked.above if asked.is_whole else [])[:SHOWN]
    inside = rows.filter(zone=asked.name)[:SHOWN] if asked.is_whole else []
    begins = rows.filter(name__startswith=asked.name)[:SHOWN]
    holds = rows.filter(name__contains=asked.name)[:SHOWN] if rows.are_few() else []
    ordered = (
        *sorted(above, key=lambda row: -len(row.name)),
        *sorted((*begins, *inside), key=lambda row: row.name),
        *sorted(holds, key=lambda row: row.name),
    )
    hits = {row.pk: row for row in ordered}
    for row in list(hits.values())[:SHOWN]:
        about = f"{row.tenant.name} · {row.get_verdict_display()}"
        # What stands in angle brackets is a Message-ID first: its domain may be like many others'.
        is_exact = row.name == asked.name and not asked.message_id
        yield Hit(row.display_name, row.get_absolute_url(), about, is_exact)


def _settings(asked: Asked, tenants: TenantQuerySet) -> Iterator[Hit]:
    text = asked.text
    same = Q(settings__name__iexact=text)
    fits = same | Q(settings__name__icontains=text) | Q(settings__username__iexact=text)
    if asked.name:
        fits |= Q(settings__host__startswith=asked.name)
        fits |= Q(settings__from_address__iendswith=f"@{asked.name}")
    if asked.address:
        fits |= Q(settings__from_address__iexact=asked.address)
    if asked.port and asked.text.isdecimal():
        fits |= Q(settings__port=asked.port)
    elif asked.port:
        same |= Q(settings__host__iexact=asked.name, settings__port=asked.port)
    rows: Rows = tenants.filter(fits).values(
        tenant=F("name"),
        pk=F("settings__pk"),
        setting=F("settings__name"),
        host=F("settings__host"),
        port=F("settings__port"),
        is_same=Case(When(same, then=Value(True)), default=Value(False)),
    )
    for row in rows.order_by("-is_same", "settings__name", "settings__pk")[:SHOWN]:
        about = f"{row['tenant']} · {row['host']}:{row['port']}"
        yield Hit(row["setting"], reverse("smtp:setting", args=[row["pk"]]), about, row["is_same"])


def _attempts(asked: Asked, tenants: TenantQuerySet, user: User) -> Iterator[Hit]:
    """Yield attempts by Message-ID, recipient, host or a part of their cause."""
    kinds = Q() if user.is_staff else Q(attempts__kind__in=FOR_MEMBERS)
    mine: Rows = tenants.filter(kinds, attempts__isnull=False)
    latest = mine.order_by("-attempts__pk").values_list("attempts__pk", flat=True)[:LATEST]
    fits = Q(attempts__message_id=asked.message_id) if asked.message_id else Q()
    if not asked.message_id:
        fits = Q(attempts__cause__icontains=asked.text)
    if asked.address:
        fits |= Q(attempts__recipient__iexact=asked.address)
    if asked.is_whole and not asked.address:
        fits |= Q(attempts__host=asked.name)
    # Of the tenants and not of `mine`, so that it is one join: the attempts of a tenant once.
    rows: Rows = tenants.filter(fits, attempts__pk__in=list(latest)).values(
        tenant=F("name"),
        pk=F("attempts__pk"),
        kind=F("attempts__kind"),
        cause=F("attempts__cause"),
        message_id=F("attempts__message_id"),
    )
    called = _kinds_of_attempts()
    for row in rows.order_by("-attempts__pk")[:SHOWN]:
        title = row["cause"] or called[row["kind"]]
        is_exact = bool(asked.message_id) and row["message_id"] == asked.message_id
        there = reverse("smtp:attempt", args=[row["pk"]])
        yield Hit(f"{title} (#{row['pk']})", there, row["tenant"], is_exact)


def _kinds_of_attempts() -> dict[str, Any]:
    """Return what each kind of attempt is called, by its value."""
    attempts: Any = Tenant._meta.get_field("attempts").related_model
    return dict(attempts._meta.get_field("kind").flatchoices)


def _providers(asked: Asked) -> Iterator[Hit]:
    for page in found_providers(asked.name or asked.text)[:SHOWN]:
        is_exact = asked.text.lower() in (page.name.lower(), page.slug)
        yield Hit(page.name, reverse("smtp:provider", args=[page.slug]), page.summary, is_exact)


# Where a page is, what it is called, and other words for it.
PAGES = (
    ("tenants:overview", _("Overview"), "tenants attention home"),
    ("dnscheck:domains", _("Domains"), "dns records verdict list"),
    ("smtp:attempts", _("Attempts"), "tests log history mails"),
    ("smtp:providers", _("Providers"), "services guide catalogue"),
    ("smtp:explain", _("Explain"), "error message reply code bounce"),
    ("dnscheck:received", _("Examine a received mail"), "headers source spam arrived"),
    ("tenants:shortcuts", _("Keyboard shortcuts"), "keys"),
    ("password_change", _("Change password"), "login account"),
)
PAGES_FOR_OPERATORS = (
    ("smtp:notices", _("Notices"), "alerts webhooks"),
    ("dnscheck:operation", _("Operation"), "workers resolvers health status"),
    ("dnscheck:begin", _("Add tenant"), "new customer"),
    ("admin:index", _("Admin"), "people members users"),
)


def _pages(asked: Asked, user: User) -> Iterable[Hit]:
    for name, title, words in (*PAGES, *(PAGES_FOR_OPERATORS if user.is_staff else ())):
        known = f"{title} {words}".lower().split()
        if all(any(one.startswith(word) for one in known) for word in asked.text.lower().split()):
            yield Hit(str(title), reverse(name))
