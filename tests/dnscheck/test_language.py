"""What pages make of the English of pure modules."""

from django import forms
from django.utils.translation import override

from dnscheck import exports
from smtp.providers.search import TITLES as KINDS
from tenants.pages.language import TITLES, EnglishSelect, english, translated


def test_translators_see_the_titles_of_pure_modules() -> None:
    """Each kind of provider and each format of an export is in the list, and nothing else."""
    assert {*TITLES} == {*KINDS.values(), *(format.label for format in exports.FORMATS)}


def test_a_text_of_a_pure_module_is_marked_and_escaped() -> None:
    """What was typed and is quoted in it stays text; nothing stays nothing."""
    assert english("No <b> here.") == '<span lang="en">No &lt;b&gt; here.</span>'
    assert english("") == ""


def test_titles_come_in_the_language_of_the_reader() -> None:
    """A title that Django knows in German comes in German; the choices stay."""
    with override("de"):
        assert translated([("All", [("a", "A")])]) == [("Alle", [("a", "A")])]


def test_the_empty_choice_of_a_menu_of_causes_is_not_english() -> None:
    """Only what stands for a cause is marked."""
    menu = forms.ChoiceField(choices=[("", "All"), ("x", "Lost")], widget=EnglishSelect).widget
    html = menu.render("cause", "")
    assert '<option value="x" lang="en">Lost</option>' in html
    assert '<option value="" selected>All</option>' in html
