"""IONOS Mail: hosts end in the contract's country; SPF is European or American."""

from dataclasses import replace

from smtp.providers.base import (
    Category,
    Confidence,
    Input,
    KnownError,
    Limit,
    Match,
    Provider,
    Purpose,
    RecordTemplate,
    Scope,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    NODEMAILER,
    discovery,
    dkim_alias,
    full_address,
    mail_server,
    spf,
    starttls,
    tls,
)

_DOCS = (
    "https://www.ionos.com/help/email/general-topics/settings-for-your-email-programs-imap-pop3/"
)
_DKIM_GUIDE = Source(
    "https://www.ionos.de/hilfe/domains/mailserver-und-verwandte-records-konfigurieren/"
    "e-mail-authentifizierung-mit-dkim",
    "2026-10",
)
_LIMITS_PAGE = "https://www.ionos.com/help/email/general-topics/what-are-the-mass-mailing-limits/"
_LIMITS = Source(_LIMITS_PAGE, "2026-10")
_LATER = Source(
    _LIMITS_PAGE,
    "2026-10",
    Confidence.MEDIUM,
    "Editions of the page differ: 500 in newer ones, 5,000 in older ones.",
)


def _spf(region: str) -> RecordTemplate:
    return replace(spf(f"include:_spf-{region}.ionos.com", "IONOS"), when={"spf": (region,)})


def _alias(label: str, target: str) -> RecordTemplate:
    return dkim_alias(
        label,
        f"{target}.dkim.ionos.com",
        "IONOS",
        "Mail signed with this key fails DKIM, and with it DMARC.",
        "Name and target are two fields: do not paste one behind the other.",
    )


PROVIDER = Provider(
    slug="ionos",
    name="IONOS Mail",
    summary="Mailboxes of the web host that was once called 1&1.",
    host="smtp.ionos.{tld}",
    ports=(*tls(465), *starttls(587)),
    recommended=tls(465)[0],
    category=Category.MAILBOX,
    aliases=("1and1", "1&1", "1und1", "1&1 ionos", "ionos by 1&1"),
    username="The full address of the mailbox.",
    password=(  # noqa: S106 - the rule in words
        "The password of the mailbox. Not the one of the IONOS customer account."
    ),
    sender="The mailbox that logs in, or one of its aliases.",
    sender_is_login=True,
    limits=(
        Limit(
            "Each mailbox: 50 messages an hour in its first week, 100 in its second, 400 until "
            "day 30.",
            source=_LIMITS,
        ),
        Limit("Each mailbox after 30 days: 500 messages an hour.", source=_LATER),
    ),
    inputs=(
        Input(
            name="tld",
            label="Country of the contract",
            help="The ending of the IONOS web address where the contract was made.",
            scope=Scope.SETTING,
            choices=("com", "co.uk", "de", "fr", "es", "it", "ca", "mx"),
            labels={
                "com": "ionos.com (USA)",
                "co.uk": "ionos.co.uk (United Kingdom)",
                "de": "ionos.de (Germany)",
                "fr": "ionos.fr (France)",
                "es": "ionos.es (Spain)",
                "it": "ionos.it (Italy)",
                "ca": "ionos.ca (Canada)",
                "mx": "ionos.mx (Mexico)",
            },
            default="de",
        ),
        Input(
            name="spf",
            label="SPF region",
            help="The IONOS DNS page shows _spf-eu or, for contracts of the USA, _spf-us.",
            choices=("eu", "us"),
            labels={"eu": "Europe (_spf-eu)", "us": "America (_spf-us)"},
            default="eu",
        ),
        Input(
            name="dmarc",
            label="DMARC record",
            help="IONOS sets a CNAME to a policy it shares; a TXT record of your own can do more.",
            choices=("own", "shared"),
            labels={"own": "A TXT record of your own", "shared": "The CNAME record IONOS sets"},
            default="own",
        ),
    ),
    recipe=(
        mail_server("mx00.ionos.{tld}", 10, "IONOS"),
        mail_server("mx01.ionos.{tld}", 10, "IONOS"),
        _spf("eu"),
        _spf("us"),
        _alias("s1-ionos", "s1"),
        _alias("s2-ionos", "s2"),
        replace(
            _alias("s42582890", "s42582890"),
            required=False,
            note="The third record in the console. The number is the same for everybody.",
        ),
        replace(
            DMARC,
            note="Delete the CNAME record IONOS sets here before you save this one.",
            when={"dmarc": ("own",)},
        ),
        RecordTemplate(
            purpose=Purpose.DMARC,
            type="CNAME",
            host="_dmarc",
            value="dmarc.ionos.{tld}",
            match=Match.CNAME,
            required=False,
            why="Leads to the policy v=DMARC1; p=none; that IONOS shares among its customers.",
            without="Large mailbox providers may refuse bulk mail.",
            note="It gathers no reports. A CNAME stands alone: no TXT record at this name.",
            when={"dmarc": ("shared",)},
        ),
        discovery("autodiscover", "adsredir.ionos.info"),
    ),
    steps=(
        "In the IONOS account create the mailbox that will send, with a password of its own.",
        "Choose here the country of the contract and the SPF region the DNS page shows.",
        "With IONOS's nameservers the records are usually there already; elsewhere publish them.",
        "Enter the full address of the mailbox as user name and the mailbox password.",
        "Begin with few messages: a new mailbox may send only 50 an hour.",
    ),
    pitfalls=(
        "Name and target pasted together give s1-ionos._domainkeys1.dkim.ionos.com; each belongs "
        "in its own field.",
        "A DKIM record that leads to no key means that DKIM is not switched on in the account.",
        "A TXT record of your own at _dmarc and the CNAME of IONOS exclude each other: delete one.",
        "smtp.1und1.de and smtp.1and1.com are old names; use the host of the contract's country.",
        "Old SPF records name _spf.perfora.net and _spf.kundenserver.de; replace both.",
        "Some customers in Canada report that smtp.ionos.ca is not found and use smtp.ionos.com.",
    ),
    errors=(
        KnownError(
            "450 Mail send limit exceeded",
            "The mailbox has sent more in an hour than its age allows.",
            "Wait an hour and send more slowly; the limit grows in the first 30 days.",
            source=_LIMITS,
        ),
    ),
    shapes=(full_address("ionos", "IONOS"),),
    replaced={
        "include:_spf.kundenserver.de": "include:_spf-eu.ionos.com",
        "include:_spf.perfora.net": "include:_spf-us.ionos.com",
    },
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(_DKIM_GUIDE, NODEMAILER),
)
