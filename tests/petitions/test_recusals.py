"""Who stays out: an interest of one's own, a matter about staff; and who decides on what one asks himself."""

from datetime import timedelta

import pytest

from deadlines.sweep import sweep
from grids.enums import Level
from grids.models import DutyMember
from notifications.models import Notice
from people.errors import BadInput
from petitions import dispatching, recusals, requests, returns, sending, transitions
from petitions.enums import ReturnReason, Status
from petitions.errors import NotYours, WordsMissing
from petitions.models import Petition, PetitionEscalation, Recusal
from tests.factories import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

LATER = TUESDAY + timedelta(hours=1)


def told(kind):
    found = Notice.objects.filter(kind=f"petition_{kind}").select_related("recipient")
    return sorted(notice.recipient.display_name for notice in found)


def step_back(district, petition, who, reason="当事人是我亲戚。"):
    return recusals.step_back(petition, by=district.as_staff(getattr(district, who)), at=LATER, reason=reason)


def complain(district, petition, who, *, by):
    user = getattr(district, who)
    by = district.as_staff(getattr(district, by))
    return recusals.complain_of(petition, user=user, by=by, at=LATER, reason="反映的就是他本人。")


def sees(district, who, petition):
    return Petition.objects.visible_to(district.as_staff(getattr(district, who))).filter(pk=petition.pk).exists()


@pytest.mark.parametrize(
    ("who", "organisation", "goes_to"),
    [("worker", False, "lead"), ("handler", True, "head")],
)
def test_a_handler_steps_back_and_it_goes_one_level_up(district, who, organisation, goes_to):
    petition = district.petition(status=Status.SIGNED, organisation=organisation)
    due_at = petition.next_due_at

    moved = step_back(district, petition, who)

    assert (moved.status, moved.handler, moved.next_due_at) == ("accepted", None, due_at)
    assert moved.organisation == (district.sanitation if organisation else None)
    assert told("recused") == [goes_to]
    assert not sees(district, who, petition)
    assert sees(district, goes_to, petition)


def test_a_secretary_who_steps_back_hears_no_more_of_it_and_the_street_does(district):
    petition = district.petition()

    step_back(district, petition, "secretary")

    assert told("recused") == ["dispatcher"]
    assert not sees(district, "secretary", petition)
    with pytest.raises(NotYours, match="stay out"):
        transitions.decline(petition, by=district.as_staff(district.secretary), at=LATER, reason="不受理。")
    Notice.objects.all().delete()
    sweep(at=TUESDAY + timedelta(days=2))
    hearers = {user for row in PetitionEscalation.objects.filter(clock__petition=petition) for user in row.told}
    assert hearers
    assert district.secretary.pk not in hearers


def test_who_stepped_back_is_not_given_it_again_and_does_not_check_it(district):
    petition = step_back(district, district.petition(status=Status.SIGNED), "worker")

    assert [one.user for one in dispatching.workers_for(petition, on=TUESDAY.date())] == [district.lead]
    with pytest.raises(BadInput, match="stays out"):
        transitions.dispatch(petition, by=district.as_staff(district.secretary), at=LATER, handler=district.worker)
    with pytest.raises(BadInput, match="stays out"):
        sending.designate(
            petition, by=district.as_staff(district.secretary), at=LATER, handler=district.worker, reason="归他。"
        )
    resolved = district.petition(status=Status.RESOLVED)
    step_back(district, resolved, "secretary")
    with pytest.raises(NotYours, match="stay out"):
        transitions.verify(resolved, by=district.as_staff(district.secretary), at=LATER)
    assert transitions.verify(resolved, by=district.as_staff(district.dispatcher), at=LATER).status == "verified"


def test_stepping_back_needs_a_reason_and_a_matter_of_ones_own(district):
    petition = district.petition(status=Status.SIGNED)

    with pytest.raises(WordsMissing):
        step_back(district, petition, "worker", reason="")
    with pytest.raises(NotYours):
        step_back(district, petition, "stranger")

    assert not Recusal.objects.exists()
    assert Petition.objects.get(pk=petition.pk).handler == district.worker


