"""The sums equal what the petitions themselves say, step by step and made anew."""

import threading
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from deadlines.models import Policy
from grids.models import Organisation
from petitions import kpis, requests, rollups, transitions
from petitions.enums import EventCode, Status, Tier, Urgency
from petitions.models import Category, FigureRow, FigureState, HourRow, Petition, PetitionEvent, PetitionFact
from petitions.models.figures import MEASURES
from petitions.spans import Cut, Grain
from tests.factories import SHANGHAI, TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

EVENING = datetime(2026, 6, 9, 22, 0, tzinfo=SHANGHAI)
DAY, JUNE, MAY = date(2026, 6, 9), date(2026, 6, 1), date(2026, 5, 1)
ROW = ("cut", "grain", "begins_on", "area__code", "item", *MEASURES)


def count(at=EVENING):
    return rollups.count_new(at=at)


def rows(**given):
    return sorted(FigureRow.objects.filter(**given).values_list(*ROW))


def filed():
    return sorted(HourRow.objects.values_list("begins_on", "community_id", "hour", "received"))


def total(name, **given):
    given = {"cut": Cut.TOTAL, "grain": Grain.MONTH, "begins_on": JUNE, **given}
    return sum(FigureRow.objects.filter(**given).values_list(name, flat=True))


def rework(district, petition, at=EVENING):
    secretary = district.as_staff(district.secretary)
    return transitions.rework(petition, by=secretary, at=at, reason="还没清干净。")


@pytest.fixture
def june(district):
    """Five of June in two grids, one of May, in most of the ways a petition can go."""
    secretary = district.as_staff(district.secretary)
    district.petition(status=Status.CLOSED)
    district.petition(status=Status.CLOSED, step=timedelta(days=1))  # late: due the day after it was accepted
    rework(district, district.petition(status=Status.RESOLVED))
    district.petition(status=Status.ACCEPTED, place=district.other_grid, channel="phone")
    transitions.decline(district.petition(), by=secretary, at=TUESDAY, reason="不属受理范围。")
    district.petition(TUESDAY - timedelta(days=30), status=Status.DISPATCHED)


def test_a_step_sums_by_month_and_by_day_of_the_running_month_in_six_cuts(district, june):
    count()

    assert total("received") == 5
    assert (total("accepted"), total("completed"), total("judged"), total("on_time")) == (4, 2, 2, 1)
    assert (total("declined"), total("handled"), total("reworked"), total("pending")) == (1, 3, 1, 2)
    assert total("accepted", begins_on=MAY) == 1
    assert total("accepted", grain=Grain.DAY, begins_on=DAY) == 3
    assert total("accepted", grain=Grain.DAY, begins_on=date(2026, 6, 10)) == 1
    # days are kept for the running month only
    assert not FigureRow.objects.filter(grain=Grain.DAY, begins_on__lt=JUNE).exists()
    by_grid = FigureRow.objects.filter(cut=Cut.GRID, grain=Grain.MONTH, begins_on=JUNE)
    assert dict(by_grid.values_list("area__code", "received")) == {district.grid.code: 4, district.other_grid.code: 1}
    by_channel = FigureRow.objects.filter(cut=Cut.CHANNEL, grain=Grain.MONTH, begins_on=JUNE)
    assert dict(by_channel.values_list("item", "received")) == {"web": 4, "phone": 1}
    by_category = FigureRow.objects.filter(cut=Cut.CATEGORY, grain=Grain.MONTH, begins_on=JUNE)
    assert dict(by_category.values_list("item", "received")) == {"0102": 4, "": 1}
    by_tier = FigureRow.objects.filter(cut=Cut.TIER, grain=Grain.MONTH, begins_on=JUNE)
    assert dict(by_tier.values_list("item", "received")) == {"immediate": 4, "": 1}
    by_unit = FigureRow.objects.filter(cut=Cut.UNIT, grain=Grain.MONTH, begins_on=JUNE)
    assert dict(by_unit.values_list("item", "received")) == {"": 5}
    # all filed on Tuesday at ten
    assert list(HourRow.objects.filter(begins_on=JUNE).values_list("hour", "received")) == [(34, 5)]


