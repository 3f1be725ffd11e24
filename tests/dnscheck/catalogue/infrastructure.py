"""Zones and name servers that stand between a record and those who ask for it."""

from config.lab.zones import KEY, PROJECT
from smtp.providers.base import Purpose
from tests.dnscheck.catalogue.mistake import (
    SCALEWAY,
    SENDGRID,
    UNKNOWN,
    Mistake,
    mistake,
    text,
)

ALL = tuple(Purpose)
DKIM = text(f"{PROJECT}._domainkey", f"v=DKIM1; h=sha256; k=rsa; p={KEY}")


def mute(mood: str, about: str, says: str, *further: str) -> Mistake:
    """Return a good domain whose servers cannot be asked."""
    codes = ("dns.could-not-ask", *further)
    return Mistake(about, SCALEWAY, (), "", codes, UNKNOWN, mood=mood, says=says)


MISTAKES = (
    mistake(
        "no such name",
        SCALEWAY,
        Purpose.DMARC,
        "",
        "dmarc.missing",
        says="Nothing at all is published at this name.",
    ),
    mistake(
        "a name with records of another type",
        SCALEWAY,
        Purpose.DMARC,
        "_dmarc HINFO a b\n",
        "dmarc.missing",
        says="The name exists, but it has no TXT record.",
    ),
    mistake(
        "a wildcard text in place of the key",
        SCALEWAY,
        Purpose.DKIM,
        text("*", "v=spf1 -all"),
        "host.wildcard",
    ),
    mistake(
        "a wildcard alias in place of an alias",
        SENDGRID,
        Purpose.DKIM,
        "* CNAME parked.{domain}.\nparked A 192.0.2.99\n",
        "host.wildcard",
    ),
    mistake(
        "a wildcard policy hidden by a name that exists",
        SCALEWAY,
        Purpose.DMARC,
        text("*._dmarc", "v=DMARC1; p=none") + text("*", "v=DMARC1; p=none"),
        "dmarc.missing",
    ),
    Mistake(
        "an alias at the top of a zone",
        SENDGRID,
        (Purpose.RETURN_PATH,),
        "",
        ("cname.apex",),
        inputs={"return_path": "@"},
    ),
    mute("servfail", "servers that fail", "SERVFAIL"),
    mute("refused", "servers that refuse", "refused"),
    mute("bogus", "signatures that do not validate", "DNSSEC", "view.dnssec-bogus"),
    mute("truncated", "answers that do not fit", "too large for UDP"),
    Mistake(
        "a registration that lapsed",
        SCALEWAY,
        ALL,
        "",
        ("dns.no-such-domain", "spf.missing", "dkim.missing", "dmarc.missing"),
        unserved=True,
    ),
    *(
        Mistake(
            about,
            SCALEWAY,
            ALL,
            text("@", "v=spf1 -all"),
            ("host.shared-domain",),
            name=name,
        )
        for about, name in (
            ("a mailbox domain that everybody shares", "gmail.com"),
            ("a domain that a company lends", "tenant.github.io"),
        )
    ),
)
