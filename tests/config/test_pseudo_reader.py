"""The reader that finds what of a page was not given to gettext."""

import pytest

from tests.browser.pseudo import Page

TEXTS = [
    ("<p>Check now</p>", ["Check now"]),
    ("<p>⟦Check now···⟧</p>", []),
    ("<p>⟦Check now···⟧ or later</p>", ["or later"]),
    ("<p>⟦In the zone <code>a.example</code>; the next check tells.···⟧ Go</p>", ["Go"]),
    ("<p>⟦never closed</p><p>Check now</p>", ["Check now"]),
    ("<p>⟦All ⟦of them···⟧ here···⟧</p>", []),
    ('<p lang="en">The key is missing.</p><p>Change it</p>', ["Change it"]),
    ('<p lang="en">The key <b>is</b> missing.<br></p><p>Change it</p>', ["Change it"]),
    ('<p lang="en">One<br></br></p><svg lang="en"><use/><use></use>Two</svg>Three', ["Three"]),
    ('<p lang="de">Der Eintrag fehlt.</p>', ["Der Eintrag fehlt."]),
    ('<b translate="no">Thunderbird</b><b translate="yes">Close</b>', ["Close"]),
    ("<code>v=spf1 -all</code><pre>250 OK</pre>", []),
    ("<p>Ann of Acme</p>", ["Ann of Acme"]),
    ("<p>Acme · bob@acme.example · https://acme.example/path</p>", []),
    ("<p>_dmarc.acme.example · other.example</p>", ["_dmarc.acme.example · other.example"]),
    ("<p>lab._domainkey.my.example</p>", []),
    ("<p>SPF and DKIM</p><p>SPF / DKIM</p><p>TXT</p>", ["SPF and DKIM"]),
    ("<p>Txt</p>", ["Txt"]),
    ('<a aria-label="Back"></a><a title="⟦Back···⟧"></a>', ["Back"]),
    ('<input type="submit" value="Save"><input type="text" value="as typed">', ["Save"]),
    ('<input placeholder="Search"><p>3 · 4</p>', ["Search"]),
    ('<optgroup label="Relays"></optgroup><td data-label="Tenant"></td>', ["Relays", "Tenant"]),
    ("<svg><title>Last days</title><desc>⟦Days···⟧</desc></svg>", ["Last days"]),
]


@pytest.mark.parametrize(("html", "untranslated"), TEXTS)
def test_what_stands_outside_of_brackets_is_found(html: str, untranslated: list[str]) -> None:
    """Words are found but for names, values and what the page says is in English."""
    page = Page({"Acme", "my.example"})
    page.feed(html)
    assert page.untranslated == untranslated
