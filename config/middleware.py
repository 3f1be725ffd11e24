"""What every answer carries: a strict Content-Security-Policy, and times as the reader's clock.

And a page for those who come to an address that only takes what a button sends.
"""

from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

WRONG_METHOD = 405
TOO_FAST, WAIT_SECONDS = 429, 60
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


def page_for_the_lost(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Explain an address that only takes what a button sends; Django's answer is an empty page.

    People come there when a session ended between a page and its button: logging in leads on to
    the button's address.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method != "GET" or response.status_code != WRONG_METHOD:
            return response
        page = render(request, "405.html", status=WRONG_METHOD)
        page["Allow"] = response["Allow"]
        return page

    return middleware


def pace_of_log_ins(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Say to whoever tried too many passwords how long to wait (RFC 6585 section 4)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not getattr(request, "is_too_fast", False):
            return response
        page = render(request, "429.html", status=TOO_FAST)
        page["Retry-After"] = str(WAIT_SECONDS)
        return page

    return middleware
