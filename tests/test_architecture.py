"""The floor plan: which room may open onto which, and how large a room may be.

A failure names the file, the line and the rule it broke.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("config", "tenants", "smtp", "dnscheck")

# From the quiet back of the house to the street. A module imports its own kind of room and those
# above it here.
ROOMS = {
    "pure": {
        *("smtp.providers", "smtp.outcome", "smtp.targets", "smtp.headers", "smtp.message"),
        *("smtp.masking", "smtp.lints", "smtp.hints", "smtp.reading"),
        *("smtp.watching.health", "smtp.watching.outages"),
        *("smtp.telling.notice_text", "smtp.telling.place", "smtp.telling.retries"),
        *("smtp.telling.signature", "tenants.quiet", "tenants.cover"),
        *(
            "dnscheck.answers",
            "dnscheck.together",
            "dnscheck.names",
            "dnscheck.zone",
            "dnscheck.findings",
        ),
        *("dnscheck.records", "dnscheck.added", "dnscheck.desired", "dnscheck.conflicts"),
        *("dnscheck.rules", "dnscheck.spf", "dnscheck.dmarc", "dnscheck.alignment"),
        *("dnscheck.voluntary", "dnscheck.standpoints", "dnscheck.diagnosis", "dnscheck.survey"),
        *("dnscheck.verdicts", "dnscheck.changes", "dnscheck.days", "dnscheck.reopening"),
        *("dnscheck.causes", "dnscheck.asked", "dnscheck.diff"),
        *("dnscheck.hosts", "dnscheck.exports", "dnscheck.received", "dnscheck.report"),
        *("dnscheck.watching.news", "dnscheck.watching.wire"),
    },
    "lock": {"smtp.vault"},
    "edge": {"smtp.client", "smtp.telling.webcall", "dnscheck.resolver"},
    "state": {"tenants.models", "smtp.models", "dnscheck.models", "dnscheck.watching.expected"},
    "verb": {
        *("tenants.bells", "tenants.notices", "smtp.trials", "smtp.delivery", "smtp.reach"),
        "smtp.adopting",
        *("dnscheck.asking", "dnscheck.required", "dnscheck.verification", "dnscheck.writing"),
        *("dnscheck.examination", "dnscheck.many"),
        *("dnscheck.acknowledging", "dnscheck.touring", "dnscheck.mailing"),
        *("smtp.telling", "smtp.watching", "dnscheck.watching"),  # but for what is named above
    },
    # in any app
    "page": {"pages"},
    "door": {"forms", "views", "urls", "admin", "tasks", "apps", "management", "people"}
    | {"backends"},
}
ORDER = list(ROOMS)
NO_NETWORK = {"state", "page", "door"}  # they ask a verb; they never hold an edge themselves
APP_MAY_IMPORT = {
    "tenants": set[str](),
    "smtp": {"tenants"},
    "dnscheck": {"tenants", "smtp"},
    "config": set(APPS),
}
# What dnscheck takes of smtp, besides foreign keys to its rows: providers, the key to secrets, what
# an address is, and mails.
OF_SMTP_FOR_DNSCHECK = (
    *("smtp.providers", "smtp.vault", "smtp.message", "smtp.lints"),
    "smtp.telling.outbox",
)
# Each outside library has its owner. The lab is the other end of the wire, so it speaks the same.
OWNERS = {
    "smtplib": (),
    "socket": ("smtp.client", "config.lab", "config.startup", "dnscheck.resolver"),
    "ssl": ("smtp.client", "smtp.telling.webcall", "config.lab"),
    "dns": ("dnscheck.resolver", "config.lab"),
    "cryptography": ("smtp.vault", "smtp.providers.keys", "smtp.client.certificate"),
    "fernet_fields": ("smtp.vault",),
    "urllib3": ("smtp.telling.webcall",),
    "trustme": ("config.lab",),
    "dkim": ("dnscheck.received",),
    "idna": ("dnscheck.names", "smtp.targets", "smtp.message"),
    "publicsuffixlist": ("dnscheck.names",),
    "environ": ("config.env",),
}
NOT_IN_PURE = {"django", "celery", "subprocess", "os", "time", "random", "socket", "ssl", "dns"}
MODULE_LINES, FUNCTION_LINES, DOOR_LINES = 300, 45, 20
SHORT_DOORS = {"views", "admin", "tasks"}


def modules() -> Iterator[tuple[str, Path]]:
    """Yield every module of the product with its path."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            if ".migrations" not in name:
                yield name, path


