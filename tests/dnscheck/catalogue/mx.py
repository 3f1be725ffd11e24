"""MX records and return paths that lead nowhere, or to somebody else."""

from config.lab.zones import KEY, PROJECT
from smtp.providers.base import Purpose
from tests.dnscheck.catalogue.mistake import (
    BAD,
    BREVO,
    FASTMAIL,
    GOOD,
    HOSTINGER,
    IONOS,
    MAILGUN_EU,
    MIGADU,
    PROTON,
    RESEND,
    SCALEWAY,
    SES,
    SES_OWN_KEY,
    YANDEX,
    Base,
    Mistake,
    mistake,
    text,
)

WANTED = "feedback-smtp.us-east-1.amazonses.com"


def bounces(about: str, zone: str, code: str) -> Mistake:
    """Return what stands at the MAIL FROM subdomain in place of its one MX record."""
    return mistake(about, SES, Purpose.RETURN_PATH, zone, code)


OVH: Base = ("ovh", 0)
WORKMAIL: Base = ("amazon-workmail", 0)
SENDGRID_MANUAL: Base = ("sendgrid", 2)
OVH_OTHERS = "".join(f"@ MX {number}0 mx{number}.mail.ovh.net.\n" for number in range(1, 5))
DATA_CENTRE: Base = ("zoho-mail", 1)
OTHER_ORDER = "@ MX 5 mx3.zoho.eu.\n@ MX 5 MX.zoho.eu.\n@ MX 5 mx2.zoho.eu.\n"


def received(about: str, zone: str, *codes: str) -> Mistake:
    """Return what stands at a mailbox domain in place of its three MX records."""
    return mistake(about, DATA_CENTRE, Purpose.MX, zone, *codes, result=BAD if codes else GOOD)


def answered(about: str, zone: str, *codes: str) -> Mistake:
    """Return a sending domain whose mail is answered elsewhere than at a provider's hosts."""
    return Mistake(about, SES_OWN_KEY, (), zone, codes, GOOD)


