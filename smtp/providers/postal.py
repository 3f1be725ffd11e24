"""Postal: a mail server to run yourself; its own names and prefixes appear in every record."""

from dataclasses import replace

from smtp.providers.base import (
    Category,
    Confidence,
    Input,
    KnownError,
    Limit,
    Match,
    Provider,
    Purpose,
    RecordTemplate,
    Source,
)
from smtp.providers.parts import HOST, LABEL, PUBLIC_KEY, expected, starttls

_PORTS = starttls(587, 25, 2525)
_DOCS = "https://docs.postalserver.io/"
_CODE = Source("https://github.com/postalserver/postal", "2026-04")
_BY_DNS = {"verification": ("dns",)}


def _server(name: str) -> RecordTemplate:
    return RecordTemplate(
        purpose=Purpose.MX,
        type="MX",
        host="@",
        value=f"{{{name}}}",
        match=Match.MX,
        required=False,
        optional=True,
        priority=10,
        why="Lets Postal receive the domain's mail.",
        without="Postal receives nothing; sending is not affected.",
        note="Only if all mail of the domain shall go to Postal. Postal then wants all of its MX.",
    )


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
        "Organization and mail server as Postal writes them, such as acme/news. With PLAIN and "
        "LOGIN any other word will do as well."
    ),
    password=(  # noqa: S106 - the rule in words
        "The key of a credential of type SMTP, made at the mail server in Postal. Not the password "
        "of the web interface, and not a key of type API."
    ),
    sender="Any address of a verified domain of the mail server or of its organization.",
    sandbox="A mail server in mode Development keeps every message and delivers none.",
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
            pattern=r"\S+",
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
        Input(
            name="return_path",
            label="Return-path subdomain",
            help="Only the part before your domain. Postal uses psrp unless it is set otherwise.",
            pattern=LABEL,
            default="psrp",
        ),
        _own_name(
            "return_path_domain",
            "Return-path target",
            "The host name the return-path record leads to. Leave it empty to do without.",
        ),
        _own_name(
            "mx", "First mail server", "Its host name, only if Postal shall receive the mail."
        ),
        _own_name("mx2", "Second mail server", "Its host name, if Postal shows a second one."),
    ),
    recipe=(
        RecordTemplate(
            purpose=Purpose.SPF,
            type="TXT",
            host="@",
            value="v=spf1 a mx include:{spf_include} ~all",
            match=Match.SPF,
            mechanisms=("include:{spf_include}",),
            why="Names your Postal as a permitted sender of the domain.",
            without="Postal shows the domain as incomplete, and receivers may doubt the mail.",
            note="If the domain already has an SPF record, put the include into that one.",
        ),
        RecordTemplate(
            purpose=Purpose.DKIM,
            type="TXT",
            host="{dkim_prefix}-{id}._domainkey",
            value="v=DKIM1; t=s; h=sha256; p={public_key};",
            match=Match.DKIM_KEY,
            why="Holds the key Postal signs with for this domain.",
            without="Postal signs with the key of its own name, which does not align for DMARC.",
            note=(
                "Postal compares letter for letter: publish exactly this text. Any other order of "
                "tags counts as wrong there, and Postal then does not use the key."
            ),
        ),
        RecordTemplate(
            purpose=Purpose.RETURN_PATH,
            type="CNAME",
            host="{return_path}",
            value="{return_path_domain}",
            match=Match.CNAME,
            required=False,
            why="Puts bounces under your own domain, so that SPF aligns for DMARC.",
            without="Mail is sent under the name of your Postal, and DMARC rests on DKIM alone.",
        ),
        _server("mx"),
        _server("mx2"),
        RecordTemplate(
            purpose=Purpose.CHALLENGE,
            type="TXT",
            host="@",
            value="{prefix} {token}",
            match=Match.EXACT,
            why="Shows Postal that the domain is yours.",
            without="The domain is not verified and cannot send.",
            when=_BY_DNS,
        ),
    ),
    steps=(
        "In Postal open the mail server, add the domain and choose how to verify it.",
        "Copy what the pages for verification and DNS setup show here, and publish the records.",
        "Let Postal verify the domain and check its records.",
        "Under Credentials make a credential of type SMTP.",
        "Enter the host name of your Postal, organization/server as user name and the key as "
        "password.",
    ),
    pitfalls=(
        "Postal listens on port 25 unless your installation opens others; many clouds block 25.",
        "STARTTLS is offered only once the installation has a certificate and TLS is switched on.",
        "Postal makes DKIM keys of 1024 bits, which some receivers call weak.",
        "A DKIM record that is right by the standard but written otherwise is wrong for Postal.",
        "The check for MX is satisfied by none of Postal's servers or by all, not by some.",
    ),
    errors=(
        KnownError(
            "530 From/Sender name is not valid",
            "The domain of the From address is not a verified one of the mail server.",
            "Add and verify that domain in Postal.",
            _CODE,
        ),
        KnownError(
            "535 Invalid credential, or 535 Denied",
            "The password is not the key of an SMTP credential; for Denied, the user name counts.",
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
