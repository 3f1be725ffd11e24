"""docs/findings.md tells every finding, as this version gives it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from dnscheck.findings import Finding
from dnscheck.rules import registry
from dnscheck.rules.host import NOT_THERE
from dnscheck.voluntary import slips

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENT = ROOT / "docs" / "findings.md"


def coded() -> Iterator[tuple[str, bool]]:
    """Yield where a finding is made in the app, with whether it is a constant of a module."""
    for path in sorted((ROOT / "dnscheck").rglob("*.py")):
        tree = ast.parse(path.read_text())
        constants = {id(node.value) for node in tree.body if isinstance(node, ast.Assign)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Finding":
                yield f"{path.relative_to(ROOT)}:{node.lineno}", id(node) in constants


def test_the_document_is_current() -> None:
    """Whoever changes a finding runs `make findings`."""
    assert DOCUMENT.read_text() == registry.document(), "run make findings"


def test_the_command_prints_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    """It is what the Makefile writes into the file."""
    call_command("document_findings")
    assert capsys.readouterr().out == registry.document()


def test_every_finding_has_its_words_where_the_document_finds_them() -> None:
    """Words made up inside a function would be known to nobody."""
    places = list(coded())
    assert [place for place, is_constant in places if not is_constant] == []
    shared = [NOT_THERE, *(one for one in vars(slips).values() if isinstance(one, Finding))]
    expanded = sum(len(registry.kinds_of(one)) - 1 for one in shared)  # said of several kinds
    assert len(registry.every()) == len(places) + expanded


def test_a_code_has_one_severity() -> None:
    """A program that goes by the code need not read on."""
    severities = {(finding.code, finding.severity) for finding in registry.every()}
    codes = {finding.code for finding in registry.every()}
    assert len(severities) == len(codes)


def test_every_finding_has_a_code_of_an_area_and_words() -> None:
    """Such as `spf.too-many-lookups`."""
    codes = [finding.code.partition(".") for finding in registry.every()]
    assert [code for code in codes if code[0] not in registry.AREAS] == []
    assert [code for code in codes if not code[2].replace("-", "").isalnum()] == []


def test_every_finding_is_said_in_whole_sentences() -> None:
    """A title that is none, and why and what to do that are."""
    titles = [finding.title for finding in registry.every()]
    assert [title for title in titles if title.endswith(".")] == []
    texts = [text for finding in registry.every() for text in (finding.why, finding.fix)]
    # A sentence may be filled in.
    assert [text for text in texts if not text.endswith((".", "?", "}"))] == []
