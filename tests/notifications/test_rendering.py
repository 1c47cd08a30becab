import uuid
from datetime import UTC, date, datetime

import pytest
from django.template import Engine

from notifications import checks, registry
from notifications.models import Notice
from notifications.rendering import render, render_words

AT = datetime(2026, 6, 9, 2, 0, tzinfo=UTC)


@pytest.fixture
def words(settings, tmp_path):
    """Write templates of one's own; the real ones stay underneath."""
    folder = tmp_path / "notices"
    folder.mkdir()
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]

    def write(kind, text):
        (folder / f"{kind}.txt").write_text(text)
        for loader in Engine.get_default().template_loaders:
            loader.reset()

    return write


def notice(**facts):
    return Notice(**{"id": uuid.UUID(int=7), "kind": "test.kind", "created_at": AT, "url_path": "/grid/7/", **facts})


def test_the_first_line_is_the_subject_and_the_rest_the_body(words, settings):
    settings.PUBLIC_URL = "https://linli.example.org"
    words("test.kind", "\n  {{ number }}   is late\n\n\n\nSee {{ link }}\n\n\n\n{{ about }}\n\n")

    rendered = render(notice(params={"number": "PX1"}, about="petition:7"), "en")

    assert rendered.subject == "PX1 is late"
    assert rendered.body == "See https://linli.example.org/grid/7/\n\npetition:7\n"


def test_words_come_in_the_language_of_the_reader(words):
    words("test.kind", '{% load i18n %}{% translate "Yes" %}\n')

    assert render(notice(), "zh-hans").subject == "是"
    assert render(notice(), "en").subject == "Yes"


def test_nothing_is_escaped_for_html(words):
    words("test.kind", "{{ place }}\n")

    assert render(notice(params={"place": "A & B <3>"}), "en").subject == "A & B <3>"


def test_moments_and_dates_are_read_back_in_shanghai_also_in_the_lines_of_a_digest(words):
    words(
        "test.kind",
        "{{ due_at|date:'Y-m-d H:i' }} {{ until_on|date:'j.n.' }}\n"
        "{% for line in lines %}{{ line.number }} {{ line.due_at|date:'H:i' }}\n{% endfor %}",
    )
    params = {
        "due_at": "2026-06-09T16:30:00Z",
        "until_on": "2026-06-30",
        "lines": [
            {"number": "PX1", "due_at": "2026-06-09T01:00:00Z"},
            {"number": "PX2", "due_at": "2026-06-09T02:00:00Z"},
        ],
    }

    rendered = render(notice(params=params), "en")

    assert rendered.subject == "2026-06-10 00:30 30.6."
    assert rendered.body == "PX1 09:00\nPX2 10:00\n"


def test_what_is_no_moment_stays_as_it_is(words):
    words("test.kind", "{{ due_at }} {{ on }} {{ until_on }}\n")

    rendered = render(notice(params={"due_at": "soon", "on": "2026-06-09", "until_on": "2026-02-31"}), "en")

    assert rendered.subject == "soon 2026-06-09 2026-02-31"


def test_a_template_may_do_arithmetic_with_what_was_read_back(words):
    words("test.kind", "{{ until_on.year }} {{ due_at.year }}\n")

    assert (
        render(notice(params={"until_on": date(2026, 6, 9).isoformat(), "due_at": AT.isoformat()}), "en").subject
        == "2026 2026"
    )


@pytest.mark.parametrize("kind", ["nobody.wrote.this", "../registration/login", "test broken"])
@pytest.mark.parametrize(("language", "subject"), [("en", "Linli has a message for you"), ("zh-hans", "")])
def test_a_kind_without_words_is_told_in_general_words(kind, language, subject):
    rendered = render(notice(kind=kind, params={"lines": [{"number": "PX1"}, "PX2"]}), language)

    assert rendered.subject
    assert not subject or rendered.subject == subject
    assert "- PX1" in rendered.body
    assert "- PX2" in rendered.body
    assert "/grid/7/" in rendered.body


@pytest.mark.parametrize("broken", ["{% nonsense %}", "{{ number|add:x }}{% include 'nowhere.txt' %}", "{% if %}"])
def test_words_that_fail_are_replaced_by_general_ones(words, broken, caplog):
    words("test.kind", broken)

    assert render(notice(), "en").subject == "Linli has a message for you"
    assert "test.kind" in caplog.text


def test_a_missing_fact_leaves_a_gap_and_no_error(words):
    words("test.kind", "{{ number }} late {{ owner.name }}\n")

    assert render(notice(), "en").subject == "late"


def test_a_very_long_subject_is_cut(words):
    words("test.kind", "x" * 500 + "\n")

    assert len(render(notice(), "en").subject) == 120


# -- what apps announce


@pytest.fixture
def announced(monkeypatch):
    monkeypatch.setattr(registry, "_samples", {})
    return registry.register


def test_an_announced_kind_needs_its_words(announced, words):
    assert checks.check_words_of_notices() == []

    announced("test.kind", sample={})
    assert [error.id for error in checks.check_words_of_notices()] == ["notifications.E001"]

    words("test.kind", "{% if %}")
    assert [error.id for error in checks.check_words_of_notices()] == ["notifications.E001"]

    words("test.kind", "Late\n")
    assert checks.check_words_of_notices() == []


def test_a_kind_is_announced_once(announced):
    announced("test.kind", sample={"number": "PX1"})
    announced("test.kind", sample={"number": "PX1"})

    with pytest.raises(ValueError, match="announced twice"):
        announced("test.kind", sample={})


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_announced_kind_has_a_subject_and_a_body_in_both_languages(language):
    for kind, sample in registry.samples().items():
        rendered = render_words(notice(kind=kind, params=dict(sample)), language, kind=kind)

        assert rendered.subject, kind
        assert rendered.body.strip(), kind
        assert "%(" not in rendered.subject + rendered.body, kind
