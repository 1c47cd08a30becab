"""Matters about staff go one level above them from the first second; nobody of that line finds a trace of them."""

import uuid

import pytest

from notifications.models import Notice
from petitions import recusals, reveals, rollups, services
from petitions.enums import About
from petitions.models import FigureRow, Petition, PetitionText
from tests.factories import TUESDAY
from tests.petitions.filing import WORDS, check, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LINE = ("secretary", "window", "lead", "worker")


@pytest.fixture
def about_community(client, district) -> Petition:
    send(client, about="community", about_words="周二窗口的人", name="常小红", phone="13800138000")
    return Petition.objects.get()


def test_it_is_answered_for_one_level_above_and_keeps_its_place(district, about_community):
    one = about_community

    assert (one.area, one.street, one.community, one.grid) == (district.street, district.street, None, None)
    assert (one.place, one.barred_from, one.first_contact_owner) == (district.building, 5, None)
    assert PetitionText.objects.get(kind="about").original == "周二窗口的人"


def test_the_first_notice_goes_to_the_street_and_to_nobody_below(district, about_community):
    told = set(Notice.objects.filter(recipient__isnull=False).values_list("recipient__display_name", flat=True))

    assert told == {"dispatcher"}


@pytest.mark.parametrize("who", LINE)
def test_nobody_of_that_line_sees_it_in_any_list_count_search_or_case(client, district, about_community, who):
    client.force_login(getattr(district, who))
    staff = district.as_staff(getattr(district, who))

    assert not Petition.objects.visible_to(staff).exists()
    assert not PetitionText.objects.visible_to(staff).exists()
    assert client.get(f"/cases/{about_community.number}/").status_code == 404
    for url in ("/grid/", "/admin/", "/admin/queue/", "/admin/petitions/petition/?q=垃圾桶", "/notices/"):
        assert about_community.number not in client.get(url, follow=True).content.decode(), url


def test_the_figures_of_the_community_do_not_count_it(district, about_community):
    rollups.count_new(at=about_community.submitted_at)

    assert not FigureRow.objects.filter(area__in=(district.community, district.grid)).exists()
    assert FigureRow.objects.filter(area=district.street).exists()


@pytest.mark.parametrize(("who", "status"), [("dispatcher", 200), ("leader", 200), ("command", 200), ("stranger", 404)])
def test_the_level_above_has_it(client, district, about_community, who, status):
    client.force_login(getattr(district, who))

    assert client.get(f"/cases/{about_community.number}/").status_code == status


def test_about_the_subdistrict_it_goes_to_the_district(client, district):
    send(client, about="street")

    one = Petition.objects.get()
    assert (one.area, one.street, one.community, one.barred_from) == (district.district, None, None, 4)
    assert not Petition.objects.visible_to(district.as_staff(district.dispatcher)).exists()
    assert Petition.objects.visible_to(district.as_staff(district.command)).get() == one


def test_words_that_speak_of_staff_first_are_enough(client, district):
    send(client, text="窗口工作人员互相推诿，踢皮球。")

    assert Petition.objects.get().barred_from == 5


def test_an_emergency_beside_it_is_still_an_emergency(client, district):
    send(client, text="楼道里很浓的煤气味", about="community")

    one = Petition.objects.get()
    assert (one.urgency, one.barred_from) == ("emergency", 5)


def test_who_the_matter_is_about_can_still_be_named_from_above(district, about_community):
    found = {seat.user.display_name for seat in recusals.candidates(about_community, on=TUESDAY.date())}

    assert {"secretary", "worker", "window", "dispatcher"} <= found


def test_a_look_at_who_complained_needs_two(district, about_community):
    assert reveals.needs_two(about_community)


def test_the_page_to_check_says_where_it_goes_and_asks_about_no_other_matter(client, district):
    district.petition(text=WORDS, status="accepted")

    response = check(client, about="community")

    assert response.context["goes_to"] == district.street.name
    assert response.context["nearby"] == []
    assert "It goes one level above them at once" in response.content.decode()


def test_staff_who_write_it_down_do_not_answer_for_it(district):
    filed = services.file(
        text=WORDS, at=TUESDAY, client_key=uuid.uuid4(), place=district.building, filed_by=district.window,
        about=About.COMMUNITY,
    )  # fmt: skip

    assert filed.petition.first_contact_owner is None
    assert not Petition.objects.visible_to(district.as_staff(district.window)).exists()
