"""CNAME records as people publish them: what is said, and that the edits mend it."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lab.zones import KEY, OTHER_KEY
from dnscheck.answers import Answer, Reason, Status
from dnscheck.findings import Judgement, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules import cdn, cname, cname_behind, cname_instead, cname_target, judge
from smtp.providers.base import Match, Purpose
from tests.dnscheck.judging import (
    MISSING,
    OK,
    UNKNOWN,
    WRONG,
    Published,
    Row,
    check,
    check_edits,
    check_texts,
    codes_in,
    codes_of,
    edited,
    judged,
)
from tests.fakes import FakeDns

DOMAIN = "shop.example"
NAME, TARGET = f"q7._domainkey.{DOMAIN}", "q7.dkim.amazonses.com"
ALIAS = RequiredRecord(Purpose.DKIM, NAME, "CNAME", TARGET, Match.CNAME)
KEYED: Published = {(TARGET, "TXT"): (f"p={KEY}",)}

BOUNCE, RETURN_TO = f"em1.{DOMAIN}", "u123.wl4.sender.example"
BOUNCES = RequiredRecord(Purpose.RETURN_PATH, BOUNCE, "CNAME", RETURN_TO, Match.CNAME)
MAILED: Published = {(RETURN_TO, "MX"): ("10 mx.sender.example",)}

LINKS, CLICKS = f"links.{DOMAIN}", "clicks.sender.example"
TRACKING = RequiredRecord(Purpose.TRACKING, LINKS, "CNAME", CLICKS, Match.CNAME)
SERVED: Published = {(CLICKS, "A"): ("192.0.2.80",)}

PROOF = f"zb1.{DOMAIN}"
CHALLENGE = RequiredRecord(Purpose.CHALLENGE, PROOF, "CNAME", "verify.zoho.example", Match.CNAME)

# Others whose targets differ in a way of their own.
SENDGRID = replace(
    ALIAS, name=f"s1._domainkey.{DOMAIN}", value="s1.domainkey.u1.wl4.sendgrid.example"
)
MICROSOFT = replace(
    ALIAS,
    name=f"selector2._domainkey.{DOMAIN}",
    value="selector2-shop-example._domainkey.shop.onmicrosoft.example",
)
IONOS = replace(ALIAS, name=f"s1-ionos._domainkey.{DOMAIN}", value="s1.dkim.ionos.example")
MIGADU = replace(
    ALIAS, name=f"key1._domainkey.{DOMAIN}", value="key1.shop.example._domainkey.migadu.example"
)
HOSTINGER = replace(
    ALIAS,
    name=f"hostingermail-a._domainkey.{DOMAIN}",
    value="hostingermail-a.dkim.mail.hostinger.example",
)


def at(type: str, *values: str) -> Published:
    """Return what the selector publishes, beside a target with a key."""
    return {(NAME, type): values, **KEYED}


def to(expected: RequiredRecord, target: str, **more: str) -> Published:
    """Return a CNAME at the record's name, with others by their selectors."""
    others = {(f"{name}._domainkey.{DOMAIN}", "CNAME"): (other,) for name, other in more.items()}
    return {(expected.name, "CNAME"): (target,), **others}


def near(about: str, expected: RequiredRecord, target: str, code: str, *says: str) -> Row:
    """Return a row of a target that is nearly right."""
    return Row(about, expected, to(expected, target), (f"cname.{code}",), says=says)


