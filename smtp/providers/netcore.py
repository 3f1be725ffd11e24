"""Netcore Email API, once Pepipost: old and new names are both in use, so the console decides."""

from dataclasses import replace

from smtp.providers.base import (
    Confidence,
    Input,
    Match,
    Provider,
    Purpose,
    RecordTemplate,
    Scope,
    Source,
)
from smtp.providers.parts import HOST, PUBLIC_KEY, SELECTOR, starttls

_PORTS = starttls(587, 2525, 25)
_DOCS = "https://emaildocs.netcorecloud.com/"
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
        RecordTemplate(
            purpose=Purpose.DKIM,
            type="TXT",
            host="{selector}._domainkey",
            value="k=rsa; p={public_key}",
            match=Match.DKIM_KEY,
            why="Holds the key Netcore signs with; it verifies the domain.",
            without="The domain is not verified and cannot send.",
            source=Source(
                "",
                "2026-10",
                Confidence.LOW,
                "The name was seen in one sample of the dashboard; take the one yours shows.",
            ),
        ),
        RecordTemplate(
            purpose=Purpose.SPF,
            type="TXT",
            host="@",
            value="v=spf1 include:{spf_include} ~all",
            match=Match.SPF,
            mechanisms=("include:{spf_include}",),
            why="Names Netcore as a permitted sender; it verifies the domain.",
            without="The domain is not verified and cannot send.",
            note="The dashboard shows your present record with its own part put in.",
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
        "Brand and host names have changed: where this page and the dashboard differ, the "
        "dashboard is right.",
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
