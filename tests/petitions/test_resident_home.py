"""The residents' first page."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from petitions import month, rollups
from petitions.enums import Status
from petitions.models import FigureRow
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
    rollups.count_new(at=TUESDAY)

    figures = month.this_month(at=TUESDAY)

    assert (figures.begins_on.isoformat(), figures.area, figures.filed, figures.done) == ("2026-06-01", "金川区", 3, 2)
    assert (month.this_month(at=JULY).filed, month.this_month(at=JULY).done) == (0, 0)


@pytest.mark.parametrize(("rated", "shown"), [(0, False), (9, False), (10, True)])
def test_satisfaction_is_shown_with_its_denominator_once_enough_have_rated(client, district, rated, shown):
    district.petition(timezone.now(), status=Status.CLOSED, step=timedelta(0))
    rollups.count_new(at=timezone.now())
    FigureRow.objects.update(rated=rated, satisfied=max(rated - 1, 0))

    page = client.get("/").content.decode()

    assert ("Satisfied, of 10 who rated" in page) is shown
    assert ("atisf" in page) is shown


def test_the_figures_read_the_sums_and_never_the_petitions(client, district, django_assert_num_queries):
    """However many there are: two small reads, and none of them touches the table of petitions."""
    for _ in range(3):
        district.petition()

    with CaptureQueriesContext(connection) as captured:
        client.get("/")

    assert len(captured) == 2  # the jurisdiction's name, the sums
    assert not [query["sql"] for query in captured if "petitions_petition" in query["sql"]]
    with django_assert_num_queries(0):
        client.get("/")


def test_a_lost_cache_costs_queries_and_nothing_else(client, district, settings):
    settings.CACHES = {
        **settings.CACHES,
        "default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/valkey.sock"},
    }

    assert client.get("/").status_code == 200


def test_a_jurisdiction_that_is_not_set_up_has_no_name(client, settings):
    settings.JURISDICTION_CODE = ""

    page = client.get("/").content.decode()

    assert "This month</h2>" in page


def test_looking_sets_no_cookie_but_the_forms_own(client, district):
    client.get("/")

    assert set(client.cookies) <= {"csrftoken", "django_language"}
