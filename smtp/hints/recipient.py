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
BY_CODE = Hint(
    code="recipient-unknown.by-code",
    category="recipient-unknown",
    title="The server refuses, most likely because it does not know the recipient",
    why="That is what this code is for; the server's own words name no reason that is known here.",
    steps=(
        "Check the recipient's address, and try another recipient.",
        "Read the server's words: the same code is used for blocked senders and for policies.",
        "Try the connection here: it shows at which step the server refuses.",
    ),
)

_RECIPIENT = (
    r"(?:users?|recipients?|mail ?box|address(?:es|ee)?|account|inbox|alias|rcpt|local part"
    r"|subscriber)\b.{0,60}"
)
_NOBODY = r"(?:user|recipient|rcpt|mail ?box|address|person|account|alias|one|local.?part)\b"
_UNKNOWN = (
    rf"{_RECIPIENT}(?:unknown|(?:not|n't|not be) found|not ?found|no longer|undeliverable)",
    rf"{_RECIPIENT}(?:not|isn't) (?:be |an? )?(?:known|active|present|local|ok\b|accepted\b)",
    rf"{_RECIPIENT}(?:has been|was|is) (?:closed|deactivated|discontinued|terminated|removed)",
    rf"{_RECIPIENT}(?:suspended|frozen|archived|expired)|(?:suspended|frozen|archived) {_NOBODY}",
    rf"{_RECIPIENT}not (?:in|on|part of)\b.{{0,20}}(?:list|directory|table|map)",
    rf"{_RECIPIENT}(?:does not|do(?:e)?sn'?t|not) exist|domain (?:does not|doesn't) exist",
    rf"{_RECIPIENT}(?<!temporarily )(?:unavail?able|disabled|invalid|reserved|inactive)",
    r"(?:inactive|deactivated|obsolete|expired) (?:user|recipient|mailbox|account)",
    rf"{_RECIPIENT}not (?:available|valid|listed)",
    r"recipient\b.{0,80} (?:is |temporar\w+ )(?:locked|blocked|suspended)",
    r"(?:unknown|no such|non-?exist\w*|not an? (?:valid|known|active|local)|bad|no)"
    rf" (?:local |virtual |or illegal |e-?mail |destination ){{0,2}}{_NOBODY}",
    r"(?:invalid|bad) (?:recipient|mailbox|user\b(?! or| name|/))|bad destination",
    r"not in (?:the )?(?:recipient list|\w+ directory)|not present in|in name directory",
    r"(?:no|any) (?:one|person|user|customer|mail ?box|account) (?:at|by|with|here|of|in)\b",
    r"badrecipientto|refused? to receive|can(?:'t|not) accept user",
    r"\S@\S{1,80} (?:is )?(?:no longer|not) (?:valid|known|active)",
    r"recipient address rejected: unverified",
    r"unroute?able address|no mailbox|no valid recipients|not our customer|Recip\w*\W?NotFound",
    r"(?:user|utilisateur|destinataire) inconnu|destinataire.{0,20}archiv|n'existe pas",
    r"no existe (?:\w+ )?(?:usuario|persona|cuenta|buz)|(?:usuario|cuenta|buz[oó]n).{0,20}no exist",
    r"nessun utente|utente (?:sconosciuto|inesistente)|casella.{0,20}(?:inesisten|non esist)",
    r"(?:empf(?:ä|ae)nger|benutzer|postfach|adresse)\b.{0,30}(?:unbekannt|existiert nicht)",
    r"usu[aá]rio (?:inexistente|desconhecido|n[aã]o)|caixa.{0,20}n[aã]o existe",
    r"(?:用户|收件人|邮箱|地址|帐号|账号).{0,6}不存在",
    r"нет такого|(?:пользователь|ящик).{0,20}не (?:найден|сущ)",
    r"doesn't have an? .{0,40}account",
)
# The headlines of Microsoft's bounces, which name nothing but the two parts of the address.
_NOT_FOUND_THERE = (
    r"(?:wasn't|was not|couldn't be|could not be) found (?:at|in|on) \S{1,60}\.\w",
    r"wurde (?:unter |bei )?(?:nicht in )?\S{1,60} (?:nicht )?gefunden",
    r"n'a pas été trouvée? (?:dans|sur|à)|no se (?:encontró|ha encontrado) (?:en|a)\b",
    r"non (?:è stat[oa] trovat|trovat)[oa] (?:in|su|presso)|n[aã]o foi encontrad[oa] (?:em|no)",
    r"niet (?:gevonden|aangetroffen) (?:op|bij|in)|не найден\w* (?:в|на)\b",
)
_FULL = (
    r"(?:mail ?|in)(?:box|folder).{0,30}(?:full|quota|out of storage|exceed)|full mailbox",
    r"over ?-?quota|over the (?:\w+ )?quota|quotaexce|ShutoffQuota|dis[ck] ?(?:space )?quota",
    r"(?:user|recipient|account)\b.{0,40}(?:quota|storage)",
    r"storage (?:allocation|space|quota|limit)",
    r"insufficient mailbox (?:space|quota)|does not have enough space|space .{0,20}used up",
    r"quota exceeded while|too much mail data|messages? (?:\w+ )?on the server",
    r"quota (?:violation|error)",
    r"(?:exceeding|violates?) (?:the|their|his|its|receiving) (?:quota|limits?)",
    r"(?:bo[iî]te|destinataire).{0,30}(?:pleine|satur)|(?:buz[oó]n|casilla).{0,20}llen",
    r"postfach.{0,20}voll|casella.{0,20}piena|caixa.{0,20}cheia|邮箱.{0,8}满|переполнен",
)
_SIDE = r"(?:recipient|user|group|list)\b.{0,50}"
_POLICY = (
    r"rejected by (?:the |this |that )?(?:recipients?|destination|user)",
    r"(?:due to|by) (?:user|recipient) rules|organi[sz]ational settings|user reject|closed mailing",
    r"not (?:subscribed|a subscriber)|non-?member|pre-?approved|senders to accept",
    r"(?:account|recipient|mailbox) is protected|SenderFilter|allowed to post",
    r"(?:not|n't) (?:currently )?accept(?:ing)? (?:any |new )?mail|only accept\w* mail",
    r"(?:organi[sz]ation|company|transport)(?:'s)? (?:policy|rules?)|TRANSPORT\.RULES",
    r"customi?[sz]ed-block|recipient(?:'s)? preferences",
    r"not a member of|permission to post|members? only|delivery to .{0,40}is restricted",
    r"(?:block|reject|restrict)\w* (?:mail |messages )?(?:from )?(?:outside|external)\b",
    r"(?:external|outside) senders?\b.{0,30}(?:not|n't|block|reject|restrict)"
    r"|(?:not|n't) .{0,30}(?:external|outside) senders|internal (?:mail|senders?|use) only",
    rf"{_SIDE}(?:only accepts|does not accept|doesn't accept|not accepting|refuses)",
    rf"{_SIDE}(?:restricted|has blocked|blocked (?:you|your|the sender))",
    r"administrative prohibition",
    r"not (?:allowed|permitted|authori[sz]ed) to (?:send to|receive)\b",
    r"blocked by (?:the )?(?:recipient|user)|envelope blocked",
    r"recipient address rejected: (?:block|policy)",
    r"(?:for|due to|by|local|security|mail) ?polic(?:y|ies)",
    r"policy (?:rejection|error|violation|that)",
)
_NOT_THE_RECIPIENT = (
    r"sender|from address|domain of|syntax|headers?\b",
    r"suppress|marked as inactive|gr[ea]y-?list",
    r"host|relay",
    r"credential|password|(?:log|auth)\w* fail",
)

