"""How ready a tenant is: five reasons, each with its numbers, and where the work is."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tenants.models import Tenant
from tenants.pages.readiness import Readiness, readiness
from tests.factories import make_attempt, make_domain, make_health, make_setting, make_tenant

pytestmark = pytest.mark.django_db

BOTH = "+aws-ses: +postmark:"
WELL: dict[str, Any] = {"verdict": "verified", "senders": BOTH, "dmarc_policy": "reject"}


def read(tenant: Tenant) -> Readiness:
    """Return how ready the tenant is."""
    return readiness([tenant])[tenant.pk]


def statuses(tenant: Tenant) -> dict[str, str]:
    """Return the status of each reason."""
    return {reason.name: reason.status for reason in read(tenant).reasons}


def texts(tenant: Tenant) -> dict[str, str]:
    """Return the words of each reason."""
    return {reason.name: reason.text for reason in read(tenant).reasons}


def way(tenant: Tenant, name: str = "Main", state: str = "working", **fields: Any) -> Any:
    """Make an enabled setting of which this is known."""
    found = make_setting(tenant, name=name, **{"provider": "postmark", "enabled": True, **fields})
    if state:
        make_health(found, state=state, bad_since=found.way_since)
    return found


def test_a_tenant_becomes_ready_reason_by_reason(tenant: Tenant) -> None:
    """From nothing to all five; each is met by what it says and nothing else."""
    assert [read(tenant).met, *set(statuses(tenant).values())] == [0, "wrong"]
    way(tenant)
    assert statuses(tenant)["login"] == "ok"
    domain = make_domain(tenant, "a.example", dmarc_policy="none", senders="+postmark:")
    assert statuses(tenant) == {
        **{"login": "ok", "verified": "pending", "aligned": "ok"},
        **{"policy": "warning", "covered": "wrong"},
    }
    for fields, name, met in (
        ({"verdict": "verified"}, "verified", 3),
        ({"dmarc_policy": "quarantine"}, "policy", 4),
        ({"senders": BOTH}, "covered", 4),
    ):
        type(domain).objects.update(**fields)
        assert (read(tenant).met, statuses(tenant)[name] == "ok") == (met, name != "covered")
    way(tenant, "Spare", provider="aws-ses", priority=2)
    assert (read(tenant).met, read(tenant).status) == (5, "ok")


@pytest.mark.parametrize(
    ("settings", "status", "text"),
    [
        ([], "wrong", "There is no setting yet."),
        ([{"enabled": False}], "wrong", "No setting is enabled."),
        ([{"provider": "local-capture"}], "wrong", "No setting is enabled."),
        ([{}], "ok", "Main logs in."),
        ([{"state": "failing"}], "wrong", "Main cannot log in now."),
        ([{"state": "doubted"}], "wrong", "Main cannot log in now."),
        ([{"state": ""}], "unknown", "Main was not tried yet: nobody knows if it logs in."),
        ([{"state": "failing"}, {"name": "B"}], "wrong", "Main cannot log in now."),
        ([{"enabled": False, "state": "failing"}, {"name": "B"}], "ok", "B logs in."),
    ],
)
def test_the_first_setting_in_use_has_to_log_in(
    tenant: Tenant, settings: list[dict[str, Any]], status: str, text: str
) -> None:
    """By priority; what delivers nothing is none, and not tried is not failing."""
    for number, fields in enumerate(settings):
        way(tenant, **{"priority": number + 1, **fields})
    assert (statuses(tenant)["login"], texts(tenant)["login"]) == (status, text)


def test_what_was_learnt_before_a_change_does_not_count(tenant: Tenant) -> None:
    """Neither health nor an attempt is of the setting as it is now."""
    main = way(tenant, state="")
    make_attempt(main, state="done", succeeded=True, finished_at=main.way_since)
    assert statuses(tenant)["login"] == "ok"
    make_health(main)
    type(main).objects.update(way_since=main.created_at.replace(year=2100))
    assert statuses(tenant)["login"] == "unknown"


def test_numbers_are_exact_and_unknown_is_told_apart(tenant: Tenant) -> None:
    """Wrong, not asked for and unknown each have their number."""
    way(tenant)
    way(tenant, "Spare", provider="aws-ses", priority=2)
    for number, fields in enumerate(
        [
            WELL,
            WELL,
            {**WELL, "dmarc_policy": "none"},
            {**WELL, "senders": "+postmark: ?aws-ses:", "dmarc_policy": "unknown"},
            {**WELL, "senders": "+postmark: -aws-ses:", "dmarc_policy": "absent"},
            {},
        ]
    ):
        make_domain(tenant, f"d{number}.example", **fields)
    assert texts(tenant) == {
        "login": "Main logs in.",
        "verified": "5 of 6 domains are verified.",
        "aligned": "At 3 of 6 domains, all mail of the providers added there passes. "
        "2 not known yet.",
        "policy": "2 of 6 ask for quarantine or reject. 1 asks for no action (p=none), which is "
        "a start. 2 not known yet.",
        "covered": "3 of 6 domains pass through two enabled settings that log in. 2 not known yet.",
    }
    assert statuses(tenant) == {
        **{"login": "ok", "verified": "pending", "aligned": "wrong"},
        **{"policy": "wrong", "covered": "wrong"},
    }


def test_what_is_only_unknown_is_not_called_wrong(tenant: Tenant) -> None:
    """As long as nothing else is the matter."""
    way(tenant)
    way(tenant, "Spare", provider="aws-ses", priority=2)
    make_domain(tenant, **{**WELL, "senders": "?aws-ses: ?postmark:", "dmarc_policy": "unknown"})
    told = statuses(tenant)
    assert (told["aligned"], told["policy"], told["covered"]) == ("unknown", "unknown", "unknown")
    assert read(tenant).status == "pending"


def test_each_reason_leads_to_where_its_work_is(tenant: Tenant) -> None:
    """To a form while there is nothing, to the list of domains while there is no setting."""
    there = f"/tenants/{tenant.slug}/"

    def urls() -> list[str]:
        return [reason.url for reason in read(tenant).reasons]

    assert urls() == [f"{there}settings/new/", f"{there}domains/new/", "", "", ""]
    make_domain(tenant, verdict="failing", bad_since=tenant.created_at)
    listed = f"/domains/?tenant={tenant.slug}"
    assert urls() == [f"{there}settings/new/", f"{listed}&verdict=failing", *[listed] * 3]
    main = way(tenant)
    shown = [f"{there}failover/?show={show}" for show in ("dmarc", "policy", "cover")]
    assert urls() == [f"/settings/{main.pk}/", f"{listed}&verdict=failing", *shown]


def test_a_spare_whose_login_fails_is_none(tenant: Tenant) -> None:
    """Settings change at any time, without any check: the figure follows."""
    way(tenant)
    spare = way(tenant, "Spare", provider="aws-ses", priority=2)
    make_domain(tenant, **WELL)
    assert statuses(tenant)["covered"] == "ok"
    spare.health.state = "failing"
    spare.health.save()
    assert statuses(tenant)["covered"] == "wrong"
    spare.health.delete()
    assert statuses(tenant)["covered"] == "unknown"
    type(spare).objects.filter(pk=spare.pk).update(enabled=False)
    assert statuses(tenant)["covered"] == "wrong"


def test_thirty_tenants_take_two_queries(
    tenant: Tenant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """With all their settings and domains, each tenant with its own."""
    others = [make_tenant() for _number in range(29)]
    for one in (tenant, *others):
        way(one)
        make_domain(one, **WELL)
        make_domain(one)
    with django_assert_num_queries(2):
        told = readiness([tenant, *others])
    assert {(one.met, one.domains, one.settings) for one in told.values()} == {(1, 2, 1)}


def test_the_overview_and_the_tenants_page_show_the_same_figure(
    client: Client, tenant: Tenant, viewer: User
) -> None:
    """A reason leads to its work; what takes a form is no link for a viewer."""
    way(tenant)
    client.force_login(viewer)
    for path in ("/", tenant.get_absolute_url()):
        assert "1 of 5" in client.get(path).content.decode()
    html = client.get(tenant.get_absolute_url()).content.decode()
    assert "Login</a>" in html
    assert f'href="/tenants/{tenant.slug}/domains/new/"' not in html
    assert "What this counts" in html  # below the way to the first mail, which comes first
