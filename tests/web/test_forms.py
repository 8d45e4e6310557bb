import html5lib
import pytest
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation

from web.forms import MoneyField, NameField, OfficeForm, RequestIdField


class SampleForm(OfficeForm):
    name = NameField(label="Name", help_text="As on the identity card.")
    amount = MoneyField(label="Amount")
    outcome = forms.ChoiceField(
        label="Outcome", choices=[("pass", "Pass"), ("return", "Return")], widget=forms.RadioSelect
    )
    declared = forms.BooleanField(label="Declared")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    password = forms.CharField(label="Password", required=False, widget=forms.PasswordInput)
    request_id = RequestIdField()


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def test_an_empty_post_lists_every_problem_with_the_input_to_jump_to():
    problems = SampleForm({}).problems
    assert [(p.label, p.target) for p in problems] == [
        ("Name", "id_name"),
        ("Amount", "id_amount"),
        ("Outcome", "id_outcome_0"),
        ("Declared", "id_declared"),
        ("", ""),
    ]


def test_the_form_s_own_errors_come_first():
    form = SampleForm({})
    form.add_error(None, "This borrower is outside your area.")
    assert form.problems[0].message == "This borrower is outside your area."


def test_the_summary_can_take_the_focus_and_links_to_ids_that_exist():
    page = html5lib.parse(f"<!doctype html><title>t</title>{SampleForm({})}", namespaceHTMLElements=False)
    summary = page.find(".//*[@id='errors']")
    assert summary.get("tabindex") == "-1"
    ids = {element.get("id") for element in page.iter() if element.get("id")}
    targets = [link.get("href")[1:] for link in summary.iter("a")]
    assert len(targets) == 4
    assert set(targets) <= ids


def test_a_form_without_errors_shows_no_summary():
    assert 'id="errors"' not in str(SampleForm())


def test_every_input_names_its_hint_and_its_error_to_a_screen_reader():
    page = html5lib.parse(f"<!doctype html><title>t</title>{SampleForm({})}", namespaceHTMLElements=False)
    name = page.find(".//input[@name='name']")
    assert name.get("aria-invalid") == "true"
    ids = {element.get("id") for element in page.iter() if element.get("id")}
    described = name.get("aria-describedby").split()
    assert described == ["id_name_helptext", "id_name_error"]
    assert set(described) <= ids


def test_the_fields_are_well_formed_html_and_each_has_a_label():
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    page = parser.parse(f"<!doctype html><title>t</title>{SampleForm({})}")
    assert not parser.errors
    labelled = {label.get("for") for label in page.iter("label")}
    shown = [i for tag in ("input", "textarea") for i in page.iter(tag) if i.get("type") != "hidden"]
    assert {i.get("id") for i in shown} <= labelled


def test_only_optional_fields_say_so():
    shown = str(SampleForm())
    assert shown.count("(optional)") == 2
    assert "yuan" in shown


def test_typed_text_arrives_composed_but_a_password_as_it_was_typed():
    decomposed = "e\u0301\r\n"
    form = SampleForm({"note": decomposed, "password": decomposed})
    assert form.data == {"note": "é\n", "password": decomposed}


def test_the_values_of_a_repeated_field_are_all_composed():
    data = QueryDict(mutable=True)
    data.setlist("note", ["e\u0301", "e\u0301"])
    form = SampleForm(data)
    assert form.data.getlist("note") == ["é", "é"]
    assert data.getlist("note") == ["e\u0301", "e\u0301"]


def test_a_hidden_field_shown_by_itself_has_no_label():
    form = SampleForm()
    assert "<label" not in render_to_string("forms/field.html", {"field": form["request_id"]})
