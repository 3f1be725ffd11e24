"""Hints: a password of the wrong kind, by the service that tells so."""

from smtp.hints.base import Hint, Rule
from smtp.hints.corrections import fixed_username

APP_PASSWORD = Hint(
    code="auth-app-password",
    category="auth-app-password",
    title="The service wants an app password, not the password of the account",
    why="Mailbox services refuse the ordinary password for programs and give out separate ones.",
    steps=(
        "Turn on two-step verification for the account.",
        "Make an app password (some call it an authorisation code) in its security settings.",
        "Enter that here as password, without blanks; the user name is the full e-mail address.",
    ),
    field="password",
)
APP_PASSWORD_GMAIL = Hint(
    code="auth-app-password.gmail",
    category="auth-app-password",
    title="Google wants an app password, not the password of the account",
    why="Gmail and Google Workspace refuse the ordinary password for programs.",
    steps=(
        "Turn on 2-Step Verification for the Google account.",
        "Make an app password; it has 16 letters.",
        "Enter it here as password, without blanks; the user name is the full address.",
        "If there is no such page, the Workspace administrator has switched app passwords off.",
    ),
    field="password",
    link="https://myaccount.google.com/apppasswords",
)
SES = Hint(
    code="auth-wrong-credential-type.ses",
    category="auth-wrong-credential-type",
    title="SES does not accept these SMTP credentials",
    why="Either the password is an IAM secret access key, or the credentials belong to another "
    "region than {host}. SES gives the same answer for both.",
    steps=(
        "In the SES console choose the region of the host, open SMTP settings and create SMTP "
        "credentials.",
        "Enter that user name (begins with AKIA) and password (44 characters, begins with B).",
        "IAM keys that work for the AWS API do not work here.",
    ),
    field="password",
    link="https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html",
)
SES_IAM = Hint(
    code="auth-wrong-credential-type.ses-iam",
    category="auth-wrong-credential-type",
    title="The password looks like an IAM secret access key, which SES does not accept",
    why="{shape}",
    steps=(
        "In the SES console choose the region of the host, open SMTP settings and create SMTP "
        "credentials.",
        "Enter the user name and the password made there.",
    ),
    field="password",
    link="https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html",
)
SES_POLICY = Hint(
    code="auth-wrong-credential-type.ses-policy",
    category="auth-wrong-credential-type",
    title="The IAM user behind these credentials may not send with this identity",
    why="The login is right, but the user's policy does not allow ses:SendRawEmail here.",
    steps=(
        "Allow ses:SendRawEmail for this identity in the policy of the IAM user.",
        "Or create new SMTP credentials in the SES console, which makes a user that may send.",
        "Check that the From address belongs to an identity of this region.",
    ),
    field="username",
)
SCALEWAY = Hint(
    code="auth-wrong-credential-type.scaleway",
    category="auth-wrong-credential-type",
    title="Scaleway does not accept this Project ID and secret key",
    why="The user name must be the Project ID and the password the secret key of an IAM API key "
    "that may send. An e-mail address or an access key (SCW…) is always refused.",
    steps=(
        "Enter the Project ID, a UUID, as user name.",
        "Enter the secret key, also a UUID, as password.",
        "Check that the key's application has TransactionalEmailFullAccess for this project.",
    ),
    field="username",
)
ELASTX = Hint(
    code="auth-bad-credentials.elastx",
    category="auth-bad-credentials",
    title="Elastx does not accept this user account and password",
    why="Only the account issued by Elastx support for the mail relay works here.",
    steps=(
        "Enter the user account as issued; it looks like an e-mail address.",
        "Enter the password issued with it, not the one of the portal or of OpenStack.",
        "Ask Elastx support for a new password if it is lost.",
    ),
    field="password",
)
FIXED_NAME = Hint(
    code="auth-wrong-credential-type.user-name",
    category="auth-wrong-credential-type",
    title="This service has one user name for everybody, and it is another one",
    why="The API key is the password, and the user name is a fixed word.",
    steps=(
        "Enter the fixed word as user name: apikey for SendGrid, resend for Resend, "
        "SMTP_Injection for SparkPost.",
        "Enter the API key as password.",
    ),
    field="username",
)
WRONG_KIND = Hint(
    code="auth-wrong-credential-type",
    category="auth-wrong-credential-type",
    title="This secret may not be used to send mail",
    why="It is valid, but of another kind, or it lacks the permission to send.",
    steps=(
        "Make SMTP credentials, or a key with the permission to send, at the service.",
        "Enter them here with the user name the service names for them.",
    ),
    field="password",
)

