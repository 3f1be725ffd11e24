"""Rows of earlier releases are carried over."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.factories import make_attempt

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE, AFTER = ("smtp", "0002_attempts"), ("smtp", "0004_attempts_of_drafts")


@pytest.fixture
def _back_to_now() -> Iterator[None]:
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.usefixtures("_back_to_now")
def test_an_attempt_gets_the_tenant_of_its_setting() -> None:
    """Forward and back again, with rows in the tables."""
    attempt = make_attempt()
    MigrationExecutor(connection).migrate([BEFORE])
    executor = MigrationExecutor(connection)
    executor.migrate([AFTER])
    attempts = executor.loader.project_state([AFTER]).apps.get_model("smtp", "Attempt")
    found = attempts.objects.get(pk=attempt.pk)
    assert (found.tenant_id, found.has_draft) == (attempt.tenant_id, False)
