"""Commands and replies (RFC 5321 section 4.2), each written into the story as it passes."""

import re
from typing import NamedTuple

from smtp.client.stop import Stop
from smtp.client.story import Story
from smtp.client.wire import Wire
from smtp.outcome import Failure, Reply

KEPT_LINES = 50  # of one reply in the transcript
TEXT_LIMIT = 2000  # characters of a reply's text
LINE = re.compile(r"([2-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)
ENHANCED = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:[ \t]+|$)")  # RFC 3463 section 2


class Answer(NamedTuple):
    """A reply as it may be shown, and its lines: as they came, and the first without secrets."""

    reply: Reply
    lines: tuple[str, ...]
    shown: tuple[str, ...]

    @property
    def kind(self) -> int:
        """The first digit of the code: 2 done, 3 go on, 4 not now, 5 no."""
        return self.reply.code // 100


class Dialogue:
    """Says something to the server and listens to what it says."""

    def __init__(self, wire: Wire, story: Story) -> None:
        self._wire = wire
        self._story = story

    def say(self, line: str, shown: str = "") -> Answer:
        """Send a command and return the answer; `shown` replaces a secret line in the story."""
        self._story.client(shown or line)
        self._wire.send(line.encode("ascii") + b"\r\n")
        return self.listen()

    def demand(self, line: str, kind: int = 2, shown: str = "") -> Answer:
        """Send a command; raise `Stop` unless the answer's first digit is this one."""
        return accepted(self.say(line, shown), kind)

    def listen(self) -> Answer:
        """Read one reply of one or more lines; raise `Stop` if it is none."""
        lines: list[str] = []
        try:
            code, texts = self._read_reply(lines)
        finally:
            kept = lines[:KEPT_LINES]
            is_clean = self._story.server(kept) == kept
        shown = texts[:KEPT_LINES]
        if not is_clean:
            shown = self._story.mask.hide_lines(shown, TEXT_LIMIT)
        return Answer(self._reply(code, texts, shown), tuple(texts), tuple(shown))

    def _read_reply(self, lines: list[str]) -> tuple[int, list[str]]:
        code, more = "", True
        texts: list[str] = []
        while more:
            raw = self._wire.read_line().decode("utf-8", "backslashreplace")
            lines.append(raw)
            match = LINE.fullmatch(raw)
            if not match or code not in ("", match[1]):
                raise Stop(Failure.NOT_SMTP, f"This is not a reply of a mail server: “{raw}”")
            code, sign, text = match.groups("")
            more = sign == "-"
            texts.append(text)
        return int(code), texts

    def _reply(self, code: int, texts: list[str], shown: list[str]) -> Reply:
        found = (ENHANCED.match(text) for text in texts)
        enhanced = next((match[1] for match in found if match), "")
        words = " ".join(ENHANCED.sub("", text, count=1).strip() for text in shown)
        reply = Reply(code, enhanced, self._story.mask.hide(words.strip(), TEXT_LIMIT))
        self._story.reply = reply
        return reply


def accepted(answer: Answer, kind: int = 2) -> Answer:
    """Return the answer if its first digit is this one; raise `Stop` if it is a refusal."""
    if answer.kind != kind:
        raise Stop(Failure.REPLY, str(answer.reply), answer.reply)
    return answer
