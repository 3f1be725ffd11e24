"""Page: what a domain's SPF records cost in DNS look-ups, term by term, with what lies behind."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dnscheck.models import SendingDomain
from dnscheck.spf.forecast import DEAD, LIMIT, VOID_LIMIT, Forecast, Problem, Step, every

PROBLEMS: dict[Problem, Promise] = {
    Problem.NO_RECORD: _("No SPF record there: receivers stop here with an error."),
    Problem.TWO_RECORDS: _("Several SPF records there: receivers stop here with an error."),
    Problem.NO_SUCH_NAME: _("No such name: receivers stop here with an error."),
    Problem.LOOP: _("Leads back to a record above: receivers go round until they give up."),
    Problem.COULD_NOT_ASK: _("Could not ask, so nobody knows what is there."),
    Problem.MACRO: _("Depends on each mail, so what is behind it cannot be counted."),
    Problem.TOO_DEEP: _("Too deep: what is behind it was not followed."),
}
BREAKING = (*DEAD, Problem.LOOP)  # with these SPF fails; the others only leave a question open
MOST_AT_ONCE = 30  # terms that are shown without a click


@dataclass(frozen=True)
class Branch:
    """A term that costs look-ups, with the terms of the record it leads to.

    `is_open` says that something behind it is to be seen at once.
    """

    step: Step
    branches: tuple["Branch", ...]
    is_open: bool

    @property
    def behind(self) -> int:
        """How many of the look-ups are not the term's own."""
        return self.step.lookups - 1

    @property
    def problem(self) -> str:
        """What is the matter with the term, in a sentence; empty if nothing is."""
        return str(PROBLEMS.get(self.step.problem, ""))

    @property
    def is_breaking(self) -> bool:
        """Whether SPF fails at this term, for mail that nothing before it permits."""
        return self.step.problem in BREAKING


@dataclass(frozen=True)
class Budget:
    """The DNS look-ups of one SPF record once it is as it should be.

    `is_unread` says that what is published now could not be asked for: it may cost more.
    """

    name: str
    cost: Forecast
    is_unread: bool = False

    @property
    def limit(self) -> int:
        """How many look-ups receivers make (RFC 7208 section 4.6.4)."""
        return LIMIT

    @property
    def void_limit(self) -> int:
        """How many of them may find nothing (RFC 7208 section 4.6.4)."""
        return VOID_LIMIT

    @property
    def within(self) -> int:
        """How many of the look-ups receivers make."""
        return min(self.cost.lookups, LIMIT)

    @property
    def beyond(self) -> int:
        """How many of them are too many."""
        return self.cost.lookups - self.within

    @property
    def scale(self) -> int:
        """How many look-ups the whole bar stands for."""
        return LIMIT + self.beyond

    @property
    def is_exact(self) -> bool:
        """Whether everything was counted, so that the numbers are not just the least."""
        return self.cost.complete and not self.is_unread

    @property
    def status(self) -> str:
        """How well it fits, as the status component names it."""
        if self.beyond:
            return "wrong"
        return "ok" if self.is_exact else "unknown"

    @property
    def is_long(self) -> bool:
        """Whether there are too many terms to show all at once."""
        return sum(1 for _step in every(self.cost.steps)) > MOST_AT_ONCE

    @property
    def branches(self) -> tuple[Branch, ...]:
        """The terms of the record that cost look-ups, in their order."""
        return _branches(self.cost.steps, open_troubled=not self.is_long)


def _branches(steps: Iterable[Step], *, open_troubled: bool) -> tuple[Branch, ...]:
    return tuple(
        Branch(
            step,
            _branches(step.children, open_troubled=open_troubled),
            open_troubled and any(map(_is_troubled, every(step.children))),
        )
        for step in steps
    )


def _is_troubled(step: Step) -> bool:
    return bool(step.problem or step.voids)


def budgets_of(domain: SendingDomain, unread: Collection[str] = ()) -> list[Budget]:
    """Return what each of the domain's SPF records costs, as the last check found.

    `unread` names those that could not be asked for.
    """
    return [
        Budget(name, Forecast.from_json(cost), name in unread)
        for name, cost in domain.spf_forecasts.items()
    ]
