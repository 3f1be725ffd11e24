"""DMARC behind a CNAME: of others, of one's own, shared by a provider, saved as text, made up."""

import asyncio
from dataclasses import replace

import pytest

from dnscheck.answers import Answer, Reason, Status, Value
from dnscheck.desired import desired
from dnscheck.findings import Action, Edit, Judgement, RecordVerdict, Severity
from dnscheck.records import Recipe, RequiredRecord, required_records
from dnscheck.rules import dmarc_alias, judge
from dnscheck.rules.wildcards import probe_name
from smtp.providers.base import Match, Purpose
from tests.dnscheck.judging import (
    MISSING,
    OK,
    UNKNOWN,
    Published,
    Row,
    Zone,
    check,
    check_edits,
    codes_in,
    codes_of,
    edited,
    judged,
)

APEX, NAME = "shop.example", "_dmarc.shop.example"
POLICY = RequiredRecord(Purpose.DMARC, NAME, "TXT", "v=DMARC1; p=none", Match.DMARC)
BELOW = replace(POLICY, name="_dmarc.mail.shop.example")
RUA = "rua=mailto:a@shop.example"
ASKED = replace(POLICY, value=f"v=DMARC1; p=none; {RUA}")
MAILBOX: Published = {(APEX, "MX"): ("10 mx.shop.example",)}


def leading(target: str, *texts: str, name: str = NAME) -> Published:
    """Return a name that is a CNAME to another, and the texts there."""
    behind: Published = {(target, "TXT"): texts} if texts else {}
    return {**MAILBOX, (name, "CNAME"): (target,), **behind}


