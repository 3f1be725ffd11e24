"""Verb: tell the people of a tenant, or the operators, that something happened.

What is told is a row. It is written in the caller's transaction, so that what happened and the
notice of it are stored together or not at all; `smtp.telling` mails it and calls webhooks with
it later. How much is told is the caller's to decide: tell a change once, not a state again.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import QuerySet

from tenants.models import Notice, Tenant, Topic

GROUPED_FOR = dt.timedelta(seconds=60)  # what follows within this time goes into the same mail
KEPT_FOR = dt.timedelta(days=90)
DELETED_AT_ONCE = 500
MOST_CHANGES = 20
LONGEST_VALUE = 1000


@dataclass(frozen=True)
class Change:
    """One value that changed: what it is called, what it was, what it is, and the edit that helps.

    An empty `old` or `new` is a value that is not there. `edit` is a whole sentence, or empty.
    """

    name: str
    old: str = ""
    new: str = ""
    edit: str = ""


def tell(
    tenant: Tenant | None,
    topic: Topic | str,
    *,
    cause: str,
    subject: str,
    title: str,
    text: str,
    path: str,
    now: dt.datetime,
    changes: Sequence[Change] = (),
    since: dt.datetime | None = None,
    at_once: bool = False,
    put: Callable[[Notice], object] = Notice.save,
) -> None:
    """Write one notice; without a tenant it is for the operators.

    `cause` groups: notices of one tenant with the same cause go into one mail. `subject` is what
    it is about, such as a domain or the name of a setting; `title` and `text` are whole sentences;
    `path` is the page to open, beginning with a slash. `since` is when the trouble began, also for
    the notice that it is over. `at_once` waits for no other notice to go with it.
    `put` writes it, or keeps it to be written with many others in the same transaction.

    A person is mailed only what is news: of notices about the same subject that were not mailed
    yet, the last one takes the place of the others. Line ends and other control characters in one
    line become blanks; what is too long is cut.
    """
    after = now if at_once else now + GROUPED_FOR
    row = Notice(
        tenant=tenant,
        topic=str(topic),
        thing=str(topic).partition(".")[0][:20],
        cause=one_line(cause, 200),
        subject=one_line(subject, 253),
        title=one_line(title, 250),
        text="\n".join(one_line(line, LONGEST_VALUE) for line in text.splitlines())[:4000],
        path=path[:500],
        changes=[_plain(change) for change in changes[:MOST_CHANGES]],
        since=since,
        created_at=now,
        mail_after=after,
        call_after=after,
    )
    put(row)


def _plain(change: Change) -> dict[str, str]:
    return {name: one_line(text, LONGEST_VALUE) for name, text in asdict(change).items()}


def one_line(text: str, most: int) -> str:
    """Return the text as one printable line of at most so many characters."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    line = " ".join(printable.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def forget(rows: QuerySet[Any], now: dt.datetime) -> None:
    """Delete some of the rows with `created_at` that are old: few, so that nobody waits for it."""
    old = rows.filter(created_at__lt=now - KEPT_FOR).order_by("created_at")
    some = list(old.values_list("pk", flat=True)[:DELETED_AT_ONCE])
    if some:
        rows.filter(pk__in=some).delete()
