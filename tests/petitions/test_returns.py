"""Return and designation: inside the window, with the sender's consent, the clocks running on; twice, then no more."""

from datetime import timedelta

import pytest

from grids.enums import Level, PostKind
from grids.models import Absence, Appointment, Organisation
from notifications.models import Notice
from petitions import returns, sending, transitions
from petitions.enums import ReturnReason, Status
from petitions.errors import ChangedMeanwhile, NotNow, NotYours, WordsMissing
from petitions.models import Petition, PetitionClock, PetitionEvent, ReturnRequest
from tests.factories import TUESDAY, appoint, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

HOUR = timedelta(hours=1)
# filed at ten, accepted five minutes later, dispatched ten minutes later
SENT = TUESDAY + timedelta(minutes=10)


@pytest.fixture
def sent(district):
    """Return a matter that the secretary has sent to the sanitation unit (policy: return within one working day)."""
    return district.petition(status=Status.DISPATCHED, organisation=True, policy="committed_tier")


@pytest.fixture
def greening(district):
    """Return a second unit of the street with a handler."""
    unit = Organisation.objects.create(area=district.street, kind="department", name="绿化所", code="LH-001")
    appoint(make_user("greener"), PostKind.DEPARTMENT_HANDLER, district.street, unit)
    return unit


def give_back(district, petition, *, by=None, at=SENT + HOUR, **facts):
    """Return it as the unit's handler."""
    by = district.as_staff(by or district.handler, at.date())
    given = {"reason_code": ReturnReason.OTHER_UNIT, "words": "属于绿化所。"} | facts
    return returns.ask_return(petition, by=by, at=at, **given)


def decide(district, request, *, by=None, agree=True, at=SENT + 2 * HOUR, reason="同意。"):
    """Decide on it as the secretary who sent it."""
    return returns.decide_return(
        request, by=district.as_staff(by or district.secretary, at.date()), at=at, agree=agree, reason=reason
    )


def told(kind):
    """Return who was told what, by name."""
    notices = Notice.objects.filter(kind=f"petition_{kind}").select_related("recipient")
    return sorted(notice.recipient.display_name for notice in notices)


def test_a_unit_returns_within_the_window_and_only_the_sender_is_asked(district, sent):
    request = give_back(district, sent)

    assert (request.number, request.organisation, request.agreed, request.decided_at) == (
        1, district.sanitation, None, None,
    )  # fmt: skip
    assert (request.to_area, request.to_post) == (district.community, "community_secretary")
    assert told("return_asked") == ["secretary"]
    petition = Petition.objects.get(pk=sent.pk)
    assert (petition.status, petition.organisation) == ("dispatched", district.sanitation)
    event = petition.events.get(code="return_asked")
    assert event.refs == {"organisation": district.sanitation.pk, "reason": "other_unit", "number": 1}


def test_a_return_agreed_to_waits_for_its_next_dispatch_and_no_clock_notices(district, sent):
    before = list(
        PetitionClock.objects.filter(petition=sent).order_by("pk").values_list("stage__code", "due_at", "state")
    )

    request = decide(district, give_back(district, sent))

    petition = Petition.objects.get(pk=sent.pk)
    assert (request.agreed, request.decided_by) == (True, district.secretary)
    assert (petition.status, petition.organisation, petition.handler) == ("accepted", None, None)
    after = list(
        PetitionClock.objects.filter(petition=sent).order_by("pk").values_list("stage__code", "due_at", "state")
    )
    assert after == before
    assert {code: state for code, _due, state in after}["resolve"] == "running"
    assert petition.events.get(code="returned").refs == {"organisation": district.sanitation.pk, "number": 1}
    assert told("gone") == ["handler"]


def test_a_return_refused_stays_with_the_unit_which_reads_why(district, sent):
    request = decide(district, give_back(district, sent), agree=False, reason="垃圾桶归你们管。")

    petition = Petition.objects.get(pk=sent.pk)
    assert request.agreed is False
    assert (petition.status, petition.organisation) == ("dispatched", district.sanitation)
    assert told("return_refused") == ["handler"]
    event = petition.events.get(code="return_refused")
    assert petition.texts.get(pk=event.text_id).masked == "垃圾桶归你们管。"


