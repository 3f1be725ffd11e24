"""The command verify_domain, against a real name server on loopback."""

import json
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from config.lab.nameserver import NameServer
from config.lab.zones import ELASTX, GENERIC, PROJECT, SCALEWAY, write_zones
from dnscheck.management.commands.verify_domain import Command
from dnscheck.models import Check, SendingDomain
from tests.factories import make_domain, make_tenant

Run = Any  # the fixture below: words in, status and output out
RECORD_KEYS = {"purpose", "name", "type", "expected", "verdict", "observed"}
RECORD_KEYS |= {"required", "findings"}
SCALEWAY_NEEDS = ["project_id", "public_key"]
FINDING_KEYS = {"code", "severity", "title", "why", "fix", "edits"}


@pytest.fixture(scope="module")
def nameserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the lab's zones and one that attacks the terminal; give the address."""
    folder = tmp_path_factory.mktemp("zones")
    write_zones(folder)
    evil = (folder / "good-generic.example.zone").read_text().replace("v=spf1", "\\027[31mv=spf1")
    (folder / "evil.example.zone").write_text(evil)
    with NameServer(folder) as server:
        yield f"127.0.0.1:{server.port}"


@pytest.fixture
def run(nameserver: str, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the command as from a shell."""

    def run_it(*words: str, ask: str = nameserver) -> tuple[int, str, str]:
        status: Any = 0
        try:
            Command().run_from_argv(["manage.py", "verify_domain", *words, "--nameserver", ask])
        except SystemExit as end:
            status = end.code
        told = capsys.readouterr()
        return int(status), told.out, told.err

    return run_it


def recipe(*recipes: tuple[str, Any]) -> list[str]:
    """Return providers and their inputs as a person writes them."""
    words: list[str] = []
    for slug, inputs in recipes:
        words += ["--provider", slug]
        for name, value in inputs.items():
            words += ["--input", f"{name}={value}"]
    return words


@pytest.mark.parametrize(
    ("name", "recipes", "status", "verdict"),
    [
        ("good-elastx.example", (ELASTX,), 0, "verified"),
        ("two-providers.example", (ELASTX, SCALEWAY), 0, "verified"),
        ("wrong-dkim.example", (ELASTX,), 1, "failing"),
        ("servfail.example", (GENERIC,), 2, "unknown"),
    ],
)
def test_a_domain_is_checked_without_any_row(
    name: str, recipes: Any, status: int, verdict: str, run: Run
) -> None:
    """With providers nothing is stored: good, bad and could-not-tell have a status each."""
    ended, out, err = run(name, *recipe(*recipes), "--json")
    told = json.loads(out)
    assert (ended, told["verdict"], told["domain"], err) == (status, verdict, name, "")
    assert told["questions"] >= len(told["records"]) > 0


def test_zone_host_and_cost_of_spf_are_told(run: Run) -> None:
    """Where the records go, who serves the zone, and the look-ups of the record to be."""
    _ended, out, _err = run("doubled-host.example", *recipe(SCALEWAY), "--json")
    told = json.loads(out)
    assert told["zone"]["name"] == "doubled-host.example"
    assert told["zone"]["dns_hosts"] == ["porkbun"]
    assert told["spf"]["doubled-host.example"]["lookups"] == 1


def test_a_provider_may_be_named_by_an_alias(run: Run) -> None:
    """As other programs and older habits call it."""
    ended, out, _err = run("good-generic.example", *recipe(("generic-smtp", GENERIC[1])), "--json")
    assert (ended, json.loads(out)["verdict"]) == (0, "verified")


def test_the_json_has_its_promised_shape(run: Run) -> None:
    """Programs rely on these keys; a doubled name is told with the edit that mends it."""
    _, out, _ = run("doubled-host.example", *recipe(SCALEWAY), "--json")
    told = json.loads(out)
    assert {"domain", "verdict", "records", "findings", "questions"} <= set(told)
    assert all(set(record) >= RECORD_KEYS for record in told["records"])
    dkim = next(record for record in told["records"] if record["purpose"] == "dkim")
    assert dkim["name"] == f"{PROJECT}._domainkey.doubled-host.example"
    finding = next(item for item in dkim["findings"] if item["code"] == "host.doubled")
    assert set(finding) >= FINDING_KEYS
    assert all({"action", "name", "type", "from", "to"} <= set(e) for e in finding["edits"])


def test_people_are_told_what_is_wanted_seen_and_to_be_done(run: Run) -> None:
    """The text names verdict, values, code and edit, and is plain when nobody has a terminal."""
    status, out, _ = run("wrong-dkim.example", *recipe(ELASTX))
    assert status == 1
    assert out.startswith("wrong-dkim.example: failing\n")
    for said in ("wanted  v=DKIM1; p=", "seen    v=DKIM1;", "[dkim.key-differs]", "change TXT"):
        assert said in out
    assert "\x1b" not in out


def test_the_dns_cannot_command_the_terminal(run: Run) -> None:
    """An escape sequence in a TXT record is printed as text."""
    status, out, _ = run("evil.example", *recipe(GENERIC))
    assert status == 1
    assert "\x1b" not in out
    assert "[31mv=spf1" in out


@pytest.mark.django_db(transaction=True)
def test_the_rows_of_every_tenant_are_checked_and_written(run: Run) -> None:
    """Without a provider the stored domain is checked, in each tenant that has it."""
    for tenant in (make_tenant("One"), make_tenant("Two")):
        make_domain(tenant, "good-generic.example", recipes=((GENERIC[0], dict(GENERIC[1])),))
    status, out, _ = run("Good-Generic.EXAMPLE.", "--json")
    told = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [(item["tenant"], item["verdict"]) for item in told] == [
        ("one", "verified"),
        ("two", "verified"),
    ]
    assert set(told[0]["records"][0]) == RECORD_KEYS
    assert set(SendingDomain.objects.values_list("verdict", flat=True)) == {"verified"}
    assert Check.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_silence_is_told_beside_the_verdict_that_stands(run: Run) -> None:
    """A verified domain that cannot be asked about stays verified; the command cannot tell."""
    make_domain(
        name="refused.example", recipes=((GENERIC[0], dict(GENERIC[1])),), verdict="verified"
    )
    status, out, _ = run("refused.example", "--json")
    told = json.loads(out)
    assert (status, told["verdict"], told["last_known"]) == (2, "unknown", "verified")
    assert SendingDomain.objects.get().verdict == "verified"
    assert "unknown, was verified" in run("refused.example")[1]


@pytest.mark.django_db(transaction=True)
def test_the_worst_of_several_rows_is_the_status(run: Run) -> None:
    """One tenant's recipe is right and another's is not: bad."""
    make_domain(name="good-generic.example", recipes=((GENERIC[0], dict(GENERIC[1])),))
    make_domain(name="good-generic.example", recipes=(("generic", {"mechanism": "mx"}),))
    assert run("good-generic.example")[0] == 1


@pytest.mark.django_db(transaction=True)
def test_a_domain_that_needs_nothing_yet_is_told_so(run: Run) -> None:
    """Without a provider there is nothing to prove, so nothing is proven."""
    make_domain(name="shop.example")
    status, out, _ = run("shop.example")
    assert status == 2
    assert "choose who sends for it" in out


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "words",
    [
        (),
        ("not a domain",),
        ("co.uk",),
        ("unknown-here.example",),
        ("shop.example", "--provider", "nobody"),
        ("shop.example", "--input", "a=b"),
        ("shop.example", "--provider", "generic", "--input", "mechanism"),
        ("shop.example", "--provider", "generic", "--input", "region=x"),
        ("shop.example", "--provider", "generic", "--input", "mechanism=§"),
        ("shop.example", "--provider", "aws-ses"),
        ("shop.example", "--frobnicate"),
    ],
)
def test_bad_usage_is_one_sentence_and_status_64(words: tuple[str, ...], run: Run) -> None:
    """Whatever is wrong with the words, nothing is printed but one line on stderr."""
    status, out, err = run(*words)
    assert (status, out) == (64, "")
    assert err.strip()
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_all_inputs_that_are_lacking_or_wrong_are_named_at_once(run: Run) -> None:
    """Nobody has to run the command once for each of them."""
    words = recipe(("aws-ses", {"colour": "blue", "region": "nowhere"}), ("scaleway-tem", {}))
    status, _, err = run("shop.example", *words)
    assert status == 64
    named = re.findall(r"--input (\w+):", err)
    assert named == ["colour", "region", "token1", "token2", "token3", *SCALEWAY_NEEDS]


@pytest.mark.parametrize(
    ("slug", "named"),
    [
        ("gmail", "Name one that does: google-workspace, google-workspace-relay."),
        ("mailtrap-sandbox", "Name one that does: mailtrap."),
        ("local-capture", " scaleway-tem, "),
    ],
)
def test_a_provider_that_sends_for_no_domain_is_told_apart(slug: str, named: str, run: Run) -> None:
    """There is nothing to check, and who of the same house sends for domains is named."""
    status, out, err = run("shop.example", "--provider", slug)
    assert (status, out, err.count("\n")) == (64, "", 1)
    assert err.startswith(f"--provider {slug}: ")
    assert named in err


def test_a_provider_without_records_may_stand_beside_another(run: Run) -> None:
    """The other one's records are all there is to check."""
    words = recipe(GENERIC, ("gmail", {}))
    assert run("good-generic.example", *words)[0] == 0


@pytest.fixture
def no_tables(transactional_db: None) -> Iterator[None]:
    """Hide a table, as if the database had never been brought up to date."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE dnscheck_check RENAME TO hidden")
        yield
        cursor.execute("ALTER TABLE hidden RENAME TO dnscheck_check")


def test_without_tables_the_command_says_what_to_run(run: Run, no_tables: None) -> None:
    """On a fresh checkout one sentence is told, and with a provider nothing is missed."""
    make_domain(name="good-generic.example", recipes=((GENERIC[0], dict(GENERIC[1])),))
    status, out, err = run("good-generic.example")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("The database cannot be used (")
    assert "dnscheck_check" in err
    assert "Run `make run` first" in err
    assert run("good-generic.example", *recipe(GENERIC))[0] == 0


@pytest.mark.parametrize("lines", [0, 1])
def test_a_reader_that_has_seen_enough_ends_the_command_quietly(
    lines: int, nameserver: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """As `head` does: no traceback, and nothing is complained of when the output is closed."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", buffering=lines or -1) as output:
        words = ["good-generic.example", *recipe(GENERIC), "--nameserver", nameserver]
        with pytest.raises(SystemExit) as end:
            Command(stdout=output).run_from_argv(["manage.py", "verify_domain", *words])
    assert end.value.code == 141
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("server", ["nowhere", "127.0.0.1:x", "127.0.0.1:70000", ""])
def test_a_bad_name_server_is_bad_usage(server: str, run: Run) -> None:
    """HOST:PORT must be an address and a port."""
    status, _, err = run("shop.example", *recipe(GENERIC), ask=server)
    assert status == 64
    assert err.count("\n") == 1


def test_names_of_a_laboratory_need_its_name_server(run: Run) -> None:
    """A name under .test can be asked of a chosen server alone."""
    assert run("shop.test", *recipe(GENERIC), "--json")[0] == 2
    with pytest.raises(SystemExit) as end:
        call_command("verify_domain", "shop.test", *recipe(GENERIC))
    assert end.value.code == 64
