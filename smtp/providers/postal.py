"""Postal: a mail server to run yourself; its own names and prefixes appear in every record."""

from dataclasses import replace

from smtp.providers.base import (
    Category,
    Confidence,
    Input,
    KnownError,
    Limit,
    Provider,
    RecordTemplate,
    Source,
)
from smtp.providers.parts import (
    HOST,
    LABEL,
    PUBLIC_KEY,
    RETURN_PATH,
    dkim_key,
    expected,
    may_receive,
    ownership,
    return_path,
    spf,
    starttls,
)

_PORTS = starttls(587, 25, 2525)
_DOCS = "https://docs.postalserver.io/"
_CODE = Source("https://github.com/postalserver/postal", "2026-04")
_BY_DNS = {"verification": ("dns",)}


def _server(name: str) -> RecordTemplate:
    note = "Only if all mail of the domain is to go to Postal; then publish all of its MX records."
    return may_receive(f"{{{name}}}", 10, "Postal", note)


def _own_name(name: str, label: str, where: str) -> Input:
    return Input(name=name, label=label, help=where, required=False, pattern=HOST)


PROVIDER = Provider(
    slug="postal",
    name="Postal",
    summary="A mail platform you run yourself, with organizations, servers and delivery logs.",
    host="",
    ports=_PORTS,
    recommended=_PORTS[0],
    category=Category.SELF_HOSTED,
    aliases=("postalserver", "postal server"),
    username=(
        "Organization and mail server as Postal writes them, such as acme/news. Some versions "
        "accept any other word as well."
    ),
    password=(  # noqa: S106 - the rule in words
        "The key of a credential of type SMTP, made at the mail server in Postal. Not the password "
        "of the web interface, and not a key of type API."
    ),
    sender="Any address of a verified domain of the mail server or of its organization.",
    sandbox="A mail server in Development mode holds every message and delivers none.",
    limits=(Limit("Each message: 14 MB, unless your installation says otherwise.", "2026", _CODE),),
    inputs=(
        Input(
            name="verification",
            label="How the domain is verified",
            help="Choose what you chose in Postal when you added the domain.",
            choices=("dns", "email"),
            labels={"dns": "By a TXT record", "email": "By a code sent by e-mail"},
            default="dns",
        ),
        Input(
            name="prefix",
            label="Verification prefix",
            help="The first word of the TXT record Postal shows, before the blank.",
            pattern=r"[A-Za-z0-9](?:[A-Za-z0-9._:-]*[A-Za-z0-9])?",
            default="postal-verification",
            when=_BY_DNS,
        ),
        Input(
            name="token",
            label="Verification code",
            help="What follows the blank in the TXT record Postal shows.",
            pattern=r"[A-Za-z0-9]+",
            when=_BY_DNS,
        ),
        Input(
            name="spf_include",
            label="SPF name of your Postal",
            help="What follows include: in the SPF record Postal shows.",
            pattern=HOST,
        ),
        Input(
            name="dkim_prefix",
            label="DKIM prefix",
            help="What stands before the hyphen in the name of the DKIM record.",
            pattern=LABEL,
            default="postal",
        ),
        Input(
            name="id",
            label="DKIM identifier",
            help="What stands between the hyphen and ._domainkey in the name of the DKIM record.",
            pattern=r"[A-Za-z0-9]+",
        ),
        replace(PUBLIC_KEY, help="What follows p= in the DKIM record, or the whole record."),
        replace(
            RETURN_PATH,
            help="Only the part before your domain. Postal uses psrp unless it is set otherwise.",
            required=True,
            default="psrp",
        ),
        _own_name(
            "return_path_domain",
            "Return-path target",
            "The host name the return-path record leads to. Leave it empty to do without one.",
        ),
        _own_name(
            "mx", "First mail server", "Its host name, only if Postal is to receive the mail."
        ),
        _own_name("mx2", "Second mail server", "Its host name, if Postal shows a second one."),
    ),
    recipe=(
        replace(
            spf("include:{spf_include}", "your Postal"),
            value="v=spf1 a mx include:{spf_include} ~all",
            without="Postal shows the domain as incomplete, and SPF may fail for its mail.",
        ),
        dkim_key(
            "{dkim_prefix}-{id}",
            "v=DKIM1; t=s; h=sha256; p={public_key};",
            "Postal",
            "Postal signs with the key of its own name, which does not align for DMARC.",
            "Postal compares letter for letter: publish exactly this text. With any other order of "
            "tags Postal does not use the key.",
        ),
        replace(
            return_path(
                "{return_path}",
                "{return_path_domain}",
                "The return path is the name of your Postal, and DMARC depends on DKIM alone.",
            ),
            required=False,
        ),
        _server("mx"),
        _server("mx2"),
        replace(
            ownership("{prefix} {token}", "Postal", "The domain is not verified and cannot send."),
            when=_BY_DNS,
        ),
    ),
    steps=(
        "In Postal open the mail server, add the domain and choose how to verify it.",
        "Copy here what Postal shows under verification and DNS setup, and publish the records.",
        "Let Postal verify the domain and check its records.",
        "Under Credentials make a credential of type SMTP.",
        "Enter the host name of your Postal, organization/server as user name and the key as "
        "password.",
    ),
    pitfalls=(
        "Postal listens on port 25 unless your installation opens others; many clouds block 25.",
        "STARTTLS is offered only once the installation has a certificate and TLS is switched on.",
        "Postal makes DKIM keys of 1024 bits, which some receivers call weak.",
        "A DKIM record that is valid but not written exactly as shown is wrong for Postal.",
        "Publish all MX records of Postal or none: with only some of them its check fails.",
    ),
    errors=(
        KnownError(
            "530 From/Sender name is not valid",
            "The domain of the From address is not verified at this mail server.",
            "Add and verify that domain in Postal.",
            _CODE,
        ),
        KnownError(
            "535 Invalid credential, or 535 Denied",
            "The password is not the key of an SMTP credential; Denied means a wrong user name.",
            "Copy the key again, and use organization/server as user name.",
            _CODE,
        ),
        KnownError(
            "535 Mail server has been suspended",
            "An administrator of Postal has stopped this mail server.",
            "Ask the administrator why; no change here helps.",
            _CODE,
        ),
        KnownError(
            "502 TLS not available",
            "TLS is not switched on in the SMTP server of the installation.",
            "Give Postal a certificate and set tls_enabled in its configuration.",
            _CODE,
        ),
    ),
    headers=("X-Postal-Tag",),
    shapes=(
        expected(
            "postal.password-shape",
            "password",
            r"[A-Za-z0-9]{24}",
            (
                "The key of a Postal credential has 24 letters and digits. Check that it was "
                "copied whole and is not the password of the web interface."
            ),
        ),
    ),
    tls_mandatory=False,
    docs=_DOCS,
    source=Source(
        _DOCS,
        "2026-10",
        Confidence.MEDIUM,
        "Ports, names and prefixes depend on the installation; the defaults are those of the code.",
    ),
    further_sources=(
        _CODE,
        Source("https://docs.postalserver.io/features/smtp-authentication", "2026-10"),
    ),
)
