"""The floor plan: which room may open onto which, and how large a room may be.

A failure names the file, the line and the rule it broke.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("config", "tenants", "smtp", "dnscheck")

# From the quiet back of the house to the street. A module imports its own kind of room and those
# above it here.
ROOMS = {
    "pure": {
        "smtp.providers",
        "smtp.outcome",
        "smtp.headers",
        "smtp.hints",
        "smtp.lints",
        "smtp.masking",
        "smtp.message",
        "smtp.targets",
        "dnscheck.added",
        "dnscheck.alignment",
        "dnscheck.answers",
        "dnscheck.desired",
        "dnscheck.conflicts",
        "dnscheck.diagnosis",
        "dnscheck.dmarc",
        "dnscheck.exports",
        "dnscheck.findings",
        "dnscheck.hosts",
        "dnscheck.names",
        "dnscheck.records",
        "dnscheck.received",
        "dnscheck.report",
        "dnscheck.rules",
        "dnscheck.spf",
        "dnscheck.standpoints",
        "dnscheck.survey",
        "dnscheck.verdicts",
        "dnscheck.voluntary",
        "dnscheck.zone",
    },
    "lock": {"smtp.vault"},
    "edge": {"smtp.client", "dnscheck.resolver"},
    "state": {"tenants.models", "smtp.models", "dnscheck.models", "dnscheck.pasted"},
    "verb": {
        *("smtp.delivery", "smtp.trials", "smtp.reach"),
        *("dnscheck.verification", "dnscheck.examination"),
    },
    "page": {
        *("tenants.overview", "smtp.presets", "smtp.attempt_page", "smtp.catalogue"),
        *("dnscheck.history", "dnscheck.timeline", "dnscheck.budgets", "dnscheck.handout"),
        *("dnscheck.senders", "dnscheck.received_page", "smtp.arrival"),
    },
    # in any app
    "door": {"forms", "attempt_forms", "setting_fields", "recipe_forms", "people"}
    | {"received_forms", "received_views"}
    | {"views", "attempt_views", "urls", "admin", "tasks", "apps", "management"},
}
ORDER = list(ROOMS)
NO_NETWORK = {"state", "page", "door"}  # they ask a verb; they never hold an edge themselves
APP_MAY_IMPORT = {
    "tenants": set[str](),
    "smtp": {"tenants"},
    "dnscheck": {"tenants", "smtp"},
    "config": set(APPS),
}
# Each outside library has its owner. The lab is the other end of the wire, so it speaks the same.
OWNERS = {
    "smtplib": (),
    "socket": ("smtp.client", "config.lab", "config.startup"),
    "ssl": ("smtp.client", "config.lab"),
    "dns": ("dnscheck.resolver", "config.lab"),
    "cryptography": ("smtp.vault", "smtp.providers.keys", "smtp.client.certificate"),
    "fernet_fields": ("smtp.vault",),
    "trustme": ("config.lab",),
    "dkim": ("dnscheck.received",),
    "idna": ("dnscheck.names", "smtp.targets", "smtp.message"),
    "publicsuffixlist": ("dnscheck.names",),
    "environ": ("config.env",),
}
NOT_IN_PURE = {"django", "celery", "subprocess", "os", "time", "random", "socket", "ssl", "dns"}
MODULE_LINES, FUNCTION_LINES, DOOR_LINES = 300, 45, 20
DOOR_FILES = ("views", "attempt_views", "received_views", "admin", "tasks")


def modules() -> Iterator[Any]:
    """Yield every module of the product with its path."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            if ".migrations" not in name:
                yield pytest.param(name, path, id=name)


def within(name: str, place: str) -> bool:
    """Whether a module is a place or inside it."""
    return name == place or name.startswith(place + ".")


def room_of(name: str) -> str | None:
    """Return the room a module is in."""
    if within(name, "config"):
        return "wiring"
    if name in APPS:
        return "pure"  # the app's own docstring
    for room in ORDER[:-1]:
        if any(within(name, place) for place in ROOMS[room]):
            return room
    return "door" if name.split(".")[1] in ROOMS["door"] else None


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield what a module imports, with the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"line {node.lineno}: relative import"
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


@pytest.mark.parametrize(("name", "path"), list(modules()))
def test_module_stays_in_its_room(name: str, path: Path) -> None:
    """Every module says what it is and imports only what its room may."""
    tree = ast.parse(path.read_text())
    room, app = room_of(name), name.split(".")[0]
    assert room, f"{name} is in no room: add it to ROOMS, or give it a door's name"
    assert ast.get_docstring(tree), f"{name} does not say what it is"
    for target, line in imports(tree):
        top, here = target.split(".")[0], f"{path.relative_to(ROOT)}:{line} imports {target}"
        if top in OWNERS:
            assert any(within(name, owner) for owner in OWNERS[top]), f"{here}: {OWNERS[top]} may"
        assert not (room == "pure" and top in NOT_IN_PURE), f"{here}: a pure module may not"
        if top not in APPS or room == "wiring":
            continue
        assert top == app or top in APP_MAY_IMPORT[app], f"{here}: {app} may not import {top}"
        shared = any(within(target, place) for place in ("smtp.providers", "smtp.vault"))
        assert (app, top) != ("dnscheck", "smtp") or shared, f"{here}: only smtp.providers, vault"
        other = room_of(target)
        if other in ORDER:
            assert ORDER.index(other) <= ORDER.index(room), f"{here}: a {room} may not"
            assert not (other == "edge" and room in NO_NETWORK), f"{here}: a {room} asks a verb"


@pytest.mark.parametrize(("name", "path"), list(modules()))
def test_module_is_of_a_readable_size(name: str, path: Path) -> None:
    """A module is read in one sitting, a function on one screen, a door at a glance."""
    text = path.read_text()
    assert len(text.splitlines()) <= MODULE_LINES, f"{name} is too long"
    last = name.split(".")[1:2]
    most = DOOR_LINES if last and last[0] in DOOR_FILES else FUNCTION_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= most, f"{name}:{node.lineno} {node.name} has {length} lines"


def test_the_top_level_is_as_planned() -> None:
    """A visitor finds the same few things at the top, and nothing else."""
    planned = {"config", "tenants", "smtp", "dnscheck", "templates", "static", "tests", "docs"}
    planned |= {"manage.py", "requirements.txt", "README.md", "CHANGELOG.md", "LICENSE"}
    planned |= {"Makefile", "pyproject.toml"}
    made = {"data", "data-demo", "screenshots", "__pycache__"}
    here = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert here - made == planned