def test_the_unit_that_signed_may_still_return_and_so_may_its_head(district):
    signed = district.petition(status=Status.SIGNED, organisation=True, policy="committed_tier")

    request = give_back(district, signed, by=district.head)

    assert request.asked_by == district.head
    assert decide(district, request).agreed is True
    assert Petition.objects.get(pk=signed.pk).status == "accepted"


@pytest.mark.parametrize(
    ("policy", "closes"),
    [
        # one working day, the day of receipt not counted: to the end of Wednesday
        ("committed_tier", TUESDAY.replace(day=11, hour=0)),
        # two hours of the community's own opening hours
        ("immediate_tier", SENT + 2 * HOUR),
        # two working days
        ("referred_tier", TUESDAY.replace(day=12, hour=0)),
        # two natural hours
        ("utility_24h", SENT + 2 * HOUR),
        # four office hours: 10:10 to 12:00, then 13:30 to 15:40
        ("consult_1wd", TUESDAY.replace(hour=15, minute=40)),
    ],
)
def test_the_window_counts_on_the_policys_own_clock(district, policy, closes):
    petition = district.petition(status=Status.DISPATCHED, organisation=True, policy=policy)

    assert returns.window(petition).until == closes
    with pytest.raises(NotNow, match="you must handle it"):
        give_back(district, petition, at=closes)
    assert give_back(district, petition, at=closes - timedelta(minutes=1)).number == 1


@pytest.mark.parametrize("policy", ["rapid_1365", "urgent_2h", "emergency_handoff"])
def test_a_policy_without_return_refuses_it(district, policy):
    petition = district.petition(status=Status.DISPATCHED, organisation=True, policy=policy)

    with pytest.raises(NotNow, match="allow no return"):
        give_back(district, petition, at=SENT + timedelta(minutes=1))

    assert not ReturnRequest.objects.exists()
    assert not petition.events.filter(code="return_asked").exists()


def test_what_one_took_by_himself_cannot_be_returned(district):
    accepted = district.petition(status=Status.ACCEPTED, policy="committed_tier")
    taken = transitions.sign(accepted, by=district.as_staff(district.worker), at=SENT)

    with pytest.raises(NotNow, match="Nobody sent you"):
        give_back(district, taken, by=district.worker)


@pytest.mark.parametrize("who", ["worker", "secretary", "dispatcher", "supervisor", "other_worker"])
def test_only_who_was_sent_it_returns_it(district, sent, who):
    with pytest.raises(NotYours):
        give_back(district, sent, by=getattr(district, who))

    assert not ReturnRequest.objects.exists()


@pytest.mark.parametrize("who", ["worker", "window", "other_secretary", "stranger", "supervisor", "handler", "head"])
def test_only_the_sender_and_who_stands_over_him_decide(district, sent, who):
    request = give_back(district, sent)

    with pytest.raises(NotYours):
        decide(district, request, by=getattr(district, who))

    assert ReturnRequest.objects.get().decided_at is None
    assert Petition.objects.get(pk=sent.pk).status == "dispatched"


@pytest.mark.parametrize("who", ["secretary", "dispatcher", "leader", "command"])
def test_a_vacant_or_absent_sender_leaves_nobody_waiting(district, sent, who):
    Appointment.objects.filter(user=district.secretary).delete() if who != "secretary" else None
    request = give_back(district, sent)

    if who != "secretary":
        assert told("return_asked") == ["dispatcher"]
    assert decide(district, request, by=getattr(district, who)).agreed is True


def test_reason_and_words_are_asked_for_and_a_stale_form_is_refused(district, sent):
    with pytest.raises(WordsMissing):
        give_back(district, sent, words="  ")
    with pytest.raises(ChangedMeanwhile):
        give_back(district, sent, version=sent.version - 1)
    request = give_back(district, sent)
    with pytest.raises(WordsMissing):
        decide(district, request, reason="")
    with pytest.raises(NotNow, match="waiting for its decision"):
        give_back(district, sent, at=SENT + 2 * HOUR)

    assert ReturnRequest.objects.filter(decided_at=None).count() == 1


