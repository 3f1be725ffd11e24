"""The DMARC policy of a domain none of whose providers asks for one: receivers follow it too."""

from collections.abc import Sequence
from dataclasses import replace

from dnscheck import rules
from dnscheck.answers import Ask
from dnscheck.findings import Finding, RecordVerdict, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules.dmarc_shared import SUGGESTED
from smtp.providers.base import Match, Purpose

# Nobody asks for a policy here, and that one applies from above was nobody's doing here.
SILENT = ("dmarc.missing", "dmarc.inherited")


async def unasked(domain: str, records: Sequence[RequiredRecord], ask: Ask) -> tuple[Finding, ...]:
    """Return what is wrong with the policy at a domain, if none is among its records.

    It moves no verdict, so nothing here is more than a warning. What could not be asked for is
    held against nobody.
    """
    name = f"_dmarc.{domain}"
    if any(record.purpose is Purpose.DMARC or record.name == name for record in records):
        return ()
    policy = RequiredRecord(
        Purpose.DMARC, name, "TXT", SUGGESTED, Match.DMARC, required=False, optional=True
    )
    judgement = await rules.judge(policy, await ask(name, "TXT"), ask)
    if judgement.verdict is RecordVerdict.UNKNOWN:
        return ()
    return tuple(_milder(found) for found in judgement.findings if found.code not in SILENT)


def _milder(finding: Finding) -> Finding:
    is_error = finding.severity is Severity.ERROR
    return replace(finding, severity=Severity.WARNING) if is_error else finding
