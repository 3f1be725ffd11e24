"""SPF as people publish it: what is said, and that the edits mend it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dnscheck.answers import Reason
from dnscheck.findings import Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules import spf, spf_costs, spf_end, spf_proxied, spf_record, spf_terms
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
    codes_in,
    codes_of,
    edited,
    good,
    judged,
)
from tests.dnscheck.test_spf_merging import steps

NAME = "shop.example"
ELASTX = RequiredRecord(
    Purpose.SPF,
    NAME,
    "TXT",
    "v=spf1 include:elastx.email -all",
    Match.SPF,
    mechanisms=("include:elastx.email",),
    providers=("elastx",),
)
SCALEWAY = replace(
    ELASTX,
    value="v=spf1 include:_spf.tem.scaleway.com -all",
    mechanisms=("include:_spf.tem.scaleway.com",),
    providers=("scaleway-tem",),
)
ADDRESS = replace(
    ELASTX,
    value="v=spf1 ip4:192.0.2.1 ~all",
    mechanisms=("ip4:192.0.2.1",),
    providers=("generic",),
)
AZURE = replace(
    ELASTX,
    value="v=spf1 include:spf.protection.outlook.com -all",
    mechanisms=("include:spf.protection.outlook.com",),
    providers=("azure-communication-services",),
)
FASTMAIL = replace(
    ELASTX,
    value="v=spf1 include:spf.messagingengine.com ?all",
    mechanisms=("include:spf.messagingengine.com",),
    providers=("fastmail",),
)
NETWORK = replace(ADDRESS, mechanisms=("ip4:192.0.2.0/24",))
MX = replace(ELASTX, value="v=spf1 mx ~all", mechanisms=("mx",), providers=("generic",))
BOTH = replace(
    ELASTX,
    value="v=spf1 include:elastx.email ip4:192.0.2.1 -all",
    mechanisms=("include:elastx.email", "ip4:192.0.2.1"),
)


SOME = "v=spf1 ip4:198.51.100.1 -all"  # a record behind an include
DEAR = [f" exists:x{number}.example" for number in range(11)]  # a look-up each
NOTHING = " a:gone.example mx:gone.example a:away.example"  # three that find nothing
LONG = " ".join(f"ip4:198.51.{number}.0/24" for number in range(30))


def at(*texts: str, **behind: str) -> Published:
    """Return what the domain publishes, and records behind includes: `hub` is hub.example."""
    more = {(f"{label}.example", "TXT"): (text,) for label, text in behind.items()}
    return {(NAME, "TXT"): texts, **more}


GOOD = [
    good("as shown", ELASTX, "v=spf1 include:elastx.email -all"),
    good("softer end", ELASTX, "v=spf1 include:elastx.email ~all"),
    good("neutral end as suggested", FASTMAIL, "v=spf1 include:spf.messagingengine.com ?all"),
    good("any case", ELASTX, "V=SPF1 Include:ELASTX.email -ALL"),
    good("plus sign", ELASTX, "v=spf1 +include:elastx.email -all"),
    good("dot at the end of the name", ELASTX, "v=spf1 include:elastx.email. -all"),
    good("more blanks", ELASTX, "v=spf1  mx   include:elastx.email  -all "),
    Row(
        "more senders",
        ELASTX,
        {
            **at("v=spf1 a mx include:elastx.email ip4:192.0.2.7 ~all"),
            (NAME, "A"): ("192.0.2.80",),
            (NAME, "MX"): ("10 mx.shop.example",),
        },
        verdict=OK,
    ),
    good(
        "a smaller network is refused on purpose",
        NETWORK,
        "v=spf1 -ip4:192.0.2.9 ip4:192.0.2.0/24 -all",
    ),
    good(
        "two look-ups for nothing",
        ADDRESS,
        "v=spf1 a:gone.example mx:gone.example ip4:192.0.2.1 -all",
    ),
    Row(
        "ten look-ups",
        ELASTX,
        at(
            "v=spf1 include:hub.example include:elastx.email -all", hub=f"v=spf1{''.join(DEAR[:8])}"
        ),
        verdict=OK,
    ),
    Row(
        "behind a record that the DNS host made",
        ELASTX,
        {
            **at(f"v=spf1 include:dc-aa8e722993._spfm.{NAME} ~all"),
            (f"dc-aa8e722993._spfm.{NAME}", "TXT"): ("v=spf1 include:elastx.email ~all",),
        },
        verdict=OK,
    ),
    good(
        "beside other texts",
        ELASTX,
        "google-site-verification=x",
        "v=spf1 include:elastx.email -all",
    ),
    good("modifier after all", ELASTX, "v=spf1 include:elastx.email -all exp=why.shop.example"),
    good("unknown modifier", ELASTX, "v=spf1 include:elastx.email x-note=a.b -all"),
    good("macros", ELASTX, "v=spf1 exists:%{i}._spf.shop.example include:elastx.email -all"),
    good(
        "Sender ID beside it",
        ELASTX,
        "spf2.0/pra include:a.example -all",
        "v=spf1 include:elastx.email -all",
    ),
    good("redirect as good as the include", ELASTX, "v=spf1 redirect=elastx.email"),
    good("redirect as good even at depth 0", SCALEWAY, "v=spf1 redirect=_spf.tem.scaleway.com"),
    good("larger network", ADDRESS, "v=spf1 ip4:192.0.2.0/24 ~all"),
    good("network of one", ADDRESS, "v=spf1 ip4:192.0.2.1/32 ~all"),
    good("mx with its own name", MX, "v=spf1 mx:SHOP.example ~all"),
    good("several wanted", BOTH, "v=spf1 ip4:192.0.2.0/28 include:elastx.email -all"),
    Row(
        "behind an include",
        ELASTX,
        at("v=spf1 include:hub.example -all", hub="v=spf1 include:elastx.email -all"),
        verdict=OK,
    ),
    Row(
        "behind a redirect",
        ELASTX,
        at("v=spf1 redirect=hub.example", hub="v=spf1 include:elastx.email -all"),
        verdict=OK,
    ),
    Row(
        "address deep inside",
        ADDRESS,
        at(
            "v=spf1 include:one.example ~all",
            one="v=spf1 include:two.example ~all",
            two="v=spf1 ip4:192.0.2.1 ~all",
        ),
        verdict=OK,
    ),
]

RECORD = "v=spf1 include:elastx.email -all"
AROUND = {
    **{"TXT ": "", "Value: ": "", '@ 3600 IN TXT "': '"', 'IN TXT "': '"', "&quot;": "&quot;"},
    **{"shop.example. IN TXT ": "", 'Type: TXT, Value: "': '"', "name=@ value=": ""},
    **{"@\\x093600\\x09IN\\x09TXT\\x09": ""},
}.items()
TWO, VERSION, LOST = "spf.two-records", "spf.version", "spf.mechanism-missing"
REFUSED, IGNORED, DEAD = "spf.refused", "spf.redirect-ignored", "spf.dead-include"
LOOKUPS, VOIDS, LOOP = "spf.too-many-lookups", "spf.too-many-voids", "spf.loop"
BAD = [
    Row("two records", ELASTX, at("v=spf1 mx -all", "v=spf1 include:elastx.email -all"), (TWO,)),
    Row("two without the provider", ELASTX, at("v=spf1 mx -all", "v=spf1 a ?all"), (TWO,)),
    Row(
        "two, one redirects",
        ELASTX,
        at("v=spf1 redirect=a.example", "v=spf1 mx -all", a=SOME),
        (TWO,),
    ),
    Row(
        "an include without a record before ours",
        ELASTX,
        at("v=spf1 include:gone.example include:elastx.email -all"),
        ("spf.dead-include",),
        says=("include:gone.example",),
    ),
    Row(
        "Azure takes no soft end",
        AZURE,
        at("v=spf1 include:spf.protection.outlook.com ~all"),
        ("spf.end-not-accepted",),
        says=("-all",),
    ),
    Row(
        "two where a hard end is demanded",
        AZURE,
        at("v=spf1 mx -all", "v=spf1 include:spf.protection.outlook.com ~all"),
        (TWO, "spf.end-not-accepted"),
    ),
    Row("two, one is nonsense", ELASTX, at("v=spf1 nonsense", "v=spf1 +all"), (TWO,)),
    Row("three records", ELASTX, at("v=spf1", "v=spf1 mx", "v=spf1 a"), (TWO,)),
    Row("quotes", ELASTX, at('"v=spf1 include:elastx.email -all"'), (VERSION,)),
    Row("single quotes", ELASTX, at("'v=spf1 include:elastx.email -all'"), (VERSION,)),
    Row("quotes inside", ELASTX, at('v=spf1 "include:elastx.email" -all'), (VERSION,)),
    Row("two quoted parts", ELASTX, at('"v=spf1 mx " "include:elastx.email -all"'), (VERSION,)),
    Row("escaped quotes", ELASTX, at('\\"v=spf1 include:elastx.email -all\\"'), (VERSION,)),
    Row("blank in front", ELASTX, at(" v=spf1 include:elastx.email -all"), (VERSION,)),
    Row("a tab", ELASTX, at("v=spf1\\x09include:elastx.email -all"), (VERSION,)),
    Row("no-break blank", ELASTX, at("v=spf1 mx\\xc2\\xa0include:elastx.email -all"), (VERSION,)),
    Row("byte order mark", ELASTX, at("\\xef\\xbb\\xbfv=spf1 mx -all"), (VERSION,)),
    Row("no blank after version", ELASTX, at("v=spf1include:elastx.email -all"), (VERSION,)),
    Row("semicolon", ELASTX, at("v=spf1; include:elastx.email; -all"), (VERSION,)),
    Row("colon in version", ELASTX, at("v:spf1 include:elastx.email -all"), (VERSION,)),
    Row("blanks in version", ELASTX, at("v = spf1 include:elastx.email -all"), (VERSION,)),
    Row("without v", ELASTX, at("spf1 include:elastx.email -all"), (VERSION,)),
    Row("other version", ELASTX, at("v=spf2.0/pra include:elastx.email -all"), (VERSION,)),
    Row("spf 1.0", ELASTX, at("v=spf1.0 mx -all"), (VERSION,)),
    Row("bare include", ELASTX, at("include:elastx.email"), (VERSION,)),
    Row("bare version", ELASTX, at("v=spf"), (VERSION,)),
    Row("provider missing", ELASTX, at("v=spf1 mx -all"), (LOST,), says=("include:elastx.email",)),
    Row("empty record", ELASTX, at("v=spf1"), (LOST,)),
    Row("refused on purpose", ELASTX, at("v=spf1 -include:elastx.email -all"), (REFUSED,)),
    Row("softly", ELASTX, at("v=spf1 ?include:elastx.email -all"), (REFUSED,)),
    Row(
        "refused before it passes",
        ADDRESS,
        at("v=spf1 -ip4:192.0.2.0/24 ip4:192.0.2.1 -all"),
        (REFUSED,),
        says=("ip4:192.0.2.1",),
    ),
    Row(
        "refused before a network passes",
        ADDRESS,
        at("v=spf1 ~ip4:192.0.2.0/28 ip4:192.0.2.0/24 -all"),
        (REFUSED,),
    ),
    Row(
        "refused before the include it passes through",
        ADDRESS,
        at("v=spf1 -ip4:192.0.2.0/24 include:hub.example", hub="v=spf1 ip4:192.0.2.1 -all"),
        (REFUSED,),
    ),
    Row("before a redirect", ELASTX, at("v=spf1 mx redirect=a.example", a=SOME), (LOST,)),
    Row("redirect without use", ELASTX, at("v=spf1 redirect=elastx.email -all"), (IGNORED,)),
    Row(
        "two redirects",
        ELASTX,
        at("v=spf1 redirect=elastx.email redirect=a.example", a=SOME),
        ("spf.modifier-twice",),
    ),
    Row(
        "two explanations",
        ELASTX,
        at("v=spf1 include:elastx.email -all exp=a.example EXP=b.example"),
        ("spf.modifier-twice",),
    ),
    Row(
        "one of two", BOTH, at("v=spf1 include:elastx.email -all"), (LOST,), says=("ip4:192.0.2.1",)
    ),
    Row("smaller network", ADDRESS, at("v=spf1 ip4:192.0.2.1/33 ~all"), ("spf.bad-term",)),
    Row("other address", ADDRESS, at("v=spf1 ip4:192.0.2.2 ip6:2001:db8::1 ~all"), (LOST,)),
    Row("other domain's mx", MX, at("v=spf1 mx:other.example ~all"), (LOST,)),
    Row(
        "include that is two records",
        ELASTX,
        {
            **at("v=spf1 include:hub.example -all"),
            ("hub.example", "TXT"): ("v=spf1 include:elastx.email", "v=spf1"),
        },
        (LOST, DEAD),
    ),
    Row(
        "include of a name that cannot be",
        ELASTX,
        {**at("v=spf1 include:a..example -all"), ("a..example", "TXT"): Reason.BAD_NAME},
        (LOST, DEAD),
    ),
    Row(
        "loop",
        ELASTX,
        at("v=spf1 include:hub.example -all", hub=f"v=spf1 include:{NAME} include:hub.example"),
        (LOST, "spf.faulty-include"),
    ),
    Row("behind a macro", ELASTX, at("v=spf1 include:%{d}.example -all"), (LOST,)),
    Row(
        "nested for Scaleway",
        SCALEWAY,
        at("v=spf1 include:hub.example -all", hub="v=spf1 include:_spf.tem.scaleway.com -all"),
        ("spf.nested",),
    ),
    Row(
        "nested twice for Elastx",
        ELASTX,
        at(
            "v=spf1 include:one.example -all",
            one="v=spf1 include:two.example",
            two="v=spf1 include:elastx.email",
        ),
        ("spf.nested",),
    ),
    Row(
        "equals sign",
        ELASTX,
        at("v=spf1 include=elastx.email -all"),
        ("spf.equals-sign",),
        says=("include=elastx.email",),
    ),
    Row(
        "equals sign with a sign",
        ELASTX,
        at("v=spf1 +include=elastx.email -all"),
        ("spf.equals-sign",),
    ),
    Row(
        "equals sign elsewhere",
        ELASTX,
        at("v=spf1 ip4=192.0.2.9 include:elastx.email -all"),
        ("spf.equals-sign",),
    ),
    Row(
        "after all",
        ELASTX,
        at("v=spf1 mx -all include:elastx.email"),
        ("spf.after-all",),
        says=("include:elastx.email",),
    ),
    Row("plus all", ELASTX, at("v=spf1 include:elastx.email +all"), ("spf.pass-all",)),
    Row("bare all", ELASTX, at("v=spf1 include:elastx.email ALL"), ("spf.pass-all",)),
    Row("plus all and provider missing", ELASTX, at("v=spf1 mx +all"), ("spf.pass-all",)),
    Row(
        "split strings without a blank",
        ELASTX,
        at("v=spf1 include:a.exampleinclude:elastx.email -all", a=SOME),
        ("spf.blanks",),
    ),
    Row("glued all", ELASTX, at("v=spf1 include:elastx.email-all"), ("spf.blanks",)),
    Row("blank after the colon", ELASTX, at("v=spf1 include: elastx.email -all"), ("spf.blanks",)),
    Row(
        "commas",
        ELASTX,
        at("v=spf1 include:a.example, include:elastx.email, -all", a=SOME),
        ("spf.blanks",),
    ),
    Row("commas alone", ELASTX, at("v=spf1 mx,include:elastx.email,-all"), ("spf.blanks",)),
    Row(
        "nonsense",
        ELASTX,
        at("v=spf1 include:elastx.email ip4:300.1.1.1 -all"),
        ("spf.bad-term",),
        says=("ip4:300.1.1.1",),
    ),
    Row(
        "an address of the other kind",
        ELASTX,
        at("v=spf1 ip4:2001:db8::1 include:elastx.email -all"),
        ("spf.address-kind",),
    ),
    Row("our address by another name", ADDRESS, at("v=spf1 ip:192.0.2.1"), ("spf.address-kind",)),
    Row("bare name", ELASTX, at("v=spf1 elastx.email -all"), ("spf.bad-term",)),
    Row(
        "an address for an include",
        ELASTX,
        at("v=spf1 include:https://elastx.email -all"),
        ("spf.not-a-name",),
    ),
    Row("a colon for an equals sign", ELASTX, at("v=spf1 redirect:elastx.email"), ("spf.colon",)),
    Row(
        "a macro without its end",
        ELASTX,
        at("v=spf1 exists:%{i._spf.shop.example include:elastx.email -all"),
        ("spf.macro",),
    ),
    Row(
        "a macro that does not exist",
        ELASTX,
        at("v=spf1 exists:%{x}.shop.example include:elastx.email -all"),
        ("spf.macro",),
    ),
    Row(
        "a name without a dot",
        ELASTX,
        at("v=spf1 include:elastx include:elastx.email -all"),
        ("spf.bad-term",),
    ),
    Row(
        "a dead end before the include that leads to ours",
        ELASTX,
        at(
            "v=spf1 include:gone.example include:hub.example -all",
            hub="v=spf1 include:elastx.email -all",
        ),
        (DEAD,),
    ),
    Row(
        "a dead end before the second of two",
        BOTH,
        at("v=spf1 include:elastx.email include:gone.example ip4:192.0.2.1 -all"),
        (DEAD,),
    ),
    Row(
        "a refusing dead end",
        ELASTX,
        at("v=spf1 -include:gone.example include:elastx.email -all"),
        (DEAD,),
    ),
    Row(
        "a record that includes itself",
        ELASTX,
        at(f"v=spf1 include:{NAME} include:elastx.email -all"),
        (LOOP,),
    ),
    Row(
        "a dead end further in, before ours",
        ELASTX,
        at(
            "v=spf1 include:hub.example include:elastx.email -all exp=why.shop.example",
            hub="v=spf1 include:gone.example -all",
        ),
        ("spf.unreachable",),
        says=("include:hub.example",),
    ),
    Row(
        "a circle further in, before ours",
        ELASTX,
        at(
            "v=spf1 include:one.example include:elastx.email -all",
            one="v=spf1 include:two.example",
            two="v=spf1 include:one.example",
        ),
        ("spf.unreachable",),
    ),
    Row(
        "look-ups taken twice",
        ELASTX,
        at(
            "v=spf1 include:hub.example include:hub.example include:elastx.email -all",
            hub=f"v=spf1{''.join(DEAR[:5])} -all",
        ),
        (LOOKUPS, "spf.duplicate"),
        says=("takes 13 DNS look-ups",),
    ),
    Row(
        "look-ups for nothing before ours",
        ELASTX,
        at(f"v=spf1{NOTHING} include:elastx.email -all"),
        (VOIDS,),
    ),
    *(
        Row(f"{before} before the record", ELASTX, at(f"{before}{RECORD}{after}"), (VERSION,))
        for before, after in AROUND
    ),
    *(
        Row(f"{text[-30:]} glued to it", ELASTX, at(text), ("spf.glued",), says=(rest,))
        for text, rest in (
            (f"{RECORD}ms-domain-verification=ms12", "an error at ms-domain-verification=ms12"),
            (f"{RECORD}google-site-verification=ab c", "an error at google-site"),
            (f"{RECORD}0123456789abcdef", "an error at 0123456789abcdef"),
            (f"MS=ms12{RECORD}", "an error at MS=ms12"),
        )
    ),
    Row(
        "another text glued where a hard end is demanded",
        AZURE,
        at("v=spf1 include:spf.protection.outlook.com -allMS=ms12"),
        ("spf.glued",),
    ),
    Row("a misspelt include", ELASTX, at("v=spf1 inlcude:elastx.email -all"), ("spf.bad-term",)),
    Row(
        "an include that is nearly ours",
        ELASTX,
        at("v=spf1 include:elastx.emial -all"),
        (LOST,),
        says=("include:elastx.emial is not that, and leads nowhere",),
    ),
    Row(
        "a blank behind the sign of the end",
        ELASTX,
        at("v=spf1 include:elastx.email ~ all"),
        ("spf.blanks",),
    ),
    Row(
        "a plus sign alone lets nobody pass",
        ELASTX,
        at("v=spf1 include:elastx.email + all"),
        ("spf.blanks",),
    ),
    Row(
        "a range of addresses",
        ELASTX,
        at("v=spf1 ip4:198.51.100.1-198.51.100.9 include:elastx.email -all"),
        ("spf.bad-term",),
        says=("It leaves out ip4:198.51.100.1-198.51.100.9, because nobody can tell",),
    ),
    Row(
        "a redirect to ours without use, and more",
        ELASTX,
        at("v=spf1 mx redirect=hub.example -all", hub="v=spf1 include:elastx.email -all"),
        (IGNORED,),
        says=("which includes the same name",),
    ),
    Row(
        "a redirect without use to a part of what is wanted",
        BOTH,
        at("v=spf1 redirect=elastx.email -all"),
        (IGNORED, LOST),
    ),
    Row("nothing", ELASTX, {}, ("spf.missing",), MISSING, ("Nothing at all",)),
    Row(
        "other texts", ELASTX, at("hello", "MS=1"), ("spf.missing",), MISSING, ("but not this one",)
    ),
]


def mild(about: str, expected: RequiredRecord, published: Published, *codes: str) -> Row:
    """Return a row of which warnings alone are said."""
    return Row(about, expected, published, codes, OK)


# Our mail passes, and an edit shows what is better.
PROXY, FASTLY, SERVER = "104.16.7.7", "151.101.2.217", "192.0.2.80"
V6_PROXY = "2606:4700::6810:707"
MILD = [
    mild(
        "the web site behind a delivery network",
        ELASTX,
        {**at("v=spf1 a include:elastx.email -all"), (NAME, "A"): (PROXY, "172.64.0.1")},
        "spf.cdn",
    ),
    mild(
        "another host behind a delivery network, in capitals and with lengths",
        ELASTX,
        {
            **at("v=spf1 include:elastx.email +A:WWW.shop.example/24//64 -all"),
            ("www.shop.example", "A"): (FASTLY,),
            ("www.shop.example", "AAAA"): ("2a04:4e42::729",),
        },
        "spf.cdn",
    ),
    mild(
        "mail hosts behind a delivery network",
        ELASTX,
        {
            **at("v=spf1 mx include:elastx.email -all"),
            (NAME, "MX"): ("10 mail.shop.example",),
            ("mail.shop.example", "A"): (PROXY,),
            ("mail.shop.example", "AAAA"): (V6_PROXY,),
        },
        "spf.cdn",
    ),
    mild(
        "a delivery network and a dead end",
        ELASTX,
        {
            **at("v=spf1 a mx include:elastx.email include:gone.example -all"),
            (NAME, "A"): (PROXY,),
            (NAME, "MX"): ("10 mail.shop.example",),
            ("mail.shop.example", "A"): (SERVER,),
        },
        *(DEAD, "spf.cdn"),
    ),
    mild("no end at all", ELASTX, at("v=spf1 include:elastx.email"), "spf.neutral-all"),
    mild(
        "another redirect without use",
        ELASTX,
        at("v=spf1 include:elastx.email ~all redirect=a.example", a=SOME),
        IGNORED,
    ),
    mild(
        "a redirect to nowhere without use",
        ELASTX,
        at("v=spf1 include:elastx.email ~all redirect=gone.example"),
        IGNORED,
    ),
    mild(
        "a redirect without use to more than receivers look up",
        ELASTX,
        at("v=spf1 redirect=hub.example include:elastx.email -all", hub=f"v=spf1{''.join(DEAR)}"),
        IGNORED,
    ),
    mild("twice all", ELASTX, at("v=spf1 include:elastx.email ~all mx -all"), "spf.after-all"),
    mild("reverse names", ELASTX, at("v=spf1 ptr include:elastx.email -all"), "spf.ptr"),
    mild(
        "reverse names of some domain with a sign, and another server",
        ELASTX,
        at("v=spf1 ip4:198.51.100.1 ?ptr:a.example include:elastx.email -all"),
        "spf.ptr",
    ),
    mild(
        "one look-up too many for reverse names",
        ELASTX,
        at(f"v=spf1 include:elastx.email{''.join(DEAR[:9])} ptr -all"),
        *("spf.ptr", LOOKUPS),
    ),
    mild(
        "an address twice",
        ELASTX,
        at("v=spf1 ip4:198.51.100.1 include:elastx.email ip4:198.51.100.1/32 -all"),
        "spf.duplicate",
    ),
    mild("neutral end", ELASTX, at("v=spf1 include:elastx.email ?all"), "spf.neutral-all"),
    mild(
        "the same twice",
        ELASTX,
        at("v=spf1 include:elastx.email +INCLUDE:elastx.email. -all"),
        "spf.duplicate",
    ),
    mild(
        "a dead end behind ours",
        ELASTX,
        at("v=spf1 include:elastx.email include:gone.example -all"),
        DEAD,
    ),
    mild(
        "a dead end behind ours with a sign",
        ELASTX,
        at("v=spf1 +Include:ELASTX.email include:gone.example -all"),
        DEAD,
    ),
    mild(
        "a dead end behind the include that leads to ours",
        ELASTX,
        at(
            "v=spf1 include:hub.example include:gone.example -all",
            hub="v=spf1 include:elastx.email -all",
        ),
        DEAD,
    ),
    mild(
        "a dead end between an include that leads to ours and ours",
        ELASTX,
        at(
            "v=spf1 include:hub.example include:other.example include:elastx.email -all",
            hub="v=spf1 include:elastx.email -all",
            other="no SPF record",
        ),
        DEAD,
    ),
    mild(
        "a redirect to nowhere",
        ELASTX,
        at("v=spf1 redirect=gone.example include:elastx.email"),
        DEAD,
    ),
    mild(
        "itself behind ours", ELASTX, at(f"v=spf1 include:elastx.email include:{NAME} -all"), LOOP
    ),
    mild("nothing behind ours", ELASTX, at(f"v=spf1 include:elastx.email{NOTHING} -all"), VOIDS),
]
# What only the owner can decide, or somebody else.
BY_HAND = [
    Row(
        "look-ups before ours",
        ELASTX,
        at(f"v=spf1{''.join(DEAR[:10])} include:elastx.email -all"),
        (LOOKUPS,),
        says=("takes 11 DNS look-ups, and 10 are allowed",),
    ),
    mild(
        "look-ups behind ours",
        ELASTX,
        at(f"v=spf1 include:elastx.email{''.join(DEAR[:10])}"),
        LOOKUPS,
    ),
    mild(
        "look-ups behind an address of ours",
        ADDRESS,
        at(f"v=spf1{''.join(DEAR[:10])} ip4:192.0.2.1 -all"),
        *(),
    ),
    Row(
        "look-ups before an address of ours",
        ADDRESS,
        at(f"v=spf1{''.join(DEAR[:11])} ip4:192.0.2.1"),
        (LOOKUPS,),
    ),
    Row(
        "nothing further in, before ours",
        ELASTX,
        at("v=spf1 include:hub.example include:elastx.email -all", hub=f"v=spf1{NOTHING} -all"),
        (VOIDS,),
    ),
    mild(
        "a dead end further in, behind ours",
        ELASTX,
        at("v=spf1 include:elastx.email include:hub.example", hub="v=spf1 redirect=gone.example"),
        "spf.faulty-include",
    ),
    mild("a long record", ELASTX, at(f"v=spf1 include:elastx.email {LONG} -all"), "spf.too-long"),
    mild(
        "a long answer",
        ELASTX,
        at("v=spf1 include:elastx.email -all", *(f"{number}={'x' * 90}" for number in range(12))),
        "spf.answer-too-long",
    ),
    Row(
        "endless without ours",
        ELASTX,
        at("v=spf1" + " a" * 300),
        ("spf.too-much", "spf.too-long"),
        says=("include:elastx.email",),
    ),
    Row(
        "cut off before ours",
        ELASTX,
        at("v=spf1 ip4:198.51.100.1" + " " * 5_000 + "include:elastx.email"),
        ("spf.too-much", "spf.too-long"),
    ),
    mild("endless", ELASTX, at("v=spf1 include:elastx.email" + " a" * 300), "spf.too-long"),
    Row("too many records", ELASTX, at(*(f"v=spf1 a:a{n}.example" for n in range(6))), (TWO,)),
]


@pytest.mark.parametrize("row", [*GOOD, *BAD, *MILD, *BY_HAND], ids=str)
def test_what_is_said(row: Row) -> None:
    """Verdict and codes of each published record."""
    check(row)


@pytest.mark.parametrize("row", [*BAD, *MILD], ids=str)
def test_the_edits_mend_it(row: Row) -> None:
    """Made by the letter, the edits leave a good record."""
    check_edits(row)


@pytest.mark.parametrize("row", BY_HAND, ids=str)
def test_nobody_is_told_an_edit_that_does_not_mend_it(row: Row) -> None:
    """A person reads what to do instead, and no value to copy."""
    for finding in judged(row.expected, row.published).findings:
        assert finding.edits == ()
        assert "value shown" not in finding.fix


@pytest.mark.parametrize("row", [*BAD, *MILD], ids=str)
def test_whoever_reads_of_a_value_is_shown_one(row: Row) -> None:
    """No finding speaks of a value shown without an edit that has it."""
    for finding in judged(row.expected, row.published).findings:
        assert bool(finding.edits) == ("value shown" in finding.fix), finding.fix


def test_every_code_has_a_row() -> None:
    """No words without a record that brings them up."""
    judges = (spf, spf_costs, spf_end, spf_proxied, spf_record, spf_terms)
    known = set.union(*map(codes_in, judges))
    assert codes_of([*BAD, *MILD, *BY_HAND]) == known | {"spf.missing"}


@pytest.mark.parametrize("reason", Reason)
def test_an_include_that_cannot_be_asked(reason: Reason) -> None:
    """It leaves open what is behind it, and matters no more once the mechanism is found."""
    silent = {("hub.example", "TXT"): reason}
    open_ = judged(ELASTX, {**at("v=spf1 include:hub.example -all"), **silent})
    is_no_name = reason is Reason.BAD_NAME
    if is_no_name:
        assert [finding.code for finding in open_.findings] == [LOST, DEAD]
    else:
        assert open_.verdict is UNKNOWN
        assert "hub.example" in open_.findings[0].title
    direct = at("v=spf1 include:hub.example include:elastx.email -all")
    hub_and_b = "v=spf1 include:hub.example include:b.example -all"
    beside = at(hub_and_b, b="v=spf1 include:elastx.email")
    for zone in (direct, beside):
        found = judged(ELASTX, {**zone, **silent})
        said = [finding.code for finding in found.findings]
        assert (found.verdict, said) == ((WRONG, [DEAD]) if is_no_name else (OK, []))


IN_A_NETWORK = {(NAME, "A"): (PROXY,), (NAME, "AAAA"): (V6_PROXY,)}
NO_NETWORK: dict[str, tuple[str, Published]] = {
    "a server of one's own": ("a", {(NAME, "A"): (SERVER,)}),
    "a server of one's own beside it": ("a", {(NAME, "A"): (SERVER, PROXY)}),
    "the other kind of address is one's own": (
        *("a", {(NAME, "A"): (PROXY,), (NAME, "AAAA"): ("2001:db8::80",)}),
    ),
    "half of it was not said": ("a", {(NAME, "A"): (PROXY,), (NAME, "AAAA"): Reason.TIMEOUT}),
    "nothing was said": ("a", {(NAME, "A"): Reason.SERVFAIL, (NAME, "AAAA"): Reason.SERVFAIL}),
    "the mail hosts were not said": ("mx", {(NAME, "MX"): Reason.TIMEOUT}),
    "the network's own mail hosts": (
        "mx",
        {
            (NAME, "MX"): ("10 route1.mx.cloudflare.net",),
            ("route1.mx.cloudflare.net", "A"): ("162.159.205.1",),
        },
    ),
    "it is refused": ("-a ~mx", IN_A_NETWORK),
    "the name depends on the mail": ("a:%{d}", IN_A_NETWORK),
}


@pytest.mark.parametrize("about", NO_NETWORK)
def test_a_mechanism_that_may_stand_for_a_mail_server_stays(about: str) -> None:
    """Only what certainly passes nobody but a delivery network is warned of."""
    terms, zone = NO_NETWORK[about]
    seen = judged(ELASTX, {**at(f"v=spf1 include:elastx.email {terms} -all"), **zone})
    assert (seen.verdict, seen.findings) == (OK, ())


def test_what_a_provider_wants_stays_though_it_is_a_delivery_network() -> None:
    """Whether it is in the mechanisms, or only in the value suggested."""
    suggested = replace(ELASTX, value="v=spf1 include:elastx.email a -all")
    demanded = replace(suggested, mechanisms=("include:elastx.email", "a"))
    for expected in (demanded, suggested):
        zone = {**at("v=spf1 include:elastx.email +A:shop.example -all"), **IN_A_NETWORK}
        assert judged(expected, zone).findings == ()


def test_taking_out_a_delivery_network_keeps_all_else() -> None:
    """The value shown lacks the one mechanism and nothing more, whatever else is mended."""
    told = {
        "v=spf1 a mx:b.example include:elastx.email ~all exp=e.example": (
            "v=spf1 mx:b.example include:elastx.email ~all exp=e.example"
        ),
        "v=spf1 a ip4:198.51.100.1 -all": "v=spf1 ip4:198.51.100.1 include:elastx.email -all",
    }
    for published, after in told.items():
        zone = {**at(published), **IN_A_NETWORK, ("b.example", "MX"): ("10 b.example",)}
        assert {f.edits[0].after for f in judged(ELASTX, zone).findings} == {after}


KEPT = {
    "v=spf1 ip4:192.0.2.7,192.0.2.8 include:elastx.email ~all": (
        "v=spf1 ip4:192.0.2.7 ip4:192.0.2.8 include:elastx.email ~all"
    ),
    "v=spf1 include:b.example,c.example include:elastx.email -all": (
        "v=spf1 include:b.example include:c.example include:elastx.email -all"
    ),
    "v=spf1 inlcude:b.example include:elastx.email -all": (
        "v=spf1 include:b.example include:elastx.email -all"
    ),
    "v=spf1 include\\:elastx.email ?all": "v=spf1 include:elastx.email ?all",
    "v=spf1 mx:b.example ?all": "v=spf1 mx:b.example include:elastx.email ?all",
    "v=spf1 include:elastx.email ~ all": "v=spf1 include:elastx.email ~all",
    "v=spf1 include:elastx.email -all redirect=b.example": (
        "v=spf1 include:elastx.email include:b.example -all"
    ),
    "v=spf1 include:elastx.email -all redirect=gone.example": "v=spf1 include:elastx.email -all",
}


@pytest.mark.parametrize(("published", "after"), KEPT.items())
def test_an_edit_loses_no_server_and_no_end(published: str, after: str) -> None:
    """What was meant stays, each server of a list too, and an end is made no harder unasked."""
    zone = {**at(published, b=SOME, c=SOME), ("b.example", "MX"): ("10 b.example",)}
    assert {finding.edits[0].after for finding in judged(ELASTX, zone).findings} == {after}


def test_a_text_glued_to_the_record_gets_one_of_its_own() -> None:
    """Unless it has one already."""
    published = f"{RECORD}MS=ms12"
    [glued] = judged(ELASTX, at(published)).findings
    changed, added = glued.edits
    assert (changed.before, changed.after, added.after) == (published, RECORD, "MS=ms12")
    [glued] = judged(ELASTX, at(published, "MS=ms12")).findings
    assert glued.edits == (changed,)


def test_whoever_drops_the_only_way_to_pass_is_told_so() -> None:
    """Where ptr is all there is, the servers must be named before it goes."""
    for others, words in (("", "Nothing else in the record passes"), (" mx", "in no other way")):
        zone = {**at(f"v=spf1{others} ptr include:elastx.email -all"), (NAME, "MX"): ("10 mx.a",)}
        [finding] = judged(ELASTX, zone).findings
        assert words in finding.fix


def test_the_number_of_lookups_is_what_counts_where_each_takes_one() -> None:
    """The most costly are named only where one costs more than another."""
    dear = f"v=spf1{''.join(DEAR)} include:elastx.email -all"
    [finding] = judged(ELASTX, at(dear)).findings
    assert "Each of the terms listed takes one" in finding.why
    hub = at("v=spf1 include:hub.example include:elastx.email", hub=f"v=spf1{''.join(DEAR)}")
    assert "taken by include:hub.example (12)." in judged(ELASTX, hub).findings[0].why


@pytest.mark.parametrize("texts", [("v=spf1 -all",), (), ("v=spf1 mx -all", "v=spf1 -all")])
def test_an_alias_in_the_way_is_the_cause(texts: tuple[str, ...]) -> None:
    """It is named with what goes with it, and the record behind it is not carried over."""
    host = "web.host.example"
    zone: Published = {(NAME, "CNAME"): (host,), (host, "A"): ("192.0.2.80",)}
    if texts:
        zone = {**zone, (host, "TXT"): texts}
    seen = judged(ELASTX, zone)
    [finding] = seen.findings
    assert (seen.verdict, finding.code) == (MISSING, "spf.missing")
    assert "CNAME to web.host.example" in finding.why
    assert "web site" in finding.fix
    delete, add = finding.edits
    assert (delete.type, delete.before, add.after) == ("CNAME", host, ELASTX.value)
    check_edits(Row("an alias", ELASTX, zone, verdict=MISSING))


def test_an_alias_of_a_record_that_is_right_stays() -> None:
    """What could be better in it is for its owner to say."""
    zone = {
        (NAME, "CNAME"): ("web.host.example",),
        ("web.host.example", "TXT"): ("v=spf1 include:elastx.email include:elastx.email -all",),
    }
    seen = judged(ELASTX, zone)
    assert (seen.verdict, seen.findings) == (OK, ())


def test_an_answer_is_too_long_only_where_receivers_do_not_get_it() -> None:
    """They ask again over TCP; past 4,096 octets more and more fail."""
    for number, severity in ((12, Severity.INFO), (40, Severity.WARNING)):
        tokens = [f"{at}={'x' * 90}" for at in range(number)]
        [finding] = judged(ELASTX, at(RECORD, *tokens)).findings
        assert (finding.code, finding.severity) == ("spf.answer-too-long", severity)
    [long] = judged(ELASTX, at(f"v=spf1 include:elastx.email {LONG} -all")).findings
    assert (long.code, long.severity) == ("spf.too-long", Severity.INFO)


def test_what_costs_nothing_is_no_warning() -> None:
    """An address that stands there twice is as good as one; an include is not."""
    told = {"ip4:198.51.100.1": Severity.INFO, "include:a.example": Severity.WARNING}
    for term, severity in told.items():
        zone = at(f"v=spf1 {term} include:elastx.email {term} -all", a=SOME)
        [finding] = judged(ELASTX, zone).findings
        assert (finding.code, finding.severity) == ("spf.duplicate", severity)


def test_what_is_there_is_kept() -> None:
    """The value shown adds the provider where it counts and loses no other sender."""
    told = {
        "v=spf1 mx -all": "v=spf1 mx include:elastx.email -all",
        "v=spf1 a redirect=b.example": "v=spf1 a include:b.example include:elastx.email ~all",
        "v=spf1 -all mx exp=e.example": "v=spf1 mx include:elastx.email -all exp=e.example",
        "v=spf1 ?include:elastx.email +all": "v=spf1 include:elastx.email ~all",
    }
    for published, after in told.items():
        findings = judged(ELASTX, at(published, b=SOME)).findings
        assert {finding.edits[0].after for finding in findings} == {after}
    [two] = judged(ELASTX, at("v=spf1 mx -all", "v=spf1 ip4:192.0.2.1 ~all")).findings
    assert two.edits[0].after == "v=spf1 ip4:192.0.2.1 mx include:elastx.email ~all"


MEANT = {
    "ipv4:198.51.100.1": "ip4:198.51.100.1",
    "-ip:198.51.100.0/24": "-ip4:198.51.100.0/24",
    "ip4:2001:DB8::1/64": "ip6:2001:DB8::1/64",
    "ip6:198.51.100.1": "ip4:198.51.100.1",
    "ip6:[2001:db8::1]": "ip6:2001:db8::1",
    "198.51.100.1": "ip4:198.51.100.1",
    "a:198.51.100.1/24": "ip4:198.51.100.1/24",
    "include:198.51.100.1": "ip4:198.51.100.1",
    "ip4:198.51.100.0/255.255.255.0": "ip4:198.51.100.0/24",
    "ip4=198.51.100.1": "ip4:198.51.100.1",
    "ipv4=198.51.100.1": "ip4:198.51.100.1",
    "include:https://b.example/": "include:b.example",
    "include:@b.example": "include:b.example",
    "include:me@b.example": "include:b.example",
    "include:mailto:me@b.example": "include:b.example",
    "include:<b.example>": "include:b.example",
    "a:https://b.example:443/x": "a:b.example",
    "include:b.example/24": "include:b.example",
    "exists:%{i._spf.shop.example": "exists:%{i}._spf.shop.example",
    "exists:%i._spf.shop.example": "exists:%{i}._spf.shop.example",
    "exists:%{ir.x.%{v}.shop.example": "exists:%{ir}.x.%{v}.shop.example",
}


@pytest.mark.parametrize(("term", "meant"), MEANT.items())
def test_a_slip_of_the_pen_loses_nobody(term: str, meant: str) -> None:
    """The value shown says what was meant, for the sender who stands there."""
    some = {("b.example", kind): ("198.51.100.1",) for kind in ("A", "MX")}
    published = {**at(f"v=spf1 {term} include:elastx.email -all", b=SOME), **some}
    findings = judged(ELASTX, published).findings
    assert {finding.edits[0].after for finding in findings} == {
        f"v=spf1 {meant} include:elastx.email -all"
    }
    check_edits(Row(term, ELASTX, published))


def test_a_typographic_dash_was_meant_as_a_hyphen() -> None:
    """So the end refuses, as its owner wanted."""
    dashes = [r"\xe2\x80\x93", r"\xe2\x80\x94", r"\xe2\x88\x92"]
    for dash in dashes:
        [finding] = judged(ELASTX, at(f"v=spf1 include:elastx.email {dash}all")).findings
        assert finding.edits[0].after == "v=spf1 include:elastx.email -all"


def test_two_records_pasted_into_one_become_one() -> None:
    """The second version is left out, and both ends are one."""
    pasted = "v=spf1 mx -all v=spf1 include:elastx.email -all"
    after = {f.edits[0].after for f in judged(ELASTX, at(pasted)).findings}
    assert after == {"v=spf1 mx include:elastx.email -all"}


def test_whoever_makes_the_end_hard_is_warned_before() -> None:
    """Other senders would be refused from that moment on, also where two records become one."""
    ours = "v=spf1 include:spf.protection.outlook.com ~all"
    for published in (at(ours), at(ours, "v=spf1 mx ~all")):
        [finding] = [f for f in judged(AZURE, published).findings if "end" in f.code]
        assert finding.fix.startswith("Before you change the end, make sure that every server")
        assert "all others will be refused" in finding.fix
        assert finding.edits[0].after.endswith(" -all")


def test_a_faulty_record_of_others_comes_last() -> None:
    """What is wanted passes before receivers stop, and nobody loses what worked."""
    told = {
        "v=spf1 include:hub.example mx include:elastx.email -all exp=why.shop.example": (
            "v=spf1 mx include:elastx.email include:hub.example -all exp=why.shop.example"
        ),
        "v=spf1 include:hub.example -all": "v=spf1 include:elastx.email include:hub.example -all",
    }
    for published, after in told.items():
        hub = at(published, hub="v=spf1 include:gone.example -all")
        zone = {**hub, (NAME, "MX"): ("10 mx.shop.example",)}
        assert judged(ELASTX, zone).findings[0].edits[0].after == after


def test_what_is_certain_is_said_whoever_is_silent() -> None:
    """A term nobody can read breaks the record, whether ours is behind the silent name or not."""
    silent = {("hub.example", "TXT"): Reason.TIMEOUT}
    broken = {**at("v=spf1 include:hub.example ip4:300.1.1.1 -all"), **silent}
    seen = judged(ELASTX, broken)
    assert (seen.verdict, [f.code for f in seen.findings]) == (WRONG, ["spf.bad-term"])
    doubtful = {**at("v=spf1 include:hub.example include:gone.example -all"), **silent}
    assert judged(ELASTX, doubtful).verdict is UNKNOWN


def test_an_include_that_cannot_be_asked_for_is_not_dead() -> None:
    """Silence is no reason to drop anybody's include."""
    published = at("v=spf1 include:slow.example include:elastx.email -all")
    seen = judged(ELASTX, {**published, ("slow.example", "TXT"): Reason.TIMEOUT})
    assert (seen.verdict, seen.findings) == (OK, ())


