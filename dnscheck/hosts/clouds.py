"""Clouds and pure DNS services, as far as their form is known; `unsure` names what is not."""

from dnscheck.hosts.base import (
    FROM_NOTES,
    LONG_IS_UNSURE,
    Appends,
    DnsHost,
    Dot,
    Part,
    Quotes,
    page,
    partly,
)

CLOUDS: tuple[DnsHost, ...] = (
    DnsHost(
        slug="azure",
        name="Azure DNS",
        servers=(r"ns[1-4]-\d+\.azure-dns\.(com|net|org|info)",),
        most_txt=4_096,
        dot=Dot.OPTIONAL,
        trap=(
            "All TXT values of one name are one record set here: add a value to the set that "
            "exists, and mind that all of them share one limit."
        ),
        unsure=(),
        source=page("https://learn.microsoft.com/en-us/azure/dns/dns-zones-records"),
    ),
    DnsHost(
        slug="bunny",
        name="Bunny DNS",
        servers=(r"(kiki|coco)\.bunny\.net",),
        dot=Dot.OPTIONAL,
        unsure=(Part.NAME, Part.APEX, Part.QUOTES, Part.LONG),
        source=partly(
            "https://github.com/StackExchange/dnscontrol/tree/main/providers/bunnydns",
            "Only that targets are full names with or without a dot is confirmed.",
        ),
    ),
    DnsHost(
        slug="cloudflare",
        name="Cloudflare",
        servers=(r".+\.ns\.cloudflare\.com", r".+\.foundationdns\.(com|net|org)"),
        appends=Appends.UNLESS_ZONE,
        quotes=Quotes.OPTIONAL,
        most_txt=2_048,
        dot=Dot.OPTIONAL,
        ttl="Auto, which is 300 seconds.",
        trap=(
            "The proxy switch of a CNAME record has to say “DNS only”, or nobody sees the CNAME."
        ),
        proxy=True,
        unsure=(),
        source=page(
            "https://developers.cloudflare.com/dns/manage-dns-records/reference/dns-record-types/"
        ),
    ),
    DnsHost(
        slug="cloudns",
        name="ClouDNS",
        servers=(r"p?ns\d+\.cloudns\.(net|com|org|eu)",),
        name_label="Host",
        apex="",
        ttl="1 hour.",
        unsure=(Part.LONG,),
        source=partly("https://www.cloudns.net/wiki/article/141/", LONG_IS_UNSURE),
    ),
    DnsHost(
        slug="desec",
        name="deSEC",
        servers=(r"ns1\.desec\.io", r"ns2\.desec\.org"),
        name_label="Subname",
        apex="",
        quotes=Quotes.REQUIRED,
        dot=Dot.REQUIRED,
        ttl="3600 seconds, the least an account may choose at first.",
        trap="TXT values without quotes and targets without a dot at their end are refused.",
        unsure=(),
        source=page("https://desec.readthedocs.io/en/latest/dns/rrsets.html"),
    ),
    DnsHost(
        slug="digitalocean",
        name="DigitalOcean",
        servers=(r"ns[1-3]\.digitalocean\.com",),
        name_label="Hostname",
        most_txt=504,  # 509 with the quotes and the blank of two strings
        dot=Dot.REQUIRED,
        trap="A DKIM key of 4096 bits is too long for a TXT record here; one of 2048 bits fits.",
        unsure=(),
        source=page("https://github.com/StackExchange/dnscontrol/tree/main/providers/digitalocean"),
    ),
    DnsHost(
        slug="dnsimple",
        name="DNSimple",
        servers=(r"ns[1-4]\.dnsimple(-edge)?\.(com|net|org|io)",),
        quotes=Quotes.OPTIONAL,
        most_txt=989,  # 1,000 with the quotes and the blanks of four strings
        unsure=(Part.NAME, Part.APEX, Part.LONG),
        source=partly(
            "https://support.dnsimple.com/articles/txt-record-format",
            "How names are typed, the domain itself among them, and how long values are split is "
            "not confirmed.",
        ),
    ),
    DnsHost(
        slug="google-cloud-dns",
        name="Google Cloud DNS",
        # Domains that went from Google Domains to Squarespace kept these servers.
        shared=(r"ns-cloud-[a-e][1-4]\.googledomains\.com",),
        name_label="DNS name",
        apex="",
        quotes=Quotes.REQUIRED,
        splits=False,
        dot=Dot.OPTIONAL,
        priority_in_value=True,
        trap="A TXT value without quotes loses its blanks, and a long one is refused.",
        unsure=(Part.APEX, Part.DOT),
        source=partly(
            "https://mailhardener.com/blog/how-to-enter-txt-values-in-google-cloud-dns",
            "What stands for the domain itself, and the dot after targets, are not confirmed.",
        ),
    ),
    DnsHost(
        slug="hetzner",
        name="Hetzner",
        servers=(
            r"(helium|hydrogen|oxygen)\.ns\.hetzner\.(com|de)",
            r"ns1\.first-ns\.de",
            r"robotns\d\.second-ns\.(de|com)",
            r"(.+\.)?your-server\.de",
        ),
        appends=Appends.UNLESS_DOT,
        quotes=Quotes.OPTIONAL,
        splits=False,
        dot=Dot.REQUIRED,
        trap="A target without a dot at its end is taken as a name inside your own domain.",
        unsure=(Part.LONG,),
        source=partly(
            "https://github.com/timohirt/terraform-provider-hetznerdns/issues/19",
            "Whether the console splits long values by itself, as its API does not, is not "
            "confirmed.",
        ),
    ),
    DnsHost(
        slug="linode",
        name="Linode (Akamai)",
        servers=(r"ns[1-5]\.linode\.com",),
        name_label="Hostname",
        apex="",
        ttl="5 minutes; what is called default is 24 hours.",
        unsure=(),
        source=page(
            "https://github.com/linode/docs/tree/master/docs/products/networking/dns-manager"
        ),
    ),
    DnsHost(
        slug="route53",
        name="Amazon Route 53",
        servers=(r"ns-\d+\.awsdns-\d+\.(com|net|org|co\.uk)",),
        name_label="Record name",
        apex="",
        quotes=Quotes.REQUIRED,
        splits=False,
        most_txt=4_000,
        dot=Dot.OPTIONAL,
        priority_in_value=True,
        ttl="300 seconds, as suggested.",
        trap=(
            "All TXT values of one name are one record here: if the name has a TXT record, edit "
            "it and add the value on a line of its own."
        ),
        unsure=(),
        source=page(
            "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html"
        ),
    ),
    DnsHost(
        slug="vercel",
        name="Vercel",
        servers=(r"ns[12]\.vercel-dns\.com",),
        apex="",
        ttl="60 seconds, the default.",
        trap="A target with a dot at its end has been refused here.",
        unsure=(Part.LONG,),
        source=partly("", FROM_NOTES),
    ),
)
