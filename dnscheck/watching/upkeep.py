"""Verb: tries each resolver once a minute, so that operators see trouble before the tenants do."""

import asyncio
import datetime as dt
import time
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from dnscheck.answers import Answer, Reason
from dnscheck.models import Upstream
from dnscheck.resolver import Resolver, parse_server, shown, system_servers
from tenants import notices
from tenants.models import Topic

TRIED_WITH = "com"  # any resolver has its servers at hand
SECONDS = 2.0
TOLD_AFTER = dt.timedelta(minutes=5)

Clock = Callable[[], dt.datetime]


def try_resolvers(*, clock: Clock) -> int:
    """Try the resolvers whose turn it is, note how each answered, and return how many were."""
    servers = [*map(parse_server, settings.DNS_SERVERS)] or system_servers()
    names = [shown(server) for server in servers]
    Upstream.objects.exclude(server__in=names).delete()
    mine = [
        (server, name)
        for server, name in zip(servers, names, strict=True)
        if Upstream.objects.claim(name, clock())
    ]
    for server, name in mine:
        resolver = Resolver([server], question_seconds=SECONDS, domain_seconds=SECONDS, tries=1)
        started = time.monotonic()
        answer = asyncio.run(_ask(resolver))
        _note(name, answer, time.monotonic() - started, clock())
    return len(mine)


async def _ask(resolver: Resolver) -> Answer:
    return await resolver.ask(TRIED_WITH, "NS")


def _note(name: str, answer: Answer, seconds: float, now: dt.datetime) -> None:
    """Write down how a resolver answered, and tell operators when it is silent for long."""
    row = Upstream.objects.filter(server=name)
    with transaction.atomic():
        # A resolver in a closed network may refuse this name, and know those of its own.
        if answer.definitive or answer.reason is Reason.REFUSED:
            trouble = answer.reason.value if answer.reason else ""
            row.update(milliseconds=round(seconds * 1000), silent_since=None, trouble=trouble)
            if row.filter(told=True).update(told=False):
                _tell(name, _("The resolver %(name)s answers again"), now)
            return
        trouble = (answer.reason or Reason.TIMEOUT).value
        since = Coalesce(F("silent_since"), Value(now))
        row.update(milliseconds=None, silent_since=since, trouble=trouble)
        long = row.filter(silent_since__lte=now - TOLD_AFTER, told=False)
        if long.update(told=True):
            _tell(name, _("The resolver %(name)s does not answer"), now)


def _tell(name: str, title: str, now: dt.datetime) -> None:
    text = _(
        "Without a resolver no domain can be checked. Verdicts stay as they are. DNS_SERVERS names "
        "the resolvers to ask; without it they are those of the machine."
    )
    notices.tell(
        None,
        Topic.RESOLVER,
        cause="resolver",
        subject=name,
        title=title % {"name": name},
        text=text,
        path=reverse("dnscheck:operation"),
        now=now,
    )
