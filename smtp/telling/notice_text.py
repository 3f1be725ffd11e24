"""Pure: what a mail and a webhook say about things that happened together."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MOST_SHOWN = 50  # notices in one mail or call; the page has the others
LONGEST_SUBJECT = 150


@dataclass(frozen=True)
class Told:
    """One notice, as it is told. `changes` as in `tenants.notices.Change`; `url` may be a path."""

    topic: str
    subject: str
    title: str
    text: str
    url: str
    at: dt.datetime
    since: dt.datetime | None = None
    changes: Sequence[Mapping[str, str]] = field(default_factory=tuple)


@dataclass(frozen=True)
class Digest:
    """Notices that go out together: the first `MOST_SHOWN` of `number`, with one cause.

    `whose` is the tenant's name, or what the operators' own notices are called; `url` is the page
    with all of them.
    """

    whose: str
    cause: str
    told: Sequence[Told]
    number: int
    url: str

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.number - len(self.told)


def mail_subject(digest: Digest) -> str:
    """Return the subject of the mail: the first thing that happened, and how many others did."""
    others = f" (and {digest.number - 1:,} more)" if digest.number > 1 else ""
    title = digest.told[0].title.removesuffix(".")
    room = LONGEST_SUBJECT - len(others)
    line = f"[Relaydesk] {digest.whose}: {title}"
    return (line if len(line) <= room else line[: room - 1] + "…") + others


def mail_text(digest: Digest, why: str, zone: dt.tzinfo) -> str:
    """Return the text of the mail. `why` tells its reader why it came, and how to have it end."""
    parts = [_told(told, zone) for told in digest.told]
    if digest.more:
        parts.append(f"And {digest.more:,} more: {digest.url}")
    return "\n\n".join([*parts, f"-- \n{why}"])


def _told(told: Told, zone: dt.tzinfo) -> str:
    lines = [told.title]
    if told.since:
        lines.append(f"Since {_time(told.since, zone)}.")
    lines += [told.text] if told.text else []
    for change in told.changes:
        lines += _change(change)
    return "\n".join([*lines, told.url])


def _time(moment: dt.datetime, zone: dt.tzinfo) -> str:
    return f"{moment.astimezone(zone):%d %B %Y, %H:%M %Z}"


def _change(change: Mapping[str, str]) -> list[str]:
    lines = [
        f"  {change['name']}",
        f"    was: {change['old'] or '(nothing)'}",
        f"    is:  {change['new'] or '(nothing)'}",
    ]
    return [*lines, f"    To do: {change['edit']}"] if change["edit"] else lines


def call_body(digest: Digest, key: str, slug: str) -> str:
    """Return the JSON of a call. What its members mean is in docs/notices.md."""
    body = {
        "id": key,
        "tenant": {"name": digest.whose, "slug": slug},
        "cause": digest.cause,
        "number": digest.number,
        "more": digest.more,
        "url": digest.url,
        "notices": [_plain(told) for told in digest.told],
    }
    return json.dumps(body, ensure_ascii=True, separators=(",", ":"))


def _plain(told: Told) -> dict[str, object]:
    return {
        "topic": told.topic,
        "subject": told.subject,
        "title": told.title,
        "text": told.text,
        "url": told.url,
        "at": told.at.astimezone(dt.UTC).isoformat(),
        "since": told.since.astimezone(dt.UTC).isoformat() if told.since else None,
        "changes": [dict(change) for change in told.changes],
    }
