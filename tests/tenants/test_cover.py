"""Which settings a domain's mail passes through, packed in a text and compared with settings."""

from itertools import product

import pytest

from smtp import providers
from smtp.providers.base import Category
from tenants.cover import (
    LONGEST,
    OWN_SERVERS,
    TESTING,
    Cover,
    Sender,
    Setting,
    aligned,
    logs_in,
    packed,
    speaker,
    unpacked,
)

FIRST = Sender("postmark", "1", True)
SHARED = Sender("aws-ses", "", None)
BAD = Sender("mailgun", "", False)


def setting(pk: int, provider: str = "postmark", **fields: object) -> Setting:
    """Make a setting that is enabled and logs in."""
    return Setting(pk, f"No. {pk}", provider, **{"logs_in": True, **fields})  # type: ignore[arg-type]


def test_the_lists_of_providers_are_those_of_the_catalogue() -> None:
    """A new page for testing, or for servers of one's own, has to be named here."""
    by_category: dict[Category, set[str]] = {}
    for page in providers.PROVIDERS:
        by_category.setdefault(page.category, set()).add(page.slug)
    assert set(TESTING) == by_category[Category.TESTING]
    assert set(OWN_SERVERS) == by_category[Category.GENERIC] | by_category[Category.SELF_HOSTED]


@pytest.mark.parametrize(
    ("health", "last", "expected"),
    [
        ("working", None, True),
        ("doubted", True, False),
        ("failing", True, False),
        ("untried", None, None),
        (None, None, None),
        (None, True, True),
        ("untried", False, False),
    ],
)
def test_health_goes_before_the_last_try(
    health: str | None, last: bool | None, expected: bool | None
) -> None:
    """What was never tried is not known, which is not the same as failing."""
    assert logs_in(health, last) is expected


def test_what_is_packed_is_the_same_in_any_order() -> None:
    """Domains that stand alike have one text, from which all can be read again."""
    text = packed([BAD, SHARED, FIRST])
    assert text == packed([FIRST, BAD, SHARED]) == "+postmark:1 ?aws-ses: -mailgun:"
    assert unpacked(text) == [FIRST, SHARED, BAD]


def test_nobody_is_not_the_same_as_never_looked() -> None:
    """An empty text is left to domains that no check judged."""
    assert packed([]) != ""
    assert unpacked(packed([])) == unpacked("") == []


def test_what_does_not_fit_is_left_out_from_the_end() -> None:
    """A column has room for many; what fails goes first but for one, and no word is cut."""
    many = [Sender("aws-ses", str(number), number < 5) for number in range(500)]
    text = packed(many)
    assert len(text) <= LONGEST
    told = unpacked(text)
    assert sum(one.passes is True for one in told) == 5
    assert set(told) < set(many)


@pytest.mark.parametrize(("worst", "expected"), [(False, False), (None, None), (True, True)])
def test_what_was_left_out_is_not_taken_for_right(
    worst: bool | None, expected: bool | None
) -> None:
    """The worst one stays: of very many senders nobody says that all of their mail passes."""
    many = [Sender("postmark", str(number), True) for number in range(200)]
    text = packed([*many, Sender("mailgun", "7", worst)])
    assert len(text) <= LONGEST
    assert len(unpacked(text)) < len(many)
    assert aligned(text) is expected


@pytest.mark.parametrize(
    ("senders", "expected"),
    [
        ([FIRST], True),
        ([FIRST, SHARED], None),
        ([FIRST, SHARED, BAD], False),
        ([], False),
    ],
)
def test_a_domain_is_aligned_when_all_its_mail_passes(
    senders: list[Sender], expected: bool | None
) -> None:
    """One sender that fails is enough; what could not be asked is not known."""
    assert aligned(packed(senders)) is expected
    assert aligned("") is None


@pytest.mark.parametrize(
    ("one", "named", "expected"),
    [
        (setting(1), {"1", ""}, "1"),
        (setting(1), {"2", ""}, ""),
        (setting(1), {"2"}, None),
        (setting(1, "generic", servers=1), {""}, ""),
        (setting(1, "generic", servers=2), {""}, None),
        (setting(1, "generic", servers=2), {"", "1"}, "1"),
        (setting(1, "postmark", servers=2), {""}, ""),
    ],
)
def test_whose_records_speak_for_a_setting(
    one: Setting, named: set[str], expected: str | None
) -> None:
    """Its own, else those that name none; with servers of one's own these may be another's."""
    assert speaker(one, named) == expected


SPARE = setting(2, "aws-ses")
BOTH = "+aws-ses: +postmark:1"


@pytest.mark.parametrize(
    ("settings", "senders", "expected"),
    [
        ([setting(1), SPARE], BOTH, True),
        ([setting(1), SPARE], "+postmark:1", False),
        ([setting(1), SPARE], "+postmark:1 ?aws-ses:", None),
        ([setting(1), SPARE], "+postmark:1 -aws-ses:", False),
        ([setting(1), SPARE], "", None),
        ([setting(1), SPARE], packed([]), False),
        ([setting(1)], BOTH, False),
        ([setting(1)], "", False),
        ([], BOTH, False),
        ([setting(1), setting(2, "aws-ses", logs_in=False)], BOTH, False),
        ([setting(1), setting(2, "aws-ses", logs_in=None)], BOTH, None),
        ([setting(1), setting(2, "aws-ses", enabled=False)], BOTH, False),
        ([setting(1), setting(2)], "+postmark:", True),
        ([setting(1), setting(2)], "+postmark:1", None),  # those of another account, perhaps
        ([setting(1), setting(2)], "+postmark: -postmark:2", False),
        ([setting(1, "generic"), setting(2, "generic")], "+generic:", True),
        (
            [setting(1, "generic", servers=2), setting(2, "generic", servers=2)],
            "+generic:",
            None,
        ),
        # Since the check, the setting went over to another provider.
        ([setting(1, "mailgun"), SPARE], BOTH, False),
        ([setting(1), setting(2, "local-capture")], "+local-capture: +postmark:1", False),
    ],
)
def test_mail_is_covered_by_two_settings_that_pass_and_log_in(
    settings: list[Setting], senders: str, expected: bool | None
) -> None:
    """One is none; what nobody knows is told apart from what is wrong."""
    assert Cover(settings).of(senders) is expected


def one_by_one(settings: list[Setting], text: str) -> bool | None:
    """Return the same as `Cover.of`, looking at each setting."""
    sure = possible = 0
    for one in settings:
        found = {s.setting: s.passes for s in unpacked(text) if s.provider == one.provider}
        key = speaker(one, found)
        passes = False if not found else None if key is None else found[key]
        sure += bool(passes and one.logs_in)
        possible += passes is not False and one.logs_in is not False
    return True if sure >= 2 else None if possible >= 2 else False


def test_counting_by_provider_says_the_same_as_looking_at_each_setting() -> None:
    """For each mix of three settings and three senders."""
    states: tuple[bool | None, ...] = (True, False, None)
    texts = [
        packed(
            [Sender("postmark", "1", a), Sender("postmark", "", b), Sender("generic", key, c)][
                :size
            ]
        )
        for a, b, c, key, size in product(states, states, states, ("", "3", "9"), (1, 2, 3))
    ]
    for first, third, servers in product(states, states, (1, 2)):
        settings = [
            setting(1, logs_in=first),
            setting(2),
            setting(3, "generic", logs_in=third, servers=servers),
            setting(4, "generic", servers=servers),
        ]
        cover = Cover(settings)
        assert [cover.of(text) for text in texts] == [one_by_one(settings, text) for text in texts]
