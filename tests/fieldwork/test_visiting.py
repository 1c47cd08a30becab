"""The log of visits: written down once, in time, by who may; taken back in time by who wrote it."""

import uuid
from datetime import date, timedelta

import pytest

from fieldwork import households, visiting
from fieldwork.enums import Outcome, VisitMode
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import Visit
from people.errors import BadInput
from tests.factories import TUESDAY
from tests.fieldwork.homes import at, homes, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_a_visit_is_written_down_once_however_often_it_is_sent(district):
    (home,) = homes(district)
    key = uuid.uuid4()

    first = visit(district, home, client_key=key, words="问了暖气，请打13800138000。")
    second = visit(district, home, client_key=key, mode=VisitMode.PHONE)

    assert second == first
    row = Visit.objects.get()
    assert (row.by, row.on, row.mode, row.outcome, row.written_at) == (
        district.worker, date(2026, 6, 9), "door", "well", TUESDAY,
    )  # fmt: skip
    assert row.words == "问了暖气，请打138****8000。"
    assert "暖气".encode() not in bytes(row.words_sealed)


@pytest.mark.parametrize("who", ["worker", "lead", "secretary", "window"])
def test_who_keeps_the_grid_or_its_community_visits(district, who):
    (home,) = homes(district)

    assert visit(district, home, by=getattr(district, who)).by == getattr(district, who)


@pytest.mark.parametrize("who", ["other_worker", "other_secretary", "dispatcher", "command", "handler"])
def test_nobody_else_does(district, who):
    (home,) = homes(district)

    with pytest.raises(NotYours):
        visit(district, home, by=getattr(district, who))

    assert not Visit.objects.exists()


@pytest.mark.parametrize(("day", "taken"), [("2026-06-06", False), ("2026-06-07", True), ("2026-06-10", False)])
def test_a_visit_is_written_down_on_its_day_or_in_the_two_days_after(district, day, taken):
    (home,) = homes(district)
    on = date.fromisoformat(day)

    if taken:
        assert visit(district, home, on=on).on == on
    else:
        with pytest.raises(BadInput):
            visit(district, home, on=on)
        assert not Visit.objects.exists()


@pytest.mark.parametrize(("mode", "outcome"), [(VisitMode.ABSENT, Outcome.WELL), (VisitMode.DOOR, Outcome.NONE)])
def test_nobody_at_home_and_nobody_reached_go_together(district, mode, outcome):
    (home,) = homes(district)

    with pytest.raises(BadInput):
        visit(district, home, mode=mode, outcome=outcome)

    assert not Visit.objects.exists()


def test_a_closed_household_is_visited_no_more(district):
    (home,) = homes(district)
    home = households.close(home, by=district.as_staff(district.lead), at=TUESDAY)

    with pytest.raises(NotNow):
        visit(district, home, TUESDAY + timedelta(days=1))

    visit(district, home, TUESDAY + timedelta(days=1), on=date(2026, 6, 9))
    assert Visit.objects.count() == 1


def test_the_writer_takes_it_back_in_time(district):
    (home,) = homes(district)
    written = visit(district, home)
    with pytest.raises(NotYours):
        visiting.take_back(written, by=district.as_staff(district.lead), at=TUESDAY)
    with pytest.raises(NotNow):
        visiting.take_back(written, by=district.as_staff(district.worker), at=at("2026-06-12"))
    assert Visit.objects.get().struck_at is None

    visiting.take_back(written, by=district.as_staff(district.worker), at=at("2026-06-11"))

    assert Visit.objects.get().struck_at == at("2026-06-11")
    with pytest.raises(NotNow):
        visiting.take_back(written, by=district.as_staff(district.worker), at=at("2026-06-11"))
