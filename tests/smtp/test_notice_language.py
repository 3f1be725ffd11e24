"""Which part of a notice is told in English, whatever the language of the page."""

import pytest

from smtp.pages.notices import Row
from tenants.models import Notice, Topic

REFUSED = "The password is not accepted"
NOTICES = [
    (Topic.SETTING_FAILING, "auth-failed", f"{REFUSED}.", True, f"{REFUSED}."),
    (Topic.SETTING_FAILING, "unknown", "Why is not known.", False, "Why is not known."),
    (Topic.DOMAIN_FAILING, "domain.failing", "It fails.", False, "It fails."),
    (Topic.PROVIDER_CHANGED, "domain.behind:dkim", "A key is gone.", True, "A key is gone."),
    (Topic.PROVIDER_CHANGED, "provider.changed:x", "Ask them.", False, "Ask them."),
    (
        *(Topic.INCIDENT_OPENED, "incident 1", f"{REFUSED} <b>. 2 fail.\n<i>", False),
        f'<span lang="en">{REFUSED} &lt;b&gt;</span>. 2 fail.\n&lt;i&gt;',
    ),
    (
        *(Topic.INCIDENT_OPENED, "incident 1", "The reason is not known. 2 fail.", False),
        "The reason is not known. 2 fail.",
    ),
]


@pytest.mark.parametrize(("topic", "cause", "text", "is_english", "shown"), NOTICES)
def test_what_a_hint_or_a_finding_says_is_marked(
    topic: Topic, cause: str, text: str, is_english: bool, shown: str
) -> None:
    """The sentences of pure modules are; those of Relaydesk's own are in the reader's language."""
    row = Row(Notice(topic=topic, cause=cause, text=text), None)
    assert (row.is_english, row.text) == (is_english, shown)
