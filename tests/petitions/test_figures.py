"""The figures pages: every number from the sums, every number opens exactly its cases."""

from datetime import date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import timezone

from petitions import figure_cases, figures, rollups, transitions
from petitions.enums import RatingSource, Satisfaction, Status
from petitions.models import Petition, Rating
from petitions.periods import Period
from petitions.rates import LISTS, RATES, Rate
from petitions.spans import By
from tests.factories import SHANGHAI, TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NIGHT = datetime(2026, 6, 30, 23, 0, tzinfo=SHANGHAI)
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30), "2026-06")


def rate_it(petition, *, solved=None, satisfaction=None, at=NIGHT):
    return Rating.objects.create(
        petition=petition, generation=0, solved=solved, satisfaction=satisfaction, source=RatingSource.PAGE, at=at
    )


def board(area, *, period=JUNE, by=By.AREA, at=NIGHT):
    rollups.count_new(at=at)
    return figures.board(area, period=period, by=by, at=at)


def rates(line):
    return {cell.kind.key: (cell.rate.numerator, cell.rate.denominator) for cell in (*line.cells, *line.levels)}


@pytest.fixture
def june(district):
    """Eight accepted in June and one declined, rated or not; one of May that is still open."""
    secretary = district.as_staff(district.secretary)
    closed = [district.petition(status=Status.CLOSED) for _each in range(3)]
    rate_it(closed[0], solved=True, satisfaction=Satisfaction.SATISFIED)
    rate_it(closed[1], solved=False, satisfaction=Satisfaction.DISSATISFIED)
    district.petition(status=Status.CLOSED, step=timedelta(days=2))  # late in every way
    district.petition(status=Status.RESOLVED, organisation=True)
    sent_back = district.petition(status=Status.RESOLVED)
    transitions.rework(sent_back, by=secretary, at=TUESDAY + timedelta(days=1), reason="没清干净。")
    district.petition(status=Status.ACCEPTED, place=district.other_grid, channel="phone")
    district.petition(status=Status.ACCEPTED, place=district.community)
    transitions.decline(district.petition(), by=secretary, at=TUESDAY, reason="不属受理范围。")
    district.petition(TUESDAY - timedelta(days=30), status=Status.ACCEPTED)
    return closed


def test_every_rate_of_a_month_with_both_its_counts(district, june):
    found = board(district.community)

    assert rates(found.total) == {
        "acceptance": (8, 9),
        "response": (5, 8),
        "closure": (5, 8),
        "on_time": (4, 5),
        "resolution": (1, 2),
        "satisfaction": (1, 2),
        "return": (0, 6),
        "rework": (1, 6),
        "extension": (0, 8),
        "at_grid": (4, 5),
        "at_community": (0, 5),
        "at_street": (1, 5),
        "at_district": (0, 5),
    }
    assert (found.total.counts["unrated"], found.total.counts["late"]) == (3, 4)


def test_the_lines_of_a_community_are_its_grids_and_what_lies_in_none(district, june):
    found = board(district.community)

    assert [(line.label, line.counts.get("accepted", 0)) for line in found.lines] == [
        (district.grid.label, 6),
        (district.other_grid.label, 1),
        ("Not placed below", 1),
    ]


@pytest.mark.parametrize("level", ["district", "street"])
def test_above_a_community_the_lines_are_its_parts_also_those_without_a_case(district, june, level):
    lines = {line.label: line.counts.get("accepted", 0) for line in board(getattr(district, level)).lines}

    assert (
        lines
        == {
            "district": {district.street.label: 8, district.other_street.label: 0},
            "street": {district.community.label: 8, district.other_community.label: 0},
        }[level]
    )


def test_a_grid_has_no_parts_but_all_its_figures(district, june):
    found = board(district.grid)

    assert (found.lines, found.total.counts["accepted"], found.total.counts["completed"]) == ([], 6, 5)
    by_channel = {line.item: line.counts["received"] for line in board(district.other_grid, by=By.CHANNEL).lines}
    assert by_channel == {"phone": 1}


def test_by_channel_each_line_says_its_share_its_acceptance_and_its_closure(district, june):
    lines = {line.item: line for line in board(district.street, by=By.CHANNEL).lines}

    assert {item: (line.share.numerator, line.share.denominator) for item, line in lines.items()} == {
        "web": (8, 9),
        "phone": (1, 9),
    }
    assert (rates(lines["phone"])["acceptance"], rates(lines["phone"])["closure"]) == ((1, 1), (0, 1))
    assert (rates(lines["web"])["acceptance"], rates(lines["web"])["closure"]) == ((7, 8), (5, 7))