def test_a_decided_return_is_not_decided_again(district, sent):
    request = decide(district, give_back(district, sent))

    with pytest.raises(NotNow, match="already"):
        decide(district, request, agree=False)

    assert ReturnRequest.objects.get().agreed is True


def second_return(district, sent, greening):
    """Return it, have it sent to the second unit, and return it there too."""
    decide(district, give_back(district, sent))
    again = transitions.dispatch(
        sent, by=district.as_staff(district.secretary), at=SENT + 3 * HOUR, organisation=greening
    )
    greener = greening.posts.get().appointments.get().user
    return give_back(district, again, by=greener, at=SENT + 4 * HOUR)


def test_the_second_return_goes_to_the_common_superior_who_designates(district, sent, greening):
    """Case 33 of cases/petitions.md, mechanism 000-32."""
    resolve = sent.clocks.get(stage__code="resolve")

    request = second_return(district, sent, greening)

    assert (request.number, request.to_area, request.to_post) == (2, district.street, "dispatcher")
    assert told("return_asked") == ["dispatcher", "secretary"]
    with pytest.raises(NotNow, match="designate"):
        decide(district, request, by=district.dispatcher, at=SENT + 5 * HOUR)
    with pytest.raises(NotYours):
        sending.designate(
            sent, by=district.as_staff(district.secretary), at=SENT + 5 * HOUR, organisation=district.sanitation,
            reason="归环卫。",
        )  # fmt: skip
    petition = sending.designate(
        sent, by=district.as_staff(district.dispatcher), at=SENT + 5 * HOUR, organisation=district.sanitation,
        reason="归环卫。",
    )  # fmt: skip

    assert (petition.status, petition.organisation, petition.designated_at) == (
        "dispatched", district.sanitation, SENT + 5 * HOUR,
    )  # fmt: skip
    request.refresh_from_db()
    assert (request.agreed, request.decided_by) == (True, district.dispatcher)
    with pytest.raises(NotNow, match="you must handle it"):
        give_back(district, petition, at=SENT + 6 * HOUR)
    assert PetitionClock.objects.get(pk=resolve.pk).due_at == resolve.due_at
    assert sent.events.filter(code="return_asked").count() == 2


def test_designated_to_the_one_who_returned_it_is_a_refusal(district, sent, greening):
    request = second_return(district, sent, greening)

    petition = sending.designate(
        sent, by=district.as_staff(district.dispatcher), at=SENT + 5 * HOUR, organisation=greening, reason="归绿化。"
    )

    request.refresh_from_db()
    assert request.agreed is False
    assert petition.organisation == greening
    assert told("designated") == ["greener"]


def test_what_was_designated_from_above_is_not_given_elsewhere_from_below(district, sent, greening):
    second_return(district, sent, greening)
    petition = sending.designate(
        sent, by=district.as_staff(district.dispatcher), at=SENT + 5 * HOUR, organisation=greening, reason="归绿化。"
    )

    with pytest.raises(NotYours, match="designated from above"):
        transitions.dispatch(
            petition, by=district.as_staff(district.secretary), at=SENT + 6 * HOUR, handler=district.worker
        )

    freed = transitions.dispatch(
        petition, by=district.as_staff(district.leader), at=SENT + 6 * HOUR, organisation=district.sanitation
    )
    assert (freed.organisation, freed.designated_at) == (district.sanitation, None)


@pytest.mark.parametrize(
    ("sender", "decider"),
    [("dispatcher", "street_leader"), ("leader", "district_command"), ("command", "district_command")],
)
def test_where_the_sender_heads_both_the_second_return_goes_over_him(district, sender, decider):
    accepted = district.petition(status=Status.ACCEPTED, policy="committed_tier")
    by = district.as_staff(getattr(district, sender))
    sent = transitions.dispatch(accepted, by=by, at=SENT, organisation=district.sanitation)
    decide(district, give_back(district, sent), by=getattr(district, sender), agree=False)

    assert give_back(district, sent, at=SENT + 3 * HOUR).to_post == decider


