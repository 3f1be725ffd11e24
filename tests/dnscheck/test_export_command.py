"""The command export_records: recipes named with it, or the rows of a known domain."""

from typing import Any

import pytest

from config.lab.zones import ELASTX, GENERIC, SCALEWAY, SES
from dnscheck import exports
from dnscheck.management.commands.export_records import Command
from dnscheck.models import AddedRecord
from dnscheck.records import Recipe, RequiredRecord, required_records
from tests.factories import make_domain, make_tenant

Run = Any  # the fixture below: words in, status and output out
DOMAIN = "mail.example.co.uk"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the command as from a shell."""

    def run_it(*words: str) -> tuple[int, str, str]:
        status: Any = 0
        try:
            Command().run_from_argv(["manage.py", "export_records", *words])
        except SystemExit as end:
            status = end.code
        told = capsys.readouterr()
        return int(status), told.out, told.err

    return run_it


def recipe(slug: str, inputs: Any) -> list[str]:
    """Return a provider and its inputs as a person writes them."""
    words = ["--provider", slug]
    for name, value in inputs.items():
        words += ["--input", f"{name}={value}"]
    return words


def records(domain: str, *recipes: tuple[str, Any]) -> tuple[RequiredRecord, ...]:
    """Return what these recipes ask of a domain."""
    return required_records(domain, [Recipe(slug, inputs) for slug, inputs in recipes])


@pytest.mark.parametrize("format", [format.slug for format in exports.FORMATS])
def test_every_format_is_written_without_a_database(format: str, run: Run) -> None:
    """With providers nothing is stored or read: the output is the export and nothing else."""
    words = [*recipe(*SES), *recipe(*SCALEWAY)]
    export = exports.Export("example.co.uk", DOMAIN, records(DOMAIN, SES, SCALEWAY))
    assert run(DOMAIN, "--format", format, *words) == (0, exports.render(format, export), "")


def test_a_zone_of_its_own_is_named(run: Run) -> None:
    """Names are relative to the zone that was given, in whatever way it was typed."""
    _, out, _ = run(
        DOMAIN, "--format", "dnscontrol", "--zone", "Mail.Example.co.uk.", *recipe(*SES)
    )
    assert 'D_EXTEND("mail.example.co.uk",' in out
    assert '"_dmarc",' in out


def test_how_an_input_was_read_is_said_aside(run: Run) -> None:
    """A record pasted in place of its key is understood, and said on stderr, not in the file."""
    slug, inputs = ELASTX
    pasted = {**inputs, "public_key": f"v=DKIM1; p={inputs['public_key']}"}
    clean, told = (
        run(DOMAIN, "--format", "bind", *recipe(slug, inputs)),
        run(DOMAIN, "--format", "bind", *recipe(slug, pasted)),
    )
    assert told[:2] == clean[:2]
    assert "the key was taken out of what you pasted" in told[2]


@pytest.mark.django_db
def test_a_known_domain_needs_no_provider(run: Run) -> None:
    """The rows tell recipes and records added by hand; the zone is the registered domain."""
    domain = make_domain(name=DOMAIN, recipes=((GENERIC[0], dict(GENERIC[1])),))
    AddedRecord.objects.create(domain=domain, name="@", type="MX", value="5 mx.example.net")
    status, out, err = run(DOMAIN.upper(), "--format", "octodns")
    assert (status, err) == (0, "")
    assert '\n"mail":\n' in out
    assert 'exchange: "mx.example.net."\n        preference: 5' in out


@pytest.mark.django_db
def test_the_zone_that_was_found_counts(run: Run) -> None:
    """Where a check has seen the zone cut, names are relative to it, unless another is given."""
    make_domain(name=DOMAIN, zone=DOMAIN, recipes=((GENERIC[0], dict(GENERIC[1])),))
    assert f'D_EXTEND("{DOMAIN}",' in run(DOMAIN, "--format", "dnscontrol")[1]
    _, out, _ = run(DOMAIN, "--format", "dnscontrol", "--zone", "example.co.uk")
    assert 'D_EXTEND("example.co.uk",' in out


@pytest.mark.django_db
def test_of_several_tenants_one_is_chosen(run: Run) -> None:
    """Two tenants need different records of one domain: the command never guesses whose."""
    for name, mechanism in (("One", "mx"), ("Two", "a")):
        make_domain(make_tenant(name), DOMAIN, (("generic", {"mechanism": mechanism}),))
    status, out, err = run(DOMAIN, "--format", "table")
    assert (status, out) == (64, "")
    assert err == f"Several tenants have {DOMAIN}: choose --tenant one, two.\n"
    assert "v=spf1 a ~all" in run(DOMAIN, "--format", "table", "--tenant", "two")[1]
    status, _, err = run(DOMAIN, "--format", "table", "--tenant", "three")
    assert (status, err) == (64, f"--tenant three: {DOMAIN} belongs to one, two.\n")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    [
        (),
        (DOMAIN,),
        (DOMAIN, "--format", "carrier-pigeon"),
        (DOMAIN, "--format", "bind"),
        ("idle.example.com", "--format", "bind"),
        ("not a domain", "--format", "bind"),
        (DOMAIN, "--format", "bind", "--provider", "nobody"),
        (DOMAIN, "--format", "bind", "--provider", "generic"),
        (DOMAIN, "--format", "bind", "--input", "a=b"),
        (DOMAIN, "--format", "bind", "--provider", "generic", "--input", "mechanism=§"),
        (DOMAIN, "--format", "bind", "--zone", "co.uk", *recipe("generic", {"mechanism": "mx"})),
        (DOMAIN, "--format", "bind", "--zone", "other.com", *recipe("generic", {"mechanism": "a"})),
        (DOMAIN, "--format", "bind", "--tenant", "one", *recipe("generic", {"mechanism": "mx"})),
    ],
)
def test_bad_usage_is_one_sentence_and_status_64(words: tuple[str, ...], run: Run) -> None:
    """Whatever is wrong with the words, nothing is written but one line on stderr."""
    make_domain(name="idle.example.com")
    status, out, err = run(*words)
    assert (status, out) == (64, "")
    assert err.strip()
    assert err.count("\n") == 1
    assert "Traceback" not in err
