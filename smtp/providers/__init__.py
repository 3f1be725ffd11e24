"""The sending services Relaydesk knows, in menu order. A new one is one file and one line here."""

from smtp.providers import (
    azure,
    brevo,
    elastx,
    fastmail,
    generic,
    gmail,
    google_relay,
    google_workspace,
    hostinger,
    infomaniak,
    ionos,
    local_capture,
    mailchimp,
    mailersend,
    mailgun,
    mailgun_eu,
    mailjet,
    mailtrap,
    mailtrap_sandbox,
    microsoft365,
    migadu,
    netcore,
    ovh,
    postal,
    postmark,
    proton,
    resend,
    scaleway,
    sendgrid,
    ses,
    smtp2go,
    sparkpost,
    workmail,
    yandex,
    zeptomail,
    zoho,
)
from smtp.providers.base import Provider

PROVIDERS: tuple[Provider, ...] = (
    ses.PROVIDER,
    workmail.PROVIDER,
    azure.PROVIDER,
    brevo.PROVIDER,
    elastx.PROVIDER,
    fastmail.PROVIDER,
    gmail.PROVIDER,
    google_workspace.PROVIDER,
    google_relay.PROVIDER,
    hostinger.PROVIDER,
    infomaniak.PROVIDER,
    ionos.PROVIDER,
    local_capture.PROVIDER,
    mailchimp.PROVIDER,
    mailersend.PROVIDER,
    mailgun.PROVIDER,
    mailgun_eu.PROVIDER,
    mailjet.PROVIDER,
    mailtrap.PROVIDER,
    mailtrap_sandbox.PROVIDER,
    microsoft365.PROVIDER,
    migadu.PROVIDER,
    netcore.PROVIDER,
    ovh.PROVIDER,
    postal.PROVIDER,
    postmark.PROVIDER,
    proton.PROVIDER,
    resend.PROVIDER,
    scaleway.PROVIDER,
    smtp2go.PROVIDER,
    sparkpost.PROVIDER,
    sendgrid.PROVIDER,
    yandex.PROVIDER,
    zeptomail.PROVIDER,
    zoho.PROVIDER,
    generic.PROVIDER,
)
_BY_SLUG = {provider.slug: provider for provider in PROVIDERS}
_BY_NAME = {alias: provider for provider in PROVIDERS for alias in provider.aliases} | _BY_SLUG


def choices() -> list[tuple[str, str]]:
    """Return slug and name of each provider. Migrations know this function: never rename it."""
    return [(provider.slug, provider.name) for provider in PROVIDERS]


def get(slug: str) -> Provider:
    """Return a provider by its slug or an alias; raise `KeyError` for one that is not known."""
    return _BY_NAME[slug]
