"""A capture server on the same machine, such as Mailpit: no encryption, no login, no delivery."""

from smtp.outcome import Security
from smtp.providers.base import Category, Port, Provider, Source

_PORTS = (Port(1025, Security.NONE),)
_DOCS = "https://mailpit.axllent.org/docs/"

PROVIDER = Provider(
    slug="local-capture",
    name="Local capture server (Mailpit, MailHog)",
    summary="A server on your own machine that shows mail in the browser and delivers none of it.",
    host="localhost",
    ports=_PORTS,
    recommended=_PORTS[0],
    category=Category.TESTING,
    aliases=("mailpit", "mailhog"),
    username="Empty, unless you started the server with a login.",
    password="Empty, like the user name.",  # noqa: S106 - the rule in words
    sender="Any address.",
    sandbox="Nothing leaves the machine.",
    steps=(
        "Start the capture server; it listens on port 1025.",
        "Ask the operator of Relaydesk to add 1025 to SMTP_PORTS, and 127.0.0.1/32 and ::1/128 to "
        "SMTP_NETWORKS.",
        "Leave user name and password empty and choose no encryption.",
        "Send a test mail and look at it in the web page of the capture server.",
    ),
    pitfalls=(
        "STARTTLS with the server's self-signed certificate fails; choose no encryption.",
        "In a container, localhost is the container itself; enter the capture server's own name.",
        "If this setting is left in production, nobody gets any mail.",
    ),
    tls_mandatory=False,
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
)