SHARED, FAR = "dmarc.shared-policy", "dmarc.policy-elsewhere"
ROWS = [
    Row(
        "shared by a provider",
        POLICY,
        leading("dmarc.ionos.co.uk", "v=DMARC1; p=none;"),
        (SHARED,),
        OK,
    ),
    Row(
        "of another domain",
        POLICY,
        leading("_dmarc.corp2.example", "v=DMARC1; p=reject"),
        (FAR,),
        OK,
    ),
    Row(
        "one's own, elsewhere in the zone",
        POLICY,
        leading("_dmarc.policies.shop.example", "v=DMARC1; p=reject"),
        verdict=OK,
    ),
    Row(
        "that of one's organization",
        BELOW,
        leading(NAME, "v=DMARC1; p=reject", name=BELOW.name),
        verdict=OK,
    ),
    Row(
        "one's own, without reports",
        ASKED,
        leading("_dmarc.policies.shop.example", "v=DMARC1; p=none"),
        ("dmarc.no-reports",),
        OK,
    ),
    Row(
        "one's own, misspelt",
        POLICY,
        leading("_dmarc.policies.shop.example", "v=DMARC1; p=rejct", "hello"),
        ("dmarc.bad-policy", "dmarc.unrelated-text"),
    ),
    Row(
        "one's own, twice",
        POLICY,
        leading("_dmarc.policies.shop.example", "v=DMARC1; p=none", "v=DMARC1; p=reject"),
        ("dmarc.two-records",),
    ),
    Row(
        "that of others, which cannot be read",
        POLICY,
        leading("_dmarc.corp2.example", "v=DMARC1; p=no"),
        ("dmarc.bad-policy", FAR),
    ),
    Row(
        "a target as text",
        POLICY,
        {(NAME, "TXT"): ("dmarc.vendor.example",)},
        ("dmarc.names-host",),
    ),
    Row(
        "another target as text",
        POLICY,
        {(NAME, "TXT"): ("Shop.Policies.vendor.example.",)},
        ("dmarc.names-host",),
        says=("finish setting the domain up",),
    ),
    Row(
        "the target of a policy as text",
        POLICY,
        {
            **MAILBOX,
            (NAME, "TXT"): ("dmarc.vendor.example.", "hello"),
            ("dmarc.vendor.example", "TXT"): (f"v=DMARC1; p=reject; {RUA}",),
        },
        ("dmarc.names-host",),
        says=("the target dmarc.vendor.example, where",),
    ),
    Row("an address as text", POLICY, {(NAME, "TXT"): ("192.0.2.1",)}, ("dmarc.missing",), MISSING),
    Row("alias to nothing", POLICY, leading("gone.example"), ("dmarc.dead-alias",), MISSING),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_is_said(row: Row) -> None:
    """Verdict and codes of each."""
    check(row)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_edits_mend_it(row: Row) -> None:
    """Made by the letter, the edits leave a good record."""
    check_edits(row)


def test_every_code_has_a_row() -> None:
    """No words without a record that brings them up."""
    assert codes_in(dmarc_alias) <= codes_of(ROWS)


def test_a_policy_is_mended_where_it_stands() -> None:
    """An alias into one's own zone stays; only the record behind it is changed."""
    place = "_dmarc.policies.shop.example"
    [finding] = judged(ASKED, leading(place, "v=DMARC1; p=none; fo=1")).findings
    after = f"v=DMARC1; p=none; fo=1; {RUA}"
    assert finding.edits == (Edit(Action.CHANGE, place, "TXT", "v=DMARC1; p=none; fo=1", after),)


INPUTS = {"dmarc": "shared", "tld": "com", "spf": "us"}
[ALIAS] = [
    record
    for record in required_records(APEX, [Recipe("ionos", INPUTS)])
    if record.purpose is Purpose.DMARC
]
[ALIAS_BELOW] = [
    record
    for record in required_records(f"mail.{APEX}", [Recipe("ionos", INPUTS)])
    if record.purpose is Purpose.DMARC
]
OWN = f"v=DMARC1; p=reject; {RUA}"


def published(*texts: str) -> Published:
    """Return what stands at `_dmarc` in place of the CNAME that the provider shows."""
    return {**MAILBOX, (NAME, "TXT"): texts}


EITHER = [
    Row("as shown", ALIAS, leading("dmarc.ionos.com", "v=DMARC1; p=none;"), verdict=OK),
    Row("a policy of one's own", ALIAS, published(OWN), verdict=OK),
    Row("the same policy as text", ALIAS, published("v=DMARC1; p=none"), verdict=OK),
    Row("one's own, misspelt", ALIAS, published("v=DMARC1; p=rejct"), ("dmarc.bad-policy",)),
    Row("one's own, unread", ALIAS, published("v=dmarc1; p=reject"), ("dmarc.version",)),
    Row("a CNAME to another policy", ALIAS, leading("_dmarc.corp2.example", OWN), verdict=OK),
    Row("nothing", ALIAS, {}, ("cname.missing",), MISSING),
    Row("a CNAME to nothing", ALIAS, leading("gone.example"), ("cname.wrong-target",)),
    Row(
        "the policy of one's organization",
        ALIAS_BELOW,
        published(OWN),
        ("dmarc.inherited",),
        OK,
    ),
]


@pytest.mark.parametrize("row", EITHER, ids=str)
def test_a_shared_policy_is_not_wanted_where_one_of_ones_own_is(row: Row) -> None:
    """The CNAME is one way to have a policy; any that can be read will do."""
    check(row)
    if row.verdict is not OK:
        check_edits(row)


def test_the_alias_to_a_shared_policy_is_shown_only_where_no_other_policy_is() -> None:
    """Nobody's zone is exported with a CNAME in place of a policy that counts."""
    assert desired(ALIAS, OK, (), ()) == ""
    assert desired(ALIAS, OK, ("_dmarc.corp2.example",), ()) == "_dmarc.corp2.example"
    assert desired(ALIAS, MISSING, (), ()) == desired(ALIAS, "", (), ()) == "dmarc.ionos.com"


@pytest.mark.parametrize("reason", Reason)
def test_a_policy_that_could_not_be_asked_for_is_not_called_missing(reason: Reason) -> None:
    """There may be one of one's own."""
    assert judged(ALIAS, {(NAME, "TXT"): reason}).verdict is UNKNOWN
    assert judged(ALIAS, {(NAME, "CNAME"): reason, (NAME, "TXT"): (OWN,)}).verdict is OK


def behind_a_wildcard(made_up: Answer, records: Published, expected: RequiredRecord) -> Judgement:
    """Judge a record in a zone in which a wildcard answers for every name that has no records."""
    dns = Zone(dict(records))
    names = {name for name, _ in records}

    async def ask(name: str, type: str) -> Answer:
        if name in names or type != "TXT" or not name.endswith(f".{APEX}"):
            return await dns.ask(name, type)
        return replace(made_up, name=name)

    async def one() -> Judgement:
        return await judge(expected, await ask(expected.name, "TXT"), ask)

    return asyncio.run(one())


ALIASED = Answer(
    NAME, "TXT", Status.FOUND, (Value("v=DMARC1; p=none"),), chain=("all.vendor9.example",)
)
TEXT = replace(ALIASED, values=(Value("v=DMARC1; p=reject; adkim=x"),), chain=())
EARLIER = replace(TEXT, values=(Value("v=DMARC1; p=reject"),))


@pytest.mark.parametrize(
    ("made_up", "after"), [(ALIASED, "v=DMARC1; p=none"), (TEXT, "v=DMARC1; p=reject")]
)
def test_what_only_a_wildcard_says_is_neither_changed_nor_deleted(
    made_up: Answer, after: str
) -> None:
    """A record of the name's own is added; the alias of a wildcard does not stand at the name."""
    seen = behind_a_wildcard(made_up, {}, POLICY)
    [finding] = seen.findings
    assert (seen.verdict, finding.code, finding.severity) == (
        OK,
        "host.wildcard",
        Severity.WARNING,
    )
    assert finding.edits == (Edit(Action.ADD, NAME, "TXT", after=after),)
    mended = behind_a_wildcard(made_up, edited({}, finding.edits), POLICY)
    assert mended == Judgement(RecordVerdict.OK)


def test_a_right_policy_of_a_wildcard_is_right() -> None:
    """Receivers find it; nothing has to be said."""
    assert behind_a_wildcard(EARLIER, {}, POLICY) == Judgement(OK)


@pytest.mark.parametrize("reason", Reason)
def test_no_policy_is_called_misplaced_while_every_name_may_have_it(reason: Reason) -> None:
    """Some servers answer for every name, and once time is up nobody can tell."""
    at_apex: Published = {(APEX, "TXT"): ("v=DMARC1; p=none", "v=DMARC1; p=reject")}
    silent: Published = {**at_apex, (probe_name(NAME), "TXT"): reason}
    everywhere: Published = {**at_apex, (probe_name(NAME), "TXT"): at_apex[APEX, "TXT"]}
    for zone, code in ((at_apex, "at-apex"), (silent, "missing"), (everywhere, "missing")):
        assert [f.code for f in judged(POLICY, zone).findings] == [f"dmarc.{code}"]


def test_the_text_of_a_wildcard_is_at_no_domain() -> None:
    """A policy is not called misplaced at a name that only a wildcard answers for."""
    hidden: Published = {(BELOW.name, "TXT"): ("hello",), (NAME, "TXT"): ("hello",)}
    [finding] = behind_a_wildcard(EARLIER, hidden, BELOW).findings
    assert (finding.code, finding.severity) == ("dmarc.missing", Severity.ERROR)
