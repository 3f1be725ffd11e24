"""What becomes of a form that was sent after the session ended, or after another log-in.

Nothing typed is lost: it goes back to the browser with the log-in page, and is sent by a button
once somebody is logged in. Passwords alone are never put into a page, so they are asked for again.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from django.views.csrf import csrf_failure as too_old

FORBIDDEN = 403
STOP_POLLING = 286  # what tells htmx to ask no more
MOST_KEPT = 1_000_000  # characters: a form may have two and a half million bytes in all
THERE = "1"  # stands for a password: that there was one
PASSWORDS = {
    "password": _("Password"),
    "old_password": _("Old password"),
    **dict.fromkeys(("new_password1", "password1"), _("New password")),
    **dict.fromkeys(("new_password2", "password2"), _("New password, once more")),
}


class LogInFirst(LoginRequiredMiddleware):
    """Sends strangers to the log-in page, as Django does, and keeps what they sent."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> Any:
        """Return the log-in page with the form in it; a page that looks for news gets a word."""
        if "HX-Request" in request.headers:
            return _word_for(request)
        if request.method != "POST" or not _fits(request):
            return super().handle_no_permission(request, view_func)
        return _log_in_page(request)


class LogIn(LoginView):
    """The log-in page. What was kept of a form is not sent before a button is pressed."""

    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page shows; what was kept stays when the log-in was refused."""
        return super().get_context_data(kept=self.request.POST.get("kept"), **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Log in; then go to where the person came from, or to what was kept."""
        answer = super().form_valid(form)
        kept = self.request.POST.get("kept")
        if kept is None:
            return answer
        there = self.get_success_url()
        return _go_on_page(self.request, there, QueryDict(kept), has_logged_in=True)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Give a form of this site back whose token is an old one; refuse what others had sent.

    A browser names the site a form came from (the Origin header, RFC 6454 section 7), and nobody
    else's page can have it say ours.
    """
    match = request.resolver_match
    is_ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if not is_ours or match is None or not _fits(request):
        return too_old(request, reason)
    if match.view_name == "login":
        return _already_logged_in(request) or too_old(request, reason)
    if request.user.is_authenticated:
        return _go_on_page(request, request.get_full_path(), request.POST)
    if getattr(match.func, "login_required", True):
        return _log_in_page(request)
    if settings.CSRF_COOKIE_NAME not in request.COOKIES:  # nor will it be there the next time
        return too_old(request, reason)
    return _go_on_page(request, request.get_full_path(), request.POST)


def _already_logged_in(request: HttpRequest) -> HttpResponse | None:
    """Return the page with what was kept, for whom another page logged in by now."""
    kept = request.POST.get("kept")
    if kept is None or not request.user.is_authenticated:
        return None
    page = LogIn()
    page.setup(request)
    return _go_on_page(request, page.get_success_url(), QueryDict(kept))


def _word_for(request: HttpRequest) -> HttpResponse:
    """Say at the top of a page that looked for news why there is none; the rest of it stays."""
    shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    page = shown._replace(scheme="", netloc="").geturl() or "/"
    answer = render(request, "registration/ended.html", {"next": page}, status=STOP_POLLING)
    answer["HX-Retarget"], answer["HX-Reswap"] = ".notes", "innerHTML"
    return _never_stored(answer)


def _fits(request: HttpRequest) -> bool:
    return not request.FILES and len(request.POST.urlencode()) <= MOST_KEPT


def _log_in_page(request: HttpRequest) -> HttpResponse:
    sent = [(name, THERE if name in PASSWORDS else text) for name, text in _sent(request.POST)]
    context = {
        "form": AuthenticationForm(request),
        "next": request.get_full_path(),
        "kept": urlencode(sent),
    }
    return _never_stored(render(request, "registration/login.html", context, status=FORBIDDEN))


def _go_on_page(
    request: HttpRequest, there: str, form: QueryDict, *, has_logged_in: bool = False
) -> HttpResponse:
    sent = _sent(form)
    context = {
        "there": there,
        "has_logged_in": has_logged_in,
        "fields": [(name, text) for name, text in sent if name not in PASSWORDS],
        "passwords": [(name, PASSWORDS[name]) for name, _text in sent if name in PASSWORDS],
    }
    return _never_stored(render(request, "registration/go_on.html", context))


def _sent(form: QueryDict) -> list[tuple[str, str]]:
    """Return the fields of a form, but for its token and passwords that were left empty."""
    return [
        (name, text)
        for name, texts in form.lists()
        for text in texts
        if name != "csrfmiddlewaretoken" and (text or name not in PASSWORDS)
    ]


def _never_stored(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    return response
