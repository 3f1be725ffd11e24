"""The same rows on PostgreSQL: constraints, claims, sealed passwords, history."""

import os
import subprocess
import sys

import pytest

from tests import services
from tests.processes import ROOT

pytestmark = pytest.mark.processes

SUITES = (
    "tests/smtp/test_vault.py",
    "tests/smtp/test_delivery.py",
    "tests/smtp/test_migrations.py",
    "tests/smtp/test_watching.py",
    "tests/smtp/test_post.py",
    "tests/smtp/test_webhooks.py",
    "tests/dnscheck/test_verification.py",
    "tests/dnscheck/test_mailing.py",
    "tests/dnscheck/test_many.py",
    "tests/dnscheck/test_search.py",
    "tests/dnscheck/test_touring.py",
)


def _plain_environment() -> dict[str, str]:
    """Return the environment without what this test run put into it."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}


def test_state_and_verbs_hold_on_postgresql() -> None:
    """Every test of the rows that passes on SQLite passes there as well."""
    with services.postgres() as url:
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:xdist", *SUITES],
            cwd=ROOT,
            env={**_plain_environment(), "DATABASE_URL": url},
            capture_output=True,
            text=True,
        )
    assert run.returncode == 0, run.stdout
