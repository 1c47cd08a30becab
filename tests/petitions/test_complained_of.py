"""Case 23 of cases/petitions.md: who is complained of hears nothing of it, nor does anybody under him (Art 30)."""

from datetime import timedelta

import pytest

from deadlines.sweep import sweep
from notifications.models import Notice
from petitions import recusals, requests
from petitions.models import Petition, PetitionEscalation
from tests.factories import TUESDAY

pytestmark = pytest.mark.django_db
LINE = ("secretary", "window", "lead", "worker")


@pytest.fixture
def complaint(district) -> Petition:
    """About the secretary of the community that would answer; the dispatcher of the street says so."""
    petition = district.petition(text="社区书记态度恶劣，不给办事。")
    recusals.complain_of(
        petition, user=district.secretary, by=district.as_staff(district.dispatcher),
        at=TUESDAY + timedelta(minutes=5), reason="事关社区书记本人。",
    )  # fmt: skip
    return Petition.objects.get(pk=petition.pk)


def test_no_escalation_of_a_year_reaches_the_person_or_his_line(district, complaint):
    """Case 23: swept every day for a year, every rung of every clock, and somebody is told each time."""
    told_before = set(Notice.objects.values_list("pk", flat=True))
    for day in range(0, 366, 3):
        sweep(at=TUESDAY + timedelta(days=day, hours=1))

    line = {getattr(district, name).pk for name in LINE}
    escalations = PetitionEscalation.objects.filter(clock__petition=complaint)
    assert escalations.count() >= 2
    assert all(one.told for one in escalations)
    assert not line & {user for one in escalations for user in one.told}
    notices = Notice.objects.exclude(pk__in=told_before)
    assert notices.filter(recipient=district.dispatcher).exists()
    assert not notices.filter(recipient__in=line).exists()


def test_neither_urging_nor_any_other_step_tells_the_person_or_his_line(district, complaint):
    """Case 23: the notices of verbs and requests, too."""
    told_before = set(Notice.objects.values_list("pk", flat=True))

    for day in (1, 2, 3):
        requests.urge(complaint, at=TUESDAY + timedelta(days=day))

    notices = Notice.objects.exclude(pk__in=told_before)
    assert notices.exists()
    assert not notices.filter(recipient__in=[getattr(district, name) for name in LINE]).exists()


@pytest.mark.parametrize("who", LINE)
def test_the_person_and_his_line_find_no_such_case(client, district, complaint, who):
    """Case 23: what is not told is not found either."""
    client.force_login(getattr(district, who))

    assert client.get(f"/cases/{complaint.number}/").status_code == 404
    assert not Petition.objects.visible_to(district.as_staff(getattr(district, who))).filter(pk=complaint.pk).exists()
