"""What went wrong with the clocks of others, tried on ours. The numbers are those of cases/petitions.md, section 1.

Cases that have tests of their own elsewhere are not repeated: pauses (10), sweeps (17 to 20, 22, 24 to 27).
"""

from datetime import date, datetime, timedelta

import pytest

from deadlines import editing
from deadlines.models import Policy, Stage
from deadlines.sweep import sweep
from petitions import clocks as petition_clocks
from petitions import promises, requests, supplements, transitions
from petitions.enums import Decision, Status
from petitions.errors import NotNow, NotYours
from petitions.models import Category, ExtensionRequest, Petition, PetitionClock, PetitionEscalation
from tests.digests import changed, digests
from tests.factories import SHANGHAI, TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
MICROSECOND = timedelta(microseconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def clock(petition: Petition, stage: str) -> PetitionClock:
    return petition.clocks.get(stage__code=stage)


def rows() -> list[dict[str, object]]:
    return list(PetitionClock.objects.order_by("pk").values())


@pytest.fixture
def committed(district) -> Petition:
    """Taken on Tuesday 9 June 2026; five working days to resolve it: by the end of Tuesday the 16th."""
    return district.petition(status=Status.SIGNED, policy="committed_tier", category="0103")


# -- the date ----------------------------------------------------------------------------------------------------


def test_it_is_not_overdue_on_its_last_day_and_is_the_moment_that_day_is_over(district, committed):
    """Case 3, on the page and in the sweep alike (Alaveteli): late from 00:00 of the day after, not before."""
    due_at = clock(committed, "resolve").due_at
    assert due_at == at("2026-06-17 00:00")

    shown = [
        next(one.is_late for one in promises.running(committed, at=moment) if one.due_at == due_at)
        for moment in (due_at - MICROSECOND, due_at)
    ]
    sweep(at=due_at - MICROSECOND)
    before = PetitionEscalation.objects.filter(rung__at="overdue", clock__stage__code="resolve").count()
    sweep(at=due_at)
    after = PetitionEscalation.objects.filter(rung__at="overdue", clock__stage__code="resolve").count()

    assert shown == [False, True]
    assert (before, after) == (0, 1)


@pytest.mark.parametrize(
    ("filed", "due"),
    [
        # 1-7 October 2026 are holidays, Saturday the 10th is worked: 8 9 10 12 13
        ("2026-10-01 10:00", "2026-10-14 00:00"),
        # Friday before the Dragon Boat days (19-21 June): 22 23 24 25 26
        ("2026-06-18 23:50", "2026-06-27 00:00"),
        # the leap day is a day like any other: 28 February 2024 is a Wednesday: 29, 1 4 5 6 March
        ("2024-02-28 10:00", "2024-03-07 00:00"),
    ],
)
def test_a_start_on_a_holiday_a_long_weekend_and_a_leap_day(district, filed, due):
    """Case 3: start on a holiday, a block inside the span, a leap year."""
    Policy.objects.update(valid_from=date(2020, 1, 1))
    Category.objects.update(valid_from=date(2020, 1, 1))

    petition = district.petition(
        at(filed), status=Status.ACCEPTED, policy="committed_tier", category="0103", step=timedelta(minutes=1)
    )

    assert clock(petition, "resolve").due_at == at(due)


@pytest.mark.parametrize(
    ("filed", "accept_by", "resolve_by"),
    [
        # four office hours (9:00-12:00, 13:30-17:30); the day of receipt does not count for the five working days
        ("2026-06-09 17:00", "2026-06-10 14:00", "2026-06-17 00:00"),
        ("2026-06-09 17:31", "2026-06-10 14:30", "2026-06-17 00:00"),
        ("2026-06-09 23:58", "2026-06-10 14:30", "2026-06-17 00:00"),
        ("2026-06-10 00:01", "2026-06-10 14:30", "2026-06-18 00:00"),
    ],
)
def test_what_comes_in_late_in_the_evening_counts_from_the_next_office_day(district, filed, accept_by, resolve_by):
    """Case 4 (Froide), in Beijing time although the moment reaches us in UTC."""
    petition = district.petition(
        at(filed), status=Status.ACCEPTED, policy="committed_tier", category="0103", step=timedelta(minutes=1)
    )

    assert clock(petition, "accept").due_at == at(accept_by)
    assert clock(petition, "resolve").due_at == at(resolve_by)


# -- the clocks --------------------------------------------------------------------------------------------------


def _accept(district, petition, moment):
    transitions.accept(
        petition, by=district.as_staff(district.secretary), at=moment, category=Category.objects.get(code="0103"),
        policy=Policy.objects.get(key="committed_tier"), tier="committed", urgency="normal",
    )  # fmt: skip


def _contact(district, petition, moment):
    transitions.contact(petition, by=district.as_staff(district.worker), at=moment)


def _plan(district, petition, moment):
    transitions.plan(petition, by=district.as_staff(district.worker), at=moment, words="周五前修好。")


def _resolve(district, petition, moment):
    transitions.resolve(petition, by=district.as_staff(district.worker), at=moment, reply="已修好。")


@pytest.mark.parametrize(("seconds", "met", "late"), [(-3600, True, 0), (-1, True, 0), (0, False, 0), (90, False, 90)])
@pytest.mark.parametrize(
    ("stage", "act"), [("contact", _contact), ("promise", _plan), ("resolve", _resolve)], ids=["first", "next", "solve"]
)
def test_each_promise_is_kept_or_broken_by_its_own_act(district, committed, stage, act, seconds, met, late):  # noqa: PLR0917
    """Case 8 (Zammad): in time, in the last second, on the stroke, late; the clock stops and asks for nothing more."""
    due_at = clock(committed, stage).due_at

    act(district, committed, due_at + timedelta(seconds=seconds))

    done = clock(committed, stage)
    assert (done.state, done.met, done.seconds_late) == ("stopped", met, late)
    assert done.stopped_at == due_at + timedelta(seconds=seconds)
    assert done.next_action_at is None


def test_nothing_said_by_the_resident_moves_or_stops_the_handlers_clock_and_a_call_does(district, committed):
    """Case 9 (Zammad): urged on three days, answered once; only the handler's own word is a first contact."""
    before = clock(committed, "contact")
    for day in (9, 10, 11):
        requests.urge(committed, at=at(f"2026-06-{day:02} 16:00"))
    urged = clock(committed, "contact")

    transitions.contact(committed, by=district.as_staff(district.worker), at=at("2026-06-11 16:30"))

    fields = ("state", "due_at", "started_at", "generation", "next_action_at", "life", "met")
    assert [getattr(urged, field) for field in fields] == [getattr(before, field) for field in fields]
    after = clock(committed, "contact")
    assert (after.state, after.stopped_at) == ("stopped", at("2026-06-11 16:30"))


def test_new_names_for_stages_categories_and_policies_change_no_clock(district, committed):
    """Case 11: Zammad finds pauses by the name of a state; a rename there rewrites history."""
    supplements.ask_supplement(
        committed, by=district.as_staff(district.worker), at=TUESDAY + timedelta(hours=1), words="请补充位置。"
    )
    before = rows()

    Stage.objects.update(name_zh="改了名", name_en="Renamed")
    Policy.objects.update(name_zh="改了名", name_en="Renamed")
    Category.objects.update(name_zh="改了名", name_en="Renamed")
    petition_clocks.advance(Petition.objects.get(pk=committed.pk), at=TUESDAY + timedelta(hours=2))

    assert rows() == before


def test_a_new_version_of_the_rules_leaves_running_and_closed_cases_alone_unless_asked(district, committed):
    """Case 15 (Zammad recalculates every open ticket): not one row beside the rules themselves differs."""
    district.petition(at("2026-06-01 09:00"), status=Status.CLOSED, policy="committed_tier", category="0103")
    policy = Policy.objects.get(key="committed_tier", valid_to=None)
    before = digests()

    edit = editing.Edit(policy.name_zh, policy.name_en, date(2026, 6, 10), {"resolve": (1, "workday")})
    editing.save(policy, edit, at=TUESDAY)
    sweep(at=TUESDAY + timedelta(minutes=1))

    allowed = {"deadlines.Policy", "deadlines.Stage", "deadlines.Rung", "deadlines.Heartbeat"}
    assert {label for label in changed(before) if not label.endswith("Event")} <= allowed
    assert clock(committed, "resolve").due_at == at("2026-06-17 00:00")
    newer = district.petition(at("2026-06-10 09:00"), status=Status.ACCEPTED, policy="committed_tier", category="0103")
    assert clock(newer, "resolve").due_at == at("2026-06-12 00:00")


# -- who is not told ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.VERIFIED, Status.CLOSED])
def test_what_is_done_never_escalates(district, status):
    """Case 21: however long it lies, whatever was still open when it was done."""
    petition = district.petition(status=status, policy="committed_tier", category="0103")
    sweep(at=at("2026-06-09 11:00"))
    before = PetitionEscalation.objects.filter(clock__petition=petition).count()

    sweep(at=at("2027-06-09 10:00"))

    handling = PetitionEscalation.objects.filter(
        clock__petition=petition, clock__stage__policy__key__in=("intake", "committed_tier")
    )
    assert handling.count() == before == 0


def test_what_stands_never_escalates_while_it_stands_and_does_when_it_runs_on(district, committed):
    """Case 21: paused; the end of the pause arms it again."""
    worker = district.as_staff(district.worker)
    supplements.ask_supplement(committed, by=worker, at=at("2026-06-10 09:00"), words="请补充位置。")
    for day in range(10, 24):
        sweep(at=at(f"2026-06-{day:02} 12:00"))
    paused = PetitionEscalation.objects.filter(clock=clock(committed, "resolve")).count()

    supplements.answer_supplement(committed, at=at("2026-06-23 15:00"), words="厨房水槽下面。")
    sweep(at=at("2026-07-20 12:00"))

    assert paused == 0
    assert PetitionEscalation.objects.filter(clock=clock(committed, "resolve"), rung__at="overdue").count() == 1


# -- more time ---------------------------------------------------------------------------------------------------


def ask(district, petition, moment, value=5):
    return requests.ask_extension(
        petition, by=district.as_staff(district.worker), at=moment, value=value, reason="等配件到货。"
    )


@pytest.mark.parametrize("value", [-1, 0, 11, 1000])
@pytest.mark.parametrize("moment", ["2026-06-10 10:00", "2026-06-16 23:59"])
def test_more_time_beyond_the_cap_or_none_at_all_is_refused(district, committed, value, moment):
    """Case 32: negative, nothing, too much; also in the last minute."""
    before = digests()

    with pytest.raises(NotNow, match="At most 10 working days more"):
        ask(district, committed, at(moment), value)

    assert changed(before) == set()


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.ACCEPTED, Status.RESOLVED, Status.VERIFIED, Status.CLOSED])
def test_what_nobody_handles_gets_no_more_time(district, status):
    """Case 32: extension of a closed case refused, and of one that is not in hand."""
    petition = district.petition(status=status, policy="committed_tier", category="0103")
    before = digests()

    with pytest.raises((NotNow, NotYours)):
        ask(district, petition, at("2026-06-10 10:00"))

    assert changed(before) == set()


def test_what_is_late_already_is_not_made_punctual_by_a_late_yes(district, committed):
    """Case 32: asked in time, answered after the date; granting it then would turn late into on time."""
    request = ask(district, committed, at("2026-06-16 17:00"))
    head = district.as_staff(district.dispatcher)

    with pytest.raises(NotNow, match="date has passed"):
        requests.decide_extension(request, by=head, at=at("2026-06-17 00:00"), grant=True, reason="同意。")
    assert clock(committed, "resolve").due_at == at("2026-06-17 00:00")
    assert ExtensionRequest.objects.get().decision == Decision.WAITING

    refused = requests.decide_extension(request, by=head, at=at("2026-06-17 09:00"), grant=False, reason="太晚了。")
    assert refused.decision == Decision.REFUSED
