"""Legally informed residents (003a-20): who agreed, trained, for a term, against a goal; named only if they agreed."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fieldwork import legalpeople
from fieldwork.enums import LegalRole
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import LegalGoal, LegalPerson, LegalTraining
from grids.enums import Level
from people import expiry
from people.errors import BadInput
from people.models import RevealLog
from tests.factories import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NUMBER = "13900139000"
TERM = date(2028, 12, 31)
ON = date(2026, 6, 9)


def add(district, *, by=None, at=TUESDAY, **facts):
    given = {
        "role": LegalRole.INFORMED, "area": district.grid, "name": "常律明", "phone": NUMBER, "term_ends_on": TERM,
        "agreed": True, "client_key": uuid.uuid4(), **facts,
    }  # fmt: skip
    return legalpeople.add(by=district.as_staff(by or district.secretary), at=at, **given)


def test_who_agreed_is_written_down_sealed_for_a_term(district):
    row = add(district)

    assert (row.person.name, row.person.phone, row.person.context) == ("常律明", NUMBER, "legal")
    assert (row.starts_on, row.term_ends_on, row.ends_on, row.is_named) == (ON, TERM, None, False)
    assert add(district, client_key=row.client_key) == row


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"agreed": False}, "agreed"),
        ({"name": " "}, "name"),
        ({"term_ends_on": date(2026, 6, 8)}, "term_ends_on"),
        ({"term_ends_on": date(2032, 1, 1)}, "term_ends_on"),
        ({"phone": "123"}, "phone"),
    ],
)
def test_without_consent_name_or_term_nobody_is_written_down(district, facts, field):
    with pytest.raises(BadInput) as refused:
        add(district, **facts)

    assert refused.value.field == field
    assert not LegalPerson.objects.exists()


@pytest.mark.parametrize("who", ["worker", "other_secretary", "dispatcher", "handler"])
def test_the_community_and_the_lead_of_the_grid_keep_the_register(district, who):
    with pytest.raises(NotYours):
        add(district, by=getattr(district, who))
    row = add(district, by=district.lead)
    with pytest.raises(NotYours):
        legalpeople.end(row, by=district.as_staff(getattr(district, who)), at=TUESDAY)
    assert LegalPerson.objects.get().ends_on is None


def test_a_training_is_written_down_once_within_their_days(district):
    row, by = add(district), district.as_staff(district.window)
    later = TUESDAY + timedelta(days=30)
    facts = {"taken_on": date(2026, 7, 1), "subject": "民法典  婚姻家庭", "hours": 4, "by": by, "at": later}

    training = legalpeople.trained(row, **facts)

    assert (training.subject, training.hours) == ("民法典 婚姻家庭", 4)
    with pytest.raises(NotNow):
        legalpeople.trained(row, **facts)
    for wrong in ({"taken_on": date(2026, 7, 10)}, {"taken_on": date(2026, 6, 8)}, {"hours": 81}, {"subject": " "}):
        with pytest.raises(BadInput):
            legalpeople.trained(row, **{**facts, **wrong})
    assert LegalTraining.objects.count() == 1


def test_when_it_ends_name_and_number_are_gone_and_the_row_after_a_year(district):
    row = add(district, is_named=True)

    legalpeople.end(row, by=district.as_staff(district.secretary), at=TUESDAY)

    row.refresh_from_db()
    row.person.refresh_from_db()
    assert (row.person.name, row.person.phone_index, row.is_named) == ("", None, False)
    rule = next(rule for rule in expiry.rules() if rule.name == "fieldwork.legal_people")
    assert not rule.due(TUESDAY + timedelta(days=360)).exists()
    assert [rule.end(one.pk, TUESDAY) for one in rule.due(TUESDAY + timedelta(days=370))] == [True]


def test_they_are_counted_against_the_nearest_goal(district):
    LegalGoal.objects.create(area=district.district, role="informed", per=Level.COMMUNITY, least=3)
    LegalGoal.objects.create(area=district.community, role="informed", per=Level.COMMUNITY, least=2)
    LegalGoal.objects.create(area=district.street, role="leader", per=Level.GRID, least=1)
    first = add(district)
    add(district, area=district.community, name="常法治")
    add(district, area=district.other_community, name="林明白", by=district.other_secretary)
    add(district, role=LegalRole.LEADER, name="带头人")
    legalpeople.trained(first, taken_on=ON, subject="宪法", hours=2, by=district.as_staff(district.lead), at=TUESDAY)

    informed, leader = legalpeople.goals(district.street, within=[district.street.path], on=ON)

    assert (informed.there, informed.trained, informed.wanted, informed.percent) == (3, 1, 5, 60.0)
    assert informed.lacking == ((district.other_community, 2),)
    assert (leader.there, leader.wanted, leader.lacking) == (1, 2, ((district.other_grid, 1),))
    over = legalpeople.goals(district.street, within=[district.street.path], on=date(2029, 1, 1))
    assert [goal.there for goal in over] == [0, 0]  # the term is over


# -- pages -------------------------------------------------------------------------------------------------------------


def test_residents_read_the_name_of_who_agreed_and_of_the_others_how_many(client, district):
    now = timezone.now()
    term = date(now.year + 1, 12, 31)
    add(district, at=now, is_named=True, term_ends_on=term)
    add(district, at=now, name="林不愿", area=district.community, term_ends_on=term)

    page = client.get(reverse("advisers"), {"area": district.community.code}).content.decode()

    assert "常律明" in page
    assert "林不愿" not in page
    assert NUMBER not in page
    assert "1 more" in page


def test_the_way_in_the_browser(client, district):
    client.force_login(district.secretary)
    given = {
        "client_key": str(uuid.uuid4()), "role": "informed", "area": district.grid.code, "name": "常律明", "phone": "",
        "term_ends_on": f"{timezone.localdate().year + 1}-12-31",
    }  # fmt: skip

    refused = client.post(reverse("legal_person_new"), given)
    assert (refused.status_code, "常律明" in refused.content.decode()) == (422, True)
    assert client.post(reverse("legal_person_new"), {**given, "agreed": "on"}).status_code == 302
    row = LegalPerson.objects.get()
    url = reverse("legal_person", args=[row.pk])
    page = client.get(url).content.decode()
    assert ("常**" in page, "常律明" in page) == (True, False)
    training = {"taken_on": str(timezone.localdate()), "subject": "宪法", "hours": "2"}
    assert client.post(reverse("legal_person_do", args=[row.pk, "training"]), training).status_code == 302
    looked = client.post(reverse("legal_person_do", args=[row.pk, "look"]), {"field": "name", "reason": "通知培训"})
    assert "常律明" in looked.content.decode()
    assert list(RevealLog.objects.values_list("about", flat=True)) == [f"legal:{row.pk}"]
    assert client.get(reverse("legal_people_goals")).status_code == 200
    assert client.post(reverse("legal_person_do", args=[row.pk, "end"])).status_code == 302
    assert client.get(url).status_code == 404
