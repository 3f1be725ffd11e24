"""Writes down what happens during an attempt, and turns it into an Outcome at the end."""

import time
from collections.abc import Sequence
from types import TracebackType

from smtp.client.certificate import without_secrets
from smtp.client.stop import Stop
from smtp.masking import Mask
from smtp.outcome import Certificate, Dialled, Outcome, Reply, Stage, StageResult

HEAD, TAIL = 150, 50  # transcript lines kept from the beginning and from the end


class Story:
    """The stages, the conversation and what was learned on the way, secrets already hidden."""

    def __init__(self, mask: Mask) -> None:
        self.mask = mask
        self.stage = Stage.RESOLVE
        self.detail = ""  # the remark for the stage that is running
        self.reply: Reply | None = None  # the last one that counts
        self.peer = ""
        self.tls = ""
        self.capabilities: tuple[str, ...] = ()
        self.clear_capabilities: tuple[str, ...] = ()
        self.mechanism = ""
        self.dialled: list[Dialled] = []
        self.certificate: Certificate | None = None
        self.handed_over = False  # the end of the message is on its way, and nothing came back
        self._stages: list[StageResult] = []
        self._lines: list[str] = []

    def enter(self, stage: Stage) -> "RunningStage":
        """Time one stage, in a `with` block, and note how it ended."""
        self.stage, self.detail = stage, ""
        return RunningStage(self)

    def leave(self, seconds: float, error: BaseException | None) -> None:
        """Note how the running stage ended: well, or with this error."""
        detail = self.detail
        if error is not None:
            detail = error.message if isinstance(error, Stop) else ""
        milliseconds, hidden = round(seconds * 1000, 1), self.mask.hide(detail)
        self._stages.append(StageResult(self.stage, milliseconds, error is None, hidden))

    def client(self, line: str) -> None:
        """Note a line that we sent, without its arguments if those are secret."""
        self._lines.append("C: " + self.mask.hide(line))

    def server(self, lines: Sequence[str]) -> list[str]:
        """Note the lines of one reply of the server's; return them without secrets."""
        hidden = self.mask.hide_lines(lines)
        self._lines += [f"S: {line}" for line in hidden]
        return hidden

    def event(self, line: str) -> None:
        """Note something that is not part of the dialogue."""
        self._lines.append("* " + self.mask.hide(line))

    def success(self, message: str) -> Outcome:
        """Return the Outcome of an attempt that went well."""
        return self._outcome(ok=True, message=message)

    def failure(self, stop: Stop) -> Outcome:
        """Return the Outcome of an attempt that ended early."""
        return self._outcome(ok=False, message=stop.message, stop=stop)

    def _outcome(self, *, ok: bool, message: str, stop: Stop | None = None) -> Outcome:
        return Outcome(
            ok=ok,
            stage=self.stage,
            failure=stop.failure if stop else None,
            reply=stop.reply if stop else self.reply,
            message=self.mask.hide(message),
            stages=tuple(self._stages),
            transcript=self._transcript(),
            unclear=self.handed_over,
            peer=self.peer,
            tls=self.tls,
            capabilities=self.capabilities,
            clear_capabilities=self.clear_capabilities,
            mechanism=self.mechanism,
            dialled=tuple(self.dialled),
            certificate=without_secrets(self.certificate, self.mask),
        )

    def _transcript(self) -> tuple[str, ...]:
        left_out = len(self._lines) - HEAD - TAIL
        if left_out <= 0:
            return tuple(self._lines)
        note = f"* {left_out} lines left out"
        return (*self._lines[:HEAD], note, *self._lines[-TAIL:])


class RunningStage:
    """One stage of a story, from the beginning of a `with` block to its end."""

    __slots__ = ("_began", "_story")

    def __init__(self, story: Story) -> None:
        self._story = story

    def __enter__(self) -> None:
        self._began = time.monotonic()

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._story.leave(time.monotonic() - self._began, error)
