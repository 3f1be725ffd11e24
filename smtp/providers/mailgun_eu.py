"""Mailgun, region EU: a separate installation with hosts of its own, otherwise as the US one."""

from dataclasses import replace

from smtp.providers.base import Confidence, Input, Limit, Source
from smtp.providers.mailgun import PROVIDER as US
from smtp.providers.mailgun import records

_DOCS = "https://documentation.mailgun.com/docs/mailgun/api-reference/mg-regions"

PROVIDER = replace(
    US,
    slug="mailgun-eu",
    name="Mailgun (EU region)",
    summary="Transactional mail for developers; this page is for domains in the EU region.",
    host="smtp.eu.mailgun.org",
    aliases=("mailgun eu", "mailgun europe"),
    username=(
        "A login of a sending domain that was created in the EU region, such as "
        "postmaster@mg.example.com."
    ),
    sandbox=(
        "Sandbox domains seem to exist in the US region only, so test with a domain of your own."
    ),
    limits=(Limit("Free plan: 100 messages a day.", year="2025"),),
    inputs=(
        *US.inputs,
        Input(
            name="include",
            label="Include in the SPF record",
            help="The name after include: in the SPF record the console shows.",
            choices=("mailgun.org", "eu.mailgun.org"),
            default="mailgun.org",
        ),
    ),
    recipe=records("eu.mailgun.org", "{include}"),
    pitfalls=(
        *US.pitfalls,
        "Do not copy the records of a guide for the US: here the hosts are mxa.eu.mailgun.org and "
        "mxb.eu.mailgun.org, and tracking points to eu.mailgun.org.",
    ),
    docs=_DOCS,
    source=Source(
        _DOCS,
        "2026-10",
        Confidence.MEDIUM,
        "The page names the hosts; the records of this region were seen in public zones.",
    ),
    further_sources=(Source(US.docs, "2026-10"), *US.further_sources),
)