def test_a_grid_worker_returns_to_the_lead_who_sent_him_and_then_to_the_secretary(district):
    accepted = district.petition(status=Status.ACCEPTED, policy="committed_tier")
    sent = transitions.dispatch(accepted, by=district.as_staff(district.lead), at=SENT, handler=district.worker)

    first = give_back(district, sent, by=district.worker)
    assert (first.to_area, first.to_post, first.organisation) == (district.grid, "grid_lead", None)
    decide(district, first, by=district.lead, agree=False)
    second = give_back(district, sent, by=district.worker, at=SENT + 3 * HOUR)

    assert (second.to_area, second.to_post) == (district.community, "community_secretary")


def test_what_went_on_meanwhile_lets_the_return_lapse(district, sent):
    request = give_back(district, sent)

    transitions.sign(sent, by=district.as_staff(district.handler), at=SENT + 2 * HOUR)
    assert ReturnRequest.objects.get(pk=request.pk).decided_at is None
    transitions.resolve(sent, by=district.as_staff(district.handler), at=SENT + 3 * HOUR, reply="已清运。")

    request.refresh_from_db()
    assert (request.agreed, request.decided_by, request.decided_at) == (None, None, SENT + 3 * HOUR)


def test_a_head_gives_it_to_his_own_people_and_the_window_stays_that_of_the_unit(district, sent):
    colleague = make_user("colleague")
    appoint(colleague, PostKind.DEPARTMENT_HANDLER, district.street, district.sanitation, seats=2)
    head = district.as_staff(district.head)

    given = transitions.dispatch(sent, by=head, at=SENT + HOUR, handler=colleague, organisation=district.sanitation)

    assert (given.status, given.handler, given.organisation) == ("dispatched", colleague, district.sanitation)
    assert sending.last_sent(given).by == district.secretary
    with pytest.raises(NotYours, match="your own people"):
        transitions.dispatch(given, by=head, at=SENT + HOUR, handler=district.worker)
    assert give_back(district, given, by=colleague, at=SENT + 2 * HOUR).to_post == "community_secretary"


def test_somebody_who_is_not_of_the_unit_is_not_given_its_matter(district, sent):
    with pytest.raises(Exception, match="holds no post in that unit"):
        transitions.dispatch(
            sent,
            by=district.as_staff(district.head),
            at=SENT,
            handler=district.worker,
            organisation=district.sanitation,
        )

    assert Petition.objects.get(pk=sent.pk).handler is None


def test_a_recall_takes_it_back_while_nobody_has_taken_it(district, sent):
    recalled = sending.recall(sent, by=district.as_staff(district.secretary), at=SENT + HOUR, reason="派错了。")

    assert (recalled.status, recalled.organisation) == ("accepted", None)
    assert told("gone") == ["handler"]
    signed = district.petition(status=Status.SIGNED)
    with pytest.raises(NotNow):
        sending.recall(signed, by=district.as_staff(district.secretary), at=SENT + HOUR, reason="派错了。")


def test_what_came_from_above_is_not_recalled_from_below(district):
    accepted = district.petition(status=Status.ACCEPTED, policy="committed_tier")
    by = district.as_staff(district.dispatcher)
    sent = transitions.dispatch(accepted, by=by, at=SENT, organisation=district.sanitation)

    with pytest.raises(NotYours, match="sent from above"):
        sending.recall(sent, by=district.as_staff(district.secretary), at=SENT + HOUR, reason="不该派。")

    assert PetitionEvent.objects.filter(petition=sent, code="recalled").count() == 0
    assert (
        sending.recall(sent, by=district.as_staff(district.leader), at=SENT + HOUR, reason="派错了。").status
        == "accepted"
    )


def test_the_deputy_of_an_absent_decider_decides(district, sent):
    deputy = make_user("deputy")
    appointment = Appointment.objects.get(user=district.secretary)
    Absence.objects.create(appointment=appointment, starts_on=TUESDAY.date(), ends_on=TUESDAY.date(), deputy=deputy)

    request = give_back(district, sent)

    assert told("return_asked") == ["deputy"]
    assert decide(district, request, by=deputy).decided_by == deputy
    assert request.to_area.level == Level.COMMUNITY
