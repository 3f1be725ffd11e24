"""Companies that sell domains and sites, as far as their form is known; see `unsure`."""

from dnscheck.hosts.base import FROM_NOTES, LONG_IS_UNSURE, DnsHost, Dot, Part, Quotes, page, partly

REGISTRARS: tuple[DnsHost, ...] = (
    DnsHost(
        slug="gandi",
        name="Gandi LiveDNS",
        servers=(r"ns-\d+-[abc]\.gandi\.net", r"[abc]\.dns\.gandi\.net"),
        quotes=Quotes.OPTIONAL,
        dot=Dot.REQUIRED,
        trap="A target without a dot at its end is taken as a name inside your own domain.",
        unsure=(Part.QUOTES, Part.LONG),
        source=partly(
            "http://wiki.gandi.net/questions/en/domains/management/zone/txt-record/"
            "cname-mx-records-must-end-with",
            "That the form quotes and splits TXT values by itself is not confirmed.",
        ),
    ),
    DnsHost(
        slug="godaddy",
        name="GoDaddy",
        servers=(r"(ns|pdns)\d+\.domaincontrol\.com",),
        ttl="1 hour, the default; 600 seconds at least.",
        trap=(
            "A service that was connected with one click has its own SPF record under _spfm, which "
            "the domain's includes: change the domain's, and never add a second one."
        ),
        unsure=(Part.LONG,),
        source=partly(
            "https://support.wildapricot.com/hc/en-us/articles/24302475762573-GoDaddy-DNS-setup",
            LONG_IS_UNSURE,
        ),
    ),
    DnsHost(
        slug="hostinger",
        name="Hostinger",
        servers=(r"ns[12]\.dns-parking\.com", r"ns[1-4]\.hostinger\.com"),
        ttl="14400 seconds, the default.",
        unsure=(Part.LONG,),
        source=partly("", FROM_NOTES),
    ),
    DnsHost(
        slug="ionos",
        name="IONOS",
        servers=(r"ns\d+\.ui-dns\.(com|de|org|biz)",),
        name_label="Host name",
        ttl="1 hour.",
        trap=(
            "New domains have a CNAME at _dmarc that points to IONOS: delete it before you add "
            "a DMARC record of your own."
        ),
        unsure=(Part.LONG,),
        source=partly("", FROM_NOTES),
    ),
    DnsHost(
        slug="namecheap",
        name="Namecheap",
        servers=(r"p?dns\d\.registrar-servers\.com", r"dns\d\.namecheaphosting\.com"),
        name_label="Host",
        ttl="Automatic.",
        trap=(
            "A row counts only after its green tick and “Save all changes”, and MX rows only "
            "while Mail Settings says “Custom MX”."
        ),
        unsure=(),
        source=page(
            "https://www.spamresource.com/2024/10/tiny-tip-tuesday-namecheap-supports.html"
        ),
    ),
    DnsHost(
        slug="ovh",
        name="OVHcloud",
        servers=(r"(dns|ns)\d+\.ovh\.(net|ca)", r"(dns|ns)200\.anycast\.me"),
        name_label="Sub-domain",
        apex="",
        quotes=Quotes.OPTIONAL,
        splits=False,
        most_txt=255,
        too_long=(
            "Choose “Change in text format” instead, where the quoted parts are typed as they "
            "stand here."
        ),
        dot=Dot.REQUIRED,
        ttl="Default.",
        trap="A target without a dot at its end is taken as a name inside your own domain.",
        unsure=(),
        source=page(
            "https://github.com/ovh/docs/tree/develop/pages/web_cloud/domains/dns_zone_edit"
        ),
    ),
    DnsHost(
        slug="porkbun",
        name="Porkbun",
        servers=(r"(curitiba|fortaleza|maceio|salvador)\.ns\.porkbun\.com",),
        name_label="Host",
        apex="",
        ttl="600 seconds, the least Porkbun takes.",
        trap=(
            "Porkbun adds the domain to every name, so a full name that was pasted ends in the "
            "domain twice."
        ),
        unsure=(Part.LONG,),
        source=partly("", FROM_NOTES),
    ),
    DnsHost(
        slug="squarespace",
        name="Squarespace",
        servers=(r".+\.squarespacedns\.com",),
        shared=(
            r"dns[1-4]\.p\d+\.nsone\.net",
            r"ns-cloud-[a-e][1-4]\.googledomains\.com",
        ),
        name_label="Host",
        trap=(
            "Squarespace adds the domain to every name, so the domain itself typed as host "
            "becomes the domain twice: type @."
        ),
        unsure=(Part.LONG,),
        source=partly(
            "https://help.flodesk.com/en/articles/"
            "9583973-video-guide-how-to-verify-a-domain-in-squarespace-manually",
            LONG_IS_UNSURE,
        ),
    ),
    DnsHost(
        slug="wix",
        name="Wix",
        servers=(r"ns\d+\.wixdns\.net",),
        name_label="Host name",
        apex="",
        ttl="1 hour.",
        unsure=(Part.QUOTES, Part.LONG),
        source=partly(
            "https://www.mailerlite.com/help/how-to-authenticate-a-domain-with-wix",
            "Quotes around TXT values, and values over 255 characters, are not confirmed.",
        ),
    ),
)
