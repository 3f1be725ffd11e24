"""OVHcloud e-mail: service and region decide the host; DKIM is a pair of CNAME records."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from smtp.providers.base import (
    Category,
    Confidence,
    Input,
    Limit,
    Lint,
    Provider,
    RecordTemplate,
    Scope,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    LABEL,
    dkim_alias,
    full_address,
    mail_server,
    never,
    spf,
    starttls,
    tls,
)

_DOCS = "https://help.ovhcloud.com/csm/en-mx-plan-email-generalities"
_GUIDES = "https://github.com/ovh/docs/tree/HEAD/pages/web_cloud/domains"
_SEEN = Source(
    "",
    "2026-10",
    Confidence.MEDIUM,
    "Seen in public zones; OVHcloud's guide lists mx0 to mx4. Follow the control panel.",
)
_RATES = Source(
    "",
    "2026-10",
    Confidence.LOW,
    "The numbers are common knowledge; no page of OVHcloud's was found that names them.",
)
_HOSTS = {
    "mxplan_europe": "smtp.mail.ovh.net",
    "mxplan_americas": "smtp.mail.ovh.ca",
    "email_pro": "pro{number}.mail.ovh.net",
    "exchange": "ex{number}.mail.ovh.net",
}
_NUMBERED = ("email_pro", "exchange")
_IN_EUROPE = ("mxplan_europe", *_NUMBERED)
_AMERICAS = {"service": ("mxplan_americas",)}
_EUROPE = {"service": _IN_EUROPE}
_CURRENT = {**_EUROPE, "mx": ("mx0",)}
_OLDER = {**_EUROPE, "mx": ("mx1",)}


def _computed(values: Mapping[str, str]) -> dict[str, str]:
    """Return `server`, the host of the service with its number."""
    host = _HOSTS.get(values.get("service", ""), _HOSTS["mxplan_europe"])
    return {"server": host.replace("{number}", values.get("number", ""))}


def _check(values: Mapping[str, str]) -> list[Lint]:
    if values.get("service") not in _NUMBERED or values.get("port", "").strip() != "465":
        return []
    message = (
        "OVHcloud documents port 587 with STARTTLS for Email Pro and Exchange; "
        "465 belongs to MX Plan."
    )
    return [Lint("ovh.port", "port", message)]


def _mail_servers(
    zone: str, servers: Iterable[tuple[str, int]], when: Mapping[str, tuple[str, ...]]
) -> tuple[RecordTemplate, ...]:
    note = "If the control panel shows another set of servers, follow the control panel."
    return tuple(
        replace(mail_server(f"{name}.{zone}", priority, "OVHcloud", note), when=when)
        for name, priority in servers
    )


def _last_mail_server(value: str, when: Mapping[str, tuple[str, ...]]) -> RecordTemplate:
    return replace(
        _mail_servers(value, [("mx4", 200)], when)[0],
        required=False,
        note="Listed last in OVHcloud's guide; many zones do without it.",
    )


def _spf(include: str, when: Mapping[str, tuple[str, ...]]) -> RecordTemplate:
    note = "The control panel may list it as type SPF; the DNS answers with a TXT record."
    return replace(spf(include, "OVHcloud"), note=note, when=when)


def _alias(number: int) -> RecordTemplate:
    alias = dkim_alias(
        f"{{selector{number}}}",
        f"{{selector{number}}}._domainkey.{{target{number}}}.dkim.mail.ovh.net",
        "OVHcloud",
        "Mail is not signed, and DMARC depends on SPF alone.",
        "One of two. Once they are published, switch DKIM on in the control panel.",
    )
    return replace(alias, required=False)


def _selector(number: int) -> Input:
    return Input(
        name=f"selector{number}",
        label=f"DKIM selector {number}",
        help=(
            "The part before ._domainkey. Email Pro has one such as "
            f"ovhemp123456-selector{number}, Exchange ovhex123456-selector{number}."
        ),
        required=False,
        pattern=LABEL,
        default=f"ovhmo-selector-{number}",
    )


def _target(number: int) -> Input:
    return Input(
        name=f"target{number}",
        label=f"DKIM target {number}",
        help=(
            "What stands between ._domainkey. and .dkim.mail.ovh.net in the target, such as "
            "1675.ac; the whole target may be pasted. Leave it empty without DKIM."
        ),
        required=False,
        pattern=r"[0-9]+\.[A-Za-z]{2}",
    )


PROVIDER = Provider(
    slug="ovh",
    name="OVHcloud e-mail",
    summary="Mailboxes of the French host: MX Plan and Zimbra, Email Pro and Hosted Exchange.",
    host="{server}",
    ports=(*tls(465), *starttls(587)),
    recommended=tls(465)[0],
    category=Category.MAILBOX,
    aliases=("ovhcloud", "mx plan", "mxplan", "ovh zimbra", "ovh email pro", "ovh exchange"),
    username="The full address of the mailbox.",
    password=(  # noqa: S106 - the rule in words
        "The password of the mailbox. Not the one of the OVHcloud customer account (NIC handle)."
    ),
    sender="The mailbox that logs in.",
    sender_is_login=True,
    limits=(
        Limit(
            "Each mailbox: about 200 messages an hour, and 300 an hour from one IP address.",
            source=_RATES,
        ),
    ),
    inputs=(
        Input(
            name="service",
            label="Service",
            help="The product the mailbox belongs to, as the control panel names it.",
            scope=Scope.SETTING,
            choices=tuple(_HOSTS),
            labels={
                "mxplan_europe": "MX Plan or Zimbra, Europe",
                "mxplan_americas": "MX Plan or Zimbra, Americas and Asia-Pacific",
                "email_pro": "Email Pro",
                "exchange": "Hosted Exchange",
            },
            default="mxplan_europe",
        ),
        Input(
            name="number",
            label="Server number",
            help=(
                "The number in the server name under General information, Connection, "
                "such as 1 in pro1.mail.ovh.net or ex1.mail.ovh.net."
            ),
            scope=Scope.SETTING,
            pattern=r"[0-9]{1,3}",
            default="1",
            when={"service": _NUMBERED},
        ),
        Input(
            name="mx",
            label="Set of mail servers",
            help="Choose the set the control panel shows for the domain.",
            choices=("mx0", "mx1"),
            labels={
                "mx0": "mx0, mx1, mx2 and mx3 (current)",
                "mx1": "mx1, mx2 and mx3 (older)",
            },
            default="mx0",
            when=_EUROPE,
        ),
        _selector(1),
        _target(1),
        _selector(2),
        _target(2),
    ),
    recipe=(
        *_mail_servers(
            "mail.ovh.net", [("mx0", 1), ("mx1", 5), ("mx2", 50), ("mx3", 100)], _CURRENT
        ),
        _last_mail_server("mail.ovh.net", _CURRENT),
        *(
            replace(template, source=_SEEN)
            for template in _mail_servers(
                "mail.ovh.net", [("mx1", 1), ("mx2", 5), ("mx3", 100)], _OLDER
            )
        ),
        *_mail_servers(
            "mail.ovh.ca", [("mx0", 1), ("mx1", 5), ("mx2", 50), ("mx3", 100)], _AMERICAS
        ),
        _last_mail_server("mail.ovh.ca", _AMERICAS),
        _spf("include:mx.ovh.com", _EUROPE),
        _spf("include:mx.ovh.ca", _AMERICAS),
        _alias(1),
        _alias(2),
        DMARC,
    ),
    steps=(
        "In the control panel create the mailbox that will send, and note which service it is in.",
        "Choose that service here; for Email Pro and Exchange enter the server number as well.",
        "Publish the MX and SPF records; in a zone of the same account OVHcloud sets them itself.",
        "Set DKIM up in the control panel or by the API, and copy both CNAME records here.",
        "When they are published, activate DKIM and wait until the panel shows it as active.",
        "Enter the full address of the mailbox as user name and the mailbox password.",
    ),
    pitfalls=(
        "DKIM at OVHcloud is published as CNAME records; a search for TXT records finds none.",
        "Published DKIM records do nothing until DKIM is activated for the domain.",
        "The server number of Email Pro and Exchange differs from one account to the next.",
        "ssl0.ovh.net is another name of smtp.mail.ovh.net and works as well.",
        "Accounts of the Americas and Asia-Pacific have hosts and records that end in ovh.ca.",
        "A Private Exchange sends from IP addresses of its own: add them to SPF as ip4 and ip6.",
    ),
    shapes=(
        never(
            "ovh.username-nic-handle",
            "username",
            r"[a-z]+[0-9]+-ovh",
            (
                "This is the customer ID (NIC handle), which is for the control panel. "
                "Mail logs in with the full address of the mailbox."
            ),
        ),
        full_address("ovh", "OVHcloud"),
    ),
    docs=_DOCS,
    source=Source(
        _DOCS,
        "2026-10",
        Confidence.MEDIUM,
        "OVHcloud documents 465 for MX Plan; that 587 works there as well is common knowledge.",
    ),
    further_sources=(
        Source(f"{_GUIDES}/dns_zone_mx", "2026-10"),
        Source(f"{_GUIDES}/dns_zone_spf", "2026-10"),
        Source(f"{_GUIDES}/dns_zone_dkim", "2026-10"),
    ),
    check=_check,
    compute=_computed,
)
