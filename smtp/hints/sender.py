"""Hints: the sender's address or domain is not accepted."""

from smtp.hints.base import Hint, Rule
from smtp.outcome import Stage

NOT_VERIFIED = Hint(
    code="sender-not-verified",
    category="sender-not-verified",
    title="The service has not verified the From address or its domain",
    why="It only sends for domains and addresses whose owner has proved them, each subdomain "
    "by itself.",
    steps=(
        "Add the domain of the From address, exactly as written, at the service.",
        "Publish the DNS records it wants; the page of the sending domain shows and checks them.",
        "Let the service verify the domain, then try again.",
    ),
    field="from_address",
)
NOT_VERIFIED_SES = Hint(
    code="sender-not-verified.ses",
    category="sender-not-verified",
    title="SES has not verified this sender in the region of {host}",
    why="Every region keeps its own list of verified addresses and domains.",
    steps=(
        "In the SES console choose the region of the host and look for the domain there.",
        "If it is verified in another region, use that region here, with credentials of it.",
        "Otherwise create the identity and publish its three DKIM records.",
    ),
    field="from_address",
)
SANDBOX_SES = Hint(
    code="sandbox-restricted.ses",
    category="sandbox-restricted",
    title="If the address named is the recipient's, the SES account is in the sandbox",
    why="In the sandbox SES wants the recipient verified as well, in each region anew.",
    steps=(
        "Look whose address the server names: the sender's or the recipient's.",
        "If it is the recipient's, verify that address or ask for production access.",
    ),
    link="https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html",
)
NOT_VERIFIED_SCALEWAY = Hint(
    code="sender-not-verified.scaleway",
    category="sender-not-verified",
    title="Scaleway sends only for exactly the domain that was registered",
    why="It names the DMARC policy when the From domain is another one, a subdomain included.",
    steps=(
        "Compare the domain of the From address with the one in Transactional Email.",
        "Register the From domain there as well, or use an address of the registered one.",
    ),
    field="from_address",
)
NOT_VERIFIED_ELASTX = Hint(
    code="sender-not-verified.elastx",
    category="sender-not-verified",
    title="Elastx does not see the records of this From domain",
    why="The relay looks for challenge, SPF and DKIM at the very domain of the From address.",
    steps=(
        "Open the sending domain here and publish what is missing.",
        "Check that the challenge was made from the user account of this setting.",
    ),
    field="from_address",
)
NOT_OWNED = Hint(
    code="sender-not-owned",
    category="sender-not-owned",
    title="This login may not send as this From address",
    why="The server lets an account use only its own addresses.",
    steps=(
        "Use the address of the account as From address, and the wanted one as Reply-To.",
        "Or let the administrator give the account the right to send as that address.",
    ),
    field="from_address",
)
DOMAIN_INVALID = Hint(
    code="sender-domain-invalid",
    category="sender-domain-invalid",
    title="The receiver cannot find the domain or mailbox of the sender",
    why="It looks the sender up before it takes mail, and found no usable DNS record or mailbox.",
    steps=(
        "Check the spelling of the From address.",
        "Publish an MX or A record for its domain.",
        "Make sure that the mailbox exists and takes mail.",
    ),
    field="from_address",
)
AUTH_FAIL = Hint(
    code="sender-auth-fail",
    category="sender-auth-fail",
    title="The receiver refuses the mail because SPF, DKIM or DMARC do not pass",
    why="Nothing proves to it that this server may send for the From domain.",
    steps=(
        "Open the sending domain here and publish or mend the records that are wrong.",
        "Check that SPF names the service that really sent the mail, and that it signs with DKIM.",
        "Wait for the DNS change to be seen, then send again.",
    ),
    field="from_address",
)
NOT_VERIFIED_DOMAIN = Hint(
    code="sender-not-verified.domain",
    category="sender-not-verified",
    title="The From domain is not verified, and its DNS records are not in order",
    why="Relaydesk watches this domain, and the records it finds are not those the service wants.",
    steps=(
        "Open the domain here and publish or mend the records that are not right.",
        "When they are right, let the service verify the domain, then try again.",
    ),
    field="from_address",
    link="{domain_page}",
)
AUTH_FAIL_DOMAIN = Hint(
    code="sender-auth-fail.domain",
    category="sender-auth-fail",
    title="SPF, DKIM or DMARC do not pass, because the From domain's records are not in order",
    why="Relaydesk watches this domain, and sees that its records are not right either.",
    steps=(
        "Open the domain here and mend the records that are not right.",
        "When they are right, wait for the change to be seen, then send again.",
    ),
    field="from_address",
    link="{domain_page}",
)
REFUSED = Hint(
    code="sender-refused",
    category="sender-not-verified",
    title="The server does not accept the sender address",
    why="It refused right after being told who sends.",
    steps=(
        "Check that the From address belongs to the account or to a domain verified there.",
        "Read the server's words: they usually name the reason.",
    ),
    field="from_address",
)

