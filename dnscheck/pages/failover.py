"""Page: for each domain of a tenant, through which of its settings mail passes DMARC now.

It takes a constant number of queries, however many domains and settings there are.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dnscheck.alignment.pairs import Pair, Recipe, Why, pair
from dnscheck.models import DomainRecipe, SendingDomain, VerdictChoice
from dnscheck.pages.gaps import Gap, Told, cover_of, gap_of
from dnscheck.pages.senders import STATUS, provider_name
from tenants.cover import Cover, Setting
from tenants.models import Tenant
from tenants.pages.standing import Kind, is_aligned, is_strict, kinds_of, settings_of, tally

PAGE_SIZE = 50
MOST_COLUMNS = 6  # for which there is room
COLUMNS = ("pk", "name", "verdict", "unknown_since", "outlooks", "dmarc_policy", "last_checked_at")
ALL = ""
TABS: dict[str, Promise] = {
    ALL: gettext_lazy("All domains"),
    "cover": gettext_lazy("No sure spare"),
    "dmarc": gettext_lazy("Added provider not proven"),
    "policy": gettext_lazy("Policy not strict yet"),
}
POLICIES: dict[str, Promise] = {
    "reject": gettext_lazy("DMARC policy: reject"),
    "quarantine": gettext_lazy("DMARC policy: quarantine"),
    "none": gettext_lazy("DMARC policy: asks for no action (p=none)"),
    "absent": gettext_lazy("No DMARC policy"),
    "unknown": gettext_lazy("DMARC policy: could not ask"),
}


@dataclass(frozen=True)
class Column:
    """A setting, and in a word why it is no help now, if it is not."""

    setting: Setting
    provider: str
    status: str
    word: str


@dataclass(frozen=True)
class Cell:
    """What becomes of a domain's mail through one setting: a word, and the ways if it passes.

    `setting` is its name, with what stands in its way: the head of a column is not always in sight.
    """

    setting: str
    status: str
    word: str
    ways: str = ""


@dataclass(frozen=True)
class Row:
    """A domain with its cells. `cover` is a word of the status component."""

    domain: SendingDomain
    policy: str
    cells: list[Cell]
    cover: str
    gap: Gap | None


@dataclass(frozen=True)
class Tab:
    """A choice of domains, with how many they are."""

    show: str
    word: str
    number: int


@dataclass(frozen=True)
class Failover:
    """The page. `columns` is a page of the settings, `in_use` those that mail may leave by."""

    tabs: list[Tab]
    page: Page[str]
    rows: list[Row]
    columns: Page[Setting]
    heads: list[Column]
    in_use: list[Setting]
    idle: list[Setting]
    testing: list[Setting]
    domains: int

    @property
    def more(self) -> int:
        """How many settings there are after those shown."""
        return self.columns.paginator.count - self.columns.end_index()

    @property
    def is_full(self) -> bool:
        """Whether there was no room for more domains."""
        return len(self.rows) == PAGE_SIZE

    @property
    def width(self) -> int:
        """How many columns there are beside that of the domain."""
        return len(self.heads) + 1


class Names:
    """The names of domains to page through, part after part, each with its known number."""

    def __init__(self, *parts: tuple[QuerySet[SendingDomain, str], int]) -> None:
        self.parts = parts

    def count(self) -> int:
        """Return how many there are."""
        return sum(number for _rows, number in self.parts)

    def __getitem__(self, where: slice) -> list[str]:
        """Return some of them."""
        found: list[str] = []
        start, stop = where.start, where.stop
        for rows, number in self.parts:
            if start < number and stop > 0:
                found += rows[max(start, 0) : min(stop, number)]
            start, stop = start - number, stop - number
        return found


def failover(
    tenant: Tenant, *, show: str, search: str, page: str | None, columns: str | None
) -> Failover:
    """Return the page of a tenant. `show` is a tab; a `search` for a part of a name goes first."""
    settings, kinds = settings_of([tenant])[tenant.pk], kinds_of([tenant])[tenant.pk]
    delivering = [one for one in settings if one.delivers]
    judges = _judges(delivering)
    chosen = Paginator(delivering, MOST_COLUMNS).get_page(columns)
    shown = list(chosen.object_list)
    names = _names(tenant, kinds, judges, show, search)
    some = Paginator(names, PAGE_SIZE).get_page(page)  # type: ignore[arg-type]
    return Failover(
        [_tab(name, kinds, judges) for name in TABS],
        some,
        _rows(tenant, list(some.object_list), delivering, shown),
        chosen,
        [_column(one) for one in shown],
        [one for one in delivering if one.enabled],
        [one for one in delivering if not one.enabled],
        [one for one in settings if not one.delivers],
        sum(kind.number for kind in kinds),
    )


Judge = Callable[[Kind], bool | None]


def _judges(settings: Iterable[Setting]) -> dict[str, Judge]:
    """Return what decides, for each tab, which domains nothing is left to do for."""
    cover = Cover(settings)
    return {
        "cover": lambda kind: cover.of(kind.senders),
        "dmarc": is_aligned,
        "policy": is_strict,
    }


def _tab(show: str, kinds: Sequence[Kind], judges: dict[str, Judge]) -> Tab:
    if show == ALL:
        return Tab(show, str(TABS[show]), sum(kind.number for kind in kinds))
    told = tally(kinds, judges[show])
    return Tab(show, str(TABS[show]), told.no + told.unknown)


def _names(
    tenant: Tenant, kinds: Sequence[Kind], judges: dict[str, Judge], show: str, search: str
) -> Names | list[str]:
    """Return the names to show: those that are searched for, those of a tab, or all, worst first.

    A search reads the index of names alone, until there are enough to fill a page. The others are
    found by how they stand.
    """
    own = SendingDomain.objects.filter(tenant=tenant).order_by("name")
    if search:
        found = own.filter(name__contains=search)
        return list(found.values_list("name", flat=True)[:PAGE_SIZE])
    bad = [kind for kind in kinds if judges[show or "cover"](kind) is not True]
    there = own.filter(verdict__in=VerdictChoice.values)  # so that one index is enough
    if show == "policy":
        some = there.filter(dmarc_policy__in={kind.policy for kind in bad})
        return Names(_part(some, bad))
    senders = {kind.senders for kind in bad}
    first = _part(there.filter(senders__in=senders), bad)
    if show:
        return Names(first)
    rest = [kind for kind in kinds if kind.senders not in senders]
    return Names(first, _part(own.exclude(senders__in=senders), rest))


def _part(
    rows: QuerySet[SendingDomain], kinds: Iterable[Kind]
) -> tuple[QuerySet[SendingDomain, str], int]:
    return rows.values_list("name", flat=True), sum(kind.number for kind in kinds)


def _rows(
    tenant: Tenant, names: Sequence[str], settings: Sequence[Setting], shown: Sequence[Setting]
) -> list[Row]:
    domains = SendingDomain.objects.filter(tenant=tenant, name__in=names).only(*COLUMNS)
    order = {name: number for number, name in enumerate(names)}
    rows = sorted(domains, key=lambda domain: order[domain.name])
    recipes: dict[int, list[Recipe]] = {domain.pk: [] for domain in rows}
    linked = DomainRecipe.objects.filter(domain__in=recipes).order_by()
    for pk, provider, setting in linked.values_list("domain", "provider", "setting"):
        recipes[pk].append((provider, setting))
    visible = {one.pk for one in shown}
    return [_row(domain, recipes[domain.pk], settings, visible) for domain in rows]


def _row(
    domain: SendingDomain, recipes: list[Recipe], settings: Sequence[Setting], shown: set[int]
) -> Row:
    pairs: list[Told] = [(one, pair(one, domain.outlooks, recipes)) for one in settings]
    policy = str(POLICIES.get(domain.dmarc_policy, ""))
    cells = [_cell(_label(one), known) for one, known in pairs if one.pk in shown]
    return Row(domain, policy, cells, STATUS[cover_of(pairs)], gap_of(domain, pairs))


def _cell(setting: str, known: Pair) -> Cell:
    if known.why is Why.NOT_EXPECTED:
        return Cell(setting, "none", _("Provider not added"))
    if known.why is Why.NO_RECORDS:
        return Cell(setting, "none", _("No records expected"))
    if known.passes is None:
        return Cell(setting, "unknown", _("Nobody knows"))
    if not known.passes:
        return Cell(setting, "wrong", _("Fails"))
    ways = _(" and ").join(known.ways)
    if len(known.ways) == 1 and not known.is_in_doubt:
        ways = _("%(way)s only") % {"way": ways}
    return Cell(setting, "ok", _("Passes"), ways)


def _label(setting: Setting) -> str:
    column = _column(setting)
    return setting.name if column.status == "enabled" else f"{setting.name} ({column.word})"


def _column(setting: Setting) -> Column:
    provider = provider_name(setting.provider)
    if not setting.enabled:
        return Column(setting, provider, "disabled", _("Not enabled"))
    status, word = {
        True: ("enabled", _("Logs in")),
        False: ("failed", _("Login fails")),
        None: ("unknown", _("Not tried")),
    }[setting.logs_in]
    return Column(setting, provider, status, word)
