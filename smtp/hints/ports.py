"""What the ports of a host answered after a failure, read as one picture."""

from collections.abc import Sequence
from enum import StrEnum

from smtp.outcome import Failure, Probe, Security


class Picture(StrEnum):
    """What all probes together say of the way that was tried."""

    UNSEEN = ""  # no port was probed
    SILENT = "silent"  # nothing comes back from any port
    OTHER_MODE = "other-mode"  # the same port works with the other security
    OTHER_PORT = "other-port"  # another port works
    NOTHING_FITS = "nothing-fits"  # something answers, but nothing that could be used


_SILENCE = frozenset((Failure.TIMEOUT, Failure.UNREACHABLE, Failure.BLOCKED_LOCALLY))
_WORDS = {
    Security.NONE: "without encryption",
    Security.STARTTLS: "with STARTTLS",
    Security.TLS: "with TLS from the start",
}
_FAILURES = {
    Failure.CONNECTION_REFUSED: "is closed",
    Failure.TIMEOUT: "is silent",
    Failure.UNREACHABLE: "cannot be reached",
    Failure.BLOCKED_LOCALLY: "is barred by this machine",
    Failure.STARTTLS_MISSING: "offers no encryption",
    Failure.NOT_SMTP: "is no mail server",
    Failure.CERTIFICATE_EXPIRED: "shows a certificate that is not valid today",
    Failure.CERTIFICATE_HOSTNAME: "shows a certificate for another name",
    Failure.CERTIFICATE_UNTRUSTED: "shows a certificate that nobody vouches for",
}


def picture(probes: Sequence[Probe], port: int | None, *, login: bool) -> Picture:
    """Return what the probes say, for somebody who tried this port and wants to log in or not."""
    if not probes:
        return Picture.UNSEEN
    fitting = working(probes, port, login=login)
    if fitting is not None:
        return Picture.OTHER_MODE if fitting.port == port else Picture.OTHER_PORT
    silent = all(probe.failure in _SILENCE for probe in probes)
    return Picture.SILENT if silent else Picture.NOTHING_FITS


def working(probes: Sequence[Probe], port: int | None, *, login: bool) -> Probe | None:
    """Return the best of those that can be used: the same port if it can, then in their order."""
    fitting = [one for one in probes if one.failure is None and (one.mechanisms or not login)]
    fitting.sort(key=lambda one: (one.port != port, one.port == 25))
    return fitting[0] if fitting else None


def in_words(probes: Sequence[Probe]) -> str:
    """Return a sentence about what was found, such as `Tried from here: 587 is closed, …`."""
    return f"Tried from here: {', '.join(map(told, probes))}."


def way_in_words(probe: Probe) -> str:
    """Return a port with its security, such as `port 587 with STARTTLS`."""
    return f"port {probe.port} {_WORDS[probe.security]}"


def told(probe: Probe) -> str:
    """Return what a port answered, such as `465 answers with TLS from the start`."""
    if probe.failure is None:
        login = "" if probe.mechanisms else ", but offers no login"
        return f"{probe.port} answers {_WORDS[probe.security]}{login}"
    return f"{probe.port} {_FAILURES.get(probe.failure, 'ends the connection')}"
