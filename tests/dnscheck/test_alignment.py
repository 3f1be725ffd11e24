"""What DMARC will say: predicted, for each provider, and where the policy is too strict yet."""

import asyncio
from collections.abc import Mapping

import pytest

from config.lab.zones import GENERIC, KEY, OTHER_KEY, SES
from dnscheck import alignment
from dnscheck.alignment import Alignment, predict
from dnscheck.answers import Reason
from dnscheck.diagnosis import RecordResult, diagnose
from dnscheck.findings import Finding, RecordVerdict, Severity
from dnscheck.records import Recipe, RequiredRecord, required_records
from dnscheck.rules import host
from dnscheck.rules.dmarc_policy import How, Policy, policy_for
from smtp.providers.base import Match
from tests.dnscheck.judging import Zone, check_texts, edited

DOMAIN, NAME = "shop.example", "_dmarc.shop.example"
OK, WRONG, MISSING = RecordVerdict.OK, RecordVerdict.WRONG, RecordVerdict.MISSING
UNKNOWN = RecordVerdict.UNKNOWN


def having(domain: str = DOMAIN, **tags: str) -> Policy:
    """Return a policy with these tags, that of the domain itself."""
    return Policy(How.OWN, domain, tags={"v": "DMARC1", "p": "none", **tags})


BOTH, BY_DKIM, BY_SPF = (
    "passes through SPF and DKIM",
    "passes through DKIM only",
    "passes through SPF only",
)
NO_DKIM = "no DKIM of your own domain"
# From domain, signing domains, return path, policy, and the words with the tags that are too strict
PREDICTED: list[tuple[str, list[str], str, Policy | None, str, tuple[str, ...]]] = [
    (DOMAIN, [DOMAIN], DOMAIN, None, BOTH, ()),
    ("News.Shop.example.", ["shop.EXAMPLE"], "bounce.shop.example", having(), BOTH, ()),
    (DOMAIN, ["amazonses.com", DOMAIN], "eu-west-1.amazonses.com", having(), BY_DKIM, ()),
    (DOMAIN, ["amazonses.com"], "bounce.shop.example", having(), BY_SPF, ()),
    (
        DOMAIN,
        [],
        "amazonses.com",
        having(),
        f"fails: return path is amazonses.com and {NO_DKIM}",
        (),
    ),
    (
        DOMAIN,
        ["amazonses.com"],
        "",
        None,
        f"fails: no return path of your own domain and {NO_DKIM}",
        (),
    ),
    ("a.co.uk", ["b.co.uk"], "co.uk", None, f"fails: return path is co.uk and {NO_DKIM}", ()),
    (DOMAIN, [DOMAIN], DOMAIN, having(adkim="s", aspf="S"), BOTH, ()),
    (DOMAIN, [DOMAIN], "b.shop.example", having(aspf="s"), BY_DKIM, ("aspf",)),
    (
        "n.shop.example",
        [DOMAIN],
        "b.shop.example",
        having(adkim="s", aspf="s"),
        (
            "fails: return path is b.shop.example, which aspf=s does not accept, and DKIM is of "
            "shop.example, which adkim=s does not accept"
        ),
        ("adkim", "aspf"),
    ),
    (
        "x.n.shop.example",
        [DOMAIN],
        "b.n.shop.example",
        having("n.shop.example", psd="n"),
        BY_SPF,
        (),
    ),
    (
        DOMAIN,
        ["d.example"],
        "b.shop.example",
        having(psd="y"),
        f"fails: return path is b.shop.example and {NO_DKIM}",
        (),
    ),
    ("a.n.shop.example", [], "b.n.shop.example", having(psd="y"), BY_SPF, ()),
]


@pytest.mark.parametrize(("author", "signers", "path", "rules", "words", "tight"), PREDICTED)
def test_prediction(
    author: str,
    signers: list[str],
    path: str,
    rules: Policy | None,
    words: str,
    tight: tuple[str, ...],
) -> None:
    """Same domain when strict, same organization when relaxed; a registry flag moves that."""
    seen = predict(author, signers, path, rules)
    dkim, spf = words in (BOTH, BY_DKIM), words in (BOTH, BY_SPF)
    assert seen == Alignment(dkim, spf, tight, words)
    assert seen.passes is (dkim or spf)