def test_a_matter_about_the_secretary_is_closed_to_the_community_and_all_below(district):
    petition = district.petition(status=Status.SIGNED)

    moved = complain(district, petition, "secretary", by="dispatcher")

    assert (moved.status, moved.handler, moved.barred_from) == ("accepted", None, Level.COMMUNITY)
    seen = {
        who: sees(district, who, petition) for who in ("worker", "lead", "window", "secretary", "dispatcher", "command")
    }
    assert seen == {
        "worker": False, "lead": False, "window": False, "secretary": False, "dispatcher": True, "command": True,
    }  # fmt: skip
    for who in ("worker", "lead", "window", "secretary"):
        with pytest.raises(NotYours):
            transitions.sign(petition, by=district.as_staff(getattr(district, who)), at=LATER)
    assert dispatching.workers_for(moved, on=TUESDAY.date()) == []
    assert [unit.organisation for unit in dispatching.units_for(
        moved, by=district.as_staff(district.dispatcher), on=TUESDAY.date()
    )] == [district.sanitation]  # fmt: skip


def test_what_happens_to_it_later_is_told_above_the_closed_level(district):
    petition = complain(district, district.petition(), "secretary", by="dispatcher")
    Notice.objects.all().delete()

    requests.urge(petition, at=LATER)

    assert told("urged") == ["dispatcher"]


def test_nobody_says_it_of_himself_and_no_worker_says_it(district):
    petition = district.petition()

    for who, by in (("secretary", "secretary"), ("lead", "worker"), ("secretary", "stranger")):
        with pytest.raises(NotYours):
            complain(district, petition, who, by=by)

    assert Petition.objects.get(pk=petition.pk).barred_from is None


def test_a_return_is_not_decided_by_who_stepped_back(district):
    petition = district.petition(status=Status.DISPATCHED, organisation=True, policy="committed_tier")
    step_back(district, petition, "secretary")
    Notice.objects.all().delete()
    request = returns.ask_return(
        petition,
        by=district.as_staff(district.handler),
        at=LATER,
        reason_code=ReturnReason.NOT_OURS,
        words="不归我们。",
    )

    assert told("return_asked") == ["dispatcher"]
    with pytest.raises(NotYours, match="stay out"):
        returns.decide_return(request, by=district.as_staff(district.secretary), at=LATER, agree=True, reason="同意。")
    assert returns.decide_return(
        request, by=district.as_staff(district.dispatcher), at=LATER, agree=True, reason="同意。"
    ).agreed


def extension_of(district, who):
    """Have a matter of policy ``immediate_tier`` (its approver is the secretary) in somebody's hands, who asks."""
    accepted = district.petition(status=Status.ACCEPTED)
    by = district.as_staff(getattr(district, who))
    taken = transitions.sign(accepted, by=by, at=LATER)
    return requests.ask_extension(taken, by=by, at=LATER, value=1, reason="等配件。")


def test_an_approver_who_asks_himself_is_decided_on_one_level_up(district):
    request = extension_of(district, "secretary")

    assert told("extension_asked") == ["dispatcher"]
    with pytest.raises(NotYours):
        requests.decide_extension(
            request, by=district.as_staff(district.secretary), at=LATER, grant=True, reason="自己批。"
        )
    assert requests.decide_extension(
        request, by=district.as_staff(district.dispatcher), at=LATER, grant=True, reason="可以。"
    ).decision == "granted"  # fmt: skip


def test_an_ordinary_asker_is_decided_on_by_the_approver_himself(district):
    request = extension_of(district, "worker")

    assert told("extension_asked") == ["secretary"]
    with pytest.raises(NotYours):
        requests.decide_extension(
            request, by=district.as_staff(district.dispatcher), at=LATER, grant=True, reason="可以。"
        )
    assert requests.decide_extension(
        request, by=district.as_staff(district.secretary), at=LATER, grant=False, reason="今天能修好。"
    ).decision == "refused"  # fmt: skip


def test_with_nobody_left_to_tell_the_page_says_so_and_nothing_is_done(client, district):
    petition = district.petition()
    DutyMember.objects.all().delete()
    for who in ("secretary", "window", "dispatcher", "leader", "command", "lead", "worker"):
        getattr(district, who).appointments.exclude(user=district.leader).delete()
    client.force_login(district.leader)

    response = client.post(
        f"/cases/{petition.number}/handing/step-back/", {"words": "我亲戚。", "version": petition.version}
    )

    assert response.status_code == 409
    page = response.content.decode()
    assert "the duty list is empty" in page
    assert "我亲戚。" in page
    assert not Recusal.objects.exists()