RULES = (
    Rule(hint=FULL, says=_FULL, unless=(r"message (?:rate|quota)|sending quota|daily",)),
    Rule(
        hint=FULL,
        codes=(4, 5),
        says=(r"^(?:mail |dis[ck] )?quota exceeded", r"[>:] (?:mail |dis[ck] )?quota exceeded"),
        unless=(r"daily|hour|sending|throttl|credits?|\byour\b",),
    ),
    Rule(hint=FULL, enhanced=("x.2.2",)),
    Rule(hint=FULL, enhanced=("x.2.2",), says=(r"quota",)),
    Rule(hint=POLICY, says=_POLICY, unless=(r"header based|reject due to policy restrictions",)),
    Rule(hint=POLICY, enhanced=("5.7.129", "5.7.133", "5.7.134")),
    # Exchange: delivery restrictions of a mailbox or group.
    Rule(
        hint=POLICY,
        codes=(5,),
        says=(r"RESOLVER\.RST", r"delivery restriction"),
        unless=(r"too large|SizeLimit",),
    ),
    Rule(hint=UNKNOWN, says=_UNKNOWN, unless=_NOT_THE_RECIPIENT),
    # A domain that nobody can deliver to, told by a server and not by this machine's resolver.
    Rule(
        hint=UNKNOWN,
        codes=(4, 5),
        says=(
            r"(?:no|unable to|can(?:'t|not)|failed to) (?:lookup|look up|resolve|find)\b.{0,40}dns",
            r"(?:lookup|look up|resolve)\b.{0,20}\bdns for|name service error|no such domain",
            r"(?:host|domain)\b.{0,30}(?:not found|not reachable|unreachable|dead domain)",
            r"domain must exist|(?:does not|doesn't) accept (?:e-?)?mail|null ?mx|no route for",
        ),
        unless=(r"sender|from address|mail from|\bhelo\b|reverse|name server reply",),
    ),
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

# What remains when nobody says why, and no other rule speaks.
VAGUE_RULES = (
    Rule(hint=UNKNOWN, says=_NOT_FOUND_THERE, unless=(r"host|server|dns|datei|file|module",)),
    # The names that libraries have for it.
    Rule(
        hint=REFUSED,
        says=(
            r"RecipientsRefused|AddressFailedException|RecipientNotAccepted|FailedRecipient",
            r"recipients? (?:were |was |address )?(?:refused|rejected|failed)",
        ),
    ),
    # RFC 5321 section 4.2.3, RFC 7504.
    Rule(hint=BY_CODE, codes=(521, 550, 551, 556)),
)

# What remains when nobody says why.
LAST_RULES = (
    Rule(
        hint=REFUSED,
        says=(
            r"recipients? (?:address(?:es)? )?(?:rejected|refused|denied)|rejected recipient",
            r"envelope recipient",
            r"(?:does not|doesn't|not) exist\b|[>\"'] (?:was )?not found",
        ),
    ),
)
