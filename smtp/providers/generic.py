"""Any other SMTP server: nothing is fixed, so the admin says what it needs."""

from collections.abc import Mapping
from dataclasses import replace

from smtp.providers.base import (
    Category,
    Input,
    KnownError,
    Provider,
    Source,
)
from smtp.providers.keys import read_key
from smtp.providers.parts import (
    DMARC_REPORTS,
    HOST,
    PUBLIC_KEY,
    RETURN_PATH,
    RUA,
    SELECTOR,
    dkim_key,
    mail_server,
    return_path,
    spf,
    starttls,
    tls,
)


def _computed(values: Mapping[str, str]) -> dict[str, str]:
    """Return `key_type`, what tag k says of the key, or empty without a readable key."""
    try:
        return {"key_type": read_key(values.get("public_key", "")).kind}
    except ValueError:
        return {"key_type": "rsa" if values.get("public_key") else ""}


PROVIDER = Provider(
    slug="generic",
    name="Other SMTP server",
    summary="Your own server, a hosting company's, or a service that has no page here.",
    host="",
    ports=(*starttls(587), *tls(465), *starttls(2525, 2587, 25)),
    recommended=starttls(587)[0],
    category=Category.GENERIC,
    aliases=("generic-smtp", "custom", "own server"),
    username=(
        "Often the full e-mail address of a mailbox. "
        "Empty for a relay that knows your server by its IP address."
    ),
    password="The password of the mailbox, or an application password.",  # noqa: S106
    sender="Usually an address of the account that logs in, or of its domain.",
    inputs=(
        Input(
            name="mechanism",
            label="SPF mechanisms",
            help=(
                "What names this server, such as include:_spf.example.net, ip4:192.0.2.1 or mx. "
                "Put a blank between several."
            ),
            required=False,
        ),
        replace(SELECTOR, required=False),
        replace(PUBLIC_KEY, required=False),
        RUA,
        replace(
            RETURN_PATH,
            help="Only the part before your domain, when the server wants a CNAME for bounces.",
        ),
        Input(
            name="target",
            label="Return-path target",
            help="The host name the return-path record leads to.",
            required=False,
            pattern=HOST,
        ),
        Input(
            name="mx",
            label="Mail server that receives",
            help="The host name for an MX record, if this server receives the domain's mail.",
            required=False,
            pattern=HOST,
        ),
    ),
    recipe=(
        spf("{mechanism}", "this server"),
        dkim_key(
            "{selector}",
            "v=DKIM1; k={key_type}; p={public_key}",
            "your server",
            "The signature cannot be checked and counts as none.",
        ),
        replace(
            return_path(
                "{return_path}",
                "{target}",
                "SPF is judged by the server's own domain, and DMARC depends on DKIM alone.",
            ),
            required=False,
        ),
        replace(
            mail_server("{mx}", 10, "this server"),
            required=False,
            without="Some receivers refuse mail from a domain that cannot be answered.",
        ),
        DMARC_REPORTS,
    ),
    steps=(
        "Find host, port and login in the documentation of the server's operator.",
        "Prefer port 587 with STARTTLS, or 465 with TLS from the start.",
        "Ask which SPF mechanism and which DKIM record the domain needs, and enter them here.",
        "Try the connection, then send a test mail, before you enable the setting.",
    ),
    pitfalls=(
        "The certificate must contain the very host name you enter here.",
        "A self-signed certificate is refused; install one of a public authority.",
        "Cloud and home networks often block port 25, and some 465 and 587 as well.",
        "Your own server needs a PTR record that matches its HELO name, or receivers refuse it.",
    ),
    errors=(
        KnownError(
            reply="530 5.7.0 Must issue a STARTTLS command first",
            cause="The setting has no encryption, and the server insists on it.",
            fix="Choose STARTTLS.",
        ),
        KnownError(
            reply="SSL: WRONG_VERSION_NUMBER",
            cause="TLS from the start is chosen on a port that needs STARTTLS.",
            fix="Choose STARTTLS on 25, 587, 2525 and 2587.",
        ),
        KnownError(
            reply="Connection unexpectedly closed, or timed out reading greeting on 465",
            cause="Port 465 needs TLS from the start, and something else is chosen.",
            fix="Choose TLS from the start.",
        ),
        KnownError(
            reply="554 5.7.1 Relay access denied, or 550 relay not permitted",
            cause="The login is missing, or the server does not let you use this From address.",
            fix="Enter user name and password, and use an address of the account.",
        ),
        KnownError(
            reply="Connection timed out",
            cause="A hosting company or a firewall blocks the port on the way.",
            fix="Try 587, 2525, 2587 or 465, or have the port opened.",
        ),
    ),
    tls_mandatory=False,
    compute=_computed,
    source=Source("https://www.rfc-editor.org/rfc/rfc8314", "2026-10"),
)
