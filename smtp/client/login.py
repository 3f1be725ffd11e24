"""AUTH (RFC 4954): PLAIN and LOGIN, which every service offers over TLS, and two for some.

XOAUTH2 presents an access token in place of a password. CRAM-MD5 is used only where the operator
allows it: it proves the password with MD5, and the server must keep it in plain text.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Sequence

from smtp.client.dialogue import Answer, Dialogue, accepted
from smtp.client.stop import Stop
from smtp.client.story import Story
from smtp.client.way import Way
from smtp.masking import HIDDEN
from smtp.outcome import Failure

PASSWORD_MECHANISMS = ("PLAIN", "LOGIN")  # in the order in which they are tried
CRAM_MD5 = "CRAM-MD5"  # RFC 2195
XOAUTH2 = "XOAUTH2"  # https://developers.google.com/workspace/gmail/imap/xoauth2-protocol
MECHANISM = re.compile(r"[A-Z0-9_-]{1,20}")  # RFC 4422 section 3.1
GO_ON = 334
NOT_THIS_ONE = 504  # RFC 4954 section 4: the mechanism was offered, but is not supported


def mechanisms(capabilities: Sequence[str]) -> list[str]:
    """Return the mechanisms offered, also in the old form `AUTH=LOGIN`, in the server's order."""
    offered: list[str] = []
    for line in capabilities:
        words = line.upper().replace("=", " ").split()
        if words[:1] == ["AUTH"]:
            offered += filter(MECHANISM.fullmatch, words[1:])
    return list(dict.fromkeys(offered))


def log_in(dialogue: Dialogue, way: Way, capabilities: Sequence[str], story: Story) -> str:
    """Log in, and return the mechanism that worked; raise `Stop` if none did."""
    offered = mechanisms(capabilities)
    if not offered:
        hidden = any(line.upper().startswith("STARTTLS") for line in capabilities)
        text = "The server offers no login" + (" before STARTTLS." if hidden else ".")
        raise Stop(Failure.AUTH_MISSING, text)
    known = (XOAUTH2,) if way.has_token else PASSWORD_MECHANISMS
    if way.allows_cram_md5 and not way.has_token:
        known = (*known, CRAM_MD5)
    ours = [mechanism for mechanism in known if mechanism in offered]
    if not ours:
        wanted = "with an access token" if way.has_token else "that Relaydesk may use"
        text = f"The server offers no login {wanted}, only {', '.join(offered)}."
        raise Stop(Failure.AUTH_MECHANISM, text)
    if "\0" in way.username + way.password:
        raise Stop(Failure.AUTH_MECHANISM, "A login cannot hold the character NUL (RFC 4616).")
    for mechanism in sorted(ours, key=lambda name: name != way.mechanism):
        story.mechanism = mechanism
        answer = TRIES[mechanism](dialogue, way)
        if answer.reply.code != NOT_THIS_ONE:
            break
    accepted(answer)
    return mechanism


def _plain(dialogue: Dialogue, way: Way) -> Answer:
    # RFC 4616 section 2: no other identity to act as, then UTF-8 for name and password.
    response = _base64(f"\0{way.username}\0{way.password}")
    answer = dialogue.say(f"AUTH PLAIN {response}", shown=f"AUTH PLAIN {HIDDEN}")
    # Wanted again by servers that ignore an initial response.
    return _respond(dialogue, answer, response)


def _login(dialogue: Dialogue, way: Way) -> Answer:
    answer = dialogue.say("AUTH LOGIN")
    return _respond(dialogue, answer, _base64(way.username), _base64(way.password))


def _cram_md5(dialogue: Dialogue, way: Way) -> Answer:
    answer = dialogue.say(f"AUTH {CRAM_MD5}")
    if answer.reply.code != GO_ON:
        return answer
    try:
        challenge = base64.b64decode("".join(answer.lines), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Stop(Failure.AUTH_MECHANISM, "The server's challenge is no base64.") from error
    digest = hmac.new(way.password.encode(), challenge, "md5").hexdigest()
    return _respond(dialogue, answer, _base64(f"{way.username} {digest}"))


def _xoauth2(dialogue: Dialogue, way: Way) -> Answer:
    response = _base64(f"user={way.username}\1auth=Bearer {way.password}\1\1")
    answer = dialogue.say(f"AUTH {XOAUTH2} {response}", shown=f"AUTH {XOAUTH2} {HIDDEN}")
    # A refusal comes as a challenge first; an empty answer to it brings the real reply.
    return _respond(dialogue, answer, "")


def _respond(dialogue: Dialogue, answer: Answer, *responses: str) -> Answer:
    for response in responses:
        if answer.reply.code == GO_ON:
            answer = dialogue.say(response, shown=HIDDEN if response else "(empty)")
    return answer


TRIES = {"PLAIN": _plain, "LOGIN": _login, CRAM_MD5: _cram_md5, XOAUTH2: _xoauth2}


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
