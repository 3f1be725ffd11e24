"""Which DMARC policy applies to a domain, by RFC 9989 and for receivers that follow RFC 7489."""

import asyncio

import pytest

from dnscheck.answers import Answer, Reason
from dnscheck.rules.dmarc_policy import How, Policy, demand, older_policy_for, policy_for
from tests.dnscheck.judging import Published, Zone

OWN, ORGANIZATION, SUFFIX = How.OWN, How.ORGANIZATION, How.SUFFIX
NONE, REJECT, REPORTS = "v=DMARC1; p=none", "v=DMARC1; p=reject", "; rua=mailto:a@shop.example"
ABC = "a.mail.shop.example"

Found = tuple[How, str] | None  # how a policy applies, and the domain it stands at


def at(**texts: str | tuple[str, ...]) -> Published:
    """Return records at `_dmarc` below shop.example; `top` is the domain itself, `tld` the end."""
    places = {"a": ABC, "mail": "mail.shop.example", "top": "shop.example", "tld": "example"}
    return {
        (f"_dmarc.{places[place]}", "TXT"): (text,) if isinstance(text, str) else text
        for place, text in texts.items()
    }


def found(policy: Policy | None) -> Found:
    """Return the part of a policy that the table compares."""
    return None if policy is None else (policy.how, policy.domain)


# where records are, and what is found for a.mail.shop.example by the one RFC and the other
PLACES: list[tuple[Published, Found, Found]] = [
    ({}, None, None),
    (at(a=NONE, top=REJECT), (OWN, ABC), (OWN, ABC)),
    (at(top=REJECT), (ORGANIZATION, "shop.example"), (ORGANIZATION, "shop.example")),
    (at(mail=NONE, top=REJECT), (ORGANIZATION, "shop.example"), (ORGANIZATION, "shop.example")),
    (at(mail=NONE), (ORGANIZATION, "mail.shop.example"), None),
    (
        at(mail=f"{NONE}; psd=n", top=REJECT),
        (ORGANIZATION, "mail.shop.example"),
        (ORGANIZATION, "shop.example"),
    ),
    (at(tld=f"{REJECT}; psd=y"), (SUFFIX, "example"), None),
    (
        at(top=NONE, tld=f"{REJECT}; psd=Y"),
        (ORGANIZATION, "shop.example"),
        (ORGANIZATION, "shop.example"),
    ),
    (at(mail=NONE, tld=f"{REJECT}; psd=y"), (SUFFIX, "example"), None),
    (at(a=(NONE, REJECT), top=NONE), (ORGANIZATION, "shop.example"), None),
    (at(a="hello", top=(NONE, REJECT), mail=NONE), (ORGANIZATION, "mail.shop.example"), None),
    (at(a="v=DMARC1; p=monitor", top=REJECT), None, None),
    (at(a="v=DMARC1; p=monitor" + REPORTS), (OWN, ABC), (OWN, ABC)),
    (at(top="v=DMARC1"), None, None),
]


@pytest.mark.parametrize(("published", "new", "old"), PLACES)
def test_where_the_policy_is_found(published: Published, new: Found, old: Found) -> None:
    """The walk takes the shortest name unless psd says otherwise; older receivers know two."""
    dns = Zone(dict(published))
    assert found(asyncio.run(policy_for(ABC, dns.ask))) == new
    assert found(asyncio.run(older_policy_for(ABC, dns.ask))) == old