_SENDER = r"(?:domain|address|sender|from|identit\w+|signature)\b.{0,80}"
_UNVERIFIED = (
    rf"{_SENDER}(?:unverified|failed the check|unknown to (?:this|us))",
    rf"{_SENDER}(?:not|n't) (?:been )?(?:verified|validated|confirmed)",
    rf"{_SENDER}(?:not|n't) (?:been |an? )?(?:associated|configured|registered|defined)",
    r"(?:domain|sender|address) (?:is |was |has )?(?:not|n't) (?:been )?authenticated",
    rf"{_SENDER}(?:not|n't) authori[sz]ed (?:for|on|in) (?:this|your) account",
    rf"{_SENDER}not (?:a )?(?:valid )?sending domain",
    r"(?:unverified|unconfigured|unregistered) (?:sender|sending|from|domain)",
    r"(?:unknown|unauthori[sz]ed) (?:sender|sending|from|domain)",
    r"verified sender identity",
    r"UnauthenticatedFromAddress",  # Postal
    r"from address is not authori[sz]ed",
    r"(?:verify|validate|authenticate) (?:a|the|your) (?:sending |sender )?domain",
    r"add it as a (?:sending|sender) domain",
    r"rejected: unsigned",  # MailerSend
)
_NOT = r"(?:not|n't) (?:have permissions? |be |authori[sz]ed |allowed |permitted )?"
_NOT_OWNED = (
    r"not owned by",
    r"send ?as ?denied|send mail as\b",
    r"relaying disallowed as",  # Zoho
    rf"{_NOT}to (?:send|use|relay)\b.{{0,30}} as ",
    rf"{_NOT}to (?:send|use|relay)\b.{{0,30}}from (?:th(?:is|at)|<?\S{{1,60}}@)",
    rf"{_NOT}to (?:send|use|relay)\b.{{0,30}}this (?:sender|from|header|address)",
    rf"{_NOT}to (?:send|use|relay)\b.{{0,30}}(?:the domain|sender)",
    r"(?:sender|from).{0,40}(?:must|does not|doesn't|should|has to) "
    r"(?:be (?:the )?same|match|equal)",
    rf"{_NOT}to (?:send|use|relay)\b.{{0,30}}on behalf",
    r"(?:sender|from)(?: address)? (?:is )?not (?:allowed|permitted)",
    r"invalid sender\b",
    r"not (?:one of |among |from )?your (?:own )?(?:e-?mail )?(?:address|alias|identit|domain)",
    r"(?:sender|from)\b.{0,40}(?:not|n't) (?:belong|assigned|an alias)",
    r"(?:different|another) (?:e-?mail )?address or alias|not a registered gateway user",
    r"(?:absender|exp[ée]diteur|[ée]metteur|remitente|remetente|mittente)\b.{0,40}"
    r"(?:nicht|non|no|n[aã]o|pas|invalid)",
    r"发件人.{0,20}(?:不|无效|非法)",
    r"from/sender name",  # Postal
)
_NO_DOMAIN = (
    r"sender (?:verify|verification)|verification failed for|(?:verify|callout) (?:sender|failed)",
    r"(?:sender|from)\b.{0,60}(?:does not|doesn't|not) (?:exist|resolve|found)",
    r"domain\b.{0,60}\bno (?:valid )?(?:dns|mx|a)\b.{0,20}record",
    r"sender domain must exist|from: .{0,20}domain is invalid|unroute?able sender",
    r"(?:invalid|bad|unknown) return[- ]?path",
    r"mailfrom must be a valid|sender rejected - mailfrom|recursive cname",
    r"sender address rejected: (?:domain|unverified|undeliverable)",
    r"(?:invalid|no|null) (?:valid )?(?:dns )?\bmx\b",
    r"(?:cannot|can't|could not|unable to) (?:resolve|verify|find).{0,30}(?:sender|from)",
)
_AUTHENTICATION = (
    r"\bspf\b|sender policy framework",
    r"\bdkim\b",
    r"\bdmarc\b",
    r"authentication (?:checks|information)",
    r"(?:mail|message|sender) is (?:un|not )authenticated",
    r"unauthenticated (?:e-?mail|mail|message)",
    r"required authentication level|purported responsible",
    r"spoof",
)
_AUTHENTICATION_CODES = (  # RFC 7372, and Microsoft's
    *("x.7.20", "x.7.21", "x.7.22", "x.7.23", "x.7.24", "x.7.26", "5.7.509", "5.7.515"),
)

