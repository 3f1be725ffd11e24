"""The same rows on PostgreSQL: constraints, claims, sealed passwords, history."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import services
from tests.processes import ROOT

pytestmark = pytest.mark.processes

SUITES = (
    "tests/smtp/test_vault.py",
    "tests/smtp/test_delivery.py",
    "tests/dnscheck/test_verification.py",
)


def test_state_and_verbs_hold_on_postgresql(tmp_path: Path) -> None:
    """Every test of the rows that passes on SQLite passes there as well."""
    with services.postgres(tmp_path) as url:
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:xdist", *SUITES],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": url},
            capture_output=True,
            text=True,
        )
    assert run.returncode == 0, run.stdout
