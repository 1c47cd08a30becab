"""吹哨报到 (rules.md b.4): who calls whom, checked first, each unit with clock and ladder of its own, both scored."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from deadlines.sweep import sweep
from grids.models import Organisation
from notifications.models import Notice
from people.errors import BadInput
from petitions import whistles
from petitions.call_enums import WhistleKind
from petitions.enums import EventCode, Status
from petitions.errors import NotNow, NotYours, WordsMissing
from petitions.models import (
    Petition,
    PetitionEvent,
    Whistle,
    WhistleCall,
    WhistleClock,
    WhistleEntry,
    WhistleEscalation,
)
from tests.factories import SHANGHAI, TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
WORDS = "沿街餐饮油烟扰民，社区无执法权。"
LATER = TUESDAY + timedelta(minutes=10)


def shanghai(day, hour=0, minute=0):
    return datetime(2026, 6, day, hour, minute, tzinfo=SHANGHAI)


def blow(district, who="secretary", kind=WhistleKind.ROUTINE, *, at=TUESDAY, units=None, **given):
    called = [district.sanitation] if units is None else units
    facts = {"words": WORDS, "place_words": "龙集里3号楼前", "client_key": uuid.uuid4(), **given}
    return whistles.blow(by=district.as_staff(getattr(district, who)), at=at, kind=kind, units=called, **facts)


def sounding(district, **given):
    whistle = blow(district, **given)
    if whistle.state == "waiting":
        whistles.check(whistle, by=district.as_staff(district.leader), at=TUESDAY, agree=True)
    return whistle, whistle.calls.get()


def due(call):
    return {clock.stage.code: clock.due_at for clock in call.clocks.select_related("stage")}


def stood(call):
    return {clock.stage.code: (clock.state, clock.met) for clock in call.clocks.select_related("stage")}


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("recipient__display_name", flat=True))


# -- called and checked -------------------------------------------------------------------------------------------


def test_the_routine_whistle_of_a_community_waits_for_the_post_above_and_no_unit_hears_it(district):
    whistle = blow(district)

    assert whistle.state == "waiting"
    assert not WhistleClock.objects.exists()
    assert told("whistle_to_check") == {"dispatcher", "leader"}
    assert told("whistle_called") == set()
    assert not Whistle.objects.visible_to(district.as_staff(district.handler)).exists()


def test_the_emergency_whistle_goes_at_once_and_is_never_held_back(district):
    night = shanghai(9, 23, 30)

    whistle = blow(district, kind=WhistleKind.EMERGENCY, at=night)

    assert (whistle.state, whistle.blown_at) == ("blown", night)
    assert told("whistle_called") == {"head", "handler"}
    assert {(one.urgent, one.not_before) for one in Notice.objects.filter(kind="whistle_called")} == {(True, None)}


def test_departments_report_within_thirty_minutes_and_handle_within_24_hours_of_it(district):
    _whistle, call = sounding(district, kind=WhistleKind.EMERGENCY)
    assert due(call) == {"report": shanghai(9, 10, 30)}

    whistles.report(call, by=district.as_staff(district.handler), at=shanghai(9, 10, 20))

    assert stood(call) == {"report": ("stopped", True), "handle": ("running", None)}
    assert due(call)["handle"] == shanghai(10, 10, 20)


def test_a_routine_whistle_is_answered_in_one_working_day_reported_in_two_handled_in_ten(district):
    _whistle, call = sounding(district)
    assert due(call) == {"respond": shanghai(11), "report": shanghai(12)}

    whistles.respond(call, by=district.as_staff(district.handler), at=LATER)
    whistles.report(call, by=district.as_staff(district.handler), at=LATER)

    # ten working days from 10 June, 19 June being the Dragon Boat festival
    assert due(call)["handle"] == shanghai(25)
    assert stood(call)["respond"] == ("stopped", True)


def test_each_called_unit_has_a_clock_of_its_own(district):
    police = Organisation.objects.create(area=district.street, kind="department", name="派出所", code="GA-001")
    whistle = blow(district, kind=WhistleKind.EMERGENCY, units=[district.sanitation, police])
    first = whistle.calls.get(organisation=district.sanitation)

    whistles.report(first, by=district.as_staff(district.handler), at=LATER)

    assert stood(whistle.calls.get(organisation=police)) == {"report": ("running", None)}
    assert stood(first)["report"] == ("stopped", True)


def test_a_worker_calls_his_community_whose_secretary_checks_and_answers_in_one(district):
    whistle = blow(district, "worker", units=[])
    call = whistle.calls.get()
    assert (call.area, call.organisation) == (district.community, None)
    assert told("whistle_to_check") == {"secretary"}

    whistles.check(whistle, by=district.as_staff(district.secretary), at=LATER, agree=True)

    call.refresh_from_db()
    assert (call.responded_at, call.responded_by) == (LATER, district.secretary)
    assert stood(call) == {"respond": ("stopped", True), "report": ("running", None)}


def test_the_whistle_of_the_street_lead_is_checked_by_the_district(district):
    whistle = blow(district, "leader")
    assert told("whistle_to_check") == {"command"}

    with pytest.raises(NotYours):
        whistles.check(whistle, by=district.as_staff(district.dispatcher), at=LATER, agree=True)
    whistles.check(whistle, by=district.as_staff(district.command), at=LATER, agree=True)

    assert Whistle.objects.get().state == "blown"


def test_an_empty_whistle_is_sent_back_with_a_reason(district):
    whistle = blow(district)
    leader = district.as_staff(district.leader)

    with pytest.raises(WordsMissing):
        whistles.check(whistle, by=leader, at=LATER, agree=False, words=" ")
    whistles.check(whistle, by=leader, at=LATER, agree=False, words="社区自己能办。")

    assert Whistle.objects.get().state == "sent_back"
    assert WhistleEntry.objects.get(code="sent_back").words == "社区自己能办。"
    assert told("whistle_answered") == {"secretary"}
    with pytest.raises(NotNow):
        whistles.check(whistle, by=leader, at=LATER, agree=True)


def test_nobody_checks_his_own_whistle(district):
    whistle = blow(district, "dispatcher")

    with pytest.raises(NotYours):
        whistles.check(whistle, by=district.as_staff(district.dispatcher), at=LATER, agree=True)
    assert Whistle.objects.get().state == "waiting"


@pytest.mark.parametrize("who", ["window", "handler", "supervisor", "command"])
def test_who_has_no_post_that_calls_is_refused_and_nothing_is_kept(district, who):
    with pytest.raises(NotYours):
        blow(district, who)
    assert not Whistle.objects.exists()


def test_a_unit_out_of_the_area_a_whistle_without_a_unit_or_a_place_is_refused(district):
    strange = Organisation.objects.create(area=district.other_street, kind="department", name="别处", code="X-1")

    with pytest.raises(NotYours):
        blow(district, units=[strange])
    with pytest.raises(BadInput):
        blow(district, units=[])
    with pytest.raises(BadInput):
        blow(district, place_words=" ")
    assert not Whistle.objects.exists()


def test_the_same_key_twice_is_one_whistle(district):
    key = uuid.uuid4()

    assert blow(district, client_key=key) == blow(district, client_key=key)
    assert Whistle.objects.count() == 1


def test_numbers_in_the_words_are_masked(district):
    blow(district, words="请联系 13800138000。")

    assert "13800138000" not in Whistle.objects.get().words


# -- the matter it hangs on ---------------------------------------------------------------------------------------


def test_the_matter_keeps_it_in_its_history_when_it_sounds_and_when_it_ends(district):
    petition = district.petition(status=Status.SIGNED)
    whistle, _call = sounding(district, petition=petition)
    codes = PetitionEvent.objects.filter(petition=petition, refs__whistle=whistle.pk).values_list("code", flat=True)
    assert list(codes) == [EventCode.WHISTLE_ASKED, EventCode.WHISTLE]

    whistles.close(whistle, by=district.as_staff(district.secretary), at=LATER, words="已解决。")

    assert list(codes.all()) == [EventCode.WHISTLE_ASKED, EventCode.WHISTLE, EventCode.WHISTLE_ENDED]


def test_the_called_unit_reads_the_whistle_and_not_the_matter(district):
    petition = district.petition(status=Status.SIGNED)
    whistle, _call = sounding(district, petition=petition)
    handler = district.as_staff(district.handler)

    assert whistle in Whistle.objects.visible_to(handler)
    assert not Petition.objects.visible_to(handler).filter(pk=petition.pk).exists()


def test_a_matter_about_staff_is_not_called_out_and_one_that_turns_out_so_disappears(district):
    petition = district.petition(status=Status.SIGNED)
    whistle, _call = sounding(district, petition=petition)
    Petition.objects.filter(pk=petition.pk).update(barred_from=4)

    for user in (district.handler, district.secretary, district.leader):
        assert whistle not in Whistle.objects.visible_to(district.as_staff(user))
    with pytest.raises((NotNow, NotYours)):
        blow(district, "secretary", petition=Petition.objects.get(pk=petition.pk))


def test_strangers_see_nothing_of_it(district):
    whistle, _call = sounding(district)

    for user in (district.stranger, district.other_secretary, district.other_worker):
        assert whistle not in Whistle.objects.visible_to(district.as_staff(user))
    for user in (district.secretary, district.window, district.dispatcher, district.supervisor, district.command):
        assert whistle in Whistle.objects.visible_to(district.as_staff(user))


# -- answered, done, ended ----------------------------------------------------------------------------------------


def test_only_the_called_unit_answers_and_only_once(district):
    _whistle, call = sounding(district)

    with pytest.raises(NotYours):
        whistles.respond(call, by=district.as_staff(district.secretary), at=LATER)
    whistles.respond(call, by=district.as_staff(district.handler), at=LATER)
    with pytest.raises(NotNow, match="handler has answered already"):
        whistles.respond(call, by=district.as_staff(district.head), at=LATER)


def test_the_clock_of_the_handling_stops_when_the_unit_is_done_and_starts_anew_when_it_is_not(district):
    _whistle, call = sounding(district, kind=WhistleKind.EMERGENCY)
    handler, secretary = district.as_staff(district.handler), district.as_staff(district.secretary)
    whistles.report(call, by=handler, at=LATER)
    whistles.finish(call, by=handler, at=TUESDAY + timedelta(hours=2), words="已清理。")
    assert stood(call)["handle"] == ("stopped", True)

    whistles.not_done(call, by=secretary, at=TUESDAY + timedelta(hours=3), words="还有一处。")

    again = call.clocks.get(stage__code="handle", generation=2)
    assert (again.state, again.due_at) == ("running", shanghai(10, 13))
    assert WhistleCall.objects.get().done_at is None


def test_at_the_end_what_is_late_is_missed_what_is_not_is_no_longer_owed(district):
    police = Organisation.objects.create(area=district.street, kind="department", name="派出所", code="GA-001")
    whistle = blow(district, kind=WhistleKind.EMERGENCY, units=[district.sanitation, police])
    here = whistle.calls.get(organisation=district.sanitation)
    whistles.report(here, by=district.as_staff(district.handler), at=LATER)

    whistles.close(whistle, by=district.as_staff(district.secretary), at=shanghai(9, 10, 40), words="结束。")

    assert stood(here) == {"report": ("stopped", True), "handle": ("cancelled", None)}
    assert stood(whistle.calls.get(organisation=police)) == {"report": ("stopped", False)}


def test_both_sides_are_scored_once_within_three_working_days(district):
    whistle, call = sounding(district)
    secretary, handler = district.as_staff(district.secretary), district.as_staff(district.handler)
    whistles.finish(call, by=handler, at=LATER, words="已处理。")
    with pytest.raises(NotNow):
        whistles.score(call, by=secretary, at=LATER, came=True, solved=True)
    whistles.close(whistle, by=secretary, at=LATER, words="结束。")
    assert due(call)["score"] == shanghai(13)

    whistles.score(call, by=secretary, at=LATER, came=True, solved=False, words="还不彻底。")
    whistles.judge(call, by=handler, at=LATER, justified=True)

    call.refresh_from_db()
    assert (call.came, call.solved, call.justified) == (True, False, True)
    assert stood(call)["score"] == ("stopped", True)
    with pytest.raises(NotNow):
        whistles.score(call, by=secretary, at=LATER, came=True, solved=True)
    with pytest.raises(NotYours):
        whistles.judge(call, by=secretary, at=LATER, justified=True)


def test_joint_handling_is_written_by_who_takes_part(district):
    whistle, _call = sounding(district)

    whistles.note(whistle, by=district.as_staff(district.handler), at=LATER, words="与社区一同劝导。")
    with pytest.raises(NotYours):
        whistles.note(whistle, by=district.as_staff(district.command), at=LATER, words="x")

    assert WhistleEntry.objects.filter(code="note").count() == 1


def test_a_whistle_is_taken_back_before_it_sounds_and_not_after(district):
    whistle = blow(district)
    secretary = district.as_staff(district.secretary)
    whistles.withdraw(whistle, by=secretary, at=LATER)
    assert Whistle.objects.get().state == "withdrawn"

    other, _call = sounding(district)
    with pytest.raises(NotNow):
        whistles.withdraw(other, by=secretary, at=LATER)


# -- the ladder ---------------------------------------------------------------------------------------------------


def test_a_department_that_does_not_report_climbs_to_the_district_exactly_once(district):
    whistle, _call = sounding(district, kind=WhistleKind.EMERGENCY)
    sweep(at=shanghai(9, 10, 29))
    assert not WhistleEscalation.objects.exists()

    for _again in range(2):
        sweep(at=shanghai(9, 10, 31))

    escalation = WhistleEscalation.objects.get()
    assert (escalation.level, escalation.rung.action) == ("district", "red")
    assert district.command.pk in escalation.told
    assert WhistleEntry.objects.filter(code="escalated", whistle=whistle).count() == 1
    notice = Notice.objects.get(kind="escalation", recipient=district.command)
    assert (notice.url_path, notice.urgent) == (f"/whistles/{whistle.pk}/", True)


def test_who_answered_in_time_climbs_nowhere(district):
    _whistle, call = sounding(district, kind=WhistleKind.EMERGENCY)
    whistles.report(call, by=district.as_staff(district.handler), at=LATER)

    sweep(at=shanghai(9, 12))

    assert not WhistleEscalation.objects.exists()


def test_the_database_itself_refuses_what_cannot_be(district):
    whistle, call = sounding(district)

    with pytest.raises(IntegrityError, match="whistle_unit_once"), transaction.atomic():
        WhistleCall.objects.create(whistle=whistle, organisation=district.sanitation)
    with pytest.raises(IntegrityError, match="whistle_reports_after_answer"), transaction.atomic():
        WhistleCall.objects.filter(pk=call.pk).update(reported_at=LATER)
    with pytest.raises(IntegrityError, match="whistle_over_iff_closed_at"), transaction.atomic():
        Whistle.objects.update(state="closed")
