"""The published figures for everybody: counts below five withheld, over all cuts together; files that stay."""

import csv
import io
import json
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from petitions import publishing, rollups
from petitions.enums import Status
from petitions.models import Publication, PublishedRow
from tests.factories import SHANGHAI

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

FIFTH = datetime(2026, 7, 5, 1, 40, tzinfo=SHANGHAI)
CSV, JSON, FIGURES = "/public/data/2026-06.csv", "/public/data/2026-06.json", "/public/figures/"


@pytest.fixture
def june(district):
    """Forty matters of two communities; neighbours' noise (0701) and domestic violence (0903) are never named."""
    publication = Publication.objects.create(month=date(2026, 6, 1), published_at=FIFTH)

    def row(area, cut, item, received, completed):
        PublishedRow.objects.create(
            publication=publication, area=area, cut=cut, item=item, received=received, completed=completed,
            accepted=received, rated=completed, satisfied=completed - 6, judged=completed, on_time=completed - 1,
        )  # fmt: skip

    row(district.community, "total", "", 28, 26)
    row(district.other_community, "total", "", 12, 12)
    row(district.community, "category", "0102", 14, 12)
    row(district.community, "category", "0203", 3, 3)
    row(district.community, "category", "0701", 6, 6)
    row(district.community, "category", "0903", 5, 5)
    row(district.other_community, "category", "0102", 6, 6)
    row(district.other_community, "category", "0203", 6, 6)
    row(district.community, "channel", "web", 20, 18)
    row(district.community, "channel", "phone", 8, 8)
    row(district.other_community, "channel", "web", 6, 6)
    row(district.other_community, "channel", "phone", 6, 6)
    # by grid is never given away
    row(district.grid, "grid", "", 28, 26)


def rows(client):
    text = client.get(CSV).content.decode("utf-8-sig")
    return {(row["area_code"], row["cut"], row["item"]): row for row in csv.DictReader(io.StringIO(text))}


def test_a_small_count_and_whatever_would_give_it_away_are_empty(client, june, district):
    found = {key: (row["received"], row["completed"]) for key, row in rows(client).items()}
    one, other = district.community.code, district.other_community.code

    assert found == {
        ("", "total", ""): ("40", "38"),
        ("", "category", "01"): ("20", "18"),
        # 9 − 6 would say 3
        ("", "category", "02"): ("9", "9"),
        ("", "category", "other"): ("11", "11"),
        ("", "channel", "phone"): ("14", "14"),
        ("", "channel", "web"): ("26", "24"),
        (one, "total", ""): ("28", "26"),
        (one, "category", "01"): ("14", "12"),
        (one, "category", "02"): ("", ""),
        (one, "category", "other"): ("", ""),
        (one, "channel", "phone"): ("8", "8"),
        (one, "channel", "web"): ("20", "18"),
        (other, "total", ""): ("12", "12"),
        (other, "category", "01"): ("6", "6"),
        (other, "category", "02"): ("", ""),
        (other, "category", "other"): ("", ""),
        (other, "channel", "phone"): ("6", "6"),
        (other, "channel", "web"): ("6", "6"),
    }


def test_no_category_that_may_not_be_shown_is_named(client, june):
    names = {row["item_zh"] for row in rows(client).values()}

    assert names == {"", "市容环卫与园林绿化", "市政道路与公共设施", "其他"}
    assert "0903" not in client.get(JSON).content.decode()


def test_json_says_the_same_and_under_which_licence(client, june):
    answer = client.get(JSON)
    data = json.loads(answer.content)

    assert (data["month"], data["withheld_below"], data["licence"]["name"]) == ("2026-06", 5, "CC BY 4.0")
    assert data["published_at"] == "2026-07-04T17:40:00+00:00"
    as_csv = [(row["received"] or None, row["completed"] or None) for row in rows(client).values()]
    counts = [(row["received"], row["completed"]) for row in data["rows"]]
    as_json = [tuple(None if count is None else str(count) for count in pair) for pair in counts]
    assert as_json == as_csv
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("url", [CSV, JSON])
def test_a_file_may_be_kept_and_is_not_sent_twice(client, june, url):
    answer = client.get(url)
    assert answer["Cache-Control"] == "public, max-age=86400"
    assert not answer.cookies

    again = client.get(url, headers={"If-None-Match": answer["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("month", ["2026-05", "2026-6", "2026-13", "0000-01", "juni"])
def test_what_was_not_published_is_not_found(client, june, month):
    assert client.get(f"/public/data/{month}.csv").status_code == 404
    assert client.get(f"/public/data/{month}.json").status_code == 404
    assert client.get(FIGURES, {"month": month}).status_code == 404


def test_the_list_of_months_names_both_files(client, june):
    data = json.loads(client.get("/public/data/months.json").content)

    assert data["months"] == [
        {"month": "2026-06", "csv": f"http://testserver{CSV}", "json": f"http://testserver{JSON}"}
    ]
    assert CSV in client.get("/public/data/").content.decode()


def test_the_page_shows_a_month_and_withholds_the_same(client, june, district):
    page = client.get(FIGURES).content.decode()
    assert "What was raised and done in Jun 2026" in page
    assert "龙集里社区" in page
    assert ": 20</li>" in page

    page = client.get(FIGURES, {"area": district.community.code}).content.decode()
    assert page.count("withheld</span>") == 4

    assert client.get(FIGURES, {"area": district.grid.code}).status_code == 404


def test_a_share_is_shown_only_where_neither_side_is_small(client, june, district):
    context = client.get(FIGURES).context
    # 38 done, 2 of them late: that would say two; 12 not satisfied of 38
    assert context["shares"] == {"on_time": None, "satisfaction": 68}


def test_before_the_first_publication_the_pages_say_so(client):
    for url in (FIGURES, "/public/data/"):
        assert "No month has been published yet" in client.get(url).content.decode()
    assert json.loads(client.get("/public/data/months.json").content)["months"] == []


@pytest.mark.parametrize("url", [FIGURES, "/public/data/", CSV, JSON])
def test_no_page_takes_more_than_eight_queries(client, june, url):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    assert len(asked) <= 8


def test_a_month_is_published_with_its_categories_and_channels(district, client):
    for _each in range(5):
        district.petition(status=Status.CLOSED, step=timedelta(minutes=1))
    rollups.count_new(at=FIFTH)
    publishing.publish(date(2026, 6, 1), by=None, at=FIFTH)

    assert rows(client)["", "category", "01"]["received"] == "5"
    assert rows(client)["", "channel", "web"]["received"] == "5"
