"""The pictures of the figures, the hours of the week, the ranking board: from the sums, each opening its cases."""

import re
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from deadlines.models import Policy
from grids.models import CommunityWorker
from people.models import User
from petitions import appeals, charts, figure_cases, figures, rollups, transitions, trends
from petitions.enums import Status, Tier, Urgency
from petitions.figures import Line
from petitions.models import Category, Petition
from petitions.periods import Period
from petitions.rates import RATES, Rate
from petitions.spans import By
from tests.factories import SHANGHAI, TUESDAY

NIGHT = datetime(2026, 6, 30, 23, 0, tzinfo=SHANGHAI)
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30), "2026-06")
CLOSURE = RATES["closure"]


def line(label, completed, pending):
    return Line(label, Counter(completed=completed, pending=pending), Rate(0, 0), item=label)


# -- where things lie ------------------------------------------------------------------------------------------------


def test_bars_start_at_nought_and_follow_each_other():
    laid = charts.bars([charts.Given("北关", 96.2, "25/26"), charts.Given("南关", None, "0/0")], mark=90.0)

    assert [(bar.words_at, bar.bar_at, bar.given.percent) for bar in laid.bars] == [(16, 22, 96.2), (60, 66, None)]
    assert (laid.height, laid.mark) == (92, 90.0)


def test_a_course_breaks_where_nothing_was_counted_and_names_stand_apart():
    laid = charts.trend(["a", "b", "c", "d"], [("one", [0, 100, None, 50]), ("two", [0, 100, 100, 51])])

    one, two = laid.courses
    assert [(point.x, point.y) for point in one.points] == [(9.0, 172.0), (29.33, 12.0), (70.0, 92.0)]
    assert len(one.segments) == 1
    assert len(two.segments) == 3
    assert abs(one.label_at - two.label_at) >= charts.LABEL_ROOM
    assert [label for _x, label in laid.ticks] == ["a", "b", "c", "d"]


def test_a_line_needs_a_value_for_each_month():
    with pytest.raises(ValueError, match="zip"):
        charts.trend(["a", "b"], [("one", [1.0])])


def test_the_fullest_hour_is_the_darkest_and_an_empty_week_is_none():
    counts = [0] * 168
    counts[33], counts[34] = 10, 1

    laid = charts.heat(counts)

    shades = {one.code: one.shade for row in laid.rows for one in row if one.shade}
    assert (shades, laid.most) == ({33: 5, 34: 1}, 10)
    assert (laid.rows[1][9].day, laid.rows[1][9].hour) == (1, 9)
    assert {one.shade for row in charts.heat([0] * 168).rows for one in row} == {0}


# -- who does best ---------------------------------------------------------------------------------------------------


def test_the_best_come_first_equals_share_a_rank_and_few_cases_have_none():
    lines = [
        line("a", 8, 2),
        line("b", 19, 1),
        line("few", 9, 0),
        line("c", 16, 4),
        line("none", 0, 0),
        line("d", 5, 5),
    ]

    found = trends.ranking(lines, CLOSURE)

    assert [(one.line.label, one.rank) for one in found] == [
        ("b", 1), ("c", 2), ("a", 2), ("d", 4), ("few", None), ("none", None),
    ]  # fmt: skip


def test_of_what_is_bad_the_fewest_come_first():
    lines = [
        Line(name, Counter(returned=back, dispatched=20), Rate(0, 0), item=name) for name, back in (("a", 5), ("b", 1))
    ]

    assert [one.line.label for one in trends.ranking(lines, RATES["return"])] == ["b", "a"]


@pytest.mark.usefixtures("english")
def test_the_picture_says_its_answer_and_who_lags_behind():
    total = line("all", 25, 5)
    board = figures.Board(total, [line("a", 19, 1), line("b", 6, 4)], None)

    assert trends.headline(board, CLOSURE, compare=True) == "Closure rate 83.3%; b lags behind"
    assert trends.headline(board, CLOSURE, compare=False) == "Closure rate 83.3%"
    assert trends.headline(figures.Board(line("x", 0, 0), [], None), CLOSURE, compare=True) == (
        "Closure rate: nothing to count yet"
    )


