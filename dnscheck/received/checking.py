"""Asks today's DNS about a received message: its keys, SPF for who handed it over, its policy."""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from dnscheck.alignment import predict
from dnscheck.answers import Ask
from dnscheck.received.message import Message, parse
from dnscheck.received.reading import Claims, Connection, Reading, Said, read
from dnscheck.received.signatures import Checked, Fit, Key, check, signatures
from dnscheck.received.trace import Hop
from dnscheck.rules.dmarc_policy import How, Policy, policy_for
from dnscheck.spf.evaluate import check_host, identity
from dnscheck.spf.evaluation import Result
from dnscheck.spf.walk import UNKNOWN
from dnscheck.together import together

PASS, FAIL, OPEN = "pass", "fail", "unknown"


@dataclass(frozen=True)
class Spf:
    """What SPF says today of the connection. `result` is empty when nobody knows who to ask for.

    `is_aligned` says whether `domain` counts for the From domain, whatever the result.
    """

    result: str = ""
    domain: str = ""
    mechanism: str = ""
    problem: str = ""
    is_aligned: bool = False


@dataclass(frozen=True)
class Dmarc:
    """What DMARC says today: `result` is pass, fail or unknown.

    `through` names the ways that pass, `aligned` the domains of signatures that count for the From
    domain. `asks` is the policy, empty if there is none or it could not be asked for
    (`could_ask`); `too_strict` is as in `Alignment`.
    """

    result: str = OPEN
    through: tuple[str, ...] = ()
    aligned: tuple[str, ...] = ()
    asks: str = ""
    name: str = ""
    could_ask: bool = True
    too_strict: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """What a message tells, and what the DNS says of it today. It is plain data."""

    reading: Reading
    signatures: tuple[Checked, ...]
    spf: Spf
    dmarc: Dmarc

    def as_json(self) -> dict[str, Any]:
        """Return the report as `from_json` reads it back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild a report from what `as_json` returned."""
        told = data["reading"]
        said = tuple(Said(**one) for one in told["claims"]["dkim"])
        reading = Reading(
            **{
                **told,
                "claims": Claims(**{**told["claims"], "dkim": said}),
                "connection": Connection(**told["connection"]),
                "hops": tuple(Hop(**hop) for hop in told["hops"]),
            }
        )
        dmarc = {name: _tuple(value) for name, value in data["dmarc"].items()}
        checked = tuple(_checked(one) for one in data["signatures"])
        return cls(reading, checked, Spf(**data["spf"]), Dmarc(**dmarc))


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _checked(data: Mapping[str, Any]) -> Checked:
    words = {"key": Key(data["key"]), "header": Fit(data["header"]), "body": Fit(data["body"])}
    return Checked(**{**data, **words})


async def examine(octets: bytes, given: Connection, ask: Ask) -> Report:
    """Read what was pasted and ask the DNS about it; `given` is what a person knows better."""
    message = parse(octets)
    reading = read(message)
    checked = await _signatures(message, ask)
    return await _judged(replace(reading, connection=_corrected(reading, given)), checked, ask)


async def examine_again(report: Report, given: Connection, ask: Ask) -> Report:
    """Ask anew about a message that is gone, with what a person knows of its connection."""
    reading = replace(report.reading, connection=_corrected(report.reading, given))
    return await _judged(reading, report.signatures, ask)


def _corrected(reading: Reading, given: Connection) -> Connection:
    told = {name: value for name, value in asdict(given).items() if value}
    return replace(reading.connection, **told)


async def _signatures(message: Message, ask: Ask) -> tuple[Checked, ...]:
    found = signatures(message)
    answers = await together(*(ask(one.key_name, "TXT") for one in found))
    return tuple(check(message, *pair) for pair in zip(found, answers, strict=True))


async def _judged(reading: Reading, checked: Sequence[Checked], ask: Ask) -> Report:
    spf, policy = await together(_spf(reading.connection, ask), _policy(reading.domain, ask))
    path = predict(reading.domain, (), spf.domain, policy)
    spf = replace(spf, is_aligned=bool(spf.domain) and path.spf)
    return Report(reading, tuple(checked), spf, _dmarc(reading, checked, spf, policy))


async def _spf(connection: Connection, ask: Ask) -> Spf:
    """Evaluate SPF as the receiver did, for the same connection."""
    domain, sender = identity(connection.mail_from, connection.helo)
    try:
        ip = str(ipaddress.ip_address(connection.ip))
    except ValueError:
        return Spf(domain=domain)
    if not domain:
        return Spf()
    seen = await check_host(ip, domain, sender, connection.helo or UNKNOWN, ask)
    return Spf(seen.result.value, domain, seen.mechanism, seen.problem)


async def _policy(domain: str, ask: Ask) -> Policy | None:
    return await policy_for(domain, ask) if domain else None


def _dmarc(reading: Reading, checked: Sequence[Checked], spf: Spf, policy: Policy | None) -> Dmarc:
    domain = reading.domain
    if not domain:
        return Dmarc()
    good = [one.domain for one in checked if one.passes]
    path = spf.domain if spf.result == Result.PASS else ""
    certain = predict(domain, good, path, policy)
    aligned = [one for one in checked if predict(domain, [one.domain], "", policy).dkim]
    could_ask = policy is None or policy.how is not How.UNKNOWN
    is_open = (
        not could_ask
        or any(one.passes is None for one in aligned)
        or (spf.result in ("", Result.TEMPERROR) and (spf.is_aligned or not spf.domain))
    )
    result = PASS if certain.passes else OPEN if is_open else FAIL
    ways = (("DKIM", certain.dkim), ("SPF", certain.spf))
    return Dmarc(
        result=result,
        through=tuple(way for way, passes in ways if passes),
        aligned=tuple(dict.fromkeys(one.domain for one in aligned)),
        asks=policy.asks if policy else "",
        name=policy.name if policy else "",
        could_ask=could_ask,
        too_strict=certain.too_strict,
    )