GOOD = [
    Row("as shown", ALIAS, at("CNAME", TARGET), verdict=OK),
    Row(
        "wanted in capitals",
        replace(ALIAS, value=f"{TARGET.upper()}."),
        at("CNAME", TARGET),
        verdict=OK,
    ),
    Row("bounces", BOUNCES, {**to(BOUNCES, RETURN_TO), **MAILED}, verdict=OK),
    Row(
        "bounces, text alone",
        BOUNCES,
        {**to(BOUNCES, RETURN_TO), (RETURN_TO, "TXT"): ("v=spf1 -all",)},
        verdict=OK,
    ),
    Row("links", TRACKING, {**to(TRACKING, CLICKS), **SERVED}, verdict=OK),
    Row(
        "links, new addresses alone",
        TRACKING,
        {**to(TRACKING, CLICKS), (CLICKS, "AAAA"): ("2001:db8::80",)},
        verdict=OK,
    ),
    Row("a proof that leads nowhere", CHALLENGE, to(CHALLENGE, CHALLENGE.value), verdict=OK),
]
TARGETS = [
    near("other target", ALIAS, "mail.other.example", "wrong-target", "another account"),
    near(
        "other account",
        SENDGRID,
        "s1.domainkey.u2.wl4.sendgrid.example",
        "wrong-target",
        "“u2” stands where “u1” belongs",
    ),
    near(
        "other account and server",
        SENDGRID,
        "s1.domainkey.u2.wl7.sendgrid.example",
        "wrong-target",
        "“u2” stands where “u1” belongs and “wl7” stands where “wl4” belongs",
    ),
    near("other token", ALIAS, "old.dkim.amazonses.com", "wrong-target", "“old” stands where “q7”"),
    near(
        "all names to one target",
        HOSTINGER,
        "dkim.mail.hostinger.example",
        "wrong-target",
        "At the beginning of the published target “hostingermail-a” is missing",
    ),
    near(
        "end lost",
        SENDGRID,
        "s1.domainkey.u1.wl4",
        "wrong-target",
        "At the end",
        "“sendgrid.example” is missing",
    ),
    near("too much before", ALIAS, f"x.{TARGET}", "wrong-target", "“x” is too much"),
    near(
        "too much behind",
        ALIAS,
        f"{TARGET}.other.example",
        "wrong-target",
        "“other.example” is too much",
    ),
    near("odd characters", ALIAS, f"{{x}} {TARGET}", "wrong-target"),
    near("zone appended", ALIAS, f"{TARGET}.{DOMAIN}", "zone-appended", f"{TARGET}."),
    near("name and target", IONOS, "s1-ionos._domainkeys1.dkim.ionos.example", "host-pasted"),
    near("name, dot and target", IONOS, "s1-ionos._domainkey.s1.dkim.ionos.example", "host-pasted"),
    near("whole name and target", IONOS, f"{IONOS.name}.{IONOS.value}", "host-pasted"),
    near(
        "name, target and zone", IONOS, f"s1-ionos._domainkey{IONOS.value}.{DOMAIN}", "host-pasted"
    ),
    near("underscore too much", SENDGRID, "s1._domainkey.u1.wl4.sendgrid.example", "punctuation"),
    near("underscore lost", MIGADU, MIGADU.value.replace("_", ""), "punctuation"),
    near("dot for hyphen", MICROSOFT, MICROSOFT.value.replace("-", "."), "punctuation"),
    near("dot lost", SENDGRID, "s1domainkey.u1.wl4.sendgrid.example", "punctuation"),
    near("other order", MIGADU, "key1._domainkey.shop.example.migadu.example", "label-order"),
    near("to itself", ALIAS, NAME, "loop"),
    Row(
        "target of the second name",
        SENDGRID,
        to(SENDGRID, SENDGRID.value.replace("s1", "s2"), s2=SENDGRID.value.replace("s1", "s2")),
        ("cname.sibling-target",),
        says=(f"belongs to s2._domainkey.{DOMAIN}",),
    ),
    Row(
        "two names exchanged",
        MICROSOFT,
        to(MICROSOFT, MICROSOFT.value.replace("r2", "r1"), selector1=MICROSOFT.value),
        ("cname.sibling-target",),
        says=(f"selector1._domainkey.{DOMAIN}",),
    ),
    Row(
        "target of a name that is not there",
        SENDGRID,
        to(SENDGRID, SENDGRID.value.replace("s1", "s2")),
        ("cname.wrong-target",),
    ),
    Row(
        "two targets", ALIAS, at("CNAME", "old.dkim.amazonses.com", TARGET), ("cname.two-targets",)
    ),
    Row(
        "two wrong targets",
        ALIAS,
        at("CNAME", "a.other.example", "b.other.example"),
        ("cname.two-targets",),
    ),
]
OTHERS = [
    Row("as text", ALIAS, at("TXT", TARGET), ("cname.is-txt",)),
    Row("as quoted text", ALIAS, at("TXT", f'"{TARGET}."'), ("cname.is-txt",)),
    Row(
        "as text, a whole line",
        ALIAS,
        at("TXT", f"{NAME}. 300 IN CNAME {TARGET}."),
        ("cname.is-txt",),
    ),
    Row(
        "key in its place",
        ALIAS,
        at("TXT", f"v=DKIM1; k=rsa; p={OTHER_KEY}"),
        ("cname.key-instead",),
    ),
    Row(
        "copy of the key", ALIAS, at("TXT", f"p={KEY}"), ("cname.key-instead",), says=("renews it",)
    ),
    Row(
        "addresses", ALIAS, at("A", "192.0.2.1", "192.0.2.2"), ("cname.addresses",), says=("proxy",)
    ),
    Row(
        "addresses of both kinds",
        ALIAS,
        {**at("A", "192.0.2.1"), (NAME, "AAAA"): ("2001:db8::1",)},
        ("cname.addresses",),
    ),
    Row("new addresses alone", ALIAS, at("AAAA", "2001:db8::1"), ("cname.addresses",)),
    Row(
        "addresses, some of Cloudflare",
        ALIAS,
        at("A", "104.16.0.1", "192.0.2.1"),
        ("cname.addresses",),
    ),
    Row(
        "mail and addresses",
        BOUNCES,
        {(BOUNCE, "MX"): ("10 a.example",), (BOUNCE, "A"): ("192.0.2.1",), **MAILED},
        ("cname.addresses",),
    ),
    Row(
        "text and addresses",
        ALIAS,
        {**at("TXT", TARGET), (NAME, "A"): ("192.0.2.1",)},
        ("cname.is-txt",),
    ),
    Row("flattened", TRACKING, {(LINKS, "A"): ("192.0.2.80",), **SERVED}, ("cname.flattened",)),
    Row(
        "flattened, with addresses of both kinds",
        TRACKING,
        {
            **{(name, "A"): ("192.0.2.80",) for name in (LINKS, CLICKS)},
            **{(name, "AAAA"): ("2001:db8::80",) for name in (LINKS, CLICKS)},
        },
        ("cname.flattened",),
    ),
    Row(
        "flattened, behind Cloudflare",
        TRACKING,
        {(LINKS, "A"): ("104.16.0.1",), (CLICKS, "A"): ("104.16.0.1",)},
        ("cname.flattened",),
    ),
    Row(
        "other text",
        BOUNCES,
        {(BOUNCE, "TXT"): ("v=spf1 -all",), **MAILED},
        ("host.in-the-way",),
        MISSING,
    ),
    Row("nothing", ALIAS, KEYED, ("cname.missing",), MISSING),
    Row(
        "doubled",
        ALIAS,
        {**KEYED, (f"{NAME}.{DOMAIN}", "CNAME"): (TARGET,)},
        ("host.doubled",),
        MISSING,
    ),
]
HIDDEN = [
    Row(
        "proxied",
        ALIAS,
        at("A", "104.21.9.1", "172.67.1.1"),
        ("cname.proxied",),
        says=("DNS only",),
    ),
    Row(
        "proxied, of both kinds",
        ALIAS,
        {**at("A", "104.21.9.1"), (NAME, "AAAA"): ("2606:4700:3030::6815:901",)},
        ("cname.proxied",),
    ),
]
BEHIND = [
    Row("dangling", ALIAS, to(ALIAS, TARGET), ("cname.dangling",), OK, (TARGET,)),
    Row("bounces dangling", BOUNCES, to(BOUNCES, RETURN_TO), ("cname.dangling",), OK),
    Row(
        "no key",
        ALIAS,
        {**to(ALIAS, TARGET), (TARGET, "A"): ("192.0.2.1",)},
        ("cname.empty-target",),
        OK,
        ("no TXT record",),
    ),
    Row(
        "no mail",
        BOUNCES,
        {**to(BOUNCES, RETURN_TO), (RETURN_TO, "AAAA"): ("2001:db8::1",)},
        ("cname.empty-target",),
        OK,
        ("MX or TXT or A",),
    ),
    Row(
        "no site",
        TRACKING,
        {**to(TRACKING, CLICKS), (CLICKS, "TXT"): ("x",)},
        ("cname.empty-target",),
        OK,
    ),
    Row(
        "revoked",
        ALIAS,
        {**to(ALIAS, TARGET), (TARGET, "TXT"): ("v=DKIM1; p=",)},
        ("cname.revoked-target",),
        OK,
    ),
]

