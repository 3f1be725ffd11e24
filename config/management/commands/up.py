"""`manage.py up`: web server, worker and timetable under one supervising process."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config import startup
from config.supervisor import supervise


class Command(BaseCommand):
    """Starts everything on one machine and keeps it running."""

    help = "Start web, worker and timetable together; Ctrl-C stops them."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", help="HOST:PORT to listen on")

    def handle(self, *_args: Any, bind: str, **_options: Any) -> None:
        host, port = startup.parse_bind(bind)
        startup.check_port(host, port)
        startup.prepare_database()
        startup.check_keys()
        startup.prepare_static()
        startup.first_operator(self.stdout)
        supervise(
            startup.children(host, port),
            lambda: startup.greet(host, port, self.stdout),
            self.stdout,
        )
