"""Hints: Relaydesk itself declined, or nobody knows the reason."""

from smtp.hints.base import Hint, Rule
from smtp.hints.corrections import fitting_security
from smtp.outcome import Failure

TARGET = Hint(
    code="target-refused",
    category="target-refused",
    title="Relaydesk may not connect to this host and port",
    why="Only public addresses and the usual mail ports are open, so that nobody can use this "
    "portal to look around in an inner network.",
    steps=(
        "Check the host name and the port. {ports}",
        "For a relay in your own network, ask the operator of Relaydesk to allow its address.",
    ),
    field="host",
)
PASSWORD_NEEDED = Hint(
    code="password-needed",
    category="password-needed",
    title="Enter the password again",
    why="Host, port, security or user name have changed. A stored password is only ever used "
    "where it was entered for.",
    steps=("Open the setting, enter the password and save.", "Try the connection again."),
    field="password",
)
PLAIN_PASSWORD = Hint(
    code="plain-password",
    category="plain-password",
    title="The password would travel unencrypted, so it was not sent",
    why="Anybody on the way could read it.",
    steps=(
        "Choose STARTTLS or TLS.",
        "For a relay that needs no login, leave user name and password empty.",
    ),
    field="security",
)
UNSENDABLE = Hint(
    code="unsendable",
    category="address-syntax",
    title="No message can be written from this setting",
    why="An address, a name or an extra header holds something that mail cannot carry. "
    "Nothing was sent.",
    steps=("Read below what it is, correct it in the setting, and send the test mail again.",),
    field="from_address",
)
LOST = Hint(
    code="lost",
    category="lost",
    title="The worker was stopped in the middle of this attempt",
    why="The machine or the service was restarted; the setting has nothing to do with it.",
    steps=(
        "If a message was on its way, look into the recipient's mailbox first.",
        "Then try again.",
    ),
)
UNKNOWN = Hint(
    code="unknown",
    category="unknown",
    title="The reason is not known yet",
    why="Neither the stage nor the server's words point to one cause.",
    steps=(
        "Read the server's words, and the conversation if there is one.",
        "Try the connection without sending: it shows how far the server lets you.",
        "Ask the support of the service, with the server's words.",
    ),
)
UNREADABLE = Hint(
    code="unknown.text",
    category="unknown",
    title="This text names no failure that is known here",
    why="There is neither a server's answer in it nor a network or certificate error.",
    steps=(
        "Paste the line with the server's answer: it has a number such as 535 or 550.",
        "From a stack trace paste all of it, down to the last Caused by or inner exception.",
        "From a bounce paste the part with Status and Diagnostic-Code.",
        "If there is no more, enter the same values as a setting here and try the connection.",
    ),
)
REFUSED = Hint(
    code="refused",
    category="unknown",
    title="The server said no and gave no reason that is known here",
    why="Its code says that trying again in the same way will not help.",
    steps=(
        "Read the server's words: they usually name the reason.",
        "Ask the support of the service, with those words.",
    ),
)

RULES = (
    Rule(hint=TARGET, failures=(Failure.TARGET_REFUSED,)),
    Rule(hint=PASSWORD_NEEDED, failures=(Failure.PASSWORD_NEEDED,)),
    Rule(hint=PLAIN_PASSWORD, failures=(Failure.PLAIN_PASSWORD,), correct=fitting_security),
    Rule(hint=UNSENDABLE, failures=(Failure.UNSENDABLE,)),
    Rule(hint=LOST, failures=(Failure.LOST,)),
)

# What remains when no other rule has anything to say.
LAST_RULES = (Rule(hint=REFUSED, codes=(5,)),)
