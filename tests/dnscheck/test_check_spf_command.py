"""The command check_spf, against a real name server on loopback."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.lab.nameserver import NameServer
from dnscheck import verification
from dnscheck.management.commands.check_spf import Command, asker
from dnscheck.resolver import Resolver

Run = Any  # the fixture below: words in, status and output out
HEAD = """$TTL 60
@ SOA ns1.lab.example. hostmaster.lab.example. 1 3600 600 86400 60
@ NS ns1.lab.example.
"""
LISTS = "v=spf1 ip4:1.1.1.1 ip4:1.1.1.2 ip4:1.1.1.3 ip6:::1 a:%{h} exists:gone.%{d2} ~all"
ZONES = {
    "shop.example": r"""
@ TXT "v=spf1 ip4:203.0.113.1 include:" "hub.example -all exp=why.%{d}"
@ TXT "something else"
why TXT "%{i} may not send for %{d}; said %{h}"
octets TXT "v=spf1 a:caf\195\169.example -all"
names TXT "v=spf1 ptr:world.example -all"
mail TXT "v=spf1 mx:alias.shop.example -all"
alias CNAME hub.example.
lists TXT "LISTS"
ring TXT "v=spf1 include:ring.shop.example"
off TXT "v=spf1 include:silent.example -all"
moo TXT "v=spf1 include:cow.shop.example -all"
cow TXT "v=spf1 moo -all"
""",
    "hub.example": """
@ TXT "v=spf1 a:four.hub.example a:six.hub.example ?all"
@ MX 10 four
@ MX 20 six
four A 192.0.2.25
six AAAA 2001:db8::25
""",
    "2.0.192.in-addr.arpa": "25 PTR In.World.Example.\n",
    "world.example": "in A 192.0.2.25\n",
    "silent.example": "@ TXT unseen\n",
}
CLIENT, SIX, OTHER = "192.0.2.25", "2001:db8::25", "198.51.100.1"


@pytest.fixture(scope="module")
def nameserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the zones; give the address."""
    folder: Path = tmp_path_factory.mktemp("zones")
    for origin, records in ZONES.items():
        mood = "; mood: refused\n" if origin == "silent.example" else ""
        (folder / f"{origin}.zone").write_text(f"{mood}{HEAD}{records.replace('LISTS', LISTS)}")
    with NameServer(folder) as server:
        yield f"127.0.0.1:{server.port}"


