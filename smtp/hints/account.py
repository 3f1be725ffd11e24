"""Hints: the sending account is not open, restricted, or has used up its allowance."""

from smtp.hints.base import Hint, Rule

NOT_ACTIVATED = Hint(
    code="account-suspended.not-activated",
    category="account-suspended",
    title="The sending account has not been activated yet",
    why="The login is right, but the service has not opened the account for sending.",
    steps=(
        "Sign in to the service and finish what it asks: company data, verification, plan.",
        "Write to its support and ask for activation of SMTP.",
    ),
)
SUSPENDED = Hint(
    code="account-suspended",
    category="account-suspended",
    title="The service has stopped sending for this account",
    why="The account or its domain is disabled, under review, or suspected of abuse.",
    steps=(
        "Look for a message of the service in the account owner's mailbox.",
        "Sign in there, answer the review or verify the account.",
        "If a password was stolen, change it before you ask for reactivation.",
    ),
)
SUSPENDED_DOMAIN = Hint(
    code="account-suspended.domain",
    category="account-suspended",
    title="The service does not allow this domain to send at present",
    why="It knows the account but has not opened, or has closed, the From domain for sending.",
    steps=(
        "Sign in to the service and look at the state of the domain and of the account.",
        "Free and trial accounts may send only to recipients entered there: add the recipient.",
        "Ask its support if nothing is shown.",
    ),
)
SANDBOX = Hint(
    code="sandbox-restricted",
    category="sandbox-restricted",
    title="The account may only send to verified recipients so far",
    why="It is a trial, sandbox or free account.",
    steps=(
        "Test with a recipient that is verified at the service.",
        "Verify a domain of your own there and send from it.",
        "Ask for production access, or choose a plan, to reach everybody.",
    ),
)
SUPPRESSED = Hint(
    code="recipient-suppressed",
    category="recipient-suppressed",
    title="The service keeps this recipient on its own block list",
    why="The address bounced, complained or unsubscribed before.",
    steps=(
        "Check that the address is right and wants the mail.",
        "Remove it from the suppression list at the service, then send again.",
    ),
)

_TRIAL = (
    r"sandbox",
    r"(?:test|trial|free)\w* (?:account|purpose|plan|mode)s?\b",
    r"only send (?:\w+ )?e?-?mails? to (?:your own|verified|the admin)",
    r"authori[sz]ed recipients?|demo domains?|to account owners?",
    r"pending approval",
    r"MS42225",  # MailerSend: trial accounts and their recipients
    r"verified recipients? only",
)
_ACCOUNT = (
    r"(?:account|user|sending (?:address|privileges)|service|domain|outgoing|outbound)\b.{0,60}"
)
_STOPPED = (
    rf"{_ACCOUNT}(?:suspended|deactivated|disabled|paused|blocked|closed|frozen|banned|inactive)",
    rf"{_ACCOUNT}(?:under review|on hold|terminated|restricted from sending)",
    r"not? (?:longer )?allowed to send (?:messages|e?-?mails?) outside",
    r"unusual sending|sending (?:is |was |has been )?(?:paused|suspended|disabled|stopped)",
    r"(?:sender|sending) (?:address )?blocked",
    r"suspected of sending spam|\babuse detected",
    r"bad outbound sender|not subscribed to ses",
    r"not (?:authori[sz]ed|allowed|permitted) to (?:access|use)\b"
    r".{0,60}contact (?:\w+ )?(?:support|us\b)",
)
# The same words about somebody else: the recipient, the login, the IP address.
_NOT_THE_ACCOUNT = (
    r"tried to reach|recipient|mailbox|blocked (?:outside|external)",
    r"auth\w* is disabled|\buser (?:is |was |has been )?suspended",
    r"\bip\b|\bclient\b|spamhaus|block ?list|reputation|message has been",
)

RULES = (
    Rule(hint=SANDBOX, says=_TRIAL),
    Rule(
        hint=NOT_ACTIVATED,
        says=(
            r"not (?:yet )?(?:been )?activated",
            r"activate your \w*\s?account|activation",
            r"account.{0,20}not (?:yet )?(?:active|approved|verified|confirmed)",
        ),
    ),
    Rule(hint=NOT_ACTIVATED, codes=(502,), enhanced=("5.7.0",)),
    Rule(hint=SUSPENDED, says=_STOPPED, unless=_NOT_THE_ACCOUNT),
    Rule(hint=SUSPENDED, services=("microsoft365", "zoho"), enhanced=("5.1.8",)),
    Rule(
        hint=SUSPENDED_DOMAIN,
        says=(r"(?:domain|account|user ?name)\b.{0,80}not allowed to send",),
        unless=(r"\bspf\b|dmarc", r"unverified|not verified"),
    ),
    Rule(
        hint=SUPPRESSED,
        says=(
            r"suppress",
            r"inactive (?:recipient|address)|marked as inactive",
            r"previously (?:bounced|complained|unsubscribed)",
            r"hard[- ]bounced",
            r"has unsubscribed|(?<!ip )(?<!host )address (?:is |was )?(?:black|block) ?listed",
        ),
    ),
    # A report names the code of an unknown recipient, and beside it the list.
    Rule(hint=SUPPRESSED, enhanced=("5.1.0", "5.1.1"), says=(r"suppress",)),
)
