"""The residents' first page."""

from datetime import datetime

import pytest

from petitions import month
from petitions.enums import Status
from tests.factories import SHANGHAI, TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache")]
JULY = datetime(2026, 7, 1, 0, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def jurisdiction(settings) -> None:
    settings.JURISDICTION_CODE = "620302"


def test_the_first_page_leads_to_filing_and_following_and_names_the_emergency_numbers(client, district):
    page = client.get("/").content.decode()

    assert page.index('href="/petitions/new/"') < page.index('href="/petitions/follow/"')
    for number in ("110", "119", "120", "122"):
        assert f'href="tel:{number}"' in page
    assert "This month in 金川区" in page


def test_the_month_counts_what_came_and_what_was_done_in_it(district):
    district.petition(datetime(2026, 5, 31, 23, 50, tzinfo=SHANGHAI))
    district.petition(datetime(2026, 6, 1, 0, 0, tzinfo=SHANGHAI))
    district.petition(TUESDAY, status=Status.RESOLVED)
    district.petition(TUESDAY, status=Status.CLOSED)

    figures = month.this_month(at=TUESDAY)

    assert (figures.begins_on.isoformat(), figures.area, figures.filed, figures.done) == ("2026-06-01", "金川区", 3, 2)
    assert (month.this_month(at=JULY).filed, month.this_month(at=JULY).done) == (0, 0)


def test_satisfaction_is_not_shown_before_it_is_measured(client, district):
    assert "atisf" not in client.get("/").content.decode()


@pytest.mark.parametrize("petitions", [1, 3])
def test_the_figures_cost_three_queries_and_then_none_for_five_minutes(
    client, district, django_assert_num_queries, petitions
):
    for _ in range(petitions):
        district.petition()

    with django_assert_num_queries(3):  # the jurisdiction's name, filed, done
        client.get("/")
    with django_assert_num_queries(0):
        client.get("/")


def test_a_lost_cache_costs_queries_and_nothing_else(client, district, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/valkey.sock"}}

    assert client.get("/").status_code == 200


def test_a_jurisdiction_that_is_not_set_up_has_no_name(client, settings):
    settings.JURISDICTION_CODE = ""

    page = client.get("/").content.decode()

    assert "This month</h2>" in page


def test_looking_sets_no_cookie_but_the_forms_own(client, district):
    client.get("/")

    assert set(client.cookies) <= {"csrftoken", "django_language"}