@pytest.fixture
def run(nameserver: str, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the command as from a shell."""

    def run_it(*words: str, ask: str = nameserver) -> tuple[int, str, str]:
        status: Any = 0
        try:
            Command().run_from_argv(["manage.py", "check_spf", *words, "--nameserver", ask])
        except SystemExit as end:
            status = end.code
        told = capsys.readouterr()
        return int(status), told.out, told.err

    return run_it


@pytest.mark.parametrize(
    ("ip", "domain", "status", "result", "lookups", "voids"),
    [
        (CLIENT, "shop.example", 0, "pass", 2, 0),
        (SIX, "shop.example", 0, "pass", 3, 1),
        (f"::ffff:{CLIENT}", "shop.example", 0, "pass", 2, 0),
        (OTHER, "shop.example", 1, "fail", 3, 1),
        (OTHER, "hub.example", 1, "neutral", 2, 1),
        (OTHER, "lists.shop.example", 1, "softfail", 2, 1),
        (OTHER, "octets.shop.example", 1, "permerror", 0, 0),
        (OTHER, "ring.shop.example", 1, "permerror", 11, 0),
        (OTHER, "none.shop.example", 1, "none", 0, 0),
        (OTHER, "off.shop.example", 2, "temperror", 1, 0),
        (OTHER, "silent.example", 2, "temperror", 0, 0),
        (CLIENT, "names.shop.example", 0, "pass", 1, 0),
        (SIX, "mail.shop.example", 0, "pass", 1, 0),
    ],
)
def test_each_result_has_its_status(
    ip: str, domain: str, status: int, result: str, lookups: int, voids: int, run: Run
) -> None:
    """Good, bad and could-not-tell, all the way through a real resolver."""
    words = ("--ip", ip, "--mail-from", f"a@{domain}", "--helo", "in.world.example")
    ended, out, err = run(*words, "--json")
    told = json.loads(out)
    assert (ended, told["result"], err) == (status, result, "")
    assert (told["lookups"], told["void_lookups"]) == (lookups, voids)


def test_the_json_has_its_promised_shape(run: Run) -> None:
    """Programs rely on these keys; strings of a record are joined without a blank."""
    _, out, _ = run("--ip", OTHER, "--mail-from", "a@shop.example", "--helo", "h", "--json")
    told = json.loads(out)
    assert set(told) >= {"result", "explanation", "lookups", "void_lookups", "tree"}
    assert told["explanation"] == f"{OTHER} may not send for shop.example; said h"
    assert [step["term"] for step in told["tree"]["children"]] == [
        "ip4:203.0.113.1",
        "include:hub.example",
        "-all",
    ]


def test_people_are_told_what_decided_and_what_it_took(run: Run) -> None:
    """Result, mechanism, counts against the limits, and the tree; long lists are folded."""
    words = ("--mail-from", "<a@lists.shop.example>", "--helo", "in.world.example")
    status, out, _ = run("--ip", CLIENT, *words)
    assert status == 0
    assert out.splitlines() == [
        "pass: a:%{h} matched.",
        "DNS look-ups: 1, 10 are allowed",
        "Look-ups that found nothing: 0, 2 are allowed",
        f"lists.shop.example: {LISTS}",
        "  no-match  ip4:1.1.1.1 … ip6:::1 (4 terms)",
        "  pass      a:%{h} → in.world.example (1 look-up)",
    ]


def test_an_error_is_told_where_it_stands(run: Run) -> None:
    """The sentence stands at the top, and at the term that led there."""
    _, out, _ = run("--ip", OTHER, "--mail-from", "a@moo.shop.example")
    sentence = (
        "The SPF record at cow.shop.example cannot be read. "
        "“moo” is neither a mechanism nor a modifier of SPF."
    )
    lines = out.splitlines()
    assert lines[0] == f"permerror: {sentence}"
    assert [line.strip() for line in lines[-2:]] == [
        "permerror include:cow.shop.example (1 look-up)",
        sentence,
    ]


def test_the_sender_cannot_command_the_terminal(run: Run) -> None:
    """An escape sequence in the HELO comes back in the explanation as text."""
    status, out, _ = run(
        "--ip", OTHER, "--mail-from", "a@shop.example", "--helo", "\x1b[31mh.example"
    )
    assert status == 1
    assert "The domain's owner says:" in out
    assert "\x1b" not in out


def test_without_a_sender_the_helo_name_is_asked(run: Run) -> None:
    """As for a bounce."""
    assert run("--ip", CLIENT, "--mail-from", "<>", "--helo", "hub.example")[0] == 0
    assert run("--ip", CLIENT, "--helo", "hub.example")[0] == 0


def test_a_domain_alone_is_asked_as_of_its_postmaster(run: Run) -> None:
    """The domain stands where it does in the sister commands, however it was typed."""
    words = ("--ip", OTHER, "--json")
    assert run("Shop.EXAMPLE.", *words) == run(*words, "--mail-from", "postmaster@shop.example")
    assert run("hub.example", "--ip", CLIENT, "--helo", "other.example")[0] == 0


def test_an_evaluation_has_the_time_that_the_standard_recommends() -> None:
    """RFC 7208 section 4.6.4: at least 20 seconds, more than other runs have."""
    asking, usual = asker(["127.0.0.1"]), verification.resolver(["127.0.0.1"])
    assert isinstance(asking, Resolver)
    assert asking._run.seconds >= 20 > usual._run.seconds


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("not a domain", "--ip", CLIENT),
        ("co.uk", "--ip", CLIENT),
        ("hub.example", "--ip", CLIENT, "--mail-from", "a@hub.example"),
        ("hub.example",),
        ("--ip", CLIENT),
        ("--ip", "hub.example", "--helo", "hub.example"),
        ("--ip", CLIENT, "--mail-from", "", "--helo", ""),
        ("--mail-from", "a@hub.example", "--helo", "hub.example"),
        ("--ip", CLIENT, "--helo", "hub.example", "--frobnicate"),
    ],
)
def test_bad_usage_is_one_sentence_and_status_64(words: tuple[str, ...], run: Run) -> None:
    """Whatever is wrong with the words, nothing is printed but one line on stderr."""
    status, out, err = run(*words)
    assert (status, out) == (64, "")
    assert err.strip()
    assert err.count("\n") == 1


def test_a_bad_name_server_is_bad_usage(run: Run) -> None:
    """HOST:PORT must be an address and a port."""
    status, _, err = run("--ip", CLIENT, "--helo", "hub.example", ask="nowhere")
    assert (status, err.count("\n")) == (64, 1)
