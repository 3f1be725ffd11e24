"""Records at the wrong name."""

from config.lab.zones import CHALLENGE, KEY, PROJECT
from smtp.providers.base import Purpose
from tests.dnscheck.catalogue.mistake import (
    BREVO,
    ELASTX,
    GENERIC,
    GOOD,
    IONOS,
    MIGADU,
    RESEND,
    SCALEWAY,
    SENDGRID,
    SES,
    Base,
    Mistake,
    mistake,
    text,
)
from tests.dnscheck.golden import KEY1024

KEY_TEXT = f"v=DKIM1; h=sha256; k=rsa; p={KEY}"
SPF_TEXT = "v=spf1 include:_spf.tem.scaleway.com -all"
POLICY = "v=DMARC1; p=none"
S2 = "s2._domainkey CNAME s2.domainkey.u7654321.wl123.sendgrid.net.\n"
BOUNCES = "MX 10 feedback-smtp.eu-west-1.amazonses.com.\n"
ZEPTOMAIL: Base = ("zeptomail", 0)
SMTP2GO: Base = ("smtp2go", 0)
MAILJET: Base = ("mailjet", 0)
MAILGUN: Base = ("mailgun", 0)
SPARKPOST: Base = ("sparkpost", 0)
POSTMARK: Base = ("postmark", 0)
MAILTRAP: Base = ("mailtrap", 0)
MAILERSEND: Base = ("mailersend", 0)
MANDRILL: Base = ("mailchimp-transactional", 0)
SENDGRID_TARGET = "u7654321.wl123.sendgrid.net"
RETURN_PATH = (Purpose.RETURN_PATH, Purpose.SPF)


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
    Mistake(
        "the return path of a sending subdomain at the domain above",
        RESEND,
        RETURN_PATH,
        f"send.{{top}}. {BOUNCES}" + text("send.{top}.", "v=spf1 include:amazonses.com ~all"),
        ("host.wrong-level",),
        below="mail",
        name="return-path-too-high.co.uk",
    ),
    Mistake(
        "the MAIL FROM subdomain at the domain above",
        SES,
        RETURN_PATH,
        "bounce.{top}. MX 10 feedback-smtp.us-east-1.amazonses.com.\n"
        + text("bounce.{top}.", "v=spf1 include:amazonses.com ~all"),
        ("host.wrong-level",),
        below="news",
    ),
    mistake(
        "the alias of the return path at the domain above",
        SENDGRID,
        Purpose.RETURN_PATH,
        f"em1234.{{top}}. CNAME {SENDGRID_TARGET}.\n",
        "host.wrong-level",
        below="news",
    ),
    mistake(
        "the alias of the return path two levels up",
        ZEPTOMAIL,
        Purpose.RETURN_PATH,
        "bounce-zem.{top}. CNAME cluster89.zeptomail.com.\n",
        "host.wrong-level",
        below="shop.mail",
    ),
    Mistake(
        "the name of the return path up to the first label of the domain",
        SMTP2GO,
        (Purpose.RETURN_PATH,),
        "em493021.kilo CNAME return.smtp2go.net.\n",
        ("host.doubled-label",),
        name="kilo.example",
    ),
    Mistake(
        "the name of the key up to the first label of the domain",
        SCALEWAY,
        (Purpose.DKIM,),
        at(f"{PROJECT}._domainkey.up-to-the-first-label"),
        ("host.doubled-label",),
        name="up-to-the-first-label.example",
    ),
    Mistake(
        "the name without the public suffix",
        SENDGRID,
        (Purpose.RETURN_PATH,),
        f"em1234.acme CNAME {SENDGRID_TARGET}.\n",
        ("host.doubled-label",),
        name="acme.co.uk",
    ),
    mistake(
        "name and target of the return path swapped",
        SMTP2GO,
        Purpose.RETURN_PATH,
        "return.smtp2go.net CNAME em493021\n",
        "host.value-as-name",
    ),
    mistake(
        "name and target of keys swapped",
        MIGADU,
        Purpose.DKIM,
        "".join(
            f"key{number}.{{domain}}._domainkey.migadu.com CNAME key{number}._domainkey\n"
            for number in (1, 2, 3)
        ),
        "host.value-as-name",
    ),
    mistake(
        "a key with a blank in it and the zone twice in its name",
        SCALEWAY,
        Purpose.DKIM,
        text(
            f"{PROJECT}._domainkey.{{domain}}",
            KEY_TEXT.replace(KEY, f"{KEY[:70]} {KEY[70:]}"),
        ),
        "host.doubled",
    ),
    mistake(
        "the SPF record at the web site",
        SCALEWAY,
        Purpose.SPF,
        text("www", SPF_TEXT),
        "host.own-label",
    ),
    mistake(
        "the SPF record at the selector of the key",
        ELASTX,
        Purpose.SPF,
        text("elastx._domainkey", "v=spf1 include:elastx.email -all"),
        *("host.own-label", "dkim.other-text"),
    ),
    mistake(
        "the SPF record of the return path at the domain above",
        SES,
        Purpose.SPF,
        text("bounce.{top}.", "v=spf1 include:amazonses.com ~all"),
        "host.wrong-level",
        below="news",
    ),
    mistake(
        "the return path left at the domain above by a provider that only recommends it",
        MAILJET,
        Purpose.RETURN_PATH,
        "bnc3.{top}. CNAME bnc3.mailjet.com.\n",
        "host.wrong-level",
        result=GOOD,
        below="news",
    ),
    mistake(
        "the name of the domain's zone typed into the form of the subdomain",
        ZEPTOMAIL,
        Purpose.DKIM,
        text("4201557._domainkey.news", f"k=rsa; p={KEY1024}"),
        "host.doubled-label",
        below="news",
    ),
    mistake(
        "the keys of a sending subdomain at the domain above",
        MAILGUN,
        Purpose.DKIM,
        "".join(
            f"pdk{n}._domainkey.{{top}}. CNAME pdk{n}._domainkey.9d876.dkim1.us.mgsend.org.\n"
            for n in (1, 2)
        ),
        "host.wrong-level",
        below="mg",
    ),
    mistake(
        "name and target of a bounce domain swapped",
        SPARKPOST,
        Purpose.RETURN_PATH,
        "sparkpostmail.com CNAME bounces\n",
        "host.value-as-name",
        result=GOOD,
    ),
    mistake(
        "name and target of a bounce domain swapped below a subdomain",
        SENDGRID,
        Purpose.RETURN_PATH,
        f"{SENDGRID_TARGET}.{{top}}. CNAME em1234\n",
        "host.value-as-name",
        below="news",
    ),
    mistake(
        "the zone twice in the name of a bounce domain of a subdomain",
        POSTMARK,
        Purpose.RETURN_PATH,
        "pm-bounces.news.{top}.{top}. CNAME pm.mtasv.net.\n",
        "host.doubled",
        result=GOOD,
        below="news",
    ),
    mistake(
        "the token's alias at the domain above",
        MAILTRAP,
        Purpose.CHALLENGE,
        "mt18.{top}. CNAME smtp.mailtrap.live.\n",
        "host.wrong-level",
        below="mail",
    ),
    mistake(
        "the label of the return path typed twice",
        MAILERSEND,
        Purpose.RETURN_PATH,
        "mta.mta CNAME mailersend.net.\n",
        "host.doubled-label",
    ),
    mistake(
        "the names of images and links at the domain above",
        BREVO,
        Purpose.TRACKING,
        "news.{top}. CNAME b-news.example.brevosend.com.\n"
        "r.news.{top}. CNAME r-news.example.brevosend.com.\n"
        "img.news.{top}. CNAME img-news.example.brevosend.com.\n",
        "host.wrong-level",
        result=GOOD,
        below="mail",
    ),
    mistake(
        "the token's name without its underscore",
        SES,
        Purpose.CHALLENGE,
        text("amazonses", "qHh3e6lm0N9xTz1aVbC4dRwSuYpQ8fGjK2iLoEv7XnM="),
        "host.no-underscore",
        result=GOOD,
    ),
    mistake(
        "a token typed as the name",
        MANDRILL,
        Purpose.CHALLENGE,
        text("mandrill_verify.a1B2c3D4e5F6g7H8i9J0kL", "1"),
        "host.value-as-name",
    ),
    mistake(
        "the domain in the name of a token at the domain itself",
        BREVO,
        Purpose.CHALLENGE,
        text("{domain}", "brevo-code:3fd388604a1b2c3d4e5f60718293a4b5"),
        "host.doubled",
    ),
    mistake(
        "the token of a sending subdomain at the registered domain",
        ELASTX,
        Purpose.CHALLENGE,
        text("{top}.", CHALLENGE),
        "host.wrong-level",
        below="mail",
    ),
    Mistake(
        "a wildcard at the domain above and the return path there too",
        SENDGRID,
        (Purpose.RETURN_PATH,),
        f"*.{{top}}. CNAME parked.{{top}}.\nparked.{{top}}. A 192.0.2.7\n"
        f"em1234.{{top}}. CNAME {SENDGRID_TARGET}.\n",
        ("host.wrong-level",),
        below="news",
    ),
    Mistake(
        "a wildcard that answers with the target at every name of the domain above",
        SENDGRID,
        (Purpose.RETURN_PATH,),
        f"*.{{top}}. CNAME {SENDGRID_TARGET}.\n",
        ("cname.missing",),
        below="news",
    ),
    mistake(
        "the key's alias at the top of the domain",
        SENDGRID,
        Purpose.DKIM,
        "s1 CNAME s1.domainkey.u7654321.wl123.sendgrid.net.\n"
        "s2 CNAME s2.domainkey.u7654321.wl123.sendgrid.net.\n",
        "host.selector-only",
    ),
)
