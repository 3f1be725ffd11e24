"""Hints: the login is refused."""

from smtp.hints.base import Hint, Rule
from smtp.outcome import Stage

BAD_CREDENTIALS = Hint(
    code="auth-bad-credentials",
    category="auth-bad-credentials",
    title="The server does not accept this user name and password",
    why="It understood the login and said no: one of the two is wrong, or of another account.",
    steps=(
        "Enter the password again; paste it, and look for blanks before and after it.",
        "Compare the user name with what the service asks for: often the full e-mail address.",
        "If both are right, make a new password at the service and enter it here.",
    ),
    field="password",
)
LOGIN_DEFERRED = Hint(
    code="auth-deferred",
    category="server-fault",
    title="The server cannot check the login at the moment",
    why="It answered with a temporary error, which says nothing about user name and password.",
    steps=("Try again in some minutes.", "If it lasts, look at the service's status page."),
)
DISABLED = Hint(
    code="auth-smtp-disabled",
    category="auth-smtp-disabled",
    title="Sending with a password is switched off for this account",
    why="The service knows the account but does not let it log in over SMTP with a password.",
    steps=(
        "Let the administrator of the mail service switch SMTP login on for this mailbox.",
        "If the service has ended password logins for good, send through another service.",
    ),
    field="username",
)
DISABLED_MICROSOFT = Hint(
    code="auth-smtp-disabled.microsoft",
    category="auth-smtp-disabled",
    title="Microsoft does not let this mailbox log in over SMTP",
    why="SMTP AUTH is off by default, for the whole organisation or for the mailbox; security "
    "defaults switch it off as well. The reply is the same when the password is wrong.",
    steps=(
        "In the Microsoft 365 admin center open the user, then Mail, then Manage email apps, and "
        "tick Authenticated SMTP.",
        "If it is ticked, check security defaults and Conditional Access, then the password.",
        "Microsoft is ending password logins for SMTP: plan for another service.",
    ),
    field="username",
    link="https://aka.ms/smtp_auth_disabled",
)
OAUTH = Hint(
    code="auth-oauth",
    category="auth-oauth",
    title="The login by token failed",
    why="The access token is expired, was made for another purpose, or could not be renewed.",
    steps=(
        "Sign in again to get a new refresh token, with the permission to send by SMTP.",
        "Check that the client id and secret are still valid.",
        "Relaydesk does not renew tokens: to send for longer, use an app password if there is one.",
    ),
    field="password",
)
TOKEN = Hint(
    code="auth-oauth.token",
    category="auth-oauth",
    title="The server does not accept this access token",
    why="Access tokens are valid for about an hour and only for what they were made for. This one "
    "is expired, of another account, or without the permission to send by SMTP.",
    steps=(
        "Get a new access token for {host}, with the permission to send by SMTP.",
        "Enter it here as password; the user name is the full address of its mailbox.",
        "To log in with a password or an app password, choose that kind of login.",
    ),
    field="password",
)
NOTHING_TO_LOG_IN_WITH = Hint(
    code="auth-bad-credentials.empty",
    category="auth-bad-credentials",
    title="The program has no user name or no password to log in with",
    why="It is set to log in, but one of the two is empty; the server was not even asked.",
    steps=(
        "Enter both in the program's mail settings.",
        "If they come from environment variables or a secret store, check the names, and that "
        "the program was started anew since.",
        "If the server wants no login, switch the login off in the program.",
    ),
    field="password",
)
LOCKED = Hint(
    code="auth-locked",
    category="auth-locked",
    title="The service has locked the login for now",
    why="There were too many tries, or it wants somebody to sign in on the web first.",
    steps=(
        "Stop everything that logs in with an old password.",
        "Sign in to the account on the web and answer what it asks.",
        "Wait an hour, then try once.",
    ),
    field="password",
)

_LOGIN = r"(?:auth\w*|log[- ]?in|sign[- ]?in|password|credentials?|user ?name)\b.{0,40}"
_WRONG = (
    rf"{_LOGIN}(?:fail|unsuccessful|invalid|incorrect|reject|wrong|denied|error)",
    rf"{_LOGIN}not (?:accept|match|valid)",
    r"(?:bad|invalid|incorrect|wrong).{0,20}(?:user|log-?in|password|credential|authenti)",
    r"not loving your login",  # Mailgun
    r"(?:could not|failed to|unable to) authenticate\b|LogonDenied",
    r"api ?key is invalid|log-?in denied|auth_failed|authentication credentials invalid",
    r"\bunauthori[sz]ed\b.{0,40}\b401\b|\b401\b.{0,20}unauthori[sz]ed",
    r"(?:anmeldung|authentifizierung)\w*.{0,20}(?:fehlgeschlagen|gescheitert)",
    r"[ée]chec (?:de l'|d'|lors de l')?authentif|authentification.{0,20}(?:[ée]chou|refus)",
    r"(?:autentica\w+|autenticaci[oó]n).{0,20}(?:fall|incorrect|inv[aá]lid|falh|fallit)",
    r"falha (?:de|na) autentica|error de autenticaci|(?:认证|验证|登录|登陆)(?:失败|错误)",
    r"密码(?:错误|不正确)|ошибка (?:аутентификации|авторизации)|неверн\w+ (?:логин|пароль)",
)