# -- from the sums ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_course_is_of_twelve_months_and_equals_the_months(district):
    district.petition(status=Status.CLOSED)
    district.petition(status=Status.ACCEPTED)
    district.petition(TUESDAY - timedelta(days=30), status=Status.CLOSED)
    rollups.count_new(at=NIGHT)

    for area in (district.district, district.grid):
        found = trends.course(area, at=NIGHT)

        assert [one.month for one in found.months][::11] == [date(2025, 7, 1), date(2026, 6, 1)]
        assert [(one.rates[0].numerator, one.rates[0].denominator) for one in found.months[-2:]] == [(1, 1), (1, 2)]


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["district", "community", "grid"])
def test_the_hours_of_a_span_count_to_the_day(district, where):
    saturday = datetime(2026, 6, 13, 23, 30, tzinfo=SHANGHAI)
    for moment in (TUESDAY, TUESDAY, saturday, TUESDAY - timedelta(days=30)):
        district.petition(moment)
    rollups.count_new(at=NIGHT)
    tuesday, night, may = 24 + TUESDAY.hour, 5 * 24 + 23, (TUESDAY - timedelta(days=30)).weekday() * 24 + TUESDAY.hour

    for period, expected in (
        (JUNE, {tuesday: 2, night: 1}),
        (Period(date(2026, 6, 10), date(2026, 6, 30)), {night: 1}),
        (Period(date(2026, 5, 2), date(2026, 6, 30)), Counter({tuesday: 2, night: 1}) + Counter({may: 1})),
    ):
        counts = trends.hours(getattr(district, where), period=period, at=NIGHT)

        assert {hour: count for hour, count in enumerate(counts) if count} == expected


@pytest.mark.django_db
def test_what_we_say_is_counted(district):
    """002-40, 000-39, 001-34 and 000-16: the phrases of the sources with the numbers behind them."""
    district.petition(status=Status.CLOSED)
    district.petition(status=Status.CLOSED, organisation=True)
    refused = transitions.decline(
        district.petition(), by=district.as_staff(district.secretary), at=TUESDAY, reason="不属受理范围。"
    )
    made = appeals.appeal(refused, at=TUESDAY + timedelta(hours=1), words="应当受理。")
    CommunityWorker.objects.create(user=district.worker, area=district.community, since=date(2026, 6, 3))
    CommunityWorker.objects.create(user=district.secretary, area=district.community, since=date(2026, 5, 3))
    later, secretary = TUESDAY + timedelta(hours=2), district.as_staff(district.secretary)
    taken = appeals.decide(made, by=district.as_staff(district.dispatcher), at=later, agree=True, reason="应受理。")
    taken = transitions.accept(
        taken,
        by=secretary,
        at=later,
        category=Category.objects.get(code="0102"),
        policy=Policy.objects.in_force(later.date()).get(key="immediate_tier"),
        tier=Tier.IMMEDIATE,
        urgency=Urgency.NORMAL,
    )
    transitions.sign(taken, by=secretary, at=later)
    transitions.resolve(taken, by=secretary, at=later, reply="已协调清运。")
    rollups.count_new(at=NIGHT)

    total = figures.board(district.street, period=JUNE, by=By.AREA, at=NIGHT).total
    found = list(trends.said(total.counts, district.street, period=JUNE))

    rates = [(one.rate.numerator, one.rate.denominator) for one in found if one.rate is not None]
    assert rates == [(3, 3), (3, 3), (0, 0), (2, 3)]
    assert [one.count for one in found if one.rate is None] == [1, 1]
    which = figure_cases.cases("turned", Petition.objects.all(), district.street, period=JUNE, at=NIGHT)
    assert [one.pk for one in which] == [taken.pk]


# -- the pages -------------------------------------------------------------------------------------------------------


