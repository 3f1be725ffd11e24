"""Tells the health of a setting: how it stands, what is to blame, when it is tried next."""

import datetime as dt
from dataclasses import dataclass

from smtp.models import SettingHealth, SmtpSetting
from smtp.watching.logins import interval


@dataclass(frozen=True)
class Told:
    """What a setting's page says of its health.

    `known` is None while nothing was learnt of the setting as it is now. `next_try` is when it is
    tried by itself; without one nobody watches it.
    """

    known: SettingHealth | None = None
    next_try: dt.datetime | None = None


def told(setting: SmtpSetting, now: dt.datetime) -> Told:
    """Return what there is to say of this setting, in one query."""
    rows = SettingHealth.objects.current().filter(setting=setting)
    known = rows.select_related("attempt", "incident").defer("attempt__outcome").first()
    if not setting.is_watched or not interval():
        return Told(known)
    return Told(known, max(known.next_try_at, now) if known else now)
