"""Scaleway Transactional Email: a project is the user name, an API secret key the password."""

from collections.abc import Mapping
from dataclasses import replace

from smtp.providers.base import (
    Input,
    KnownError,
    Limit,
    Lint,
    Match,
    Provider,
    Purpose,
    RecordTemplate,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    HOST,
    PUBLIC_KEY,
    UUID,
    dkim_key,
    expected,
    may_receive,
    never,
    not_an_address,
    spf,
    starttls,
    tls,
)

_ACCESS_KEY = r"SCW[A-Z0-9]{17}"
# RFC 3986, without the semicolon, which would end the tag of the record, and quotation marks.
_ADDRESS = rf"https://{HOST}(?::[0-9]{{1,5}})?(?:/[A-Za-z0-9._~:/?#@!$&*+,=%()-]*)?"
_NOT_VERIFIED = "The domain is not verified, or loses its verification later."
_DOCS = "https://www.scaleway.com/en/docs/transactional-email/reference-content/smtp-configuration/"


def _check(values: Mapping[str, str]) -> list[Lint]:
    username, password = values.get("username", "").strip(), values.get("password", "").strip()
    if not password or password.lower() != username.lower():
        return []
    message = "This is the Project ID again. The password is the secret key of an API key."
    return [Lint("scaleway.password-is-project", "password", message, blocking=True)]


PROVIDER = Provider(
    slug="scaleway-tem",
    name="Scaleway Transactional Email",
    summary="Transactional mail from a French cloud, with ports that other clouds do not block.",
    host="smtp.tem.scaleway.com",
    ports=(*starttls(2587, 587, 25), *tls(2465, 465)),
    recommended=starttls(2587)[0],
    aliases=("scaleway", "tem", "hubs"),
    username="The Project ID, a UUID, of the project that owns the domain in Transactional Email.",
    password=(  # noqa: S106 - the rule in words
        "The secret key, a UUID, of an IAM API key whose application has the permission set "
        "TransactionalEmailFullAccess. Not the access key that begins with SCW, and not the "
        "account password."
    ),
    sender=(
        "An address of exactly the domain that was registered. "
        "A subdomain must be registered as a domain of its own."
    ),
    sandbox=(
        "Before anything can be sent, Scaleway wants a payment card, a checked identity and a "
        "verified domain."
    ),
    limits=(
        Limit("Free plan: 300 messages a month.", year="2025"),
        Limit("Usual quota: 10,000 messages a month; ask support for more.", year="2025"),
        Limit("No hourly quota.", year="2023"),
        Limit("Each message: 10 recipients, 10 attachments, 50 MB.", year="2025"),
    ),
    inputs=(
        Input(
            name="project_id",
            label="Project ID",
            help="The part before ._domainkey in the DKIM record the console shows, a UUID.",
            pattern=UUID,
        ),
        PUBLIC_KEY,
        Input(
            name="logo_url",
            label="Address of the BIMI logo",
            help="The https address of your logo's SVG file. Leave it empty without BIMI.",
            required=False,
            pattern=_ADDRESS,
        ),
        Input(
            name="vmc_url",
            label="Address of the mark certificate",
            help="The https address of the certificate (VMC) for that logo.",
            required=False,
            pattern=_ADDRESS,
        ),
    ),
    recipe=(
        replace(
            spf("include:_spf.tem.scaleway.com", "Scaleway", "-all"),
            without=_NOT_VERIFIED,
            note=(
                "The include must stand in the domain's own record: Scaleway does not look "
                "inside other includes."
            ),
        ),
        dkim_key(
            "{project_id}",
            "v=DKIM1; h=sha256; k=rsa; p={public_key}",
            "Scaleway",
            _NOT_VERIFIED,
            "The value must begin with v=DKIM1. The console shows the full name with a dot at its "
            "end; most DNS forms add the domain themselves.",
        ),
        replace(
            DMARC,
            value="v=DMARC1; p=none",
            required=True,
            why="Scaleway wants a DMARC policy at the domain; any valid one will do.",
            without="The domain is not verified.",
        ),
        replace(
            may_receive(
                "blackhole.tem.scaleway.com",
                10,
                "Scaleway",
                "Only for a domain without a mail server: whatever is sent there is lost. "
                "A null MX record does not satisfy Scaleway.",
            ),
            why="Scaleway wants the domain to have a mail server; this one stands in for it.",
            without="Nothing is missing as long as the domain has a working MX record of its own.",
        ),
        RecordTemplate(
            purpose=Purpose.BIMI,
            type="TXT",
            host="default._bimi",
            value="v=BIMI1; l={logo_url}; a={vmc_url}",
            match=Match.EXACT,
            required=False,
            why="Shows your logo beside your mail in mailboxes that support BIMI.",
            without="Mailboxes show initials or no picture; sending is not affected.",
            note="Mailboxes also demand a DMARC policy of quarantine or reject.",
        ),
    ),
    steps=(
        "In the Scaleway console open Transactional Email in the right project and add the domain.",
        "Copy the Project ID and the DKIM key here and publish the records shown.",
        "Let the console verify the domain; it looks again for up to 48 hours.",
        "Under IAM create an application with the permission set TransactionalEmailFullAccess "
        "for this project, and an API key for it.",
        "Enter the Project ID as user name and the secret key as password, with port 2587.",
    ),
    pitfalls=(
        "Kubernetes and many virtual servers block 25, 465 and 587; 2587 and 2465 get through.",
        "Scaleway Instances block 25, 465 and 587 until SMTP is enabled in their security group.",
        "Only TransactionalEmailFullAccess lets a key send; similar permission sets do not.",
        "Some DNS hosts append the domain to the DKIM name a second time.",
        "Scaleway checks the records regularly: removing one later revokes the domain.",
    ),
    errors=(
        KnownError(
            "535 Authentication failed",
            "An e-mail address is the user name, or the access key is the password.",
            "Use the Project ID as user name and the secret key as password.",
        ),
        KnownError(
            "DMARC policy failure",
            "The domain of the From address is not the one that was registered.",
            "Register exactly that domain, also when it is a subdomain.",
        ),
    ),
    shapes=(
        not_an_address(
            "scaleway",
            (
                "Scaleway does not log in with an e-mail address. Enter the Project ID: "
                "36 characters with four hyphens, in the project's settings."
            ),
        ),
        never(
            "scaleway.username-is-access-key",
            "username",
            _ACCESS_KEY,
            "This is the access key of an API key. The user name is the Project ID.",
        ),
        expected(
            "scaleway.username-shape",
            "username",
            UUID,
            "A Project ID has 36 characters with four hyphens. Check that it was copied whole.",
        ),
        never(
            "scaleway.password-is-access-key",
            "password",
            _ACCESS_KEY,
            (
                "This is the access key of an API key. The password is its secret key, "
                "which Scaleway shows once, when the key is made."
            ),
        ),
        expected(
            "scaleway.password-shape",
            "password",
            UUID,
            (
                "A secret key has 36 characters with four hyphens. "
                "Check that it was copied whole and is not the account password."
            ),
        ),
    ),
    spf_nesting=0,
    dkim_version=True,
    replaced={"include:_spf.scw-tem.cloud": "include:_spf.tem.scaleway.com"},
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    check=_check,
)
