"""Netcore Email API, once Pepipost: old and new names are both in use, so the console decides."""

from dataclasses import replace

from smtp.providers.base import (
    Confidence,
    Input,
    Provider,
    Scope,
    Source,
)
from smtp.providers.parts import HOST, PUBLIC_KEY, SELECTOR, dkim_key, spf, starttls

_PORTS = starttls(587, 2525, 25)
_DOCS = "https://emaildocs.netcorecloud.com/"
_NOT_VERIFIED = "The domain is not verified and cannot send."
_DNS_DOCS = "https://emaildocs.netcorecloud.com/docs/use-dns-to-validate-domain-ownership"

PROVIDER = Provider(
    slug="netcore",
    name="Netcore Email API (formerly Pepipost)",
    summary="Transactional mail from India, known as Pepipost until it was renamed.",
    host="{server}",
    ports=_PORTS,
    recommended=_PORTS[0],
    aliases=("pepipost", "netcorecloud", "netcore-email-api"),
    username="The SMTP user name that the dashboard shows.",
    password=(  # noqa: S106 - the rule in words
        "The SMTP password that the dashboard shows with it. Not the password of the account."
    ),
    sender="An address of a verified and approved sending domain.",
    sandbox="Netcore's compliance team approves each domain before it may send.",
    inputs=(
        Input(
            name="server",
            label="Server",
            help="The host the dashboard shows for SMTP. Newer accounts may have the second one.",
            scope=Scope.SETTING,
            choices=("smtp.pepipost.com", "smtp.netcorecloud.net"),
            default="smtp.pepipost.com",
        ),
        replace(
            SELECTOR,
            help="The part before ._domainkey in the DKIM record the dashboard shows.",
            default="pepipost",
        ),
        PUBLIC_KEY,
        Input(
            name="spf_include",
            label="SPF include",
            help="What follows include: in the part of the SPF record the dashboard adds.",
            default="pepipost.net",
            pattern=HOST,
        ),
    ),
    recipe=(
        replace(
            dkim_key("{selector}", "k=rsa; p={public_key}", "Netcore", _NOT_VERIFIED),
            source=Source(
                "",
                "2026-10",
                Confidence.LOW,
                "The name was seen in one sample of the dashboard; take the one yours shows.",
            ),
        ),
        replace(
            spf("include:{spf_include}", "Netcore"),
            without=_NOT_VERIFIED,
            note="The dashboard shows your present SPF record with Netcore's part added.",
            source=Source(
                _DNS_DOCS,
                "2026-10",
                Confidence.LOW,
                "The name after include: is not confirmed; take the one the dashboard shows.",
            ),
        ),
    ),
    steps=(
        "In the dashboard add the sending domain and open its DNS settings.",
        "Copy selector and key of the DKIM record and the SPF include here, as they are shown.",
        "Publish the records and let the dashboard check them.",
        "Answer the questions about the domain and wait for its approval.",
        "Copy server, user name and password for SMTP from the dashboard.",
    ),
    pitfalls=(
        "Brand and host names have changed: where this page and the dashboard differ, follow the "
        "dashboard.",
        "A domain whose records are right still cannot send before it is approved.",
    ),
    docs=_DOCS,
    source=Source(
        _DOCS,
        "2026-10",
        Confidence.LOW,
        "Hosts, ports and records come from public code and one sample of the dashboard.",
    ),
    further_sources=(Source(_DNS_DOCS, "2026-10"),),
)
