"""How a conversation ends early, inside the client. Nobody outside ever sees this exception."""

from smtp.outcome import Failure, Reply


class Stop(Exception):
    """Nothing more can be done; `message` is one line that says why, without secrets."""

    def __init__(self, failure: Failure, message: str, reply: Reply | None = None) -> None:
        super().__init__(message)
        self.failure = failure
        self.message = message
        self.reply = reply
