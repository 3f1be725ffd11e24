"""The page that explains a pasted failure: for everybody who has logged in, keeping nothing."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from smtp.models import Attempt
from smtp.reading import LOOKED_AT

PAGE = "/explain/"
REFUSED = "smtplib.SMTPAuthenticationError: (535, b'5.7.8 Error: authentication failed')"


@pytest.fixture
def visitor(client: Client, viewer: User) -> Client:
    """Return the browser of somebody who has logged in."""
    client.force_login(viewer)
    return client


def test_the_page_is_for_people_who_have_logged_in(client: Client) -> None:
    """Like all pages."""
    assert client.get(PAGE).status_code == 302
    assert client.post(PAGE, {"text": REFUSED}).status_code == 403


def test_the_navigation_leads_there(visitor: Client) -> None:
    """From every page, and it marks the page itself."""
    assert f'href="{PAGE}"' in visitor.get("/").content.decode()
    assert f'href="{PAGE}" aria-current="page"' in visitor.get(PAGE).content.decode()


def test_a_failure_is_explained_before_the_form(visitor: Client) -> None:
    """Cause and steps, then the line that gave it away, then the form for the next one."""
    answer = visitor.post(PAGE, {"text": f"Traceback\n{REFUSED}"})
    text = answer.content.decode()
    assert answer.context["reading"].hints[0].code == "auth-bad-credentials"
    assert text.index('id="hint"') < text.index("<mark>") < text.index('name="text"')
    assert "Nothing of it is stored." in text
    assert not Attempt.objects.exists()


def test_what_is_known_besides_helps(visitor: Client) -> None:
    """With provider, port and security a change can be named; there is no button for it."""
    known = {"provider": "aws-ses", "port": "587", "security": "starttls"}
    text = visitor.post(PAGE, {"text": "connect ECONNREFUSED", **known}).content.decode()
    assert "The change that most likely helps: Use port 2587." in text
    assert 'name="correct"' not in text


def test_what_was_pasted_comes_back_escaped_and_without_secrets(visitor: Client) -> None:
    """In the form as in the evidence."""
    pasted = f"password='hunter22' <script>alert(1)</script> {REFUSED}"
    text = visitor.post(PAGE, {"text": pasted}).content.decode()
    assert "hunter22" not in text
    assert "<script>alert" not in text
    assert text.count("[secret]") == 2


def test_garbage_gets_a_kind_answer(visitor: Client) -> None:
    """It says what to paste."""
    text = visitor.post(PAGE, {"text": "it does not work"}).content.decode()
    assert "This text names no failure that is known here" in text
    assert "From a bounce paste the part with Status and Diagnostic-Code." in text
    assert "<mark>" not in text


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("", "Paste the error here: the server&#x27;s answer, or all of it."),
        ("  \n ", "Paste the error here: the server&#x27;s answer, or all of it."),
        ("x" * (LOOKED_AT + 1), "This is longer than 65,536 characters."),
    ],
)
def test_too_little_and_too_much_are_told_at_the_field(
    visitor: Client, pasted: str, sentence: str
) -> None:
    """In a sentence that says what to do; nothing is explained."""
    answer = visitor.post(PAGE, {"text": pasted})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert answer.context["reading"] is None


def test_a_secret_does_not_come_back_with_a_refused_form(visitor: Client) -> None:
    """Whatever the form was refused for."""
    pasted = f"password='hunter22' {REFUSED}"
    text = visitor.post(PAGE, {"text": pasted, "port": "many"}).content.decode()
    assert "hunter22" not in text
    assert "Enter a whole number." in text


def test_a_paste_needs_the_token_of_the_page(viewer: User) -> None:
    """Another site cannot post here."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(viewer)
    assert strict.post(PAGE, {"text": REFUSED}).status_code == 403


def test_the_page_asks_the_database_for_nothing_of_its_own(
    visitor: Client, django_assert_num_queries: object
) -> None:
    """Session and person are all it needs, however much is pasted."""
    with django_assert_num_queries(2):  # type: ignore[operator]
        visitor.post(PAGE, {"text": REFUSED * 20})
