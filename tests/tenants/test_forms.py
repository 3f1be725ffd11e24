"""The short name of a tenant."""

import pytest

from tenants.forms import TenantForm
from tenants.models import Tenant
from tests.factories import make_tenant


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Acme", "acme"),
        ("  Åsa & Söner AB ", "asa-soner-ab"),
        ("日本", "tenant"),
        ("New", "new-2"),  # tenants/new/ is a page
        ("x" * 80, "x" * 50),
        ("a" * 49 + " b", "a" * 49),
    ],
)
def test_a_short_name_is_made_from_the_name(db: None, name: str, slug: str) -> None:
    """It fits into an address, whatever the name is."""
    form = TenantForm({"name": name})
    assert form.is_valid(), form.errors
    assert form.save().slug == slug


def test_a_short_name_is_made_once(db: None) -> None:
    """A new name keeps the addresses that people have written down."""
    tenant = make_tenant("Acme")
    form = TenantForm({"name": "Acme International"}, instance=tenant)
    assert form.is_valid()
    form.save()
    assert Tenant.objects.get().slug == "acme"


def test_equal_short_names_are_counted(db: None) -> None:
    """Two names that shorten to the same get different addresses."""
    slugs = []
    for name in ("Acme", "Acme!", "Acme?"):
        form = TenantForm({"name": name})
        assert form.is_valid()
        slugs.append(form.save().slug)
    assert slugs == ["acme", "acme-2", "acme-3"]


@pytest.mark.parametrize("name", ["", " ", "Evil\r\nBcc: v@x", "x\u202ey", "n\x00l", "x" * 101])
def test_names_that_cannot_be_printed_are_refused(db: None, name: str) -> None:
    """A tenant's name is written into test mails, so it holds no control characters."""
    form = TenantForm({"name": name})
    assert not form.is_valid()
    assert "name" in form.errors