EDITED = [*TARGETS, *OTHERS]


@pytest.mark.parametrize("row", [*GOOD, *EDITED, *HIDDEN, *BEHIND], ids=str)
def test_what_is_said(row: Row) -> None:
    """Verdict and codes of each published record."""
    check(row)


@pytest.mark.parametrize("row", EDITED, ids=str)
def test_the_edits_mend_it(row: Row) -> None:
    """Made by the letter, the edits leave a good record."""
    check_edits(replace(row, published={**KEYED, **SERVED, **MAILED, **row.published}))


@pytest.mark.parametrize("row", HIDDEN, ids=str)
def test_what_hides_a_cname_is_a_switch(row: Row) -> None:
    """The DNS host makes up the addresses: there is none to delete, and the CNAME is there."""
    [finding] = judged(row.expected, row.published).findings
    assert finding.edits == ()
    assert "At Cloudflare, edit the record" in finding.fix


@pytest.mark.parametrize("row", BEHIND, ids=str)
def test_what_the_provider_has_to_do_changes_no_record(row: Row) -> None:
    """The record is right, so it is no error, and there is nothing to edit."""
    [finding] = judged(row.expected, row.published).findings
    assert finding.severity is not Severity.ERROR
    assert finding.edits == ()


class Following(FakeDns):
    """A fake DNS that follows each CNAME to its end, and knows a name's own data beside one."""

    async def ask(self, name: str, type: str) -> Answer:
        """Answer one question."""
        chain: list[str] = []
        end = name
        while (alias := self.records.get((end, "CNAME"))) and (end, type) not in self.records:
            assert isinstance(alias, tuple)
            end = alias[0]
            if end == name or end in chain:
                return Answer(name, type, Status.UNKNOWN, (), None, "", Reason.LOOP, (*chain, end))
            chain.append(end)
        return replace(await super().ask(end, type), name=name, chain=tuple(chain))


