"""Hints: the other side is in trouble, or defers without a reason."""

from smtp.hints.base import Hint, Rule
from smtp.outcome import Failure, Stage

DEFERRED = Hint(
    code="deferred",
    category="greylisted",
    title="The server asks to try again later",
    why="It names no reason; with unknown senders this is most often greylisting.",
    steps=(
        "Try again in five to fifteen minutes, with the same sender and recipient.",
        "If it goes on for hours, ask the receiver's operator.",
    ),
)
FAULT = Hint(
    code="server-fault",
    category="server-fault",
    title="The other side has a problem of its own",
    why="The server is busy or broken at the moment; nothing in this setting causes it.",
    steps=(
        "Try again in some minutes.",
        "If it lasts, look at the service's status page or tell its operator.",
    ),
)
LOOP = Hint(
    code="server-fault.loop",
    category="server-fault",
    title="The mail goes round in a circle",
    why="Two servers forward it to each other until one of them gives up.",
    steps=("Let the recipient's administrator check forwarding rules and MX records.",),
)
TOO_MUCH = Hint(
    code="server-fault.too-much",
    category="server-fault",
    title="The server sends more than any mail server should",
    why="Its answer went on past every limit, so the connection was ended.",
    steps=(
        "Check that {host} and {port} belong to a mail server.",
        "If they are, tell the server's operator.",
    ),
    field="host",
)

_FAULT = (
    r"too busy|overloaded",
    r"temporar\w+ (?:server |local |system |lookup )?(?:error|problem|failure|unavail|reject)",
    r"service (?:currently |temporarily )?(?:not available|unavailable)|mail ?server temporarily",
    r"not accepting (?:connections|messages)",
    r"(?:failed|aborted) (?:after )?\d{1,4}(?:\.\d)? (?:hour|attempt)",
    r"internal (?:server )?error|local error|queue file",
    r"insufficient (?:system |disk )?(?:storage|resources|space)|enough disk|disk (?:is )?full",
    r"out of memory|shut(?:ting)? ?down|maintenance|(?:envelope|message) expired",
    r"invalid forward|licen[cs]e",
    r"(?:try|come back) (?:again )?later",
    r"(?:retry|queue) (?:time|timeout|period)|too long in (?:the )?queue|in the queue too long",
    r"giving up|failing for a long time|(?:has been|is) delayed|will be retried",
)

RULES = (
    Rule(hint=LOOP, says=(r"too many hops|hop count", r"\bloops?\b")),
    Rule(hint=LOOP, enhanced=("x.4.6",)),
    Rule(
        hint=FAULT,
        says=_FAULT,
        unless=(r"client host|reputation|blocked", r"(?:login|auth) attempts", r"EHLO"),
    ),
    Rule(hint=FAULT, enhanced=("x.3.0", "x.3.1", "x.3.2", "x.3.5")),
    Rule(hint=TOO_MUCH, failures=(Failure.TOO_MUCH,)),
    Rule(
        hint=DEFERRED,
        stages=(Stage.SENDER, Stage.RECIPIENT, Stage.DATA),
        codes=(450, 451),
        enhanced=("4.7.1", "4.2.0", "4.7.0"),
    ),
    Rule(hint=DEFERRED, stages=(Stage.RECIPIENT,), codes=(450,)),
    Rule(hint=FAULT, codes=(4,)),
)