def test_the_sums_equal_the_figures_computed_from_the_petitions(district, june):
    count()

    found = kpis.kpis(start=JUNE, end=DAY + timedelta(days=21), at=EVENING, area=district.district)

    assert (found.received, found.accepted, found.completed) == (total("received"), total("accepted"), 2)
    assert (found.on_time_rate.numerator, found.on_time_rate.denominator) == (total("on_time"), total("judged"))
    assert (found.response_rate.numerator, found.rework_rate.numerator) == (total("contacted"), total("reworked"))
    assert found.resolved_at_level["grid"].denominator == total("levelled") == 2


def test_rows_made_anew_equal_those_of_the_steps_to_the_row(district, june):
    # given steps between the moves, so that old facts come off the sums again and again
    count()
    moved = rework(district, district.petition(status=Status.RESOLVED))
    count()
    transitions.resolve(moved, by=district.as_staff(district.worker), at=EVENING, reply="已清完。")
    district.petition(TUESDAY + timedelta(hours=2), status=Status.VERIFIED)
    count()
    stepwise, facts, hours = rows(), sorted(PetitionFact.objects.values_list()), filed()

    # when everything is thrown away and made anew
    PetitionFact.objects.all().delete()
    assert rollups.rebuild(at=EVENING) == Petition.objects.count()

    # then
    assert rows() == stepwise
    assert sorted(PetitionFact.objects.values_list()) == facts
    assert filed() == hours
    assert sum(count for _month, _where, _hour, count in hours) == Petition.objects.count()
    assert len(stepwise) > 12


def test_repeating_a_step_changes_nothing(district, june):
    count()
    before = rows()

    count()
    rollups.count_again(at=EVENING)
    rollups.rebuild(at=EVENING)

    assert rows() == before


def test_a_row_that_counts_nothing_any_more_goes(district):
    petition = district.petition(status=Status.ACCEPTED)
    count()
    assert FigureRow.objects.filter(item="0102").exists()

    # when it gets another category (with the event that says so)
    Petition.objects.filter(pk=petition.pk).update(category=Category.objects.get(code="0401"))
    PetitionEvent.objects.create(petition=petition, code=EventCode.RECATEGORISED, at=EVENING)
    count()

    assert not FigureRow.objects.filter(item="0102").exists()
    assert total("accepted", cut=Cut.CATEGORY) == 1


def test_in_a_new_month_the_days_of_the_old_one_go_and_its_month_stays(district):
    district.petition(status=Status.CLOSED)
    count()
    before = total("completed")

    district.petition(datetime(2026, 7, 2, 10, 0, tzinfo=SHANGHAI), status=Status.ACCEPTED)
    count(datetime(2026, 7, 2, 12, 0, tzinfo=SHANGHAI))

    assert total("completed") == before == 1
    days = FigureRow.objects.filter(grain=Grain.DAY).values_list("begins_on", flat=True)
    assert set(days) == {date(2026, 7, 2)}


def test_a_matter_that_moves_from_one_month_to_the_next_by_its_acceptance_counts_once(district):
    petition = district.petition(datetime(2026, 5, 31, 23, 0, tzinfo=SHANGHAI))
    count()
    transitions.accept(
        petition,
        by=district.as_staff(district.secretary),
        at=TUESDAY,
        category=Category.objects.get(code="0102"),
        policy=Policy.objects.in_force(DAY).get(key="immediate_tier"),
        tier=Tier.IMMEDIATE,
        urgency=Urgency.NORMAL,
    )
    count()

    assert [total(name, begins_on=MAY) for name in ("received", "waiting", "admitted")] == [1, 0, 1]
    assert (total("received"), total("accepted")) == (0, 1)


