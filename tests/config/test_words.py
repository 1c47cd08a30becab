"""Dates, spans of time, badges and countdowns, in both languages."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from config.templatetags import linli

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # Sunday, 12:00 in Shanghai


@pytest.fixture(autouse=True)
def _in_2026(monkeypatch):
    monkeypatch.setattr("config.templatetags.linli.timezone.localdate", lambda: date(2026, 11, 22))


@pytest.fixture(params=["en", "zh-hans"])
def language(request):
    with translation.override(request.param):
        yield request.param


def render(source, **context):
    return Template("{% load linli %}" + source).render(Context(context))


def test_a_moment_is_said_as_people_in_shanghai_say_it(language):
    late_on_saturday_in_london = datetime(2026, 11, 21, 17, 30, tzinfo=UTC)

    assert (
        linli.moment(late_on_saturday_in_london)
        == {
            "en": "22 Nov (Sun) 01:30",
            "zh-hans": "11月22日（周日）01:30",
        }[language]
    )


def test_a_day_of_another_year_names_the_year(language):
    assert linli.day(date(2027, 1, 4)) == {"en": "4 Jan 2027 (Mon)", "zh-hans": "2027年1月4日（周一）"}[language]
    assert linli.day(date(2026, 6, 9)) == {"en": "9 Jun (Tue)", "zh-hans": "6月9日（周二）"}[language]


def test_what_is_due_at_midnight_is_due_at_the_end_of_the_day_before():
    midnight = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # 00:00 on the 24th in Shanghai

    with translation.override("en"):
        assert linli.by_when(midnight) == "23 Nov (Mon), end of the day"
        assert linli.by_when(midnight + timedelta(minutes=1)) == "24 Nov (Tue) 00:01"


@pytest.mark.parametrize(
    "nothing", [linli.day, linli.moment, linli.by_when, linli.time_of_day, linli.remaining, linli.late]
)
def test_nothing_is_said_of_a_moment_that_is_not_there(nothing):
    assert nothing(None) == ""


@pytest.mark.parametrize(
    ("minutes", "english", "chinese"),
    [
        (0, "less than a minute", "不到 1 分钟"),
        (1, "1 minute", "1 分"),
        (59, "59 minutes", "59 分"),
        (60, "1 hour", "1 小时"),
        (130, "2 hours 10 minutes", "2 小时 10 分"),
        (1440, "1 day", "1 天"),
        (1445, "1 day", "1 天"),  # the minutes are noise beside a day
        (4560, "3 days 4 hours", "3 天 4 小时"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(language, minutes, english, chinese):
    expected = english if language == "en" else chinese

    assert linli.span(timedelta(minutes=minutes, seconds=59)) == expected
    assert linli.span(-timedelta(minutes=minutes)) == expected


def test_what_is_left_turns_into_what_is_late_at_the_very_moment(language):
    two_hours = timedelta(hours=2, minutes=10)

    assert (
        linli.remaining(NOON + two_hours, NOON)
        == {
            "en": "2 hours 10 minutes left",
            "zh-hans": "还剩 2 小时 10 分",
        }[language]
    )
    assert (
        linli.remaining(NOON - two_hours, NOON)
        == {
            "en": "2 hours 10 minutes late",
            "zh-hans": "已超期 2 小时 10 分",
        }[language]
    )
    assert linli.late(NOON + timedelta(seconds=1), NOON) == ""
    assert linli.late(NOON, NOON) == {"en": "less than a minute late", "zh-hans": "已超期 不到 1 分钟"}[language]


def test_working_days_are_counted_in_words(language):
    assert [linli.workdays_late(n) for n in (1, 2)] == {
        "en": ["1 working day late", "2 working days late"],
        "zh-hans": ["已超期 1 个工作日", "已超期 2 个工作日"],
    }[language]
    assert [linli.workdays_left(n) for n in (1, 3)] == {
        "en": ["1 working day left", "3 working days left"],
        "zh-hans": ["还剩 1 个工作日", "还剩 3 个工作日"],
    }[language]


@pytest.mark.parametrize(("n", "shown"), [(0, "0"), (99, "99"), (100, "99+")])
def test_a_count_stops_at_its_cap(n, shown):
    assert linli.capped(n) == shown


@pytest.mark.parametrize(
    ("state", "english", "chinese"),
    [
        ("due", "Due soon", "将到期"),
        ("late", "Overdue", "已超期"),
        ("done", "Completed", "已办结"),
        ("news", "In progress", "办理中"),
    ],
)
def test_a_badge_carries_an_icon_and_a_word_beside_its_colour(language, state, english, chinese):
    badge = linli.badge(state)

    assert f'class="l-badge l-badge--{state}"' in badge
    assert f'href="#l-{state}"' in badge
    assert (english if language == "en" else chinese) in badge


def test_words_of_a_badge_are_escaped():
    assert render("{% badge 'plain' words %}", words="<b>") == '<span class="l-badge">&lt;b&gt;</span>'


def test_an_unknown_icon_is_a_mistake_of_the_template():
    with pytest.raises(TemplateSyntaxError, match="no icon 'skull'"):
        render("{% icon 'skull' %}")


@pytest.mark.parametrize(
    ("due", "soon", "state", "words"),
    [
        (timedelta(hours=3), timedelta(hours=1), "news", "3 hours left"),
        (timedelta(hours=3), None, "news", "3 hours left"),
        (timedelta(hours=3), timedelta(0), "due", "Due soon: 3 hours left"),
        (timedelta(0), timedelta(hours=-1), "late", "less than a minute late"),
        (timedelta(hours=-2), None, "late", "2 hours late"),
    ],
)
def test_a_countdown_is_true_without_javascript(due, soon, state, words):
    with translation.override("en"):
        mark = linli.countdown(NOON + due, NOON + soon if soon is not None else None, now=NOON, about="Arrive")

    assert f'data-countdown="{state}"' in mark
    assert f"<span data-text>{words}</span>" in mark
    assert f'datetime="{(NOON + due).isoformat()}"' in mark
    assert 'data-about="Arrive"' in mark


def test_the_words_of_the_countdown_reach_the_browser_as_data(language):
    block = linli.countdown_words()
    words = json.loads(block.split(">", 1)[1].rsplit("<", 1)[0])

    assert block.startswith('<script type="application/json" id="countdown-words">')
    assert (
        words
        == {
            "en": {
                "day": ["{n} day", "{n} days"],
                "hour": ["{n} hour", "{n} hours"],
                "minute": ["{n} minute", "{n} minutes"],
                "news": "{span} left",
                "due": "Due soon: {span} left",
                "late": "{span} late",
                "moment": "less than a minute",
            },
            "zh-hans": {
                "day": ["{n} 天", "{n} 天"],
                "hour": ["{n} 小时", "{n} 小时"],
                "minute": ["{n} 分", "{n} 分"],
                "news": "还剩 {span}",
                "due": "将到期，还剩 {span}",
                "late": "已超期 {span}",
                "moment": "不到 1 分钟",
            },
        }[language]
    )
