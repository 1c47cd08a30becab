"""Put off, ended without a solution, whose duty it is: asked by who has it, decided above, late if late."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from deadlines.models import Policy
from grids.enums import PostKind
from grids.models import Organisation
from notifications.models import Notice
from petitions import appeals, desk, rulings, transitions
from petitions.enums import Decision, Status
from petitions.errors import NotNow, NotYours, WordsMissing
from petitions.models import Petition, Ruling
from petitions.models.rulings import RulingKind
from tests.factories import TUESDAY
from tests.petitions.filing import follow_url, prove

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache")]
LATER = TUESDAY + timedelta(hours=3)
DAY = timedelta(days=1)
WHY = "要等冬天停暖后才能换管。"


def ask(district, petition, kind="defer", *, by="worker", at=LATER, **facts):
    facts = {"days": 30} if kind == "defer" and not facts else facts
    staff = district.as_staff(getattr(district, by))
    return rulings.ask(petition, kind=RulingKind(kind), by=staff, at=at, reason=WHY, **facts)


def decide(district, ruling, *, by="dispatcher", at=LATER, agree=True, reason="情况属实，先做防护。"):
    return rulings.decide(ruling, by=district.as_staff(getattr(district, by)), at=at, agree=agree, reason=reason)


def committed(district, **facts):
    return district.petition(status=Status.SIGNED, policy="committed_tier", **facts)


def running(petition):
    return sorted(petition.clocks.filter(state="running").values_list("stage__policy__key", flat=True).distinct())


@pytest.fixture
def other_unit(district):
    return Organisation.objects.create(area=district.street, kind="department", name="住建所", code="ZJ-001")


def test_a_matter_is_put_off_by_the_level_above_and_looked_at_again_by_a_day(district):
    petition = committed(district)
    ruling = ask(district, petition)
    assert (ruling.to_area, ruling.to_post) == (district.street, PostKind.DISPATCHER)
    assert Notice.objects.get(kind="petition_ruling_asked").recipient == district.dispatcher
    assert "ruling" in running(petition)

    moved = decide(district, ruling)

    assert (moved.status, running(moved)) == (Status.DEFERRED, ["deferral_30d"])
    clock = moved.clocks.get(stage__policy__key="deferral_30d")
    assert moved.next_due_at == clock.due_at
    assert (clock.due_at - LATER).days == 30
    assert moved.clocks.get(stage__policy__key="ruling").met is True
    assert not moved.clocks.filter(stage__code="resolve").exclude(state="cancelled").exists()
    assert Notice.objects.filter(kind="resident_deferred", person=petition.petitioner).count() == 1


def test_taken_up_again_its_promises_begin_anew_and_a_late_look_stays_late(district):
    petition = committed(district)
    decide(district, ask(district, petition))
    late = LATER + 40 * DAY

    moved = rulings.resume(petition, by=district.as_staff(district.secretary), at=late, words="暖气停了，下周换管。")

    assert moved.status == Status.IN_PROGRESS
    review = moved.clocks.get(stage__policy__key="deferral_30d")
    assert (review.state, review.met) == ("stopped", False)
    resolve = moved.clocks.filter(stage__code="resolve").order_by("generation").last()
    assert (resolve.state, resolve.generation, resolve.started_at) == ("running", 2, late)


def test_what_is_late_already_is_not_put_off_and_nothing_changes(district):
    petition = committed(district)
    ruling = ask(district, petition)
    much_later = LATER + 20 * DAY

    with pytest.raises(NotNow, match="what is late is not put off afterwards"):
        decide(district, ruling, at=much_later)
    with pytest.raises(NotNow, match="before its date only"):
        ask(district, committed(district, phone="13800138009"), at=much_later)

    petition.refresh_from_db()
    assert (petition.status, Ruling.objects.get(pk=ruling.pk).decision) == (Status.SIGNED, Decision.WAITING)
    assert decide(district, ruling, at=much_later, agree=False).status == Status.SIGNED


def test_a_matter_is_put_off_twice_at_most_and_only_one_question_waits(district):
    petition = committed(district)
    for number in range(2):
        ruling = ask(district, petition, at=LATER + number * DAY)
        with pytest.raises(NotNow, match="waited for already"):
            ask(district, petition, "terminate", at=LATER + number * DAY)
        decide(district, ruling, at=LATER + number * DAY)
        by = district.as_staff(district.worker)
        rulings.resume(petition, by=by, at=LATER + number * DAY + timedelta(hours=1), words="接着办。")

    with pytest.raises(NotNow, match="as often as it may be"):
        ask(district, petition, at=LATER + 3 * DAY)


def test_what_is_ended_is_read_by_the_petitioner_who_may_appeal_one_level_up(client, district):
    petition = committed(district)
    moved = decide(district, ask(district, petition, "terminate"))
    assert (moved.status, running(moved), moved.resolved_at) == (Status.TERMINATED, [], None)
    prove(client, petition)
    page = client.get(follow_url(petition)).content.decode()
    assert "情况属实，先做防护。" in page
    assert "/appeal/" in page

    made = appeals.appeal(petition, at=LATER + DAY, words="还没有解决。")

    assert (made.to_post, made.declined_by) == (PostKind.DISTRICT_COMMAND, district.dispatcher)
    assert petition.clocks.filter(stage__policy__key="decline_appeal", state="running").count() == 1
    again = appeals.decide(
        made, by=district.as_staff(district.command), at=LATER + DAY, agree=True, reason="应当再办。"
    )
    assert (again.status, again.handler, again.policy, running(again)) == (Status.SUBMITTED, None, None, ["intake"])


def test_a_conflict_is_settled_for_good_by_naming_one_of_the_two(district, other_unit):
    petition = district.petition(status=Status.DISPATCHED, organisation=True, policy="committed_tier")
    ruling = ask(district, petition, "conflict", by="head", unit=other_unit, at=TUESDAY + timedelta(minutes=30))

    moved = decide(district, ruling, at=TUESDAY + timedelta(hours=1))

    assert (moved.status, moved.organisation) == (Status.DISPATCHED, other_unit)
    assert moved.designated_at == TUESDAY + timedelta(hours=1)
    assert moved.clocks.get(stage__policy__key="ruling").state == "stopped"


def test_a_conflict_that_is_refused_stays_with_who_has_it_and_is_asked_once(district, other_unit):
    petition = district.petition(status=Status.DISPATCHED, organisation=True, policy="committed_tier")
    ruling = ask(district, petition, "conflict", by="handler", unit=other_unit, at=TUESDAY + timedelta(minutes=30))

    moved = decide(district, ruling, agree=False, at=TUESDAY + timedelta(hours=1))

    assert (moved.organisation, moved.designated_at is not None) == (district.sanitation, True)
    with pytest.raises(NotNow):
        ask(district, petition, "conflict", by="handler", unit=other_unit)


def test_after_the_window_a_conflict_cannot_be_asked_any_more(district, other_unit):
    petition = district.petition(status=Status.DISPATCHED, organisation=True, policy="committed_tier")

    with pytest.raises(NotNow, match="you must handle it"):
        ask(district, petition, "conflict", by="handler", unit=other_unit, at=LATER + 5 * DAY)


def test_only_who_has_it_asks_and_who_asked_or_stands_below_never_decides(district):
    petition = committed(district)
    with pytest.raises(NotYours):
        ask(district, petition, by="other_worker")
    ruling = ask(district, petition)
    for who in ("worker", "secretary", "stranger", "head"):
        with pytest.raises(NotYours):
            decide(district, ruling, by=who)
    with pytest.raises(WordsMissing):
        decide(district, ruling, reason=" ")

    assert Ruling.objects.get().decision == Decision.WAITING
    assert decide(district, ruling, by="leader").status == Status.DEFERRED


def test_done_meanwhile_the_question_lapses_and_its_clock_stops(district):
    petition = committed(district)
    ruling = ask(district, petition)

    transitions.resolve(
        petition, by=district.as_staff(district.worker), at=LATER + timedelta(hours=1), reply="换好了。"
    )

    ruling.refresh_from_db()
    assert (ruling.decision, ruling.decided_at) == (Decision.LAPSED, LATER + timedelta(hours=1))
    assert petition.clocks.get(stage__policy__key="ruling").state == "stopped"


def test_every_one_of_the_clocks_climbs_to_the_district_by_itself():
    for key in ("ruling", "deferral_30d", "deferral_60d", "deferral_90d"):
        levels = {rung.level for stage in Policy.objects.get(key=key).stages.all() for rung in stage.rungs.all()}
        assert {"street", "district"} <= levels


def test_what_waits_for_my_decision_has_its_number_and_its_list(district):
    petition = committed(district)
    ask(district, petition)
    dispatcher, secretary = district.as_staff(district.dispatcher), district.as_staff(district.secretary)

    def count(staff, pile):
        return next(one.count for one in desk.tiles(staff, at=LATER, shown=[pile]))

    assert (count(dispatcher, desk.Pile.RULING), count(secretary, desk.Pile.RULING)) == (1, 0)
    assert list(desk.listed(dispatcher, desk.Pile.RULING, at=LATER)) == [petition]
    decide(district, Ruling.objects.get())
    assert (count(dispatcher, desk.Pile.RULING), count(secretary, desk.Pile.DEFERRED)) == (0, 1)


def test_from_the_case_to_the_decision_by_forms_alone(client, district):
    petition = district.petition(status=Status.SIGNED, policy="committed_tier", at=TUESDAY)
    client.force_login(district.worker)
    url = f"/cases/{petition.number}/handing/terminate/"
    assert client.post(url, {"words": ""}).status_code == 422
    assert client.post(url, {"words": WHY}).status_code == 302
    client.force_login(district.stranger)
    assert client.get(f"/cases/{petition.number}/handing/ruling/").status_code == 404
    client.force_login(district.dispatcher)
    case = client.get(f"/cases/{petition.number}/").content.decode()
    assert WHY in case
    assert f"/cases/{petition.number}/handing/ruling/" in case

    done = client.post(f"/cases/{petition.number}/handing/ruling/", {"agree": "yes", "words": "已多次办理。"})

    assert done.status_code == 302
    assert Petition.objects.get().status == Status.TERMINATED


def test_the_database_knows_what_each_question_needs(district):
    petition = committed(district)
    ruling = ask(district, petition)

    for wrong in ({"days": None}, {"unit": district.sanitation}, {"decision": "granted"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Ruling.objects.filter(pk=ruling.pk).update(**wrong)
