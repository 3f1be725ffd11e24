"""Hints: the server cannot be found or reached."""

from smtp.hints.base import Hint, Rule
from smtp.hints.corrections import documented_host, other_port
from smtp.hints.ports import Picture
from smtp.outcome import Failure, Stage

NO_HOST = Hint(
    code="dns-host-not-found",
    category="dns-host-not-found",
    title="There is no host named {host}",
    why="DNS says that the name does not exist.",
    steps=(
        "Check the spelling; there must be no blank, no comma and no smtp:// in it.",
        "Copy the host name from the pages of the service.",
    ),
    field="host",
)
MISWRITTEN = Hint(
    code="dns-host-not-found.miswritten",
    category="dns-host-not-found",
    title="The host, or the name this program says hello with, is not written as a host name",
    why="The program could not even make an address of it, so nothing was looked up or sent.",
    steps=(
        "Enter the host alone: letters, digits, dots and hyphens, no blank and no smtp:// before.",
        "Write the HELO name of the program in the same way: a host name, not a title.",
    ),
    field="host",
)
RESOLVER = Hint(
    code="dns-temporary",
    category="dns-temporary",
    title="The name of the host could not be looked up",
    why="The name server of this machine did not answer, so nobody knows whether the name is "
    "right.",
    steps=(
        "Try again in a minute.",
        "If it lasts, let the operator of this machine check its DNS resolver, also inside "
        "containers.",
    ),
)
REFUSED = Hint(
    code="connection-refused",
    category="connection-refused",
    title="Nothing listens on {port} of {host}",
    why="The machine answered at once that this port is closed.",
    steps=(
        "Check host and port. {ports}",
        "If the server is yours, see that it runs and listens on this port.",
        "In a container, localhost is the container itself.",
    ),
    field="port",
)
TIMEOUT = Hint(
    code="connection-timeout",
    category="connection-timeout",
    title="No answer on {port} of {host}: most likely a firewall",
    why="Cloud hosts and Kubernetes clusters often block outgoing 25, 465 and 587 without a word.",
    steps=(
        "Try another port. {ports}",
        "Let the hosting company or the firewall's administrator open the port.",
        "Check that the host is right.",
    ),
    field="port",
)
FIREWALL = Hint(
    code="connection-timeout.everywhere",
    category="connection-timeout",
    title="No port of {host} answers: a firewall stands between",
    why="Cloud hosts, Kubernetes clusters and home networks often drop all outgoing mail without a "
    "word. {ports}",
    steps=(
        "Ask the hosting company to open outgoing mail, or see whether its console has a switch.",
        "Choose a provider that also answers on port 2525 or 2587; those are seldom blocked.",
        "Check that the host is right: a wrong address is silent as well.",
    ),
    field="port",
)
ELSEWHERE = Hint(
    code="connection-timeout.other-port",
    category="connection-timeout",
    title="{port} of {host} is silent, but another port answers",
    why="Something on the way drops what goes to this port, as cloud hosts often do. {ports}",
    steps=("Use the port that answers.", "Try the connection again."),
    field="port",
)
CLOSED_HERE = Hint(
    code="connection-refused.other-port",
    category="connection-refused",
    title="{port} of {host} is closed, but another port answers",
    why="The machine answered at once that nothing listens on this port. {ports}",
    steps=("Use the port that answers.", "Try the connection again."),
    field="port",
)
UNREACHABLE = Hint(
    code="network-unreachable",
    category="network-unreachable",
    title="This machine has no way to {host}",
    why="There is no route to the address, often because IPv6 is set up by half.",
    steps=(
        "Let the operator of this machine check its network, IPv6 first.",
        "See whether other machines reach the host.",
    ),
    field="host",
)
LOCAL = Hint(
    code="blocked-locally",
    category="blocked-locally",
    title="This machine itself forbids the connection",
    why="Its operating system, a security module, a local firewall or an antivirus refused it.",
    steps=(
        "Let the operator allow outgoing mail: SELinux, AppArmor, the local firewall.",
        "Try another port. {ports}",
    ),
    field="port",
)

NO_CONNECTION = Hint(
    code="connection-timeout.unsaid",
    category="connection-timeout",
    title="The program did not get a connection, and does not say why",
    why="Mostly a firewall drops what goes to the port; else host, port or encryption are wrong.",
    steps=(
        "Enter the same values as a setting here and try the connection: it tells the reason.",
        "Try another port. {ports}",
        "Or let the program write its whole debug output, and paste that.",
    ),
    field="port",
)