RULES = (
    Rule(
        hint=DISABLED_MICROSOFT,
        says=(
            r"smtpclientauth\w* is disabled",
            r"basic auth\w* is (?:disabled|not supported)",
            r"did not meet the criteria",
            r"security defaults",
        ),
    ),
    Rule(hint=DISABLED_MICROSOFT, enhanced=("5.7.139", "5.7.30")),
    Rule(
        hint=DISABLED_MICROSOFT,
        services=("microsoft365",),
        codes=(535,),
        enhanced=("5.7.3", "5.7.8"),
    ),
    # The words of Exchange, in the cloud and elsewhere.
    Rule(
        hint=DISABLED_MICROSOFT,
        says=(r"authentication unsuccessful",),
        codes=(535,),
        unless=(r"LogonDenied",),
    ),
    Rule(
        hint=LOCKED,
        says=(
            r"too many (?:bad |failed |invalid )?(?:log|auth)",
            r"captcha|web ?browser|web ?login|unlock",
            r"password is too|weak password",
            r"(?:login|account|user).{0,20}(?:temporarily )?locked",
            r"suspicious (?:login|sign)",
        ),
        unless=(r"recipient",),
    ),
    Rule(
        hint=TOKEN,
        mechanisms=("XOAUTH2", "OAUTHBEARER"),
        stages=(Stage.AUTH,),
        codes=(334, 535),
        unless=(r"disabled|too many|temporar|did not meet the criteria|locked",),
    ),
    Rule(
        hint=OAUTH,
        says=(
            r"oauth|bearer",
            r"(?:access|refresh) token|token (?:has |is )?(?:expired|revoked)",
            r"invalid_(?:grant|client)|\bAADSTS\d+|TokenStore",
        ),
    ),
    Rule(
        hint=DISABLED,
        says=(
            r"smtp (?:auth\w*|login|service|access)?.{0,20}"
            r"(?:disabled|switched off|turned off|not enabled|not permitted for this)",
            r"access rights to this service",
            r"enable (?:it|smtp|imap)\b",
            r"not have (?:smtp access|access to smtp)",
        ),
        unless=(r"account.{0,20}disabled",),
    ),
    # Coremail, as run by 163 and many hosts in China.
    Rule(hint=DISABLED, says=(r"user has no permission|无权(?:登陆|登录)",), codes=(5,)),
    Rule(
        hint=LOGIN_DEFERRED,
        says=(r"temporar\w+ auth\w* (?:fail|error|problem)",),
        codes=(4,),
        unless=(r"\block",),
    ),
    Rule(
        hint=LOGIN_DEFERRED,
        says=(r"authentication fail",),
        codes=(454,),
        unless=(r"\block|too many|password|credential",),
    ),
    Rule(
        hint=BAD_CREDENTIALS,
        says=_WRONG,
        unless=(
            r"dmarc|\bspf\b|dkim",
            r"header|certificate",
            r"worthy mech|no mechanism|auth mechanisms",
            r"cannot authenticate to server",  # Postfix's own library failed, nobody said no
            r"RESOLVER",
            r"recipient|rcpt|virtual user",
        ),
    ),
    # Libraries that do not even ask the server.
    Rule(
        hint=NOTHING_TO_LOG_IN_WITH,
        says=(r"missing (?:user ?name|password|credentials|secret phrase)\b",),
        unless=(r"\baccess denied",),
    ),
    # Gmail, of a password that is no base64.
    Rule(hint=BAD_CREDENTIALS, says=(r"cannot decode",), stages=(None, Stage.AUTH)),
    # Exchange's own log, which tells more than its reply.
    Rule(hint=BAD_CREDENTIALS, says=(r"LogonDenied",), codes=(535,), enhanced=("5.7.3",)),
    Rule(hint=BAD_CREDENTIALS, enhanced=("5.7.8",)),
    Rule(hint=BAD_CREDENTIALS, codes=(535,)),
    Rule(hint=BAD_CREDENTIALS, stages=(Stage.AUTH,), codes=(5,)),
    Rule(hint=LOGIN_DEFERRED, stages=(Stage.AUTH,), codes=(4,)),
)