def test_by_category_what_was_never_accepted_has_none(district, june):
    lines = {line.item: line.counts["received"] for line in board(district.street, by=By.CATEGORY).lines}

    assert lines == {"0102": 8, "": 1}


def test_by_tier_and_by_unit_each_line_opens_its_cases(district, june):
    for by, expected in (
        (By.TIER, {"immediate": 8, "": 0}),
        (By.UNIT, {str(district.sanitation.pk): 1, "": 7}),
    ):
        lines = {line.item: line.counts.get("accepted", 0) for line in board(district.street, by=by).lines}
        opened = {
            item: figure_cases.cases(
                "accepted", Petition.objects.all(), district.street, period=JUNE, by=by, item=item, at=NIGHT
            ).count()
            for item in expected
        }

        assert lines == opened == expected


def test_above_the_subdistricts_the_lines_may_be_communities(district, june):
    lines = {line.label: line.counts.get("accepted", 0) for line in board(district.district, by=By.COMMUNITY).lines}

    assert (lines[district.community.label], lines[district.other_community.label]) == (8, 0)
    assert sum(lines.values()) == 8
    assert By.COMMUNITY in By.of(district.district.level)
    assert By.COMMUNITY not in By.of(district.street.level)


def test_by_month_of_a_quarter(district, june):
    quarter = Period(date(2026, 4, 1), date(2026, 6, 30), "2026-Q2")

    lines = board(district.street, period=quarter, by=By.MONTH).lines

    assert [(line.label, line.counts["accepted"], line.counts.get("late", 0)) for line in lines] == [
        ("2026-05", 1, 1),
        ("2026-06", 8, 4),
    ]


@pytest.mark.parametrize("by", list(By))
def test_any_span_counts_to_the_day(district, june, by):
    rollups.count_new(at=NIGHT)
    for start, end, accepted in (
        (date(2026, 6, 9), date(2026, 6, 9), 7),  # a day of the running month
        (date(2026, 5, 5), date(2026, 6, 10), 8),  # the end of an older month, and days
        (date(2026, 5, 10), date(2026, 5, 10), 1),  # a day of an older month
        (date(2026, 5, 11), date(2026, 5, 31), 0),
        (date(2026, 5, 1), date(2026, 6, 30), 9),
    ):
        found = figures.board(district.street, period=Period(start, end), by=by, at=NIGHT)

        assert found.total.counts["accepted"] == accepted
        assert sum(line.counts.get("accepted", 0) for line in found.lines) == accepted


def test_every_number_opens_exactly_its_cases(district, june):
    found = board(district.street)
    counts = found.total.counts
    expected = {
        **counts,
        "not_admitted": counts["received"] - counts["admitted"],
        "to_complete": counts["completed"] + counts["pending"],
        "not_completed": counts["pending"],
        "contact_known": counts["contact_decided"] + counts["contact_owed"],
        "not_contacted": counts["contact_decided"] + counts["contact_owed"] - counts["contacted"],
        "too_late": counts["judged"] - counts["on_time"],
        "not_solved": counts["asked"] - counts["solved"],
        "not_satisfied": counts["rated"] - counts["satisfied"],
        "not_returned": counts["dispatched"] - counts["returned"],
        "not_reworked": counts["handled"] - counts["reworked"],
        "not_extended": counts["accepted"] - counts["extended"],
        "near": counts["at_grid"] + counts["at_community"],
    }

    opened = {
        which: figure_cases.cases(which, Petition.objects.all(), district.street, period=JUNE, at=NIGHT).count()
        for which in LISTS
    }

    assert opened == {which: expected[which] for which in LISTS}


def test_the_list_of_a_line_holds_what_the_line_counts(district, june):
    rollups.count_new(at=NIGHT)
    mine = Petition.objects.all()

    def listed(area, **narrowed):
        return figure_cases.cases("accepted", mine, area, period=JUNE, at=NIGHT, **narrowed).count()

    assert [listed(district.grid), listed(district.other_grid), listed(district.community, own=True)] == [6, 1, 1]
    assert listed(district.street, by=By.CHANNEL, item="phone") == 1
    assert listed(district.street, by=By.CATEGORY, item="0102") == 8


