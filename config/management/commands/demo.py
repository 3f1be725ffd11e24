"""`manage.py demo`: the whole product beside a laboratory of good and broken servers."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from config import startup
from config.lab import certificates, mailservers, ports, seed
from config.supervisor import Child, python, supervise


class Command(BaseCommand):
    """Starts the fault lab and Relaydesk with a data folder of their own."""

    help = "Start Relaydesk with seeded tenants and a fault lab on loopback; Ctrl-C stops both."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8001", help="HOST:PORT to listen on")

    def handle(self, *_args: Any, bind: str, **_options: Any) -> None:
        if "RELAYDESK_DEMO" not in os.environ:
            # The settings are read once, so the command starts anew inside the laboratory. What
            # they trust must be there by then.
            os.umask(0o077)
            certificates.authority_of(ports.DATA / "lab" / "certificates")
            os.environ.update(ports.environment())
            os.environ.setdefault("PUBLIC_URL", f"http://{bind}")
            os.execv(sys.executable, python(*sys.argv))
        host, port = startup.parse_bind(bind)
        startup.check_port(host, port)
        for number in ports.all_ports():
            startup.check_port(ports.HOST, number)
        startup.prepare_database()
        startup.check_keys()
        startup.prepare_static()
        seed.seed()
        lab = Child("lab", python("-m", "config.lab"))
        lines = (
            f"Log in as {seed.OPERATOR} (operator) or {seed.MEMBER}, password {seed.PASSWORD}",
            f"The mail servers take the user {mailservers.USERNAME}, password "
            f"{mailservers.PASSWORD}; their ports stand in the seeded settings",
            f"Break or mend a record in {settings.DATA_DIR / 'lab' / 'zones'} and check again",
        )
        supervise(
            [lab, *startup.children(host, port)],
            lambda: startup.greet(host, port, self.stdout, lines),
            self.stdout,
        )
