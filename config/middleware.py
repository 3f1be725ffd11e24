"""What every answer carries: a strict Content-Security-Policy, and times as the reader's clock."""

from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Bootstrap's own CSS holds its icons as data: addresses
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Add the policy to each answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return middleware


@cache
def _zones() -> set[str]:
    """Return the names of all time zones; they are files, so they are looked up once."""
    return available_timezones()


def time_zone_of_the_reader(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Tell times and days by the clock the browser named in a cookie, else by the installation's.

    Without JavaScript there is no cookie.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        name = request.COOKIES.get("time_zone", "")
        with timezone.override(ZoneInfo(name) if name in _zones() else None):
            return get_response(request)

    return middleware
