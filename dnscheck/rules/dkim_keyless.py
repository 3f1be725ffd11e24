"""The DKIM aliases of one sender together: if none of them leads to a key, no mail can be signed.

One by itself says little: providers keep an alias for the next key, which is not there yet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dnscheck.findings import Finding, Judgement, RecordVerdict, Severity
from dnscheck.records import RequiredRecord, Sender
from dnscheck.rules.host import state
from smtp import providers
from smtp.providers.base import Purpose

KEYLESS = Finding(
    "dkim.no-key-behind",
    Severity.ERROR,
    "No DKIM key is found behind the CNAME at {name}",
    "{why} {others} Until there is one, receivers cannot check any signature by {provider} for "
    "{domain}.",
    "{fix}",
)
ALONE = "It is the only record for a key of {provider}."
NO_OTHER = "No other record for a key of {provider} leads to one either."

# What the rule for a CNAME says of a right one behind which there is nothing of use.
NOWHERE = frozenset(
    {
        *("cname.dangling", "cname.broken-chain", "cname.empty-target", "cname.target-loop"),
        *("cname.revoked-target", KEYLESS.code),
    }
)


def together(records: Sequence[RequiredRecord], judgements: Sequence[Judgement]) -> list[Judgement]:
    """Return the judgements on a domain's records, given also what the others of a sender say.

    Where all required keys of a sender are right aliases that lead nowhere, they are wrong. Beside
    a key that is there, such an alias is only worth a remark.
    """
    told, keys = list(judgements), _keys(records)
    for places in keys.values():
        if any(_is_there(judgements[place]) for place in places):
            for place in places:
                told[place] = _as_remark(judgements[place])
    for (slug, _), places in keys.items():
        if records[places[0]].required and all(map(leads_nowhere, _at(places, judgements))):
            others = NO_OTHER if len(places) > 1 else ALONE
            for place in places:
                told[place] = _wrong(records[place], judgements[place], slug, others)
    return told


def leads_nowhere(judgement: Judgement) -> bool:
    """Whether a CNAME is right and there is nothing of use behind it."""
    return any(finding.code in NOWHERE for finding in judgement.findings)


def _keys(records: Sequence[RequiredRecord]) -> dict[Sender, list[int]]:
    """Return the places of each sender's keys: those required, else those recommended."""
    keys: dict[Sender, list[int]] = {}
    for place, record in enumerate(records):
        if record.purpose is Purpose.DKIM and not record.optional:
            for sender in record.senders:
                keys.setdefault(sender, []).append(place)
    return {
        sender: [place for place in places if records[place].required] or places
        for sender, places in keys.items()
    }


def _at(places: Iterable[int], judgements: Sequence[Judgement]) -> list[Judgement]:
    return [judgements[place] for place in places]


def _is_there(judgement: Judgement) -> bool:
    return judgement.verdict is RecordVerdict.OK and not leads_nowhere(judgement)


def _as_remark(judgement: Judgement) -> Judgement:
    findings = tuple(
        replace(finding, severity=Severity.INFO) if finding.code in NOWHERE else finding
        for finding in judgement.findings
    )
    return replace(judgement, findings=findings)


def _wrong(record: RequiredRecord, judgement: Judgement, slug: str, others: str) -> Judgement:
    """Return that a record is wrong, in the words of what was said of it alone."""
    first = next(finding for finding in judgement.findings if finding.code in NOWHERE)
    provider = providers.get(slug).name
    found = state(
        KEYLESS,
        evidence=first.evidence,
        name=record.name,
        why=first.why,
        fix=first.fix,
        others=others.format(provider=provider),
        provider=provider,
        domain=record.name.partition("._domainkey.")[2],
    )
    return Judgement(RecordVerdict.WRONG, (found,))
