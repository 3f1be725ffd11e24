"""All DNS hosts by name: those with a known form, those known by their servers, and the rest."""

from dnscheck.hosts.base import Appends, DnsHost, Dot, Part, Quotes, page, partly
from dnscheck.hosts.clouds import CLOUDS
from dnscheck.hosts.registrars import REGISTRARS

# Hosts whose name servers are known, but hardly anything of their form.
_BY_SERVERS = (
    DnsHost(
        slug="infomaniak",
        name="Infomaniak",
        servers=(r"ns\d+\.infomaniak\.ch", r"nsany[12]\.infomaniak\.com"),
        trap=(
            "If _domainkey has NS records, no DKIM record of another service can be seen below "
            "it: delete those NS records first."
        ),
    ),
    DnsHost(slug="loopia", name="Loopia", servers=(r"ns[12]\.loopia\.se",), most_txt=450),
    DnsHost(slug="netlify", name="Netlify", shared=(r"dns[1-4]\.p\d+\.nsone\.net",)),
    DnsHost(slug="one-com", name="one.com", servers=(r"ns0[12]\.one\.com",)),
    DnsHost(slug="scaleway", name="Scaleway Domains", servers=(r"ns[01]\.dom\.scw\.cloud",)),
    DnsHost(slug="siteground", name="SiteGround", servers=(r"ns[12]\.siteground\.net",)),
    DnsHost(slug="strato", name="Strato", servers=(r".+\.rzone\.de",)),
    DnsHost(slug="yandex360", name="Yandex 360", servers=(r"dns[12]\.yandex\.net",)),
)

# No name server gives these away: they are chosen by hand.
_BY_HAND = (
    DnsHost(
        slug="cpanel",
        name="cPanel (any hosting company)",
        apex="{zone}.",
        appends=Appends.UNLESS_DOT,
        ttl="14400 seconds, the default.",
        trap=(
            "“Email Deliverability” repairs SPF and DKIM for cPanel's own mail server: do not "
            "let it undo the records of your sending service."
        ),
        unsure=(Part.NAME, Part.LONG, Part.DOT),
        source=partly(
            "https://documentation.cpanel.net/display/78Docs/Email+Deliverability+in+cPanel",
            "How names are completed and long values are split differs between versions.",
        ),
    ),
    DnsHost(
        slug="zone-file",
        name="Zone file (BIND, NSD, Knot, PowerDNS)",
        appends=Appends.UNLESS_DOT,
        quotes=Quotes.REQUIRED,
        splits=False,
        dot=Dot.REQUIRED,
        priority_in_value=True,
        trap="Raise the serial number of the SOA record, or the other servers keep the old zone.",
        unsure=(),
        source=page("https://www.rfc-editor.org/rfc/rfc1035"),
    ),
)

GENERIC = DnsHost(slug="other", name="Another DNS host")

HOSTS: tuple[DnsHost, ...] = (
    *sorted((*CLOUDS, *REGISTRARS, *_BY_SERVERS), key=lambda host: host.name.casefold()),
    *_BY_HAND,
    GENERIC,
)
_BY_SLUG = {host.slug: host for host in HOSTS}


def get(slug: str) -> DnsHost:
    """Return a host by its slug, empty for an unknown one; raise `KeyError` for a wrong slug."""
    return _BY_SLUG[slug] if slug else GENERIC
