"""SPF records that receivers stop at, do not find, or do not come to the end of."""

from smtp.providers.base import Purpose
from tests.dnscheck.catalogue.mistake import (
    AZURE,
    GOOD,
    GOOGLE,
    RESEND,
    SCALEWAY,
    YANDEX,
    Base,
    Mistake,
    mistake,
    strings,
    text,
)

ADDRESSES: Base = ("generic", 1)
OURS = "include:_spf.tem.scaleway.com"
RIGHT = f"v=spf1 {OURS} -all"
MANY = " ".join(f"include:n{number}.many.example" for number in range(11))
NOTHING = " ".join(f"a:nothing{number}.{{domain}}" for number in range(3))
TEN = MANY.rpartition(" include:n9")[0]
ALIAS = "s CNAME _spf.tem.scaleway.com.\n"
NETWORKS = " ".join(f"ip4:198.51.{number}.0/24" for number in range(24))
ONE_ADDRESS, A_HOST = ADDRESSES, "a:out.example.net"
# What the domain's own terms lead to.
LEADS = (
    "out1 A 192.0.2.1\nmxs MX 10 out1\n192.0.2.1._only A 127.0.0.2\n"
    "alias-out CNAME out.example.net.\ng CNAME _spf.google.com.\n"
    + text("_own", "v=spf1 ip4:192.0.2.1 -all")
    + text("_all", "v=spf1 ip4:192.0.2.1 a:out.example.net -all")
)
OTHERS = {
    "many.example": "".join(
        text(f"n{number}", f"v=spf1 ip4:198.51.100.{number} -all") for number in range(11)
    ),
    "flat.example": text("*", "v=spf1 include:_spf.google.com ip4:192.0.2.7 ~all"),
    "dead.example": text("spf", "nothing of the kind"),
    "circle.example": text("one", "v=spf1 include:two.circle.example -all")
    + text("two", "v=spf1 include:one.circle.example -all"),
}


def said(about: str, value: str, *codes: str, base: Base = SCALEWAY, more: str = "") -> Mistake:
    """Return an SPF record that breaks mail, or lets anybody send."""
    zone = text("@", value) + more
    return Mistake(about, base, (Purpose.SPF,), zone, codes, others=OTHERS)


def tolerated(about: str, value: str, *codes: str, more: str = "") -> Mistake:
    """Return an SPF record through which the provider's mail passes."""
    zone = text("@", value) + more
    return Mistake(about, SCALEWAY, (Purpose.SPF,), zone, codes, GOOD, others=OTHERS)


def elsewhere(about: str, name: str, code: str) -> Mistake:
    """Return the right record at another name."""
    return mistake(about, SCALEWAY, Purpose.SPF, text(name, RIGHT), code)


def before(about: str, before: str, after: str = "") -> Mistake:
    """Return the right record with what a zone file or a page has around it."""
    return said(about, f"{before}{RIGHT}{after}", "spf.version")


def right(about: str, value: str, more: str = "", base: Base = SCALEWAY) -> Mistake:
    """Return an SPF record that is as good as the one shown."""
    zone = text("@", value) + more
    return Mistake(about, base, (Purpose.SPF,), zone, (), GOOD, others=OTHERS)


