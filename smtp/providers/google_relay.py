"""Google Workspace SMTP relay: opened by a rule of the Workspace, for addresses or for logins."""

from smtp.providers.base import (
    Category,
    Confidence,
    KnownError,
    Limit,
    Provider,
    Source,
)
from smtp.providers.gmail import app_password
from smtp.providers.google_workspace import INPUTS, RECIPE, SPF
from smtp.providers.parts import NODEMAILER, full_address, starttls, tls

_PORTS = (*starttls(587, 25), *tls(465))
_DOCS = "https://support.google.com/a/answer/2956491"
_LIMITS = Source(_DOCS, "2026-10")

PROVIDER = Provider(
    slug="google-workspace-relay",
    name="Google Workspace SMTP relay",
    summary="The outgoing relay of a Google Workspace, for applications, devices and own servers.",
    host="smtp-relay.gmail.com",
    ports=_PORTS,
    recommended=_PORTS[0],
    category=Category.RELAY,
    aliases=("gmail-relay", "google-relay", "smtp-relay", "gsuite-relay"),
    username=(
        "Empty when the relay rule lists the IP address of this server; otherwise the full address "
        "of a Workspace user."
    ),
    password=(  # noqa: S106 - the rule in words
        "Empty when the relay rule lists the IP address of this server; otherwise an app password "
        "of that user. Not the password of the account."
    ),
    sender=(
        "As the relay rule says: registered users only, any address of your domains, or any "
        "address. The domain must belong to the Workspace."
    ),
    sandbox=(
        "The relay is closed until a super administrator sets it up under Apps, Google Workspace, "
        "Gmail, Routing."
    ),
    limits=(
        Limit("10,000 recipients in 24 hours for each user.", year="2026", source=_LIMITS),
        Limit("The whole Workspace has a quota too, which depends on its licences.", year="2026"),
    ),
    inputs=INPUTS,
    recipe=RECIPE,
    steps=(
        "In the Admin console open Apps, Google Workspace, Gmail, Routing and add a rule for the "
        "SMTP relay.",
        "Choose who may send, and list this server's addresses, IPv4 and IPv6, or demand a login.",
        "With a login, make an app password for the user and enter it with the full address; "
        "without one leave both fields empty.",
        "Publish the records shown and start DKIM authentication in the Admin console.",
        "Send a test mail.",
    ),
    pitfalls=(
        "A server that goes out over IPv6 is not covered by a list of IPv4 addresses.",
        "Without a login Google looks at the EHLO name: it must be a real host name of your "
        "domain, not localhost.",
        "Without encryption Google accepts no login, only IP addresses on the list.",
        "A DKIM key that is published but never started signs nothing.",
    ),
    errors=(
        KnownError(
            "550-5.7.1 Invalid credentials for relay",
            "The relay rule lacks the IP address this server sends from, often an IPv6 one, or the "
            "domain of EHLO or From is not registered in the Workspace.",
            "Add the outgoing IPv4 and IPv6 addresses to the rule, or log in.",
        ),
        KnownError(
            "550 5.7.1 Daily SMTP relay limit exceeded for customer",
            "The whole Workspace has sent as much as it may in 24 hours.",
            "Wait 24 hours.",
        ),
        KnownError(
            "421 4.7.0 Try again later, closing connection. (EHLO)",
            "The EHLO name is localhost, or its domain is not registered in the Workspace.",
            "Give this server a proper host name and use that for EHLO.",
        ),
    ),
    shapes=(
        full_address("google-workspace-relay", "Google", "a Workspace user"),
        app_password("google-workspace-relay"),
    ),
    tls_mandatory=False,
    replaced={"include:aspmx.googlemail.com": SPF},
    docs=_DOCS,
    activity=Source(
        "https://support.google.com/a/answer/2604578",
        "2026-11",
        Confidence.MEDIUM,
        "Other pages name this one; it was not read itself.",
    ),
    source=Source(
        _DOCS,
        "2026-10",
        Confidence.MEDIUM,
        "Host, ports and limits agree with Google's page; causes of the replies come from others.",
    ),
    further_sources=(NODEMAILER,),
)
