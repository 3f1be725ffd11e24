"""Scaleway Transactional Email: a project is the user name, an API secret key the password."""

import re
from collections.abc import Mapping

from smtp.outcome import Security
from smtp.providers.base import (
    Input,
    Lint,
    Match,
    Port,
    Provider,
    Purpose,
    RecordTemplate,
    Source,
)

_UUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_ACCESS_KEY = re.compile(r"SCW[A-Z0-9]{17}")
_DOCS = "https://www.scaleway.com/en/docs/transactional-email/reference-content/smtp-configuration/"


def _check(values: Mapping[str, str]) -> list[Lint]:
    username = values.get("username", "").strip()
    password = values.get("password", "").strip()
    return [*_check_username(username), *_check_password(password, username)]


def _check_username(username: str) -> list[Lint]:
    if not username or re.fullmatch(_UUID, username):
        return []
    if "@" in username:
        message = (
            "Scaleway does not log in with an e-mail address. "
            "Enter the Project ID: 36 characters with four hyphens, in the project's settings."
        )
        return [Lint("scaleway.username-is-address", "username", message, blocking=True)]
    if _ACCESS_KEY.fullmatch(username):
        message = "This is the access key of an API key. The user name is the Project ID."
        return [Lint("scaleway.username-is-access-key", "username", message, blocking=True)]
    message = "A Project ID has 36 characters with four hyphens. Check that it was copied whole."
    return [Lint("scaleway.username-shape", "username", message)]


def _check_password(password: str, username: str) -> list[Lint]:
    if not password:
        return []
    if _ACCESS_KEY.fullmatch(password):
        message = (
            "This is the access key of an API key. The password is its secret key, "
            "which Scaleway shows once, when the key is made."
        )
        return [Lint("scaleway.password-is-access-key", "password", message, blocking=True)]
    if password.lower() == username.lower():
        message = "This is the Project ID again. The password is the secret key of an API key."
        return [Lint("scaleway.password-is-project", "password", message, blocking=True)]
    if re.fullmatch(_UUID, password):
        return []
    message = (
        "A secret key has 36 characters with four hyphens. "
        "Check that it was copied whole and is not the account password."
    )
    return [Lint("scaleway.password-shape", "password", message)]


PROVIDER = Provider(
    slug="scaleway-tem",
    name="Scaleway Transactional Email",
    summary="Transactional mail from a European cloud, with ports that cloud hosts leave open.",
    host="smtp.tem.scaleway.com",
    ports=(
        Port(2587, Security.STARTTLS),
        Port(587, Security.STARTTLS),
        Port(25, Security.STARTTLS),
        Port(2465, Security.TLS),
        Port(465, Security.TLS),
    ),
    recommended=Port(2587, Security.STARTTLS),
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
        "A payment card and a checked identity are needed, and the domain must be verified "
        "before anything is sent."
    ),
    limits=(
        "Free plan: 300 messages a month.",
        "Usual quota: 10,000 messages a month; ask support for more.",
        "Each message: 10 recipients, 10 attachments, 50 MB.",
    ),
    inputs=(
        Input(
            name="project_id",
            label="Project ID",
            help="The part before ._domainkey in the DKIM record the console shows, a UUID.",
            pattern=_UUID,
        ),
        Input(
            name="public_key",
            label="DKIM public key",
            help="What follows p= in the DKIM record; the whole record may be pasted.",
            pattern=r"[A-Za-z0-9+/]+={0,2}",
            multiline=True,
        ),
    ),
    recipe=(
        RecordTemplate(
            purpose=Purpose.SPF,
            type="TXT",
            host="@",
            value="v=spf1 include:_spf.tem.scaleway.com -all",
            match=Match.SPF,
            mechanisms=("include:_spf.tem.scaleway.com",),
            why="Names Scaleway as a permitted sender; the domain is verified by it.",
            without="The domain is not verified, or loses its verification later.",
            note=(
                "The include must stand in the domain's own record: Scaleway does not look "
                "inside other includes."
            ),
        ),
        RecordTemplate(
            purpose=Purpose.DKIM,
            type="TXT",
            host="{project_id}._domainkey",
            value="v=DKIM1; h=sha256; k=rsa; p={public_key}",
            match=Match.DKIM_KEY,
            why="Holds the key Scaleway signs with; the domain is verified by it.",
            without="The domain is not verified, or loses its verification later.",
            note=(
                "The value must begin with v=DKIM1. The console shows the full name with a dot at "
                "its end; most DNS forms add the domain themselves."
            ),
        ),
        RecordTemplate(
            purpose=Purpose.DMARC,
            type="TXT",
            host="_dmarc",
            value="v=DMARC1; p=none",
            match=Match.DMARC,
            why="Scaleway wants a DMARC policy at the domain; any valid one will do.",
            without="The domain is not verified.",
        ),
        RecordTemplate(
            purpose=Purpose.MX,
            type="MX",
            host="@",
            value="blackhole.tem.scaleway.com",
            match=Match.MX,
            required=False,
            priority=10,
            why="Scaleway wants the domain to have a mail server; this one stands in for it.",
            without="Nothing, as long as the domain has a working MX record of its own.",
            note="Only for a domain without a mail server: whatever is sent there is lost.",
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
        "Only TransactionalEmailFullAccess lets a key send; similar names do not.",
        "Some DNS hosts append the domain to the DKIM name a second time.",
        "The records are looked at again and again: removing one revokes the domain.",
    ),
    spf_nesting=0,
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    check=_check,
)
