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
    ADDRESS,
    DMARC,
    DOMAIN_CONNECT,
    HOST,
    LABEL,
    PUBLIC_KEY,
    SELECTOR,
    dkim_alias,
    dkim_key,
    expected,
    never,
    ownership,
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
_REPLACED = "The domain is not authenticated, and Brevo replaces your From address."


def _alias(number: int) -> RecordTemplate:
    target = f"b{number}.{{domain_dashes}}.dkim.brevo.com"
    note = "The target has the domain in it, with a hyphen for each dot."
    return replace(
        dkim_alias(f"brevo{number}", target, "Brevo", _REPLACED, note),
        when=_ALIASES,
    )


def _branding(purpose: Purpose, before: str, what: str) -> RecordTemplate:
    """Return one of the three records of the branding; `before` is what precedes its label."""
    return RecordTemplate(
        purpose=purpose,
        type="CNAME",
        host=f"{before}.{{brand}}" if before else "{brand}",
        value=f"{{{before or 'brand'}_target}}",
        match=Match.CNAME,
        required=False,
        why=f"Puts {what} under your own domain.",
        without=f"Recipients see a domain of Brevo's in {what}.",
        note="Choose a name without other records: a CNAME record must stand alone.",
        source=_SEEN,
    )


def _target(name: str, host: str) -> Input:
    return Input(
        name=f"{name}_target",
        label=f"Target of {host}",
        help="The host name the console shows as the value of that CNAME record.",
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
        "The SMTP login on the page of the SMTP keys: an id such as 1234567001@smtp-brevo.com, or "
        "in older accounts the account's e-mail address."
    ),
    password=(  # noqa: S106 - the rule in words
        "An SMTP key; it begins with xsmtpsib-. Not an API key (xkeysib-) and not the account "
        "password."
    ),
    sender=(
        "Any address of an authenticated domain. Brevo replaces an address of any other domain "
        "with one of brevosend.com."
    ),
    sandbox="A new account may have to wait until Brevo's support activates SMTP for it.",
    limits=(Limit("Free plan: 300 messages a day.", year="2026"),),
    inputs=(
        Input(
            name="prefix",
            label="Kind of Brevo code",
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
            label="DKIM records the console shows",
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
                "Only the part before your domain, such as news; never a name in use, such as "
                "mail. Leave it empty without branding."
            ),
            required=False,
            pattern=LABEL,
        ),
        _target("brand", "the branding subdomain"),
        _target("r", "r. and the branding subdomain"),
        _target("img", "img. and the branding subdomain"),
    ),
    recipe=(
        ownership("{prefix}:{token}", "Brevo", _REPLACED, "No blank after the colon."),
        _alias(1),
        _alias(2),
        replace(
            dkim_key("{selector}", "k=rsa;p={public_key}", "Brevo", _REPLACED),
            note="The key has 1024 bits. The tag v=DKIM1 may stand before it.",
            when=_KEY,
        ),
        replace(
            DMARC,
            value="v=DMARC1; p=none; rua=mailto:rua@dmarc.brevo.com",
            required=True,
            without=_REPLACED,
            note="If there is a policy already, add this rua address to it; never publish two.",
        ),
        _branding(Purpose.RETURN_PATH, "", "bounce addresses"),
        _branding(Purpose.TRACKING, "r", "tracked links"),
        _branding(Purpose.TRACKING, "img", "images"),
    ),
    steps=(
        "In Brevo add the domain and choose to authenticate it yourself.",
        "Copy the code here, choose the DKIM records the console shows, and publish all records.",
        "Let Brevo authenticate the domain, then add the sender address.",
        "Create an SMTP key; enter it as password, and the SMTP login beside it as user name.",
        "If the account is not activated yet, ask Brevo's support to activate SMTP.",
    ),
    pitfalls=(
        "An API key is no SMTP key: only xsmtpsib- works here.",
        "A branding record at a name in use, such as mail, cuts off the server at that name.",
        "SMTP keys that have not been used for long are deactivated.",
        "Links are rewritten for tracking unless it is switched off.",
        "An SPF include is not asked for: the return path is a domain of Brevo's, and DMARC "
        "passes through DKIM.",
        "Dedicated IP addresses come with records of the account's own; add those by hand.",
        "If the console shows other selectors than brevo1 and brevo2, follow the console.",
    ),
    errors=(
        KnownError(
            "502 5.7.0 Your SMTP account is not yet activated",
            "Brevo has not approved the account for SMTP.",
            "Write to Brevo's support and ask for activation.",
        ),
        KnownError(
            "535 5.7.8 Authentication failed",
            "The password is an API key or the account password, or the SMTP key has expired or "
            "was revoked.",
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
            ADDRESS,
            "Brevo's SMTP login looks like an e-mail address. It stands beside the SMTP keys.",
        ),
    ),
    unneeded=("include:spf.brevo.com", "include:spf.sendinblue.com"),
    domain_connect=("brevo.com/domain-authentication",),
    docs=_DOCS,
    activity=Source(
        "https://help.brevo.com/hc/en-us/articles/360021533839-Manage-your-transactional-logs-and-email-previews",
        "2026-11",
    ),
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        Source(f"{_HELP}/17286219877778", "2026-10"),
        Source(f"{_HELP}/10415456027666", "2026-10"),
        DOMAIN_CONNECT,
        _SEEN,
    ),
)