AS_GOOD = (
    right(
        "more senders than were asked for",
        f"v=spf1 a mx:{{domain}} ip4:198.51.100.0/24 ip6:2001:db8::/32 {OURS} "
        "include:n1.many.example -all",
        "@ MX 10 mail\nmail A 192.0.2.25\n",
    ),
    right(
        "mechanisms in another order", f"v=spf1 ip4:192.0.2.7 include:n1.many.example {OURS} -all"
    ),
    right("SPF in capitals", RIGHT.upper()),
    right("an SPF record with a plus sign before the include", f"v=spf1 +{OURS} -all"),
    right("an SPF record with a dot at the end of a name", f"v=spf1 {OURS}. -all"),
    right("an SPF record with more blanks", f"v=spf1  {OURS}   -all "),
    right("a softer end", f"v=spf1 {OURS} ~all"),
    right(
        "a redirect in place of the include and its end", "v=spf1 redirect=_spf.tem.scaleway.com"
    ),
    right(
        "a redirect to a record that has the include",
        "v=spf1 redirect=spf.{domain}",
        text("spf", "v=spf1 ip4:192.0.2.7 include:_spf.google.com ~all"),
        GOOGLE,
    ),
    right(
        "the provider behind a service that flattens",
        "v=spf1 include:{domain}.flat.example ~all",
        base=GOOGLE,
    ),
    right("macros before the provider", f"v=spf1 exists:%{{i}}._spf.%{{d2}} {OURS} -all"),
    right(
        "an include whose name depends on the mail",
        f"v=spf1 {OURS} include:%{{l}}.many.example -all",
    ),
    *(
        right(f"one address as {terms}", f"v=spf1 {terms} {A_HOST} -all", LEADS, ONE_ADDRESS)
        for terms in (
            *("a:out1.{domain}", "mx:mxs.{domain}", "a:out1.{domain}/30", "exists:%{i}._only.%{d}"),
            *("include:_own.%{d}", "include:_own.%{o}", "ip4:192.0.2.0/25 ip4:192.0.2.128/25"),
        )
    ),
    *(
        right(f"a host as {terms}", f"v=spf1 ip4:192.0.2.1 {terms} -all", LEADS, ONE_ADDRESS)
        for terms in ("a:out.example.net/24", "a:out.example.net/32//128", "a:alias-out.{domain}")
    ),
    right("a redirect by a macro", "v=spf1 redirect=_all.%{d2}", LEADS, ONE_ADDRESS),
    right("the provider by another name", "v=spf1 include:g.{domain} -all", LEADS, GOOGLE),
    right("a redirect to another name of it", "v=spf1 redirect=g.{domain}", LEADS, GOOGLE),
    right(
        "an explanation and a modifier nobody knows", f"v=spf1 {OURS} -all exp=why.{{domain}} x=y"
    ),
    right("SPF beside another text that begins alike", RIGHT, text("@", "v=spf10 is no SPF")),
    right("a smaller network refused before the provider", f"v=spf1 -ip4:198.51.100.9 {OURS} -all"),
    right("another include that says nothing", f"v=spf1 ?include:n1.many.example {OURS} -all"),
    right(
        "an address with the length of one",
        "v=spf1 ip4:192.0.2.1/32 +A:OUT.example.net ~all",
        base=ADDRESSES,
    ),
    right(
        "a network around the address",
        "v=spf1 a:out.example.net ip4:192.0.2.0/24 ~all",
        base=ADDRESSES,
    ),
)
MISTAKES = (
    *AS_GOOD,
    tolerated(
        "a web site behind a delivery network",
        f"v=spf1 a:www.{{domain}} {OURS} -all",
        "spf.cdn",
        more="www A 104.16.1.1\nwww AAAA 2606:4700::6810:101\n",
    ),
    mistake(
        "mail hosts behind a delivery network",
        GOOGLE,
        Purpose.SPF,
        text("@", "v=spf1 +mx include:_spf.google.com ~all")
        + "@ MX 10 mail\nmail A 151.101.1.57\n",
        "spf.cdn",
        result=GOOD,
    ),
    mistake(
        "three SPF records, two of them the same but for the case",
        SCALEWAY,
        Purpose.SPF,
        text("@", RIGHT) + text("@", RIGHT.upper()) + text("@", "v=spf1 a ?all"),
        "spf.two-records",
    ),
    mistake(
        "two SPF records at a sending subdomain",
        SCALEWAY,
        Purpose.SPF,
        text("@", RIGHT) + text("@", "v=spf1 -all"),
        "spf.two-records",
        below="news",
    ),
    mistake(
        "SPF of a sending subdomain at the domain above",
        SCALEWAY,
        Purpose.SPF,
        text("{top}.", RIGHT),
        "host.wrong-level",
        below="news",
    ),
    said(
        "everybody passes and the provider is missing",
        "v=spf1 a +all",
        "spf.pass-all",
    ),
    said(
        "an equals sign and commas",
        f"v=spf1 include=n1.many.example, {OURS}, -all",
        *("spf.equals-sign", "spf.blanks"),
    ),
    said(
        "an address of no kind and a dead include",
        f"v=spf1 ip:192.0.2.1 include:spf.dead.example {OURS} -all",
        *("spf.address-kind", "spf.dead-include"),
    ),
    said("a provider that says nothing of itself", f"v=spf1 ?{OURS} -all", "spf.refused"),
    said("a provider that is refused", f"v=spf1 -{OURS} -all", "spf.refused"),
    said("all in capitals without a sign", f"V=SPF1 {OURS.upper()} ALL", "spf.pass-all"),
    tolerated(
        "a redirect behind all",
        f"v=spf1 {OURS} ~all redirect=n1.many.example",
        "spf.redirect-ignored",
    ),
    said(
        "two explanations",
        f"v=spf1 {OURS} -all exp=a.{{domain}} exp=b.{{domain}}",
        "spf.modifier-twice",
    ),
    said(
        "a mechanism with a colon for a redirect",
        "v=spf1 redirect:_spf.yandex.net",
        "spf.colon",
        base=YANDEX,
    ),
    said("a range of addresses", f"v=spf1 ip4:192.0.2.1-192.0.2.9 {OURS} -all", "spf.bad-term"),
    said("a prefix longer than an address", f"v=spf1 ip4:192.0.2.1/33 {OURS} -all", "spf.bad-term"),
    said(
        "an include in angle brackets",
        f"v=spf1 include:<n1.many.example> {OURS} -all",
        "spf.not-a-name",
    ),
    said("a version of its own", f"v=spf1.0 {OURS} -all", "spf.version"),
    said("the include and its end behind a comma", f"v=spf1 {OURS},-all", "spf.blanks"),
    mistake(
        "SPF at the name of the web site",
        SCALEWAY,
        Purpose.SPF,
        text("www", RIGHT),
        "host.own-label",
    ),
    mistake(
        "a void look-up too many behind a record of one's own",
        GOOGLE,
        Purpose.SPF,
        text("@", "v=spf1 include:spf.{domain} include:_spf.google.com ~all")
        + text("spf", f"v=spf1 {NOTHING} ~all"),
        "spf.too-many-voids",
    ),
    mistake(
        "two SPF records",
        SCALEWAY,
        Purpose.SPF,
        text("@", RIGHT) + text("@", "v=spf1 ip4:192.0.2.7 ~all"),
        "spf.two-records",
    ),
    said("no mention of the provider", "v=spf1 ip4:192.0.2.7 -all", "spf.mechanism-missing"),
    said("the provider behind all", f"v=spf1 -all {OURS}", "spf.after-all"),
    said(
        "eleven look-ups before the provider", f"v=spf1 {MANY} {OURS} -all", "spf.too-many-lookups"
    ),
    tolerated(
        "eleven look-ups behind the provider", f"v=spf1 {OURS} {MANY} -all", "spf.too-many-lookups"
    ),
    said(
        "three look-ups for nothing before the provider",
        f"v=spf1 {NOTHING} {OURS} -all",
        "spf.too-many-voids",
    ),
    tolerated(
        "three look-ups for nothing behind the provider",
        f"v=spf1 {OURS} {NOTHING} -all",
        "spf.too-many-voids",
    ),
    said(
        "an include without an SPF record before the provider",
        f"v=spf1 include:spf.dead.example {OURS} -all",
        "spf.dead-include",
    ),
    said(
        "an include of a name that does not exist",
        f"v=spf1 include:spf.smtp2go.co {OURS} -all",
        "spf.dead-include",
    ),
    said(
        "an include that a former DNS host made",
        f"v=spf1 include:dc-aa8e722993._spfm.{{domain}} {OURS} -all",
        "spf.dead-include",
    ),
    tolerated(
        "an include without an SPF record behind the provider",
        f"v=spf1 {OURS} include:spf.dead.example -all",
        "spf.dead-include",
    ),
    said("everybody passes", f"v=spf1 {OURS} +all", "spf.pass-all"),
    said("everybody passes without a sign", f"v=spf1 {OURS} all", "spf.pass-all"),
    tolerated("nothing said of others", f"v=spf1 {OURS} ?all", "spf.neutral-all"),
    said(
        "a redirect beside all",
        "v=spf1 redirect=_spf.yandex.net ~all",
        "spf.redirect-ignored",
        base=YANDEX,
    ),
    said(
        "a redirect beside an include",
        "v=spf1 redirect=_spf.yandex.net include:n1.many.example ~all",
        "spf.redirect-ignored",
        base=YANDEX,
    ),
    said(
        "two redirects",
        "v=spf1 redirect=_spf.yandex.net redirect=n1.many.example",
        "spf.modifier-twice",
        base=YANDEX,
    ),
    said("an equals sign for a colon", f"v=spf1 {OURS.replace(':', '=')} -all", "spf.equals-sign"),
    said("commas", f"v=spf1 include:n1.many.example, {OURS}, -all", "spf.blanks"),
    said("semicolons", f"v=spf1 include:n1.many.example; {OURS}; -all", "spf.blanks"),
    said("no blank behind the version", f"v=spf1{OURS} -all", "spf.version"),
    said("no blank before all", f"v=spf1 {OURS}-all", "spf.blanks"),
    said("no blank behind an address", f"v=spf1 ip4:192.0.2.1{OURS} -all", "spf.blanks"),
    mistake(
        "a blank lost between two strings",
        SCALEWAY,
        Purpose.SPF,
        strings("@", b"v=spf1 ip4:192.0.2.1", f"{OURS} -all".encode()),
        "spf.blanks",
    ),
    said("an SPF record in quotation marks", f'"{RIGHT}"', "spf.version"),
    said("typographic quotation marks and dashes", f"“v=spf1 {OURS} –all”", "spf.version"),
    said("a typographic dash before all", f"v=spf1 {OURS} –all", "spf.version"),
    said("a blank that does not break", RIGHT.replace(" -", "\u00a0-"), "spf.version"),
    said("a blank without width", RIGHT.replace(":", ":\u200b"), "spf.version"),
    said("a tab", RIGHT.replace(" ", "\t"), "spf.version"),
    said("a line end behind the record", f"{RIGHT}\r\n", "spf.version"),
    said("a blank before the record", f" {RIGHT}", "spf.version"),
    said("a backslash before the colon", RIGHT.replace(":", "\\:"), "spf.version"),
    *(
        said(f"{term} in SPF", f"v=spf1 {term} {OURS} -all", "spf.address-kind")
        for term in ("ipv4:192.0.2.1", "ip:192.0.2.1", "ip4:2001:db8::1", "ip6:192.0.2.1")
    ),
    tolerated("reverse names", f"v=spf1 {OURS} ptr -all", "spf.ptr"),
    *(
        said(f"include:{target}", f"v=spf1 include:{target} {OURS} -all", "spf.not-a-name")
        for target in ("https://n1.many.example", "@n1.many.example", "me@n1.many.example")
    ),
    said("a record that includes itself", f"v=spf1 include:{{domain}} {OURS} -all", "spf.loop"),
    said(
        "two records that include one another",
        f"v=spf1 include:one.circle.example {OURS} -all",
        "spf.unreachable",
    ),
    tolerated("the same include twice", f"v=spf1 {OURS} {OURS} -all", "spf.duplicate"),
    elsewhere("SPF at a name of its own", "_spf", "host.own-label"),
    elsewhere("SPF at a name without an underscore", "spf", "host.own-label"),
    mistake(
        "SPF at the name of the policy",
        SCALEWAY,
        Purpose.SPF,
        text("_dmarc", RIGHT),
        *("host.own-label", "dmarc.unrelated-text"),
    ),
    mistake(
        "SPF at the domain instead of the return path",
        RESEND,
        Purpose.SPF,
        text("@", "v=spf1 include:amazonses.com ~all"),
        "host.wrong-level",
    ),
    mistake("a return path without SPF", RESEND, Purpose.SPF, "", "spf.missing"),
    said("a mechanism and no record", OURS, "spf.version"),
    mistake(
        "SPF in a record of the type SPF",
        SCALEWAY,
        Purpose.SPF,
        f'@ SPF "{RIGHT}"\n',
        "host.wrong-type",
    ),
    tolerated("a record too long", f"v=spf1 {OURS} {NETWORKS} -all", "spf.too-long"),
    tolerated(
        "tokens that make the answer too long",
        RIGHT,
        "spf.answer-too-long",
        more="".join(text("@", f"token{number}={'x' * 90}") for number in range(12)),
    ),
    mistake(
        "the provider behind a record of one's own",
        SCALEWAY,
        Purpose.SPF,
        text("@", "v=spf1 include:spf.{domain} -all") + text("spf", RIGHT),
        "spf.nested",
    ),
    said(
        "a gentle end where the provider demands a hard one",
        "v=spf1 include:spf.protection.outlook.com ~all",
        "spf.end-not-accepted",
        base=AZURE,
    ),
    mistake(
        "the provider behind a record that the DNS host made",
        GOOGLE,
        Purpose.SPF,
        text("@", "v=spf1 include:dc-aa8e722993._spfm.{domain} ~all")
        + text("dc-aa8e722993._spfm", "v=spf1 include:_spf.google.com ~all"),
        result=GOOD,
    ),
    before("the type before the record", "TXT "),
    before("the name of the field before the record", "Value: "),
    before("the line of a zone file", '@ 3600 IN TXT "', '"'),
    before("class and type before the record", 'IN TXT "', '"'),
    before("quotation marks as a web page has them", "&quot;", "&quot;"),
    said("a lone sign before all", f"v=spf1 {OURS} ~ all", "spf.blanks"),
    said(
        "the provider misspelt", f"v=spf1 {OURS.replace('include', 'inlcude')} -all", "spf.bad-term"
    ),
    said("the name of the provider alone", f"v=spf1 {OURS[8:]} -all", "spf.bad-term"),
    said("a provider with a letter wrong", f"v=spf1 {OURS[:-1]}n -all", "spf.mechanism-missing"),
    said(
        "two addresses in one mechanism",
        f"v=spf1 ip4:192.0.2.1,192.0.2.2 {OURS} -all",
        "spf.blanks",
    ),
    said(
        "a token behind the end of the record",
        "v=spf1 include:spf.protection.outlook.com -allms-domain-verification=12345678",
        "spf.glued",
        base=AZURE,
    ),
    said("a token before the record", f"MS=ms12345678{RIGHT}", "spf.glued"),
    said(
        "the provider behind an alias", "v=spf1 include:s.{domain} -all", "spf.nested", more=ALIAS
    ),
    Mistake(
        "SPF behind the alias of a web site",
        RESEND,
        (Purpose.SPF, Purpose.RETURN_PATH),
        "send CNAME web.host.example.\n",
        ("spf.missing", "mx.missing"),
        others={"host.example": "web A 192.0.2.80\n" + text("web", "v=spf1 -all")},
        says="such as a web site",
    ),
    tolerated(
        "a redirect to nowhere beside all",
        f"v=spf1 {OURS} -all redirect=no.{{domain}}",
        "spf.redirect-ignored",
    ),
    tolerated(
        "an address twice", f"v=spf1 ip4:192.0.2.1 {OURS} ip4:192.0.2.1 -all", "spf.duplicate"
    ),
    tolerated("no end", f"v=spf1 {OURS}", "spf.neutral-all"),
    tolerated(
        "reverse names too many", f"v=spf1 {OURS} {TEN} ptr -all", "spf.ptr", "spf.too-many-lookups"
    ),
    said("a macro without its end", f"v=spf1 exists:%{{i.{{domain}} {OURS} -all", "spf.macro"),
    said("a bare percent sign", f"v=spf1 a:100%.{{domain}} {OURS} -all", "spf.macro"),
)