LOOK = Hint(
    code="auth-wrong-credential-type.look",
    category="auth-wrong-credential-type",
    title="The password does not look like one of {service}",
    why="{shape}",
    steps=(
        "Make SMTP credentials at the service, as its page here tells, and copy them whole.",
        "Enter the new password here, and the user name that belongs to it.",
    ),
    field="password",
)
BLANKS = Hint(
    code="auth-bad-credentials.blanks",
    category="auth-bad-credentials",
    title="There are blanks around the password",
    why="{shape} Mostly they were copied along by mistake, and the server counts them.",
    steps=(
        "Enter the password again without the blanks before and after it.",
        "If they do belong to it, the password itself is wrong: make a new one at the service.",
    ),
    field="password",
)
QUOTES = Hint(
    code="auth-bad-credentials.quotes",
    category="auth-bad-credentials",
    title="There are quotation marks around the password",
    why="{shape} Mostly they come from a configuration file, and the server counts them.",
    steps=(
        "Enter the password again without the quotation marks around it.",
        "If they do belong to it, the password itself is wrong: make a new one at the service.",
    ),
    field="password",
)

_FIXED_NAMES = {"sendgrid": "apikey", "resend": "resend", "sparkpost": "SMTP_Injection"}
# Mailbox services that refuse the password of the account.
_NOT_THE_SECRET = (
    r"disabled|switched off|locked|suspended|too many|temporar|did not meet the criteria",
    r"web ?browser|captcha|not authori[sz]ed to perform",
)
_MAILBOXES = ("yahoo", "icloud", "qq", "163", "fastmail", "yandex", "mailru", "zoho")

RULES = (
    *(
        Rule(
            hint=FIXED_NAME,
            services=(service,),
            codes=(535, 451),
            says=(r"auth|credential|password|key",),
            username=rf"(?!{name}$).*",
            correct=fixed_username(name),
        )
        for service, name in _FIXED_NAMES.items()
    ),
    Rule(
        hint=SES_POLICY,
        services=("aws-ses",),
        says=(r"not authori[sz]ed to perform", r"access denied: user"),
    ),
    Rule(hint=SES_IAM, services=("aws-ses",), codes=(535,), shape=r"ses\.iam-secret"),
    Rule(
        hint=APP_PASSWORD_GMAIL,
        services=("gmail",),
        codes=(534, 535),
        shape=r".+\.password-shape",
        unless=(r"oauth|token", *_NOT_THE_SECRET),
    ),
    Rule(
        hint=APP_PASSWORD,
        services=_MAILBOXES,
        codes=(534, 535),
        shape=r".+\.password-shape",
        unless=_NOT_THE_SECRET,
    ),
    Rule(hint=BLANKS, codes=(534, 535), shape=r"password\.blanks", unless=_NOT_THE_SECRET),
    Rule(hint=QUOTES, codes=(534, 535), shape=r"password\.quotes", unless=_NOT_THE_SECRET),
    Rule(hint=LOOK, codes=(534, 535), shape=r"(?!password\.).+", unless=_NOT_THE_SECRET),
    Rule(hint=SES, services=("aws-ses",), codes=(535,)),
    Rule(hint=SES, services=("aws-ses",), says=(r"authentication credentials invalid",)),
    Rule(hint=SCALEWAY, services=("scaleway-tem",), codes=(535,)),
    Rule(hint=ELASTX, services=("elastx",), codes=(535,)),
    Rule(
        hint=APP_PASSWORD_GMAIL,
        services=("gmail",),
        says=(
            r"badcredentials|invalidsecondfactor",
            r"password not accepted",
            r"app\w*[- ](?:specific )?password",
        ),
        unless=(r"oauth|token",),
    ),
    Rule(
        hint=APP_PASSWORD_GMAIL,
        services=("gmail",),
        codes=(534, 535),
        unless=(r"web ?browser", r"oauth|token"),
    ),
    Rule(
        hint=APP_PASSWORD,
        services=_MAILBOXES,
        codes=(534, 535),
        unless=(
            r"access (?:rights )?to|\benable\b",
            r"incorrect authentication data",
            r"must be (?:the )?same",
        ),
    ),
    Rule(
        hint=APP_PASSWORD,
        says=(
            r"app\w*[- ](?:specific[- ])?password|less secure app",
            r"second ?factor|two[- ](?:factor|step)|\b2fa\b|2-step",
            r"authori[sz]ation code|enter your authori[sz]ation|授权码",
            r"third[- ]party (?:app|client)",
        ),
    ),
    Rule(hint=APP_PASSWORD, codes=(534,), enhanced=("5.7.9",)),
    Rule(
        hint=WRONG_KIND,
        says=(
            r"(?:key|token|user|credential)s?\b.{0,60}(?:permission|scope|privilege)",
            r"(?:key|token|user|credential)s?\b.{0,60}not authori[sz]ed to",
            r"no authentication type succeeded",  # SparkPost
            r"smtp (?:password|key|credentials?) (?:instead|required)",
        ),
        unless=(
            r"oauth|access token|refresh token",
            r"send ?as|send (?:e?-?mail )?(?:from|on behalf)",
        ),
    ),
)
