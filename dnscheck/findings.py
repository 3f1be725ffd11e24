"""The words of a diagnosis: a finding's code, what is wrong, why, and the edit that mends it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"  # breaks sending or verification
    WARNING = "warning"  # works partly, or at some receivers
    INFO = "info"


class RecordVerdict(StrEnum):
    """What one check says of one required record."""

    OK = "ok"
    WRONG = "wrong"
    MISSING = "missing"
    UNKNOWN = "unknown"  # could not ask: never the same as missing


class Action(StrEnum):
    """What to do with a record at the DNS host."""

    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"


@dataclass(frozen=True)
class Edit:
    """One edit at the DNS host. `name` is absolute; `before` and `after` are values or empty."""

    action: Action
    name: str
    type: str
    before: str = ""
    after: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the shape that other programs rely on."""
        return {
            "action": self.action.value,
            "name": self.name,
            "type": self.type,
            "from": self.before,
            "to": self.after,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> Self:
        """Rebuild an Edit from what `as_json` returned."""
        return cls(Action(data["action"]), data["name"], data["type"], data["from"], data["to"])


@dataclass(frozen=True)
class Finding:
    """One thing worth saying. `code` is stable for ever, such as `spf.two-records`."""

    code: str
    severity: Severity
    title: str
    why: str
    fix: str
    edits: tuple[Edit, ...] = ()
    evidence: tuple[str, ...] = ()  # what was seen, as published

    def as_json(self) -> dict[str, Any]:
        """Return the shape that other programs rely on; `from_json` reads it back."""
        data = asdict(self)
        data["edits"] = [edit.as_json() for edit in self.edits]
        data["evidence"] = list(self.evidence)
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild a Finding from what `as_json` returned."""
        return cls(
            code=data["code"],
            severity=Severity(data["severity"]),
            title=data["title"],
            why=data["why"],
            fix=data["fix"],
            edits=tuple(Edit.from_json(edit) for edit in data["edits"]),
            evidence=tuple(data["evidence"]),
        )


@dataclass(frozen=True)
class Judgement:
    """What a rule says of one required record: a verdict, with findings that explain it."""

    verdict: RecordVerdict
    findings: tuple[Finding, ...] = ()
