"""Open matters follow their building to its new grid, their clocks with them; what is over stays where it was."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import translation

from grids import redivision, redrawing
from grids.enums import Level, PostKind, RedivisionState
from grids.models import Area, Redivision
from grids.outlook import outlook
from notifications.models import Notice
from people.errors import BadInput, Refusal
from petitions import petitioner, services, story, transitions
from petitions.enums import EventCode, Status
from petitions.models import Petition, PetitionClock, PetitionEvent, PetitionFact
from petitions.viewers import Follower
from tests.factories import TUESDAY, District, appoint, make_user
from tests.petitions.filing import follow_url, prove
from tests.redrawing import FIRST_DAY, ON, approve, carry_out, merge, more_buildings, split

OPEN = (
    Status.SUBMITTED, Status.ACCEPTED, Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS, Status.RESOLVED,
    Status.VERIFIED,
)  # fmt: skip


@pytest.mark.django_db
def test_every_open_matter_follows_its_building_and_no_other_does(district: District):
    _five, nine = more_buildings(district)
    moved = {status: district.petition(status=status) for status in OPEN}
    over = district.petition(status=Status.CLOSED)
    elsewhere, without = district.petition(place=nine), district.petition(place=district.grid)
    before = set(PetitionClock.objects.values_list("pk", "state", "due_at", "generation"))

    done = carry_out(district, split(district))

    new = Area.objects.get(name="第三网格")
    rows = {row.pk: row for row in Petition.objects.all()}
    for status, petition in moved.items():
        row = rows[petition.pk]
        assert (row.status, row.grid, row.area, row.area_path) == (status, new, new, new.path)
        assert (row.community, row.street, row.place) == (district.community, district.street, district.unit)
    assert (rows[over.pk].grid, rows[over.pk].area_path) == (district.grid, district.grid.path)
    assert rows[elsewhere.pk].grid == district.other_grid
    assert rows[without.pk].grid == district.grid
    assert done.taken["petitions"] == 7
    events = PetitionEvent.objects.filter(code=EventCode.REDIVIDED)
    assert {event.petition_id for event in events} == {petition.pk for petition in moved.values()}
    assert {(event.refs["from"], event.refs["to"], event.at, event.by) for event in events} == {
        (district.grid.pk, new.pk, FIRST_DAY, district.leader)
    }
    assert set(PetitionClock.objects.values_list("pk", "state", "due_at", "generation")) == before
    running = PetitionClock.objects.filter(state="running", petition__in=[row.pk for row in moved.values()])
    assert set(running.values_list("area", flat=True)) == {new.pk}


@pytest.mark.django_db
def test_figures_and_facts_of_what_was_counted_keep_the_old_grid(district: District):
    more_buildings(district)
    district.petition(status=Status.CLOSED)
    district.petition(status=Status.SIGNED)
    before = sorted(PetitionFact.objects.values_list("pk", "area", "community"))
    stopped = sorted(PetitionClock.objects.exclude(state="running").values_list("pk", "area"))
    assert stopped
    assert {area for _pk, area in stopped} == {district.grid.pk}

    carry_out(district, merge(district))

    assert sorted(PetitionFact.objects.values_list("pk", "area", "community")) == before
    assert sorted(PetitionClock.objects.exclude(state="running").values_list("pk", "area")) == stopped


@pytest.mark.django_db
def test_who_has_a_matter_keeps_it_if_he_comes_along_else_who_answers_there_goes_on(district: District):
    more_buildings(district)
    taken = district.petition(status=Status.SIGNED)
    waiting = district.petition(status=Status.DISPATCHED)
    unit = district.petition(status=Status.SIGNED, organisation=True)
    plan, by = merge(district), district.as_staff(district.secretary)
    seats = {seat.appointment.user: seat.pk for seat in plan.seats.all()}
    plan = redivision.place_people(plan, places=[(seats[district.worker], None)], by=by, version=plan.version)

    carry_out(district, plan)

    rows = {row.pk: row for row in Petition.objects.all()}
    assert (rows[taken.pk].handler, rows[taken.pk].status) == (district.other_worker, Status.SIGNED)
    assert (rows[waiting.pk].handler, rows[waiting.pk].status) == (district.other_worker, Status.DISPATCHED)
    assert (rows[unit.pk].handler, rows[unit.pk].organisation) == (district.handler, district.sanitation)
    clocks = PetitionClock.objects.filter(petition=taken, state="running")
    assert set(clocks.values_list("holder", flat=True)) == {district.other_worker.pk}
    told = {(notice.kind, notice.recipient.display_name, notice.params["cases"]) for notice in Notice.objects.filter(
        kind__in=("redivision_cases", "redivision_gone")
    )}  # fmt: skip
    assert told == {("redivision_cases", "other_worker", 2), ("redivision_gone", "worker", 2)}


@pytest.mark.django_db
def test_without_a_worker_there_it_goes_one_level_up_never_to_nobody(district: District):
    more_buildings(district)
    petition = district.petition(status=Status.SIGNED)

    carry_out(district, split(district))

    assert Petition.objects.get(pk=petition.pk).handler == district.secretary


@pytest.mark.django_db
def test_who_comes_along_keeps_it_and_goes_on_at_once(district: District):
    more_buildings(district)
    petition = district.petition(status=Status.SIGNED)

    carry_out(district, merge(district))

    assert Petition.objects.get(pk=petition.pk).handler == district.worker
    worker = district.as_staff(district.worker, ON)
    done = transitions.resolve(petition, by=worker, at=FIRST_DAY + timedelta(hours=9), reply="已办。")
    assert (done.grid, done.status) == (district.other_grid, Status.RESOLVED)


@pytest.mark.django_db
def test_who_follows_sees_what_was_over_for_his_places_and_nothing_else(district: District):
    five, nine = more_buildings(district)
    newcomer = make_user("newcomer")
    closed = district.petition(status=Status.CLOSED)
    other = district.petition(status=Status.CLOSED, place=five)
    strange = district.petition(place=nine)
    carry_out(district, split(district))
    appoint(newcomer, PostKind.GRID_WORKER, Area.objects.get(name="第三网格"))

    seen = Petition.objects.visible_to(district.as_staff(newcomer, ON))

    assert list(seen) == [closed]
    assert {other.pk, strange.pk}.isdisjoint(seen.values_list("pk", flat=True))
    # the old grid's worker keeps the sight of what he did
    assert closed in Petition.objects.visible_to(district.as_staff(district.worker, ON))


@pytest.mark.django_db
def test_the_petitioner_reads_who_answers_now_with_the_number_and_code_he_has(client, district: District):
    more_buildings(district)
    petition = district.petition(status=Status.SIGNED)

    carry_out(district, split(district))

    assert prove(client, petition).url == follow_url(petition)
    told = story.tell(Petition.objects.get(pk=petition.pk), to=Follower(petition_ids=(petition.pk,)))
    assert "第三网格" in next(line.sentence for line in told.lines if line.at == FIRST_DAY)


@pytest.mark.django_db
def test_the_preview_counts_open_matters_and_running_clocks_for_each_grid(district: District):
    more_buildings(district)
    for status in (Status.SUBMITTED, Status.SIGNED, Status.CLOSED):
        district.petition(status=status)
    district.petition(place=district.grid)
    here = PetitionClock.objects.filter(state="running", petition__place=district.unit, petition__closed_at=None)

    seen = outlook(split(district), by=district.secretary, at=TUESDAY)

    rows = {column.line.name: column.counts[-3:-1] for column in seen.columns}  # the last: micro-grids
    assert rows["第一网格"][0] == 1
    assert rows["第二网格"] == [0, 0]
    assert rows["第三网格"] == [2, here.count()]


@pytest.mark.django_db
def test_a_closed_matter_that_is_reopened_comes_to_the_grid_of_now(district: District):
    more_buildings(district)
    petition = district.petition(status=Status.CLOSED, at=FIRST_DAY - timedelta(days=3, hours=-10))
    carry_out(district, merge(district))

    again = petitioner.reopen(petition, at=FIRST_DAY + timedelta(hours=10), words="又满了。")

    assert (again.status, again.grid, again.area_path) == (
        Status.IN_PROGRESS, district.other_grid, district.other_grid.path,
    )  # fmt: skip
    assert again.handler == district.worker


@pytest.mark.django_db
def test_a_closed_grid_takes_no_new_matters(district: District):
    more_buildings(district)
    carry_out(district, merge(district))

    with pytest.raises(BadInput) as no:
        district.petition(at=FIRST_DAY + timedelta(hours=9), place=district.grid)

    assert no.value.field == "place"
    filed = district.petition(at=FIRST_DAY + timedelta(hours=9), place=district.unit)
    assert filed.grid == district.other_grid


# -- at once: real threads, real connections ------------------------------------------------------------------------


def at_once(*acts):
    """Run each act in a thread of its own from one start; return what each came to: a word or its refusal."""
    start, came_to = threading.Barrier(len(acts)), {}

    def run(number, act):
        try:
            with translation.override("en"):
                start.wait(timeout=30)
                act()
            came_to[number] = "done"
        except Refusal as no:
            came_to[number] = type(no).__name__
        except Exception as bug:  # noqa: BLE001 - a deadlock is what this looks for
            came_to[number] = f"bug: {bug}"
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return [came_to[number] for number in range(len(acts))]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_dispatching_while_the_plan_is_carried_out_leaves_no_matter_with_a_stranger(district: District, attempt):
    more_buildings(district)
    matters = [district.petition(status=Status.ACCEPTED) for _ in range(3)]
    approve(district, merge(district))
    secretary, at = district.as_staff(district.secretary, ON), FIRST_DAY + timedelta(minutes=1)

    came_to = at_once(
        lambda: redrawing.apply_due(at=FIRST_DAY),
        *(
            lambda one=one: transitions.dispatch(one, by=secretary, at=at, handler=district.worker, version=one.version)
            for one in matters
        ),
    )

    assert came_to[0] == "done"
    assert set(came_to[1:]) <= {"done", "ChangedMeanwhile"}
    assert Redivision.objects.get().state == RedivisionState.APPLIED
    for one, said in zip(matters, came_to[1:], strict=True):
        row = Petition.objects.get(pk=one.pk)
        assert (row.grid, row.area_path) == (district.other_grid, district.other_grid.path)
        assert (row.status, row.handler) == (
            (Status.DISPATCHED, district.worker) if said == "done" else (Status.ACCEPTED, None)
        )
        assert PetitionEvent.objects.filter(petition=one, code=EventCode.REDIVIDED).count() == 1
    assert attempt in range(3)


@pytest.mark.django_db(transaction=True)
def test_filing_while_the_plan_is_carried_out_never_ends_in_a_closed_grid(district: District):
    more_buildings(district)
    approve(district, merge(district))

    came_to = at_once(
        lambda: redrawing.apply_due(at=FIRST_DAY),
        *(lambda: district.petition(at=FIRST_DAY, place=district.unit) for _ in range(4)),
    )

    assert came_to == ["done"] * 5
    assert list(Petition.objects.values_list("grid", flat=True)) == [district.other_grid.pk] * 4


@pytest.mark.django_db(transaction=True)
def test_two_who_carry_it_out_at_once_do_it_once(district: District):
    more_buildings(district)
    district.petition(status=Status.SIGNED)
    plan = approve(district, split(district))
    secretary = district.as_staff(district.secretary, ON)

    came_to = at_once(
        lambda: redrawing.apply_now(plan, by=secretary, at=FIRST_DAY),
        lambda: redrawing.apply_due(at=FIRST_DAY),
        lambda: redrawing.apply_now(plan, by=secretary, at=FIRST_DAY),
    )

    assert came_to.count("done") >= 1
    assert set(came_to) <= {"done", "NotAllowedNow"}
    assert Area.objects.filter(level=Level.GRID, parent=district.community).count() == 3
    assert PetitionEvent.objects.filter(code=EventCode.REDIVIDED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_files_first_is_waited_for_and_his_matter_moves(district: District):
    more_buildings(district)
    approve(district, merge(district))
    holding, applied = threading.Event(), []

    def carry():
        holding.wait(timeout=30)
        applied.append(redrawing.apply_due(at=FIRST_DAY))
        connection.close()

    other = threading.Thread(target=carry)
    other.start()
    with transaction.atomic():
        filed = services.file(text="楼道灯坏了。", at=FIRST_DAY, client_key=uuid.uuid4(), place=district.unit).petition
        holding.set()
        other.join(timeout=1)
        assert applied == []
    other.join(timeout=60)

    assert applied == [1]
    assert Petition.objects.get(pk=filed.pk).grid == district.other_grid