def followed(expected: RequiredRecord, published: Published) -> Judgement:
    """Judge a record where CNAMEs are followed to their end."""
    dns = Following(dict(published))

    async def one() -> Judgement:
        return await judge(expected, await dns.ask(expected.name, expected.type), dns.ask)

    return asyncio.run(one())


FAR = "keys.sender.example"
FOLLOWED = [
    Row(
        "chain",
        ALIAS,
        {**to(ALIAS, TARGET), (TARGET, "CNAME"): (FAR,), (FAR, "TXT"): ("p=A",)},
        (),
        OK,
    ),
    Row(
        "broken chain",
        ALIAS,
        {**to(ALIAS, TARGET), (TARGET, "CNAME"): (FAR,)},
        ("cname.broken-chain",),
        OK,
        (FAR,),
    ),
    Row(
        "circle at the provider",
        ALIAS,
        {**to(ALIAS, TARGET), (TARGET, "CNAME"): (FAR,), (FAR, "CNAME"): (TARGET,)},
        ("cname.target-loop",),
        OK,
    ),
    Row(
        "detour",
        ALIAS,
        {**to(ALIAS, f"x.{DOMAIN}"), (f"x.{DOMAIN}", "CNAME"): (TARGET,), **KEYED},
        ("cname.detour",),
        OK,
    ),
    Row(
        "circle",
        ALIAS,
        {**to(ALIAS, f"x.{DOMAIN}"), (f"x.{DOMAIN}", "CNAME"): (NAME,), **KEYED},
        ("cname.loop",),
    ),
    Row(
        "text beside",
        ALIAS,
        {**at("CNAME", TARGET), (NAME, "TXT"): ("old",)},
        ("cname.beside-other-data",),
    ),
    Row("copy beside", ALIAS, {**at("CNAME", TARGET), (NAME, "TXT"): (f"p={KEY}",)}, (), OK),
    Row(
        "mail and text beside",
        BOUNCES,
        {
            **to(BOUNCES, RETURN_TO),
            **MAILED,
            (BOUNCE, "MX"): ("10 old.example",),
            (BOUNCE, "TXT"): ("v=spf1 -all", "old"),
        },
        ("cname.beside-other-data",),
        WRONG,
        ("MX and TXT",),
    ),
]


@pytest.mark.parametrize("row", FOLLOWED, ids=str)
def test_what_is_said_of_where_it_leads(row: Row) -> None:
    """The whole way counts, and data beside a CNAME that no server should have."""
    seen = followed(row.expected, row.published)
    codes = tuple(finding.code for finding in seen.findings)
    assert (seen.verdict, codes) == (row.verdict, row.codes)
    for finding in seen.findings:
        check_texts(finding)
        assert all(words in finding.why + finding.fix for words in row.says)
        if finding.edits:
            after = edited(row.published, finding.edits)
            assert followed(row.expected, after) == Judgement(OK)
        else:
            assert finding.severity is Severity.WARNING


def test_what_cannot_be_asked_is_not_held_against_it() -> None:
    """Neither what a right CNAME leads to, nor what stands where one is missing."""
    for reason in Reason:
        silent = {(name, kind): reason for name in (TARGET, NAME) for kind in ("TXT", "A", "AAAA")}
        assert followed(ALIAS, {**silent, (NAME, "CNAME"): (TARGET,)}) == Judgement(OK)
        assert judged(ALIAS, {**silent, (f"x.{NAME}", "TXT"): ("x",)}).verdict is MISSING


