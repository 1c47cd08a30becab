"""Opening hours as people write them: a hall that is open until midnight closes at 24:00."""

from datetime import datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from tablib import Dataset

from grids.enums import PostKind
from grids.errors import ImportRefused
from grids.hours import ServiceHoursForm, read_time
from grids.models import ServiceHours
from grids.resources import ServiceHoursResource
from petitions.enums import Status
from tests.factories import SHANGHAI, appoint, make_user

pytestmark = [pytest.mark.django_db]
MIDNIGHT = time(0)
HEADING = "area_code,weekday,month_from,month_to,opens,closes\n"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def sheet(text: str) -> Dataset:
    return Dataset().load(HEADING + text, format="csv")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("17:30", time(17, 30)),
        ("9:00", time(9)),
        ("09:00:00", time(9)),
        ("17：30", time(17, 30)),
        ("17点30分", time(17, 30)),
        ("8点", time(8)),
        ("24:00", MIDNIGHT),
        ("24：00", MIDNIGHT),
        ("24", MIDNIGHT),
        ("24点", MIDNIGHT),
        (1.0, MIDNIGHT),
        (0.5, time(12)),
        (timedelta(days=1), MIDNIGHT),
        (time(20), time(20)),
        (datetime(1899, 12, 30, 20, 0), time(20)),
        ("", None),
        (None, None),
    ],
)
def test_a_closing_time_is_taken_as_it_is_written(written, meant):
    assert read_time(written, closing=True) == meant


@pytest.mark.parametrize("written", ["24:01", "25:00", "12:60", "-1:00", "noon", "1.5.2", 2.0])
def test_what_is_no_time_is_refused(written):
    with pytest.raises(ValueError, match="17:30"):
        read_time(written, closing=True)


def test_no_hall_opens_at_the_end_of_the_day():
    with pytest.raises(ValueError, match="24:00"):
        read_time("24:00")


def test_until_midnight_can_be_stored_and_reads_24_00(district):
    hours = ServiceHours.objects.create(area=district.community, weekday=1, opens=time(9), closes=MIDNIGHT)
    hours.refresh_from_db()

    assert hours.closes == MIDNIGHT
    assert str(hours).endswith("09:00-24:00")
    assert ServiceHours.objects.create(weekday=6, opens=MIDNIGHT, closes=MIDNIGHT).pk  # around the clock


@pytest.mark.parametrize(("opens", "closes"), [(time(12), time(12)), (time(12), time(11)), (time(12), time(0, 1))])
def test_any_other_closing_time_lies_after_the_opening(district, opens, closes):
    with pytest.raises(IntegrityError, match="servicehours_open_before_close"), transaction.atomic():
        ServiceHours.objects.create(area=district.community, weekday=1, opens=opens, closes=closes)


def test_the_form_takes_24_00_and_shows_it_again(district):
    given = {"area": district.community.pk, "weekday": 1, "month_from": 1, "month_to": 12, "opens": "9:00"}
    form = ServiceHoursForm({**given, "closes": "24:00"})
    assert form.is_valid(), form.errors

    shown = ServiceHoursForm(instance=form.save())

    assert 'value="24:00"' in str(shown["closes"])
    assert not ServiceHoursForm({**given, "closes": "8:00"}).is_valid()
    assert not ServiceHoursForm({**given, "closes": "24:30"}).is_valid()


def test_the_page_of_the_desk_takes_it_and_lists_it(client, district):
    client.force_login(district.secretary)
    given = {"area": district.community.pk, "weekday": 1, "month_from": 1, "month_to": 12, "opens": "14:00"}

    saved = client.post("/admin/grids/servicehours/add/", {**given, "closes": "24:00"})

    assert saved.status_code == 302
    assert ServiceHours.objects.get().closes == MIDNIGHT
    assert "24:00" in client.get("/admin/grids/servicehours/").content.decode()


def test_promises_count_until_midnight(district):
    """Thirty minutes of service time from 23:45 on a Tuesday: fifteen that evening, fifteen the next morning."""
    for day in range(7):
        ServiceHours.objects.create(area=district.community, weekday=day, opens=time(9), closes=MIDNIGHT)

    late = district.petition(at("2026-06-09 23:45"))
    in_time = district.petition(at("2026-06-09 23:30"))

    assert late.clocks.get().due_at == at("2026-06-10 09:15")
    assert in_time.clocks.get().due_at == at("2026-06-10 00:00")


def test_around_the_clock_is_every_minute(district):
    for day in range(7):
        ServiceHours.objects.create(area=district.community, weekday=day, opens=MIDNIGHT, closes=MIDNIGHT)

    petition = district.petition(at("2026-06-09 23:45"), status=Status.SUBMITTED)

    assert petition.clocks.get().due_at == at("2026-06-10 00:15")


FILE = "620302001001,1,1,12,9:00,12:00\n620302001001,Tuesday,1,12,13:30,24:00\n"


@pytest.mark.usefixtures("english_words")
def test_hours_come_in_as_a_file_go_out_as_they_came_and_come_in_again_unchanged(district):
    first = ServiceHoursResource().import_rows(sheet(FILE))
    out = ServiceHoursResource().export(ServiceHours.objects.order_by("opens"))
    again = ServiceHoursResource().import_rows(Dataset().load(out.csv, format="csv"))

    assert (first.totals["new"], again.totals["new"], again.totals["skip"]) == (2, 0, 2)
    assert out.csv.splitlines() == [
        HEADING.strip(), "620302001001,1,1,12,09:00,12:00", "620302001001,1,1,12,13:30,24:00",
    ]  # fmt: skip


@pytest.fixture
def english_words():
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("620302001001,8,1,12,9:00,12:00", "8"),
        ("620302001001,1,1,12,24:00,24:00", "24:00"),
        ("620302001001,1,1,12,9:00,24:01", "24:01"),
        ("620302001001,1,13,12,9:00,12:00", "12"),
        ("999,1,1,12,9:00,12:00", "999"),
        ("620302001001,1,1,12,12:00,9:00", ""),
    ],
)
def test_one_wrong_row_keeps_all_out_and_is_named(district, row, says):
    with pytest.raises(ImportRefused) as refused:
        ServiceHoursResource().import_rows(sheet(FILE.replace("Tuesday", "1") + row + "\n"))

    (error,) = refused.value.errors
    assert error.row == 4
    assert says in str(error.message)
    assert not ServiceHours.objects.exists()


def test_nobody_imports_hours_for_others(district):
    theirs = district.as_staff(district.other_secretary)
    street = make_user("street")
    appoint(street, PostKind.STREET_LEADER, district.other_street)

    for staff in (theirs, district.as_staff(street)):
        with pytest.raises(ImportRefused):
            ServiceHoursResource(staff).import_rows(sheet(FILE.replace("Tuesday", "1")))
    with pytest.raises(ImportRefused):  # the default for all is the administrator's
        ServiceHoursResource(district.as_staff(district.secretary)).import_rows(sheet(",1,1,12,9:00,12:00\n"))

    assert not ServiceHours.objects.exists()
    mine = ServiceHoursResource(district.as_staff(district.secretary)).import_rows(sheet(FILE.replace("Tuesday", "1")))
    assert mine.totals["new"] == 2
