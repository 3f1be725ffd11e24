"""Any other SMTP server: nothing is fixed, so the admin says what it needs."""

from smtp.outcome import Security
from smtp.providers.base import (
    Input,
    Match,
    Port,
    Provider,
    Purpose,
    RecordTemplate,
    Source,
)

_HOST = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?"
# One mechanism of RFC 7208 section 5 that names a sender, without qualifier.
_MECHANISM = (
    rf"include:{_HOST}"
    rf"|(?:a|mx)(?::{_HOST})?(?:/\d{{1,2}})?(?://\d{{1,3}})?"
    r"|ip4:\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?"
    r"|ip6:[0-9A-Fa-f:.]+(?:/\d{1,3})?"
)

PROVIDER = Provider(
    slug="generic",
    name="Other SMTP server",
    summary="Your own server, a hosting company's, or a service that has no page here.",
    host="",
    ports=(
        Port(587, Security.STARTTLS),
        Port(465, Security.TLS),
        Port(2525, Security.STARTTLS),
        Port(2587, Security.STARTTLS),
        Port(25, Security.STARTTLS),
    ),
    recommended=Port(587, Security.STARTTLS),
    username=(
        "Often the full e-mail address of a mailbox. "
        "Empty for a relay that knows your server by its IP address."
    ),
    password="The password of the mailbox, or an application password.",  # noqa: S106
    sender="Usually an address of the account that logs in, or of its domain.",
    inputs=(
        Input(
            name="mechanism",
            label="SPF mechanism",
            help="What names this server, such as include:_spf.example.net, ip4:192.0.2.1 or mx.",
            required=False,
            pattern=_MECHANISM,
        ),
        Input(
            name="selector",
            label="DKIM selector",
            help="The part before ._domainkey in the name of the DKIM record.",
            required=False,
            pattern=r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?",
        ),
        Input(
            name="public_key",
            label="DKIM public key",
            help="What follows p= in the DKIM record; the whole record may be pasted.",
            required=False,
            pattern=r"[A-Za-z0-9+/]+={0,2}",
            multiline=True,
        ),
        Input(
            name="rua",
            label="Address for DMARC reports",
            help="A mailbox that can take daily reports from receivers.",
            required=False,
            pattern=r"[^\s@,;!]+@[^\s@,;!]+\.[^\s@,;!]+",
        ),
    ),
    recipe=(
        RecordTemplate(
            purpose=Purpose.SPF,
            type="TXT",
            host="@",
            value="v=spf1 {mechanism} ~all",
            match=Match.SPF,
            mechanisms=("{mechanism}",),
            why="Names this server as a permitted sender of the domain.",
            without="Receivers may treat the mail as forged.",
            note="If the domain already has an SPF record, put the mechanism into that one.",
        ),
        RecordTemplate(
            purpose=Purpose.DKIM,
            type="TXT",
            host="{selector}._domainkey",
            value="v=DKIM1; k=rsa; p={public_key}",
            match=Match.DKIM_KEY,
            why="Holds the key your server signs with.",
            without="The signature cannot be checked and counts as none.",
        ),
        RecordTemplate(
            purpose=Purpose.DMARC,
            type="TXT",
            host="_dmarc",
            value="v=DMARC1; p=none; rua=mailto:{rua}",
            match=Match.DMARC,
            required=False,
            why="Tells receivers what to do with mail that is not yours, and asks for reports.",
            without="Large mailboxes may refuse bulk mail, and nobody reports forgeries.",
        ),
    ),
    steps=(
        "Find host, port and login in the pages of the server's operator.",
        "Prefer port 587 with STARTTLS, or 465 with TLS from the start.",
        "Ask which SPF mechanism and which DKIM record the domain needs, and enter them here.",
        "Try the connection, then send a test mail, before you enable the setting.",
    ),
    pitfalls=(
        "The certificate must bear the very host name you enter here.",
        "Cloud and home networks often block port 25, and some 465 and 587 as well.",
        "Your own server needs a PTR record that fits its HELO name, or receivers refuse it.",
    ),
    tls_mandatory=False,
    source=Source("https://www.rfc-editor.org/rfc/rfc8314", "2026-10"),
)
