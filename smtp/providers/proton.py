"""Proton Mail: direct SMTP for addresses in own domains, with a token for each address."""

from dataclasses import replace

from smtp.providers.base import (
    Category,
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
    NODEMAILER,
    dkim_alias,
    full_address,
    mail_server,
    ownership,
    spf,
    starttls,
)

_PORTS = starttls(587)
_DOCS = "https://proton.me/support/smtp-submission"


def _alias(selector: str) -> RecordTemplate:
    return dkim_alias(
        selector,
        f"{selector}.domainkey.{{dkim_hash}}.domains.proton.ch",
        "Proton",
        "Proton cannot sign as your domain, and DMARC depends on SPF alone.",
        "One of three. The name has an underscore before domainkey, the target has none.",
    )


PROVIDER = Provider(
    slug="proton",
    name="Proton Mail",
    summary="Encrypted mailboxes from Switzerland; some plans let programs send through them.",
    host="smtp.protonmail.ch",
    ports=_PORTS,
    recommended=_PORTS[0],
    category=Category.MAILBOX,
    aliases=("protonmail", "proton mail", "proton.me"),
    username="The address in your own domain for which the SMTP token was made.",
    password=(  # noqa: S106 - the rule in words
        "The SMTP token of that address. Not the password of the Proton account, and not the "
        "password that Proton Mail Bridge shows."
    ),
    sender="Exactly the address of the token.",
    sender_is_login=True,
    sandbox=(
        "Only some business plans, Visionary and Family have SMTP tokens, and only for addresses "
        "in a domain of your own. With other plans you need Proton Mail Bridge on the machine that "
        "sends; for that choose “Other SMTP server”."
    ),
    limits=(
        Limit(
            "How much may be sent depends on the plan.",
            source=Source(
                "",
                "2026-10",
                Confidence.LOW,
                "No page of Proton's with the numbers was found.",
            ),
        ),
    ),
    inputs=(
        Input(
            name="hash",
            label="Verification code",
            help="What follows protonmail-verification= in the TXT record Proton shows.",
            pattern=r"[A-Za-z0-9]+",
        ),
        Input(
            name="dkim_hash",
            label="Account part of the DKIM targets",
            help=(
                "The long part between domainkey and domains.proton.ch, the same in all three "
                "targets. It begins with d and is not the verification code."
            ),
            pattern=r"[Dd][A-Za-z0-9]{19,62}",
        ),
    ),
    recipe=(
        ownership(
            "protonmail-verification={hash}", "Proton", "The domain cannot be used at Proton."
        ),
        mail_server("mail.protonmail.ch", 10, "Proton"),
        mail_server("mailsec.protonmail.ch", 20, "Proton"),
        replace(
            spf("include:_spf.protonmail.ch", "Proton"),
            note="Older instructions also contain mx; Proton no longer needs it.",
        ),
        _alias("protonmail"),
        _alias("protonmail2"),
        _alias("protonmail3"),
        replace(DMARC, value="v=DMARC1; p=quarantine"),
    ),
    steps=(
        "In Proton Mail add the domain and copy the verification code and the DKIM targets here.",
        "Publish the records and let Proton verify the domain.",
        "Create the address you will send from in that domain.",
        "Under Settings, IMAP/SMTP, make an SMTP token for this very address and store it at once.",
        "Enter the address as user name and as From address, and the token as password.",
    ),
    pitfalls=(
        "Many guides know only Bridge at 127.0.0.1; a plan that has tokens does not need it.",
        "The DKIM targets say domainkey without an underscore; copying ._domainkey. breaks them.",
        "A token belongs to one address: another From address needs another token.",
        "Mail sent this way is not end-to-end encrypted when it goes to other services.",
    ),
    errors=(
        KnownError(
            "535 5.7.8 authentication failed, or 454 4.7.0",
            "The account password is used, or the token of another address.",
            "Make a token for exactly the address that is the user name.",
        ),
    ),
    shapes=(
        full_address("proton", "Proton"),
        Shape(
            "proton.username-not-own-domain",
            "username",
            r".+@(?:proton\.me|protonmail\.com|protonmail\.ch|pm\.me)",
            (
                "SMTP tokens exist only for addresses in a domain of your own, not in Proton's. "
                "Use such an address, or Proton Mail Bridge."
            ),
            wanted=False,
        ),
    ),
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        NODEMAILER,
        Source("", "2026-10", about="The DNS records are the same in ten public zones."),
    ),
)
