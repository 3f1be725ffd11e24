"""An Outcome survives the database."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtp.outcome import Failure, Outcome, Reply, Stage, StageResult

replies = st.builds(Reply, st.integers(200, 599), st.sampled_from(["", "5.7.8"]), st.text())
stages = st.builds(StageResult, st.sampled_from(Stage), st.floats(0, 1e6), st.booleans(), st.text())
outcomes = st.builds(
    Outcome,
    ok=st.booleans(),
    stage=st.sampled_from(Stage),
    failure=st.none() | st.sampled_from(Failure),
    reply=st.none() | replies,
    message=st.text(),
    stages=st.lists(stages, max_size=3).map(tuple),
    transcript=st.lists(st.text(), max_size=3).map(tuple),
    unclear=st.booleans(),
    peer=st.text(),
    tls=st.text(),
    capabilities=st.lists(st.text(), max_size=3).map(tuple),
)


@given(outcomes)
def test_what_is_written_as_json_is_read_back(outcome: Outcome) -> None:
    """Nothing is lost, and enums are enums again."""
    back = Outcome.from_json(json.loads(json.dumps(outcome.as_json())))
    assert back == outcome
    assert isinstance(back.stage, Stage)


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        (Reply(535, "5.7.8", "Wrong password"), "535 5.7.8 Wrong password"),
        (Reply(250, "", "Ok"), "250 Ok"),
        (Reply(354, "", ""), "354"),
    ],
)
def test_a_reply_reads_as_the_server_wrote_it(reply: Reply, text: str) -> None:
    """Empty parts leave no blanks behind."""
    assert str(reply) == text


def test_every_failure_fits_its_column() -> None:
    """The Attempt stores 24 characters."""
    assert max(map(len, Failure)) <= 24
