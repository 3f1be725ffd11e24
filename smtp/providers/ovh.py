"""OVHcloud e-mail: the host depends on the service and the region, DKIM consists of aliases."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from smtp.providers.base import (
    Category,
    Confidence,
    Input,
    Limit,
    Lint,
    Match,
    Provider,
    Purpose,
    RecordTemplate,
    Scope,
    Source,
)
from smtp.providers.parts import DMARC, LABEL, expected, never, starttls, tls

_DOCS = "https://help.ovhcloud.com/csm/en-mx-plan-email-generalities"
_GUIDES = "https://github.com/ovh/docs/tree/HEAD/pages/web_cloud/domains"
_SEEN = Source(
    "",
    "2026-10",
    Confidence.MEDIUM,
    "Seen in public zones. OVHcloud's guide lists mx0 to mx4; what the control panel shows counts.",
)
_RATES = Source(
    "",
    "2026-10",
    Confidence.LOW,
    "The numbers are common knowledge; no page of the provider's was found.",
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
    return tuple(
        RecordTemplate(
            purpose=Purpose.MX,
            type="MX",
            host="@",
            value=f"{name}.{zone}",
            match=Match.MX,
            priority=priority,
            why="One of the servers that bring the domain's mail to the mailboxes.",
            without="Mail may stay away when the other servers do not answer.",
            note="Another set of OVHcloud's servers is as good, if the control panel shows it.",
            when=when,
        )
        for name, priority in servers
    )


def _last_mail_server(value: str, when: Mapping[str, tuple[str, ...]]) -> RecordTemplate:
    return replace(
        _mail_servers(value, [("mx4", 200)], when)[0],
        required=False,
        note="Listed last in OVHcloud's guide; many zones do without it.",
    )


def _spf(include: str, when: Mapping[str, tuple[str, ...]]) -> RecordTemplate:
    return RecordTemplate(
        purpose=Purpose.SPF,
        type="TXT",
        host="@",
        value=f"v=spf1 {include} ~all",
        match=Match.SPF,
        mechanisms=(include,),
        why="Names OVHcloud's servers as permitted senders of the domain.",
        without="Receivers may treat the mail as forged.",
        note="The control panel may list it as type SPF; the DNS answers with a TXT record.",
        when=when,
    )


def _dkim(number: int) -> RecordTemplate:
    return RecordTemplate(
        purpose=Purpose.DKIM,
        type="CNAME",
        host=f"{{selector{number}}}._domainkey",
        value=f"{{selector{number}}}._domainkey.{{target{number}}}.dkim.mail.ovh.net",
        match=Match.CNAME,
        required=False,
        why="One of two aliases to the keys OVHcloud signs with; the second is for a change.",
        without="Mail is not signed, and DMARC rests on SPF alone.",
        note="Switch DKIM on in the control panel once the alias is published.",
    )


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
        pattern=r"\d+\.[A-Za-z]{2}",
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
            pattern=r"\d{1,3}",
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
        _dkim(1),
        _dkim(2),
        DMARC,
    ),
    steps=(
        "In the control panel create the mailbox that will send, and note which service it is in.",
        "Choose that service here; for Email Pro and Exchange enter the number of the server.",
        "Publish the MX and SPF records; in a zone of the same account OVHcloud sets them itself.",
        "Have DKIM set up in the control panel or by the API, and copy both aliases here.",
        "When the aliases are published, activate DKIM and wait until the console says it runs.",
        "Enter the full address of the mailbox as user name and the mailbox password.",
    ),
    pitfalls=(
        "DKIM keys are found by way of aliases; who looks for TXT records of OVHcloud finds none.",
        "A published DKIM alias does nothing until DKIM is activated for the domain.",
        "The server number of Email Pro and Exchange differs from one account to the next.",
        "ssl0.ovh.net is an older name of smtp.mail.ovh.net and works as well.",
        "Accounts of the Americas and Asia-Pacific have hosts and records that end in ovh.ca.",
        "A Private Exchange sends from its own addresses: they belong into SPF as ip4 and ip6.",
    ),
    shapes=(
        never(
            "ovh.username-nic-handle",
            "username",
            r"[a-z]+\d+-ovh",
            (
                "This is the customer ID (NIC handle), which is for the control panel. "
                "Mail logs in with the full address of the mailbox."
            ),
        ),
        expected(
            "ovh.username-address",
            "username",
            r"[^@\s]+@[^@\s]+\.[^@\s]+",
            "OVHcloud logs in with the full address of the mailbox, such as info@example.com.",
        ),
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
