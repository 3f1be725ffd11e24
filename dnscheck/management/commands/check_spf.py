"""Door: what a receiver makes of a domain's SPF record, for an operator or a program."""

import argparse
import asyncio
import ipaddress
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from dnscheck import verification
from dnscheck.answers import Asker
from dnscheck.management.recipes import RecipeCommand
from dnscheck.names import clean_domain
from dnscheck.report import printable
from dnscheck.spf.evaluate import check_host, identity
from dnscheck.spf.evaluation import NO_MATCH, Evaluation, Node, Result
from dnscheck.spf.forecast import LIMIT, VOID_LIMIT
from dnscheck.spf.walk import UNKNOWN
from tenants.management.sentences import CANNOT_TELL

STATUS = {Result.PASS: 0, Result.TEMPERROR: CANNOT_TELL}
BAD = 1
EVALUATION_SECONDS = 20  # RFC 7208 section 4.6.4: not to be stopped before
FEW = 3  # terms without a match that are named one by one


class Command(RecipeCommand):
    help = (
        "Evaluates a domain's SPF record for one client, as a receiver does (RFC 7208), and shows "
        "which term decided and what every term took. Nothing is stored. Exit status: 0 pass, "
        "1 any other result, 2 the DNS could not be asked (temperror), 64 bad usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "name",
            metavar="NAME",
            nargs="?",
            default="",
            help="the domain, such as example.com, in place of --mail-from postmaster@NAME",
        )
        parser.add_argument(
            "--ip", required=True, type=_ip, metavar="A", help="the address that connects"
        )
        parser.add_argument(
            "--mail-from",
            default="",
            type=_path,
            metavar="M",
            help="the envelope sender, such as news@example.com; empty for a bounce",
        )
        parser.add_argument(
            "--helo", default="", metavar="H", help="the name the client gives in HELO or EHLO"
        )
        parser.add_argument(
            "--nameserver",
            action="append",
            default=[],
            metavar="HOST:PORT",
            help="ask this server; may be given several times",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, **options: Any) -> None:
        helo = options["helo"].strip()
        try:
            sender = _sender(options)
            resolver = asker(options["nameserver"])
        except ValueError as error:
            self.refuse(str(error))
        if not sender and not helo:
            self.refuse("Give NAME or --mail-from, or --helo if the envelope sender is empty.")
        domain, sender = identity(sender, helo)
        evaluation = asyncio.run(
            check_host(
                options["ip"], domain, sender, helo or UNKNOWN, resolver.ask, now=timezone.now()
            )
        )
        self._print(evaluation, as_json=options["json"])
        if evaluation.result is not Result.PASS:
            sys.exit(STATUS.get(evaluation.result, BAD))

    def _print(self, evaluation: Evaluation, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(evaluation.as_json()))
            return
        styles = {Result.PASS: self.style.SUCCESS, Result.TEMPERROR: self.style.WARNING}
        style = styles.get(evaluation.result, self.style.ERROR)
        self.stdout.write(style(f"{evaluation.result}: {printable(_reason(evaluation))}"))
        for line in _lines(evaluation):
            self.stdout.write(printable(line))


def asker(servers: Sequence[str]) -> Asker:
    """Return who asks for one evaluation; `ValueError` with a sentence for a bad server."""
    return verification.resolver(servers, at_least=EVALUATION_SECONDS)


def _sender(options: Mapping[str, Any]) -> str:
    """Return the envelope sender; raise `ValueError` with a sentence for a bad domain."""
    name, sender = options["name"], options["mail_from"]
    if not name:
        return str(sender)
    if sender:
        raise ValueError("Give NAME or --mail-from, not both.")
    return f"postmaster@{clean_domain(name, laboratory=bool(options['nameserver']))}"


def _ip(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is no IP address") from None


def _path(text: str) -> str:
    """Return an address without the angle brackets of SMTP (RFC 5321 section 4.1.2)."""
    return text.strip().removeprefix("<").removesuffix(">")


def _reason(evaluation: Evaluation) -> str:
    if evaluation.mechanism:
        return f"{evaluation.mechanism} matched."
    return evaluation.problem or "No mechanism matched."


def _lines(evaluation: Evaluation) -> Iterator[str]:
    """Yield what the owner says of a fail, what was used up, and the tree."""
    if evaluation.explanation:
        yield f"The domain's owner says: {evaluation.explanation}"
    yield f"DNS look-ups: {evaluation.lookups}, {LIMIT} are allowed"
    yield f"Look-ups that found nothing: {evaluation.void_lookups}, {VOID_LIMIT} are allowed"
    tree = evaluation.tree
    if tree.term:
        yield f"{tree.target}: {tree.term}"
    yield from _terms(tree, "  ")


def _terms(above: Node, indent: str) -> Iterator[str]:
    """Yield the terms below a node; of a long list of addresses that do not match, how many."""
    for is_quiet, group in groupby(above.children, key=_is_quiet):
        nodes = list(group)
        if is_quiet and len(nodes) > FEW:
            first, last = nodes[0].term, nodes[-1].term
            yield f"{indent}{NO_MATCH:<9} {first} … {last} ({len(nodes)} terms)"
            continue
        for node in nodes:
            yield f"{indent}{node.result:<9} {node.term}{_took(node)}"
            if node.problem and not node.children:
                yield f"{indent}          {node.problem}"
            yield from _terms(node, indent + "  ")


def _is_quiet(node: Node) -> bool:
    return node.result == NO_MATCH and not (node.lookups or node.problem)


def _took(node: Node) -> str:
    """Return where macros led to, and how many look-ups a term took."""
    target = f" → {node.target}" if "%" in node.term else ""
    lookups = "look-up" if node.lookups == 1 else "look-ups"
    return f"{target} ({node.lookups} {lookups})" if node.lookups else target