ENDS = ["all", "-all", "+ALL", "?all", "include:", "redirect=", "x=", "~", ",", ";", "\\x09", '"']
LINKS = ["include:shop.example", "include:hub.example", "include=x.example", "redirect=hub.example"]
OTHERS = ["a", "mx", "a:/0", "ip4:1", "ip4:1.2.3.4/0", "ip4:192.0.2.1", "ip6::", "exists:%{i}"]
SLIPS = ["-ip4:192.0.2.0/24", "?ip4:192.0.2.1", "redirect:hub.example", "ip:192.0.2.1", "ptr"]
MORE_SLIPS = ["include:me@hub.example", "exists:%{x", "v=spf1", "exp=e.example", "a=%{"]
TERMS = st.sampled_from([*ENDS, *LINKS, *OTHERS, *SLIPS, *MORE_SLIPS])
TEXTS = st.one_of(
    st.text(max_size=40),
    st.lists(TERMS, max_size=8).map(lambda terms: " ".join(["v=spf1", *terms])),
    st.lists(TERMS, max_size=8).map("".join),
)


@given(st.lists(TEXTS, unique=True, max_size=3), st.lists(TEXTS, max_size=2))
@example(["v=spf1 ~ redirect= include:shop.example all"], [])
def test_nothing_published_makes_it_stumble(texts: list[str], behind: list[str]) -> None:
    """Any text ends in a verdict, loops too, and the edits mend whatever was there.

    What is left can be too many look-ups, which no edit takes away.
    """
    published = at(*texts) if texts else {}
    zone = {**published, ("hub.example", "TXT"): tuple(behind)}
    seen = judged(ADDRESS, zone)
    assert seen.verdict is not UNKNOWN
    for finding in seen.findings:
        if finding.edits:
            left = judged(ADDRESS, edited(zone, finding.edits)).findings
            assert {f.code for f in left if f.severity is Severity.ERROR} <= {LOOKUPS, VOIDS}
        else:
            assert finding.severity is not Severity.ERROR or finding.code in (LOOKUPS, VOIDS)