Zones = dict[tuple[str, str], tuple[str, ...] | Reason]
Inputs = tuple[str, Mapping[str, str]]
INFOMANIAK: Inputs = ("infomaniak", {"selector": "s1", "public_key": OTHER_KEY})
MAILTRAP: Inputs = ("mailtrap", {"token": "mt18"})
MAILCHIMP: Inputs = ("mailchimp-transactional", {"public_key": KEY})
BARE_SES: Inputs = ("aws-ses", {**SES[1], "mail_from": ""})
KEYLESS: Inputs = ("generic", {"mechanism": "ip4:192.0.2.1"})
M365: Inputs = ("microsoft365", {"target": "s1.x.example", "target2": "s2.x.example"})
RESEND: Inputs = ("resend", {"shape": "classic_plus_rsend", "public_key": KEY})
TOKEN = ("q7lab1._domainkey.shop.example", "CNAME")
BOUNCE = ("bounce.shop.example", "MX")
SPF, BOUNCE_SPF = (DOMAIN, "TXT"), ("bounce.shop.example", "TXT")
LAB_KEY, S1_KEY = ("lab._domainkey.shop.example", "TXT"), ("s1._domainkey.shop.example", "TXT")
TIMEOUT = Reason.TIMEOUT


def wanted(*recipes: Inputs) -> tuple[RequiredRecord, ...]:
    """Return what these recipes ask for."""
    return required_records(DOMAIN, [Recipe(*recipe) for recipe in recipes])


def published(*recipes: Inputs, policy: str = "") -> Zones:
    """Return a zone in which all is as asked for, with a DMARC policy or none."""
    zone: Zones = {(DOMAIN, "SOA"): ("soa",)}
    for record in wanted(*recipes):
        if record.match is not Match.DMARC:
            here = zone.get((record.name, record.type), ())
            assert isinstance(here, tuple)
            zone[record.name, record.type] = (*here, host.wanted_text(record))
        if record.match is Match.CNAME:
            zone[record.value, "TXT"] = ("there",)
    return {**zone, (NAME, "TXT"): (policy,)} if policy else zone


def looked(zone: Zones, *recipes: Inputs) -> tuple[tuple[RecordResult, ...], Policy | None]:
    """Diagnose the domain, and find the policy that applies."""
    dns = Zone(dict(zone))
    result = asyncio.run(diagnose(DOMAIN, wanted(*recipes), dns.ask))
    return result.records, asyncio.run(policy_for(DOMAIN, dns.ask))


GONE: tuple[str, ...] = ()
# a recipe, what differs from all being right, and the verdicts: DKIM, SPF, DMARC
OUTLOOKS: list[tuple[Inputs, Zones, tuple[RecordVerdict, RecordVerdict, bool | None]]] = [
    (SES, {}, (OK, OK, True)),
    (BARE_SES, {}, (OK, MISSING, True)),
    (SES, {BOUNCE: GONE}, (OK, MISSING, True)),
    (SES, {BOUNCE_SPF: TIMEOUT}, (OK, UNKNOWN, True)),
    (SES, {TOKEN: GONE}, (UNKNOWN, OK, True)),
    (SES, {TOKEN: TIMEOUT, BOUNCE: GONE}, (UNKNOWN, MISSING, None)),
    (INFOMANIAK, {}, (OK, OK, True)),
    (INFOMANIAK, {SPF: ("v=spf1 -all",)}, (OK, WRONG, True)),
    (INFOMANIAK, {S1_KEY: ("p=",), SPF: ("v=spf1 -all",)}, (WRONG, WRONG, False)),
    (INFOMANIAK, {S1_KEY: GONE, SPF: GONE}, (MISSING, MISSING, False)),
    (
        INFOMANIAK,
        {S1_KEY: GONE, SPF: ("v=spf1 include:spf.infomaniak.ch +all",)},
        (MISSING, OK, True),
    ),
    (INFOMANIAK, {S1_KEY: GONE, SPF: ("v=spf1 +all",)}, (MISSING, OK, True)),
    (
        INFOMANIAK,
        {S1_KEY: GONE, SPF: ("v=spf1 -all include:spf.infomaniak.ch",)},
        (MISSING, WRONG, False),
    ),
    (
        INFOMANIAK,
        {S1_KEY: GONE, SPF: ("v=spf1 include:spf.infomaniak.ch all.mx -all",)},
        (MISSING, WRONG, False),
    ),
    (INFOMANIAK, {S1_KEY: ("p=aaaa", f"p={OTHER_KEY}"), SPF: GONE}, (UNKNOWN, MISSING, None)),
    (GENERIC, {}, (OK, UNKNOWN, True)),
    (GENERIC, {LAB_KEY: GONE}, (MISSING, UNKNOWN, None)),
    (GENERIC, {LAB_KEY: GONE, SPF: GONE}, (MISSING, MISSING, False)),
    (KEYLESS, {SPF: GONE}, (UNKNOWN, MISSING, None)),
    (MAILTRAP, {}, (OK, UNKNOWN, True)),
    (MAILCHIMP, {}, (OK, MISSING, True)),
    (M365, {("s2.x.example", "TXT"): GONE}, (OK, OK, True)),
    (M365, {("s1.x.example", "TXT"): GONE, ("s2.x.example", "TXT"): GONE}, (MISSING, OK, True)),
    (RESEND, {}, (OK, OK, True)),
    (RESEND, {("rsend.shop.example", "CNAME"): GONE}, (OK, UNKNOWN, True)),
]


