"""Tenants in the admin, and who may touch accounts."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tenants.models import Membership, Role, Tenant
from tests.factories import make_tenant, make_user

ACCOUNT_PAGES = (
    "/admin/auth/user/",
    "/admin/auth/user/add/",
    "/admin/auth/group/",
    "/admin/auth/group/add/",
)


@pytest.fixture
def plain_staff(db: None) -> User:
    """Return an operator with every permission, who is no superuser."""
    person = make_user("plain", is_staff=True)
    person.user_permissions.set(Permission.objects.all())
    return person


@pytest.mark.parametrize("path", ACCOUNT_PAGES)
def test_plain_staff_do_not_see_accounts(client: Client, plain_staff: User, path: str) -> None:
    """No permission of the database opens the accounts to them."""
    client.force_login(plain_staff)
    assert client.get(path).status_code == 403


def test_plain_staff_cannot_make_themselves_superusers(client: Client, plain_staff: User) -> None:
    """A post to their own account changes nothing."""
    client.force_login(plain_staff)
    path = f"/admin/auth/user/{plain_staff.pk}/change/"
    answer = client.post(path, {"username": "plain", "is_superuser": "on", "is_staff": "on"})
    assert answer.status_code == 403
    plain_staff.refresh_from_db()
    assert not plain_staff.is_superuser


@pytest.mark.parametrize("path", ACCOUNT_PAGES)
def test_superusers_keep_accounts(client: Client, staff: User, path: str) -> None:
    """The restriction does not lock out those who must manage people."""
    client.force_login(staff)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/admin/", "/admin/tenants/tenant/", "/admin/smtp/smtpsetting/"])
def test_members_have_no_admin(client: Client, tenant: Tenant, owner: User, path: str) -> None:
    """The owner of a tenant is sent to the admin's log-in."""
    client.force_login(owner)
    assert client.get(path).status_code == 302


def test_a_tenant_is_added_with_its_members(client: Client, staff: User) -> None:
    """One form makes the tenant, its short name and its first member."""
    member = make_user("mia")
    client.force_login(staff)
    answer = client.post(
        "/admin/tenants/tenant/add/",
        {
            "name": "Blue Bird",
            "memberships-TOTAL_FORMS": "1",
            "memberships-INITIAL_FORMS": "0",
            "memberships-0-user": str(member.pk),
            "memberships-0-role": "editor",
        },
    )
    assert answer.status_code == 302
    membership = Membership.objects.get()
    assert (membership.tenant.slug, membership.user, membership.role) == (
        "blue-bird",
        member,
        Role.EDITOR,
    )


@pytest.mark.parametrize("who", ["staff", "plain_staff"])
def test_a_tenant_can_be_looked_at(
    client: Client, request: pytest.FixtureRequest, who: str
) -> None:
    """List, search and form open for both kinds of operators."""
    client.force_login(request.getfixturevalue(who))
    tenant = make_tenant("Acme", owner=make_user("mia"))
    assert b"Acme" in client.get("/admin/tenants/tenant/?q=acme").content
    assert client.get(f"/admin/tenants/tenant/{tenant.pk}/change/").status_code == 200


@pytest.mark.parametrize("who", ["staff", "plain_staff"])
def test_a_new_member_is_found_by_the_beginning_of_a_name(
    client: Client, who: str, db: None, request: pytest.FixtureRequest
) -> None:
    """By every operator: members of all tenants are shown to them anyway."""
    make_user("memberless")
    client.force_login(request.getfixturevalue(who))
    asked = {"app_label": "tenants", "model_name": "membership", "field_name": "user"}
    found = client.get("/admin/autocomplete/", {**asked, "term": "memb"})
    assert [row["text"] for row in found.json()["results"]] == ["memberless"]


def test_members_find_nobody(client: Client, owner: User) -> None:
    """The search is for operators."""
    client.force_login(owner)
    asked = {"app_label": "tenants", "model_name": "membership", "field_name": "user"}
    assert client.get("/admin/autocomplete/", {**asked, "term": "o"}).status_code in (302, 403)
