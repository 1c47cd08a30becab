"""“I have seen it”: in the inbox and on the case page, by who was told, read by the head."""

from datetime import datetime

import pytest
from django.urls import reverse

from deadlines.sweep import sweep
from notifications.models import Notice
from petitions.models import Petition, PetitionEscalation
from tests.factories import SHANGHAI

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

DUE = datetime(2026, 6, 9, 10, 30, tzinfo=SHANGHAI)


@pytest.fixture
def urgent(district):
    petition = district.petition()
    Petition.objects.update(urgency="urgent")
    sweep(at=DUE)
    return petition


def seen_url(petition):
    return reverse("case_seen", args=(petition.number, PetitionEscalation.objects.get().pk))


def acknowledged_by():
    return PetitionEscalation.objects.get().acknowledged_by


def test_the_inbox_and_the_case_page_offer_it_to_who_was_told(client, district, urgent):
    client.force_login(district.secretary)

    for page in (reverse("notifications:inbox"), reverse("case", args=(urgent.number,))):
        html = client.get(page).content.decode()
        assert f'action="{seen_url(urgent)}"' in html
        assert "I have seen it" in html


def test_saying_so_is_recorded_settles_the_notices_and_leads_to_the_case(client, district, urgent):
    client.force_login(district.secretary)

    answer = client.post(seen_url(urgent))

    assert answer.headers["Location"] == reverse("case", args=(urgent.number,))
    assert acknowledged_by() == district.secretary
    assert not Notice.objects.filter(recipient=district.secretary).unread().exists()
    page = client.get(answer.headers["Location"]).content.decode()
    assert f"Seen by {district.secretary.display_name}" in page
    assert seen_url(urgent) not in page


def test_the_head_reads_that_nobody_has_seen_it_and_gets_no_button(client, district, urgent):
    client.force_login(district.leader)

    html = client.get(reverse("case", args=(urgent.number,))).content.decode()

    assert "Not seen yet." in html
    assert seen_url(urgent) not in html


def test_one_level_up_can_answer_once_it_was_told(client, district, urgent):
    sweep(at=datetime(2026, 6, 9, 10, 45, tzinfo=SHANGHAI))
    client.force_login(district.dispatcher)

    html = client.get(reverse("case", args=(urgent.number,))).content.decode()
    assert "Nobody answered: one level up told" in html
    assert "Nobody has said that he has seen it." in html

    client.post(seen_url(urgent))
    assert acknowledged_by() == district.dispatcher


def test_who_was_not_told_is_refused_and_nothing_changes(client, district, urgent):
    client.force_login(district.leader)

    client.post(seen_url(urgent))

    answer = client.get(reverse("case", args=(urgent.number,)))
    assert "Only who was told can say that he has seen it." in answer.content.decode()
    assert acknowledged_by() is None


@pytest.mark.parametrize("who", ["stranger", "other_secretary"])
def test_in_another_area_it_does_not_exist(client, district, urgent, who):
    client.force_login(getattr(district, who))

    assert client.post(seen_url(urgent)).status_code == 404
    assert acknowledged_by() is None


def test_an_escalation_of_another_case_does_not_exist_here(client, district, urgent):
    other = district.petition()
    client.force_login(district.secretary)

    url = reverse("case_seen", args=(other.number, PetitionEscalation.objects.get().pk))

    assert client.post(url).status_code == 404
    assert acknowledged_by() is None


def test_looking_changes_nothing(client, district, urgent):
    client.force_login(district.secretary)

    assert client.get(seen_url(urgent)).status_code == 405
    assert acknowledged_by() is None


def test_the_petitioner_reads_nothing_of_it(client, district, urgent):
    from petitions.story import tell
    from petitions.viewers import Follower

    sweep(at=datetime(2026, 6, 9, 10, 45, tzinfo=SHANGHAI))

    petition = Petition.objects.get(pk=urgent.pk)
    story = tell(petition, to=Follower(frozenset({urgent.pk})))
    assert len([line for line in story.lines if line.mark == "late"]) == 1