MISTAKES = (
    bounces("an address as the target", "bounce MX 10 192.0.2.5.\n", "mx.address"),
    Mistake(
        "a target that is an alias",
        SES,
        (Purpose.RETURN_PATH,),
        "bounce MX 10 mail.aliases.example.\n",
        ("mx.alias",),
        others={"aliases.example": f"mail CNAME {WANTED}.\n"},
    ),
    bounces("the zone at the end of the target", f"bounce MX 10 {WANTED}\n", "mx.zone-appended"),
    bounces("the priority in the host", f"bounce MX 0 10.{WANTED}.\n", "mx.priority-inside"),
    bounces(
        "the priority and a blank in the host",
        f"bounce MX 0 10\\032{WANTED}.\n",
        "mx.priority-inside",
    ),
    mistake(
        "a null record beside others",
        MIGADU,
        Purpose.MX,
        "@ MX 0 .\n@ MX 10 aspmx1.migadu.com.\n@ MX 20 aspmx2.migadu.com.\n",
        "mx.null-mixed",
    ),
    mistake(
        "a null record where mail is to arrive",
        IONOS,
        Purpose.MX,
        "@ MX 0 .\n",
        *("mx.null", "mx.missing"),
    ),
    bounces(
        "a second host at the return path",
        f"bounce MX 10 {WANTED}.\nbounce MX 20 inbound-smtp.us-east-1.amazonaws.com.\n",
        "mx.extra",
    ),
    mistake(
        "another service's hosts at the domain",
        MIGADU,
        Purpose.MX,
        "@ MX 10 aspmx1.migadu.com.\n@ MX 20 aspmx2.migadu.com.\n@ MX 5 mx00.ionos.de.\n",
        "mx.two-services",
        result=GOOD,
    ),
    bounces(
        "the host of another region",
        "bounce MX 10 feedback-smtp.eu-west-1.amazonses.com.\n",
        "mx.other-region",
    ),
    mistake(
        "incoming hosts of another region",
        MAILGUN_EU,
        Purpose.MX,
        "@ MX 10 mxa.mailgun.org.\n@ MX 10 mxb.mailgun.org.\n",
        "mx.other-region",
        result=GOOD,
    ),
    mistake(
        "the host for sending as the host for receiving",
        MIGADU,
        Purpose.MX,
        "@ MX 0 smtp.office365.com.\n",
        *("mx.submission-host", "mx.missing"),
    ),
    received("three hosts wanted and a null record", "@ MX 0 .\n", "mx.null", "mx.missing"),
    received(
        "three hosts wanted and the old one there",
        "@ MX 10 mail\nmail A 192.0.2.25\n",
        *("mx.wrong-host", "mx.missing"),
    ),
    received(
        "three hosts wanted and two there, in capitals and in another order",
        "@ MX 5 MX3.ZOHO.EU.\n@ MX 5 mx.Zoho.eu.\n",
        "mx.missing",
    ),
    received(
        "three hosts wanted, all with the zone at their end",
        "@ MX 10 mx.zoho.eu\n@ MX 20 mx2.zoho.eu\n@ MX 50 mx3.zoho.eu\n",
        "mx.zone-appended",
    ),
    received(
        "three hosts wanted, of another data centre",
        "@ MX 10 mx.zoho.in.\n@ MX 20 mx2.zoho.in.\n@ MX 50 mx3.zoho.in.\n",
        "mx.other-region",
    ),
    received(
        "three hosts wanted, one of them and two useless ones there",
        "@ MX 10 mx2.zoho.eu.\n@ MX 20 192.0.2.5.\n@ MX 30 localhost.\n",
        *("mx.address", "mx.missing"),
    ),
    received(
        "three hosts wanted, one null, one in the zone and one useless",
        "@ MX 0 .\n@ MX 20 mx2.zoho.eu\n@ MX 30 10.mx.zoho.eu.\n",
        *("mx.zone-appended", "mx.priority-inside", "mx.null-mixed"),
    ),
    received("three hosts wanted and right in another order", OTHER_ORDER),
    bounces("a host of this machine alone", "bounce MX 10 localhost.\n", "mx.local"),
    Mistake(
        "a host with a private address",
        SES,
        (Purpose.RETURN_PATH,),
        "bounce MX 10 mail.private.example.\n",
        ("mx.local",),
        others={"private.example": "mail A 192.168.1.25\n"},
    ),
    bounces("a host without an address", "bounce MX 10 nowhere.{domain}.\n", "mx.no-address"),
    mistake(
        "no host at the return path of a sending subdomain",
        RESEND,
        Purpose.RETURN_PATH,
        "",
        "mx.missing",
        below="news",
    ),
    mistake(
        "the return path's host at the sending subdomain",
        RESEND,
        Purpose.RETURN_PATH,
        "@ MX 10 feedback-smtp.eu-west-1.amazonses.com.\n",
        "host.wrong-level",
        below="news",
    ),
    bounces(
        "the zone at the end of the target and a second host",
        f"bounce MX 10 {WANTED}\nbounce MX 20 mail.{{domain}}.\nmail A 192.0.2.25\n",
        "mx.zone-appended",
    ),
    bounces("a text in place of the host", f'bounce TXT "10 {WANTED}."\n', "host.wrong-type"),
    mistake("no host at the return path", RESEND, Purpose.RETURN_PATH, "", "mx.missing"),
    mistake("no host at a mailbox domain", IONOS, Purpose.MX, "", "mx.implicit"),
    mistake(
        "a provider's incoming hosts beside those of the mailboxes",
        MAILGUN_EU,
        Purpose.MX,
        "@ MX 1 smtp.google.com.\n@ MX 10 mxa.eu.mailgun.org.\n@ MX 10 mxb.eu.mailgun.org.\n",
        "mx.two-services",
        result=GOOD,
    ),
    Mistake(
        "an alias at the name of the mail server",
        BREVO,
        (Purpose.TRACKING,),
        "@ MX 10 mail\nmail A 192.0.2.25\nr.mail CNAME r-news.example.brevosend.com.\n"
        "img.mail CNAME img-news.example.brevosend.com.\n",
        ("cname.addresses",),
        GOOD,
        inputs={"brand": "mail"},
    ),
    answered("mail is sent and none accepted", "@ MX 0 .\n", "mx.null-sender"),
    answered(
        "the sender's mail server is an address",
        "@ MX 10 192.0.2.25.\n",
        "mx.all-dead",
    ),
    answered(
        "the sender's mail server has no address beside one that has",
        "@ MX 10 mail\n@ MX 20 mial\nmail A 192.0.2.25\n",
        "mx.no-address",
    ),
    answered(
        "no mail is accepted at a sending domain, and some is",
        "@ MX 10 mail\n@ MX 20 .\nmail A 192.0.2.25\n",
        "mx.null-mixed",
    ),
    answered(
        "the sender's mail server is an alias",
        "@ MX 10 mail\nmail CNAME server\nserver A 192.0.2.25\n",
        "mx.host-alias",
    ),
    Mistake(
        "branding has taken the name of the mail server",
        BREVO,
        (Purpose.TRACKING,),
        "@ MX 10 mail\nmail CNAME b-news.example.brevosend.com.\n"
        "r.mail CNAME r-news.example.brevosend.com.\n"
        "img.mail CNAME img-news.example.brevosend.com.\n",
        ("mx.host-taken",),
        GOOD,
        inputs={"brand": "mail"},
    ),
    Mistake(
        "no mail server and no address at a sending domain",
        SES_OWN_KEY,
        (),
        "",
        ("mx.no-way-back",),
        GOOD,
        others={
            "{top}": text("ses2026._domainkey", f"p={KEY}") + text("_dmarc", "v=DMARC1; p=none")
        },
        unserved=True,
    ),
    Mistake(
        "a stand-in for a mail server that is not there",
        SCALEWAY,
        (),
        "",
        ("mx.no-way-back",),
        GOOD,
        others={
            "{top}": text("@", "v=spf1 include:_spf.tem.scaleway.com -all")
            + text(f"{PROJECT}._domainkey", f"v=DKIM1; h=sha256; k=rsa; p={KEY}")
            + text("_dmarc", "v=DMARC1; p=none")
        },
        unserved=True,
    ),
    mistake(
        "nobody's mail at a sending domain",
        SCALEWAY,
        Purpose.MX,
        "@ MX 0 .\n",
        "mx.null",
        result=GOOD,
    ),
    mistake(
        "two hosts wanted, one an address",
        MIGADU,
        Purpose.MX,
        "@ MX 10 192.0.2.5.\n@ MX 20 aspmx2.migadu.com.\n",
        "mx.address",
        says="save the MX record with the value shown",
    ),
    mistake(
        "two hosts wanted and an address alone",
        MIGADU,
        Purpose.MX,
        "@ MX 10 192.0.2.5.\n",
        *("mx.address", "mx.missing"),
    ),
    mistake(
        "five hosts wanted and this machine in place of the first",
        OVH,
        Purpose.MX,
        f"@ MX 1 localhost.\n{OVH_OTHERS}",
        "mx.local",
    ),
    mistake(
        "five hosts there and this machine as well",
        OVH,
        Purpose.MX,
        f"@ MX 0 localhost.\n@ MX 1 mx0.mail.ovh.net.\n{OVH_OTHERS}",
        "mx.local",
        result=GOOD,
        says="delete the MX records listed",
    ),
    mistake(
        "five hosts wanted and a null record in place of the first",
        OVH,
        Purpose.MX,
        f"@ MX 0 .\n{OVH_OTHERS}",
        "mx.null-mixed",
        says="replace the MX record with the target “.” by the one shown",
    ),
    mistake(
        "two services at the domain of the mailboxes",
        IONOS,
        Purpose.MX,
        "@ MX 10 mx00.ionos.de.\n@ MX 10 mx01.ionos.de.\n@ MX 1 smtp.google.com.\n",
        "mx.two-services",
        result=GOOD,
        says="keeps mx00.ionos.de",
    ),
    mistake(
        "two hosts wanted, one with the zone and an address",
        FASTMAIL,
        Purpose.MX,
        "@ MX 10 in1-smtp.messagingengine.com\n@ MX 20 192.0.2.5.\n",
        *("mx.zone-appended", "mx.address"),
    ),
    mistake(
        "two hosts wanted, the second with its priority and the zone",
        PROTON,
        Purpose.MX,
        "@ MX 10 mail.protonmail.ch.\n@ MX 0 20.mailsec.protonmail.ch\n",
        "mx.priority-inside",
    ),
    mistake(
        "two hosts wanted, one there and the old server with an address",
        PROTON,
        Purpose.MX,
        "@ MX 10 mail.protonmail.ch.\n@ MX 20 mail\nmail A 192.0.2.25\n",
        "mx.missing",
    ),
    mistake(
        "two hosts recommended and a server inside the office",
        HOSTINGER,
        Purpose.MX,
        "@ MX 10 server.office.local.\n",
        "mx.local",
        result=GOOD,
    ),
    mistake(
        "the host of mailboxes in another region",
        WORKMAIL,
        Purpose.MX,
        "@ MX 10 inbound-smtp.us-east-1.amazonaws.com.\n",
        "mx.other-region",
    ),
    mistake(
        "the host of mailboxes for sending in its place",
        YANDEX,
        Purpose.MX,
        "@ MX 10 smtp.yandex.ru.\n",
        "mx.submission-host",
    ),
    mistake(
        "the host of mailboxes and the one for sending beside it",
        YANDEX,
        Purpose.MX,
        "@ MX 10 mx.yandex.net.\n@ MX 20 smtp.yandex.ru.\n",
        "mx.submission-host",
        result=GOOD,
    ),
    mistake(
        "an incoming name with an address",
        RESEND,
        Purpose.MX,
        "in MX 10 192.0.2.5.\n",
        "mx.address",
        result=GOOD,
    ),
    Mistake(
        "the return path of the other way of setting up",
        SENDGRID_MANUAL,
        (Purpose.RETURN_PATH, Purpose.SPF),
        "em1234 CNAME u7654321.wl123.sendgrid.net.\n",
        ("mx.missing", "spf.missing"),
    ),
    bounces(
        "the host for receiving at the return path",
        "bounce MX 10 inbound-smtp.us-east-1.amazonaws.com.\n",
        "mx.wrong-host",
    ),
    Mistake(
        "the host of the return path as an alias",
        SES,
        (Purpose.RETURN_PATH, Purpose.SPF),
        f"bounce CNAME {WANTED}.\n",
        ("mx.missing", "spf.missing"),
        says="A name with a CNAME cannot hold anything else",
    ),
    bounces(
        "an address and this machine at the return path",
        "bounce MX 10 192.0.2.5.\nbounce MX 20 localhost.\n",
        "mx.address",
    ),
    answered(
        "the sender's two mail servers are an address and this machine",
        "@ MX 10 192.0.2.25.\n@ MX 20 localhost.\n",
        "mx.all-dead",
    ),
    answered(
        "the sender's mail server is an address and its name is in use",
        "@ MX 10 192.0.2.25.\nmail A 192.0.2.80\n",
        "mx.all-dead",
    ),
    answered(
        "the sender's mail server is there and so is an address",
        "@ MX 10 mail\n@ MX 20 192.0.2.25.\nmail A 192.0.2.25\n",
        "mx.address",
    ),
)