@pytest.mark.parametrize(("recipe", "differs", "verdicts"), OUTLOOKS)
def test_the_outlook_of_a_provider(
    recipe: Inputs, differs: Zones, verdicts: tuple[RecordVerdict, RecordVerdict, bool | None]
) -> None:
    """Only what is certain counts: a key of several, or a way nobody knows, stays open."""
    zone = {key: texts for key, texts in {**published(recipe), **differs}.items() if texts}
    [seen] = alignment.outlook(DOMAIN, *looked(zone, recipe))
    assert seen.provider == recipe[0]
    assert (seen.dkim, seen.spf, seen.passes) == verdicts
    assert seen.sentence.endswith(".")
    assert (" fails: " in seen.sentence) is (seen.passes is False)
    assert ("Nobody knows" in seen.sentence) is (seen.passes is None)
    assert ("; " in seen.sentence) is (bool(seen.passes) and UNKNOWN in verdicts)


# a recipe, what differs from all being right, and why nobody knows
DOUBTS: list[tuple[Inputs, Zones, str]] = [
    (
        GENERIC,
        {LAB_KEY: GONE},
        (
            "Nobody knows if mail through Other SMTP server passes DMARC: SPF is right, but the "
            "domain of its return path is not known."
        ),
    ),
    (
        GENERIC,
        {},
        (
            "By DMARC, mail through Other SMTP server passes through DKIM; SPF is right, but the "
            "domain of its return path is not known."
        ),
    ),
    (
        GENERIC,
        {LAB_KEY: GONE, SPF: TIMEOUT},
        "Nobody knows if mail through Other SMTP server passes DMARC: SPF could not be checked.",
    ),
    (
        KEYLESS,
        {SPF: GONE},
        (
            "Nobody knows if mail through Other SMTP server passes DMARC: no DKIM key of it is "
            "known here."
        ),
    ),
    (
        MAILTRAP,
        {},
        (
            "By DMARC, mail through Mailtrap Email Sending passes through DKIM; the domain of its "
            "return path is not known."
        ),
    ),
    (
        SES,
        {TOKEN: TIMEOUT, BOUNCE: GONE},
        "Nobody knows if mail through Amazon SES passes DMARC: DKIM could not be checked.",
    ),
    (
        SES,
        {TOKEN: GONE, BOUNCE: GONE},
        (
            "Nobody knows if mail through Amazon SES passes DMARC: not every record for DKIM is "
            "right."
        ),
    ),
]


@pytest.mark.parametrize(("recipe", "differs", "sentence"), DOUBTS)
def test_what_is_not_known_is_told(recipe: Inputs, differs: Zones, sentence: str) -> None:
    """What was checked and is right is not said to be unchecked."""
    zone = {key: texts for key, texts in {**published(recipe), **differs}.items() if texts}
    [seen] = alignment.outlook(DOMAIN, *looked(zone, recipe))
    assert seen.sentence == sentence


