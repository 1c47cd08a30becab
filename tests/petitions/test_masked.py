"""Case 39 of cases/petitions.md: no list, page, search, notice or event shows a name or a number in clear."""

import re

import pytest
from django.utils import timezone

from notifications.models import Notice
from people.services import create_person
from petitions import reveals
from tests.factories import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PHONE, NAME = "13800138000", "常小红"


@pytest.fixture
def petition(district):
    return district.petition()


def look(district, who, petition, **changes):
    facts = {"field": "phone", "reason": "约定上门时间", "at": TUESDAY, **changes}
    return reveals.look(petition, by=district.as_staff(getattr(district, who)), **facts)


PAGES = (
    "/grid/",
    "/cases/{number}/",
    "/cases/{number}/brief/",
    "/admin/",
    "/admin/queue/",
    "/admin/petitions/petition/",
    "/admin/petitions/petition/?q={number}",
    "/admin/petitions/petition/?q=13800138000",
    "/admin/petitions/petition/?q=常小红",
    "/admin/petitions/petitionescalation/",
    "/reveals/",
    "/notices/",
)


@pytest.mark.parametrize("who", ["worker", "secretary", "dispatcher", "leader", "command"])
def test_case_39_no_page_of_staff_shows_a_name_or_number_in_clear(client, district, who):
    """Case 39: contact masked in list, detail and search. Case 45: no page shows the original words to anybody."""
    text = f"请打{PHONE}或139 1111 2222，邮箱chang@example.org"
    petition = district.petition(text=text, status="dispatched")
    look(district, "secretary", petition, at=timezone.now())
    client.force_login(getattr(district, who))

    for page in PAGES:
        body = client.get(page.format(number=petition.number)).content.decode().replace("q=13800138000", "")
        body = re.sub(r'value="[^"]*"', "", body)  # what was typed into the search box stands there again
        for secret in (NAME, PHONE, "139 1111 2222", "13911112222", "chang@example.org"):
            assert secret not in body, page


def test_case_39_no_notice_and_no_event_holds_a_name_or_number(district):
    """Case 39: contact masked in notices and history."""
    petition = district.petition(text=f"请打{PHONE}", status="closed")
    look(district, "secretary", petition)

    told = list(Notice.objects.values_list("params", "about", "dedupe_key", "url_path"))
    events = list(petition.events.values_list("refs", flat=True))

    assert len(told) > 5
    assert PHONE not in f"{told}{events}"
    assert NAME not in f"{told}{events}"


def test_a_petitioner_of_another_context_is_no_way_in(district, petition):
    volunteer = create_person(context="volunteer", name=NAME, phone=PHONE, at=TUESDAY)

    assert volunteer.phone == petition.petitioner.phone == PHONE
    assert volunteer.phone_index != petition.petitioner.phone_index
