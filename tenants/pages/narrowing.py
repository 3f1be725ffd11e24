"""Page: what the overview is narrowed to, and which tenants and domains are left then."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from tenants.models import Tenant, TenantQuerySet

UNKNOWN = "unknown"  # a verdict of the filter: the domain cannot be asked about


@dataclass(frozen=True)
class Narrowing:
    """What is asked for; empty is everything.

    `provider` is a slug, `verdict` a stored one or `UNKNOWN`, `cause` the code of a finding.
    """

    provider: str = ""
    verdict: str = ""
    cause: str = ""

    def __bool__(self) -> bool:
        return bool(self.provider or self.is_of_domains)

    @property
    def is_of_domains(self) -> bool:
        """Whether only domains can be like that, and no setting."""
        return bool(self.verdict or self.cause)

    @property
    def domains(self) -> Q:
        """The condition for a tenant's domains."""
        wanted = Q()
        if self.provider:
            recipes = {"domains": OuterRef("domains"), "domains__recipes__provider": self.provider}
            wanted &= Q(Exists(Tenant.objects.filter(**recipes)))
        if self.verdict == UNKNOWN:
            wanted &= Q(domains__unknown_since__isnull=False)
        elif self.verdict:
            wanted &= Q(domains__verdict=self.verdict)
        return wanted & Q(domains__cause_code=self.cause) if self.cause else wanted

    @property
    def settings(self) -> Q:
        """The condition for a tenant's settings."""
        return Q(settings__provider=self.provider) if self.provider else Q()

    @property
    def attempts(self) -> Q:
        """The condition for a tenant's attempts."""
        return Q(attempts__provider=self.provider) if self.provider else Q()

    def tenants(self, tenants: TenantQuerySet) -> TenantQuerySet:
        """Return the tenants that have such a domain or, if it can be one, such a setting."""
        if not self:
            return tenants
        same: Any = Tenant.objects.filter(pk=OuterRef("pk")).order_by()
        fits = Q(Exists(same.filter(self.domains)))
        if not self.is_of_domains:
            fits |= Q(Exists(same.filter(self.settings)))
        return tenants.filter(fits)
