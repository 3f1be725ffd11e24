"""Hints: the recipient cannot or does not want to take the mail."""

from smtp.hints.base import Hint, Rule
from smtp.outcome import Stage

UNKNOWN = Hint(
    code="recipient-unknown",
    category="recipient-unknown",
    title="The recipient's mailbox does not exist",
    why="The receiving server knows neither the address nor an alias of that name.",
    steps=("Check the recipient's address letter by letter.", "Try another recipient."),
)
FULL = Hint(
    code="mailbox-full",
    category="mailbox-full",
    title="The recipient's mailbox is full",
    why="The address is right, but there is no room for more mail.",
    steps=("Ask the recipient to make room, or try another recipient.", "Send again later."),
)
POLICY = Hint(
    code="recipient-policy",
    category="recipient-policy",
    title="The recipient's side does not take mail from this sender",
    why="The recipient, a group or an administrator there restricts who may write.",
    steps=(
        "Ask the recipient or the administrator there to allow your From address.",
        "Try another recipient to see whether the setting itself works.",
    ),
)
REFUSED = Hint(
    code="recipient-refused",
    category="recipient-unknown",
    title="The server does not accept the recipient",
    why="It took the sender but refused this address.",
    steps=(
        "Check the recipient's address.",
        "If it is right, read the server's words: they may ask for a login or name a block.",
    ),
)

_RECIPIENT = r"(?:user|recipient|mailbox|address|account|inbox|alias)\b.{0,60}"
_UNKNOWN = (
    rf"{_RECIPIENT}(?:unknown|(?:not|n't|not be) found|no longer|unrouteable|undeliverable)",
    rf"{_RECIPIENT}(?:has been|was|is) (?:closed|deactivated|discontinued|terminated|removed)",
    rf"{_RECIPIENT}(?:does not|doesn't|not) exist|domain (?:does not|doesn't) exist",
    rf"{_RECIPIENT}(?<!temporarily )(?:unavailable|disabled|invalid|reserved|inactive)",
    rf"{_RECIPIENT}not (?:available|valid|listed)",
    r"recipient\b.{0,80} (?:is |temporar\w+ )(?:locked|blocked|suspended)",
    r"(?:unknown|no such|non-?exist\w*|not a (?:valid|known)) (?:local |or illegal )?"
    r"(?:user|recipient|mailbox|address|person|account|alias)",
    r"invalid (?:recipient|mailbox|user)|bad destination|not in (?:the )?recipient list",
    r"\S@\S{1,80} (?:is )?(?:no longer|not) (?:valid|known|active)",
    r"recipient address rejected: unverified",
    r"unrouteable address|no mailbox|no valid recipients|not our customer|RecipNotFound",
    r"doesn't have an? .{0,40}account",
)
_FULL = (
    r"(?:mail|in)box.{0,30}(?:full|quota|out of storage|exceed)|full mailbox",
    r"over ?-?quota|ShutoffQuota|disk quota",
    r"(?:user|recipient)\b.{0,40}(?:quota|storage)",
    r"storage (?:allocation|space|quota|limit)",
    r"insufficient mailbox (?:space|quota)",
)
_SIDE = r"(?:recipient|user|group|list)\b.{0,50}"
_POLICY = (
    r"rejected by (?:the )?(?:recipients?|destination|user)",
    r"(?:organi[sz]ation|company|transport)(?:'s)? (?:policy|rules?)|TRANSPORT\.RULES",
    r"customi?[sz]ed-block|recipient(?:'s)? preferences",
    r"not a member of|permission to post|members? only",
    rf"{_SIDE}(?:only accepts|does not accept|doesn't accept|not accepting|refuses)",
    rf"{_SIDE}(?:restricted|has blocked|blocked (?:you|your|the sender))",
    r"administrative prohibition",
    r"not (?:allowed|permitted|authori[sz]ed) to send to",
    r"blocked by (?:the )?(?:recipient|user)|envelope blocked",
    r"recipient address rejected: (?:block|policy)",
    r"(?:for|due to|by|local|security|mail) ?polic(?:y|ies)",
    r"policy (?:rejection|error|violation|that)",
)
_NOT_THE_RECIPIENT = (
    r"sender|from address|domain of",
    r"suppress|marked as inactive|gr[ea]y-?list",
    r"host|relay",
    r"credential|password|(?:log|auth)\w* fail",
)

RULES = (
    Rule(hint=FULL, says=_FULL, unless=(r"message (?:rate|quota)|sending quota|daily",)),
    Rule(hint=FULL, enhanced=("x.2.2",)),
    Rule(hint=FULL, enhanced=("x.2.2",), says=(r"quota",)),
    Rule(hint=POLICY, says=_POLICY, unless=(r"header based",)),
    Rule(hint=POLICY, enhanced=("5.7.129", "5.7.133", "5.7.134")),
    # Exchange: delivery restrictions of a mailbox or group.
    Rule(
        hint=POLICY,
        codes=(5,),
        says=(r"RESOLVER\.RST", r"delivery restriction"),
        unless=(r"too large|SizeLimit",),
    ),
    Rule(hint=UNKNOWN, says=_UNKNOWN, unless=_NOT_THE_RECIPIENT),
    # Exchange Online refuses unknown recipients at its edge with 5.4.1 and other words.
    Rule(hint=UNKNOWN, enhanced=("x.1.2",), says=(r"host|domain",)),
    Rule(hint=UNKNOWN, enhanced=("x.4.4",)),
    Rule(
        hint=UNKNOWN,
        codes=(5,),
        says=(
            r"host unknown|unknown host",
            r"\.[a-z]{2,20} (?:does not|doesn't) exist",
        ),
        unless=(r"sender|from address|\bhelo\b",),
    ),
    Rule(hint=UNKNOWN, enhanced=("5.4.1",), says=(r"access denied",)),
    Rule(
        hint=UNKNOWN,
        enhanced=("x.1.1", "x.1.2", "x.1.6", "x.1.10", "5.4.1", "5.2.1"),
        codes=(550, 551, 553, 554),
    ),
    Rule(hint=REFUSED, stages=(Stage.RECIPIENT,), codes=(5,)),
)

# What remains when nobody says why.
LAST_RULES = (Rule(hint=REFUSED, says=(r"recipient (?:address )?rejected",)),)