_NO_HOST = (
    r"name or service not known|nodename nor servname|getaddrinfo failed",
    r"no such host|unknown ?(?:smtp )?host|host (?:\S{1,80} )?not found|no address associated",
    r"could not (?:be )?resolve|(?:no|could not find) (?:address|host)",
)
_RESOLVER = (
    r"temporary failure in name|server misbehaving",
    r"lookup address information: (?:try again|temporary)",
    r"not found, try again|host lookup did not complete",
    r"name ?server.{0,30}(?:not respond|fail|timed)|resolver (?:fail|error|timed)",
    r"lookup .{0,80}:53\b|lookup [^ ]{1,200}: (?:i/o timeout|timeout)",
    r"resolve host\b.{0,90}; try again|host ?map: lookup|host ?name lookup failure",
    r"getaddrinfo ENOTFOUND$|unexpected name server reply",
)
_REFUSED = (
    r"connection ?(?:was )?refused|actively refused|cannot open [^ ]{1,200}:\d",
    r"positive rejection by the target",
)
_UNREACHABLE = (
    r"unreachable|no (?:valid )?route to",
    r"cannot assign requested|address family not supported|address is not valid in its context",
)
_LOCAL = (
    r"permission denied|forbidden by its access|operation not permitted",
    r"avc: {1,2}denied",  # SELinux
)
_TIMEOUT = (
    r"connect\w*.{0,40}timed? ?out|timed out.{0,20}connect",
    r"ETIMEDOUT|i/o timeout|(?:error ?\[?|\()(?:110|10060|60)\b",
    r"connection attempt failed|did not properly respond|deadline exceeded.{0,20}dial",
    r"not accept our requests? to connect|timeout connecting|connect: timeout",
    r"timed? out connecting",
)
_STOOD_ALREADY = (
    r"read(?:ing)? |unable to read|waiting for data|dropped|unexpectedly closed",
    r"SocketTimeout\b(?!Ex)|\blookup\b",
)

RULES = (
    Rule(hint=RESOLVER, failures=(Failure.RESOLVER_FAILED,)),
    Rule(hint=RESOLVER, failures=(Failure.TIMEOUT,), stages=(Stage.RESOLVE,)),
    Rule(hint=RESOLVER, says=_RESOLVER, unless=(r"no such host",)),
    Rule(hint=NO_HOST, failures=(Failure.NO_SUCH_HOST,), correct=documented_host),
    Rule(hint=NO_HOST, says=_NO_HOST, unless=(r"\bhelo\b",), correct=documented_host),
    # libcurl, of which many programs are made.
    Rule(hint=MISWRITTEN, says=(r"URL using bad/illegal|URL rejected|malformed input to a URL",)),
    Rule(hint=REFUSED, failures=(Failure.CONNECTION_REFUSED,), correct=other_port),
    # A server may say so of its own accord, of a sender it does not like.
    Rule(
        hint=REFUSED,
        says=_REFUSED,
        unless=(r"reputation|blocked|spam|refused from",),
        correct=other_port,
    ),
    Rule(
        hint=CLOSED_HERE,
        failures=(Failure.CONNECTION_REFUSED,),
        pictures=(Picture.OTHER_PORT,),
        correct=other_port,
    ),
    Rule(hint=UNREACHABLE, failures=(Failure.UNREACHABLE,)),
    Rule(hint=UNREACHABLE, says=_UNREACHABLE),
    Rule(hint=LOCAL, failures=(Failure.BLOCKED_LOCALLY,), correct=other_port),
    Rule(hint=LOCAL, says=_LOCAL, correct=other_port),
    Rule(
        hint=TIMEOUT,
        failures=(Failure.TIMEOUT,),
        stages=(Stage.CONNECT,),
        correct=other_port,
    ),
    Rule(
        hint=FIREWALL,
        failures=(Failure.TIMEOUT,),
        stages=(Stage.CONNECT,),
        pictures=(Picture.SILENT,),
    ),
    Rule(
        hint=ELSEWHERE,
        failures=(Failure.TIMEOUT,),
        stages=(Stage.CONNECT,),
        pictures=(Picture.OTHER_PORT,),
        correct=other_port,
    ),
    Rule(hint=TIMEOUT, says=_TIMEOUT, unless=_STOOD_ALREADY, correct=other_port),
    Rule(
        hint=TIMEOUT,
        says=(r"timed? ?out",),
        stages=(Stage.CONNECT,),
        unless=_STOOD_ALREADY,
        correct=other_port,
    ),
)

# What remains when a program only says that it failed, and no other rule speaks.
VAGUE_RULES = (
    Rule(hint=RESOLVER, says=(r"getaddr|name resolution|dns (?:lookup |query )?(?:err|fail)",)),
    Rule(
        hint=NO_CONNECTION,
        says=(
            r"(?:could not|couldn't|cannot|can't|unable to|failed to) connect to (?:the |your )?"
            r"(?:smtp|mail|e-?mail|host|server|outgoing)",
            r"connection could not be (?:established|opened) with",
            r"smtp connect\(\) failed|error connecting to (?:the )?(?:smtp|mail)",
        ),
    ),
)
