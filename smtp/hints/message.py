"""Hints: an address, the form, the size or the content of the message is refused."""

from smtp.hints.base import Hint, Rule
from smtp.outcome import Stage

ADDRESS = Hint(
    code="address-syntax",
    category="address-syntax",
    title="An address is not written as the server wants it",
    why="It is empty, has no full domain, or holds characters that may not stand there.",
    steps=(
        "Check From, Reply-To and recipient: name@example.com, nothing before or after.",
        "Put the display name into its own field.",
    ),
    field="from_address",
)
UTF8 = Hint(
    code="smtputf8-unsupported",
    category="smtputf8-unsupported",
    title="The server cannot take addresses with letters beyond ASCII",
    why="Such addresses need SMTPUTF8 at every server on the way.",
    steps=(
        "Use an address whose part before the @ is plain ASCII.",
        "Write an international domain in its xn-- form.",
    ),
    field="from_address",
)
MALFORMED = Hint(
    code="message-malformed",
    category="message-malformed",
    title="The server does not accept the form of the message",
    why="A header or a line breaks the rules: missing or given twice, too long, or not ASCII.",
    steps=(
        "Look at the extra headers of this setting first, and remove them for a try.",
        "In your own program check From, Date, Message-ID and Subject, and the line ends.",
    ),
    field="extra_headers",
)
TOO_LARGE = Hint(
    code="message-too-large",
    category="message-too-large",
    title="The message is larger than the server allows",
    why="Attachments grow by a third when they are encoded for mail.",
    steps=("Send smaller attachments, or a link.", "Ask the operator for the size limit."),
)
CONTENT = Hint(
    code="content-rejected",
    category="content-rejected",
    title="A filter refused the content of the message",
    why="Something in text, links or attachments looks like spam or malware to it.",
    steps=(
        "Remove attachments and shortened links, and look for listed domains in the text.",
        "Send a plain message to see whether the content is the cause.",
        "Ask the receiver to let your mail through if it is harmless.",
    ),
)
NOT_TAKEN = Hint(
    code="message-refused",
    category="content-rejected",
    title="The server took sender and recipient but not the message",
    why="It refused after it had seen the message itself.",
    steps=(
        "Read the server's words: they usually name the reason.",
        "Send the plain test mail of this page to see whether the content is the cause.",
    ),
)

UNSAID = Hint(
    code="message-refused.unsaid",
    category="content-rejected",
    title="The server refuses the message and does not say why",
    why="Mostly a filter judged the content, or the sending IP address and domain.",
    steps=(
        "Send the plain test mail of this page to see whether the content is the cause.",
        "Look whether SPF, DKIM and DMARC pass for the From domain, and whether the sending IP "
        "address is on a blocklist.",
        "Ask the receiver's operator, with the server's words and the time.",
    ),
)

_ADDRESS = (
    r"address syntax",
    r"syntax error.{0,20}(?:address|parameter|in mail|in rcpt)",
    r"recipient syntax",
    r"(?:invalid|bad|malformed) (?:e?-?mail |recipient |sender |from |to )?address(?! record)",
    r"need fully-qualified address|must contain a domain|address must contain",
    r"domain (?:part )?(?:is )?(?:missing|required)",
    r"not a valid (?:e?-?mail |RFC\S* )?address|fully qualified e-?mail|bogus mail from",
    r"(?:invalid|bad|malformed) (?:rcpt|mail|from|to|recipient|sender|envelope)\b.{0,12} address",
    r"domain is empty|empty (?:envelope )?(?:sender|recipient|address)",
    r"no recipients? (?:defined|given|specified)|at least one recipient|without a sender",
    r"missing phrase|no angle-addr|must have a \W?(?:to|cc|bcc)\b",
    r"address (?:is )?(?:invalid|malformed)|(?:cannot|can't|unable to) parse .{0,20}address",
    r"addr-spec|AddressException|address in mailbox given",
    r"(?:provide|enter|specify|supply|requires?) (?:an? )?valid (?:e-?mail )?address",
    r"not in the form required for an e-?mail|not an? (?:e-?mail )?address\b",
)
_MALFORMED = (
    r"\b(?:bare|lone|naked|stray) \W?(?:CR|LF|line|carriage)|smtplf",
    r"lines? (?:is |are )?(?:too long|longer)|line (?:length|limit)",
    r"8-?bit(?!mime)",
    r"RFC ?-?[25]?[38]22|(?:not|a) RFC|822\.bis",
    r"headers? (?:\w+ ){0,2}(?:too|based|is|are|missing|invalid|not|exceed\w*)",
    r"binary content|unnecessary base64|mime complexity|protocol violation|rfcmessagenoncompl",
    r"(?:missing|no|without|more than one|invalid|multiple) .{0,30}\bheaders?\b",
    r"duplicate (?:\S+ )?headers?|multiple (?:addresses|from)",
    r"(?:subject|date|from|message-id)(?: header)? is (?:mandatory|missing|required)",
    r"(?:JSON|MIME) (?:parsing )?error|contain (?:CR\b|newline|line ?break|NUL)",
    r"malformed (?:message|header|mime)|header error",
)
_MESSAGE = r"(?:message|mail|file|attachment|content)\b.{0,30}"
_TOO_LARGE = (
    rf"{_MESSAGE}too (?:large|big)",
    rf"{_MESSAGE}exceed\w*.{{0,30}}(?:size|maximum|limit)",
    rf"{_MESSAGE}(?:over ?size|greater than)|(?:^|[:\"'] ?)size limit|taille limite",
    r"(?:nachricht|mensaje|messaggio|mensagem|邮件).{0,30}"
    r"(?:zu gro|demasiado|troppo|muito gr|过大|超过)",
    r"(?:message|mail) size|size (?:limit )?exceed|exceed\w*.{0,30}\bsize",
)
_CONTENT = (
    r"\bspam(?!haus|cop|mer|s from)|anti-?spam|junk|rspamd|help_spam|\b(?:DT|HL):[A-Z]{2,4}\b",
    r"\bbulk[. ](?:e-?mail|mail|advert)|mass mail|pattern detection|(?:our|spam|mail) filters?\b",
    r"(?:blocked|rejected) for abuse|(?:rejecting|refus\w+) mail content|inappropriate content",
    r"detected that this message is|(?:appears to be|considered|likely) unsolicited",
    r"virus|malware|phish|trojan|infected|clamav|eicar",
    r"attachment\b.{0,60}(?:prohibit|forbid|not (?:allowed|accept|permit)|block|ban|reject)\w*",
    r"(?:illegal|prohibited|forbidden|banned|blocked|executable) (?:file|attachment)",
    r"attachment type",
    r"content.{0,30}(?:reject|block|refus|denied|not allowed|potential|filter)",
    r"(?:unacceptable|suspicious|prohibited|objectionable) (?:content|url|link|attachment)",
    r"\bDBL\b|\bSURBL\b|\bURIBL\b",
    r"(?:blocked|rejected) (?:as|due to|because of).{0,30}(?:content|domain)",
    r"contains? (?:a )?(?:blocked|forbidden|suspicious)|banned content|message filtered",
    r"local scanning code",
)

