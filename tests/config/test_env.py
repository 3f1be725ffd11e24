"""A start that cannot work says in one sentence what to do."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHOW = "from config import settings; print(settings.SECRET_KEY, settings.FERNET_KEYS)"


def start(data: Path, code: str = SHOW, **env: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of its own, with nothing but these variables."""
    clean = {"PATH": os.environ["PATH"], "RELAYDESK_DATA": str(data), **env}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=clean, capture_output=True, text=True
    )


def one_sentence(run: subprocess.CompletedProcess[str]) -> str:
    """Return the single line that a refused start prints."""
    assert run.returncode == 1
    [line] = run.stderr.strip().splitlines()
    assert line.startswith("Relaydesk cannot start: ")
    return line


def test_the_first_run_makes_its_own_keys_and_keeps_them(tmp_path: Path) -> None:
    """Two runs see the same keys, in files that nobody else may read."""
    first, second = start(tmp_path / "data"), start(tmp_path / "data")
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    for file in (tmp_path / "data" / "keys").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "data" / "queue").stat().st_mode) == 0o700


def test_a_lost_key_beside_data_is_not_replaced(tmp_path: Path) -> None:
    """With a database there, a new key would make its passwords unreadable."""
    start(tmp_path)
    (tmp_path / "relaydesk.sqlite3").touch()
    (tmp_path / "keys" / "fernet").unlink()
    assert "keys/fernet is missing" in one_sentence(start(tmp_path))


def test_a_named_key_file_must_be_there(tmp_path: Path) -> None:
    """A wrong path is said, not healed by a new key."""
    run = start(tmp_path, FERNET_KEYS_FILE=str(tmp_path / "nowhere"))
    assert "nowhere is missing" in one_sentence(run)


def test_an_empty_or_binary_key_file_is_refused(tmp_path: Path) -> None:
    """A file that holds no key is no key."""
    empty, binary = tmp_path / "empty", tmp_path / "binary"
    empty.touch()
    binary.write_bytes(b"\xff\xfe")
    assert "is empty" in one_sentence(start(tmp_path, SECRET_KEY_FILE=str(empty)))
    assert "cannot be read" in one_sentence(start(tmp_path, SECRET_KEY_FILE=str(binary)))


def test_several_keys_are_read_in_order(tmp_path: Path) -> None:
    """The first encrypts, all decrypt."""
    run = start(tmp_path, FERNET_KEYS="new, old", SECRET_KEY="s")
    assert run.stdout.strip() == "s ['new', 'old']"


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("SMTP_PORTS", "587;DROP", "SMTP_PORTS"),
        ("SMTP_NETWORKS", "10.0.0.0/99", "SMTP_NETWORKS"),
        ("SMTP_TOTAL_SECONDS", "soon", "SMTP_TOTAL_SECONDS"),
        ("TEST_MAILS_PER_HOUR", "1e9", "TEST_MAILS_PER_HOUR"),
        ("DATABASE_URL", "mysql://u:p@127.0.0.1/d", "postgres://"),
        ("DATABASE_URL", "relaydesk.sqlite3", "postgres://"),
    ],
)
def test_a_value_that_means_nothing_is_named(
    tmp_path: Path, variable: str, value: str, said: str
) -> None:
    """The sentence names the variable."""
    assert said in one_sentence(start(tmp_path, **{variable: value}))


def test_an_empty_variable_is_as_good_as_none(tmp_path: Path) -> None:
    """So a file can list all of them and fill in a few."""
    names = (
        "DATABASE_URL",
        "SMTP_PORTS",
        "SMTP_TOTAL_SECONDS",
        "DNS_SERVERS",
        "DEBUG",
        "TIME_ZONE",
    )
    empty = dict.fromkeys((*names, "CELERY_BROKER_URL", "DNS_QUESTIONS_PER_SECOND"), "")
    run = start(tmp_path, FERNET_KEYS="key", SECRET_KEY="s", **empty)
    assert run.stdout.strip() == "s ['key']", run.stderr


def test_a_data_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    """A file where a folder must be, or a folder that is not ours."""
    (tmp_path / "file").touch()
    assert "data folder" in one_sentence(start(tmp_path / "file" / "data"))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read (No such file"),
        (b"", "holds no certificate"),
        (b"\xff\xfe", "holds no"),
    ],
)
def test_a_bundle_of_certificates_is_looked_at(
    content: bytes | None, told: str, tmp_path: Path
) -> None:
    """Else every server would be blamed for a certificate that nobody can check."""
    bundle = tmp_path / "ca.pem"
    if content is not None:
        bundle.write_bytes(content)
    line = one_sentence(start(tmp_path / "data", SMTP_CA_FILE=str(bundle)))
    assert "SMTP_CA_FILE" in line
    assert told in line
