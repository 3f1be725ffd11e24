"""MX records and return paths that lead nowhere, or to somebody else."""

from smtp.providers.base import Purpose
from tests.dnscheck.catalogue.mistake import (
    BREVO,
    GOOD,
    IONOS,
    MAILGUN_EU,
    MIGADU,
    RESEND,
    SCALEWAY,
    SES,
    Mistake,
    mistake,
)

WANTED = "feedback-smtp.us-east-1.amazonses.com"


def bounces(about: str, zone: str, code: str) -> Mistake:
    """Return what stands at the MAIL FROM subdomain in place of its one MX record."""
    return mistake(about, SES, Purpose.RETURN_PATH, zone, code)


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
    mistake("a null record where mail is to arrive", IONOS, Purpose.MX, "@ MX 0 .\n", "mx.null"),
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
        "mx.submission-host",
    ),
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
    mistake(
        "nobody's mail at a sending domain",
        SCALEWAY,
        Purpose.MX,
        "@ MX 0 .\n",
        "mx.null",
        result=GOOD,
    ),
)
