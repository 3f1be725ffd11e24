"""Records as each DNS host wants them, and telling the host by its name servers."""

import re
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dnscheck.hosts import GENERIC, HOSTS, DnsHost, choices, get, recognise
from dnscheck.hosts.base import Part
from dnscheck.hosts.wording import Typed, typed
from smtp.providers.base import Confidence

SERVERS = {
    "azure": ["ns1-03.azure-dns.com", "ns2-03.azure-dns.net", "ns4-03.azure-dns.info"],
    "bunny": ["kiki.bunny.net", "coco.bunny.net"],
    "cloudflare": ["ada.ns.cloudflare.com", "Rob.NS.Cloudflare.com.", "blue.foundationdns.net"],
    "cloudns": ["ns31.cloudns.net", "pns41.cloudns.com", "ns4.cloudns.eu"],
    "desec": ["ns1.desec.io", "ns2.desec.org"],
    "digitalocean": ["ns1.digitalocean.com", "ns3.digitalocean.com"],
    "dnsimple": ["ns1.dnsimple.com", "ns2.dnsimple-edge.net", "ns4.dnsimple-edge.org"],
    "gandi": ["ns-161-a.gandi.net", "ns-41-b.gandi.net", "c.dns.gandi.net"],
    "godaddy": ["ns17.domaincontrol.com", "pdns09.domaincontrol.com"],
    "hetzner": ["helium.ns.hetzner.de", "oxygen.ns.hetzner.com", "ns1.your-server.de"],
    "hostinger": ["ns1.dns-parking.com", "ns2.dns-parking.com"],
    "infomaniak": ["ns11.infomaniak.ch", "nsany2.infomaniak.com"],
    "ionos": ["ns1042.ui-dns.com", "ns1104.ui-dns.biz"],
    "linode": ["ns1.linode.com", "ns5.linode.com"],
    "loopia": ["ns1.loopia.se", "ns2.loopia.se"],
    "namecheap": ["dns1.registrar-servers.com", "pdns2.registrar-servers.com"],
    "one-com": ["ns01.one.com", "ns02.one.com"],
    "ovh": ["dns19.ovh.net", "ns19.ovh.net", "ns200.anycast.me"],
    "porkbun": ["curitiba.ns.porkbun.com", "salvador.ns.porkbun.com"],
    "route53": ["ns-2048.awsdns-64.com", "ns-512.awsdns-00.net", "ns-1536.awsdns-00.co.uk"],
    "scaleway": ["ns0.dom.scw.cloud", "ns1.dom.scw.cloud"],
    "siteground": ["ns1.siteground.net", "ns2.siteground.net"],
    "squarespace": ["nsd1.squarespacedns.com", "connect2.squarespacedns.com"],
    "strato": ["docks08.rzone.de", "shades14.rzone.de"],
    "vercel": ["ns1.vercel-dns.com", "ns2.vercel-dns.com"],
    "wix": ["ns4.wixdns.net", "ns5.wixdns.net"],
    "yandex360": ["dns1.yandex.net", "dns2.yandex.net"],
}
SHARED = {
    "dns1.p01.nsone.net": {"netlify", "squarespace"},
    "ns-cloud-b3.googledomains.com": {"google-cloud-dns", "squarespace"},
}
BY_HAND = {"cpanel", "zone-file", "other"}


def test_every_host_is_in_the_tables() -> None:
    """A host is told by servers of its own, by shared ones, or it is chosen by hand."""
    told = SERVERS.keys() | BY_HAND | set.union(*SHARED.values())
    assert {host.slug for host in HOSTS} == told == TYPED.keys()
    assert len(told) == len(HOSTS) == 32


@pytest.mark.parametrize("slug", SERVERS)
def test_a_host_is_recognised_by_its_name_servers(slug: str) -> None:
    """Each server alone and all together lead to one host and no other."""
    for servers in (SERVERS[slug], *([server] for server in SERVERS[slug])):
        seen = recognise(servers)
        assert [host.slug for host in seen.hosts] == [slug]
        assert not seen.candidates
        assert not seen.is_mixed


