"""What every test may ask for: the people, a tenant, and the promise to stay on loopback."""

import gc
import os

import pytest
from django.contrib.auth.models import User
from hypothesis import settings

from tenants.models import Tenant
from tests import network_guard
from tests.factories import make_tenant, make_user

network_guard.install()

# The default would look through thousands of collected tests again and again for rubbish: a third
# of the suite's time.
gc.set_threshold(20_000, 20, 20)


def pytest_collection_finish() -> None:
    """Look for rubbish from now on only in what the tests themselves make."""
    gc.freeze()


@pytest.fixture
def owner(db: None) -> User:
    """Return the owner of the tenant."""
    return make_user("olga")


@pytest.fixture
def editor(db: None) -> User:
    """Return somebody who may change the tenant's things."""
    return make_user("edith")


@pytest.fixture
def viewer(db: None) -> User:
    """Return somebody who may only look."""
    return make_user("victor")


@pytest.fixture
def stranger(db: None) -> User:
    """Return the owner of another tenant."""
    person = make_user("stranger")
    make_tenant("Elsewhere", owner=person)
    return person


@pytest.fixture
def staff(db: None) -> User:
    """Return an operator with all rights."""
    return make_user("op", is_staff=True, is_superuser=True)


@pytest.fixture
def tenant(owner: User, editor: User, viewer: User) -> Tenant:
    """Return the tenant that the people belong to."""
    return make_tenant("Acme", owner=owner, editor=editor, viewer=viewer)


# A busy machine is no fault of the code, and a run for a release must not depend on chance.
settings.register_profile(
    "suite", max_examples=40, deadline=None, derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("suite")
