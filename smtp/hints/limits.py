"""Hints: too much, too fast, or too early."""

from smtp.hints.base import Hint, Rule

QUOTA = Hint(
    code="quota-exceeded",
    category="quota-exceeded",
    title="The account's allowance for this hour, day or month is used up",
    why="The service counts messages in a period; slowing down does not help until it ends.",
    steps=(
        "Wait until the allowance starts anew.",
        "Raise the plan or quota, or spread the mail over another service.",
    ),
)
RATE = Hint(
    code="rate-limited",
    category="rate-limited",
    title="Too much at once for this server",
    why="It limits speed, parallel connections, or messages and recipients in a connection.",
    steps=(
        "Send more slowly, over fewer connections, to fewer recipients at a time.",
        "Try again in some minutes; the message itself is fine.",
    ),
)
GREYLISTED = Hint(
    code="greylisted",
    category="greylisted",
    title="The receiver defers senders it meets for the first time",
    why="Greylisting keeps out programs that never try again. Nothing is wrong.",
    steps=("Try again in five to fifteen minutes, with the same sender and recipient.",),
)
_PERIOD = (
    r"\b(?:dai?ly|hour(?:ly)?|month(?:ly)?|weekly|(?:per|a|each|24|this)[- ]?(?:hour|day|month))\b"
)
_QUOTA = (
    rf"{_PERIOD}.{{0,50}}(?:limit|quota|exceed|max|allowance)",
    rf"\b(?:limit|quota|max\w*|allowance|only \d+|exceed\w*|emails?)\b.{{0,60}}{_PERIOD}",
    r"(?:quota|credits?|allowance|plan|limits?).{0,20}(?:exceeded|reached|used up|exhausted)",
    r"exceed\w* (?:your|the|its) .{0,30}(?:quota|limit)",
    r"over your (?:\w+ ){0,2}(?:quota|limit|allowance)|(?:relay|outgoing) quota",
    r"exceeded hour limit|sending (?:quota|allowance)",
    r"(?:insufficient|not enough|out of|no) (?:\w+ ){0,2}credits?|credits? .{0,20}(?:expired|left)",
    r"too many e?-?mails \(#",
)
_RATE = (
    r"too many (?:concurrent|connections?|sessions?|messages?|recipients?|e?-?mails|errors)",
    r"too many (?:recent|requests)|too much (?:e-?)?mail",
    r"rate[- ]?limit",
    r"(?:sending|message|maximum|unusual|connection|submission|delivery) (?:\w+ )?rate",
    r"\brate\b.{0,60}(?:exceed|too high)|exceed\w*.{0,40}\brate\b|trop de connexions",
    r"(?:send|try) (?:again )?(?:more )?slow|too many .{0,30}(?:sessions|connections|attempts)\b",
    r"exceeded the (?:configured )?limit|made numerous attempts|multiple regions",
    r"throttl|\bflood",
    r"per (?:second|minute|connection|session|transaction)",
    r"concurrent",
    r"slow down",
    r"too (?:fast|quick|often|frequent)|excessive (?:volume|rate)|at a rate that",
    r"(?:to this recipient|can receive) per",
    r"(?:frequency|connection|thread) limit|sender frequency",
)

RULES = (
    Rule(
        hint=GREYLISTED,
        says=(r"gr[ea]y-?list|postgrey", r"first (?:contact|delivery|attempt)|first[- ]time"),
    ),
    Rule(
        hint=GREYLISTED,
        says=(r"(?:retry|try again|come back) (?:in|after) \d+",),
        unless=(r"password|log-?in|auth", r"limit|\brate\b|too (?:many|much)"),
    ),
    Rule(
        hint=QUOTA,
        says=_QUOTA,
        unless=(
            r"per second|\brate(?:\b|limit)|concurrent|connections|mail ?bomb",
            r"this recipient|recipient has exceeded",
            r"(?:mail|in)box(?!.{0,60}sending)|overquota|storage|disk|\bsize|\bline|while writing",
        ),
    ),
    Rule(hint=QUOTA, enhanced=("x.4.5",)),
    # Microsoft's limits of a day, which it calls rates.
    Rule(hint=QUOTA, enhanced=("5.7.232", "5.7.233", "5.1.90"), says=(r"limit|exceed",)),
    Rule(
        hint=RATE,
        says=_RATE,
        unless=(r"daily|mails \(#", r"reputation|unsolicited", r"(?:login|auth) attempts"),
    ),
    Rule(hint=RATE, enhanced=("x.5.3", "5.2.121", "4.2.1")),
)
