"""Page: in words, what breaks for a domain's mail when its first setting fails, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dnscheck.alignment.pairs import Pair, Why
from dnscheck.models import SendingDomain
from dnscheck.pages.senders import provider_name, sentence
from tenants.cover import ENOUGH, Setting

Told = tuple[Setting, Pair]

FATES: dict[str, Promise] = {  # of mail that fails, by what the policy of its domain asks
    "reject": gettext_lazy("is refused"),
    "quarantine": gettext_lazy("lands in spam"),
    "none": gettext_lazy("may land in spam"),
    "absent": gettext_lazy("may land in spam"),
}
ANY_FATE = gettext_lazy("may be refused or land in spam")


@dataclass(frozen=True)
class Gap:
    """What breaks, why, and where it is mended. `edits` says that not everybody may do that."""

    text: str
    why: str
    url: str = ""
    label: str = ""
    edits: bool = False


def cover_of(pairs: Sequence[Told]) -> bool | None:
    """Return whether the mail of a domain goes on when any one setting fails, None if unknown."""
    if sum(_is_sure(told) for told in pairs) >= ENOUGH:
        return True
    return None if sum(_is_possible(told) for told in pairs) >= ENOUGH else False


def gap_of(domain: SendingDomain, pairs: Sequence[Told]) -> Gap | None:
    """Return what breaks when the first setting fails that a domain's mail passes through.

    If none passes, it is told what is wrong now. It is told of the setting that lacks the least,
    and nothing if mail goes on, or if there is no other setting. `pairs` are in their order.
    """
    if cover_of(pairs):
        return None
    working = sorted(filter(_is_possible, pairs), key=lambda told: not _is_sure(told))
    main = next((told for told in working if told[1].passes), None)
    others = [told for told in pairs if told is not main and told[0].delivers]
    spare = min(others, key=_lack, default=None)
    if spare is None:
        return None
    return _told(domain, main[0] if main else None, *spare)


def _is_possible(told: Told) -> bool:
    setting, known = told
    return setting.is_in_use and setting.logs_in is not False and known.passes is not False


def _is_sure(told: Told) -> bool:
    setting, known = told
    return setting.is_in_use and bool(setting.logs_in) and bool(known.passes)


def _lack(told: Told) -> tuple[bool, int]:
    """Return how far a setting is from being of help: what mends itself or takes least is first."""
    setting, known = told
    order = [Why.FOUND, Why.UNCHECKED, Why.WHOSE, Why.OF_ANOTHER, Why.NOT_EXPECTED, Why.NO_RECORDS]
    if known.passes:
        return False, -1 if not setting.enabled else -2 if setting.logs_in is False else -3
    return not setting.enabled, order.index(known.why) + (known.passes is False)


def _told(domain: SendingDomain, main: Setting | None, spare: Setting, known: Pair) -> Gap:
    names = {"spare": spare.name, "domain": domain.display_name}
    prefix = _("if %(main)s fails,") % {"main": main.name} + " " if main else ""
    if known.passes:
        url = reverse("smtp:setting", args=[spare.pk])
        label = _("Open %(setting)s") % {"setting": spare.name}
        return Gap(capfirst(prefix + _ability(spare) % names), "", url, label)
    if known.passes is None:
        text = _("it is open whether mail from %(domain)s through %(spare)s passes.") % names
    else:
        fate = FATES.get(domain.dmarc_policy, ANY_FATE)
        text = _("mail from %(domain)s through %(spare)s %(fate)s.") % {**names, "fate": fate}
    return Gap(capfirst(prefix + text), sentence(spare, known), *_work(domain, spare, known))


def _ability(setting: Setting) -> str:
    """Return why a setting is no help although mail through it would pass."""
    if not setting.enabled:
        return _("mail from %(domain)s would pass through %(spare)s, but that is not enabled.")
    if setting.logs_in is None:
        return _("mail from %(domain)s would pass through %(spare)s, if it logs in: try it.")
    return _("mail from %(domain)s would pass through %(spare)s, but that cannot log in now.")


def _work(domain: SendingDomain, setting: Setting, known: Pair) -> tuple[str, str, bool]:
    """Return where a pair is mended, in words, and whether only editors may."""
    if known.why in (Why.NOT_EXPECTED, Why.OF_ANOTHER):
        there = reverse("dnscheck:recipe_add", args=[domain.pk])
        url = f"{there}?provider={setting.provider}&setting={setting.pk}"
        name = provider_name(setting.provider)
        return url, _("Add %(provider)s to this domain") % {"provider": name}, True
    if known.why is Why.NO_RECORDS:
        return "", "", False
    name = domain.display_name
    return domain.get_absolute_url(), _("Open %(domain)s") % {"domain": name}, False