def test_without_the_policy_nobody_knows() -> None:
    """A policy that could not be asked for may demand strict alignment."""
    zone = {**published(SES), (NAME, "TXT"): TIMEOUT}
    records, rules = looked(zone, SES)
    [seen] = alignment.outlook(DOMAIN, records, rules)
    assert (seen.dkim, seen.spf, seen.passes) == (OK, OK, None)
    assert "the policy could not be checked" in seen.sentence
    assert alignment.findings(DOMAIN, records, rules) == ()


def test_each_provider_has_its_own_outlook() -> None:
    """One may pass while another, just added, does not."""
    zone = published(INFOMANIAK, SES)
    del zone[BOUNCE]
    for token in range(1, 4):
        del zone[f"q7lab{token}._domainkey.shop.example", "CNAME"]
    seen = alignment.outlook(DOMAIN, *looked(zone, INFOMANIAK, SES))
    assert [(item.provider, item.passes) for item in seen] == [
        ("infomaniak", True),
        ("aws-ses", False),
    ]


def test_each_setting_of_a_provider_has_its_own_outlook() -> None:
    """The key of one account proves nothing of the other; both share what both need."""
    keys = {"first": KEY, "second": OTHER_KEY}
    records = required_records(
        DOMAIN,
        [
            Recipe("generic", {**GENERIC[1], "selector": name, "public_key": key}, name)
            for name, key in keys.items()
        ],
    )
    held = {("first._domainkey.shop.example", "TXT"): (f"p={KEY}",), (DOMAIN, "SOA"): ("soa",)}
    result = asyncio.run(diagnose(DOMAIN, records, Zone(dict(held)).ask))
    seen = alignment.outlook(DOMAIN, result.records, None)
    assert [(item.setting, item.passes) for item in seen] == [("first", True), ("second", False)]
    neither = asyncio.run(diagnose(DOMAIN, records, Zone({}).ask))
    [finding] = alignment.findings(DOMAIN, neither.records, having(p="reject"))
    assert "Mail through Other SMTP server fails" in finding.why


def test_the_return_path_of_a_provider_is_named_where_none_of_ones_own_is() -> None:
    """It is known of some, and it never counts for the domain."""
    zone = published(BARE_SES)
    for token in range(1, 4):
        del zone[f"q7lab{token}._domainkey.shop.example", "CNAME"]
    [seen] = alignment.outlook(DOMAIN, *looked(zone, BARE_SES))
    assert seen.sentence == (
        "By DMARC, mail through Amazon SES fails: return path is amazonses.com and "
        "no DKIM of your own domain."
    )


STRICT, TIGHT = "dmarc.too-strict-yet", "dmarc.strict-alignment"
ERROR, WARNING = Severity.ERROR, Severity.WARNING
REPORTS = "rua=mailto:a@shop.example"
NO_KEY: Zones = {LAB_KEY: GONE, SPF: GONE}
# a recipe, what differs, the policy, and what is said: code, severity, the record to have then
SAID: list[tuple[Inputs, Zones, str, list[tuple[str, Severity, str]]]] = [
    (GENERIC, NO_KEY, "v=DMARC1; p=none", []),
    (GENERIC, {}, "v=DMARC1; p=reject", []),
    (GENERIC, {LAB_KEY: TIMEOUT, SPF: GONE}, "v=DMARC1; p=reject", []),
    (
        GENERIC,
        NO_KEY,
        f"v=DMARC1; p=reject; {REPORTS};",
        [(STRICT, ERROR, f"v=DMARC1; p=none; {REPORTS}; sp=reject")],
    ),
    (
        GENERIC,
        NO_KEY,
        "v=DMARC1;p=Quarantine;sp=none",
        [(STRICT, ERROR, "v=DMARC1;p=none;sp=none")],
    ),
    (
        GENERIC,
        NO_KEY,
        "v=DMARC1; p=reject; sp=none; t=y",
        [(STRICT, WARNING, "v=DMARC1; p=none; sp=none; t=y")],
    ),
    (SES, {}, "v=DMARC1; p=reject; aspf=s; adkim=s", []),
    (
        SES,
        {TOKEN: TIMEOUT},
        "v=DMARC1; p=reject; aspf=s",
        [(TIGHT, WARNING, "v=DMARC1; p=reject; aspf=r")],
    ),
    (
        SES,
        dict.fromkeys(((f"q7lab{n}._domainkey.shop.example", "CNAME") for n in (1, 2, 3)), GONE),
        "v=DMARC1; p=reject; aspf=s",
        [(TIGHT, ERROR, "v=DMARC1; p=reject; aspf=r")],
    ),
]


