"""Finds out what the ports of a host answer, after an attempt has failed. No login, no message."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from smtp.client.certificate import without_secrets
from smtp.client.login import mechanisms
from smtp.client.lookup import Lookup
from smtp.client.session import Session
from smtp.client.stop import Stop
from smtp.client.story import Story
from smtp.client.way import Way
from smtp.masking import Mask
from smtp.outcome import Certificate, Failure, Outcome, Probe, Security, Stage
from smtp.providers.base import Port
from smtp.targets import Policy

MOST_PORTS, MOST_ADDRESSES = 8, 2
STAGE_SECONDS, TOTAL_SECONDS = 2, 5  # of one try
BAD_CERTIFICATE = {
    *(Failure.CERTIFICATE_EXPIRED, Failure.CERTIFICATE_HOSTNAME, Failure.CERTIFICATE_UNTRUSTED),
}
# What an attempt must have died of for other ports to tell more, and where: on the way.
ON_THE_WAY = {
    *(Failure.CONNECTION_REFUSED, Failure.TIMEOUT, Failure.UNREACHABLE, Failure.BLOCKED_LOCALLY),
    *(Failure.CLOSED, Failure.NOT_SMTP, Failure.STARTTLS_MISSING, Failure.TLS_MODE),
    *(Failure.TLS_PROTOCOL, *BAD_CERTIFICATE),
}
THE_WAY = {Stage.CONNECT, Stage.GREETING, Stage.EHLO, Stage.STARTTLS, Stage.CERTIFICATE}
NO_LOGIN = {Failure.AUTH_MISSING, Failure.PLAIN_PASSWORD}
# The other security is worth a try: this port answered, but in another language.
OTHER_MODE = {Failure.TLS_MODE, Failure.CLOSED, Failure.NOT_SMTP, Failure.TLS_PROTOCOL}


def further(outcome: Outcome, way: Way, ports: Sequence[Port], policy: Policy) -> Outcome:
    """Return the outcome with what these ports answer, if it failed on the way to the server.

    Only addresses are dialled that the attempt itself has dialled.
    """
    on_the_way = outcome.failure in ON_THE_WAY and outcome.stage in THE_WAY
    if not outcome.dialled or not (on_the_way or outcome.failure in NO_LOGIN):
        return outcome

    def known(_host: str) -> Sequence[str]:
        return [one.address for one in outcome.dialled][:MOST_ADDRESSES]

    if outcome.failure in BAD_CERTIFICATE:
        ports = [Port(way.port, way.security)]
    mask = Mask([way.password])  # no login here, but the server may have seen it before
    probes = tuple(_hidden(one, mask) for one in probe(way.host, ports, policy, known))
    own = next((one.certificate for one in probes if one.port == way.port), None)
    return replace(outcome, probes=probes, certificate=outcome.certificate or own)


def _hidden(seen: Probe, mask: Mask) -> Probe:
    names = tuple(map(mask.hide, seen.mechanisms))
    return replace(seen, mechanisms=names, certificate=without_secrets(seen.certificate, mask))


def probe(host: str, ports: Sequence[Port], policy: Policy, lookup: Lookup) -> tuple[Probe, ...]:
    """Return what each of these ports answers, in their order; all are tried at once.

    A port is tried in its own security first and then in the other one, if it answers at all.
    """
    briefly = replace(
        policy,
        stage_seconds=min(STAGE_SECONDS, policy.stage_seconds),
        total_seconds=min(TOTAL_SECONDS, policy.total_seconds),
        connect_seconds=min(STAGE_SECONDS, policy.connect_seconds),
    )
    allowed = [port for port in ports if port.number in policy.ports][:MOST_PORTS]
    if not allowed:
        return ()
    with ThreadPoolExecutor(len(allowed), "probe") as pool:
        return tuple(pool.map(lambda port: _probed(host, port, briefly, lookup), allowed))


def _probed(host: str, port: Port, policy: Policy, lookup: Lookup) -> Probe:
    began = time.monotonic()
    security = Security.TLS if port.security is Security.TLS else Security.STARTTLS
    seen = _seen(Way(host, port.number, security), policy, lookup)
    if seen.failure in OTHER_MODE:
        other = Security.STARTTLS if security is Security.TLS else Security.TLS
        further = _seen(Way(host, port.number, other), policy, lookup)
        if further.failure not in OTHER_MODE:
            seen, security = further, other
    if seen.failure is Failure.STARTTLS_MISSING:
        security = Security.NONE
    return Probe(
        port=port.number,
        security=security,
        milliseconds=round((time.monotonic() - began) * 1000, 1),
        failure=None if seen.ok else seen.failure,
        mechanisms=tuple(mechanisms(seen.capabilities)),
        certificate=_certificate(Way(host, port.number, security), policy, lookup, seen),
    )


def _seen(way: Way, policy: Policy, lookup: Lookup, *, trusted: bool = True) -> Outcome:
    story = Story(Mask([]))
    session = Session(way, policy, story, trusted=trusted)
    try:
        with session.connection(lookup):
            session.greet()
            session.quit()
    except Stop as stop:
        return story.failure(stop)
    return story.success("")


def _certificate(way: Way, policy: Policy, lookup: Lookup, seen: Outcome) -> Certificate | None:
    """Return the certificate; one that is not trusted is read in a session of its own."""
    if seen.failure not in BAD_CERTIFICATE:
        return seen.certificate
    shown = _seen(way, policy, lookup, trusted=False).certificate
    return replace(shown, fault=seen.message) if shown else None
