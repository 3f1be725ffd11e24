"""Yandex 360: an app password, and an SPF record that redirects while Yandex is the only sender."""

from dataclasses import replace

from smtp.providers.base import (
    Category,
    Confidence,
    Input,
    KnownError,
    Limit,
    Provider,
    Scope,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    NODEMAILER,
    PUBLIC_KEY,
    dkim_key,
    expected,
    full_address,
    mail_server,
    ownership,
    spf,
    starttls,
    tls,
)

_DOCS = "https://yandex.com/support/mail/mail-clients/others.html"
_LIMITS = Source(
    "https://yandex.com/support/mail/web/letter/create/send-many-letters.html",
    "2026-10",
    Confidence.LOW,
    "The page is about free mailboxes; whether a plan of Yandex 360 allows more was not found.",
)

PROVIDER = Provider(
    slug="yandex360",
    name="Yandex 360",
    summary="Mailboxes of Yandex, also with a domain of your own.",
    host="smtp.yandex.{tld}",
    ports=(*tls(465), *starttls(587)),
    recommended=tls(465)[0],
    category=Category.MAILBOX,
    aliases=("yandex", "yandex mail", "yandex connect", "pdd yandex"),
    username="The full address of the mailbox.",
    password=(  # noqa: S106 - the rule in words
        "An app password for Mail, made at id.yandex. Not the password of the Yandex account."
    ),
    sender="The mailbox that logs in, or one of its aliases.",
    sender_is_login=True,
    sandbox="A mailbox refuses programs until access for them is switched on in its mail settings.",
    limits=(
        Limit("Each mailbox: 500 recipients in 24 hours.", source=_LIMITS),
        Limit("Each message over SMTP: 35 recipients.", source=_LIMITS),
    ),
    inputs=(
        Input(
            name="tld",
            label="Host",
            help="Both names are the same service; .com is meant for accounts outside Russia.",
            scope=Scope.SETTING,
            choices=("ru", "com"),
            labels={"ru": "smtp.yandex.ru", "com": "smtp.yandex.com"},
            default="ru",
        ),
        Input(
            name="token",
            label="Verification code",
            help="The 16 characters that follow “yandex-verification: ” in the TXT record.",
            pattern=r"[0-9A-Fa-f]{16}",
        ),
        PUBLIC_KEY,
    ),
    recipe=(
        ownership(
            "yandex-verification: {token}",
            "Yandex",
            "The domain is not verified and has no mailboxes.",
            "A colon and a blank stand before the code.",
        ),
        mail_server("mx.yandex.net", 10, "Yandex"),
        replace(
            spf("include:_spf.yandex.net", "Yandex"),
            value="v=spf1 redirect=_spf.yandex.net",
            note=(
                "With a second sender write include:_spf.yandex.net in place of the redirect, and "
                "end the record with ~all."
            ),
        ),
        dkim_key(
            "mail",
            "v=DKIM1; k=rsa; t=s; p={public_key}",
            "Yandex",
            "The signature cannot be checked, and DMARC depends on SPF alone.",
            "Another service may hold this name already; two keys cannot share it.",
        ),
        DMARC,
    ),
    steps=(
        "In the organisation's admin console add the domain and copy the verification code here.",
        "Publish the records shown, and copy the DKIM key from the domain's page in the console.",
        "Create the mailbox that will send and sign in to it once.",
        "In its mail settings switch on access for mail programs.",
        "At id.yandex make an app password for Mail and enter it with the full address.",
    ),
    pitfalls=(
        "Receivers ignore the redirect as soon as the SPF record contains “all”: with a second "
        "sender write include:_spf.yandex.net and end with ~all.",
        "Older Brevo domains and many hosting panels use mail._domainkey too; only one key can "
        "stand there.",
        "The account's password is refused over SMTP; only an app password works.",
        "A From address that the mailbox does not own is refused.",
    ),
    errors=(
        KnownError(
            "535 5.7.8 Error: authentication failed: "
            "This user does not have access rights to this service",
            "Access for mail programs is off, or the account's password was used.",
            "Switch access on in the mail settings and use an app password.",
        ),
        KnownError(
            "553 5.7.1 Sender address rejected: not owned by auth user",
            "The From address is neither the mailbox nor one of its aliases.",
            "Use the address of the mailbox that logs in.",
        ),
        KnownError(
            "554 5.7.1 Message rejected under suspicion of SPAM",
            "Yandex's filter objects to the content, or more is sent than usual.",
            "Send less and plainer mail; if that does not help, ask Yandex's support.",
        ),
    ),
    shapes=(
        full_address("yandex", "Yandex"),
        expected(
            "yandex.password-shape",
            "password",
            r"(?:[a-z]\s*){16}",
            (
                "An app password of Yandex has 16 letters. If this is the password of the account, "
                "make an app password for Mail at id.yandex."
            ),
        ),
    ),
    sends_for=("yandex.com", "yandex.ru"),
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(NODEMAILER,),
)
