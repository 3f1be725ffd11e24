"""A translation into a language that nobody speaks, and what of a page was not translated.

Every text of the product is collected as translators would have it, and comes back longer and in
brackets; so do the texts of Django. What stands on a page outside of brackets was not given to
gettext.
"""

import io
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import django
from babel.messages import mofile, pofile

from tests.processes import ROOT
from tests.services import missing

OPENING, CLOSING = "⟦", "⟧"
LONGER = "·" * 3  # as other languages are
SOURCES = ("config", "tenants", "smtp", "dnscheck", "templates")
DJANGO = Path(django.__file__).parent
OF_DJANGO = ("conf", "contrib/auth", "contrib/humanize")  # what pages may say in its words
SAID = ("aria-label", "title", "placeholder", "alt", "label", "data-label", "data-copied")
PRESSED = {"submit", "button", "reset"}  # inputs whose value is what people read
WORD = re.compile(r"[^\W\d_]{2,}")
# What is the same in every language: addresses, and the names of protocols and record types.
ADDRESS = re.compile(r"https?://\S+|[\w.+-]+@[\w.-]+")
TERM = re.compile(
    r"\b(?:TXT|CNAME|MX|SOA|NS|SPF|DKIM|DMARC|BIMI|TTL|SMTP|TLS|STARTTLS|Message-ID|UTC)\b"
)
NOT_PROSE = {"code", "pre", "kbd", "script", "style", "textarea"}
VOID = {"meta", "link", "input", "br", "img", "hr", "col", "wbr"}


def make_locale(folder: Path) -> Path:
    """Collect all texts in a copy of the sources; return the folder with their translation."""
    if not shutil.which("xgettext"):
        missing("gettext", "gettext")
    copy = folder / "sources"
    for name in SOURCES:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", copy)
    (copy / "locale").mkdir()
    made = subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale", "en_XA", "--no-wrap"],
        cwd=copy,
        env={"PATH": "/usr/bin:/bin", "RELAYDESK_DATA": str(folder / "data")},
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    texts = copy / "locale" / "en_XA" / "LC_MESSAGES" / "django.po"
    known = texts.read_text().replace("INTEGER", "2").replace("EXPRESSION", "(n != 1)")
    catalog = pofile.read_po(io.StringIO(known))
    for place in OF_DJANGO:
        theirs = DJANGO / place / "locale" / "en" / "LC_MESSAGES" / "django.po"
        for message in pofile.read_po(io.StringIO(theirs.read_text())):
            if message.id:
                catalog[message.id] = message
    for message in catalog:
        if isinstance(message.id, str):
            message.string = _bracketed(message.id) if message.id else message.string
        else:
            message.string = tuple(_bracketed(form) for form in message.id)
        message.flags.discard("fuzzy")
    with texts.with_suffix(".mo").open("wb") as file:
        mofile.write_mo(file, catalog)
    return copy / "locale"


def _bracketed(text: str) -> str:
    return f"{OPENING}{text}{LONGER}{CLOSING}"


class Page(HTMLParser):
    """Reads a page; `untranslated` are the words that people see outside of brackets.

    Left out is what is the same in all languages: names and values in `code` or marked so
    (`translate="no"`), `names` that people and companies gave, hosts beneath such a domain, and
    whole texts that the page itself says are English (`lang`). A bracket reaches over the elements
    inside of a text, and never further than the element in which it opens.
    """

    def __init__(self, names: set[str]) -> None:
        super().__init__()
        self.names, self.untranslated = names, list[str]()
        self._open: list[tuple[str, bool, int]] = []  # tag, whether it is left out, depth before it
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is inside of this."""
        given = dict(attrs)
        foreign = given.get("lang") == "en" or given.get("translate") == "no" or tag in NOT_PROSE
        is_left = foreign or (bool(self._open) and self._open[-1][1])
        if tag not in VOID:
            self._open.append((tag, is_left, self._depth))
        if not is_left:
            said = (*SAID, "value") if given.get("type") in PRESSED else SAID
            for name in said:
                self._look(given.get(name) or "", 0)

    def handle_endtag(self, tag: str) -> None:
        """Leave it, and what was not closed inside of it."""
        is_open = any(tag == one[0] for one in self._open)
        while is_open:
            inner, _is_left, self._depth = self._open.pop()
            is_open = inner != tag

    def handle_data(self, data: str) -> None:
        """Look at a text."""
        if not (self._open and self._open[-1][1]):
            self._depth = self._look(data, self._depth)

    def _look(self, text: str, depth: int) -> int:
        """Note the words outside of brackets; return how many brackets are open after them."""
        outside = ""
        for character in text:
            depth += (character == OPENING) - (character == CLOSING)
            outside += character if depth == 0 and character != CLOSING else ""
        left = ADDRESS.sub("", outside)
        for name in sorted(self.names, key=len, reverse=True):
            left = re.sub(rf"(?:[\w-]+\.)*{re.escape(name)}", "", left)
        if WORD.search(TERM.sub("", left)):
            self.untranslated.append(" ".join(outside.split())[:120])
        return depth