@pytest.mark.parametrize(("recipe", "differs", "text", "said"), SAID)
def test_policies_that_ask_for_too_much(
    recipe: Inputs, differs: Zones, text: str, said: list[tuple[str, Severity, str]]
) -> None:
    """Said where no way is right for certain; the edit ends it and keeps all else."""
    zone = {**published(recipe, policy=text), **differs}
    zone = {key: texts for key, texts in zone.items() if texts}
    found = alignment.findings(DOMAIN, *looked(zone, recipe))
    seen = [(item.code, item.severity, item.edits[-1].after) for item in found]
    assert seen == said
    for item in found:
        check_texts(item)
        assert item.evidence[0] == text
        assert alignment.findings(DOMAIN, *looked(dict(edited(zone, item.edits)), recipe)) == ()


def findings_behind(policies: Zones) -> tuple[Zones, tuple[Finding, ...]]:
    """Return a zone without keys under these policies, and what is said of it."""
    zone = {**published(GENERIC), **policies}
    zone = {key: texts for key, texts in zone.items() if key not in NO_KEY}
    return zone, alignment.findings(DOMAIN, *looked(zone, GENERIC))


def test_a_policy_of_others_is_left_alone() -> None:
    """A shared one makes way for a record of the domain's own; one above stays as it is."""
    alias: Zones = {(NAME, "CNAME"): ("d.example",), ("d.example", "TXT"): ("v=DMARC1; p=reject",)}
    registry: Zones = {("_dmarc.example", "TXT"): ("v=DMARC1; p=reject; psd=y",)}
    for policies in (alias, registry):
        zone, [item] = findings_behind(policies)
        after = edited(zone, item.edits)
        assert after[NAME, "TXT"] == ("v=DMARC1; p=none; sp=reject",)
        assert alignment.findings(DOMAIN, *looked(dict(after), GENERIC)) == ()
        check_texts(item)


def test_without_a_policy_nothing_is_too_strict() -> None:
    """DMARC does not apply then."""
    assert findings_behind({})[1] == ()


UNASKED: list[tuple[Zones, list[str]]] = [
    ({}, []),
    ({(NAME, "TXT"): ("v=DMARC1; p=reject",)}, []),
    ({(NAME, "TXT"): ("v=DMARC1; p=none", "v=DMARC1; p=reject")}, ["dmarc.two-records"]),
    ({(NAME, "TXT"): ("v=dmarc1 p=reject",)}, ["dmarc.version"]),
    ({(NAME, "TXT"): ("hello",)}, []),
    ({(NAME, "TXT"): TIMEOUT}, []),
    ({(NAME, "CNAME"): ("gone.example",)}, ["dmarc.dead-alias"]),
]


@pytest.mark.parametrize(("zone", "codes"), UNASKED)
def test_a_policy_nobody_asks_for_is_judged_as_well(zone: Zones, codes: list[str]) -> None:
    """Receivers follow it; it moves no verdict, and nobody misses one that is not there."""
    found = asyncio.run(alignment.unasked(DOMAIN, wanted(GENERIC), Zone(dict(zone)).ask))
    assert [item.code for item in found] == codes
    for item in found:
        assert item.severity is WARNING
        after = Zone(dict(edited(zone, item.edits)))
        assert asyncio.run(alignment.unasked(DOMAIN, wanted(GENERIC), after.ask)) == ()


def test_a_policy_among_the_records_is_judged_once() -> None:
    """Its own row tells what is wrong with it."""
    dns = Zone({(NAME, "TXT"): ("v=dmarc1",)})
    assert asyncio.run(alignment.unasked(DOMAIN, wanted(INFOMANIAK), dns.ask)) == ()
    assert dns.questions == 0


def test_the_policy_above_is_nobodys_doing_here() -> None:
    """Nothing is said of a subdomain that is covered."""
    dns = Zone({(NAME, "TXT"): ("v=DMARC1; p=reject",)})
    assert asyncio.run(alignment.unasked(f"news.{DOMAIN}", (), dns.ask)) == ()
