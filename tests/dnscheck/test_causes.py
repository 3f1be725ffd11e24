"""The one sentence that says why a domain is not right, and how it is stored."""

from dataclasses import replace

import pytest

from dnscheck import verification
from dnscheck.answers import Answer, Reason, Status
from dnscheck.causes import LONGEST, Cause, cause_of, words
from dnscheck.diagnosis import NO_SUCH_DOMAIN, DomainResult, RecordResult
from dnscheck.findings import Finding, RecordVerdict, Severity
from dnscheck.models import SendingDomain
from dnscheck.records import RequiredRecord
from dnscheck.rules import registry
from dnscheck.rules.host import state
from dnscheck.verdicts import Result
from smtp.providers.base import Match, Purpose
from tests.factories import make_domain
from tests.fakes import NOW, Clock, FakeDns

DOMAIN = "shop.example"
KEY = f"s1._domainkey.{DOMAIN}"
WRONG_KEY = Finding("dkim.wrong-key", Severity.ERROR, "Another key is at s1", "Why.", "Fix.")
MILD = Finding("dkim.mild", Severity.INFO, "All is well", "Why.", "Fix.")
GONE = state(NO_SUCH_DOMAIN, domain=DOMAIN)
OLD, NEW = "v=DKIM1; p=b2xk", "v=DKIM1; p=bmV3"


def seen(
    *findings: Finding, observed: tuple[str, ...] = (NEW,), required: bool = True
) -> RecordResult:
    """Return what was seen at a DKIM key that is not right."""
    record = RequiredRecord(Purpose.DKIM, KEY, "TXT", OLD, Match.EXACT, required=required)
    answer = Answer(KEY, "TXT", Status.FOUND)
    return RecordResult(record, RecordVerdict.WRONG, observed, findings, answer)


def result(
    *records: RecordResult, findings: tuple[Finding, ...] = (), of: Result = Result.BAD
) -> DomainResult:
    """Return what one look says."""
    return DomainResult(DOMAIN, of, records, findings)


TABLE: dict[str, tuple[DomainResult, tuple[str, ...], Cause | None]] = {
    "nothing is wrong": (result(of=Result.GOOD), (), Cause()),
    "silence says nothing": (result(of=Result.UNKNOWN), (OLD,), None),
    "the worst finding is told": (
        result(seen(MILD, WRONG_KEY)),
        (),
        Cause("dkim.wrong-key", "Another key is at s1"),
    ),
    "one change since all was right is told": (
        result(seen(WRONG_KEY)),
        (OLD,),
        Cause("dkim.wrong-key", "The DKIM key at s1._domainkey changed"),
    ),
    "what vanished is told": (
        result(seen(WRONG_KEY, observed=())),
        (OLD,),
        Cause("dkim.wrong-key", "A DKIM record vanished from s1._domainkey"),
    ),
    "a name with the domain in it twice stays as it is": (
        result(seen(replace(WRONG_KEY, title=f"Twice: {KEY}.{DOMAIN} for {KEY}."))),
        (),
        Cause("dkim.wrong-key", f"Twice: {KEY}.{DOMAIN} for s1._domainkey"),
    ),
    "of several changes none is blamed": (
        result(seen(WRONG_KEY)),
        ("v=DKIM1; k=rsa; p=b2xk",),
        Cause("dkim.wrong-key", "Another key is at s1"),
    ),
    "a domain that is gone comes before its records": (
        result(seen(WRONG_KEY), findings=(GONE,)),
        (OLD,),
        Cause("dns.no-such-domain", f"{DOMAIN} does not exist in the DNS"),
    ),
    "records that are only recommended are not blamed": (
        result(seen(WRONG_KEY, required=False), seen(), findings=()),
        (),
        Cause("", "The TXT record at s1._domainkey is not right"),
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_a_cause_is_one_sentence(name: str) -> None:
    """What is told of each kind of result."""
    looked, before, cause = TABLE[name]
    assert cause_of(looked, {(KEY, "TXT"): before} if before else {}) == cause


def test_a_long_title_is_cut() -> None:
    """What the column cannot hold ends in an ellipsis."""
    long = Finding("dkim.x", Severity.ERROR, "y" * 400, "Why.", "Fix.")
    cause = cause_of(result(seen(long)), {})
    assert cause is not None
    assert len(cause.sentence) == LONGEST
    assert cause.sentence.endswith("…")


def test_every_code_has_words_without_braces() -> None:
    """A cause can be chosen from a list by words."""
    assert {finding.code for finding in registry.every()} == words().keys()
    assert all(text and not set("{}") & set(text) for text in words().values())
    assert words()["host.at-domain"] == "The record is at … instead of …"


@pytest.mark.django_db(transaction=True)
def test_a_check_stores_the_cause() -> None:
    """It comes with what is wrong, stays through silence, and goes when all is right."""
    recipe = (("generic", {"mechanism": "ip4:192.0.2.1"}),)
    row, clock = (
        make_domain(name=DOMAIN, recipes=recipe, next_check_at=NOW, created_at=NOW),
        Clock(),
    )
    good = FakeDns({(DOMAIN, "TXT"): ("v=spf1 ip4:192.0.2.1 ~all",)})
    other = {(DOMAIN, "MX"): ("10 mx.example",)}

    def check(dns: FakeDns) -> tuple[str, str]:
        SendingDomain.objects.filter(pk=row.pk).update(next_check_at=clock.now)
        assert verification.verify_domain(row.pk, clock=clock, make_resolver=lambda: dns)
        clock.forward(minutes=10)
        return SendingDomain.objects.values_list("cause", "cause_code").get(pk=row.pk)

    assert check(good) == ("", "")
    vanished = (f"An SPF record vanished from {DOMAIN}", "spf.missing")
    assert check(FakeDns(dict(other))) == vanished
    assert check(FakeDns(default=Reason.TIMEOUT)) == vanished
    assert check(FakeDns(dict(other))) == vanished
    assert check(good) == ("", "")
