"""Stations: when they are open, what residents see of them, who closes one (000-36, 003a-23, 003b-17, 003c-12)."""

from datetime import date, datetime, time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from tablib import Dataset

from fieldwork import stations
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import ServiceStation, StationDays, StationHours
from fieldwork.resources import ServiceStationResource, StationHoursResource
from grids.models import Post, ServiceHours
from people.errors import BadInput
from people.models import User
from tests.factories import SHANGHAI, SINCE, TUESDAY
from tests.fieldwork.places import opens, station

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def now(one: ServiceStation, moment: str) -> stations.Place:
    at = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
    return stations.places([ServiceStation.objects.select_related("area").get(pk=one.pk)], at=at)[0]


def says(one: ServiceStation, moment: str) -> tuple[bool, str, str]:
    found = now(one, moment).now
    until = found.until_today or (f"{found.until.astimezone(SHANGHAI):%m-%d %H:%M}" if found.until else "")
    return found.is_open, until, f"{found.opens.astimezone(SHANGHAI):%m-%d %H:%M}" if found.opens else ""


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-06-09 10:00", (True, "12:00", "")),  # Tuesday in summer
        ("2026-06-09 12:00", (False, "", "06-09 15:00")),  # the lunch break
        ("2026-06-09 20:59", (True, "21:00", "")),
        ("2026-06-09 21:00", (False, "", "06-10 09:00")),
        ("2026-06-12 21:30", (False, "", "06-15 09:00")),  # Friday night: Monday
        ("2026-12-08 18:00", (False, "", "12-09 09:00")),  # winter closes at 17:00
        ("2026-09-30 20:00", (True, "21:00", "")),  # the last day of summer
        ("2026-09-30 21:00", (False, "", "10-08 09:00")),  # the National Day holiday; the 8th is a Thursday, in winter
        ("2026-10-08 17:30", (False, "", "10-09 09:00")),
        ("2026-10-10 10:00", (True, "12:00", "")),  # a Saturday that is worked
        ("2026-10-17 10:00", (False, "", "10-19 09:00")),  # a Saturday that is not
    ],
)
def test_hours_follow_season_holidays_and_make_up_days(district, moment, expected):
    one = station(district, hours_by="own")
    opens(one, range(5), "09:00", "12:00")
    opens(one, range(5), "15:00", "21:00", (4, 9))
    opens(one, range(5), "14:00", "17:00", (10, 3))

    assert says(one, moment) == expected


def test_on_holidays_as_on_sundays_and_a_make_up_saturday_as_a_saturday(district):
    one = station(district, hours_by="own", on_holiday="as_sunday", on_makeup="as_weekday")
    opens(one, range(5), "09:00", "17:00")
    opens(one, [6], "10:00", "14:00")

    assert says(one, "2026-10-01 11:00") == (True, "14:00", "")  # National Day, a Thursday
    assert says(one, "2026-10-10 11:00") == (False, "", "10-11 10:00")  # worked elsewhere; here a Saturday


def test_a_station_without_hours_of_its_own_keeps_those_of_the_hall(district):
    one = station(district, hours_by="hall", area=district.grid)
    ServiceHours.objects.create(area=district.community, weekday=1, opens=time(8), closes=time(11, 30))

    assert says(one, "2026-06-09 10:00") == (True, "11:30", "")
    assert says(one, "2026-06-09 11:30") == (False, "", "06-16 08:00")


def test_day_and_night_until_midnight_and_by_arrangement(district):
    always = station(district, "S-1", hours_by="always")
    late = station(district, "S-2", hours_by="own")
    opens(late, [1], "18:00", "00:00")
    opens(late, [2], "00:00", "02:00")
    call = station(district, "S-3", "home", district.grid, hours_by="call")

    assert says(always, "2026-06-09 03:00") == (True, "", "")
    assert says(late, "2026-06-09 23:00") == (True, "06-10 02:00", "")
    assert says(late, "2026-06-10 02:00") == (False, "", "06-16 18:00")
    assert (now(call, "2026-06-09 10:00").now.by_call, says(call, "2026-06-09 10:00")) == (True, (False, "", ""))


