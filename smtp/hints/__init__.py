"""From the evidence of a failure to its likely causes and the next step, best first."""

from dataclasses import replace

from smtp.hints import (
    access,
    account,
    limits,
    login,
    message,
    network,
    own,
    recipient,
    reputation,
    secrets,
    sender,
    session,
    tls,
    trouble,
)
from smtp.hints.base import Correction, Evidence, Hint, Rule
from smtp.hints.corrections import ports_in_words

__all__ = ["CODES", "Correction", "Evidence", "Hint", "explain", "get"]

_AT_MOST = 3
# Where two rules speak equally strongly, the one that stands first wins.
_RULES: tuple[Rule, ...] = (
    *own.RULES,
    *tls.RULES,
    *network.RULES,
    *secrets.RULES,
    *account.RULES,
    *sender.RULES,
    *reputation.RULES,
    *limits.RULES,
    *access.RULES,
    *login.RULES,
    *recipient.RULES,
    *message.RULES,
    *trouble.RULES,
    *session.RULES,
    *sender.LAST_RULES,
    *recipient.LAST_RULES,
    *own.LAST_RULES,
)
_BY_CODE = {
    hint.code: hint for hint in (*(rule.hint for rule in _RULES), own.UNKNOWN, own.UNREADABLE)
}
CODES = frozenset(_BY_CODE)


def explain(evidence: Evidence) -> tuple[Hint, ...]:
    """Return one to three different hints, the best first, complete for showing.

    A hint that is less than half as likely as the first is left out.
    """
    scored = [(rule.score(evidence), rule) for rule in _RULES]
    ranked = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
    if not ranked:
        return (_filled(own.UNKNOWN, evidence, None),)
    strongest = ranked[0][0]
    hints: dict[str, Hint] = {}
    for score, rule in ranked:
        if rule.hint.code not in hints and score * 2 >= strongest:
            hints[rule.hint.code] = _filled(rule.hint, evidence, rule.correct(evidence))
    return tuple(hints.values())[:_AT_MOST]


def get(code: str) -> Hint:
    """Return a hint by its code, worded without an occasion; raise `KeyError` if unknown."""
    return _filled(_BY_CODE[code], Evidence(), None)


def _filled(hint: Hint, evidence: Evidence, correction: Correction | None) -> Hint:
    values = {
        "host": evidence.host or "this host",
        "port": f"port {evidence.port}" if evidence.port else "this port",
        "ports": ports_in_words(evidence),
    }
    return replace(
        hint,
        title=hint.title.format_map(values),
        why=hint.why.format_map(values),
        steps=tuple(step.format_map(values) for step in hint.steps),
        correction=correction,
    )
