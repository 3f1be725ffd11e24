"""Readers of the environment that fail with a sentence instead of a traceback."""

import os
import secrets
from pathlib import Path
from typing import Any, NoReturn

import environ

BASE_DIR = Path(__file__).resolve().parent.parent


class Reader(environ.Env):  # type: ignore[misc]  # django-environ has no types
    """Reads variables; an empty one is as good as none, as in a file with all of them listed."""

    def get_value(self, var: str, *args: Any, **options: Any) -> Any:
        """Return a value as the type that is wanted; refuse the start if it is not of that type."""
        if not self.ENVIRON.get(var, "unset").strip() and "default" in options:
            return options["default"]
        try:
            return super().get_value(var, *args, **options)
        except ValueError:
            refuse(f"{var} cannot be understood: “{self.ENVIRON.get(var)}”.")


env = Reader()


def refuse(sentence: str) -> NoReturn:
    """End the start with one sentence on the terminal and status 1."""
    raise SystemExit(f"Relaydesk cannot start: {sentence}")


def data_folder() -> Path:
    """Return the folder for everything Relaydesk writes, made with mode 0700 if it is new."""
    folder = Path(env.str("RELAYDESK_DATA", default=str(BASE_DIR / "data"))).resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for part in ("keys", "queue", "control", "tmp", "static"):
            (folder / part).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        refuse(
            f"it cannot write to its data folder {folder} ({error.strerror}). "
            "Change the owner of the folder, or name another one in RELAYDESK_DATA."
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        refuse(
            f"it may not write to its data folder {folder}. "
            "Change the owner of the folder, or name another one in RELAYDESK_DATA."
        )
    return folder


def certificates(name: str) -> str:
    """Return the path of a bundle of trusted certificates (PEM, RFC 7468), or nothing."""
    path = str(env.str(name, default=""))
    try:
        found = not path or "-----BEGIN CERTIFICATE-----" in Path(path).read_text(
            "ascii", "replace"
        )
    except OSError as error:
        refuse(f"the file {path} of {name} cannot be read ({error.strerror}).")
    if not found:
        refuse(f"the file {path} of {name} holds no certificate in PEM form.")
    return path


def secret(name: str, own_file: Path, *, first_run: bool) -> str:
    """Return a secret from the variable, else the file `NAME_FILE` names, else its own file.

    Its own file is made on the first run only: with data already there, a new key would make
    that data unreadable, so then the start is refused.
    """
    if value := str(env.str(name, default="")):
        return value
    named = str(env.str(f"{name}_FILE", default=""))
    path = Path(named) if named else own_file
    if not named and first_run and not path.exists():
        _write_once(path)
    try:
        value = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        refuse(
            f"the key file {path} is missing. Put it back from your backup, or give the key in "
            f"{name}. A new key would not open the passwords that are stored."
        )
    except (OSError, UnicodeDecodeError):
        refuse(f"the key file {path} cannot be read. Let this user read it, or set {name}.")
    if not value:
        refuse(f"the key file {path} is empty. Put it back from your backup, or set {name}.")
    return value


def _write_once(path: Path) -> None:
    """Make a key file with mode 0600; when two processes try, the first one wins."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48))
        os.link(draft, path)
    except FileExistsError:
        return
    except OSError as error:
        refuse(f"it cannot write the key file {path} ({error.strerror}).")
    finally:
        draft.unlink(missing_ok=True)
