"""Verbs: what a letter says when its turn comes, and whether it may still be sent by then."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q

from smtp import vault
from smtp.models import LINK, Attempt, Letter, LetterState
from smtp.models.attempt import AttemptQuerySet


@dataclass(frozen=True)
class Written:
    """A letter to be sent, its link in its place. `secrets` must not be seen anywhere else."""

    subject: str
    text: str = field(repr=False)
    reply_to: str
    secrets: tuple[str, ...] = field(repr=False)


def written(attempt: Attempt, now: dt.datetime) -> Written:
    """Return the letter of an attempt; raise `ValueError` if it is not to be sent."""
    letter = Letter.objects.filter(attempt=attempt).first()
    if letter is None:
        raise ValueError("The notices that were to be mailed are no longer kept.")
    if not letter.is_wanted(now):
        raise ValueError("This mail was withdrawn before it was sent.")
    try:
        link = vault.read(letter, "link")
    except vault.Unbound as error:
        raise ValueError("The link in this mail cannot be read with the keys at hand.") from error
    text = letter.text.replace(LINK, link) if link else letter.text
    return Written(letter.subject, text, letter.reply_to, _pieces(link))


def _pieces(link: str) -> tuple[str, ...]:
    """Return a link with the pieces of it that must not be seen either."""
    token = link.rstrip("/").rpartition("/")[2]
    return (link, token, *token.split("."))


def wanted(attempts: AttemptQuerySet, now: dt.datetime) -> AttemptQuerySet:
    """Return those of the attempts whose letter may be sent at this very moment."""
    is_open = Q(letter__until=None) | Q(letter__until__gt=now)
    return attempts.filter(is_open, letter__state=LetterState.TRYING)
