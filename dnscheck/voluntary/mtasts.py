"""MTA-STS: that senders must encrypt mail to a domain (RFC 8461).

The policy itself is a file on a web server, which nobody fetches here: only the DNS is judged.
"""

import re

from dnscheck.answers import Answer, Ask, Status
from dnscheck.findings import Finding, Severity
from dnscheck.rules.host import state
from dnscheck.together import together
from dnscheck.voluntary.standard import Standard, adopted, value_of, with_value

NO_ID = Finding(
    "mtasts.no-id",
    Severity.WARNING,
    "The MTA-STS record at {name} has no id",
    "The tag id tells senders whether the policy has changed (RFC 8461 section 3.1). They ignore a "
    "record without it.",
    "Change the TXT record at {name} to the value shown. Any letters and digits will do; change "
    "them each time the policy changes.",
)
BAD_ID = Finding(
    "mtasts.bad-id",
    Severity.WARNING,
    "The id in the MTA-STS record at {name} is not one that senders read",
    "It must be 1 to 32 letters and digits, with nothing else among them (RFC 8461 section 3.1). "
    "Senders ignore the record as it is.",
    "Change the TXT record at {name} to the value shown.",
)
NO_HOST = Finding(
    "mtasts.no-host",
    Severity.WARNING,
    "The MTA-STS policy of {domain} cannot be fetched: {host} has no address",
    "Senders read the policy at https://{host}/.well-known/mta-sts.txt, and the name has {lacking}."
    " The record at {name} alone has no effect.",
    "Have a web server serve the policy, and add its A, AAAA or CNAME record at {host}; or delete "
    "the record at {name}. Only the DNS is looked at here: open the address to see the policy.",
)
NO_MX = Finding(
    "mtasts.no-mx",
    Severity.INFO,
    "{domain} has an MTA-STS record, but no mail server in an MX record",
    "MTA-STS protects mail to {domain}. {servers}",
    "If nothing is sent to {domain}, the record at {name} is of no use and may be deleted. If it "
    "receives mail, add its MX record.",
)
NULL_MX = "Its MX record says that it takes none."
IMPLICIT_MX = "Without an MX record, senders try the address of the domain itself."

FIRST_ID = "1"
_ID = re.compile(r"[A-Za-z0-9]{1,32}")
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9]")


async def around(domain: str, ask: Ask) -> tuple[Finding, ...]:
    """Return what keeps a record from having an effect. Silence is held against nobody."""
    host, name = f"mta-sts.{domain}", STANDARD.at(domain)
    servers, *addresses = await together(
        ask(domain, "MX"), *(ask(host, kind) for kind in ("A", "AAAA"))
    )
    said = []
    if all(seen.definitive and seen.status is not Status.FOUND for seen in addresses):
        lacking = _lacking(addresses[0])
        said.append(state(NO_HOST, domain=domain, host=host, name=name, lacking=lacking))
    if servers.definitive and not any(text.strip(".") for text in servers.texts):
        why = NULL_MX if servers.values else IMPLICIT_MX
        said.append(state(NO_MX, domain=domain, name=name, servers=why))
    return tuple(said)


def _lacking(answer: Answer) -> str:
    if answer.chain:
        return f"a CNAME to {answer.chain[-1]}, where there is none"
    return "neither an A nor an AAAA record"


def _with_id(text: str) -> str:
    if value_of(text, "id"):
        return text
    if value_of(text, "id") == "":
        return with_value(text, "id", lambda _: FIRST_ID)
    found = adopted(text, "id", lambda part: _ID.fullmatch(part) is not None)
    return found if found != text else f"{text.rstrip('; ')}; id={FIRST_ID}"


def _with_right_id(text: str) -> str:
    return with_value(text, "id", lambda value: _NOT_IN_ID.sub("", value)[:32] or FIRST_ID)


STANDARD = Standard(
    area="mtasts",
    what="MTA-STS",
    readers="Senders",
    label="_mta-sts",
    version="STSv1",
    likeness=r"(?:mta|smtp)?[-_ ]?sts",
    tags=("id",),
    astray=("mta-sts", "_mta_sts", "_mtasts", "_sts"),
    slips=((NO_ID, _with_id), (BAD_ID, _with_right_id)),
)
