"""Door: log-in by name and password, at the pace of a person. For the pages and for the admin."""

import datetime as dt
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from tenants.models import Bucket, Limit

OF_ONE = Limit(10, dt.timedelta(minutes=1))  # of one account, from one address
OF_ACCOUNT = Limit(100, dt.timedelta(seconds=30))  # from anywhere
OF_ADDRESS = Limit(100, dt.timedelta(seconds=10))  # whatever the account


class PacedBackend(ModelBackend):
    """Refuses, unseen, what was tried too often; `request.is_too_fast` then tells the middleware.

    A log-in that works gives back what was taken, so that only wrong ones count.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **more: Any,
    ) -> User | None:
        """Return the person, or nobody. Raises `PermissionDenied` for too many wrong tries."""
        limits = _limits(request, username or "") if request else {}
        now = timezone.now()
        if not all(Bucket.objects.take(name, limit, now) for name, limit in limits.items()):
            request.is_too_fast = True  # type: ignore[union-attr]  # there are limits only with one
            raise PermissionDenied
        person = super().authenticate(request, username, password, **more)
        if person is not None:
            for name, limit in limits.items():
                if limit is OF_ONE:
                    Bucket.objects.fill(name)
                else:  # others who share the account or the address may be guessing
                    Bucket.objects.give_back(name)
        return person


def _limits(request: HttpRequest, username: str) -> dict[str, Limit]:
    account, address = username.strip().casefold(), address_of(request)
    everywhere = {f"log in {account}": OF_ACCOUNT}
    if not address:
        return everywhere
    return {
        f"log in {account} {address}": OF_ONE,
        **everywhere,
        f"log in from {address}": OF_ADDRESS,
    }


def address_of(request: HttpRequest) -> str:
    """Return the address of the person's machine; empty if only that of a proxy is known."""
    near: str = request.META.get("REMOTE_ADDR", "")
    if not _is_proxy(near):
        return "" if settings.BEHIND_TLS and not settings.TRUSTED_PROXIES else near
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    return next((hop for hop in reversed(hops) if hop and not _is_proxy(hop)), near)


def _is_proxy(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return any(address in network for network in settings.TRUSTED_PROXIES)
