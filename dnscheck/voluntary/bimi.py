"""BIMI: the logo that mailboxes show beside a domain's mail.

draft-brand-indicators-for-message-identification; Gmail and Apple ask for a certificate as well.
"""

import re
from collections.abc import Iterator

from dnscheck.answers import Ask
from dnscheck.dmarc import POLICIES
from dnscheck.findings import Finding, Severity
from dnscheck.names import organizational_domain
from dnscheck.rules.dmarc_policy import How, Policy, policy_for
from dnscheck.rules.host import state
from dnscheck.together import together
from dnscheck.voluntary.standard import Standard, adopted, value_of, with_value

NO_LOGO = Finding(
    "bimi.no-logo",
    Severity.WARNING,
    "The BIMI record at {name} names no logo",
    "The tag l must hold the address of the logo. It may be empty only in a record that declines "
    "to show one, v=BIMI1; l=; a=.",
    "Put the address of the logo into the record at {name}, as in l=https://{domain}/logo.svg.",
)
SWAPPED = Finding(
    "bimi.swapped",
    Severity.WARNING,
    "Logo and certificate are swapped in the BIMI record at {name}",
    "The tag l holds the address of the logo, an SVG file, and a that of its certificate, a PEM "
    "file. Here it is the other way round.",
    "Change the TXT record at {name} to the value shown.",
)
ADDRESS = Finding(
    "bimi.address",
    Severity.WARNING,
    "An address in the BIMI record at {name} cannot be read",
    "The tags l and a hold one web address each, with the name of a host, and with blanks and "
    "commas written as %20 and %2C. Mailbox providers do not repair others.",
    "Correct the address in the record at {name}, and open it in a browser to see that it works.",
)
NOT_HTTPS = Finding(
    "bimi.not-https",
    Severity.WARNING,
    "An address in the BIMI record at {name} does not begin with https://",
    "Logo and certificate are fetched over HTTPS only.",
    "Change the address in the record at {name} to one that begins with https://, and open it in a "
    "browser to see that it works.",
)
NOT_SVG = Finding(
    "bimi.not-svg",
    Severity.WARNING,
    "The logo in the BIMI record at {name} is not an SVG file",
    "Its address ends in {suffix}. Only SVG files, of the kind Tiny PS, are shown.",
    "Have the logo made as an SVG Tiny PS file and put its address into the record at {name}.",
)
NO_SUFFIX = Finding(
    "bimi.no-suffix",
    Severity.INFO,
    "The address of the logo in the BIMI record at {name} does not end in .svg",
    "The file must be an SVG of the kind Tiny PS. It is not fetched here, so nobody looked.",
    "Open the address to see that it leads to an SVG file. Nothing else needs to be done.",
)
NO_CERTIFICATE = Finding(
    "bimi.no-certificate",
    Severity.INFO,
    "The BIMI record at {name} names no certificate for the logo",
    "Some mailbox providers show the logo without one. Gmail and Apple ask for a mark certificate "
    "(VMC or CMC) in the tag a.",
    "Nothing needs to be done. If you buy a certificate, add its address to the record at {name}, "
    "as in a=https://{domain}/logo.pem.",
)
NO_POLICY = Finding(
    "bimi.no-policy",
    Severity.INFO,
    "The logo of {domain} is not shown, as no DMARC policy applies to {whose}",
    "Mailbox providers show a logo only beside mail whose forgeries are acted upon: BIMI asks for "
    "a DMARC policy of quarantine or reject.",
    "Publish a DMARC policy at _dmarc.{whose} and make it p=quarantine or p=reject once all your "
    "mail passes. Until then the record at {name} does no harm.",
)
WEAK_POLICY = Finding(
    "bimi.weak-policy",
    Severity.INFO,
    "The logo of {domain} is not shown because of the DMARC policy at {there}",
    "BIMI asks for p=quarantine or p=reject, for all mail and for subdomains too. This policy says "
    "{tags}.",
    "Once all your mail passes DMARC, change the record at {there}: {advice}. Until then the "
    "record at {name} does no harm.",
)

_ADVICE = {
    "p": "p to quarantine or reject",
    "sp": "sp to quarantine or reject, or leave it out",
    "pct": "leave pct out",
}
_LOGO = (".svg", ".svgz")
_CERTIFICATE = (".pem", ".crt", ".cer")
_NOT_A_LOGO = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".bmp", ".pdf", *_CERTIFICATE)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_HTTPS = re.compile(r"https://", re.IGNORECASE)
_SEVERAL = re.compile(r"(?<![\s,])[\s,]+(?=https?://)", re.IGNORECASE)
_ESCAPES = {" ": "%20", ",": "%2C"}
_WITH_HOST = re.compile(
    r"https://(?:[\w-]+\.)+[\w-]+\.?(?::\d+)?(?:[/?#]\S*)?", re.ASCII | re.IGNORECASE
)
_WITHOUT_HTTPS = re.compile(
    r"^(?:http:)?(?://)?((?:[\w-]+\.)+[a-z]{2,}/)", re.ASCII | re.IGNORECASE
)
_SELF = "self"  # of an early draft: no certificate


