"""Judges one record by what the resolver sees of it and what each of the zone's servers says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dnscheck.answers import Answer, Status
from dnscheck.findings import Finding, Judgement, RecordVerdict, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules.host import state, typed

CACHES_FOLLOW = Finding(
    "view.caches-follow",
    Severity.INFO,
    "{name} is right at your DNS host already; caches follow",
    "All of the zone's name servers that answered have it. The resolver still keeps {kept}.",
    "Wait. The check is repeated by itself.",
)
SERVERS_DIFFER = Finding(
    "view.servers-differ",
    Severity.WARNING,
    "{behind} of {all} name servers do not have {name} right",
    "Receivers that ask {servers} see something else than those that ask the others.",
    "Give your DNS host some minutes to bring its servers in line. If it stays, save the record "
    "there once more, or tell the DNS host which servers fell behind: {servers}.",
)
SERVERS_DISAGREE = Finding(
    "view.servers-disagree",
    Severity.WARNING,
    "The zone's name servers do not agree on {name}",
    "None of them has it right, and they do not all publish the same.",
    "Make the edit at the DNS host that serves the zone. If the servers belong to two DNS hosts, "
    "make it at both.",
)
CHANGED = Finding(
    "view.changed-not-right",
    Severity.INFO,
    "{name} was changed at your DNS host, and is not right yet",
    "The resolver still sees what was there before. What is said here is about what the zone's own "
    "name servers publish now.",
    "Make the edit shown, then wait until the resolver has forgotten the old record.",
)
RIGHT_THERE = Finding(
    "view.right-at-servers",
    Severity.INFO,
    "{name} is right at the zone's own name servers",
    "Only the resolver this portal uses could not tell, so the verdict stays as it was.",
    "There is nothing to edit in this record.",
)
WRONG_THERE = Finding(
    "view.wrong-at-servers",
    Severity.INFO,
    "{name} is not right at the zone's own name servers",
    "The resolver this portal uses could not tell, so the verdict stays as it was. At the zone's "
    "own name servers the check says: “{wrong}”.",
    "{edit}",
)
SPLIT_HORIZON = Finding(
    "view.split-horizon",
    Severity.WARNING,
    "Your network sees another {name} than the rest of the world",
    "The zone's public name servers have it right. The resolver this portal uses answers from "
    "another copy of the zone.",
    "Nothing is wrong in public. Correct the copy inside your network, or have DNS_SERVERS name a "
    "resolver that asks the public name servers.",
)
WRONG_OUTSIDE = Finding(
    "view.wrong-outside",
    Severity.WARNING,
    "The rest of the world sees another {name} than your network",
    "The resolver this portal uses answers from another copy of the zone. At the zone's public "
    "name servers, which receivers ask, the check says: “{wrong}”.",
    "{edit}",
)
MOST_NAMED = 3  # servers in a sentence; the evidence lists more
UNITS = ((86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "seconds"))


@dataclass(frozen=True)
class View:
    """One answer for a record, and what its judge says of it."""

    answer: Answer
    judgement: Judgement

    @property
    def is_right(self) -> bool:
        """Whether the record is as it should be."""
        return self.judgement.verdict is RecordVerdict.OK

    @property
    def tells(self) -> bool:
        """Whether this says anything of the zone."""
        return self.answer.definitive and self.judgement.verdict is not RecordVerdict.UNKNOWN

    @property
    def texts(self) -> frozenset[str]:
        """The values as they are typed."""
        return frozenset(map(typed, self.answer.values))


def compare(
    record: RequiredRecord,
    here: View,
    there: Mapping[str, tuple[View, ...]],
    *,
    is_other_zone: bool = False,
) -> tuple[Finding, ...]:
    """Return what to tell of a record, given also what the zone's own servers say of it.

    That is what the resolver's view alone tells, until the servers know better: then nobody is
    asked for an edit that was made, or that does not fit what is published by now. `there` holds
    the views by host name, one for each of its addresses. A server that does not tell counts for
    nothing. `is_other_zone` says that the resolver answers from another zone than the servers, by
    its SOA record.
    """
    told = here.judgement.findings
    hosts = {host: view for host, views in there.items() if (view := _worst(views)) is not None}
    behind = [host for host, view in hosts.items() if not view.is_right]
    is_other_zone = is_other_zone or "AA" in here.answer.flags
    if not hosts:
        return told
    if not behind:
        return _all_right(record, here, is_other_zone)
    if len(behind) < len(hosts):
        return (_differing(record, hosts, behind),)
    if len({view.texts for view in hosts.values()}) > 1:
        return (*told, state(SERVERS_DISAGREE, evidence=_evidence(hosts), name=record.name))
    return _all_wrong(record, here, hosts[behind[0]], is_other_zone)


def is_other_zone(here: Answer, there: Iterable[Answer]) -> bool:
    """Whether the SOA record the resolver has is from none of the zone's servers.

    What tells copies of a zone from one another is its first server and its person in charge (RFC
    1035 section 3.3.13); the serial number says only how old a copy is.
    """
    known = {start for answer in there for start in _starts(answer)}
    seen = _starts(here)
    return bool(known and seen) and not known & seen


def _starts(answer: Answer) -> set[tuple[str, ...]]:
    return set() if answer.chain else {tuple(text.lower().split()[:2]) for text in answer.texts}


def _worst(views: Iterable[View]) -> View | None:
    """Return what a host says that is not right, if one of its addresses says so."""
    telling = sorted((view for view in views if view.tells), key=lambda view: view.is_right)
    return telling[0] if telling else None


def _differing(record: RequiredRecord, hosts: Mapping[str, View], behind: list[str]) -> Finding:
    return state(
        SERVERS_DIFFER,
        evidence=_evidence(hosts),
        name=record.name,
        behind=str(len(behind)),
        all=str(len(hosts)),
        servers=named(behind),
    )


def _all_right(record: RequiredRecord, here: View, is_other_zone: bool) -> tuple[Finding, ...]:
    """Tell of a record that is right at the servers: so there is no edit to make."""
    if here.is_right:
        return here.judgement.findings
    if not here.tells:
        return (*here.judgement.findings, state(RIGHT_THERE, name=record.name))
    if is_other_zone:
        return (state(SPLIT_HORIZON, name=record.name),)
    return (state(CACHES_FOLLOW, name=record.name, kept=_kept(here.answer)),)


def _all_wrong(
    record: RequiredRecord, here: View, there: View, is_other_zone: bool
) -> tuple[Finding, ...]:
    """Tell of a record that is not right at the servers, all of which say the same."""
    told = here.judgement.findings
    if here.tells and here.texts == there.texts:
        return told
    if not here.tells:
        return (*told, _as_there(WRONG_THERE, record, there))
    if is_other_zone:
        return (*(told if here.is_right else ()), _as_there(WRONG_OUTSIDE, record, there))
    if here.is_right:
        return told  # the caches still have what is gone; a later check will tell
    return (*there.judgement.findings, state(CHANGED, name=record.name))


def _as_there(finding: Finding, record: RequiredRecord, there: View) -> Finding:
    """Return a finding that hands on the first one of the servers' view, with its edits."""
    first = there.judgement.findings[0]
    return state(
        finding,
        edits=first.edits,
        evidence=map(typed, there.answer.values),
        name=record.name,
        wrong=first.title,
        edit=first.fix,
    )


def _kept(answer: Answer) -> str:
    """Return what a resolver remembers, and for how long (RFC 2308 section 5 for a denial)."""
    what = "what was there before"
    if answer.status is not Status.FOUND:
        what = "that there was no such record"
    time = f", for {in_words(answer.ttl)} at most" if answer.ttl else ""
    others = f"; others may for {in_words(answer.minimum)}" if answer.minimum else ""
    return f"{what}{time}{others}"


def _evidence(hosts: Mapping[str, View]) -> Iterable[str]:
    """Return what each host publishes besides what all of them do."""
    common = frozenset.intersection(*(view.texts for view in hosts.values()))
    for host, view in hosts.items():
        own = sorted(view.texts - common)
        yield f"{host}: {' | '.join(own) if own else '(no such record)'}"


def named(hosts: Iterable[str]) -> str:
    """Return some names as part of a sentence."""
    names = list(hosts)
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def in_words(seconds: int) -> str:
    """Return a time a person can wait for, rounded up: `45 seconds`, `5 minutes`."""
    size, unit = next((size, unit) for size, unit in UNITS if seconds >= 2 * size or size == 1)
    count = -(-seconds // size)
    return f"{count} {unit if count != 1 else unit.removesuffix('s')}"
