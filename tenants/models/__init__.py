"""State: tenants, the people in them, and what is to be told to both."""

from typing import TYPE_CHECKING

from tenants.models.bucket import Bucket, Limit
from tenants.models.notice import Notice, Topic, topic_choices
from tenants.models.tenant import CHANGING_ROLES, Membership, Role, Tenant, TenantQuerySet

if TYPE_CHECKING:
    from tenants.models.tenant import Person as Person

__all__ = [
    "CHANGING_ROLES",
    "Bucket",
    "Limit",
    "Membership",
    "Notice",
    "Role",
    "Tenant",
    "TenantQuerySet",
    "Topic",
    "topic_choices",
]