@pytest.fixture
def secretary(client, district):
    for moment in (TUESDAY, TUESDAY, TUESDAY + timedelta(hours=14)):
        district.petition(moment, status=Status.CLOSED)
    rollups.count_new(at=timezone.now())
    client.force_login(district.secretary)
    return client


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_every_picture_has_a_name_and_its_numbers_as_a_table(secretary, district):
    page = secretary.get(reverse("admin:figures"), {"period": "2026-06", "show": "on_time"}).content.decode()

    page += secretary.get(reverse("admin:figures"), {"period": "2026-06", "by": "month"}).content.decode()

    pictures = re.findall(r"<svg[^>]*role=\"img\" aria-labelledby=\"([\w-]+)\" aria-describedby=\"([\w-]+)\"", page)
    assert [title for title, _said in pictures] == ["bars-title", "bars-title", "trend-title"]
    for title, said in pictures:
        assert re.search(rf"<title id=\"{title}\">[^<]+</title>", page)
        assert re.search(rf"<desc id=\"{said}\">[^<]*\d[^<]*</desc>", page)
    assert f"{district.grid.label}: 100.0% (3/3)" in page
    assert "These numbers as a table" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_an_hour_opens_its_cases(secretary, district, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        page = secretary.get(reverse("admin:figures_hours"), {"period": "2026-06"})
    assert (page.context["total"], page.context["off"]) == (3, 1)
    assert "1 of 3 came outside office hours" in page.content.decode()

    opened = secretary.get(reverse("admin:figures_hours"), {"period": "2026-06", "list": "received", "hour": "34"})

    at_ten = Petition.objects.filter(submitted_at=TUESDAY)
    assert {one.pk for one in opened.context["cases"]} == set(at_ten.values_list("pk", flat=True))


@pytest.mark.django_db
def test_the_ranking_names_areas_and_units_and_no_person(secretary, district, django_assert_max_num_queries):
    for user in (district.worker, district.lead, district.handler):
        User.objects.filter(pk=user.pk).update(display_name="郝认真")
    for by, label in (("area", district.grid.label), ("unit", None)):
        with django_assert_max_num_queries(10):
            page = secretary.get(reverse("admin:figures_ranking"), {"period": "2026-06", "by": by, "show": "closure"})
        ranked = [(one.line.label, one.rank) for one, _bar in page.context["ranking"]]
        assert ranked == ([(district.grid.label, None), (district.other_grid.label, None)] if label else [])
        assert "郝认真" not in page.content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_what_we_say_opens_its_cases(secretary, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        page = secretary.get(reverse("admin:figures_words"), {"period": "2026-06"}).content.decode()

    [near] = re.findall(r'href="([^"]+list=near#opened)"', page)
    assert [one.status for one in secretary.get(near.replace("&amp;", "&")).context["cases"]] == ["closed"] * 3
    assert "employment began within these days" in page


@pytest.mark.django_db
def test_the_pages_of_another_area_do_not_exist_for_me(secretary, district):
    for name in ("admin:figures_hours", "admin:figures_ranking", "admin:figures_words"):
        assert secretary.get(reverse(name), {"area": district.other_street.code}).status_code == 404
        assert secretary.get(reverse(name), {"period": "2026-13"}).status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given", [{"hour": "999999"}, {"hour": "-1"}, {"by": "unit", "item": "9" * 30}, {"by": "unit", "item": "x"}]
)
def test_a_list_of_what_is_none_holds_nothing_or_everything_and_never_fails(secretary, given):
    page = secretary.get(reverse("admin:figures"), {"period": "2026-06", "list": "received", **given})

    assert page.status_code == 200
    assert len(page.context["cases"]) in {0, 3}


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_the_four_times_of_1365_open_what_they_count(secretary, district, django_assert_max_num_queries):
    quick = {"policy": "rapid_1365", "category": "0405", "status": Status.CLOSED}
    in_time = district.petition(TUESDAY, step=timedelta(minutes=1), **quick)
    late = district.petition(TUESDAY, step=timedelta(minutes=20), **quick)

    with django_assert_max_num_queries(10):
        page = secretary.get(reverse("admin:figures_rapid"), {"period": "2026-06"})

    arrive = next(one for one in page.context["lines"] if one.stage.code == "arrive").figure
    assert (arrive.kept.numerator, arrive.kept.denominator, arrive.kept.is_small) == (1, 2, True)
    given = {"period": "2026-06", "stage": "arrive"}
    both = secretary.get(reverse("admin:figures_rapid"), given).context["cases"]
    missed = secretary.get(reverse("admin:figures_rapid"), {**given, "missed": "1"}).context["cases"]
    assert ({one.number for one in both}, [one.number for one in missed]) == (
        {in_time.number, late.number},
        [late.number],
    )
    assert secretary.get(reverse("admin:figures_rapid"), {"area": district.other_street.code}).status_code == 404
    year = secretary.get(reverse("admin:figures_rapid"), {"from": "2025-07-01", "to": "2026-06-30"})
    assert (year.context["since"], b"last 31 days" in year.content) == (date(2026, 5, 31), True)
