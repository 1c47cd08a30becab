"""How forms are laid out: every control named, every error linked, both said aloud."""

import re

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils import translation


class SampleForm(forms.Form):
    words = forms.CharField(label="What happened", help_text="In your own words", max_length=50, widget=forms.Textarea)
    place = forms.CharField(label="Where", error_messages={"required": "Say where it is."})
    about_staff = forms.ChoiceField(
        label="Is it about staff", choices=[("n", "No"), ("y", "Yes")], widget=forms.RadioSelect, help_text="Be frank"
    )
    ways = forms.MultipleChoiceField(
        label="Ways", choices=[("p", "Phone"), ("m", "Mail")], widget=forms.CheckboxSelectMultiple, required=False
    )
    unit = forms.ChoiceField(label="Unit", choices=[("", "-"), ("1", "First")])
    photo = forms.FileField(label="Photo", required=False)
    private = forms.BooleanField(label="Keep private", required=False, help_text="Seen by few")
    key = forms.CharField(widget=forms.HiddenInput, initial="k")

    def clean(self):
        self.add_error(None, "Sent <once> already.")


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def page(form):
    return re.sub(r"\s+", " ", str(form))


def test_every_control_has_a_name():
    html = page(SampleForm())
    ids = re.findall(r'<(?:input(?![^>]*hidden)|select|textarea)[^>]* id="([^"]+)"', html)

    assert ids == [
        "id_words", "id_place", "id_about_staff_0", "id_about_staff_1", "id_ways_0", "id_ways_1", "id_unit", "id_photo",
        "id_private",
    ]  # fmt: skip
    assert sorted(re.findall(r'<label[^>]* for="([^"]+)"', html)) == sorted(ids)


def test_a_group_of_choices_is_named_by_its_question():
    html = page(SampleForm()["about_staff"].as_field_group())

    assert '<fieldset class="govuk-fieldset" aria-describedby="id_about_staff_helptext">' in html
    assert '<legend class="govuk-fieldset__legend govuk-fieldset__legend--s">Is it about staff </legend>' in html
    assert html.count('<input class="govuk-radios__input" type="radio" name="about_staff"') == 2


def test_only_what_may_stay_empty_is_marked():
    html = page(SampleForm())

    assert html.count("(optional)") == 2  # ways and photo; a single box to tick needs no such word


def test_hint_and_error_are_read_with_the_field():
    html = page(SampleForm({})["words"].as_field_group())

    assert 'aria-describedby="id_words_helptext id_words_error id_words_left"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_words_helptext">In your own words<' in html
    assert '<div id="id_words_error">' in html
    assert "govuk-textarea--error" in html


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("words", "Please fill this in."),
        ("about_staff", "Please choose one of these."),
        ("unit", "Please choose one of these."),
        ("place", "Say where it is."),
    ],
)
def test_an_empty_field_is_asked_for_in_fitting_words(field, words):
    assert f'<span class="l-hidden">Error:</span> {words}</p>' in page(SampleForm({})[field].as_field_group())


def test_the_error_summary_leads_to_each_field():
    html = re.sub(r"\s+", " ", render_to_string("linli/error_summary.html", {"form": SampleForm({})}))

    assert re.findall(r"<li>(.*?)</li>", html) == [
        "Sent &lt;once&gt; already.",
        '<a href="#id_words">What happened: Please fill this in.</a>',
        '<a href="#id_place">Where: Say where it is.</a>',
        '<a href="#id_about_staff_0">Is it about staff: Please choose one of these.</a>',
        '<a href="#id_unit">Unit: Please choose one of these.</a>',
        "Key: Please fill this in.",  # hidden: nothing to lead to
    ]


def test_there_is_no_summary_of_no_errors():
    assert render_to_string("linli/error_summary.html", {"form": SampleForm()}).strip() == ""


def test_what_was_chosen_stays_chosen():
    html = page(SampleForm({"about_staff": "y", "ways": ["p"], "private": "on", "unit": "1", "words": "<i>lamp</i>"}))

    assert re.findall(r'value="([^"]+)"[^>]* checked', html) == ["y", "p"]
    assert re.search(r'name="private"[^>]* checked', html)
    assert '<option value="1" selected>' in html
    assert "&lt;i&gt;lamp&lt;/i&gt;" in html
