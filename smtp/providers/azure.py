"""Azure Communication Services: an Entra application logs in, and SPF has to end with -all."""

from dataclasses import replace

from smtp.providers.base import (
    Confidence,
    Input,
    KnownError,
    Limit,
    Provider,
    RecordTemplate,
    Shape,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    UUID,
    dkim_alias,
    expected,
    never,
    ownership,
    spf,
    starttls,
)

_PORTS = starttls(587, 25)
_DOCS = (
    "https://learn.microsoft.com/azure/communication-services/quickstarts/email/send-email-smtp/"
    "smtp-authentication"
)
_LIMITS = Source(
    "https://learn.microsoft.com/azure/communication-services/concepts/service-limits",
    "2026-10",
    Confidence.MEDIUM,
    "The numbers are from an edition of 2023; Azure raises them on request.",
)
_REPORTED = Source(
    "https://github.com/MicrosoftDocs/azure-docs/issues/123379",
    "2026-10",
    Confidence.MEDIUM,
    "A user reports this reply; no page of Microsoft's was found that explains it.",
)
_SUPPRESSION = (
    "https://learn.microsoft.com/azure/communication-services/concepts/email/"
    "sender-reputation-managed-suppression-list"
)
_NOT_VERIFIED = "The domain is not verified and cannot send."


def _alias(number: int) -> RecordTemplate:
    label = f"selector{number}-azurecomm-prod-net"
    target = f"{label}._domainkey.azurecomm.net"
    return dkim_alias(label, target, "Azure", _NOT_VERIFIED, "At Cloudflare set it to DNS only.")


PROVIDER = Provider(
    slug="azure-communication-services",
    name="Azure Communication Services",
    summary="Transactional mail from Microsoft Azure; the login is an application in Entra ID.",
    host="smtp.azurecomm.net",
    ports=_PORTS,
    recommended=_PORTS[0],
    aliases=("acs", "azure", "azure-email", "azurecomm", "microsoft-azure"),
    username=(
        "The name of the Communication Services resource, the application (client) ID and the "
        "tenant ID of Entra, joined with vertical bars: resource|application|tenant. Dots instead "
        "of bars work as well. Or an SMTP user name that was created on the resource."
    ),
    password=(  # noqa: S106 - the rule in words
        "The value of a client secret of the Entra application. Not the ID of that secret, and not "
        "an access key or connection string of the resource."
    ),
    sender="A MailFrom address defined on the verified domain that is connected to the resource.",
    sandbox=(
        "For a first try Azure provides a domain under azurecomm.net; it needs no DNS records and "
        "may send very little."
    ),
    limits=(
        Limit(
            "Own domain: 30 messages a minute, 100 an hour; more on request.",
            year="2023",
            source=_LIMITS,
        ),
        Limit(
            "Domain managed by Azure: 5 messages a minute, 10 an hour.",
            year="2023",
            source=_LIMITS,
        ),
        Limit("Each message: 50 recipients, 10 MB.", year="2023", source=_LIMITS),
    ),
    inputs=(
        Input(
            name="guid",
            label="Domain verification value",
            help="What follows ms-domain-verification= in the TXT record the Azure portal shows.",
            pattern=UUID,
        ),
    ),
    recipe=(
        ownership("ms-domain-verification={guid}", "Azure", _NOT_VERIFIED),
        replace(
            spf("include:spf.protection.outlook.com", "Azure", "-all"),
            without="The domain is not verified for sending.",
            note=(
                "Azure insists on -all: with ~all the SPF status stays unverified. If Microsoft "
                "365 or another sender has an SPF record here, put both into that one."
            ),
        ),
        _alias(1),
        _alias(2),
        DMARC,
    ),
    steps=(
        "In the Azure portal create an Email Communication Services resource, add the domain and "
        "copy its verification value here.",
        "Publish the records shown and let Azure verify domain, SPF, DKIM and DKIM2.",
        "Connect the verified domain to a Communication Services resource.",
        "Register an application in Entra ID and give it a role on that resource that may read "
        "CommunicationServices and write EmailServices, such as Communication and Email Service "
        "Owner.",
        "Create a client secret, store its value at once and enter it as the password.",
        "Add the From address to the domain's MailFrom addresses.",
    ),
    pitfalls=(
        "Client secrets of Entra expire. Note the date: from then on every login fails.",
        "A verified domain sends nothing until it is connected to the resource; both must have the "
        "same data location.",
        "At Cloudflare set the two selector records to DNS only.",
        "A second SPF record beside that of Microsoft 365 or another sender breaks both.",
        "The service wants AUTH LOGIN; programs that insist on PLAIN do not get in.",
    ),
    errors=(
        KnownError(
            "535 5.7.3 Authentication unsuccessful",
            "The password is the secret's ID instead of its value, the secret has expired, or the "
            "application lacks the role on the resource.",
            "Create a new client secret and use its value, or assign the role.",
        ),
        KnownError(
            "5.1.7 The specified sender domain has not been linked.",
            "The domain of the From address is verified, but not connected to the resource; some "
            "report 550 5.1.8 for this.",
            "Connect the domain to the Communication Services resource, under Domains.",
            source=_REPORTED,
        ),
        KnownError(
            "EmailDroppedAllRecipientsSuppressed",
            "The mail was accepted and then dropped: its recipients bounced before and are on "
            "Azure's suppression list, for a day or, after more bounces, for up to 14 days.",
            "Check the address, then send nothing to it until it is off the list, or ask support.",
            source=Source(_SUPPRESSION, "2026-10"),
        ),
    ),
    shapes=(
        Shape(
            "azure.username-is-id",
            "username",
            UUID,
            (
                "This is one ID alone. The user name has three parts: resource name, application "
                "ID and tenant ID, joined with vertical bars."
            ),
            wanted=False,
        ),
        expected(
            "azure.username-shape",
            "username",
            rf"[^|]+\|{UUID}\|{UUID}|[^|]+",
            (
                "With vertical bars the user name has three parts: resource name, application ID "
                "and tenant ID. Check that each was copied whole."
            ),
        ),
        never(
            "azure.password-is-secret-id",
            "password",
            UUID,
            (
                "This is the ID of the client secret. The password is its value, which Azure shows "
                "only when the secret is made."
            ),
        ),
        never(
            "azure.password-is-access-key",
            "password",
            r"endpoint=.+|[A-Za-z0-9+/]{80,}={0,2}",
            (
                "This is an access key or connection string. The password is the value of a client "
                "secret of the Entra application."
            ),
        ),
    ),
    spf_all="-all",
    mechanism="LOGIN",
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(_LIMITS,),
)
