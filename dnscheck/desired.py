"""The value that stands at a record in the end: what is right already, or what the edit makes."""

from collections.abc import Iterable, Sequence

from dnscheck import dmarc
from dnscheck.findings import Action, Edit, RecordVerdict
from dnscheck.records import RequiredRecord, publishable
from dnscheck.spf import terms
from smtp.providers.base import Match, Purpose


def _keys_among(texts: Sequence[str]) -> list[str]:
    return [text for text in texts if "p=" in text.replace(" ", "").lower()]


_AMONG = {
    Match.SPF: terms.published_among,
    Match.DMARC: dmarc.published_among,
    Match.DKIM_KEY: _keys_among,
}


def of_its_kind(record: RequiredRecord, published: Sequence[str]) -> Sequence[str]:
    """Return which of the published values could be this record: beside SPF there may be others."""
    among = _AMONG.get(record.match)
    return published if among is None else among(published)


def desired(
    record: RequiredRecord, verdict: str, observed: Sequence[str], edits: Iterable[Edit]
) -> str:
    """Return the value to have at a required record, given what the last check saw there.

    `verdict` is a `RecordVerdict`, or empty when nobody looked. An SPF, DMARC or DKIM key record
    becomes what an edit shows; without an edit a right one stays as it is (nothing at all where the
    policy of a domain above applies), and else it is published as wanted, with what is there
    already. Any other record is published as it is wanted, but for an alias to a shared policy in
    the place of which there is another policy.
    """
    among = _AMONG.get(record.match)
    if among is None:
        is_chosen = record.purpose is Purpose.DMARC and verdict == RecordVerdict.OK
        return next(iter(observed), "") if is_chosen else record.value
    for edit in edits:
        is_here = (edit.name, edit.type) == (record.name, record.type)
        if is_here and edit.after and edit.action is not Action.DELETE:
            return edit.after
    if verdict == RecordVerdict.OK:
        published = among(observed)
        return published[0] if published else ""
    return publishable(record, observed)
