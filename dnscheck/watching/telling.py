"""Verb: tells a domain's people what is new, once, in the transaction that writes what was seen."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from django.utils.translation import gettext as _

from dnscheck.diagnosis import DomainResult
from dnscheck.findings import Edit
from dnscheck.models import SendingDomain
from dnscheck.spf.forecast import Forecast
from dnscheck.survey import Survey
from dnscheck.verdicts import News, Result, Standing, Verdict
from dnscheck.watching.news import Break, Published, breaks, cause, died_behind, due, lost_behind
from tenants import notices
from tenants.models import Notice, Tenant, Topic
from tenants.notices import Change

ONCE_IN = dt.timedelta(days=1)
MOST_CHANGES = 10  # records in one notice; the page shows all
# When more than this share of other domains cannot be asked, the trouble is on this side.
OURS, NEIGHBOURS = 0.5, 50


def tell(
    domain: SendingDomain,
    after: Standing,
    seen: Survey,
    now: dt.datetime,
    *,
    is_new: bool,
    put: Callable[[Notice], object],
) -> News:
    """Tell what changed with this check, and return what was told last by now.

    `domain` is the row as it was before the check; the history is not written yet. `is_new` says
    that the result differs from the one before. Good news are not written but `put` where they can
    be written together, for after an import there may be thousands.
    """
    told, result = News(domain.told), seen.result
    if domain.verdict == Verdict.VERIFIED.value:
        _tell_of_includes(domain, seen, now)
        if is_new:
            _tell_of_targets(domain, seen, now)
    news = due(told, after, result, now)
    is_first = domain.verdict == Verdict.PENDING.value and after.verdict is Verdict.VERIFIED
    if news is News.NOTHING:
        if told or is_first:
            _tell_good(domain, told, after, now, put)
    elif news is not told:
        _tell_bad(domain, news, after, result, now)
    return news


def _tell_good(
    domain: SendingDomain,
    told: News,
    after: Standing,
    now: dt.datetime,
    put: Callable[[Notice], object],
) -> None:
    name = domain.display_name
    title = _("%(domain)s is verified again") if told else _("%(domain)s is verified")
    text = _("All required records are right.")
    if told is News.UNKNOWN:
        title, text = _("%(domain)s can be asked about again"), _("Its records are as they were.")
    notices.tell(
        domain.tenant,
        "domain.verified",
        cause=f"domain.verified:{told}",
        subject=name,
        title=title % {"domain": name},
        text=text,
        path=domain.get_absolute_url(),
        now=now,
        since=after.verdict_since,
        put=put,
    )


def _tell_bad(
    domain: SendingDomain, news: News, after: Standing, result: DomainResult, now: dt.datetime
) -> None:
    broken = breaks(result, last_good(domain))
    name, about = domain.display_name, domain.get_absolute_url()
    # A resolver that is down is a matter of one notice to operators, and not of a thousand to
    # tenants who can do nothing.
    is_ours = news is News.UNKNOWN and _is_ours(domain)
    title, text = _words(news, name, broken)
    notices.tell(
        None if is_ours else domain.tenant,
        f"domain.{news}",
        cause=cause(news, broken),
        subject=name,
        title=title,
        text=text,
        path=about,
        now=now,
        since=after.unknown_since if news is News.UNKNOWN else after.bad_since,
        changes=list(_changes(broken)),
    )


def _tell_of_includes(domain: SendingDomain, seen: Survey, now: dt.datetime) -> None:
    """Tell operators of includes that died while the record stayed: once a day for each."""
    for name, data in domain.spf_forecasts.items():
        cost = seen.forecasts.get(name)
        for term in died_behind(Forecast.from_json(data), cost) if cost else ():
            key = f"provider.changed:{term}"
            if _was_told(None, key, term, now):
                continue
            text = _(
                "Whoever runs it changed it; the records of %(domain)s, and of others that name "
                "it, are as they were. Receivers that come to it stop with a permanent error. Ask "
                "the provider. Nothing was sent to the tenants."
            )
            notices.tell(
                None,
                Topic.PROVIDER_CHANGED,
                cause=key,
                subject=term,
                title=_("%(term)s leads to no SPF record any more") % {"term": term},
                text=text % {"domain": domain.display_name},
                path=domain.get_absolute_url(),
                now=now,
            )


def _tell_of_targets(domain: SendingDomain, seen: Survey, now: dt.datetime) -> None:
    """Tell the tenant what vanished behind records that are right: once a day for each."""
    last = domain.checks.prefetch_related("records").first()
    rows = last.records.all() if last else ()
    before = {(row.name, finding["code"]) for row in rows for finding in row.findings}
    for name, finding in lost_behind(before, seen.result):
        key = f"domain.behind:{finding.code}"
        if not _was_told(domain.tenant, key, domain.display_name, now):
            notices.tell(
                domain.tenant,
                Topic.PROVIDER_CHANGED,
                cause=key,
                subject=domain.display_name,
                title=finding.title,
                text=f"{finding.why} {finding.fix}",
                path=domain.get_absolute_url(),
                now=now,
                changes=[Change(name, edit=finding.fix)],
            )


def _was_told(tenant: Tenant | None, key: str, subject: str, now: dt.datetime) -> bool:
    """Whether the same was told lately, as by way of another domain."""
    lately = Notice.objects.filter(tenant=tenant, created_at__gt=now - ONCE_IN)
    return lately.filter(
        cause=notices.one_line(key, 200), subject=notices.one_line(subject, 253)
    ).exists()


def _words(news: News, name: str, broken: Sequence[Break]) -> tuple[str, str]:
    if news is News.LAPSED:
        return (
            _("%(domain)s is no longer in the DNS") % {"domain": name},
            _(
                "The domain itself is gone, not just a record: its registration may have lapsed, "
                "or its name servers were removed at the registrar. Renew it there first."
            ),
        )
    if news is News.UNKNOWN:
        return (
            _("%(domain)s could not be asked about for a day") % {"domain": name},
            _(
                "Its name servers do not answer, or answer with an error. The verdict stays as it "
                "was. Mail may fail at receivers who cannot ask either."
            ),
        )
    why = broken[0].title if broken else _("A required record is not right.")
    return (
        _("%(domain)s is failing") % {"domain": name},
        _("%(why)s. Two checks, the last one at the zone's own name servers, agree.")
        % {"why": why.rstrip(".")},
    )


def _changes(broken: Sequence[Break]) -> Iterator[Change]:
    for one in broken[:MOST_CHANGES]:
        edit = next(iter(one.edits), None)
        yield Change(
            name=f"{one.name} {one.type}",
            old=" | ".join(one.before),
            new=" | ".join(one.after),
            edit=_told(edit) if edit else "",
        )


def _told(edit: Edit) -> str:
    return f"{edit.action} {edit.type} {edit.name} {edit.after or edit.before}"


def last_good(domain: SendingDomain) -> Published:
    """Return what was published at the last check at which all was right."""
    last = domain.checks.filter(result=Result.GOOD.value).prefetch_related("records").first()
    rows = last.records.all() if last else ()
    return {(row.name, row.type): tuple(row.observed) for row in rows}


def _is_ours(domain: SendingDomain) -> bool:
    """Whether other zones' domains cannot be asked either: then the portal's resolver is down.

    A few neighbours are enough to tell, and cost the same however many domains there are.
    """
    others = SendingDomain.objects.exclude(zone=domain.zone).filter(last_checked_at__isnull=False)
    near = [
        *others.filter(pk__gt=domain.pk).order_by("pk").values_list("unknown_since")[:NEIGHBOURS],
        *others.filter(pk__lt=domain.pk).order_by("-pk").values_list("unknown_since")[:NEIGHBOURS],
    ]
    silent = sum(since is not None for (since,) in near)
    return silent > len(near) * OURS
