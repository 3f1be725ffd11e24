"""Where receiver, today's DNS and the portal differ about a message, worst first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from dnscheck.findings import Finding, Severity
from dnscheck.received import words
from dnscheck.received.checking import FAIL, PASS, Report
from dnscheck.received.reading import Said
from dnscheck.received.signatures import Checked, Fit, Key
from dnscheck.rules.host import state
from dnscheck.spf.evaluation import Result
from dnscheck.verdicts import Verdict
from smtp.providers.base import Purpose

SOMEBODY = "The receiver"
KEYS = {
    Key.REVOKED: "is revoked",
    Key.WEAK: "is too short",
    Key.BROKEN: "cannot be read",
}
BEFORE = " When the message arrived it was right: {receiver} says dkim=pass."
LIST = "It came through a mailing list, which adds a footer or changes the subject."
SOMEONE = "Mailing lists, footers and scanners do that, and so can copying from a page."
Words = Mapping[str, str]


@dataclass(frozen=True)
class Portal:
    """What the portal's last check says of the From domain: verdicts as they are stored.

    `records` has the verdict on each expected record by its name and purpose.
    """

    name: str
    verdict: str
    records: Mapping[tuple[str, str], str] = field(default_factory=dict)
    outlooks: tuple[str, ...] = ()

    def spf_at(self, name: str) -> str:
        """Return the verdict on the SPF record or the return path at a name, or nothing."""
        wanted = ((name, Purpose.SPF), (name, Purpose.RETURN_PATH))
        return next((self.records[key] for key in wanted if key in self.records), "")

    @property
    def dmarc(self) -> str:
        """The verdict on the DMARC record, or nothing."""
        found = (said for (_, purpose), said in self.records.items() if purpose == Purpose.DMARC)
        return next(found, "")

    @property
    def keys(self) -> set[str]:
        """The names of all keys that are expected."""
        return {name for name, purpose in self.records if purpose == Purpose.DKIM}


def said_of(report: Report, signature: Checked) -> Said | None:
    """Return what the receiver says of one signature, if it says so."""
    named = [said for said in report.reading.claims.dkim if said.domain == signature.domain]
    exact = [said for said in named if said.selector == signature.selector]
    loose = [said for said in named if not said.selector]
    nameless = [said for said in report.reading.claims.dkim if not said.domain]
    alone = nameless if len(report.signatures) == 1 else []
    return next(iter((*exact, *loose, *alone)), None)


def findings(report: Report, portal: Portal | None) -> tuple[Finding, ...]:
    """Return what is worth saying of a message, each with the next step."""
    base = {
        "receiver": report.reading.claims.server or SOMEBODY,
        "author": report.reading.domain,
    }
    found = [*_text(report), *_open(report)]
    if report.reading.domain:
        found += [*_dkim(report, base), *_spf(report, base), *_dmarc(report, base)]
        found += _portal(report, portal)
    order = list(Severity)
    return tuple(sorted(found, key=lambda one: order.index(one.severity)))


def _text(report: Report) -> Iterator[Finding]:
    reading = report.reading
    if not reading.domain:
        yield _told(words.NO_AUTHOR)
    if reading.authors > 1:
        yield _told(words.SEVERAL_AUTHORS, count=str(reading.authors), author=reading.author)
    if not reading.has_body:
        yield _told(words.HEADERS_ONLY)
    if reading.lost_folds:
        yield _told(words.LOST_FOLDS)
    if reading.is_cut:
        yield _told(words.CUT)
    if not reading.claims.header:
        yield _told(words.FOREIGN_CLAIMS if reading.claims.is_foreign else words.NO_CLAIMS)


def _open(report: Report) -> Iterator[Finding]:
    signatures = (one for one in report.signatures if not one.problem)
    what = [_key_name(one) for one in signatures if one.key is Key.UNKNOWN]
    if report.spf.result == Result.TEMPERROR:
        what.append(f"SPF of {report.spf.domain}")
    if not report.dmarc.could_ask:
        what.append(report.dmarc.name)
    if what:
        yield _told(words.COULD_NOT_ASK, what=", ".join(what))


def _dkim(report: Report, base: Words) -> Iterator[Finding]:
    domain, aligned = base["author"], report.dmarc.aligned
    own = [one for one in report.signatures if one.domain in aligned]
    if not report.signatures:
        yield _weighed(report, _told(words.NOT_SIGNED, domain=domain))
    elif not own:
        signers = ", ".join(dict.fromkeys(one.domain or "?" for one in report.signatures))
        yield _weighed(report, _told(words.SIGNED_BY_OTHER, domain=domain, signers=signers))
    for one in own or report.signatures:
        finding = _signature(report, one, base)
        if finding is not None:
            yield _weighed(report, finding)


def _signature(report: Report, one: Checked, base: Words) -> Finding | None:
    """Return what there is to say of one signature, if anything is."""
    said = said_of(report, one)
    was_good = said is not None and said.result == PASS
    given = {**base, "name": _key_name(one), "domain": one.domain}
    before = BEFORE.format(**base) if was_good else ""
    if one.problem:
        return _told(words.BAD_SIGNATURE, problem=one.problem, domain=base["author"])
    if one.key is Key.MISSING:
        return _told(words.KEY_MISSING, before=before, **given)
    if one.key in KEYS:
        return _told(words.KEY_UNUSABLE, problem=KEYS[one.key], before=before, **given)
    if one.passes is False:
        if was_good:
            return _told(words.FITTED_THEN, **given)
        cause = LIST if report.reading.is_list else SOMEONE
        changed = words.BODY_CHANGED if one.header is Fit.YES else words.HEADER_CHANGED
        return _told(changed, cause=cause, **given)
    if one.passes and said is not None and not was_good:
        fits = words.FITS_NOW if one.body is Fit.YES else words.HEADER_FITS
        return _told(fits, result=said.result, **given)
    return None


def _spf(report: Report, base: Words) -> Iterator[Finding]:
    spf, said = report.spf, report.reading.claims.spf
    given = {
        **base,
        "domain": spf.domain,
        "ip": report.reading.connection.ip,
        "problem": spf.problem,
    }
    if not spf.result:
        yield _told(words.NO_CONNECTION)
    elif spf.result == PASS:
        if said not in ("", PASS):
            yield _told(words.SPF_MENDED, **{**given, "result": said})
        if not spf.is_aligned:
            yield _failing(report, _told(words.SPF_OTHER_DOMAIN, **given))
    elif spf.result != Result.TEMPERROR:
        given["result"] = spf.result
        if said == PASS:
            yield _weighed(report, _told(words.SPF_LOST, **given))
        elif report.reading.is_forwarded:
            yield _told(words.FORWARDED, **given)
        else:
            own = words.SPF_NOT_COVERED if spf.is_aligned else words.SPF_OTHER_FAILS
            yield _weighed(report, _told(own, **given))


def _dmarc(report: Report, base: Words) -> Iterator[Finding]:
    dmarc, domain, said = report.dmarc, base["author"], report.reading.claims.dmarc
    if dmarc.too_strict and dmarc.result == FAIL:
        tags = " and ".join(f"{tag}=s" for tag in dmarc.too_strict)
        yield _told(words.TOO_STRICT, tags=tags, name=dmarc.name, domain=domain)
    if not dmarc.asks and dmarc.could_ask:
        yield _told(words.NO_POLICY, domain=domain)
    if said not in ("", PASS, "none", "bestguesspass") and dmarc.result == PASS:
        yield _told(words.PASSES_NOW, result=said, **base)


def _portal(report: Report, portal: Portal | None) -> Iterator[Finding]:
    domain = report.reading.domain
    if portal is None:
        yield _told(words.NOT_IN_PORTAL, domain=domain)
        return
    own = [one for one in report.signatures if one.domain in report.dmarc.aligned]
    used = any(one.header is Fit.YES for one in own)
    if portal.verdict == Verdict.VERIFIED and report.dmarc.result == FAIL and not used:
        yield _told(words.RECORDS_ARE_RIGHT, domain=portal.name)
    for one in own:
        if one.passes and portal.keys and _key_name(one) not in portal.keys:
            yield _told(words.UNKNOWN_KEY, name=_key_name(one), domain=portal.name)


def _told(finding: Finding, **given: str) -> Finding:
    return state(finding, edits=(), evidence=(), **given)


def _weighed(report: Report, finding: Finding) -> Finding:
    """Return a finding, more mildly where DMARC passes all the same."""
    is_mild = report.dmarc.result == PASS and finding.severity is Severity.ERROR
    return replace(finding, severity=Severity.WARNING) if is_mild else finding


def _failing(report: Report, finding: Finding) -> Finding:
    """Return a finding as an error where DMARC fails."""
    is_grave = report.dmarc.result == FAIL
    return replace(finding, severity=Severity.ERROR) if is_grave else finding


def _key_name(one: Checked) -> str:
    return f"{one.selector}._domainkey.{one.domain}"
