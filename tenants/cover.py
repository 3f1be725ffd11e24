"""Through which settings of a tenant a domain's mail passes DMARC, and whether one may fail. Pure.

A check leaves what it found of a domain's senders in one short text, equal for domains that stand
alike. So a million domains are counted by a few texts and compared with the settings as they are
when somebody looks: these change at any time, and what a check found only by the next one.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

TESTING = ("local-capture", "mailtrap-sandbox")  # deliver nothing
OWN_SERVERS = ("generic", "postal")  # one provider by name, with records of its own for each server
LONGEST = 1000  # characters; what is bad is left out first but for one, and counts as not there
ENOUGH = 2  # settings, so that one may fail

_SIGNS: dict[bool | None, str] = {True: "+", None: "?", False: "-"}
_MEANT = {sign: passes for passes, sign in _SIGNS.items()}
_NOBODY = "-"  # it was looked, and nobody's records are expected


@dataclass(frozen=True)
class Sender:
    """What a check found of the mail of a provider: whether it passes DMARC, None if unknown.

    `setting` is the id of the setting whose records these are, and empty if none is named.
    """

    provider: str
    setting: str
    passes: bool | None


@dataclass(frozen=True)
class Setting:
    """A setting as far as mail depends on it.

    `logs_in` is None when nobody knows. `servers` is how many hosts the tenant has at its provider.
    """

    pk: int
    name: str
    provider: str
    priority: int = 1
    enabled: bool = True
    logs_in: bool | None = None
    servers: int = 1
    from_address: str = ""

    @property
    def delivers(self) -> bool:
        """Whether mail through it reaches anybody."""
        return self.provider not in TESTING

    @property
    def is_in_use(self) -> bool:
        """Whether it counts as one that mail may leave by."""
        return self.enabled and self.delivers

    @property
    def is_one_of_many(self) -> bool:
        """Whether records that name no setting may be those of another server."""
        return self.provider in OWN_SERVERS and self.servers > 1


def logs_in(health: str | None, last_succeeded: bool | None) -> bool | None:
    """Return whether a setting logs in, by its health, else by the last try a person asked for."""
    if health in (None, "untried"):
        return last_succeeded
    return health == "working"


def packed(senders: Iterable[Sender]) -> str:
    """Return what was found in short, the same for the same senders in any order."""
    order = list(_SIGNS)
    rows = sorted(senders, key=lambda one: (order.index(one.passes), one.provider, one.setting))
    words = [f"{_SIGNS[one.passes]}{one.provider}:{one.setting}" for one in rows]
    text = " ".join(words) or _NOBODY
    if len(text) <= LONGEST:
        return text
    room = LONGEST - len(words[-1]) - 1
    return f"{text[: room + 1].rpartition(' ')[0]} {words[-1]}"


def unpacked(text: str) -> list[Sender]:
    """Return what was packed."""
    found = []
    for word in text.split():
        provider, _, setting = word[1:].partition(":")
        if provider:
            found.append(Sender(provider, setting, _MEANT[word[0]]))
    return found


def speaker(setting: Setting, named: Collection[str]) -> str | None:
    """Return whose records speak for a setting, of those that its provider has at a domain.

    They are its own (its id), else those that name no setting (empty). Those of another setting, or
    perhaps of another server, say nothing of this one: then it is None.
    """
    if str(setting.pk) in named:
        return str(setting.pk)
    return "" if "" in named and not setting.is_one_of_many else None


def aligned(text: str) -> bool | None:
    """Return whether mail of all senders of a domain passes DMARC; None if nobody knows."""
    if not text:
        return None
    found = [sender.passes for sender in unpacked(text)]
    if not found or False in found:
        return False
    return None if None in found else True


class Cover:
    """Whether the mail of domains goes on when any one of these settings fails."""

    def __init__(self, settings: Iterable[Setting]) -> None:
        usable = [one for one in settings if one.is_in_use and one.logs_in is not False]
        self.by_id = {str(one.pk): one for one in usable}
        self.by_provider: dict[str, list[Setting]] = {}
        for one in usable:
            self.by_provider.setdefault(one.provider, []).append(one)
        self.sure = {
            slug: sum(bool(one.logs_in) for one in rows) for slug, rows in self.by_provider.items()
        }

    def of(self, text: str) -> bool | None:
        """Return whether two settings in use log in and pass at a domain; None if nobody knows.

        It takes as long as the domain has senders, however many settings there are.
        """
        if len(self.by_id) < ENOUGH:
            return False
        if not text:
            return None
        senders = unpacked(text)
        counted = [
            self._counted(slug, _of(slug, senders)) for slug in {s.provider for s in senders}
        ]
        if sum(sure for sure, _ in counted) >= ENOUGH:
            return True
        return None if sum(possible for _, possible in counted) >= ENOUGH else False

    def _counted(self, provider: str, found: Mapping[str, bool | None]) -> tuple[int, int]:
        """Return how many settings of a provider pass for sure, and how many may."""
        rows = self.by_provider.get(provider, [])
        if not rows:
            return 0, 0
        named = [self.by_id[key] for key in found if key in self.by_id]
        named = [one for one in named if one.provider == provider]
        each = [(found[str(one.pk)], bool(one.logs_in)) for one in named]
        sure = sum(told is True and works for told, works in each)
        possible = sum(told is not False for told, _works in each)
        rest = None if rows[0].is_one_of_many else found.get("")  # as of `speaker`
        if rest is True:
            sure += self.sure[provider] - sum(works for _told, works in each)
        if rest is not False:
            possible += len(rows) - len(named)
        return sure, possible


def _of(provider: str, senders: Iterable[Sender]) -> dict[str, bool | None]:
    """Return what was found of a provider, by the setting it is of."""
    return {one.setting: one.passes for one in senders if one.provider == provider}