def within(name: str, place: str) -> bool:
    """Whether a module is a place or inside it."""
    return name == place or name.startswith(place + ".")


def room_of(name: str) -> str | None:
    """Return the room a module is in."""
    if within(name, "config"):
        return "wiring"
    if name in APPS:
        return "pure"  # the app's own docstring
    inside = name.split(".")[1]
    for room in ORDER:
        if inside in ROOMS[room] or any(within(name, place) for place in ROOMS[room]):
            return room
    return None


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield what a module imports, with the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"line {node.lineno}: relative import"
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def test_modules_stay_in_their_rooms() -> None:
    """Every module says what it is and imports only what its room may."""
    assert [told for name, path in modules() for told in out_of_its_room(name, path)] == []


def out_of_its_room(name: str, path: Path) -> Iterator[str]:
    """Yield what a module does that its room may not."""
    tree = ast.parse(path.read_text())
    room = room_of(name)
    if not room:
        yield f"{name} is in no room: add it to ROOMS, or give it a door's name"
    if not ast.get_docstring(tree):
        yield f"{name} does not say what it is"
    for target, line in imports(tree):
        top, here = target.split(".")[0], f"{path.relative_to(ROOT)}:{line} imports {target}"
        if top in OWNERS and not any(within(name, owner) for owner in OWNERS[top]):
            yield f"{here}: {OWNERS[top]} may"
        if room == "pure" and top in NOT_IN_PURE:
            yield f"{here}: a pure module may not"
        if room and room != "wiring" and top in APPS:
            yield from (f"{here}: {why}" for why in refusals(name.split(".")[0], room, target))


def refusals(app: str, room: str, target: str) -> Iterator[str]:
    """Yield why a room of an app may not import something of an app."""
    top, other = target.split(".")[0], room_of(target)
    if top != app and top not in APP_MAY_IMPORT[app]:
        yield f"{app} may not import {top}"
    shared = any(within(target, place) for place in OF_SMTP_FOR_DNSCHECK)
    if (app, top) == ("dnscheck", "smtp") and not shared:
        yield f"only {', '.join(OF_SMTP_FOR_DNSCHECK)}"
    if other in ORDER and ORDER.index(other) > ORDER.index(room):
        yield f"a {room} may not"
    if other == "edge" and room in NO_NETWORK:
        yield f"a {room} asks a verb"


def test_modules_are_of_a_readable_size() -> None:
    """A module is read in one sitting, a function on one screen, a door at a glance."""
    assert [told for name, path in modules() for told in too_long(name, path)] == []


def too_long(name: str, path: Path) -> Iterator[str]:
    """Yield what of a module has too many lines."""
    text = path.read_text()
    if len(text.splitlines()) > MODULE_LINES:
        yield f"{name} is too long"
    last = name.split(".")[1:2]
    most = DOOR_LINES if last and last[0] in SHORT_DOORS else FUNCTION_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            if length > most:
                yield f"{name}:{node.lineno} {node.name} has {length} lines"


def test_the_top_level_is_as_planned() -> None:
    """A visitor finds the same few things at the top, and nothing else."""
    planned = {"config", "tenants", "smtp", "dnscheck", "templates", "static", "tests", "docs"}
    planned |= {"manage.py", "requirements.txt", "README.md", "CHANGELOG.md", "LICENSE"}
    planned |= {"Makefile", "pyproject.toml"}
    made = {"data", "data-demo", "screenshots", "__pycache__"}
    here = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert here - made == planned
