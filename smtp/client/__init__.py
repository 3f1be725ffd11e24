"""Edge: the only place that opens SMTP connections. `attempt` always returns an Outcome.

It knows no Django: from a shell, `attempt(Way("smtp.example.com", 587, Security.STARTTLS),
Policy())` tells whether a server can be reached.
"""

from collections.abc import Callable, Sequence

from smtp.client import probing
from smtp.client.lookup import Lookup, system_lookup
from smtp.client.session import Session
from smtp.client.stop import Stop
from smtp.client.story import Story
from smtp.client.way import Envelope, Way
from smtp.masking import Mask
from smtp.outcome import Outcome
from smtp.providers.base import Port
from smtp.targets import Policy

__all__ = ["Envelope", "Lookup", "Way", "attempt"]


def go_on() -> bool:
    """Agree: the default of `before_data`."""
    return True


def attempt(
    way: Way,
    policy: Policy,
    envelope: Envelope | None = None,
    before_data: Callable[[], bool] = go_on,
    lookup: Lookup = system_lookup,
    ports: Sequence[Port] = (),
) -> Outcome:
    """Connect, log in if there is a user name, and hand over the envelope if there is one.

    `before_data` is called right before DATA; when it returns false, nothing is sent and the
    failure is LOST. `lookup` answers for the resolver of this machine. Where the way itself
    failed, `ports` are tried without a login, to tell which of them would do. Nothing that the
    network or a server does raises an exception.
    """
    outcome = _attempt(way, policy, envelope, before_data, lookup)
    return probing.further(outcome, way, ports, policy) if ports else outcome


def _attempt(
    way: Way,
    policy: Policy,
    envelope: Envelope | None,
    before_data: Callable[[], bool],
    lookup: Lookup,
) -> Outcome:
    story = Story(Mask([way.password, *(envelope.secrets if envelope else ())]))
    session = Session(way, policy, story)
    try:
        with session.connection(lookup):
            session.greet()
            session.log_in()
            message = f"Connected to {way.host}, port {way.port}."
            if way.username:
                message = f"Logged in to {way.host} as {way.username}."
            if envelope:
                message = f"Accepted: {session.hand_over(envelope, before_data).reply}"
            session.quit()
    except Stop as stop:
        return story.failure(stop)
    return story.success(message)