HOSTILE: dict[str, Callable[[int], str]] = {
    "networks": lambda at: f"ip4:10.{at // 250}.{at % 250}.0/24",
    "refused networks": lambda at: f"-ip4:10.{at // 250}.{at % 250}.0/{at % 33}",
    "unreadable": lambda at: f"include:http://a{at}/",
    "ends": lambda _: "-all",
    "modifiers": lambda at: f"exp=a{at}.example",
}


@pytest.mark.parametrize("about", HOSTILE)
def test_the_work_grows_no_faster_than_the_record(about: str) -> None:
    """Four times the terms take at most about four times the steps."""

    def judging(terms: int) -> None:
        judged(ADDRESS, at(" ".join(["v=spf1", *map(HOSTILE[about], range(terms))])))

    few = steps(lambda: judging(40))
    assert steps(lambda: judging(160)) < 5 * few


@pytest.mark.parametrize("about", HOSTILE)
def test_a_whole_answer_of_hostile_records_is_soon_judged(about: str) -> None:
    """Fifteen records of 4 kB take no more steps than one that is worth merging."""
    record = " ".join(["v=spf1", *map(HOSTILE[about], range(400))])[:4_000]
    many = at(*(f"{record} a:n{number}.example" for number in range(15)))
    one = at(" ".join(["v=spf1", *map(HOSTILE[about], range(190))]))
    assert steps(lambda: judged(ADDRESS, many)) < steps(lambda: judged(ADDRESS, one))
