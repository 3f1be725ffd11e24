"""Gmail: a person's mailbox; an app password logs in, and From is rewritten to the account."""

from smtp.providers.base import Category, KnownError, Limit, Provider, Shape, Source
from smtp.providers.parts import FUSIONAUTH, NODEMAILER, expected, starttls, tls

_PORTS = (*starttls(587), *tls(465))
_DOCS = "https://support.google.com/mail/answer/185833"
_PASSWORDS = "https://myaccount.google.com/apppasswords"


def app_password(slug: str) -> Shape:
    """Return the rule for the app passwords of every kind of Google account."""
    return expected(
        f"{slug}.password-shape",
        "password",
        r"(?:[a-z]{4} *){4}",
        (
            "A Google app password has 16 letters, shown in four groups. Check that it was copied "
            "whole and is not the password of the account."
        ),
    )


PROVIDER = Provider(
    slug="gmail",
    name="Gmail",
    summary="A personal Google mailbox: fine for a few mails a day, not for an application.",
    host="smtp.gmail.com",
    ports=_PORTS,
    recommended=_PORTS[0],
    category=Category.MAILBOX,
    aliases=("googlemail", "google-mail", "gmail.com"),
    username="The full Gmail address, including @gmail.com.",
    password=(  # noqa: S106 - the rule in words
        "An app password of 16 letters, with or without the blanks between its groups. It needs "
        "2-Step Verification. Not the password of the Google account."
    ),
    sender=(
        "The account's address or an alias confirmed under “Send mail as”. Google rewrites any "
        "other From to the account's address, without an error."
    ),
    sandbox="A new account can send at once, but Gmail is not meant for production use.",
    limits=(Limit("500 messages a day, 100 recipients in each.", year="2026"),),
    steps=(
        "Switch on 2-Step Verification for the Google account.",
        f"Open {_PASSWORDS}, make an app password and copy it at once.",
        "Enter the full Gmail address as user name and the app password as password.",
        "To send from another address, first confirm it in Gmail under “Send mail as”.",
        "Send a test mail; a copy of it stays in the folder of sent mail.",
    ),
    pitfalls=(
        "The page for app passwords is not linked from the security settings; open its address.",
        "Changing the password of the Google account cancels all of its app passwords.",
        "Access for “less secure apps” no longer exists; guides that speak of it are out of date.",
        "Only Google can authenticate gmail.com: mail from such an address fails DMARC when any "
        "other service sends it.",
        "Every mail also appears among the sent mail of the account.",
        "For production use choose Google Workspace or another service.",
        "Google also accepts OAuth 2.0 (XOAUTH2); Relaydesk logs in with the app password.",
    ),
    errors=(
        KnownError(
            "535-5.7.8 Username and Password not accepted",
            "The password is that of the account, not an app password.",
            f"Make an app password at {_PASSWORDS} and enter that.",
        ),
        KnownError(
            "534-5.7.9 Application-specific password required",
            "2-Step Verification is on, and the ordinary password was used.",
            f"Make an app password at {_PASSWORDS} and enter that.",
        ),
        KnownError(
            "550 5.4.5 Daily user sending limit exceeded",
            "The account has sent as much as it may in 24 hours.",
            "Wait 24 hours, or send through a service made for more.",
        ),
    ),
    shapes=(
        expected(
            "gmail.username-shape",
            "username",
            r"[^@\s]+@(?:gmail|googlemail)\.com",
            (
                "The user name is the full Gmail address. "
                "For an account at your own domain choose Google Workspace."
            ),
        ),
        app_password("gmail"),
    ),
    sender_is_login=True,
    sends_for=("gmail.com", "googlemail.com"),
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(NODEMAILER, FUSIONAUTH),
)