@pytest.mark.parametrize("slug", SERVERS)
def test_names_that_only_look_like_a_hosts_are_not_recognised(slug: str) -> None:
    """A server inside or beside another domain is somebody else's."""
    for server in SERVERS[slug]:
        own = server.rstrip(".")
        near = [f"{own}.evil.example", f"{own}x", f"{own}\n", own.replace(".", "-")]
        assert recognise(near).hosts == ()


@pytest.mark.parametrize(
    "server",
    [
        "ns.cloudflare.com.evil.example",
        "ns.cloudflare.com",
        "adaxns.cloudflare.com",
        "notyour-server.de",
        "rzone.de",
        "ns6.linode.com",
        "anna.ns.porkbun.com",
        "ns1.example.com",
        "",
    ],
)
def test_unknown_servers_are_nobodys(server: str) -> None:
    """A server that fits no pattern gives neither a host nor a candidate."""
    seen = recognise([server])
    assert (seen.hosts, seen.candidates, seen.is_mixed) == ((), (), False)


@pytest.mark.parametrize("server", SHARED)
def test_shared_servers_give_candidates_and_no_certainty(server: str) -> None:
    """Where several companies use the same servers, the admin is to say which it is."""
    seen = recognise([server])
    assert {host.slug for host in seen.candidates} == SHARED[server]
    assert not seen.hosts
    assert not seen.is_mixed


def test_a_mixed_set_is_told() -> None:
    """Servers of two hosts are a move left half done; shared ones beside their owner's are not."""
    mixed = recognise(["ada.ns.cloudflare.com", "ns17.domaincontrol.com"])
    assert [host.slug for host in mixed.hosts] == ["cloudflare", "godaddy"]
    assert mixed.is_mixed
    beside = recognise(["ada.ns.cloudflare.com", "dns1.p01.nsone.net"])
    assert beside.is_mixed
    assert {host.slug for host in beside.candidates} == {"netlify", "squarespace"}
    owner = recognise(["nsd1.squarespacedns.com", "dns1.p01.nsone.net"])
    assert ([host.slug for host in owner.hosts], owner.candidates) == (["squarespace"], ())
    assert not owner.is_mixed


def test_the_list_for_a_form() -> None:
    """Hosts stand by name, those without servers of their own last."""
    names = [name for slug, name in choices() if slug not in BY_HAND]
    assert names == sorted(names, key=str.casefold)
    assert [slug for slug, _ in choices()][-3:] == ["cpanel", "zone-file", "other"]
    assert all(get(slug).name == name for slug, name in choices())
    assert get("") is GENERIC
    with pytest.raises(KeyError):
        get("nobody")


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.slug)
def test_what_is_said_of_a_host(host: DnsHost) -> None:
    """Confidence follows from what is unsure, and sentences are sentences."""
    expected = Confidence.MEDIUM if host.unsure else Confidence.HIGH
    if set(host.unsure) == set(Part):
        expected = Confidence.LOW
    assert host.confidence is expected
    assert bool(host.source.about) == bool(host.unsure)
    assert host.source.url.startswith("http") or host.unsure
    for text in filter(None, (host.ttl, host.trap, host.too_long, host.source.about)):
        assert text.endswith(".")
        assert "  " not in text


class Row(NamedTuple):
    """What one host is given: at the apex, for MX, for CNAME, and for a value of 400 octets."""

    apex: str
    mx: tuple[str, int | None]
    cname: str
    long: str  # whole, quoted, or parts
    other: bool = False  # whether the other spelling of the long value is offered


