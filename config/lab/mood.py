"""What a mood of the lab's mail servers is made of.

A mood is data; `config.lab.mailservers` acts it out. The replies are worded like those that real
services give, so that the hints about them can be tried.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from config.lab.certificates import Identity
from smtp.outcome import Failure, Security, Stage

PATIENCE = 120  # seconds that a server waits for a client, or keeps one waiting
USERNAME = "lab"
HANGS_UP = "(hangs up)"  # in place of a reply: the connection ends


class Manner(Enum):
    """How a server behaves apart from its replies."""

    PROPER = auto()
    SILENT = auto()  # takes the connection and says nothing
    DROPS = auto()  # closes the connection at once
    ENDLESS = auto()  # greets for ever
    SLOW = auto()  # greets one octet a second
    POURING = auto()  # greets, and answers the first command with lines that never end


@dataclass(frozen=True)
class Mood:
    """One server of the lab.

    `security` and `login` are what a setting for it says; `speaks` is what it really
    does. `username` is the one account, `bad_login` the reply to any other login. `replies`
    replaces the usual reply to a command, `.` being the end of a message; several lines are parted
    by a line feed, `{line}` is what the client said, and a lone surrogate stands for an octet that
    is no UTF-8. `after_data_seconds` pass before the end of a message is answered. `stage`,
    `failure` and `code` are how sending a test mail ends; no `failure` means that it is accepted.
    """

    slug: str
    title: str
    sees: str
    security: Security = Security.STARTTLS
    speaks: Security = Security.STARTTLS
    login: bool = True
    identity: Identity = Identity.GOOD
    manner: Manner = Manner.PROPER
    greeting: str = "220 lab.example ESMTP Relaydesk lab"
    mechanisms: str = "PLAIN LOGIN"
    username: str = USERNAME
    bad_login: str = "535 5.7.8 Authentication credentials invalid"
    replies: Mapping[str, str] = field(default_factory=dict)
    after_data_seconds: float = 0
    stage: Stage = Stage.QUIT
    failure: Failure | None = None
    code: int | None = None


STAGES = {
    "STARTTLS": Stage.STARTTLS,
    "AUTH": Stage.AUTH,
    "MAIL": Stage.SENDER,
    "RCPT": Stage.RECIPIENT,
    ".": Stage.DATA,
}


def refuses(slug: str, title: str, sees: str, command: str, reply: str, **fields: Any) -> Mood:
    """Return a mood that differs from a good server in its reply to one command only."""
    return Mood(
        slug,
        title,
        sees,
        replies={command: reply},
        stage=STAGES[command],
        failure=Failure.REPLY,
        code=int(reply[:3]),
        **fields,
    )