def test_a_rate_is_cut_off_and_small_ones_say_so():
    assert Rate(1612, 1613).percent == 99.9
    assert [Rate(0, count).is_small for count in (0, 1, 9, 10)] == [False, True, True, False]
    assert RATES["closure"].of({"completed": 1610, "pending": 3}).percent == 99.8


# -- the page ----------------------------------------------------------------------------------------------------


class Links(HTMLParser):
    """Collects where a page's links lead."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page.content.decode())

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if tag == "a" and name == "href"]


@pytest.fixture
def secretary(client, district):
    client.force_login(district.secretary)
    return client


def test_every_link_of_the_page_opens_and_a_list_names_its_cases(secretary, district, june):
    rollups.count_new(at=timezone.now())
    page = secretary.get(reverse("admin:figures"), {"period": "2026-06"})

    opened = [link for link in Links(page).found if "list=" in link]

    assert len(opened) > 60
    for link in opened[:12]:
        assert secretary.get(reverse("admin:figures") + link).context["cases"] is not None
    late = secretary.get(reverse("admin:figures"), {"period": "2026-06", "list": "too_late"})
    assert len(late.context["cases"]) == 1
    assert late.context["cases"][0].number in late.content.decode()


def test_few_cases_are_marked_in_words(secretary, district, june):
    rollups.count_new(at=timezone.now())

    page = secretary.get(reverse("admin:figures"), {"period": "2026-06"}).content.decode()

    assert "few cases" in page
    assert "completed ÷ accepted" in page


def test_another_area_does_not_exist_for_me(secretary, district, june):
    for asked in ({"area": district.other_street.code}, {"area": district.street.code}, {"area": "nowhere"}):
        assert secretary.get(reverse("admin:figures"), asked).status_code == 404
        assert secretary.get(reverse("admin:figures_patterns"), asked).status_code == 404
    row = {"list": "accepted", "row": district.other_community.code}
    assert secretary.get(reverse("admin:figures"), row).status_code == 404


def test_a_department_has_no_figures_of_an_area(client, district):
    client.force_login(district.handler)

    assert client.get(reverse("admin:figures")).status_code == 403


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"period": "2026-13"}, "There is no such month"),
        ({"period": "9998"}, "lies in the future"),
        ({"period": "x\0"}, "There is no such month"),
        ({"from": "2026-06-02", "to": "2026-06-01"}, "The first day lies after the last"),
        ({"from": "2026-06-02"}, "Give both days"),
        ({"from": "soon", "to": "2026-06-01"}, "Give both days"),
    ],
)
def test_a_span_that_is_none_is_said_in_words_and_nothing_typed_is_lost(secretary, district, asked, said):
    page = secretary.get(reverse("admin:figures"), asked)

    assert page.status_code == 422
    assert said in page.content.decode()
    if "from" in asked:
        assert f'value="{asked["from"]}"' in page.content.decode()


@pytest.mark.parametrize(
    ("petitions", "by"), [(1, By.AREA), (5, By.AREA), (3, By.MONTH), (3, By.CATEGORY), (3, By.UNIT)]
)
def test_the_page_costs_the_same_however_many_petitions_there_are(
    secretary, district, django_assert_max_num_queries, petitions, by
):
    for _each in range(petitions):
        district.petition(status=Status.CLOSED)
    rollups.count_new(at=timezone.now())
    secretary.get(reverse("admin:figures"))

    with django_assert_max_num_queries(10):
        page = secretary.get(reverse("admin:figures"), {"period": "2026-06", "by": by.value})

    assert page.context["board"].total.counts["received"] == petitions


def test_long_lists_go_on_where_they_stopped(secretary, district, monkeypatch):
    monkeypatch.setattr("petitions.views.figures.PAGE", 2)
    petitions = [district.petition() for _each in range(3)]
    rollups.count_new(at=timezone.now())

    first = secretary.get(reverse("admin:figures"), {"period": "2026-06", "list": "received"})
    [more] = [link for link in Links(first).found if "after=" in link]
    second = secretary.get(reverse("admin:figures") + more)

    assert [one.pk for one in first.context["cases"]] == [petitions[2].pk, petitions[1].pk]
    assert [one.pk for one in second.context["cases"]] == [petitions[0].pk]
