"""State: sending domains, what was seen of them, and whom their checks depend on."""

from dnscheck.models.acknowledgement import Acknowledgement
from dnscheck.models.circuit import PAUSE, TRIPS, Circuit
from dnscheck.models.claims import DomainQuerySet
from dnscheck.models.count import DailyCount
from dnscheck.models.domain import (
    AddedRecord,
    Basis,
    Check,
    DomainRecipe,
    RecordCheck,
    SendingDomain,
    VerdictChoice,
)
from dnscheck.models.pasted import ReceivedMail
from dnscheck.models.share import Share, ShareMail
from dnscheck.models.tour import Tour
from dnscheck.models.upstream import TRIED_EVERY, Upstream
from dnscheck.models.work import Work

__all__ = [
    "PAUSE",
    "TRIED_EVERY",
    "TRIPS",
    "Acknowledgement",
    "AddedRecord",
    "Basis",
    "Check",
    "Circuit",
    "DailyCount",
    "DomainQuerySet",
    "DomainRecipe",
    "ReceivedMail",
    "RecordCheck",
    "SendingDomain",
    "Share",
    "ShareMail",
    "Tour",
    "Upstream",
    "VerdictChoice",
    "Work",
]