def test_other_hours_of_some_days_go_before_all_else(district):
    one = station(district, hours_by="always")
    StationDays.objects.create(
        station=one, starts_on=date(2026, 6, 9), ends_on=date(2026, 6, 10), words="停电检修，请到第二网格。"
    )
    StationDays.objects.create(
        station=one,
        starts_on=date(2026, 6, 11),
        ends_on=date(2026, 6, 11),
        words="半天",
        opens=time(9),
        closes=time(12),
    )

    assert says(one, "2026-06-08 20:00") == (True, "24:00", "")
    assert says(one, "2026-06-09 10:00") == (False, "", "06-11 09:00")
    assert now(one, "2026-06-09 10:00").now.words == "停电检修，请到第二网格。"
    assert says(one, "2026-06-11 10:00") == (True, "12:00", "")
    assert says(one, "2026-06-11 12:00") == (False, "", "06-12 00:00")


def test_whoever_works_there_closes_a_station_for_some_days_and_opens_it_again(district):
    one, by = station(district, hours_by="always"), district.as_staff(district.window)

    stations.close(
        one, starts_on=date(2026, 6, 8), ends_on=date(2026, 6, 12), words="装修，电话13800138000", by=by, at=TUESDAY
    )
    row = StationDays.objects.get()
    assert (row.starts_on, row.ends_on, row.opens) == (date(2026, 6, 8), date(2026, 6, 12), None)
    assert "13800138000" not in row.words
    with pytest.raises(NotNow):
        stations.close(one, starts_on=date(2026, 6, 12), ends_on=date(2026, 6, 13), words="再关", by=by, at=TUESDAY)
    stations.reopen(one, days_id=row.pk, by=by, at=TUESDAY)

    assert StationDays.objects.get().ends_on == date(2026, 6, 8)
    with pytest.raises(NotNow):
        stations.reopen(one, days_id=row.pk, by=by, at=TUESDAY)


@pytest.mark.parametrize("by", ["other_secretary", "stranger", "worker", "handler", "supervisor"])
def test_nobody_else_closes_it(district, by):
    one = station(district)

    with pytest.raises(NotYours):
        stations.close(
            one, starts_on=date(2026, 6, 9), ends_on=date(2026, 6, 9), words="关", at=TUESDAY,
            by=district.as_staff(getattr(district, by)),
        )  # fmt: skip

    assert not StationDays.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"words": "  "},
        {"ends_on": date(2026, 6, 8)},
        {"starts_on": date(2026, 6, 1), "ends_on": date(2026, 6, 8)},
        {"ends_on": date(2026, 9, 7)},
    ],
)
def test_what_is_wrong_with_a_closing_closes_nothing(district, facts):
    given = {"starts_on": date(2026, 6, 9), "ends_on": date(2026, 6, 9), "words": "装修"} | facts
    with pytest.raises(BadInput):
        stations.close(station(district), by=district.as_staff(district.secretary), at=TUESDAY, **given)

    assert not StationDays.objects.exists()


def test_of_a_leads_home_the_grid_and_the_telephone_of_the_post_are_shown(client, district):
    """Mechanism 003c-12."""
    home = station(district, "H-1", "home", district.grid, hours_by="call")
    Post.objects.filter(area=district.grid, kind="grid_lead").update(office_phone="0935-8210001")
    User.objects.filter(pk=district.lead.pk).update(display_name="李连心")

    page = client.get(reverse("station", args=[home.pk])).content.decode()
    listed = client.get(f"{reverse('stations')}?area={district.community.code}").content.decode()

    for text in (page, listed):
        assert "第一网格" in text
        assert "0935-8210001" in text
        assert "李连心" not in text
    for field, said in (("name", "李家"), ("address", "3号楼2单元"), ("office_phone", "0935-8210002")):
        with pytest.raises(IntegrityError, match="station_home_says_nothing"), transaction.atomic():
            ServiceStation.objects.filter(pk=home.pk).update(**{field: said})


def test_each_kind_stands_at_its_own_levels(district):
    with pytest.raises(ValidationError):
        ServiceStation(code="S-9", kind="watch", area=district.community, valid_from=SINCE).full_clean()

    ServiceStation(code="S-9", kind="watch", area=district.grid, valid_from=SINCE).full_clean()


