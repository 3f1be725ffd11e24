"""What must be in order before the processes start, each failure told in one sentence."""

import os
import secrets
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import OperationalError, connection

from config.env import refuse
from config.supervisor import Child, Out, Pulse, python
from smtp import vault
from smtp.models import SmtpSetting


def parse_bind(text: str) -> tuple[str, int]:
    """Return host and port of `HOST:PORT`."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or not 0 < int(port) < 65536:
        refuse(f"{text} is not an address to listen on. Write it as 127.0.0.1:8000.")
    return host.strip("[]") or "127.0.0.1", int(port)


def check_port(host: str, port: int) -> None:
    """Refuse to start when something else listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            refuse(
                f"{host}:{port} cannot be used ({error.strerror}). Stop what listens there, or "
                f"choose another port, such as --bind {host}:{port + 10}."
            )


def prepare_database() -> None:
    """Bring the database up to date and switch it to its journal mode, before anybody writes."""
    try:
        connection.ensure_connection()
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        reason = str(error).strip().partition("\n")[0]
        refuse(f"the database cannot be used ({reason}). Look at DATABASE_URL.")


def check_keys() -> None:
    """Refuse to start when the keys do not open the passwords that are stored."""
    setting = SmtpSetting.objects.filter(has_password=True).first()
    try:
        if setting is not None:
            vault.read(setting, "password")
    except vault.Unbound:
        refuse(
            "FERNET_KEYS do not open the passwords stored in this database. Put the right key "
            "back from your backup; several keys are separated by commas, the newest first."
        )


def prepare_static() -> None:
    """Collect stylesheets and scripts for the web server."""
    call_command("collectstatic", interactive=False, verbosity=0)


def first_operator(out: Out) -> None:
    """Make the first operator if there is none, and print the password this once."""
    people = get_user_model().objects
    if people.filter(is_superuser=True).exists():
        return
    name = os.environ.get("RELAYDESK_ADMIN_USER", "admin")
    password = os.environ.get("RELAYDESK_ADMIN_PASSWORD", "")
    shown = password or secrets.token_urlsafe(12)
    people.create_superuser(name, os.environ.get("RELAYDESK_ADMIN_EMAIL", ""), shown)
    tail = "the password from RELAYDESK_ADMIN_PASSWORD" if password else f"password {shown}"
    out.write(f"\n  First operator: {name}, {tail}\n")
    out.flush()  # also when it goes to a file: nobody sees the password a second time
    if not password:
        out.write("  It is shown this once. Change it after logging in.\n")


def children(host: str, port: int) -> list[Child]:
    """Return web server, worker, sweeper and timetable."""
    private = {"TMPDIR": str(settings.DATA_DIR / "tmp")}  # the broker passes messages through it
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = python("-m", "gunicorn", "config.wsgi", "-b", address, "-w", "2", "--threads", "4")
    web += ["--log-level", "warning", "--no-control-socket"]
    celery = python("-W", "ignore:You're running the worker", "-m", "celery", "-q", "-A", "config")
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    worker = [*celery, "worker", "-l", "warning", *quiet]
    sweeper = [*worker, "-Q", "sweep", "-P", "solo", "-n", "sweep@%h"]
    worker += ["-Q", "celery", "-P", "threads", "-c", "8"]
    schedule = str(settings.DATA_DIR / "timetable")
    beat = [*celery, "beat", "-l", "warning", "--pidfile=", "-s", schedule]
    pulse = Pulse(settings.PULSE_FILE, patience=settings.SWEEP_SECONDS * 6)
    return [
        Child("web", web, 10, signal.SIGQUIT, private),
        Child("worker", worker, 12, signal.SIGKILL, private),
        Child("sweep", sweeper, 5, signal.SIGKILL, private),
        Child("beat", beat, 5, signal.SIGKILL, private, stalled=pulse.stalled),
    ]


def wait_for_web(host: str, port: int, seconds: float = 30) -> bool:
    """Return whether the log-in page answered in time."""
    shown = f"[{host}]" if ":" in host else host.replace("0.0.0.0", "127.0.0.1")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"http://{shown}:{port}/login/", timeout=2).close()
            return True
        except urllib.error.HTTPError:
            return True  # it answers, if only to say that this host name is not allowed
        except OSError:
            time.sleep(0.2)
    return False


def greet(host: str, port: int, out: Out, more: Sequence[str] = ()) -> None:
    """Say where Relaydesk is, once it answers."""
    shown = f"[{host}]" if ":" in host else host
    if wait_for_web(host, port):
        out.write(f"\n  Relaydesk is at http://{shown}:{port}/  (Ctrl-C stops it)\n")
        for line in more:
            out.write(f"  {line}\n")
        out.write("\n")
        out.flush()
