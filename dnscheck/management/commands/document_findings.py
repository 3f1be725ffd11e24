"""Door: writes down every finding a check can give, for docs/findings.md (`make findings`)."""

from django.core.management.base import BaseCommand

from dnscheck.rules import registry


class Command(BaseCommand):
    """Prints docs/findings.md as it belongs to this version."""

    help = "Print every finding a DNS check can give, as Markdown."

    def handle(self, *_args: str, **_options: object) -> None:
        """Print the document."""
        self.stdout.write(registry.document(), ending="")