async def around(domain: str, text: str, ask: Ask) -> tuple[Finding, ...]:
    """Return what is to be known of a record that can be read, and of the policy it depends on."""
    name = STANDARD.at(domain)
    logo, certificate = _addresses(text)
    if not logo:
        return ()  # declined, or said already
    said, path = [], _path(logo)
    suffix = next((suffix for suffix in _NOT_A_LOGO if path.endswith(suffix)), "")
    if suffix:
        said.append(state(NOT_SVG, evidence=(text,), name=name, suffix=suffix))
    elif not path.endswith(_LOGO):
        said.append(state(NO_SUFFIX, evidence=(text,), name=name))
    if not certificate:
        said.append(state(NO_CERTIFICATE, evidence=(text,), name=name, domain=domain))
    return (*said, *await _policies(domain, ask))


async def _policies(domain: str, ask: Ask) -> tuple[Finding, ...]:
    """Return how the policies of a domain and of its organization keep the logo from being shown.

    A policy that could not be asked for is held against nobody.
    """
    names = dict.fromkeys((domain, organizational_domain(domain)))
    found = await together(*(policy_for(name, ask) for name in names))
    name = STANDARD.at(domain)
    said: dict[str, Finding] = {}
    for whose, policy in zip(names, found, strict=True):
        if policy is None:
            said[whose] = state(NO_POLICY, whose=whose, name=name, domain=domain)
        elif weak := _weak(policy):
            said[policy.name] = state(
                WEAK_POLICY,
                evidence=(policy.text,),
                there=policy.name,
                tags=" and ".join(f"{tag}={value}" for tag, value in weak.items()),
                advice=" and ".join(_ADVICE[tag] for tag in weak),
                name=name,
                domain=domain,
            )
    return tuple(said.values())


def _weak(policy: Policy) -> dict[str, str]:
    """Return the tags of a policy for which no logo is shown (section “Receiver Actions”)."""
    if policy.how is How.UNKNOWN:
        return {}
    weak = {tag: policy.tags[tag] for tag in ("sp",) if policy.tags.get(tag, "").lower() == "none"}
    if policy.tags.get("p", "").lower() not in POLICIES[1:]:
        weak = {"p": POLICIES[0], **weak}
    share = policy.tags.get("pct", "")
    if "p" not in weak and share.isdecimal() and int(share) < 100:
        weak["pct"] = share
    return weak


def _addresses(text: str) -> tuple[str, str]:
    """Return the addresses of the logo and of its certificate."""
    return value_of(text, "l") or "", value_of(text, "a") or ""


def _path(address: str) -> str:
    """Return an address in small letters without what stands behind the file."""
    return re.split(r"[?#]", address.lower())[0]


def _with_logo(text: str) -> str:
    if value_of(text, "l") is not None:
        return text
    return adopted(text, "l", lambda part: bool(_WEB.match(part)) and _path(part).endswith(_LOGO))


def _unswapped(text: str) -> str:
    logo, certificate = _addresses(text)
    if not (_path(logo).endswith(_CERTIFICATE) and _path(certificate).endswith(_LOGO)):
        return text
    return with_value(with_value(text, "l", lambda _: certificate), "a", lambda _: logo)


def _with_single_addresses(text: str) -> str:
    def written(value: str) -> str:
        first = _SEVERAL.split(value.strip("<>"))[0]
        return re.sub(r"[\s,]", lambda sign: _ESCAPES.get(sign[0], ""), first)

    return with_value(with_value(text, "l", written), "a", written)


def _with_https(text: str) -> str:
    def written(value: str) -> str:
        secure = _WITHOUT_HTTPS.sub(r"https://\1", value, count=1)
        return "" if value.lower() == _SELF else secure

    return with_value(with_value(text, "l", written), "a", written)


def _faults(text: str) -> Iterator[Finding]:
    logo, certificate = _addresses(text)
    if not logo and (certificate or value_of(text, "l") is None):
        yield NO_LOGO
    for address in filter(None, (logo, certificate)):
        if not _HTTPS.match(address):
            yield NOT_HTTPS
        elif not _WITH_HOST.fullmatch(address):
            yield ADDRESS


STANDARD = Standard(
    area="bimi",
    what="BIMI",
    readers="Mailbox providers",
    label="default._bimi",
    version="BIMI1",
    likeness=r"bimi",
    tags=("l", "a", "avp", "lps"),
    astray=("_bimi", "default.bimi", "bimi", "default", "_default._bimi", "_bimi.default"),
    slips=(
        (NO_LOGO, _with_logo),
        (SWAPPED, _unswapped),
        (ADDRESS, _with_single_addresses),
        (NOT_HTTPS, _with_https),
    ),
    faults=_faults,
    blanks=True,
)