def test_residents_see_their_community_the_levels_above_and_what_is_open(client, district):
    station(district, "S-1", hours_by="always", name="北关红色驿站")
    station(district, "S-2", "canteen", hours_by="own", name="长者饭堂")
    station(district, "S-3", "watch", district.grid, hours_by="always")
    station(district, "S-4", "centre", district.street, hours_by="always", name="街道党群服务中心")
    station(district, "S-5", area=district.other_community, hours_by="always", name="别处驿站")
    ServiceStation.objects.create(
        code="S-6", kind="red", area=district.community, valid_from=SINCE, valid_to=date(2021, 1, 1), name="旧驿站"
    )
    url = reverse("stations")

    def shown(query: str) -> list[str]:
        response = client.get(url + query)
        found = [*response.context["near"], *response.context["further"]]
        return [one.station.code for one in found]

    assert shown(f"?area={district.community.code}") == ["S-3", "S-1", "S-2", "S-4"]
    assert shown(f"?area={district.grid.code}") == ["S-3", "S-1", "S-2", "S-4"]
    assert shown(f"?area={district.community.code}&kind=canteen") == ["S-2"]
    assert shown(f"?area={district.community.code}&open=1") == ["S-3", "S-1", "S-4"]
    assert shown("") == ["S-4"]
    assert shown("?area=nowhere%00&kind=none") == ["S-4"]
    assert client.post(url).status_code == 405
    assert client.get(reverse("station", args=[0])).status_code == 404
    closed = ServiceStation.objects.get(code="S-6")
    assert client.get(reverse("station", args=[closed.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 6])
def test_the_public_list_costs_the_same_however_long_it_is(client, district, django_assert_max_num_queries, count):
    for number in range(count):
        one = station(district, f"S-{number}", hours_by="hall" if number % 2 else "own")
        opens(one, range(7), "00:00", "00:00")
        station(district, f"H-{number}", "home", district.grid, hours_by="call")

    with django_assert_max_num_queries(8):
        response = client.get(f"{reverse('stations')}?area={district.community.code}")

    assert response.context["count"] == 2 * count


def test_the_staff_pages_are_scoped_and_close_a_station(client, district):
    one = station(district, hours_by="always")
    far = station(district, "S-2", area=district.other_community)
    client.force_login(district.secretary)

    listed = client.get(reverse("station_desk"))
    assert [place.station.code for place in listed.context["places"]] == ["S-1"]
    assert client.get(reverse("station_work", args=[far.pk])).status_code == 404
    sent = {"starts_on": "2099-01-05", "ends_on": "2099-01-04", "words": "装修"}
    refused = client.post(reverse("station_close", args=[one.pk]), sent)
    assert (refused.status_code, "装修" in refused.content.decode()) == (422, True)
    assert client.post(reverse("station_close", args=[one.pk]), sent | {"ends_on": "2099-01-06"}).status_code == 302
    row = StationDays.objects.get()
    assert client.post(reverse("station_reopen", args=[far.pk]), {"days": row.pk}).status_code == 404
    assert client.post(reverse("station_reopen", args=[one.pk]), {"days": row.pk}).status_code == 302
    assert not StationDays.objects.exists()

    client.force_login(district.worker)
    assert client.get(reverse("station_work", args=[one.pk])).status_code == 200
    assert client.post(reverse("station_close", args=[one.pk]), sent).status_code == 403


def test_the_register_comes_in_as_a_file_and_goes_out_as_it_came(district):
    by = district.as_staff(district.secretary)
    rows = Dataset(
        ("R-1", "red", district.community.code, "北关红色驿站", "北关街1号", "0935-8210003", "休息|喝水", "1", "own",
         "closed", "as_monday", "2026-01-01", ""),
        headers=["code", "kind", "area_code", "name", "address", "office_phone", "offers", "step_free", "hours_by",
                 "on_holiday", "on_makeup", "valid_from", "valid_to"],
    )  # fmt: skip

    ServiceStationResource(staff=by).import_rows(rows)
    hours = Dataset(("R-1", 0, 4, 9, "09:00", "24:00"), headers=[
        "station_code", "weekday", "month_from", "month_to", "opens", "closes",
    ])  # fmt: skip
    StationHoursResource(staff=by).import_rows(hours)

    one = ServiceStation.objects.get()
    assert (one.services, one.step_free, one.area) == (["休息", "喝水"], True, district.community)
    assert [(row.weekday, row.month_from, row.closes) for row in StationHours.objects.all()] == [(0, 4, time(0))]
    assert ServiceStationResource().export().csv.splitlines()[1].startswith("R-1,red,620302001001,北关红色驿站,")
    strange = Dataset(*[["R-2", *rows[0][1:2], district.other_community.code, *rows[0][3:]]], headers=rows.headers)
    with pytest.raises(Exception, match="outside the areas you keep"):
        ServiceStationResource(staff=by).import_rows(strange)
