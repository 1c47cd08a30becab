"""The list of matters: what each filter finds, pages by key, whose rows it shows, and what a page costs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from petitions import matters
from petitions.enums import Status
from petitions.models import ColumnChoice, Petition
from tests.factories import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LIST = "/admin/matters/"


def shown(client, **asked) -> list[str]:
    return [line.number for line in client.get(LIST, asked).context["lines"]]


def many(district, count: int) -> list[Petition]:
    """File one and copy it; every seventh has no due date."""
    template = district.petition(status=Status.DISPATCHED)
    rows = []
    for place in range(count):
        row = Petition.objects.get(pk=template.pk)
        row.pk, row.number, row._state.adding = None, f"PX{place:04d}", True
        row.client_key = Petition._meta.get_field("client_key").default()
        row.next_due_at = None if place % 7 == 0 else TUESDAY + timedelta(minutes=place // 3)
        row.submitted_at = TUESDAY + timedelta(minutes=place // 3)
        rows.append(row)
    Petition.objects.filter(pk=template.pk).update(status=Status.DISPATCHED, next_due_at=TUESDAY)
    return Petition.objects.bulk_create(rows)


def test_each_filter_finds_what_it_says_and_nothing_else(client, district):
    now = timezone.now()
    new = district.petition(now, text="楼道里停满了电动车")
    late = district.petition(TUESDAY, status=Status.DISPATCHED, text="垃圾没人清")
    unit = district.petition(TUESDAY, status=Status.DISPATCHED, organisation=True, text="路灯不亮")
    closed = district.petition(TUESDAY, status=Status.CLOSED, text="井盖松动")
    district.petition(TUESDAY, place=district.other_community, text="别的社区的电动车")
    client.force_login(district.secretary)
    today = timezone.localdate().isoformat()
    open_ones = {new.number, late.number, unit.number}

    found = {
        "": shown(client), "over": shown(client, status="over"), "all": shown(client, status="all"),
        "dispatched": shown(client, status="dispatched"), "late": shown(client, due="late"),
        "words": shown(client, q="电动"), "number": shown(client, q=closed.number, status="all"),
        "nobody": shown(client, held="nobody"), "unit": shown(client, holder="环卫"),
        "today": shown(client, since=today), "before": shown(client, until="2026-06-30", status="all"),
        "channel": shown(client, channel="phone"), "grid": shown(client, area=district.grid.code),
        "house": shown(client, area=district.building.code), "category": shown(client, category="01", status="all"),
    }  # fmt: skip

    assert {name: set(numbers) for name, numbers in found.items()} == {
        "": open_ones, "over": {closed.number}, "all": open_ones | {closed.number},
        "dispatched": {late.number, unit.number}, "late": {late.number, unit.number},
        "words": {new.number}, "number": {closed.number},
        "nobody": {new.number}, "unit": {unit.number},
        "today": {new.number}, "before": {late.number, unit.number, closed.number},
        "channel": set(), "grid": open_ones,
        "house": open_ones,
        "category": {one.number for one in Petition.objects.filter(
            category__code__startswith="01", community=district.community)},
    }  # fmt: skip


@pytest.mark.parametrize("order", ["due", "newest", "oldest"])
def test_every_matter_is_reached_once_and_in_order_however_deep(client, district, monkeypatch, order):
    rows = many(district, 60)
    monkeypatch.setattr(matters, "PAGE", 7)
    client.force_login(district.secretary)
    query, seen, pages = {"order": order}, [], 0
    while True:
        page = client.get(LIST, query).context
        seen += [line.number for line in page["lines"]]
        pages += 1
        if not page["next"]:
            break
        query = {"order": order, "after": page["next"].split("after=")[1].replace("%3A", ":").replace("%7E", "~")}

    dated = sorted((row for row in rows if row.next_due_at), key=lambda row: (row.next_due_at, row.pk))
    filed = sorted(rows, key=lambda row: (row.submitted_at, row.pk))
    undated = [row for row in filed if row.next_due_at is None]
    wanted = {"due": dated + sorted(undated, key=lambda row: row.pk), "newest": filed[::-1], "oldest": filed}[order]
    assert [number for number in seen if len(number) == 6] == [row.number for row in wanted]
    assert (len(seen), len(set(seen)), pages) == (61, 61, 9)


@pytest.mark.parametrize("cursor", ["~", "x", "2026-06-09~5", "2026-13-40T00:00:00Z~5", "~x", "~99999999999999999999"])
def test_a_cursor_that_is_none_begins_at_the_beginning(client, district, cursor):
    petition = district.petition()
    client.force_login(district.secretary)

    assert shown(client, after=cursor) == [petition.number]


@pytest.mark.parametrize("petitions", [1, 120])
def test_a_page_costs_the_same_however_long_the_list_is(client, district, django_assert_max_num_queries, petitions):
    many(district, petitions)
    client.force_login(district.secretary)
    client.get(LIST)

    with django_assert_max_num_queries(12):
        page = client.get(LIST, {"area": district.grid.code})

    assert len(page.context["lines"]) == min(petitions + 1, 50)
    assert page.context["count"] == petitions + 1


def test_a_count_stops_and_says_so(client, district, monkeypatch):
    many(district, 60)
    monkeypatch.setattr(matters, "CAP", 55)
    client.force_login(district.secretary)

    page = client.get(LIST)

    assert page.context["count"] == 56
    assert "<strong>55+</strong>" in page.content.decode()


def test_filters_open_nothing_outside_the_own_area(client, district):
    hidden = district.petition(text="楼道里停满了电动车")
    client.force_login(district.other_secretary)

    for asked in ({}, {"q": "电动"}, {"q": hidden.number}, {"area": district.community.code}, {"status": "all"}):
        page = client.get(LIST, asked)
        assert (page.status_code, page.context["lines"], page.context["count"]) == (200, [], 0), asked
        assert hidden.title not in page.content.decode()
    assert "not one that your posts see" in client.get(LIST, {"area": district.community.code}).content.decode()
    client.force_login(district.duty)
    assert shown(client, status="all") == []


def test_what_is_typed_becomes_a_short_address(client, district):
    client.force_login(district.secretary)

    answer = client.post(LIST, {"q": " 电动车 ", "status": "open", "due": "late", "order": "due", "area": ""})

    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}?due=late&q=%E7%94%B5%E5%8A%A8%E8%BD%A6&order=due")


def test_a_telephone_number_never_becomes_an_address_and_finds_nothing(client, district):
    district.petition(text="请打13800138000")
    client.force_login(district.secretary)

    for answer in (client.post(LIST, {"q": "13800138000"}), client.get(LIST, {"q": "13800138000"})):
        assert answer.status_code == 422
        assert answer.context["lines"] == []
        assert "Leave out telephone and identity numbers" in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"since": "2026-02-31"}, "Enter a valid date"),
        ({"since": "2026-06-10", "until": "2026-06-09"}, "The last day lies before the first."),
        ({"q": "车"}, "Type at least two characters."),
        ({"status": "gone"}, "gone"),
    ],
)
def test_what_cannot_be_used_is_said_and_kept_in_the_form(client, district, asked, words):
    district.petition()
    client.force_login(district.secretary)

    answer = client.post(LIST, asked)

    assert (answer.status_code, answer.context["lines"]) == (422, [])
    assert words in answer.content.decode()
    assert all(answer.context["given"][name] == value for name, value in asked.items())


def test_columns_are_kept_for_the_person_and_for_nobody_else(client, district):
    petition = district.petition(status=Status.DISPATCHED)
    client.force_login(district.secretary)

    answer = client.post(reverse("admin:matter_columns"), {"column": ["tier", "holder", "nonsense"], "due": "late"})
    page = client.get(answer["Location"])

    assert answer["Location"] == f"{LIST}?due=late"
    assert [column.code for column in page.context["columns"]] == ["holder", "tier"]
    (line,) = page.context["lines"]
    assert [cell.text for cell in line.cells] == ["worker", "Immediate matter"]
    assert line.number == petition.number
    client.force_login(district.leader)
    assert len(client.get(LIST).context["columns"]) == 6
    none = client.post(reverse("admin:matter_columns"), {})
    assert (none.status_code, ColumnChoice.objects.filter(user=district.leader).count()) == (422, 0)
