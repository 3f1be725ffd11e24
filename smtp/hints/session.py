"""Hints: the connection stood, and then it broke off or fell silent."""

from smtp.hints.base import Hint, Rule
from smtp.hints.corrections import other_port
from smtp.outcome import Failure, Stage

GREETING = Hint(
    code="session-interrupted.greeting",
    category="session-interrupted",
    title="The connection stands, but the server does not greet",
    why="Something accepts the connection and then stays silent or hangs up: a firewall that "
    "answers for the server, a server that delays strangers, or the wrong port.",
    steps=(
        "Try another port. {ports}",
        "Wait some minutes if there were many tries in a row.",
        "Try from another network to see whether the firewall here is the cause.",
    ),
    field="port",
)
INTERRUPTED = Hint(
    code="session-interrupted",
    category="session-interrupted",
    title="The connection broke off in the middle of the conversation",
    why="The server or something on the way closed it, or nothing came for too long.",
    steps=(
        "Try again; if it breaks at the same place, try another port. {ports}",
        "A program of your own should not keep idle connections for later.",
    ),
)
LOGIN_INTERRUPTED = Hint(
    code="session-interrupted.login",
    category="session-interrupted",
    title="The server hung up during the login",
    why="Some servers do so instead of saying no: after a wrong password, or too many tries.",
    steps=(
        "Check user name and password, and whether the service wants an app password.",
        "Wait some minutes before the next try.",
    ),
    field="password",
)
AFTER_DATA = Hint(
    code="session-interrupted.after-data",
    category="session-interrupted",
    title="The connection was lost while the message was handed over",
    why="Nobody can say whether the server took it: it may arrive, or not.",
    steps=(
        "Look into the recipient's mailbox, or the log of the service, before you send again.",
        "It is not sent again by itself, so that nobody gets it twice.",
    ),
)

_BROKEN = (
    r"read timed out|timeout|timed out|deadline exceeded|idle",
    r"\bEOF\b|empty (?:response|reply)|unable to (?:read|write) data",
    r"lost connection|connection (?:was )?(?:closed|lost|aborted|dropped)|disconnected",
    r"(?:unexpectedly|prematurely) closed|reset by peer|connection reset|broken pipe",
    r"closed (?:the )?(?:connection )?(?:unexpectedly|prematurely)|response reading failed",
    r"got code \W{1,6} with message|code: -1\b",
    r"response error: incomplete|run connect\(\) first|socket close",
    r"closing (?:transmission )?channel|connection to host lost|not connected",
    r"greeting never received|ESOCKET",
)

RULES = (
    Rule(
        hint=GREETING,
        failures=(Failure.TIMEOUT, Failure.CLOSED),
        stages=(Stage.GREETING,),
        correct=other_port,
    ),
    Rule(
        hint=GREETING,
        failures=(Failure.CLOSED,),
        stages=(Stage.RESOLVE, Stage.CONNECT),
        correct=other_port,
    ),
    Rule(hint=LOGIN_INTERRUPTED, failures=(Failure.CLOSED,), stages=(Stage.AUTH,)),
    Rule(hint=AFTER_DATA, failures=(Failure.CLOSED, Failure.TIMEOUT), stages=(Stage.DATA,)),
    Rule(
        hint=INTERRUPTED,
        failures=(Failure.TIMEOUT, Failure.CLOSED),
        stages=(None, Stage.EHLO, Stage.AUTH, Stage.SENDER, Stage.RECIPIENT, Stage.QUIT),
    ),
    Rule(hint=INTERRUPTED, enhanced=("4.4.2",)),
    Rule(hint=INTERRUPTED, enhanced=("4.4.1",), says=(r"closing (?:transmission )?channel",)),
    # These words also end a conversation that failed for another reason.
    Rule(
        hint=INTERRUPTED,
        says=_BROKEN,
        unless=(r"try again|too many", r"service not available", r"per connection"),
    ),
)
