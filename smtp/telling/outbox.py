"""Verbs: mail what a person asked for to somebody without an account, and take it back.

It goes out as notices do: by the setting that the operators marked, tried again for a day, and
never twice. What is written is for the caller to decide, and who may ask for it.
"""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from smtp import hints
from smtp.message import ascii_address
from smtp.models import LINK, Attempt, Letter, LetterState, State
from smtp.telling import post
from smtp.telling.notice_text import LONGEST_SUBJECT
from tenants.models import Tenant

__all__ = ["LINK", "UNDER_WAY", "Fate", "Mail", "address", "fate_of", "is_open", "put", "withdraw"]

LONGEST = 254  # RFC 5321 section 4.5.3.1.3, without the angle brackets
UNDER_WAY = (LetterState.WAITING.value, LetterState.TRYING.value)
HAS_NOT_LEFT = Q(state=LetterState.WAITING) | Q(
    state=LetterState.TRYING, attempt__state__in=(State.QUEUED, State.RUNNING)
)
STATUSES = {  # as the component of a state has them
    LetterState.WAITING: "queued",
    LetterState.TRYING: "running",
    LetterState.SENT: "succeeded",
    LetterState.UNCLEAR: "unclear",
    LetterState.GIVEN_UP: "failed",
    LetterState.WITHDRAWN: "info",
}


def is_open() -> bool:
    """Whether the operators have chosen a setting by which mails go out, and enabled it."""
    return post.sender() is not None


def address(text: str) -> str:
    """Return an address as it goes on the wire; raise `ValueError` with a sentence for others."""
    plain = ascii_address(text)
    if len(plain) > LONGEST:
        raise ValueError(
            _("An e-mail address has %(most)s characters at most.") % {"most": LONGEST}
        )
    return plain


@dataclass(frozen=True)
class Mail:
    """What to mail to whom. `LINK` in the text stands for the link, which is a secret.

    Answers go to `reply_to`, or where those to notices go. After `until` it is not sent any more.
    """

    recipient: str
    subject: str
    text: str
    link: str
    reply_to: str
    until: dt.datetime


def put(tenant: Tenant, mail: Mail, *, cause: str, now: dt.datetime) -> int:
    """Write a letter, which the next sweep sends; return its id. It waits for no quiet hours."""
    letter = Letter.objects.create(
        tenant=tenant,
        batch=uuid.uuid4(),
        cause=cause,
        recipient=mail.recipient,
        subject=_cut(mail.subject),
        text=mail.text,
        link=mail.link,
        reply_to=_usable(mail.reply_to),
        asked_for=True,
        until=mail.until,
        created_at=now,
        due_at=now,
    )
    return letter.pk


def _cut(subject: str) -> str:
    is_short = len(subject) <= LONGEST_SUBJECT
    return subject if is_short else f"{subject[: LONGEST_SUBJECT - 1]}…"


def _usable(reply_to: str) -> str:
    """Return the address, or nothing if no mail can be written with it."""
    try:
        return address(reply_to) if reply_to else ""
    except ValueError:
        return ""


def withdraw(letters: Collection[int]) -> None:
    """See that letters with these ids are not sent any more, unless their message has left.

    Of those that are handed over now it is told later what became of them.
    """
    if letters:
        mine = Letter.objects.filter(HAS_NOT_LEFT, pk__in=letters)
        mine.update(state=LetterState.WITHDRAWN, link="")


@dataclass(frozen=True)
class Fate:
    """What became of a letter: a status with its word, and sentences, the last one what to do.

    `hint` is why, in the English of the hints, and goes before them. `due_at` is when it is tried
    again.
    """

    status: str
    word: str
    hint: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    due_at: dt.datetime | None = None
    is_under_way: bool = False


def fate_of(letter: Letter) -> Fate:
    """Return what became of a letter, whose attempt is at hand, for people who are no operators."""
    state = LetterState(letter.state)
    due_at = letter.due_at if state is LetterState.WAITING and letter.tries else None
    hint = _hint(letter.attempt) if due_at or state is LetterState.GIVEN_UP else ()
    return Fate(
        STATUSES[state],
        str(state.label),
        hint,
        () if hint else _sentences(letter, state),
        due_at,
        is_under_way=letter.state in UNDER_WAY,
    )


def _sentences(letter: Letter, state: LetterState) -> tuple[str, ...]:
    match state:
        case LetterState.SENT:
            return (_("The mail server took it. Whether it arrived, only the recipient knows."),)
        case LetterState.UNCLEAR:
            return (
                _("The connection broke while it was handed over, so it may have arrived."),
                _("It is not sent again by itself: ask the recipient first."),
            )
        case LetterState.WITHDRAWN:
            return (_("It was not sent: the link had ended."),)
        case LetterState.GIVEN_UP:
            return _why(letter.attempt) or (_("It could not be sent in time."),)
        case LetterState.WAITING if letter.tries:
            return _why(letter.attempt)
    return ()


def _hint(attempt: Attempt | None) -> tuple[str, ...]:
    """Return the cause and the first step, if an attempt failed because of the mail itself."""
    if attempt is None or not attempt.cause or attempt.stage not in post.ABOUT_THE_MAIL:
        return ()
    steps = hints.get(attempt.hint).steps[:1] if attempt.hint in hints.CODES else ()
    return (f"{attempt.cause}.", *steps)


def _why(attempt: Attempt | None) -> tuple[str, ...]:
    """Return why an attempt failed. Trouble with the setting is the operators' to mend."""
    if attempt is None:
        return ()
    if attempt.stage not in post.ABOUT_THE_MAIL:
        return (_("The portal's own mail setting failed. The operators see why, and can mend it."),)
    return (_("The mail server refused it."),)