RULES = (
    Rule(
        hint=UTF8,
        says=(r"smtputf8|\bEAI\b", r"internationali[sz]ed", r"non-?ascii|ascii.? (?:local|codec)"),
    ),
    Rule(hint=UTF8, enhanced=("x.6.7",)),
    Rule(hint=ADDRESS, says=_ADDRESS, unless=(r"from: header",)),
    Rule(hint=ADDRESS, enhanced=("x.1.3", "x.1.7")),
    Rule(hint=ADDRESS, codes=(501, 555), says=(r"syntax error",), unless=(r"cannot decode",)),
    Rule(hint=ADDRESS, codes=(501, 555), stages=(Stage.SENDER, Stage.RECIPIENT)),
    Rule(hint=ADDRESS, stages=(Stage.SENDER, Stage.RECIPIENT), says=(r"invalid input",)),
    # Amazon SES, before it names what is wrong with an address.
    Rule(hint=ADDRESS, says=(r"transaction failed: (?:invalid|missing|address|domain|local)\b",)),
    Rule(hint=MALFORMED, says=_MALFORMED),
    # 1&1 puts what it found into the link: something about the headers.
    Rule(hint=MALFORMED, says=(r"reject due to policy restrictions.{1,200}[?&]c=h[di]\b",)),
    Rule(hint=MALFORMED, enhanced=("x.6.0", "x.6.3", "x.6.9")),
    Rule(
        hint=TOO_LARGE,
        says=_TOO_LARGE,
        unless=(r"header|\bline", r"mailbox|storage", r"per transaction|\brate\b"),
    ),
    Rule(hint=TOO_LARGE, enhanced=("x.3.4", "x.2.3")),
    Rule(hint=TOO_LARGE, codes=(552,)),
    Rule(
        hint=CONTENT,
        says=_CONTENT,
        unless=(
            r"\bRBL\b|query/ip",
            r"abuse detected",
            r"\bip\b|remote ?host|currently sending|(?:are|been) sending",
        ),
    ),
    Rule(hint=CONTENT, enhanced=("x.7.0",), codes=(552, 554)),
    # 1&1 with GMX, web.de and IONOS.
    Rule(
        hint=CONTENT,
        codes=(5,),
        says=(r"reject due to policy restrictions",),
        unless=(r"\bbased\)", r"\bspf\b|dkim|dmarc"),
    ),
    Rule(
        hint=CONTENT,
        codes=(5,),
        says=(
            r"(?:message|e-?mail)\b.{0,20} (?:rejected|not accepted|refused|denied) "
            r"(?:for|due to|because of) (?:\w+ )?polic",
        ),
        unless=(r"header|organi[sz]ation|recipient|\bspf\b|dkim|dmarc|\bPTR\b|framework",),
    ),
    # The receiver's rules, applied to what it has seen: the message.
    Rule(
        hint=CONTENT,
        stages=(Stage.DATA,),
        says=(r"polic(?:y|ies) (?:restrict|reason|violat)|due to (?:\w+ )?polic",),
        unless=(r"header|organi[sz]ation|transport|recipient|\bspf\b|dkim|dmarc|\bPTR\b",),
    ),
    Rule(hint=NOT_TAKEN, stages=(Stage.DATA,), codes=(5,)),
)

# What remains when nobody says why, and no other rule speaks.
VAGUE_RULES = (
    Rule(
        hint=UNSAID,
        codes=(5,),
        says=(
            r"(?:message|e?-?mail|transaction)\b.{0,20}(?:reject|refus|denied|block)",
            r"(?:message|e?-?mail)\b.{0,20}not (?:allowed|accepted|permitted|meet|comply)",
        ),
    ),
    Rule(hint=UNSAID, codes=(554, 571)),  # RFC 5321: the transaction failed
    Rule(hint=MALFORMED, enhanced=("x.6.1", "x.6.2", "x.6.4")),
    Rule(hint=ADDRESS, enhanced=("x.5.4",)),
)