TOP = [
    Row("at the domain", replace(ALIAS, name=DOMAIN), {(DOMAIN, "NS"): ("ns1.dns.example",)}),
    Row("published at the domain", replace(ALIAS, name=DOMAIN), {(DOMAIN, "CNAME"): (TARGET,)}),
    Row("at a delegated name", BOUNCES, {(BOUNCE, "NS"): ("ns1.dns.example",), **MAILED}),
]


@pytest.mark.parametrize("row", TOP, ids=str)
def test_the_top_of_a_zone_takes_no_cname(row: Row) -> None:
    """Nothing is to be deleted for it: that would take the name servers away."""
    check(replace(row, codes=("cname.apex",)))
    assert judged(row.expected, row.published).findings[0].edits == ()


@pytest.mark.parametrize("address", ["104.16.0.1", "192.0.2.1"])
def test_a_wildcards_addresses_hide_no_cname(address: str) -> None:
    """They are there for every name without records, so the CNAME is just missing."""

    class Wild(FakeDns):
        async def ask(self, name: str, type: str) -> Answer:
            if type == "A" and name.endswith(f".{DOMAIN}"):
                return replace(await FakeDns({("*", "A"): (address,)}).ask("*", "A"), name=name)
            return await super().ask(name, type)

    dns = Wild({(f"x.{LINKS}", "TXT"): ("x",), **SERVED})

    async def one() -> Judgement:
        return await judge(TRACKING, await dns.ask(LINKS, "CNAME"), dns.ask)

    seen = asyncio.run(one())
    assert (seen.verdict, [finding.code for finding in seen.findings]) == (
        MISSING,
        ["cname.missing"],
    )


def test_every_code_has_a_row() -> None:
    """No words without a record that brings them up."""
    modules = (cname, cname_behind, cname_instead, cname_target)
    written = {code for module in modules for code in codes_in(module)}
    rows = codes_of([*EDITED, *HIDDEN, *BEHIND, *FOLLOWED])
    assert {code for code in rows if code.startswith("cname.")} == (
        written - {"cname.apex"} | {"cname.missing"}
    )


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("104.16.0.1", cdn.CLOUDFLARE),
        ("173.245.63.255", cdn.CLOUDFLARE),
        ("2606:4700::1", cdn.CLOUDFLARE),
        ("151.101.1.57", cdn.FASTLY),
        ("2a04:4e42::81", cdn.FASTLY),
        ("192.0.2.1", ""),
        ("2001:db8::1", ""),
        ("", ""),
        ("104.16.0", ""),
    ],
)
def test_the_addresses_of_delivery_networks_are_known(text: str, network: str) -> None:
    """Of both kinds; what is no address is nobody's."""
    assert cdn.network_of(text) == network


LABELS = st.sampled_from(
    ["q7", "_domainkey", "shop", "example", "dkim", "amazonses", "com", "x", ""]
)
HOSTS = st.one_of(
    st.text(max_size=30),
    st.lists(LABELS, max_size=7).map(".".join),
    st.sampled_from([TARGET, f"{TARGET}.{DOMAIN}", f"{NAME}.{TARGET}", NAME, DOMAIN, "."]),
)


@given(st.lists(HOSTS, unique=True, min_size=1, max_size=2), st.sampled_from([ALIAS, SENDGRID]))
def test_no_target_makes_it_stumble(targets: list[str], expected: RequiredRecord) -> None:
    """Any target ends in a verdict, and the edits mend whatever was there."""
    row = Row("any", expected, {(expected.name, "CNAME"): tuple(targets), **KEYED})
    assert judged(row.expected, row.published).verdict is not UNKNOWN
    check_edits(row)


@given(st.lists(HOSTS, unique=True, max_size=2), st.lists(HOSTS, unique=True, max_size=2))
def test_nothing_in_its_place_makes_it_stumble(texts: list[str], addresses: list[str]) -> None:
    """Anything where the CNAME belongs ends in a verdict, and the edits make room for it."""
    published = {(NAME, "TXT"): tuple(texts), (NAME, "A"): tuple(addresses), **KEYED}
    row = Row("any", ALIAS, {key: values for key, values in published.items() if values})
    assert judged(row.expected, row.published).verdict is not UNKNOWN
    check_edits(row)
