"""Which way each provider of a domain passes DMARC, read off the verdicts on its records."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dnscheck.alignment.prediction import Alignment, predict
from dnscheck.diagnosis import RecordResult
from dnscheck.findings import RecordVerdict, Severity
from dnscheck.records import Sender
from dnscheck.rules.dkim_keyless import NOWHERE
from dnscheck.rules.dmarc_policy import How, Policy
from smtp import providers
from smtp.providers.base import Category, Match, Provider, Purpose

OK, UNKNOWN, MISSING = RecordVerdict.OK, RecordVerdict.UNKNOWN, RecordVerdict.MISSING
# They send with the envelope address they are given, which is one of the domain.
GIVEN_ENVELOPE = (Category.MAILBOX, Category.RELAY)
# What surely fails SPF; after other errors a receiver that evaluates the record may still pass.
SPF_FAILS = {
    *("spf.mechanism-missing", "spf.two-records", "spf.version"),
    *("spf.refused", "spf.unreachable", "spf.bad-term", "spf.glued"),
    *("spf.after-all", "spf.redirect-ignored"),  # as errors: what is wanted lies behind them
}
SPF_PASSES = {"spf.pass-all"}  # for everybody, however wrong that is


NO_KEY = "no DKIM key of it is known here"
NO_PATH = "the domain of its return path is not known"


@dataclass(frozen=True)
class _Way:
    """One way to pass DMARC: for which domain, the verdict, and why that is unknown if it is."""

    domain: str
    verdict: RecordVerdict
    doubt: str = ""


@dataclass(frozen=True)
class ProviderOutlook:
    """What DMARC will say of a domain's mail through one provider.

    `setting` is the id of the SMTP setting whose mail this is, and empty if none is named. `dkim`
    is the verdict on the provider's keys at the domain, `spf` on its return path under the domain;
    either is unknown when it could not be asked for or is known to the provider alone. `passes` is
    None when that decides. `too_strict` is as in `Alignment`.
    """

    provider: str
    dkim: RecordVerdict
    spf: RecordVerdict
    passes: bool | None
    sentence: str
    too_strict: tuple[str, ...] = ()
    setting: str = ""


def outlook(
    domain: str, records: Sequence[RecordResult], policy: Policy | None
) -> tuple[ProviderOutlook, ...]:
    """Return what DMARC will say of mail from a domain, for each of its senders.

    A sender is a provider that has records there, once for each setting that has its own.
    `policy` is what `dmarc_policy.policy_for` found for the domain.
    """
    senders = dict.fromkeys(sender for seen in records for sender in seen.record.senders)
    return tuple(
        _outlook(
            sender,
            domain,
            [seen for seen in records if sender in seen.record.senders],
            policy,
        )
        for sender in senders
    )


def _outlook(
    sender: Sender, domain: str, records: Sequence[RecordResult], policy: Policy | None
) -> ProviderOutlook:
    provider = providers.get(sender[0])
    dkim, spf = _signature(records), _return_path(provider, domain, records)
    signers = [dkim.domain] if dkim.verdict is OK else []
    bounces = {OK: spf.domain, MISSING: provider.bounces}.get(spf.verdict, "")
    certain = predict(domain, signers, bounces, policy)
    doubts = [way.doubt for way in (dkim, spf) if way.verdict is UNKNOWN]
    nobody_knows = policy is not None and policy.how is How.UNKNOWN
    is_open = nobody_knows or (not certain.passes and bool(doubts))
    passes = None if is_open else certain.passes
    return ProviderOutlook(
        provider.slug,
        dkim.verdict,
        spf.verdict,
        passes,
        _sentence(provider.name, certain, passes, doubts),
        certain.too_strict,
        setting=sender[1],
    )


def _sentence(name: str, certain: Alignment, passes: bool | None, doubts: Sequence[str]) -> str:
    if passes is None:
        why = "; ".join(doubts) or "the policy could not be checked"
        return f"Nobody knows if mail through {name} passes DMARC: {why}."
    if passes and doubts:
        way = "SPF" if certain.spf else "DKIM"
        return f"By DMARC, mail through {name} passes through {way}; {doubts[0]}."
    return f"By DMARC, mail through {name} {certain.words}."


def _signature(records: Sequence[RecordResult]) -> _Way:
    """Return the domain a provider signs for, and the verdict on its keys there.

    An alias whose target is not there yet is left aside beside a key that is: providers keep one
    for the next key.
    """
    keys = [seen for seen in records if seen.record.purpose is Purpose.DKIM]
    needed = [seen for seen in keys if seen.record.required] or [
        seen for seen in keys if not seen.record.optional
    ]
    if not needed:
        return _Way("", UNKNOWN, NO_KEY)  # it was not entered, or is no affair of this domain
    there = [seen for seen in needed if not NOWHERE & {finding.code for finding in seen.findings}]
    signer = needed[0].record.name.partition("._domainkey.")[2]
    if not there:
        return _Way(signer, MISSING)
    return _Way(signer, _one_of([_standing(seen) for seen in there]), _doubt("DKIM", there))


def _return_path(provider: Provider, domain: str, records: Sequence[RecordResult]) -> _Way:
    """Return where a provider's envelope sender is under the domain, and the verdict on SPF there.

    The name is empty when it is not there, or is known to the provider alone.
    """
    spf = [seen for seen in records if seen.record.match is Match.SPF]
    paths = [seen for seen in records if seen.record.purpose is Purpose.RETURN_PATH]
    if paths:
        names = dict.fromkeys(seen.record.name for seen in paths)
        beside = [*paths, *spf]
        each = {
            name: _all_of(seen for seen in beside if seen.record.name == name) for name in names
        }
        right = [name for name in names if each[name] is OK]
        verdict = _one_of(list(each.values()))
        return _Way((right or list(names))[0], verdict, _doubt("SPF", beside))
    if spf:
        verdict = _all_of(spf)
        given = provider.category in GIVEN_ENVELOPE and any(seen.record.required for seen in spf)
        if verdict is OK and not given:
            return _Way("", UNKNOWN, f"SPF is right, but {NO_PATH}")
        return _Way(domain, verdict, _doubt("SPF", spf))
    has_own = any(template.purpose is Purpose.RETURN_PATH for template in provider.recipe)
    return _Way("", MISSING) if has_own else _Way("", UNKNOWN, NO_PATH)


def _doubt(way: str, records: Sequence[RecordResult]) -> str:
    """Return why the verdict on one way may be unknown."""
    if any(seen.verdict is UNKNOWN for seen in records):
        return f"{way} could not be checked"
    return f"not every record for {way} is right"


def _standing(seen: RecordResult) -> RecordVerdict:
    """Return the verdict on a record as receivers come to it, unknown if they may still pass."""
    codes = {finding.code for finding in seen.findings}
    if codes & NOWHERE:
        return MISSING
    if seen.verdict is not RecordVerdict.WRONG:
        return seen.verdict
    is_spf = seen.record.match is Match.SPF
    errors = {told.code for told in seen.findings if told.severity is Severity.ERROR}
    if is_spf and errors <= SPF_PASSES:
        return OK
    fails = bool(errors & SPF_FAILS) if is_spf else "dkim.two-keys" not in codes
    return RecordVerdict.WRONG if fails else UNKNOWN


def _all_of(records: Iterable[RecordResult]) -> RecordVerdict:
    """Return the verdict on records that are all needed."""
    verdicts = [_standing(seen) for seen in records]
    bad = [verdict for verdict in verdicts if verdict not in (OK, UNKNOWN)]
    return bad[0] if bad else UNKNOWN if UNKNOWN in verdicts else OK


def _one_of(verdicts: Sequence[RecordVerdict]) -> RecordVerdict:
    """Return the verdict on records of which nobody knows here which one is used."""
    good = [verdict for verdict in verdicts if verdict is OK]
    if UNKNOWN in verdicts or 0 < len(good) < len(verdicts):
        return UNKNOWN
    return verdicts[0]
