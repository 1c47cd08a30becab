"""Against "not accepted" the petitioner appeals once; one level above decides, with a reason and by a date."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from deadlines.models import Policy
from notifications.models import Notice
from petitions import appeals, transitions
from petitions.enums import Status, Tier, Urgency
from petitions.errors import ChangedMeanwhile, NotNow, NotYours, WordsMissing
from petitions.models import Appeal, Category, Petition
from tests.factories import SHANGHAI, TUESDAY
from tests.petitions.filing import follow_url, prove

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache")]

LATER = TUESDAY + timedelta(hours=2)


def declined(district, by="secretary", at=TUESDAY, **facts):
    petition = district.petition(at, **facts)
    staff = district.as_staff(getattr(district, by))
    return transitions.decline(petition, by=staff, at=at + timedelta(hours=1), reason="不属受理范围。")


def appeal(petition, at=LATER):
    return appeals.appeal(petition, at=at, words="这是小区里的事，应当管。")


def said(petition):
    return list(petition.events.order_by("id").values_list("code", flat=True))


@pytest.mark.parametrize(
    ("by", "area", "post", "told"),
    [
        ("secretary", "street", "street_leader", "leader"),
        ("dispatcher", "district", "district_command", "command"),
        ("leader", "district", "district_command", "command"),
    ],
)
def test_one_level_above_who_declined_decides(district, by, area, post, told):
    made = appeal(declined(district, by))

    assert (made.to_area, made.to_post, made.declined_by) == (getattr(district, area), post, getattr(district, by))
    assert Notice.objects.get(kind="petition_appealed").recipient == getattr(district, told)


def test_it_has_a_clock_of_its_own_of_five_working_days(district):
    petition = declined(district)
    appeal(petition)

    clock = petition.clocks.get(stage__policy__key="decline_appeal")
    # appealed on Tuesday the 9th; Wednesday to Friday, Monday and Tuesday count
    assert (clock.state, clock.due_at) == ("running", datetime(2026, 6, 17, tzinfo=SHANGHAI))


def test_it_is_made_once_in_words_and_only_against_a_decline(district):
    petition = declined(district)
    with pytest.raises(WordsMissing):
        appeals.appeal(petition, at=LATER, words="  ")
    with pytest.raises(ChangedMeanwhile):
        appeals.appeal(petition, at=LATER, words="应当管。", version=petition.version - 1)
    assert (Appeal.objects.count(), said(petition)) == (0, ["submitted", "declined"])

    appeal(petition)

    with pytest.raises(NotNow):
        appeal(petition)
    with pytest.raises(NotNow):
        appeal(district.petition(status=Status.ACCEPTED))
    assert Appeal.objects.count() == 1


def test_granted_it_is_triaged_anew_with_fresh_limits_and_cannot_be_declined_again(district):
    petition = declined(district)
    made = appeal(petition)
    at = LATER + timedelta(days=1)

    appeals.decide(made, by=district.as_staff(district.leader), at=at, agree=True, reason="属于公共区域，应当受理。")

    petition = Petition.objects.get(pk=petition.pk)
    assert (petition.status, said(petition)) == (Status.SUBMITTED, ["submitted", "declined", "appealed", "readmitted"])
    clocks = petition.clocks.filter(state="running").values_list("stage__policy__key", "started_at", "generation")
    assert list(clocks) == [("intake", at, 2)]
    assert petition.clocks.get(stage__policy__key="decline_appeal").state == "stopped"
    assert Notice.objects.get(kind="resident_readmitted").person == petition.petitioner
    assert district.secretary.pk in Notice.objects.filter(kind="petition_readmitted").values_list(
        "recipient", flat=True
    )
    secretary = district.as_staff(district.secretary)
    with pytest.raises(NotNow):
        transitions.decline(petition, by=secretary, at=at, reason="还是不受理。")
    accepted = transitions.accept(
        petition,
        by=secretary,
        at=at,
        category=Category.objects.get(code="0102"),
        policy=Policy.objects.in_force(at.date()).get(key="immediate_tier"),
        tier=Tier.IMMEDIATE,
        urgency=Urgency.NORMAL,
    )
    assert accepted.status == Status.ACCEPTED


def test_refused_it_stays_declined_and_the_petitioner_reads_why(district):
    petition = declined(district)
    made = appeal(petition)
    leader = district.as_staff(district.leader)
    with pytest.raises(WordsMissing):
        appeals.decide(made, by=leader, at=LATER, agree=False, reason=" ")

    appeals.decide(made, by=leader, at=LATER, agree=False, reason="属法院管辖。")

    petition.refresh_from_db()
    assert (petition.status, said(petition)[-1]) == (Status.DECLINED, "appeal_refused")
    assert not petition.clocks.filter(state="running").exists()
    assert Notice.objects.get(kind="resident_appeal_refused").person == petition.petitioner
    with pytest.raises(NotNow):
        appeals.decide(made, by=leader, at=LATER, agree=True, reason="改主意了。")
    with pytest.raises(NotNow):
        appeal(petition)


def test_who_declined_and_who_has_no_say_above_decide_nothing(district):
    made = appeal(declined(district))

    for name in ("secretary", "worker", "lead", "other_secretary", "stranger"):
        with pytest.raises(NotYours):
            appeals.decide(made, by=district.as_staff(getattr(district, name)), at=LATER, agree=False, reason="不。")
    made.refresh_from_db()
    assert made.decided_at is None


def test_not_even_the_database_lets_who_declined_decide(district):
    made = appeal(declined(district))

    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(pk=made.pk).update(agreed=False, decided_by=district.secretary, decided_at=LATER)


def test_from_the_follow_page_to_the_decision_on_the_case_page(client, district):
    petition = declined(district, at=timezone.now() - timedelta(hours=3))
    prove(client, petition)
    url = f"{follow_url(petition)}appeal/"
    assert url in client.get(follow_url(petition)).content.decode()

    empty = client.post(url, {"version": petition.version, "words": " "})
    assert (empty.status_code, Appeal.objects.count()) == (422, 0)
    sent = client.post(url, {"version": petition.version, "words": "这是小区里的事。"})
    assert (sent.status_code, sent.url) == (302, follow_url(petition))
    page = client.get(follow_url(petition)).content.decode()
    assert ("You appealed against it:" in page, url in page, "a decision on your appeal" in page) == (True, False, True)

    client.force_login(district.leader)
    assert "这是小区里的事。" in client.get(f"/cases/{petition.number}/").content.decode()
    decided = client.post(f"/cases/{petition.number}/request/appeal/", {"grant": "yes", "words": "应当受理。"})
    assert decided.status_code == 302
    petition.refresh_from_db()
    assert petition.status == Status.SUBMITTED


def test_who_has_not_proved_the_code_appeals_against_nothing(client, district):
    petition = declined(district)

    assert client.post(f"{follow_url(petition)}appeal/", {"version": 2, "words": "应当管。"}).status_code == 302
    assert Appeal.objects.count() == 0
