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
from smtp.providers.parts import DMARC, expected, starttls, tls

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


def _mail_server(label: str) -> RecordTemplate:
    return RecordTemplate(
        purpose=Purpose.MX,
        type="MX",
        host="@",
        value=f"{label}.ionos.{{tld}}",
        match=Match.MX,
        priority=10,
        why="One of two servers that bring the domain's mail to the mailboxes.",
        without="Mail may stay away when the other server does not answer.",
    )


def _spf(region: str) -> RecordTemplate:
    include = f"include:_spf-{region}.ionos.com"
    return RecordTemplate(
        purpose=Purpose.SPF,
        type="TXT",
        host="@",
        value=f"v=spf1 {include} ~all",
        match=Match.SPF,
        mechanisms=(include,),
        why="Names IONOS's servers as permitted senders of the domain.",
        without="Receivers may treat the mail as forged.",
        note="If the domain already has an SPF record, put the mechanism into that one.",
        when={"spf": (region,)},
    )


def _dkim(label: str, target: str) -> RecordTemplate:
    return RecordTemplate(
        purpose=Purpose.DKIM,
        type="CNAME",
        host=f"{label}._domainkey",
        value=f"{target}.dkim.ionos.com",
        match=Match.CNAME,
        why="One of the aliases to the keys IONOS signs with.",
        without="Mail signed with this key fails DKIM, and with it DMARC.",
        note="Name and target are two fields: do not paste one behind the other.",
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
            help="The end of the IONOS site where the contract was made.",
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
            help="Contracts of the USA have _spf-us, those of Europe _spf-eu, as the panel shows.",
            choices=("eu", "us"),
            labels={"eu": "Europe (_spf-eu)", "us": "America (_spf-us)"},
            default="eu",
        ),
        Input(
            name="dmarc",
            label="DMARC record",
            help="IONOS sets an alias to a policy it shares; a record of your own can do more.",
            choices=("own", "shared"),
            labels={"own": "A TXT record of your own", "shared": "The alias IONOS sets"},
            default="own",
        ),
    ),
    recipe=(
        _mail_server("mx00"),
        _mail_server("mx01"),
        _spf("eu"),
        _spf("us"),
        _dkim("s1-ionos", "s1"),
        _dkim("s2-ionos", "s2"),
        replace(
            _dkim("s42582890", "s42582890"),
            required=False,
            note="The third alias in the console. The number is the same for everybody.",
        ),
        replace(
            DMARC,
            note="The alias IONOS sets answers as well. Delete it before you save this record.",
            when={"dmarc": ("own",)},
        ),
        RecordTemplate(
            purpose=Purpose.DMARC,
            type="CNAME",
            host="_dmarc",
            value="dmarc.ionos.{tld}",
            match=Match.CNAME,
            required=False,
            why="Leads to v=DMARC1; p=none; a policy that IONOS shares among its customers.",
            without="Large mailboxes may refuse bulk mail.",
            note="It gathers no reports. An alias stands alone: no TXT record at this name.",
            when={"dmarc": ("shared",)},
        ),
        RecordTemplate(
            purpose=Purpose.CLIENT,
            type="CNAME",
            host="autodiscover",
            value="adsredir.ionos.info",
            match=Match.CNAME,
            required=False,
            optional=True,
            why="Lets mail programs find the settings of the mailboxes.",
            without="People type the settings by hand; sending from here is not affected.",
        ),
    ),
    steps=(
        "In the IONOS account create the mailbox that will send, with a password of its own.",
        "Choose here the country of the contract and the SPF region the DNS page shows.",
        "With IONOS's nameservers the records are usually there already; elsewhere publish them.",
        "Enter the full address of the mailbox as user name and the mailbox password.",
        "Begin with few messages: a new mailbox may send only 50 an hour.",
    ),
    pitfalls=(
        "Host and value pasted together make targets such as "
        "s1-ionos._domainkeys1.dkim.ionos.com; each belongs in its own field.",
        "An alias without a key behind it means that DKIM is not switched on in the account.",
        "An own TXT record at _dmarc and IONOS's alias cannot stand side by side: delete one.",
        "smtp.1und1.de and smtp.1and1.com are older names; use those of the contract's country.",
        "Older SPF records name _spf.perfora.net and _spf.kundenserver.de; replace them.",
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
    shapes=(
        expected(
            "ionos.username-address",
            "username",
            r"[^@\s]+@[^@\s]+\.[^@\s]+",
            "IONOS logs in with the full address of the mailbox, such as info@example.com.",
        ),
    ),
    replaced={
        "include:_spf.kundenserver.de": "include:_spf-eu.ionos.com",
        "include:_spf.perfora.net": "include:_spf-us.ionos.com",
    },
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        _DKIM_GUIDE,
        Source(
            "https://github.com/nodemailer/nodemailer/blob/master/lib/well-known/services.json",
            "2026-10",
        ),
    ),
)
