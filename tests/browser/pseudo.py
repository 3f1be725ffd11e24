"""A translation into a language that nobody speaks, and what of a page was not translated.

Every text of the product is collected as translators would have it, and comes back longer and in
brackets. What stands on a page outside of brackets was not given to gettext.
"""

import io
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

from babel.messages import mofile, pofile

from tests.processes import ROOT
from tests.services import missing

OPENING, CLOSING = "⟦", "⟧"
LONGER = "·" * 3  # as other languages are
SOURCES = ("config", "tenants", "smtp", "dnscheck", "templates")
SAID = ("aria-label", "title", "placeholder", "alt")
WORD = re.compile(r"[^\W\d_]{2,}")
NOT_PROSE = {"code", "pre", "script", "style", "textarea", "svg", "time"}
VOID = {"meta", "link", "input", "br", "img", "use", "hr", "col", "wbr"}


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

    Left out is what is the same in all languages: names and values in `code`, what people typed,
    and whole texts that the page itself says are English (`lang`).
    """

    def __init__(self, names: set[str]) -> None:
        super().__init__()
        self.names, self.untranslated = names, list[str]()
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is inside of this."""
        given = dict(attrs)
        foreign = given.get("lang") == "en" or tag in NOT_PROSE or "translate" in given
        is_left = foreign or (bool(self._open) and self._open[-1][1])
        if tag not in VOID:
            self._open.append((tag, is_left))
        if not is_left:
            for name in SAID:
                self._look(given.get(name) or "")

    def handle_endtag(self, tag: str) -> None:
        """Leave it, and what was not closed inside of it."""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Look at a text."""
        if not (self._open and self._open[-1][1]):
            self._look(data)

    def _look(self, text: str) -> None:
        depth, outside = 0, ""
        for character in text:
            depth += (character == OPENING) - (character == CLOSING)
            outside += character if depth == 0 and character != CLOSING else ""
        for name in sorted(self.names, key=len, reverse=True):
            outside = outside.replace(name, "")
        if WORD.search(outside):
            self.untranslated.append(" ".join(outside.split())[:120])
