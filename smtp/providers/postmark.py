"""Postmark: one server token is user name and password; DKIM verifies the domain."""

from collections.abc import Mapping
from dataclasses import replace

from smtp.providers.base import (
    Input,
    KnownError,
    Limit,
    Provider,
    Scope,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    FUSIONAUTH,
    HOST,
    INBOUND,
    PUBLIC_KEY,
    RETURN_PATH,
    SELECTOR,
    TRACKING,
    UUID,
    dkim_key,
    expected,
    inbound,
    not_an_address,
    return_path,
    starttls,
    tracking,
)

_PORTS = starttls(587, 2525, 25)
_HOSTS = {"transactional": "smtp", "broadcast": "smtp-broadcasts"}
_DOCS = "https://postmarkapp.com/developer/user-guide/send-email-with-smtp"


def _computed(values: Mapping[str, str]) -> dict[str, str]:
    """Return `label`, the first part of the host for the kind of message stream."""
    return {"label": _HOSTS.get(values.get("stream", ""), "smtp")}


PROVIDER = Provider(
    slug="postmark",
    name="Postmark",
    summary="Transactional mail with message streams; strict about what is sent, and fast.",
    host="{label}.postmarkapp.com",
    ports=_PORTS,
    recommended=_PORTS[0],
    username="The Server API token, a UUID, or the access key of a stream's SMTP token.",
    password=(  # noqa: S106 - the rule in words
        "The same Server API token once more, or the secret key of that SMTP token. Not the "
        "Account API token and not the account password."
    ),
    sender="A confirmed sender signature, or any address of a verified domain.",
    sandbox=(
        "Until the account is approved, mail goes only to addresses in the account's own domain. "
        "A sandbox server never delivers."
    ),
    limits=(
        Limit("Free plan: 100 messages a month.", year="2026"),
        Limit("Each message: 50 recipients, 10 MB.", year="2026"),
    ),
    inputs=(
        Input(
            name="stream",
            label="Message stream",
            help="Broadcasts, such as newsletters, have a host of their own.",
            scope=Scope.SETTING,
            choices=("transactional", "broadcast"),
            labels={"transactional": "Transactional", "broadcast": "Broadcasts"},
            default="transactional",
        ),
        replace(
            SELECTOR,
            help=(
                "The part before ._domainkey, a time stamp such as 20260519190009pm. "
                "It changes with every new key."
            ),
        ),
        PUBLIC_KEY,
        replace(
            RETURN_PATH,
            label="Custom Return-Path",
            help="Only the part before your domain; Postmark suggests pm-bounces.",
            default="pm-bounces",
        ),
        INBOUND,
        replace(TRACKING, label="Custom tracking domain"),
        Input(
            name="tracking_target",
            label="Tracking target",
            help="The host name the console shows for the tracking record.",
            required=False,
            pattern=HOST,
        ),
    ),
    recipe=(
        dkim_key(
            "{selector}",
            "k=rsa;p={public_key}",
            "Postmark",
            "Only single confirmed addresses can send, and DMARC fails.",
            "A TXT record. Guides that speak of a CNAME here are wrong.",
        ),
        replace(
            return_path("{return_path}", "pm.mtasv.net", "DMARC depends on DKIM alone."),
            required=False,
        ),
        DMARC,
        inbound("inbound.postmarkapp.com", "Postmark"),
        tracking("{tracking_target}", "Postmark"),
    ),
    steps=(
        "In Postmark add the domain under Sender Signatures and open its DNS settings.",
        "Copy selector and key of the DKIM record here and publish the records shown.",
        "Let Postmark verify DKIM and the return path.",
        "Open the server, then its API tokens, and use the token as user name and password.",
        "Ask for approval of the account before you write to other domains.",
    ),
    pitfalls=(
        "There is no port 465: a connection there hangs instead of failing.",
        "Without the header X-PM-Message-Stream mail goes to the default transactional stream.",
        "A 250 reply is no delivery yet: the rules of a stream may reject bulk mail later.",
        "No SPF include is needed at the domain; include:spf.mtasv.net only costs a look-up.",
        "The selector changes with every new key; remove the old record afterwards.",
    ),
    errors=(
        KnownError(
            "535 5.7.8 Authentication failed",
            "The token is wrong, or SMTP is switched off for the server.",
            "Use the server token twice, or enable SMTP in the stream's settings.",
        ),
        KnownError(
            "412 While your account is pending approval",
            "Before approval, recipients must be in the sender's own domain.",
            "Send to your own domain, or get the account approved.",
        ),
        KnownError(
            "Connection timed out on port 465",
            "Postmark offers no port that is encrypted from the start.",
            "Use port 587 or 2525 with STARTTLS.",
        ),
    ),
    headers=(
        *("X-PM-Message-Stream", "X-PM-Tag", "X-PM-Metadata-*"),
        *("X-PM-TrackOpens", "X-PM-TrackLinks", "X-PM-KeepID"),
    ),
    shapes=(
        not_an_address(
            "postmark", "Postmark logs in with a server token, not with an e-mail address."
        ),
        expected(
            "postmark.username-shape",
            "username",
            rf"{UUID}|PM-[A-Z]+-\S+",
            (
                "A Server API token has 36 characters with four hyphens; the access key of a "
                "stream begins with PM-. Check that it was copied whole."
            ),
        ),
    ),
    unneeded=("include:spf.mtasv.net",),
    docs=_DOCS,
    suppressions=Source("https://postmarkapp.com/developer/api/suppressions-api", "2026-11"),
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        Source("https://postmarkapp.com/support/article/811", "2026-10"),
        FUSIONAUTH,
    ),
    compute=_computed,
)
