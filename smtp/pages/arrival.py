"""Page: where to look for a test mail that was accepted and did not arrive.

What is known of the From domain's records is read through Tenant's reverse relation alone; the
values are those the database constraints of the other app name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from smtp import message, reach
from smtp.models import Attempt, Kind
from smtp.providers.base import Category, Provider

# Services that keep lists of addresses they no longer write to.
SUPPRESSING = (Category.TRANSACTIONAL,)
# Mail that cannot be delivered comes back to the From address.
RETURNING = (Category.MAILBOX, Category.RELAY, Category.SELF_HOSTED, Category.GENERIC)


@dataclass(frozen=True)
class Arrival:
    """What helps to find a mail again; `mark` is what it is marked with.

    `domain` has `pk`, `name`, `verdict` and `unknown_since` of the From domain if the tenant has
    it here; `outlooks` are the sentences on DMARC about this provider's mail.
    """

    mark: str
    message_id: str
    recipient: str
    sender: str
    from_domain: str
    page: Provider
    domain: dict[str, Any] | None
    outlooks: Sequence[str]

    @property
    def delivers(self) -> bool:
        """Whether the service delivers anything at all."""
        return self.page.category is not Category.TESTING

    @property
    def suppresses(self) -> bool:
        """Whether the service keeps a list of addresses it does not write to."""
        return self.page.category in SUPPRESSING

    @property
    def returns(self) -> bool:
        """Whether a mail that cannot be delivered comes back to the sender."""
        return self.page.category in RETURNING


def arrival_of(attempt: Attempt) -> Arrival | None:
    """Return where to look for an accepted test mail; None for every other attempt."""
    way = attempt.way
    if attempt.kind != Kind.TEST or not attempt.succeeded or way is None:
        return None
    name = message.domain_of(way.from_address)
    rows = attempt.tenant.domains.filter(name=name)
    row = rows.values("pk", "name", "verdict", "unknown_since", "outlooks").first()
    told = row["outlooks"] if row else []
    return Arrival(
        mark=attempt.mark,
        message_id=attempt.message_id,
        recipient=attempt.recipient,
        sender=way.from_address,
        from_domain=name,
        page=reach.page_of(attempt.provider),
        domain=dict(row) if row else None,
        outlooks=[one["sentence"] for one in told if _is_of(one, attempt)],
    )


def _is_of(outlook: dict[str, Any], attempt: Attempt) -> bool:
    """Whether an outlook is about the mail of this attempt's provider and setting."""
    setting = outlook.get("setting", "")
    same = setting in ("", str(attempt.setting_id))
    return same and outlook["provider"] == attempt.provider
