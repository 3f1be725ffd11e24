"""The words in which a failure is explained: evidence, hints, and the rules between them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

from smtp.hints.ports import Picture, picture
from smtp.hints.services import services_in
from smtp.outcome import Failure, Probe, Reply, Security, Stage

_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])|\b[245]\d\d-")

_SAID, _BESIDE = 10, 6  # what words weigh, in the reply and around it
_LONGEST = 4000  # characters; what matters stands at the beginning or at the end
# No word is that long, and patterns may try each of its letters as a beginning.
# Names of errors in programs, whose parts are words.
_SYMBOL = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+){0,4}_ERR(?:OR)?(?:_[A-Z0-9]+){1,9}\b")
_RUN = re.compile(r"\w{50}(?=\w)")


@dataclass(frozen=True)
class Evidence:
    """What is known of one failure. Everything may be missing, as in a message somebody pasted.

    `provider` is a slug, `text` the error as a program reported it, `username` None when nobody
    knows whether there was one. `secret_shape` is what is suspicious about the look of the
    password, a code of `smtp.lints.secret_shape`; `mechanism` the kind of AUTH that was tried.
    `domain_verdict` is what Relaydesk itself says of the From domain's records (pending,
    verified, at_risk or failing, empty if it does not watch them), `domain_page` where.
    """

    stage: Stage | None = None
    failure: Failure | None = None
    reply: Reply | None = None
    provider: str = ""
    host: str = ""
    port: int | None = None
    security: Security | None = None
    username: str | None = None
    secret_shape: str = ""
    mechanism: str = ""
    sender: str = ""
    recipient: str = ""
    domain_verdict: str = ""
    domain_page: str = ""
    text: str = ""
    probes: tuple[Probe, ...] = ()

    @cached_property
    def passages(self) -> tuple[tuple[str, int], ...]:
        """What was said, without status codes, for patterns to search, and what a find weighs.

        The reply counts more than what stands around it. The text is left out where it has
        already been named as a failure.
        """
        named = self.failure not in (None, Failure.REPLY)
        text = "" if named else _plain(self.text)
        if self.reply is None:
            return ((text, _SAID),)
        return (_plain(self.reply.text), _SAID), (text, _BESIDE)

    @property
    def picture(self) -> Picture:
        """What the ports that were probed say together."""
        return picture(self.probes, self.port, login=self.username != "")

    @property
    def names_recipient(self) -> bool:
        """Whether the reply names the recipient's address, and not the sender's."""
        said = self.reply.text.lower() if self.reply else ""
        named = [bool(one) and one.lower() in said for one in (self.sender, self.recipient)]
        return named == [False, True]

    @cached_property
    def services(self) -> frozenset[str]:
        """The sending and receiving services that host, provider and words point to."""
        words = "\n".join(words for words, _weight in self.passages)
        return services_in(self.provider, self.host, words)


@dataclass(frozen=True)
class Correction:
    """A change to one form field that one button can apply, and to those that go with it."""

    field: str
    value: str
    label: str
    further: tuple[tuple[str, str], ...] = ()

    @property
    def changes(self) -> dict[str, str]:
        """The new values by field."""
        return {self.field: self.value, **dict(self.further)}


@dataclass(frozen=True)
class Hint:
    """A cause and its next step.

    `code` is stable and unique; `category` is one of the kinds of failure an admin can have;
    `field` is the form field to look at, or empty. `title`, `why` and `steps` may name
    `{host}`, `{port}`, `{ports}`, `{service}` and `{shape}`, and `link` `{domain_page}`, which
    `smtp.hints.explain` fills in. Nothing a server said ever becomes part of a hint.
    """

    code: str
    category: str
    title: str
    why: str
    steps: tuple[str, ...]
    field: str = ""
    link: str = ""
    correction: Correction | None = None


Correct = Callable[[Evidence], Correction | None]


def nothing_to_correct(_evidence: Evidence) -> None:
    """Offer no correction: the default of `Rule.correct`."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """When a hint applies. A condition left empty is no condition; all others must hold.

    `codes` are reply codes, or 2 to 5 for any of that class; `enhanced` are codes of RFC 3463,
    with `x` for any class. One of the regular expressions of `says` must be found in the words,
    none of `unless`; both ignore case. `username` must match the whole user name, and
    `shape` the whole code of the password's look; None among `stages` stands for an
    unknown stage.
    """

    hint: Hint
    stages: tuple[Stage | None, ...] = ()
    failures: tuple[Failure, ...] = ()
    codes: tuple[int, ...] = ()
    enhanced: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    securities: tuple[Security, ...] = ()
    username: str = ""
    pictures: tuple[Picture, ...] = ()
    shape: str = ""
    mechanisms: tuple[str, ...] = ()
    domain_verdicts: tuple[str, ...] = ()
    names_recipient: bool = False
    correct: Correct = nothing_to_correct

    def score(self, evidence: Evidence) -> int:
        """Return how strongly this rule speaks for its hint, 0 if a condition does not hold.

        What is known at first hand outweighs everything: a named failure, the look of the
        password, the kind of login. A known service outweighs words, and words outweigh codes:
        the same 550 is used for a dozen causes.
        """
        reply, said = evidence.reply, self._said(evidence)
        if said is None:
            return 0
        conditions = (
            (bool(self.failures), evidence.failure in self.failures, 20),
            (bool(self.services), not evidence.services.isdisjoint(self.services), 14),
            (bool(self.says), bool(said), said),
            (bool(self.enhanced), _is_one_of(reply.enhanced if reply else "", self.enhanced), 5),
            (bool(self.username), _matches(self.username, evidence.username), 3),
            (bool(self.codes), _has_code(reply, self.codes), 1 if _are_classes(self.codes) else 3),
            (bool(self.stages), evidence.stage in self.stages, 1),
            (bool(self.ports), evidence.port in self.ports, 1),
            (bool(self.securities), evidence.security in self.securities, 1),
            (bool(self.pictures), evidence.picture in self.pictures, 3),
            (bool(self.shape), _matches(self.shape, evidence.secret_shape), 22),
            (bool(self.mechanisms), evidence.mechanism in self.mechanisms, 22),
            (bool(self.domain_verdicts), evidence.domain_verdict in self.domain_verdicts, 16),
            (self.names_recipient, evidence.names_recipient, 5),
        )
        if any(wanted and not holds for wanted, holds, _weight in conditions):
            return 0
        return sum(weight for wanted, _holds, weight in conditions if wanted)

    def _said(self, evidence: Evidence) -> int | None:
        """Return the weight of the first passage that says so, 0 if none does.

        None if the same passage speaks against the rule; one that needs no words looks for that
        in the first passage only.
        """
        for words, weight in evidence.passages:
            if not self.says or _is_said(self.says, words):
                return None if _is_said(self.unless, words) else weight
        return 0


def _plain(said: str) -> str:
    if len(said) > _LONGEST:
        said = f"{said[: _LONGEST // 2]} {said[-_LONGEST // 2 :]}"
    plain = _STATUS.sub(" ", said).replace("’", "'")
    plain = _SYMBOL.sub(lambda symbol: symbol[0].replace("_", " "), plain)
    return " ".join(_RUN.sub(r"\g<0> ", plain).split())


def _is_said(patterns: tuple[str, ...], words: str) -> bool:
    return any(_compiled(pattern).search(words) for pattern in patterns)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # The cache of `re` itself is too small for all the rules together.
    return re.compile(pattern, re.IGNORECASE)


def _is_one_of(enhanced: str, wanted: tuple[str, ...]) -> bool:
    return enhanced in wanted or (bool(enhanced) and f"x{enhanced[1:]}" in wanted)


def _are_classes(codes: tuple[int, ...]) -> bool:
    return all(code < 10 for code in codes)


def _has_code(reply: Reply | None, wanted: tuple[int, ...]) -> bool:
    return reply is not None and (reply.code in wanted or reply.code // 100 in wanted)


def _matches(pattern: str, username: str | None) -> bool:
    return username is not None and bool(re.fullmatch(pattern, username, re.IGNORECASE))
