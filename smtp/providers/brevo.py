"""Brevo: an SMTP key as password; an unauthenticated domain is replaced by one of Brevo's own."""

from dataclasses import replace

from smtp.providers.base import (
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
from smtp.providers.parts import (
    DMARC,
    HOST,
    LABEL,
    PUBLIC_KEY,
    SELECTOR,
    expected,
    never,
    starttls,
    tls,
)

_DOCS = "https://developers.brevo.com/docs/smtp-integration"
_HELP = "https://help.brevo.com/hc/en-us/articles"
_SEEN = Source(
    "",
    "2026-10",
    Confidence.MEDIUM,
    "Seen in public zones of customers; no page of Brevo's was found that names the targets.",
)
_ALIASES = {"dkim": ("cname",)}
_KEY = {"dkim": ("txt_legacy",)}


def _dkim_alias(number: int) -> RecordTemplate:
    return RecordTemplate(
        purpose=Purpose.DKIM,
        type="CNAME",
        host=f"brevo{number}._domainkey",
        value=f"b{number}.{{domain_dashes}}.dkim.brevo.com",
        match=Match.CNAME,
        why="One of two aliases to the keys Brevo signs with.",
        without="The domain is not authenticated, and Brevo replaces your From address.",
        note="The target has the domain in it, with a hyphen for each dot.",
        when=_ALIASES,
    )


def _branding(purpose: Purpose, before: str, what: str) -> RecordTemplate:
    """Return one of the three aliases of the branding; `before` is what precedes its label."""
    return RecordTemplate(
        purpose=purpose,
        type="CNAME",
        host=f"{before}.{{brand}}" if before else "{brand}",
        value=f"{{{before or 'brand'}_target}}",
        match=Match.CNAME,
        required=False,
        why=f"Puts {what} under your own domain.",
        without=f"Recipients see a domain of Brevo's in {what}.",
        note="Take a name that has no other records: an alias stands alone.",
        source=_SEEN,
    )


def _target(name: str, host: str) -> Input:
    return Input(
        name=f"{name}_target",
        label=f"Target of {host}",
        help=f"The host name the console shows as the value of {host}.",
        required=False,
        pattern=HOST,
    )


PROVIDER = Provider(
    slug="brevo",
    name="Brevo",
    summary="Marketing and transactional mail from France, known as Sendinblue until 2023.",
    host="smtp-relay.brevo.com",
    ports=(*starttls(587, 2525), *tls(465)),
    recommended=starttls(587)[0],
    aliases=("sendinblue",),
    username=(
        "The SMTP login on the page of the SMTP keys: an id such as 1234567001@smtp-brevo.com, "
        "in older accounts the account's e-mail address."
    ),
    password=(  # noqa: S106 - the rule in words
        "An SMTP key; it begins with xsmtpsib-. Not an API key (xkeysib-) and not the account "
        "password."
    ),
    sender=(
        "Any address of an authenticated domain. Brevo replaces the address of any other domain "
        "by one of brevosend.com."
    ),
    sandbox="SMTP of a new account may stay closed until Brevo's support activates it.",
    limits=(Limit("Free plan: 300 messages a day.", year="2026"),),
    inputs=(
        Input(
            name="prefix",
            label="Word before the code",
            help="What stands before the colon in the code record the console shows.",
            choices=("brevo-code", "sendinblue-code"),
            default="brevo-code",
        ),
        Input(
            name="token",
            label="Brevo code",
            help="The 32 characters after the colon of the code record.",
            pattern=r"[0-9A-Fa-f]{32}",
        ),
        Input(
            name="dkim",
            label="Kind of DKIM",
            help="New domains get two CNAME records; older ones have a TXT record with a key.",
            choices=("cname", "txt_legacy"),
            labels={
                "cname": "CNAME at brevo1 and brevo2",
                "txt_legacy": "TXT with a key at mail (older domains)",
            },
            default="cname",
        ),
        replace(SELECTOR, default="mail", when=_KEY),
        replace(PUBLIC_KEY, when=_KEY),
        Input(
            name="brand",
            label="Branding subdomain",
            help=(
                "Only the part before your domain, such as news; never one in use, such as mail. "
                "Leave it empty without branding."
            ),
            required=False,
            pattern=LABEL,
        ),
        _target("brand", "the branding subdomain"),
        _target("r", "its name with r. before it"),
        _target("img", "its name with img. before it"),
    ),
    recipe=(
        RecordTemplate(
            purpose=Purpose.CHALLENGE,
            type="TXT",
            host="@",
            value="{prefix}:{token}",
            match=Match.EXACT,
            why="Proves to Brevo that the domain is yours.",
            without="The domain is not authenticated, and Brevo replaces your From address.",
            note="No blank after the colon.",
        ),
        _dkim_alias(1),
        _dkim_alias(2),
        RecordTemplate(
            purpose=Purpose.DKIM,
            type="TXT",
            host="{selector}._domainkey",
            value="k=rsa;p={public_key}",
            match=Match.DKIM_KEY,
            why="Holds the key Brevo signs with.",
            without="The domain is not authenticated, and Brevo replaces your From address.",
            note="The key has 1024 bits. A tag v=DKIM1 before it is allowed, not needed.",
            when=_KEY,
        ),
        replace(
            DMARC,
            value="v=DMARC1; p=none; rua=mailto:rua@dmarc.brevo.com",
            required=True,
            without="The domain is not authenticated, and Brevo replaces your From address.",
            note="If there is a policy already, add this rua address to it; never publish two.",
        ),
        _branding(Purpose.RETURN_PATH, "", "bounce addresses"),
        _branding(Purpose.TRACKING, "r", "tracked links"),
        _branding(Purpose.TRACKING, "img", "images"),
    ),
    steps=(
        "In Brevo add the domain and choose to authenticate it yourself.",
        "Copy the code here, choose the kind of DKIM the console shows, and publish the records.",
        "Let Brevo authenticate the domain and add the sender address.",
        "Create an SMTP key; enter it as password, and the SMTP login beside it as user name.",
        "If the account is not activated yet, ask Brevo's support to activate SMTP.",
    ),
    pitfalls=(
        "An API key is no SMTP key: only xsmtpsib- works here.",
        "The branding alias at a name in use, such as mail, takes the host there off the net.",
        "SMTP keys that have not been used for long are deactivated.",
        "Links are rewritten for tracking unless it is switched off.",
        "An SPF include is not asked for: the return path is a domain of Brevo's, and DMARC "
        "passes through DKIM.",
        "Dedicated IP addresses come with records of the account's own; add those by hand.",
        "If the console shows other selectors than brevo1 and brevo2, its records are right.",
    ),
    errors=(
        KnownError(
            "502 5.7.0 Your SMTP account is not yet activated",
            "Brevo has not approved the account for SMTP.",
            "Write to Brevo's support and ask for activation.",
        ),
        KnownError(
            "535 5.7.8 Authentication failed",
            "The password is an API key or the account password, or the SMTP key has expired.",
            "Create an SMTP key and use it with the SMTP login.",
        ),
        KnownError(
            "525 5.7.1 Unauthorized IP address",
            "The account accepts listed IP addresses only, and this server is not among them.",
            "Add the server's address to the authorised ones in Brevo's security settings.",
        ),
    ),
    headers=("X-Mailin-Tag", "X-Mailin-custom"),
    shapes=(
        never(
            "brevo.password-api-key",
            "password",
            r"xkeysib-.*",
            "This is an API key, which is refused over SMTP. An SMTP key begins with xsmtpsib-.",
        ),
        expected(
            "brevo.password-shape",
            "password",
            r"xsmtpsib-\S+",
            "An SMTP key of Brevo begins with xsmtpsib-. Check that this is not another password.",
        ),
        expected(
            "brevo.username-shape",
            "username",
            r"[^@\s]+@[^@\s]+",
            "Brevo's SMTP login looks like an e-mail address. It stands beside the SMTP keys.",
        ),
    ),
    unneeded=("include:spf.brevo.com", "include:spf.sendinblue.com"),
    domain_connect=("brevo.com/domain-authentication",),
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        Source(f"{_HELP}/17286219877778", "2026-10"),
        Source(f"{_HELP}/10415456027666", "2026-10"),
        Source("https://github.com/Domain-Connect/Templates", "2026-10"),
        _SEEN,
    ),
)
