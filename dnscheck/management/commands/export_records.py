"""Door: a domain's required records as another tool wants them, for an operator at a terminal."""

from dataclasses import replace
from typing import Any

from django.core.management.base import CommandParser

from dnscheck import exports
from dnscheck.management.recipes import RecipeCommand
from dnscheck.models import SendingDomain
from dnscheck.names import clean_domain, organizational_domain
from dnscheck.pages import handout
from dnscheck.records import Recipe, missing_inputs, required_records
from dnscheck.required import recipe_inputs, records_of


class Command(RecipeCommand):
    help = (
        "Writes the DNS records a domain needs in the format of another tool. With --provider "
        "nothing needs to be stored. Without, the domain must be known here. Exit status: 0 "
        "written, 2 the database cannot be used, 64 bad usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--format",
            required=True,
            choices=[format.slug for format in exports.FORMATS],
            help="how to write them",
        )
        parser.add_argument(
            "--zone",
            metavar="ZONE",
            default="",
            help="the zone the records go into; else the one known here, or the domain that was "
            "registered",
        )
        parser.add_argument(
            "--tenant",
            metavar="SLUG",
            default="",
            help="whose domain it is, if several tenants have it",
        )

    def handle(self, **options: Any) -> None:
        try:
            name = clean_domain(options["name"])
            zone = clean_domain(options["zone"]) if options["zone"] else ""
            recipes = self.recipes(name, options["recipe"])
            if recipes and options["tenant"]:
                raise ValueError("--tenant: a --provider is named, so no tenant is asked.")
            if recipes:
                records = required_records(name, recipes)
                export = exports.Export(zone or organizational_domain(name), name, records)
            else:
                export = self._of_row(self._row(name, options["tenant"]), zone)
        except ValueError as error:
            self.refuse(str(error))
        if not export.records:
            self.refuse(f"Nothing is required of {name} yet: choose who sends for it.")
        self.stdout.write(exports.render(options["format"], export), ending="")

    def _of_row(self, row: SendingDomain, zone: str) -> exports.Export:
        """Return the records with what was published at the last check kept in them."""
        for recipe in row.recipes.all():
            missing = missing_inputs(Recipe(recipe.provider, recipe_inputs(recipe)))
            if missing:
                named = ", ".join(item.label for item in missing)
                provider = recipe.get_provider_display()
                self.stderr.write(f"{provider}: some records are left out without {named}.")
        export = handout.export_of(row, records_of(row))
        return replace(export, zone=zone) if zone else export

    def _row(self, name: str, tenant: str) -> SendingDomain:
        """Return the domain's row; raise `ValueError` with a sentence if it is not just one."""
        rows = self.rows(name)
        slugs = ", ".join(sorted(row.tenant.slug for row in rows))
        if tenant:
            rows = [row for row in rows if row.tenant.slug == tenant]
        if not rows:
            raise ValueError(f"--tenant {tenant}: {name} belongs to {slugs}.")
        if len(rows) > 1:
            raise ValueError(f"Several tenants have {name}: choose --tenant {slugs}.")
        return rows[0]