@pytest.mark.parametrize("reason", Reason)
def test_what_could_not_be_asked_is_unknown(reason: Reason) -> None:
    """A place that is silent may hold the policy, unless one further down ends the walk."""
    for place in ("a", "mail", "top", "tld"):
        texts = {"top": REJECT} if place != "top" else {}
        dns = Zone({**at(**texts), next(iter(at(**{place: ""}))): reason})
        policy = asyncio.run(policy_for(ABC, dns.ask))
        assert policy is not None
        assert (policy.how, policy.asks) == (How.UNKNOWN, ""), place
        older = asyncio.run(older_policy_for(ABC, dns.ask))
        assert older is not None
        assert (older.how is How.UNKNOWN) is (place in ("a", "top"))
    ended = Zone({**at(mail=f"{NONE}; psd=n"), ("_dmarc.shop.example", "TXT"): reason})
    assert found(asyncio.run(policy_for(ABC, ended.ask))) == (ORGANIZATION, "mail.shop.example")


def test_a_walk_takes_eight_questions_at_most() -> None:
    """However long the name: itself, then its last seven labels and less."""
    asked: list[str] = []
    dns = Zone()

    async def ask(name: str, type: str) -> Answer:
        asked.append(name)
        return await dns.ask(name, type)

    assert asyncio.run(policy_for("a.b.c.d.e.f.g.h.i.j.mail.example.com", ask)) is None
    assert asked == [
        "_dmarc.a.b.c.d.e.f.g.h.i.j.mail.example.com",
        "_dmarc.g.h.i.j.mail.example.com",
        "_dmarc.h.i.j.mail.example.com",
        "_dmarc.i.j.mail.example.com",
        "_dmarc.j.mail.example.com",
        "_dmarc.mail.example.com",
        "_dmarc.example.com",
        "_dmarc.com",
    ]
    asked.clear()
    assert asyncio.run(policy_for("b.c.d.e.f.mail.example.com", ask)) is None
    assert len(asked) == 8
    assert asked[1] == "_dmarc.c.d.e.f.mail.example.com"


SAYS = {
    REJECT: ("reject", REJECT),
    f"V=DMARC1; P=Reject; sp=QUARANTINE; np=none; t=y; adkim=s{REPORTS}": (
        "quarantine",
        f"v=DMARC1; p=quarantine; t=y; adkim=s{REPORTS}",
    ),
    f"v=DMARC1; p=reject; sp=off{REPORTS}": ("none", f"v=DMARC1; p=none{REPORTS}"),
}


@pytest.mark.parametrize(("above", "says"), SAYS.items())
def test_what_a_policy_above_asks_for_here(above: str, says: tuple[str, str]) -> None:
    """Tag sp where there is one, and a record of its own that says the same."""
    policy = asyncio.run(policy_for(ABC, Zone(dict(at(top=above))).ask))
    assert policy is not None
    assert (policy.asks, policy.as_own) == says
    assert (policy.name, policy.is_on_trial) == ("_dmarc.shop.example", "t=y" in above)


def test_an_alias_is_told() -> None:
    """A policy behind a CNAME stands at the domain, and says where it comes from."""
    alias = {("_dmarc.shop.example", "CNAME"): ("d.example",), ("d.example", "TXT"): (REJECT,)}
    policy = asyncio.run(policy_for("shop.example", Zone(dict(alias)).ask))
    assert policy == Policy(
        How.OWN, "shop.example", REJECT, {"v": "DMARC1", "p": "reject"}, "d.example"
    )


@pytest.mark.parametrize(
    ("published", "word"),
    [
        (at(), "absent"),
        (at(top=NONE), "none"),
        (at(top=REJECT), "reject"),
        (at(a=REJECT, top=NONE), "reject"),
        (at(top="v=DMARC1; p=reject; sp=quarantine"), "quarantine"),
        (at(top="v=DMARC1; p=reject; t=y"), "quarantine"),
        (at(top="v=DMARC1; p=none; t=y"), "none"),
        ({("_dmarc." + ABC, "TXT"): Reason.SERVFAIL}, "unknown"),
    ],
)
def test_what_a_policy_demands_is_kept_in_a_word(published: Published, word: str) -> None:
    """As far as receivers are to act on it now; none is told apart from could not ask."""
    assert demand(asyncio.run(policy_for(ABC, Zone(dict(published)).ask))) == word