def test_what_the_minute_before_hid_is_found_by_the_overlap(district):
    district.petition(status=Status.ACCEPTED)
    count()

    # everything is younger than the overlap: the next step looks at it again
    assert FigureState.objects.get().through_event < PetitionEvent.objects.order_by("pk").first().pk
    assert count() == 1


def test_only_the_sweeps_own_events_cost_no_count(district):
    petition = district.petition(status=Status.ACCEPTED)
    count()
    FigureState.objects.update(through_event=PetitionEvent.objects.order_by("pk").last().pk)
    PetitionEvent.objects.create(petition=petition, code=EventCode.ESCALATED, at=EVENING)

    assert count() == 0


@pytest.mark.django_db(transaction=True)
def test_who_counts_holds_the_lock_and_a_second_one_leaves_it_to_him(district):
    district.petition()
    count()
    before = rows()
    district.petition()
    holds, done = threading.Event(), threading.Event()

    def other():
        try:
            with transaction.atomic():
                FigureState.objects.select_for_update().get()
                holds.set()
                done.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    assert holds.wait(30)
    try:
        assert count() is None
        assert rows() == before
    finally:
        done.set()
        thread.join()

    assert count() == 2
    assert total("received") == 2


@pytest.mark.parametrize("petitions", [1, 4])
def test_a_step_costs_the_same_however_many_petitions_moved(district, django_assert_num_queries, petitions):
    count()
    for _each in range(petitions):
        district.petition(status=Status.CLOSED)

    with django_assert_num_queries(9):  # savepoint 2, state 2, events 2, fold, empty rows, state kept
        assert count() == petitions


def test_extensions_count_when_they_are_granted(district):
    petition = district.petition(status=Status.SIGNED, policy="committed_tier")
    asked = requests.ask_extension(
        petition, by=district.as_staff(district.worker), at=TUESDAY + timedelta(hours=1), value=2, reason="等配件。"
    )
    count()
    assert total("extended") == 0

    requests.decide_extension(
        asked, by=district.as_staff(district.dispatcher), at=TUESDAY + timedelta(hours=2), grant=True, reason="同意。"
    )
    count()
    assert total("extended") == 1


def by_the_grid(district):
    district.petition(status=Status.RESOLVED)


def by_the_community(district):
    secretary, petition = district.as_staff(district.secretary), district.petition(status=Status.ACCEPTED)
    transitions.sign(petition, by=secretary, at=EVENING)
    transitions.resolve(petition, by=secretary, at=EVENING, reply="已协调清运。")


def by_a_unit_of_the_street(district):
    district.petition(status=Status.RESOLVED, organisation=True)


def by_a_unit_of_the_district(district):
    district.petition(status=Status.RESOLVED, organisation=True)
    Organisation.objects.filter(pk=district.sanitation.pk).update(area=district.district)


@pytest.mark.parametrize(
    ("completed", "level"),
    [
        (by_the_grid, "at_grid"),
        (by_the_community, "at_community"),
        (by_a_unit_of_the_street, "at_street"),
        (by_a_unit_of_the_district, "at_district"),
    ],
)
def test_what_is_completed_counts_at_the_level_of_who_completed_it(district, completed, level):
    """000-51 and 002-37: small matters stay in the grid, big ones in the community."""
    completed(district)
    count()

    levels = {name: total(name) for name in ("at_grid", "at_community", "at_street", "at_district")}
    assert levels == {name: int(name == level) for name in levels}


def test_a_matter_of_the_community_itself_counts_with_the_community(district):
    district.petition(place=district.community, status=Status.ACCEPTED)
    count()

    assert rows(cut=Cut.GRID, grain=Grain.MONTH)[0][3] == district.community.code


def test_the_command_makes_everything_anew_and_says_so(district, june, capsys):
    count()
    FigureRow.objects.update(received=99)

    call_command("rebuild_figures")

    assert total("received") == 5
    assert "6 petitions counted anew" in capsys.readouterr().out
