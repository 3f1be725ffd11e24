"""The lab's zones: domains that are right, domains that are wrong in one way, providers' own names.

Written as zone files into a folder, so that a person can break and mend them with an editor.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dnscheck.verdicts import Result

SERIAL = "; {about}\n$TTL 60\n@ SOA ns1.lab.example. hostmaster.lab.example. 1 3600 600 86400 60\n"


ACCOUNT = "user@domain.com"
CHALLENGE = "elastx-mrs=f7ee5ec7312165148b69fcca1d29075b14b8aef0b5048a332b18b88d09069fb7"
PROJECT = "0a1b2c3d-1111-4222-8333-444455556666"
KEY = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA4CIPILgqk1rIx9waLcl379eESoUFXNCRLevJRpS+jVseZZZn"
    "dmAFdWOq0aDUk3pGMlptIDa/VCX+BSQ+S02/oQ8y/wO+wZ9IZD8wPUqMnBTTWhjJ2sRQKUw11Qr6OPr7FOC12h1YXfPB"
    "cq/6m80neQnRribE8NrzWQLEKFlrpd7xggj9ftjAK8qAKAMw4i9cXmKwI4tSkpuS2hYgHX1mqOKxbYo/cEauDSJSlWZR"
    "00P6kZs4WlxF6tpS7aYiwqkRbdXd7OIivket0aBZTZzcagPDS14EOeqMLB2YFi5OZixVZeI7a0V4K4UC5ni2xLeWuT1m"
    "w0NL3PhR1iEMimgs4wIDAQAB"
)
OTHER_KEY = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtqa/gkYvz0hJvAYJQebhl57EC9SUw/XyRpSfwON7CxSRg0ov"
    "YEAuKLSLYEbRMIyjH7KAtM3f34eOHKn1G3DELGQWK/8cle3QR2g8vWD6TCad7kw+6+znq0ROEdSVxpmHYThU2a0ighFF"
    "QFL0/gAtozvKs/mH/1w4HpQjobAZjRYnjSmbF4hdEsU5dJ55hLgvCgOSypT2Y/OW1YNIY13H5abrqEaEPJZ8mR24rFpX"
    "Ii0YUyKksH7h9EZ/sBVhvEgluBGfO39lLs2Npt6LzAxoODUThsmlW9p2dEUMIA2txOU7JZWbgBtbaZvbLXuaotymLH+c"
    "vNxGt+zswqNGgYFSGwIDAQAB"
)
TOKENS = ("q7lab1", "q7lab2", "q7lab3")

Inputs = Mapping[str, str]
ELASTX = ("elastx", {"username": ACCOUNT, "public_key": KEY})
SCALEWAY = ("scaleway-tem", {"project_id": PROJECT, "public_key": KEY})
SES = (
    "aws-ses",
    {"region": "eu-west-1", "mail_from": "bounce"}
    | {f"token{number}": token for number, token in enumerate(TOKENS, 1)},
)
GENERIC = ("generic", {"mechanism": "ip4:192.0.2.1", "selector": "lab", "public_key": KEY})


OWN_SERVERS = ("ns1.lab.example",)
PORKBUN = ("curitiba.ns.porkbun.com", "maceio.ns.porkbun.com")
ROUTE53 = ("ns-512.awsdns-00.net", "ns-1024.awsdns-00.org")
CLOUDFLARE = ("ada.ns.cloudflare.com", "bob.ns.cloudflare.com")


@dataclass(frozen=True)
class LabDomain:
    """A domain of the demo: who sends for it, its zone, and what a check has to say.

    `expected` and `code` are result and finding; `starts_verified` seeds it as verified before.
    `servers` are the zone's name servers, by which its DNS host is known.
    """

    name: str
    recipes: tuple[tuple[str, Inputs], ...]
    zone: str
    about: str
    expected: Result = Result.GOOD
    code: str = ""
    starts_verified: bool = False
    mood: str = ""
    servers: tuple[str, ...] = OWN_SERVERS


def txt(name: str, text: str, size: int = 200) -> str:
    """Return a TXT record whose text is split into strings of this size."""
    parts = [text[start : start + size] for start in range(0, len(text), size)]
    return f"{name} TXT " + " ".join(f'"{part}"' for part in parts) + "\n"


def dkim(name: str, key: str = KEY, tags: str = "v=DKIM1; k=rsa; p=", size: int = 200) -> str:
    """Return a DKIM key record."""
    return txt(f"{name}._domainkey", tags + key, size)


DMARC = txt("_dmarc", "v=DMARC1; p=none")
ELASTX_SPF = txt("@", "v=spf1 include:elastx.email -all")
SCALEWAY_SPF = txt("@", "v=spf1 include:_spf.tem.scaleway.com -all")
SCALEWAY_DKIM = dkim(PROJECT, tags="v=DKIM1; h=sha256; k=rsa; p=")
SES_DKIM = "".join(f"{token}._domainkey CNAME {token}.dkim.amazonses.com.\n" for token in TOKENS)
SES_BOUNCE = "bounce MX 10 feedback-smtp.eu-west-1.amazonses.com.\n"
SES_SPF = txt("bounce", "v=spf1 include:amazonses.com ~all")
GENERIC_SPF = txt("@", "v=spf1 ip4:192.0.2.1 ~all")
ELASTX_GOOD = txt("@", CHALLENGE) + ELASTX_SPF + dkim("elastx") + DMARC
WEB = "@ A 192.0.2.80\n"  # without it, answers to mail from the domain have no way
SCALEWAY_GOOD = SCALEWAY_SPF + SCALEWAY_DKIM + DMARC + "@ MX 10 mail.lab.example.\n"
GENERIC_GOOD = GENERIC_SPF + dkim("lab") + DMARC


def _bad(
    name: str,
    recipe: tuple[str, Inputs],
    code: str,
    about: str,
    zone: str,
    starts_verified: bool = False,
    servers: tuple[str, ...] = OWN_SERVERS,
) -> LabDomain:
    return LabDomain(
        name, (recipe,), zone, about, Result.BAD, code, starts_verified, servers=servers
    )


def _mute(mood: str, about: str) -> LabDomain:
    """Return a good domain that cannot be asked; it was verified before, and stays so."""
    name, code = f"{mood}.example", "dns.could-not-ask"
    return LabDomain(name, (GENERIC,), GENERIC_GOOD, about, Result.UNKNOWN, code, True, mood)


LAB_DOMAINS = (
    LabDomain("good-elastx.example", (ELASTX,), ELASTX_GOOD, "All is right for Elastx."),
    LabDomain("good-scaleway.example", (SCALEWAY,), SCALEWAY_GOOD, "All is right for Scaleway."),
    LabDomain(
        "good-ses.example", (SES,), SES_DKIM + SES_BOUNCE + SES_SPF + DMARC, "All is right for SES."
    ),
    LabDomain("good-generic.example", (GENERIC,), GENERIC_GOOD, "All is right for any server."),
    LabDomain(
        "split-key.example",
        (GENERIC,),
        GENERIC_SPF + dkim("lab", size=40) + DMARC,
        "All is right: a key in many strings is one key.",
    ),
    LabDomain(
        "two-providers.example",
        (ELASTX, SCALEWAY),
        txt("@", CHALLENGE)
        + txt("@", "v=spf1 include:elastx.email include:_spf.tem.scaleway.com -all")
        + dkim("elastx")
        + SCALEWAY_DKIM
        + DMARC,
        "All is right: two providers share one SPF record.",
    ),
    _bad(
        "two-spf.example",
        SCALEWAY,
        "spf.two-records",
        "Two SPF records, so none counts.",
        txt("@", "v=spf1 mx -all") + SCALEWAY_GOOD,
    ),
    _bad(
        "doubled-host.example",
        SCALEWAY,
        "host.doubled",
        "The DNS form appended the domain to a name that already had it.",
        SCALEWAY_SPF
        + txt(f"{PROJECT}._domainkey.doubled-host.example", f"v=DKIM1; h=sha256; k=rsa; p={KEY}")
        + DMARC,
        servers=PORKBUN,
    ),
    _bad(
        "spf-missing-include.example",
        ELASTX,
        "spf.mechanism-missing",
        "The SPF record does not name the provider.",
        txt("@", CHALLENGE) + txt("@", "v=spf1 mx ~all") + dkim("elastx") + DMARC,
    ),
    _bad(
        "wrong-dkim.example",
        ELASTX,
        "dkim.key-differs",
        "The key is another one than the provider's.",
        txt("@", CHALLENGE) + ELASTX_SPF + dkim("elastx", OTHER_KEY) + DMARC,
    ),
    _bad(
        "truncated-dkim.example",
        GENERIC,
        "dkim.truncated",
        "The key was cut off at 255 characters.",
        GENERIC_SPF + dkim("lab", KEY[:237]) + DMARC,
        servers=ROUTE53,
    ),
    _bad(
        "bad-dmarc.example",
        SCALEWAY,
        "dmarc.bad-policy",
        "The DMARC policy is a word that does not exist.",
        SCALEWAY_SPF + SCALEWAY_DKIM + txt("_dmarc", "v=DMARC1; p=monitor"),
    ),
    _bad(
        "no-dmarc.example",
        SCALEWAY,
        "dmarc.missing",
        "There is no DMARC record.",
        SCALEWAY_SPF + SCALEWAY_DKIM,
    ),
    _bad(
        "missing-challenge.example",
        ELASTX,
        "token.missing",
        "The provider's challenge is not published.",
        ELASTX_SPF + dkim("elastx") + DMARC,
    ),
    _bad(
        "wrong-cname.example",
        SES,
        "cname.wrong-target",
        "One alias leads to another account.",
        SES_DKIM.replace("q7lab2.dkim", "other.dkim") + SES_BOUNCE + SES_SPF + DMARC,
        servers=CLOUDFLARE,
    ),
    _bad(
        "spf-budget.example",
        GENERIC,
        "spf.mechanism-missing",
        "The SPF record lacks the provider, and has hardly any look-ups left.",
        txt("@", "v=spf1 mx include:many.lab.example a:mail.lab.example ~all")
        + dkim("lab")
        + DMARC
        + "@ MX 10 mail.lab.example.\n",
        servers=(PORKBUN[0], CLOUDFLARE[0]),
    ),
    _bad(
        "two-mx.example",
        SES,
        "mx.extra",
        "The MAIL FROM subdomain has a second MX record.",
        SES_DKIM + SES_BOUNCE + "bounce MX 20 mail.lab.example.\n" + SES_SPF + DMARC,
    ),
    _bad(
        "once-verified.example",
        GENERIC,
        "dkim.missing",
        "It was verified; then the key vanished.",
        GENERIC_SPF + DMARC,
        starts_verified=True,
    ),
    _mute("silent", "The name servers do not answer. It was verified, and stays so."),
    _mute("servfail", "The name servers fail. It was verified, and stays so."),
    _mute("refused", "The name servers refuse to answer. It was verified, and stays so."),
    _mute("bogus", "DNSSEC does not validate. It was verified, and stays so."),
    _mute("truncated", "The answers are cut off. It was verified, and stays so."),
)

# What the recipes point at: names of the providers, and the lab's own name server.
OTHER_ZONES = {
    "lab.example": "ns1 A 127.0.0.1\nmail A 192.0.2.25\n"
    + txt("many", "v=spf1 " + " ".join(f"include:n{n}.lab.example" for n in range(8)) + " -all")
    + "".join(txt(f"n{number}", f"v=spf1 ip4:198.51.100.{number} -all") for number in range(8)),
    "elastx.email": txt("@", "v=spf1 ip4:192.0.2.0/28 -all"),
    "tem.scaleway.com": txt("_spf", "v=spf1 ip4:192.0.2.16/28 -all"),
    "amazonses.com": txt("@", "v=spf1 ip4:192.0.2.32/28 -all")
    + "".join(dkim(token).replace("._domainkey", ".dkim") for token in (*TOKENS, "other"))
    + "feedback-smtp.eu-west-1 A 192.0.2.26\n",
    # The name servers of known DNS hosts: here, all of them are this machine.
    **dict.fromkeys((*PORKBUN, *ROUTE53, *CLOUDFLARE), "@ A 127.0.0.1\n"),
}


def write_zones(folder: Path) -> None:
    """Write every zone that is not there yet; what a person edited stays."""
    folder.mkdir(parents=True, exist_ok=True)
    for domain in LAB_DOMAINS:
        about = f"mood: {domain.mood}" if domain.mood else domain.about
        _write(folder / f"{domain.name}.zone", about, WEB + domain.zone, domain.servers)
    for name, zone in OTHER_ZONES.items():
        _write(folder / f"{name}.zone", f"{name}, as far as the lab needs it", zone)


def _write(path: Path, about: str, zone: str, servers: tuple[str, ...] = OWN_SERVERS) -> None:
    if not path.exists():
        delegation = "".join(f"@ NS {server}.\n" for server in servers)
        path.write_text(SERIAL.format(about=about) + delegation + zone, encoding="utf-8")
