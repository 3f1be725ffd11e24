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

OUT_OF_TURN = Hint(
    code="server-fault.out-of-turn",
    category="server-fault",
    title="The server gave an answer that does not fit what it was told",
    why="Its code is neither a yes nor a no at this place. Something between, such as a filter or "
    "an antivirus program, may have mixed up the conversation.",
    steps=(
        "Try again, and if it stays so, through another port. {ports}",
        "Tell the server's operator, with the conversation below.",
    ),
    field="host",
)

OUT_OF_STEP = Hint(
    code="server-fault.out-of-step",
    category="server-fault",
    title="Server and program are out of step",
    why="The server did not expect this command now. Mostly it refused something before, or "
    "something on the way changes the conversation, as some firewalls do.",
    steps=(
        "Look further up in the log for an earlier refusal, often of the recipient.",
        "Try the connection here: it shows the whole conversation.",
        "Switch off mail inspection in the firewall or antivirus on the way, for a try.",
    ),
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
    r"invalid forward|licen[cs]e|server configuration (?:problem|error)",
    r"(?:unable to|could not|cannot) (?:run|exec|execute|fork)\b",
    r"(?:try|come back) (?:again )?later",
    r"(?:retry|queue) (?:time|timeout|period)|too long in (?:the )?queue|in the queue too long",
    r"giving up|tried all MX|failing for a long time|(?:has been|is) delayed|will be retried",
    r"plus tard|m[aá]s tarde|mais tarde|pi[uù] tardi|sp[aä]ter (?:erneut|noch)|稍后|позже",
    r"no space left|file write error|unable to (?:queue|write)|system (?:full|resources)",
)

RULES = (
    Rule(hint=LOOP, says=(r"too many hops|hop count", r"\bloops?\b")),
    Rule(hint=LOOP, enhanced=("x.4.6",)),
    Rule(
        hint=FAULT,
        says=_FAULT,
        unless=(r"client host|reputation|blocked", r"(?:login|auth) attempts", r"EHLO|\bPTR\b"),
    ),
    Rule(hint=FAULT, enhanced=("x.3.0", "x.3.1", "x.3.2", "x.3.5")),
    Rule(hint=TOO_MUCH, failures=(Failure.TOO_MUCH,)),
    Rule(
        hint=OUT_OF_STEP,
        codes=(500, 502, 503),
        says=(
            r"\bexpected (?:MAIL|RCPT|DATA|EHLO|HELO)\b|(?:MAIL|RCPT|DATA)\b.{0,10} expected",
            r"bad sequence|out of (?:order|sequence)|nested mail",
        ),
    ),
    Rule(
        hint=OUT_OF_STEP,
        says=(
            r"(?:send|say|need) (?:hello|helo|ehlo)\b.{0,12}first|(?:helo|ehlo) first",
            r"polite people say|protocol synchroni[sz]ation error",
        ),
    ),
    Rule(
        hint=DEFERRED,
        stages=(Stage.SENDER, Stage.RECIPIENT, Stage.DATA),
        codes=(450, 451),
        enhanced=("4.7.1", "4.2.0", "4.7.0"),
    ),
    # 4.7.1 is a policy, and the only one that wants the sender to come again is greylisting.
    Rule(
        hint=DEFERRED,
        codes=(450, 451),
        enhanced=("4.7.1",),
        says=(r"try again",),
        unless=(r"too (?:many|much)|\brate\b|limit|reputation|block|unavailable",),
    ),
    Rule(hint=DEFERRED, stages=(Stage.RECIPIENT,), codes=(450,)),
    Rule(hint=FAULT, codes=(4,)),
    Rule(hint=OUT_OF_TURN, failures=(Failure.REPLY,), codes=(2, 3)),
    # A greeting like any other, which a program takes for something else.
    Rule(hint=OUT_OF_TURN, says=(r"greeting: \W{0,3}(?:220|[\w.-]{3,80} E?SMTP)\b",)),
)

# What remains when nobody says why, and no other rule speaks.
VAGUE_RULES = (
    Rule(
        hint=OUT_OF_STEP,
        codes=(500, 502, 503),
        says=(r"command|sequence|implemented|expected|recogni[sz]ed|nested|invalid input",),
    ),
    Rule(hint=OUT_OF_STEP, says=(r"response code \W?\d{3}\W{1,3}but got code \W?2\d\d",)),
    Rule(hint=FAULT, enhanced=("x.4.1", "x.4.3", "x.4.7")),
)
