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
from smtp.hints.corrections import page, ports_in_words
from smtp.lints import shape_in_words

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
# Asked only where no other rule knows a cause.
_VAGUE_RULES: tuple[Rule, ...] = (
    *tls.VAGUE_RULES,
    *reputation.VAGUE_RULES,
    *sender.VAGUE_RULES,
    *message.VAGUE_RULES,
    *recipient.VAGUE_RULES,
    *trouble.VAGUE_RULES,
    *network.VAGUE_RULES,
)
_BY_CODE = {
    hint.code: hint
    for hint in (
        *(rule.hint for rule in (*_RULES, *_VAGUE_RULES)),
        own.UNKNOWN,
        own.UNREADABLE,
    )
}
CODES = frozenset(_BY_CODE)


def explain(evidence: Evidence) -> tuple[Hint, ...]:
    """Return one to three different hints, the best first, complete for showing.

    A hint that is less than half as likely as the first is left out.
    """
    ranked = _ranked(_RULES, evidence)
    if not ranked or ranked[0][1].hint.category == own.UNKNOWN.category:
        ranked = _ranked(_VAGUE_RULES, evidence) or ranked
    if not ranked:
        return (_filled(own.UNKNOWN, evidence, None),)
    strongest = ranked[0][0]
    hints: dict[str, Hint] = {}
    for score, rule in ranked:
        if rule.hint.code not in hints and score * 2 >= strongest:
            hints[rule.hint.code] = _filled(rule.hint, evidence, rule.correct(evidence))
    return tuple(hints.values())[:_AT_MOST]


def _ranked(rules: tuple[Rule, ...], evidence: Evidence) -> list[tuple[int, Rule]]:
    """Return the rules that hold and how strongly, the strongest first."""
    scored = [(rule.score(evidence), rule) for rule in rules]
    return sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])


def get(code: str) -> Hint:
    """Return a hint by its code, worded without an occasion; raise `KeyError` if unknown."""
    return _filled(_BY_CODE[code], Evidence(), None)


def _filled(hint: Hint, evidence: Evidence, correction: Correction | None) -> Hint:
    values = {
        "host": evidence.host or "this host",
        "port": f"port {evidence.port}" if evidence.port else "this port",
        "ports": ports_in_words(evidence),
        "service": page(evidence).name if page(evidence).host else "this service",
        "shape": shape_in_words(page(evidence), evidence.secret_shape),
        "domain_page": evidence.domain_page,
    }
    return replace(
        hint,
        title=hint.title.format_map(values),
        why=hint.why.format_map(values),
        steps=tuple(step.format_map(values) for step in hint.steps),
        link=hint.link.format_map(values),
        correction=correction,
    )
