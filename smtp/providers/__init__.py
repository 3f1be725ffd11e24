"""The sending services Relaydesk knows, in menu order. A new one is one file and one line here."""

from smtp.providers import elastx, generic, scaleway, ses
from smtp.providers.base import Provider

PROVIDERS: tuple[Provider, ...] = (
    ses.PROVIDER,
    elastx.PROVIDER,
    scaleway.PROVIDER,
    generic.PROVIDER,
)
_BY_SLUG = {provider.slug: provider for provider in PROVIDERS}


def choices() -> list[tuple[str, str]]:
    """Return slug and name of each provider. Migrations know this function: never rename it."""
    return [(provider.slug, provider.name) for provider in PROVIDERS]


def get(slug: str) -> Provider:
    """Return a provider by its slug; raise `KeyError` for one that is not known."""
    return _BY_SLUG[slug]
