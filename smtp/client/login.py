"""AUTH (RFC 4954) with the two mechanisms that every service offers over TLS."""

import base64
from collections.abc import Sequence

from smtp.client.dialogue import Answer, Dialogue, accepted
from smtp.client.stop import Stop
from smtp.client.way import Way
from smtp.masking import HIDDEN
from smtp.outcome import Failure

MECHANISMS = ("PLAIN", "LOGIN")  # in the order in which they are tried
NOT_THIS_ONE = 504  # RFC 4954 section 4: the mechanism was offered, but is not supported


def mechanisms(capabilities: Sequence[str]) -> list[str]:
    """Return the mechanisms offered, also in the old form `AUTH=LOGIN`, in the server's order."""
    offered: list[str] = []
    for line in capabilities:
        words = line.upper().replace("=", " ").split()
        if words[:1] == ["AUTH"]:
            offered += words[1:]
    return list(dict.fromkeys(offered))


def log_in(dialogue: Dialogue, way: Way, capabilities: Sequence[str]) -> str:
    """Log in, and return the mechanism that worked; raise `Stop` if none did."""
    offered = mechanisms(capabilities)
    if not offered:
        hidden = any(line.upper().startswith("STARTTLS") for line in capabilities)
        text = "The server offers no login" + (" before STARTTLS." if hidden else ".")
        raise Stop(Failure.AUTH_MISSING, text)
    ours = [mechanism for mechanism in MECHANISMS if mechanism in offered]
    if not ours:
        text = f"The server offers no login that Relaydesk knows, only {', '.join(offered)}."
        raise Stop(Failure.AUTH_MECHANISM, text)
    if "\0" in way.username + way.password:
        raise Stop(Failure.AUTH_MECHANISM, "A login cannot hold the character NUL (RFC 4616).")
    for mechanism in sorted(ours, key=lambda name: name != way.mechanism):
        answer = _try(dialogue, mechanism, way)
        if answer.reply.code != NOT_THIS_ONE:
            break
    accepted(answer)
    return mechanism


def _try(dialogue: Dialogue, mechanism: str, way: Way) -> Answer:
    if mechanism == "PLAIN":
        # RFC 4616 section 2: no other identity to act as, then UTF-8 for name and password.
        response = _base64(f"\0{way.username}\0{way.password}")
        answer = dialogue.say(f"AUTH PLAIN {response}", shown=f"AUTH PLAIN {HIDDEN}")
        responses = [response]  # wanted again by servers that ignore an initial response
    else:
        answer = dialogue.say("AUTH LOGIN")
        responses = [_base64(way.username), _base64(way.password)]
    for response in responses:
        if answer.reply.code == 334:
            answer = dialogue.say(response, shown=HIDDEN)
    return answer


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
