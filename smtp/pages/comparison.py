"""Tells what is different from the last time it worked: the first question when it fails today."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from smtp.models import Attempt, SecurityChoice
from smtp.models.attempt import AttemptQuerySet
from smtp.outcome import Certificate, Outcome, Stage
from smtp.pages.attempt import STAGES

MAIL_FROM = "C: MAIL FROM:<"  # as in a transcript
AFTER_EHLO = (Stage.AUTH, Stage.SENDER, Stage.RECIPIENT, Stage.DATA, Stage.QUIT)
SLOWER = 3  # times as long is worth a word, unless it is still
HARDLY = 500  # milliseconds more


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was; empty is what was not there."""

    label: str
    then: str
    now: str


@dataclass(frozen=True)
class Pace:
    """How long a stage took, in milliseconds; None is a stage that was not reached."""

    label: str
    then: int | None
    now: int | None

    @property
    def is_slower(self) -> bool:
        """Whether it took so much longer that somebody should know."""
        if self.then is None or self.now is None:
            return False
        return self.now >= SLOWER * self.then and self.now - self.then >= HARDLY


@dataclass(frozen=True)
class Comparison:
    """A failed attempt beside the last one of its setting that went well, if there was one.

    `same` are the labels of what was compared and is as it was. `entered_at` is when the way was
    saved anew between the two, if nothing of it that can be compared is other: as with a password.
    """

    success: Attempt | None
    differences: tuple[Difference, ...] = ()
    same: tuple[str, ...] = ()
    paces: tuple[Pace, ...] = ()
    entered_at: dt.datetime | None = None


def comparison_of(attempt: Attempt, visible: AttemptQuerySet) -> Comparison | None:
    """Return how a failed attempt differs from the last success before it, in one query.

    None is for attempts that did not fail or are of no saved setting. `visible` are the attempts
    that the reader may see.
    """
    outcome = attempt.result
    if attempt.setting is None or outcome is None or attempt.succeeded:
        return None
    good = visible.filter(setting=attempt.setting_id, succeeded=True, pk__lt=attempt.pk)
    success = good.defer("server_text").first()
    before = success.result if success else None
    if success is None or before is None:
        return Comparison(None)
    compared = list(_way(success, attempt))
    is_same_way = all(then == now for _label, then, now in compared)
    compared += _met(before, outcome)
    saved = attempt.setting.way_since
    is_anew = is_same_way and success.created_at < saved <= attempt.created_at
    return Comparison(
        success,
        tuple(Difference(*one) for one in compared if one[1] != one[2]),
        tuple(label for label, then, now in compared if then == now),
        tuple(_paces(before, outcome)),
        saved if is_anew else None,
    )


def _way(success: Attempt, attempt: Attempt) -> Iterator[tuple[str, str, str]]:
    """Yield what the setting said then and now."""
    yield _("Host"), success.host, attempt.host
    yield _("Port"), str(success.port), str(attempt.port)
    labels = dict(SecurityChoice.choices)
    yield _("Security"), str(labels[success.security]), str(labels[attempt.security])
    if success.username is not None and attempt.username is not None:
        yield _("User name"), success.username, attempt.username


def _met(then: Outcome, now: Outcome) -> list[tuple[str, str, str]]:
    """Return what was met on the way; what one of the two did not come to is left out."""
    pairs = [
        (_("Sender"), _sender(then), _sender(now)),
        (_("Address of the server"), then.peer, now.peer),
        (_("Encryption"), then.tls, now.tls),
        (_("Certificate"), _told(then.certificate), _told(now.certificate)),
        (_("Kind of login"), then.mechanism, now.mechanism),
    ]
    met = [(label, before, after) for label, before, after in pairs if before and after]
    before, after = _offers(then, now)
    if before and after:
        gone = [word for word in before if word not in after]
        new = [word for word in after if word not in before]
        met.append((_("What the server offers"), ", ".join(gone), ", ".join(new)))
    return met


def _offers(then: Outcome, now: Outcome) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the server offered at the same point: in the end, else before TLS."""
    if then.stage in AFTER_EHLO and now.stage in AFTER_EHLO:
        return then.capabilities, now.capabilities
    return then.clear_capabilities, now.clear_capabilities


def _sender(outcome: Outcome) -> str:
    """Return the address that the server was told as sender, if it came to that."""
    lines = [line for line in outcome.transcript if line.startswith(MAIL_FROM)]
    return lines[0].removeprefix(MAIL_FROM).partition(">")[0] if lines else ""


def _told(certificate: Certificate | None) -> str:
    if certificate is None:
        return ""
    words = _("%(subject)s, by %(issuer)s, valid until %(end)s") % {
        "subject": certificate.subject or ", ".join(certificate.names),
        "issuer": certificate.issuer,
        "end": certificate.valid_until,
    }
    return f"{words}: {certificate.fault}" if certificate.fault else words


def _paces(then: Outcome, now: Outcome) -> Iterator[Pace]:
    before, after = _times(then), _times(now)
    for stage in Stage:
        if stage in before or stage in after:
            yield Pace(str(STAGES[stage]), before.get(stage), after.get(stage))


def _times(outcome: Outcome) -> dict[Stage, int]:
    """Return how long each stage took; EHLO comes twice, and counts together."""
    times: dict[Stage, float] = {}
    for result in outcome.stages:
        times[result.stage] = times.get(result.stage, 0) + result.milliseconds
    return {stage: round(milliseconds) for stage, milliseconds in times.items()}
