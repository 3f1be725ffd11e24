"""Log-ins at the pace of a person: wrong ones are counted, and nobody else is held up."""

import datetime as dt
from ipaddress import ip_network

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from pytest_django import Settings

from tenants.backends import address_of
from tenants.models import Bucket, Limit
from tests.fakes import NOW

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
LIMIT = Limit(3, MINUTE)


@pytest.fixture
def people() -> tuple[User, User]:
    """Return two operators who can log in."""
    ann, bob = (User.objects.create_user(name, password="right", is_staff=True) for name in "ab")
    return ann, bob


def log_in(name: str, password: str, page: str = "/login/") -> int:
    """Return the status of a log-in from a fresh browser."""
    return Client().post(page, {"username": name, "password": password}).status_code


@pytest.mark.parametrize("page", ["/login/", "/admin/login/"])
def test_thirty_wrong_log_ins_are_too_many(page: str, people: tuple[User, User]) -> None:
    """After ten the right one waits as well, and another account is not held up."""
    answers = [log_in("a", f"wrong{number}", page) for number in range(30)]
    assert answers == [200] * 10 + [429] * 20
    refused = Client().post(page, {"username": "A ", "password": "right"})
    assert refused.status_code == 429
    assert refused["Retry-After"] == "60"
    assert "Wait a minute" in refused.content.decode()
    assert log_in("b", "right", page) == 302


def test_a_log_in_that_works_begins_anew(people: tuple[User, User]) -> None:
    """Who mistypes now and then is never held up."""
    for _ in range(4):
        assert [log_in("a", "wrong") for _ in range(9)] == [200] * 9
        assert log_in("a", "right") == 302


def test_one_own_account_is_no_way_to_guess_others_for_ever(
    people: tuple[User, User], settings: Settings
) -> None:
    """A log-in that works gives back its own try, and not what others took from its address."""
    for _ in range(3):
        log_in("a", "wrong")
        log_in("b", "right")
    taken = Bucket.objects.order_by("left").values_list("left", flat=True)
    assert [round(left) for left in taken] == [7, 97, 97, 100]


def test_behind_an_unnamed_proxy_nobody_locks_an_account(
    people: tuple[User, User], settings: Settings
) -> None:
    """Whose wrong log-ins these are is not known: the few of one address do not count."""
    settings.BEHIND_TLS = True
    settings.SECURE_SSL_REDIRECT = False
    for number in range(12):
        log_in("a", f"wrong{number}")
    assert log_in("a", "right") == 302


def test_a_name_nobody_has_is_treated_alike() -> None:
    """So nobody learns who has an account."""
    assert [log_in("nobody", "x") for _ in range(12)] == [200] * 10 + [429] * 2


def test_a_bucket_is_refilled_with_time() -> None:
    """One try a minute, never more than it holds; a clock set back takes nothing away."""
    take = Bucket.objects.take
    assert [take("x", LIMIT, NOW) for _ in range(4)] == [True, True, True, False]
    assert [take("x", LIMIT, NOW + MINUTE) for _ in range(2)] == [True, False]
    assert take("x", LIMIT, NOW - 60 * MINUTE) is False
    assert [take("x", LIMIT, NOW + 60 * MINUTE) for _ in range(4)] == [True, True, True, False]
    assert take("y", LIMIT, NOW)


def test_old_buckets_are_forgotten() -> None:
    """Rows grow with those who try now, not with all who ever did."""
    Bucket.objects.take("old", LIMIT, NOW - dt.timedelta(days=2))
    Bucket.objects.take("new", LIMIT, NOW)
    assert Bucket.objects.count() == 1


@pytest.mark.parametrize(
    ("proxies", "behind_tls", "near", "told", "address"),
    [
        ((), False, "192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ((), True, "127.0.0.1", "198.51.100.1", ""),
        (("127.0.0.1/32",), True, "127.0.0.1", "198.51.100.1", "198.51.100.1"),
        (("127.0.0.1/32",), True, "127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (("127.0.0.1/32",), True, "192.0.2.7", "6.6.6.6", "192.0.2.7"),
        (("127.0.0.1/32",), False, "127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_only_a_trusted_proxy_says_whom_a_request_is_from(
    proxies: tuple[str, ...],
    behind_tls: bool,
    near: str,
    told: str,
    address: str,
    settings: Settings,
) -> None:
    """What the person's machine claims by itself counts for nothing."""
    settings.TRUSTED_PROXIES = [ip_network(proxy) for proxy in proxies]
    settings.BEHIND_TLS = behind_tls
    headers = {"X-Forwarded-For": told} if told else {}
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=near, headers=headers)) == address
