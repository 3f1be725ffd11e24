"""The value that stands at a record in the end: what is right already, or what the edit makes."""

from collections.abc import Iterable, Sequence

from dnscheck import dmarc
from dnscheck.findings import Action, Edit, RecordVerdict
from dnscheck.records import RequiredRecord, publishable
from dnscheck.spf import terms
from smtp.providers.base import Match

_AMONG = {Match.SPF: terms.published_among, Match.DMARC: dmarc.published_among}


def desired(
    record: RequiredRecord, verdict: str, observed: Sequence[str], edits: Iterable[Edit]
) -> str:
    """Return the value to have at a required record, given what the last check saw there.

    `verdict` is a `RecordVerdict`, or empty when nobody looked. A right SPF or DMARC record stays
    as it is; a wrong one becomes what the edit shows; else the record is published as wanted,
    with what is there already.
    """
    among = _AMONG.get(record.match)
    if among is None:
        return record.value
    if verdict == RecordVerdict.OK and (published := among(observed)):
        return published[0]
    for edit in edits:
        is_here = (edit.name, edit.type) == (record.name, record.type)
        if is_here and edit.after and edit.action is not Action.DELETE:
            return edit.after
    return publishable(record, observed)