_NOT_IN_ORDER = ("pending", "at_risk", "failing")

RULES = (
    Rule(
        hint=NOT_VERIFIED_DOMAIN,
        codes=(4, 5),
        says=_UNVERIFIED,
        domain_verdicts=_NOT_IN_ORDER,
        unless=(r"\bip\b|\bPTR\b", r"recipient address|RESOLVER\.RST"),
    ),
    Rule(
        hint=AUTH_FAIL_DOMAIN,
        codes=(4, 5),
        says=_AUTHENTICATION,
        domain_verdicts=_NOT_IN_ORDER,
        unless=(r"duplicate header", r"\bPTR\b"),
    ),
    Rule(hint=AUTH_FAIL_DOMAIN, enhanced=_AUTHENTICATION_CODES, domain_verdicts=_NOT_IN_ORDER),
    Rule(
        hint=SANDBOX_SES,
        services=("aws-ses",),
        says=(r"not verified", r"failed the check"),
        names_recipient=True,
    ),
    Rule(
        hint=NOT_VERIFIED_SES,
        services=("aws-ses",),
        says=(r"not verified", r"failed the check", r"MailFromDomainNotVerified"),
    ),
    # The same words are used of sender and recipient, so both hints are given, this one second.
    Rule(hint=SANDBOX_SES, services=("aws-ses",), says=(r"not verified", r"failed the check")),
    Rule(
        hint=NOT_VERIFIED_SCALEWAY,
        services=("scaleway-tem",),
        codes=(5,),
        says=(r"dmarc", r"sender|from|domain"),
        unless=(r"recipient|mailbox|user",),
    ),
    Rule(
        hint=NOT_VERIFIED_ELASTX,
        services=("elastx",),
        codes=(5,),
        says=(r"challenge|elastx-mrs", r"sender|from|domain", r"\bspf\b|dkim"),
        unless=(r"recipient|mailbox|user",),
    ),
    Rule(hint=NOT_OWNED, says=_NOT_OWNED, unless=(r"verified", r"\bspf\b|\bdmarc\b")),
    Rule(hint=NOT_OWNED, codes=(553,), says=(r"relaying disallowed",)),
    Rule(hint=NOT_OWNED, enhanced=("5.7.60", "5.2.252")),
    # Coremail: the sender is none of its own.
    Rule(hint=NOT_OWNED, stages=(Stage.SENDER,), says=(r"local users? only",)),
    Rule(
        hint=NOT_VERIFIED,
        says=_UNVERIFIED,
        unless=(
            r"\bip\b|\bPTR\b",
            r"unauthenticated mail|either spf",
            r"recipient address|RESOLVER\.RST",
        ),
    ),
    Rule(hint=DOMAIN_INVALID, says=_NO_DOMAIN, unless=(r"\bPTR\b|reverse", r"signature|identity")),
    Rule(hint=DOMAIN_INVALID, enhanced=("x.1.8", "5.7.27")),
    Rule(hint=AUTH_FAIL, says=_AUTHENTICATION, unless=(r"duplicate header", r"\bPTR\b")),
    Rule(hint=AUTH_FAIL, enhanced=_AUTHENTICATION_CODES),
    Rule(hint=REFUSED, stages=(Stage.SENDER,), codes=(5,)),
)

# What remains when nobody says why.
LAST_RULES = (
    Rule(
        hint=REFUSED,
        says=(
            r"sender (?:e-?mail )?(?:address )?(?:was |is |has been )?(?:rejected|refused|denied)",
            r"(?:does not|doesn't|not) accept mail from|mail from .{0,60}refused",
        ),
    ),
)

# What remains when nobody says why, and no other rule speaks.
VAGUE_RULES = (
    Rule(
        hint=REFUSED,
        says=(r"SenderRefused|SenderFailedException|SenderNotAccepted|sender (?:\w+ )?rejection",),
    ),
    # RFC 5321 section 4.2.3: the name of a mailbox is not allowed, today mostly the sender's.
    Rule(hint=NOT_OWNED, codes=(553,)),
)
