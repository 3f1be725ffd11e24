"""Page: what a finding says to whoever only runs the zone, and cannot change anything here."""

import re
from typing import Any

from django.utils.translation import gettext as _

from dnscheck.survey import INCOMPLETE

# What a person with an account does: in the console of the provider, or in this portal.
_OURS = re.compile(r"\bconsole\b|\b(?:and|given|it|one) here\b|\bDNS_SERVERS\b")


def told_outside(finding: dict[str, Any]) -> dict[str, Any]:
    """Return a finding as it is told to people without an account.

    `passed_on` says that some of what is to be done is for whoever sent them the link;
    `is_translated`, that its texts are not the English ones of the rules.
    """
    if finding["code"] != INCOMPLETE.code:
        return {**finding, "passed_on": bool(_OURS.search(finding["fix"]))}
    return {
        **finding,
        "title": _("This list is not complete yet"),
        "why": _("Whoever sent you the link has yet to enter something, so records may follow."),
        "fix": _("Publish what is listed, and tell them that this list is not complete."),
        "passed_on": False,
        "is_translated": True,
    }