PLAIN, DOTTED = ("mx.mail.test", 10), ("mx.mail.test.", 10)
NAME, NAME_DOT = "d.mail.test", "d.mail.test."
UNKNOWN = Row("@", PLAIN, NAME, "whole", True)
TYPED = {
    "azure": Row("@", PLAIN, NAME, "whole"),
    "bunny": UNKNOWN,
    "cloudflare": Row("@", PLAIN, NAME, "whole"),
    "cloudns": Row("", PLAIN, NAME, "whole", True),
    "cpanel": Row("example.com.", PLAIN, NAME, "whole", True),
    "desec": Row("", DOTTED, NAME_DOT, "quoted"),
    "digitalocean": Row("@", DOTTED, NAME_DOT, "whole"),
    "dnsimple": Row("@", PLAIN, NAME, "whole", True),
    "gandi": Row("@", DOTTED, NAME_DOT, "whole", True),
    "godaddy": Row("@", PLAIN, NAME, "whole", True),
    "google-cloud-dns": Row("", ("10 mx.mail.test", None), NAME, "parts"),
    "hetzner": Row("@", DOTTED, NAME_DOT, "parts", True),
    "hostinger": Row("@", PLAIN, NAME, "whole", True),
    "infomaniak": UNKNOWN,
    "ionos": Row("@", PLAIN, NAME, "whole", True),
    "linode": Row("", PLAIN, NAME, "whole"),
    "loopia": UNKNOWN,
    "namecheap": Row("@", PLAIN, NAME, "whole"),
    "netlify": UNKNOWN,
    "one-com": UNKNOWN,
    "other": UNKNOWN,
    "ovh": Row("", DOTTED, NAME_DOT, "parts"),
    "porkbun": Row("", PLAIN, NAME, "whole", True),
    "route53": Row("", ("10 mx.mail.test", None), NAME, "parts"),
    "scaleway": UNKNOWN,
    "siteground": UNKNOWN,
    "squarespace": Row("@", PLAIN, NAME, "whole", True),
    "strato": UNKNOWN,
    "vercel": Row("", PLAIN, NAME, "whole", True),
    "wix": Row("", PLAIN, NAME, "whole", True),
    "yandex360": UNKNOWN,
    "zone-file": Row("@", ("10 mx.mail.test.", None), NAME_DOT, "parts"),
}
KEY = "v=DKIM1; k=rsa; p=" + "A" * 382
LONG = {
    "whole": KEY,
    "quoted": f'"{KEY}"',
    "parts": f'"{KEY[:255]}" "{KEY[255:]}"',
}


def at(
    slug: str,
    name: str,
    value: str,
    type: str = "TXT",
    priority: int | None = None,
    zone: str = "example.com",
) -> Typed:
    """Type one record at a host."""
    return typed(get(slug), zone=zone, name=name, type=type, value=value, priority=priority)


@pytest.mark.parametrize("slug", TYPED)
def test_every_host_gets_every_record_as_it_wants_it(slug: str) -> None:
    """DKIM of a subdomain, SPF at the apex, MX and CNAME, each in the host's own spelling."""
    row, quotes = TYPED[slug], slug in {"route53", "google-cloud-dns", "desec", "zone-file"}
    dkim = at(slug, "sel._domainkey.news.example.com", "v=DKIM1; p=AB")
    assert (dkim.name, dkim.leave_empty) == ("sel._domainkey.news", False)
    assert (dkim.full_name, dkim.priority) == ("sel._domainkey.news.example.com", None)
    assert dkim.value == ('"v=DKIM1; p=AB"' if quotes else "v=DKIM1; p=AB")
    spf = at(slug, "example.com", "v=spf1 -all")
    assert (spf.name, spf.leave_empty, spf.full_name) == (row.apex, not row.apex, "example.com")
    mx = at(slug, "news.example.com", "mx.mail.test", "MX", 10)
    assert (mx.name, mx.value, mx.priority) == ("news", *row.mx)
    cname = at(slug, "s._domainkey.news.example.com", "d.mail.test", "CNAME")
    assert cname.value == row.cname
    assert any("proxy" in note for note in cname.notes) == (slug == "cloudflare")
    long = at(slug, "sel._domainkey.news.example.com", KEY)
    assert long.value == LONG[row.long]
    assert bool(long.alternative) == row.other
    if row.other:
        assert {long.value, long.alternative} == {LONG["whole"], LONG["parts"]}
    for each in (dkim, spf, mx, cname, long):
        assert each.name_label == get(slug).name_label
        assert all(note.endswith(".") and "{" not in note for note in each.notes)


