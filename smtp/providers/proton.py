"""Proton Mail: direct SMTP for addresses in own domains, with a token for each address."""

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
    Shape,
    Source,
)
from smtp.providers.parts import DMARC, expected, starttls

_PORTS = starttls(587)
_DOCS = "https://proton.me/support/smtp-submission"
_INCLUDE = "include:_spf.protonmail.ch"


def _server(value: str, priority: int) -> RecordTemplate:
    return RecordTemplate(
        purpose=Purpose.MX,
        type="MX",
        host="@",
        value=value,
        match=Match.MX,
        priority=priority,
        why="Brings the domain's mail, replies and bounces among it, to Proton.",
        without="Mail to the domain does not arrive at Proton.",
    )


def _alias(selector: str) -> RecordTemplate:
    return RecordTemplate(
        purpose=Purpose.DKIM,
        type="CNAME",
        host=f"{selector}._domainkey",
        value=f"{selector}.domainkey.{{dkim_hash}}.domains.proton.ch",
        match=Match.CNAME,
        why="One of three aliases to the keys Proton signs with, so that it can change them.",
        without="Proton cannot sign with a key of your domain, and DMARC rests on SPF alone.",
        note="The name has an underscore before domainkey, the target has none.",
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
        "The SMTP token of that address. Not the password of the Proton account, and not the one "
        "Proton Mail Bridge shows."
    ),
    sender="Exactly the address of the token.",
    sender_is_login=True,
    sandbox=(
        "Only some business plans, Visionary and Family have SMTP tokens, and only for addresses "
        "in own domains. Everybody else needs Proton Mail Bridge, which runs on the machine that "
        "sends; set that up as another SMTP server."
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
        RecordTemplate(
            purpose=Purpose.CHALLENGE,
            type="TXT",
            host="@",
            value="protonmail-verification={hash}",
            match=Match.EXACT,
            why="Shows Proton that the domain is yours.",
            without="The domain cannot be used at Proton.",
        ),
        _server("mail.protonmail.ch", 10),
        _server("mailsec.protonmail.ch", 20),
        RecordTemplate(
            purpose=Purpose.SPF,
            type="TXT",
            host="@",
            value=f"v=spf1 {_INCLUDE} ~all",
            match=Match.SPF,
            mechanisms=(_INCLUDE,),
            why="Names Proton as a permitted sender of the domain.",
            without="Receivers may treat your mail as forged.",
            note="Older instructions also had the mechanism mx in it; Proton needs it no longer.",
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
        "Many guides know only Bridge at 127.0.0.1; that is outdated where the plan has tokens.",
        "The DKIM targets say domainkey without an underscore; copying ._domainkey. breaks them.",
        "A token belongs to one address: another From address needs another token.",
        "Mail sent this way is not end-to-end encrypted on its way to other services.",
    ),
    errors=(
        KnownError(
            "535 5.7.8 authentication failed, or 454 4.7.0",
            "The account password is used, or the token of another address.",
            "Make a token for exactly the address that is the user name.",
        ),
    ),
    shapes=(
        expected(
            "proton.username-shape",
            "username",
            r"[^@\s]+@[^@\s]+",
            "Proton logs in with the full address for which the SMTP token was made.",
        ),
        Shape(
            "proton.username-not-own-domain",
            "username",
            r".+@(?:proton\.me|protonmail\.com|protonmail\.ch|pm\.me)",
            (
                "SMTP tokens are made for addresses in your own domain, not for those of Proton's. "
                "Use such an address, or Proton Mail Bridge."
            ),
            wanted=False,
        ),
    ),
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        Source(
            "https://github.com/nodemailer/nodemailer/blob/master/lib/well-known/services.json",
            "2026-10",
        ),
        Source("", "2026-10", about="The DNS records are the same in ten public zones."),
    ),
)
