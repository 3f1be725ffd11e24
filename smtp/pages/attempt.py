"""Tells an attempt: its result in words, its stages as bars, its hints, best first."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from smtp import delivery, hints
from smtp.hints import Correction, Hint
from smtp.hints.ports import told
from smtp.models import BOUND_FIELDS, Attempt, Kind, SecurityChoice, State
from smtp.outcome import Outcome, Probe, Stage

FULL = 1000  # the width of the drawing
THINNEST = 6  # so that a stage of no time is seen at all

STAGES = {
    Stage.RESOLVE: gettext_lazy("Find the address"),
    Stage.CONNECT: gettext_lazy("Connect"),
    Stage.GREETING: gettext_lazy("Greeting"),
    Stage.EHLO: gettext_lazy("Introduction (EHLO)"),
    Stage.STARTTLS: gettext_lazy("Switch to TLS"),
    Stage.CERTIFICATE: gettext_lazy("Certificate"),
    Stage.AUTH: gettext_lazy("Log in"),
    Stage.SENDER: gettext_lazy("Sender"),
    Stage.RECIPIENT: gettext_lazy("Recipient"),
    Stage.DATA: gettext_lazy("Message"),
    Stage.QUIT: gettext_lazy("Goodbye"),
}


@dataclass(frozen=True)
class Bar:
    """One stage in the drawing: when it began and how long it took, of `FULL`."""

    label: str
    milliseconds: int
    ok: bool
    detail: str
    start: int
    width: int


def bars(outcome: Outcome | None) -> list[Bar]:
    """Return the stages one after the other, to scale."""
    stages = outcome.stages if outcome else ()
    total = sum(stage.milliseconds for stage in stages) or 1
    drawn, before = [], 0.0
    for stage in stages:
        width = max(round(FULL * stage.milliseconds / total), THINNEST)
        start = min(round(FULL * before / total), FULL - width)
        took = round(stage.milliseconds)
        drawn.append(Bar(str(STAGES[stage.stage]), took, stage.ok, stage.detail, start, width))
        before += stage.milliseconds
    return drawn


def ports(outcome: Outcome | None) -> list[tuple[Probe, str]]:
    """Return what each port answered after a failure, and that in words."""
    return [(probe, told(probe)) for probe in (outcome.probes if outcome else ())]


def explained(attempt: Attempt) -> tuple[Hint, ...]:
    """Return what may have caused this failure, the best first; nothing for a success."""
    outcome = attempt.result
    if outcome is None or outcome.ok:
        return ()
    return hints.explain(delivery.evidence(attempt, outcome))


def story(attempt: Attempt, rows: QuerySet[Attempt]) -> dict[str, Any]:
    """Return what a page tells of an attempt; `rows` are those that this person may see."""
    found = explained(attempt)
    made = bool(found) and is_made(attempt, found[0].correction)
    return {
        "outcome": attempt.result,
        "hints": found,
        "is_made": made,
        "newer": newer_than(attempt, rows) if made else None,
        "ports": ports(attempt.result),
        "bars": bars(attempt.result),
        "sentence": sentence(attempt),
        "security": SecurityChoice(attempt.security).label,
    }


def as_json(attempt: Attempt) -> dict[str, Any]:
    """Return the whole story for other programs: keys are added, never changed."""
    return {
        "id": attempt.pk,
        "tenant": attempt.tenant.slug,
        "setting": attempt.setting.name if attempt.setting else None,
        "kind": attempt.kind,
        "recipient": attempt.recipient,
        "message_id": attempt.message_id,
        "state": attempt.state,
        "asked": attempt.created_at,
        "started": attempt.started_at,
        "finished": attempt.finished_at,
        "server": {
            "provider": attempt.provider,
            "host": attempt.host,
            "port": attempt.port,
            "security": attempt.security,
        },
        "outcome": attempt.outcome,
        "hints": [asdict(hint) for hint in explained(attempt)],
    }


def correction_of(attempt: Attempt) -> Correction | None:
    """Return the change that the first hint offers, if it does."""
    found = explained(attempt)
    return found[0].correction if found else None


def is_made(attempt: Attempt, correction: Correction | None) -> bool:
    """Whether the attempt's setting has all values of a correction already."""
    setting = attempt.setting
    if setting is None or correction is None:
        return False
    values = {**setting.inputs, **{name: getattr(setting, name) for name in BOUND_FIELDS}}
    return all(str(values.get(name)) == value for name, value in correction.changes.items())


def newer_than(attempt: Attempt, rows: QuerySet[Attempt]) -> Attempt | None:
    """Return the newest of these attempts that is of the same setting and newer, if there is."""
    later = rows.filter(setting=attempt.setting_id, pk__gt=attempt.pk)
    return later.only("pk").order_by("-pk").first()


def sentence(attempt: Attempt) -> str:
    """Return how the attempt stands, in words."""
    where = {"host": attempt.host, "port": attempt.port, "recipient": attempt.recipient}
    if attempt.state == State.QUEUED:
        return _("It waits for a worker, which takes it up within seconds.")
    if attempt.state == State.RUNNING:
        return _("The worker is talking to %(host)s on port %(port)s.") % where
    if attempt.state == State.SENDING:
        return _("The message is being handed over to %(host)s.") % where
    if attempt.state == State.UNCLEAR:
        return _(
            "The connection was lost after the message was handed over, so nobody knows whether it "
            "was accepted. It is not sent again by itself: look into the mailbox first."
        )
    if not attempt.succeeded:
        return _("It ended at this stage: %(stage)s.") % {"stage": _stage(attempt.stage)}
    if attempt.kind in (Kind.TEST, Kind.NOTICE):
        return (
            _(
                "%(host)s accepted the mail for %(recipient)s. Whether it arrives is up to the "
                "servers after it: look into the mailbox, and into its spam folder."
            )
            % where
        )
    way = attempt.way
    if way is None or way.username:
        return _("%(host)s answered on port %(port)s and accepted the login.") % where
    return _("%(host)s answered on port %(port)s. This setting has no login.") % where


def _stage(value: str) -> str:
    return str(STAGES[Stage(value)]) if value in set(Stage) else value
