"""Verb: let a new setting have the attempt that went well with its values before it was saved."""

import datetime as dt

from django.db import transaction

from smtp import vault
from smtp.models import DRAFT_FIELDS, Attempt, SmtpSetting, State
from smtp.watching import logins

# What proves nothing of how mail goes out. A sealed password is never twice the same text.
NOT_COMPARED = {"name", "debug", "password"}


def adopt(tried: Attempt, saved: SmtpSetting) -> bool:
    """Make an attempt one of a setting that was just added; return whether that was done.

    Only if it went well with the very values that were saved, the password among them. The
    setting counts as being what it is since that attempt was asked for: there is no other of it.
    """
    outcome, at = tried.result, tried.finished_at
    if outcome is None or at is None or not outcome.ok or not _is_same(tried.way, saved):
        return False
    unclaimed = Attempt.objects.filter(
        pk=tried.pk, setting=None, has_draft=True, state=State.DONE, succeeded=True
    )
    with transaction.atomic():
        if not unclaimed.update(setting=saved, draft="", has_draft=False):
            return False
        _count_since(saved, tried.created_at)
        adopted = Attempt.objects.select_related("setting").get(pk=tried.pk)
        logins.note(adopted, outcome, None, at)
    return True


def _is_same(way: SmtpSetting | None, saved: SmtpSetting) -> bool:
    if way is None or way.binding != saved.binding:
        return False
    names = set(DRAFT_FIELDS) - NOT_COMPARED
    if any(getattr(way, name) != getattr(saved, name) for name in names):
        return False
    try:
        return way.open_password() == saved.open_password()
    except vault.Unbound:
        return False


def _count_since(saved: SmtpSetting, at: dt.datetime) -> None:
    saved.way_since = min(saved.way_since, at)
    saved.save(update_fields=["way_since"])