@pytest.mark.parametrize(
    ("slug", "record", "said"),
    [
        ("porkbun", ("sel.news.example.com", "x"), ".example.com is added to it."),
        ("cloudflare", ("sel.news.example.com", "x"), "added where it is missing"),
        ("hetzner", ("sel.news.example.com", "x"), "every name without a dot at its end"),
        ("strato", ("sel.news.example.com", "x"), "type sel.news.example.com."),
        ("strato", ("example.com", "x"), "an empty field or example.com"),
        ("strato", ("example.com", "x"), "put it in double quotes"),
        ("strato", ("a.example.com", "x.test", "CNAME"), "type it again with a dot"),
        ("strato", ("a.example.com", KEY), "use the other spelling"),
        ("route53", ("a.example.com", "x"), "The quotes belong to the value."),
        ("route53", ("example.com", "x.test", "MX", 10), "before the mail server"),
        ("ovh", ("a.example.com", "x.test", "CNAME"), "The dot at the end belongs"),
        ("ovh", ("a.example.com", KEY), "at most 255 characters"),
        ("ovh", ("a.example.com", KEY), "Change in text format"),
        ("digitalocean", ("a.example.com", KEY * 2), "at most 504 characters"),
        ("digitalocean", ("a.example.com", KEY * 2), "one of 1024 bits, or for a CNAME"),
        ("loopia", ("a.example.com", KEY + "A" * 51), "the value has 451."),
        ("cloudflare", ("a.example.com", "x.test", "CNAME"), "“DNS only”"),
        ("porkbun", ("a.example.org", "x"), "no part of example.com"),
    ],
)
def test_what_the_admin_is_told(
    slug: str, record: tuple[str, str] | tuple[str, str, str, int], said: str
) -> None:
    """Each note stands where it is of use."""
    assert any(said in note for note in at(slug, *record).notes)


@pytest.mark.parametrize(
    ("slug", "record"),
    [
        ("azure", ("example.com", "x")),
        ("azure", ("example.com", "x.test", "MX", 10)),
        ("porkbun", ("example.com", "x")),
        ("digitalocean", ("example.com", KEY)),
        ("loopia", ("example.com", KEY)),
    ],
)
def test_nothing_needless_is_said(
    slug: str, record: tuple[str, str] | tuple[str, str, str, int]
) -> None:
    """No note speaks of limits that are kept or of a zone that is not added."""
    assert not any("at most" in note or "added" in note for note in at(slug, *record).notes)


@pytest.mark.parametrize("name", ["bounce.example.org", "notexample.com", "com"])
def test_a_name_outside_the_zone_stays_whole(name: str) -> None:
    """It gets a dot at its end, so that no form makes it a name of the zone."""
    assert at("godaddy", name, "x").name == f"{name}."
    assert at("cpanel", name, "x").full_name == name


def test_names_and_targets_are_taken_as_they_come() -> None:
    """A-labels stay as they are, and a dot or a capital makes no difference."""
    seen = at(
        "hetzner", "S._domainkey.xn--exmple-cua.de.", "D.test.", "CNAME", zone="xn--exmple-cua.de."
    )
    assert (seen.name, seen.value) == ("s._domainkey", "D.test.")
    assert at("godaddy", "a.example.com", "d.test.", "CNAME").value == "d.test"
    assert at("zone-file", "a.example.com", "192.0.2.1", "A").value == "192.0.2.1"


def test_a_string_holds_255_octets() -> None:
    """One octet more makes a second string."""
    assert at("route53", "a.example.com", KEY[:255]).value == f'"{KEY[:255]}"'
    assert at("route53", "a.example.com", KEY[:256]).value == f'"{KEY[:255]}" "A"'
    assert at("hetzner", "a.example.com", KEY[:255]).value == KEY[:255]
    assert at("hetzner", "a.example.com", "é" * 128).value == f'"{"é" * 127}" "é"'


@given(st.text())
def test_quoted_strings_join_to_the_value(value: str) -> None:
    """Read as a zone file is read, the strings give the value, each within its 255 octets."""
    shown = at("zone-file", "a.example.com", value).value
    strings = re.findall(r'"((?:[^"\\]|\\.)*)"', shown, re.DOTALL)
    assert " ".join(f'"{string}"' for string in strings) == shown
    read = [re.sub(r"\\(.)", r"\1", string, flags=re.DOTALL) for string in strings]
    assert "".join(read) == value
    assert all(len(string.encode()) <= 255 for string in read)


@given(st.text('\\"aé', min_size=256, max_size=900))
def test_no_string_ends_inside_an_escape(value: str) -> None:
    """Quotes, backslashes and letters of two octets are never torn apart."""
    parts = at("other", "a.example.com", value).alternative
    for string in re.findall(r'"((?:[^"\\]|\\.)*)"', parts):
        assert len(string.encode()) <= 255
        assert not re.search(r"(?<!\\)(\\\\)*\\$", string)
