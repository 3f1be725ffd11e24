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
    "The resolver still sees what was there before. At the zone's own name servers the check "
    "says: “{wrong}”.",
    "{edit}",
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
    """Say what the zone's own servers add to what the resolver saw; mostly nothing.

    `there` holds the views by host name, one for each of its addresses. A server that does not
    tell counts for nothing. `is_other_zone` says that the resolver answers from another zone than
    the servers, by its SOA record.
    """
    hosts = {host: view for host, views in there.items() if (view := _worst(views)) is not None}
    right = [host for host, view in hosts.items() if view.is_right]
    behind = [host for host, view in hosts.items() if not view.is_right]
    is_other_zone = is_other_zone or "AA" in here.answer.flags
    if right and behind:
        return (
            state(
                SERVERS_DIFFER,
                evidence=_evidence(hosts),
                name=record.name,
                behind=str(len(behind)),
                all=str(len(hosts)),
                servers=named(behind),
            ),
        )
    if right:
        finding = _all_right(here, is_other_zone)
        kept = _kept(here.answer)
        return (state(finding, name=record.name, kept=kept),) if finding else ()
    if not behind:
        return ()
    if len({view.texts for view in hosts.values()}) > 1:
        return (state(SERVERS_DISAGREE, evidence=_evidence(hosts), name=record.name),)
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


def _all_right(here: View, is_other_zone: bool) -> Finding | None:
    if not here.tells:
        return RIGHT_THERE
    if here.is_right:
        return None
    return SPLIT_HORIZON if is_other_zone else CACHES_FOLLOW


def _all_wrong(
    record: RequiredRecord, here: View, there: View, is_other_zone: bool
) -> tuple[Finding, ...]:
    """Say what all servers agree on, if it is not what the resolver saw. Its edits are theirs."""
    if here.tells and here.texts == there.texts:
        return ()
    if not here.tells:
        finding = WRONG_THERE
    elif is_other_zone:
        finding = WRONG_OUTSIDE
    elif here.is_right:
        return ()  # the caches still have what is gone; the next check will tell
    else:
        finding = CHANGED
    first = there.judgement.findings[0]
    return (
        state(
            finding,
            edits=first.edits,
            evidence=map(typed, there.answer.values),
            name=record.name,
            wrong=first.title,
            edit=first.fix,
        ),
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
