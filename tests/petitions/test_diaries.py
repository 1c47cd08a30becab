"""The public-sentiment diary: written on the phone, read by few, sealed, erased by rule, a matter by one click."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from deadlines.timetable import shanghai_date
from petitions import diaries
from petitions.models import Petition, SentimentDiary
from petitions.papers import RULES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
WORDS = "常大爷说3号楼的灯坏了两周，打13800138000找他。"


def form(district, **given: object) -> dict[str, object]:
    return {
        "client_key": str(uuid.uuid4()), "words": WORDS, "area": district.building.code, "household": "302室",
        "heard_on": shanghai_date(timezone.now()).isoformat(), **given,
    }  # fmt: skip


def entry(district, who="worker", area=None) -> SentimentDiary:
    at = timezone.now()
    return diaries.write(
        words=WORDS, area=area or district.building, heard_on=shanghai_date(at), client_key=uuid.uuid4(),
        by=district.as_staff(getattr(district, who), shanghai_date(at)), at=at, household="302室",
    )  # fmt: skip


def test_a_worker_writes_and_finds_it_again(client, district):
    client.force_login(district.worker)

    sent = client.post("/grid/diary/", form(district))

    assert sent.url == "/grid/diary/"
    row = SentimentDiary.objects.get()
    assert (row.words, row.household, row.area, row.written_by) == (WORDS, "302室", district.building, district.worker)
    assert "13800138000" not in row.masked
    assert WORDS.encode() not in bytes(row.words_sealed)
    page = client.get("/grid/diary/").content.decode()
    assert ("302室" in page, "13800138000" in page) == (True, False)


def test_the_secretary_reads_the_words_and_not_the_household(client, district):
    entry(district)
    client.force_login(district.secretary)

    page = client.get("/grid/diary/")

    assert len(page.context["entries"]) == 1
    assert ("灯坏了两周" in page.content.decode(), "302室" in page.content.decode()) == (True, False)


@pytest.mark.parametrize(
    "who", ["other_worker", "window", "other_secretary", "dispatcher", "leader", "command", "supervisor", "handler"]
)
def test_nobody_else_reads_a_diary(client, district, who):
    row = entry(district)
    client.force_login(getattr(district, who))

    assert client.get("/grid/diary/").context["entries"] == []
    assert client.post(f"/grid/diary/{row.pk}/petition/").status_code == 404


def test_the_same_form_twice_is_one_entry(client, district):
    client.force_login(district.worker)
    given = form(district)

    for _again in range(2):
        client.post("/grid/diary/", given)

    assert SentimentDiary.objects.count() == 1


@pytest.mark.parametrize(
    "given", [{"words": " "}, {"words": "字" * 2001}, {"heard_on": "2099-01-01"}, {"heard_on": "x"}, {"area": "x"},
              {"client_key": "x"}, {"words": "\x00"}]
)  # fmt: skip
def test_what_is_wrong_is_said_and_keeps_nothing_but_what_was_typed(client, district, given):
    client.force_login(district.worker)

    answer = client.post("/grid/diary/", form(district, **given))

    assert answer.status_code == 422
    assert not SentimentDiary.objects.exists()
    assert "302室" in answer.content.decode()


def test_a_worker_writes_of_his_own_grid_alone(client, district):
    client.force_login(district.worker)

    assert client.post("/grid/diary/", form(district, area=district.other_grid.code)).status_code == 422
    client.force_login(district.dispatcher)
    assert client.post("/grid/diary/", form(district)).status_code == 403
    assert not SentimentDiary.objects.exists()


def test_an_entry_becomes_a_matter_once_and_names_nobody(client, district):
    row = entry(district)
    client.force_login(district.worker)

    for _again in range(2):
        assert client.post(f"/grid/diary/{row.pk}/petition/").url == "/grid/diary/"

    petition = Petition.objects.get()
    assert (petition.channel, petition.place, petition.is_anonymous) == ("diary", district.building, True)
    assert (petition.filed_by, petition.petitioner) == (district.worker, None)
    assert "302" not in petition.title
    assert petition.number in client.get("/grid/diary/").content.decode()


def test_only_its_writer_makes_a_matter_of_it(client, district):
    row = entry(district)
    client.force_login(district.secretary)

    client.post(f"/grid/diary/{row.pk}/petition/")

    assert not Petition.objects.exists()


def test_after_two_years_words_and_household_are_gone(client, district):
    row = entry(district)
    [rule] = [one for one in RULES if one.name == "petitions.diaries"]
    later = timezone.now() + timedelta(days=732)
    assert not rule.due(timezone.now()).exists()
    assert list(rule.due(later)) == [row]

    assert rule.end(row.pk, later)

    row.refresh_from_db()
    assert (row.words, row.household, row.masked) == ("", "", "")
    assert not rule.due(later).exists()


@pytest.mark.parametrize("before", ["x", "2026-13-45T00:00", "2026-01-01"])
def test_a_page_that_is_none_begins_at_the_top(client, district, before):
    entry(district)
    client.force_login(district.worker)

    assert len(client.get("/grid/diary/", {"before": before}).context["entries"]) == 1


@pytest.mark.parametrize("count", [1, 5])
def test_the_diary_costs_the_same_however_long(client, district, django_assert_max_num_queries, count):
    for _number in range(count):
        entry(district)
    client.force_login(district.secretary)

    with django_assert_max_num_queries(8):
        assert len(client.get("/grid/diary/").context["entries"]) == count


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_day_is_today_in_either_language(client, district, settings, language):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.force_login(district.worker)

    page = client.get("/grid/diary/").content.decode()

    assert f'name="heard_on" value="{shanghai_date(timezone.now()):%Y-%m-%d}"' in page
