"""Hints: the receiver does not trust the address or name this server comes with."""

from smtp.hints.base import Hint, Rule
from smtp.outcome import Stage

BLOCKED = Hint(
    code="reputation-blocked",
    category="reputation-blocked",
    title="The receiver does not trust the sending IP address or domain",
    why="It is on a blocklist, in a range of home connections, or known for unwanted mail.",
    steps=(
        "Look the address up on the page the server names, mend the cause, then ask for removal.",
        "Do not send straight from a home or cloud address: use a relay service.",
        "At a relay service tell its support: the address is theirs.",
    ),
)
PTR = Hint(
    code="ptr-missing",
    category="ptr-missing",
    title="The sending IP address has no fitting reverse DNS",
    why="Receivers want a PTR record for the address, and its name must lead back to it.",
    steps=(
        "Let the owner of the IP address (the hosting company) set a PTR record.",
        "Publish an A or AAAA record of that name with the same address, also for IPv6.",
        "Or send through a relay service.",
    ),
)
HELO = Hint(
    code="helo-rejected",
    category="helo-rejected",
    title="The server refuses the name this machine introduces itself with",
    why="The name after EHLO must be a full host name that exists in DNS, not localhost.",
    steps=(
        "Set the HELO or host name of the sending program to a public name of its machine; for "
        "Relaydesk, ask its operator.",
        "Check that this name leads to the machine's IP address.",
    ),
)
TURNED_AWAY = Hint(
    code="greeting-refused",
    category="reputation-blocked",
    title="The server turns this machine away before anything is said",
    why="It refused in its greeting, so login and sender play no part: it judges the IP address.",
    steps=(
        "Check that {host} is the host for sending with a login, not one for incoming mail.",
        "Find out whether the IP address of this machine is on a blocklist.",
        "Try another port. {ports}",
    ),
    field="host",
)

_BLOCKED = (
    r"block ?list|black ?list|banned sending",
    r"\b(?:RBL|DNSBL)s?\b|spamhaus|spamcop|barracuda|sorbs",
    r"reputation",
    r"(?<!not )listed (?:in|at|by|on)",
    r"dynamic(?:ally)? (?:ip|address|range|pool|assigned)|no longer accepts? connections",
    r"dial-?up|residential|zombie|open proxy|geo(?:graph|ip)",
    r"\bS\d{4}\b|\b(?:SC|RP|DY|OU)-00\d",  # Microsoft's marks for blocked senders
    r"\b(?:TSS?|IPTS|BL|PH)\d\d\b|\b(?:RTR|CON):[A-Z]",  # Yahoo's and AOL's
    r"cloudmark|senderscore|senderbase|talos|csi\b",
    r"unsolicited (?!mail from)|user complaints|abusive",
    r"(?:bad|suspicious|forbidden|unwanted).{0,30}\b(?:ip|mta|remote ?host)\b|\bbad ip\b",
    r"not (?:currently )?accept\w*.{0,30} from (?:this|your|the|that)? ?(?:ip|host|mta|network)",
    r"(?:spams?|messages|mail) (?:sent )?from (?:this|your|the following) ip|ip for sending",
    r"not allowed to connect|no access from mail server|server requires confirmation",
    r"confirm this mail ?server|not passed validation|(?:is|like|as|know\w*) (?:a )?spammers?\b",
    r"(?:messages|mail) from \S+ (?:will be|were|was|is|has been|temporarily|permanently)",
    r"access to submit messages|\[[\d.:a-f]{7,45}\]\W{0,3}(?:has been|is|was) (?:blocked|denied)",
    r"ipcheck|\((?:ip|domain) based\)|\bip=\S{3,45} - a problem occurred",
    r"directly to our servers|use the smtp server of your",
    r"client host rejected|host network not allowed|connection refused from",
    r"(?:client|host|\bip\b(?!=)|network|server)\b.{0,60}"
    r"(?:blocked|banned|black|(?<!connection )refused)",
    r"\bip\b(?!=).{0,30}(?:rejected|denied|(?<!white)listed|profile)|\bblocked (?:using|- see)",
    r"(?:blocked|refused|rejected),? (?:- )?see (?:http|www)|(?<!content )was blocked by ",
    r"access (?:denied|rejected) .{0,30}\b(?:client|host|ip)\b",
)
_HELO = r"\b(?:helo|ehlo)\b.{0,60}"

RULES = (
    Rule(
        hint=PTR,
        says=(
            r"\bPTR\b|\brdns\b",
            r"reverse (?:dns|lookup|host|ip|record)|reverse.{0,20}resol|ip name lookup",
            r"cannot find your (?:reverse )?host|forward dns entry|unverif\w+ (?:sending )?ips?\b",
            r"mismatch\w* client ip|unresolvable (?:relay )?host",
            r"servers without a valid sender domain",
        ),
    ),
    Rule(hint=PTR, enhanced=("x.7.25",)),
    Rule(
        hint=HELO,
        says=(
            rf"{_HELO}(?:reject|invalid|refus|must|require|listed|error|fail|denied|not\b)",
            r"(?:invalid|bad|illegal|missing) (?:helo|ehlo)",
            r"need fully-qualified host|reject\w* (?:the )?(?:EHLO|HELO)\b",
            r"invalid domain name",
            r"closing connection\W+\(EHLO\)",
        ),
        unless=(r"credentials for relay|transaction failed",),
    ),
    Rule(hint=HELO, stages=(Stage.EHLO,), codes=(5,)),
    Rule(
        hint=BLOCKED,
        says=_BLOCKED,
        unless=(
            r"blocked because its content",
            r"\bDBL\b",
            r"suppress",
            r"gr[ea]y-?list|recipient'?s|requires? auth|autentica",
            r"(?:url|link|domain|content) in (?:the |your )?message",
        ),
    ),
    Rule(hint=BLOCKED, enhanced=("4.7.650", "5.7.606", "5.7.511", "5.7.708")),
    Rule(hint=TURNED_AWAY, stages=(Stage.GREETING,), codes=(5,)),
)

# What remains when nobody says why, and no other rule speaks.
VAGUE_RULES = (
    Rule(hint=BLOCKED, codes=(5,), says=(r"^\W*(?:blocked|banned|go away|access denied)\b",)),
)
