"""Finds Bootstrap's built files in the package that carries them, so none are kept here."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

FILES = ("css/bootstrap.min.css", "css/bootstrap.min.css.map")  # the first names the second
PREFIX = "bootstrap/"


class BootstrapFinder(BaseFinder):
    """Serves Bootstrap's files of the `bootstrap` package under `bootstrap/`."""

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        spec = find_spec("bootstrap")
        folder = next(iter(spec.submodule_search_locations or ())) if spec else "bootstrap"
        self.storage = FileSystemStorage(location=folder)

    def check(self, **_kwargs: Any) -> list[Any]:
        """Report nothing: a missing package fails when the files are collected."""
        return []

    def find(self, path: str, *_args: Any, **kwargs: Any) -> Any:
        """Return where a file lies, or an empty list."""
        name = path.removeprefix(PREFIX)
        if not path.startswith(PREFIX) or name not in FILES:
            return []
        found = str(Path(self.storage.path(name)))
        return [found] if kwargs.get("find_all") or kwargs.get("all") else found

    def list(self, _ignore_patterns: Any) -> Any:
        """Yield each file with the storage that holds it."""
        for name in FILES:
            storage = FileSystemStorage(location=self.storage.location)
            storage.prefix = PREFIX.rstrip("/")  # type: ignore[attr-defined]
            yield name, storage
