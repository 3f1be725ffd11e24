"""What mails and calls about notices say."""

import datetime as dt
import json
from email import message_from_bytes, policy
from typing import Any

import pytest

from smtp.message import Head, compose_notice
from smtp.telling.notice_text import Digest, Told, call_body, mail_subject, mail_text
from tests.fakes import NOW

SPF = {"name": "SPF of a.example", "old": "v=spf1 -all", "new": "", "edit": "Put it back."}


def digest(number: int = 1, **fields: Any) -> Digest:
    """Return a digest with so many notices that say the same."""
    values: dict[str, Any] = {
        "topic": "domain.failing",
        "subject": "a.example",
        "title": "a.example fails.",
        "text": "SPF is missing.",
        "url": "https://portal.example/domains/1/",
        "at": NOW,
    }
    shown = [Told(**{**values, **fields})] * min(number, 50)
    return Digest("Acme", "spf-missing", shown, number, "https://portal.example/notices/")


@pytest.mark.parametrize(
    ("number", "subject"),
    [
        (1, "[Relaydesk] Acme: a.example fails"),
        (10, "[Relaydesk] Acme: a.example fails (and 9 more)"),
        (10_000, "[Relaydesk] Acme: a.example fails (and 9,999 more)"),
    ],
)
def test_the_subject_says_what_and_how_many(number: int, subject: str) -> None:
    """The first thing that happened stands for all of them."""
    assert mail_subject(digest(number)) == subject


def test_a_long_title_is_cut_and_the_number_kept() -> None:
    """The subject stays short enough to be read in a list."""
    subject = mail_subject(digest(3, title="x" * 250))
    assert len(subject) == 150
    assert subject.endswith("… (and 2 more)")


def test_the_text_has_everything_there_is_to_know() -> None:
    """What, since when, the old value, the new one, the edit, and where to look."""
    since = dt.datetime(2026, 11, 21, 3, 10, tzinfo=dt.UTC)
    berlin = dt.timezone(dt.timedelta(hours=1), "CET")
    text = mail_text(digest(since=since, changes=(SPF,)), "Why.", berlin)
    assert text.splitlines() == [
        "a.example fails.",
        "Since 21 November 2026, 04:10 CET.",
        "SPF is missing.",
        "  SPF of a.example",
        "    was: v=spf1 -all",
        "    is:  (nothing)",
        "    To do: Put it back.",
        "https://portal.example/domains/1/",
        "",
        "-- ",
        "Why.",
    ]


def test_a_storm_is_one_mail_with_fifty_of_it() -> None:
    """The others are counted, with the page that has them."""
    text = mail_text(digest(10_000), "Why.", dt.UTC)
    assert text.count("a.example fails.") == 50
    assert "And 9,950 more: https://portal.example/notices/" in text


def test_a_call_says_the_same_in_json() -> None:
    """Times are in UTC, in ISO 8601."""
    body = json.loads(call_body(digest(60, since=NOW, changes=(SPF,)), "the-key", "acme"))
    assert (body["id"], body["number"], body["more"]) == ("the-key", 60, 10)
    assert body["tenant"] == {"name": "Acme", "slug": "acme"}
    assert body["notices"][0] == {
        "topic": "domain.failing",
        "subject": "a.example",
        "title": "a.example fails.",
        "text": "SPF is missing.",
        "url": "https://portal.example/domains/1/",
        "at": "2026-11-21T12:00:00+00:00",
        "since": "2026-11-21T12:00:00+00:00",
        "changes": [SPF],
    }


HEAD: dict[str, Any] = {
    "sender": "portal@example.com",
    "sender_name": "",
    "recipient": "you@example.com",
    "reply_to": "",
    "message_id": "<1@example.com>",
    "date": NOW,
    "extra_headers": (),
}


@pytest.mark.parametrize(
    "name",
    [
        "a\r\nBcc: v@x.example",
        "=?utf-8?q?a=0D=0ABcc:_v@x.example?=",
        "<script>alert(1)</script>",
        "\u202egro.elpmaxe",
        "ÅÄÖ " * 60,
    ],
)
def test_a_name_can_do_no_harm_in_a_mail(name: str) -> None:
    """It adds no header and no part, and nothing of it is decoded into anything else."""
    text = f"{name}\n" + "long " * 400
    raw = compose_notice(Head(**HEAD), subject=f"{name} fails", text=text)
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["Bcc"] is None
    assert mail.get_content_type() == "text/plain"
    assert [line for line in raw.split(b"\r\n") if len(line) > 998] == []
    assert raw.isascii()
    assert str(mail["Subject"]).endswith("fails")
    assert "\n" not in str(mail["Subject"])
    assert "long long" in mail.get_content()


def test_a_notice_says_that_nobody_wrote_it() -> None:
    """No vacation reply comes back (RFC 3834)."""
    mail = message_from_bytes(compose_notice(Head(**HEAD), subject="x", text="y"))
    assert mail["Auto-Submitted"] == "auto-generated"
