"""SPF mechanisms that stand for the addresses of a delivery network, not of a mail server."""

from collections.abc import Mapping, Sequence

from dnscheck.answers import Ask
from dnscheck.findings import Finding, Severity
from dnscheck.rules.cdn import network_of
from dnscheck.rules.spf_terms import Remark
from dnscheck.spf.comparing import meaning
from dnscheck.spf.terms import effective, is_refusing, lookup_of
from dnscheck.together import together

CDN = Finding(
    "spf.cdn",
    Severity.WARNING,
    "The SPF record at {name} passes the servers of {network}",
    "{mechanisms} stands for addresses of {network}, which serve the web sites of many and hand "
    "in none of your mail. The server behind them is not passed by it.",
    "Change the TXT record at {name} to the value shown, without it. If your web server sends "
    "mail itself, add its own address to the record, such as ip4:192.0.2.1.",
)

MOST_TERMS, MOST_HOSTS = 5, 5
MAIL_HOSTS = (".mx.cloudflare.net",)  # of Email Routing: mail hosts indeed, not a web site's


async def proxied(
    terms: Sequence[str], wanted: Sequence[str], name: str, ask: Ask
) -> dict[str, str]:
    """Return the terms that pass nobody but a delivery network, with its name.

    What is `wanted` is left out, and so is what could not be asked for as a whole.
    """
    demanded = {meaning(item, name).text for item in wanted}
    asked = [
        term
        for term in filter(_is_of_hosts, effective(terms))
        if meaning(term, name).text not in demanded
    ][:MOST_TERMS]
    found = await together(*(_network(term, name, ask) for term in asked))
    return {term: network for term, network in zip(asked, found, strict=True) if network}


def of_the_networks(behind: Mapping[str, str]) -> Remark:
    """Return what is to be said of the terms that `proxied` found."""
    return Remark(CDN, list(behind), words={"network": " and ".join(sorted({*behind.values()}))})


def _is_of_hosts(term: str) -> bool:
    """Whether a term passes the addresses of hosts, whatever the mail."""
    kind, _ = lookup_of(term) or ("", "")
    return kind in ("a", "mx") and "%" not in term and not is_refusing(term)


async def _network(term: str, name: str, ask: Ask) -> str:
    """Return the network that has all addresses a term stands for, or nothing."""
    kind, target = lookup_of(term) or ("", "")
    hosts = [target or name]
    if kind == "mx":
        hosts = [text.lower().rstrip(".") for text in (await ask(target or name, "MX")).texts]
        if len(hosts) > MOST_HOSTS or any(host.endswith(MAIL_HOSTS) for host in hosts):
            return ""
    answers = await together(*(ask(host, type) for host in hosts for type in ("A", "AAAA")))
    networks = {network_of(text) for answer in answers for text in answer.texts}
    is_certain = len(networks) == 1 and all(answer.definitive for answer in answers)
    return networks.pop() if is_certain else ""
