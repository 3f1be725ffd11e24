"""Records at the wrong name."""

from config.lab.zones import KEY, PROJECT
from smtp.providers.base import Purpose
from tests.dnscheck.catalogue.mistake import (
    GENERIC,
    IONOS,
    RESEND,
    SCALEWAY,
    SENDGRID,
    Mistake,
    mistake,
    text,
)

KEY_TEXT = f"v=DKIM1; h=sha256; k=rsa; p={KEY}"
SPF_TEXT = "v=spf1 include:_spf.tem.scaleway.com -all"
POLICY = "v=DMARC1; p=none"
S2 = "s2._domainkey CNAME s2.domainkey.u7654321.wl123.sendgrid.net.\n"
BOUNCES = "MX 10 feedback-smtp.eu-west-1.amazonses.com.\n"


def at(name: str) -> str:
    """Return the key at another name than its own."""
    return text(name, KEY_TEXT)


MISTAKES = (
    mistake(
        "the zone twice in the name",
        SCALEWAY,
        Purpose.DKIM,
        at(f"{PROJECT}._domainkey.{{domain}}"),
        "host.doubled",
    ),
    mistake(
        "the sending subdomain twice in the name",
        SCALEWAY,
        Purpose.DKIM,
        at(f"{PROJECT}._domainkey.news"),
        "host.doubled-label",
        below="news",
    ),
    mistake(
        "the zone twice in the name of a sending subdomain",
        SCALEWAY,
        Purpose.DKIM,
        at(f"{PROJECT}._domainkey.news.{{top}}.{{top}}."),
        "host.doubled",
        below="news",
    ),
    mistake(
        "the zone twice in the name of an alias",
        SENDGRID,
        Purpose.DKIM,
        f"s1._domainkey.{{domain}} CNAME s1.domainkey.u7654321.wl123.sendgrid.net.\n{S2}",
        "host.doubled",
    ),
    mistake(
        "the zone twice in the name of the policy",
        SCALEWAY,
        Purpose.DMARC,
        text("_dmarc.{domain}", POLICY),
        "host.doubled",
    ),
    mistake(
        "the zone twice in the name of the return path",
        RESEND,
        Purpose.RETURN_PATH,
        f"send.{{domain}} {BOUNCES}",
        "host.doubled",
    ),
    mistake(
        "the key without its subdomain and with _domainkey misspelt",
        SCALEWAY,
        Purpose.DKIM,
        at(f"{PROJECT}._domainkeys.{{top}}."),
        "dkim.missing",
        below="mg",
    ),
    mistake(
        "the key of a sending subdomain two levels up",
        SCALEWAY,
        Purpose.DKIM,
        at(f"{PROJECT}._domainkey.{{top}}."),
        "host.wrong-level",
        below="news.mg",
    ),
    mistake(
        "the policy with an at sign before the domain",
        SCALEWAY,
        Purpose.DMARC,
        text("_dmarc.\\@", POLICY),
        "host.at-sign",
    ),
    mistake(
        "the policy with _dmarc misspelt",
        SCALEWAY,
        Purpose.DMARC,
        text("_dmrac", POLICY),
        "host.misspelt",
    ),
    mistake(
        "the key without the underscore of _domainkey",
        SCALEWAY,
        Purpose.DKIM,
        at(f"{PROJECT}.domainkey"),
        "host.no-underscore",
    ),
    Mistake(
        "the key and the SPF record with the zone twice",
        SCALEWAY,
        (Purpose.DKIM, Purpose.SPF),
        at(f"{PROJECT}._domainkey.{{domain}}") + text("{domain}", SPF_TEXT),
        ("host.doubled",),
    ),
    mistake(
        "the label of the return path twice",
        RESEND,
        Purpose.RETURN_PATH,
        f"send.send {BOUNCES}",
        "host.doubled-label",
    ),
    mistake(
        "the key for a subdomain at the top of the zone",
        SCALEWAY,
        Purpose.DKIM,
        at(f"{PROJECT}._domainkey.{{top}}."),
        "host.wrong-level",
        below="mg",
    ),
    mistake(
        "the domain typed as the name of a record of the domain itself",
        SCALEWAY,
        Purpose.SPF,
        text("{domain}", SPF_TEXT),
        "host.doubled",
    ),
    mistake(
        "an at sign that became a label",
        SCALEWAY,
        Purpose.SPF,
        text("\\@", SPF_TEXT),
        "host.at-sign",
    ),
    *(
        mistake(
            f"{label} in place of _domainkey",
            SCALEWAY,
            Purpose.DKIM,
            at(f"{PROJECT}.{label}"),
            "host.misspelt",
        )
        for label in ("_domainkeys", "_domain_key", "_domiankey")
    ),
    mistake(
        "the policy without its underscore",
        SCALEWAY,
        Purpose.DMARC,
        text("dmarc", POLICY),
        "host.no-underscore",
    ),
    mistake(
        "selector and _domainkey swapped",
        SCALEWAY,
        Purpose.DKIM,
        at(f"_domainkey.{PROJECT}"),
        "host.swapped",
    ),
    mistake(
        "the selector without _domainkey",
        SENDGRID,
        Purpose.DKIM,
        f"s1 CNAME s1.domainkey.u7654321.wl123.sendgrid.net.\n{S2}",
        "host.selector-only",
    ),
    Mistake(
        "a policy in the zone above a delegation",
        SCALEWAY,
        (Purpose.DMARC,),
        f"@ NS ns1.lab.example.\n{text('_dmarc', POLICY)}",
        ("dmarc.missing", "host.delegated"),
        below="shop",
        cut=True,
    ),
    mistake(
        "letters beyond a to z in the name",
        SCALEWAY,
        Purpose.DMARC,
        text("_dmarc.b\\195\\188cher.{top}.", POLICY),
        "host.raw-unicode",
        below="xn--bcher-kva",
    ),
    Mistake(
        "a selector longer than a label can be",
        GENERIC,
        (Purpose.DKIM,),
        "",
        ("host.name-too-long",),
        inputs={"selector": "s" * 64},
        says="64 characters",
    ),
    mistake(
        "name and value pasted together",
        IONOS,
        Purpose.DKIM,
        "s1-ionos._domainkey CNAME s1-ionos._domainkeys1.dkim.ionos.com.\n"
        "s2-ionos._domainkey CNAME s2.dkim.ionos.com.\n"
        "s42582890._domainkey CNAME s42582890.dkim.ionos.com.\n",
        "cname.host-pasted",
    ),
)
