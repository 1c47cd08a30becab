"""A matter that was closed to staff and is not about them after all goes back to the line, by the head above alone."""

from datetime import timedelta

import pytest

from notifications.models import Notice
from petitions import casefile, recusals
from petitions.errors import ChangedMeanwhile, NotNow, NotYours, WordsMissing
from petitions.models import Category, Petition, PetitionEvent, Recusal
from tests.factories import TUESDAY
from tests.petitions.filing import prove, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LATER = TUESDAY + timedelta(hours=2)
REASON = "核实过，说的是物业保安，不是社区的人。"


@pytest.fixture
def closed(client, district) -> Petition:
    """Filed as about somebody of the community; the street has it."""
    send(client, about="community", about_words="门口穿制服的人", phone="13800138000")
    return Petition.objects.get()


def clear(district, petition: Petition, who: str = "leader", reason: str = REASON, **how: object) -> Petition:
    by = district.as_staff(getattr(district, who))
    return recusals.clear_of_staff(petition, by=by, at=LATER, reason=reason, **how)


def test_the_line_below_has_it_again_with_all_that_follows(district, closed):
    assert closed.community is None

    one = clear(district, closed)

    assert (one.barred_from, one.grid, one.community) == (None, district.grid, district.community)
    assert (one.street, one.area, one.area_path) == (district.street, district.grid, district.grid.path)
    for who in ("secretary", "window", "worker"):
        assert Petition.objects.visible_to(district.as_staff(getattr(district, who))).get() == one
    assert not Petition.objects.visible_to(district.as_staff(district.other_worker)).exists()


def test_it_stands_in_the_history_with_who_and_why(district, closed):
    clear(district, closed)

    event = PetitionEvent.objects.get(code="cleared")
    assert (event.by, event.at, event.refs) == (district.leader, LATER, {"level": 5, "area": district.grid.pk})
    assert closed.texts.get(pk=event.text_id).original == REASON


def test_the_line_and_the_petitioner_are_told(client, district, closed):
    clear(district, closed)

    told = Notice.objects.filter(kind="petition_cleared").values_list("recipient__display_name", flat=True)
    assert set(told) == {"secretary", "window"}
    assert Notice.objects.filter(kind="resident_cleared", person=closed.petitioner).count() == 1
    prove(client, closed)
    assert REASON in client.get(f"/petitions/follow/{closed.number}/").content.decode()


def test_whom_the_petitioner_named_is_not_read_by_those_he_may_have_meant(client, district, closed):
    before = casefile.read(closed, viewer=district.as_staff(district.leader), at=LATER)
    assert before.about_words == "门口穿制服的人"

    one = clear(district, closed)

    assert casefile.read(one, viewer=district.as_staff(district.secretary), at=LATER).about_words == ""
    client.force_login(district.secretary)
    assert "门口穿制服的人" not in client.get(f"/cases/{one.number}/").content.decode()


@pytest.mark.parametrize("who", ["dispatcher", "supervisor", "secretary", "worker", "stranger"])
def test_nobody_but_a_head_above_decides_it(district, closed, who):
    with pytest.raises(NotYours):
        clear(district, closed, who)

    assert Petition.objects.get().barred_from == 5
    assert not PetitionEvent.objects.filter(code="cleared").exists()


def test_the_district_may_too_and_alone_where_it_is_about_the_street(client, district, closed):
    assert clear(district, closed, "command").barred_from is None
    send(client, about="street", text="街道的人不接电话。")
    other = Petition.objects.get(barred_from=4)

    with pytest.raises(NotYours):
        clear(district, other, "leader")

    assert clear(district, other, "command").community == district.community


def test_who_was_named_sees_it_again_and_who_has_an_interest_stays_out(district):
    petition = district.petition()
    dispatcher = district.as_staff(district.dispatcher)
    recusals.step_back(petition, by=district.as_staff(district.window), at=TUESDAY, reason="当事人是我亲戚。")
    recusals.complain_of(petition, user=district.secretary, by=dispatcher, at=TUESDAY, reason="听说是书记。")

    one = clear(district, petition)

    assert list(Recusal.objects.values_list("user__display_name", "kind")) == [("window", "conflict")]
    assert Petition.objects.visible_to(district.as_staff(district.secretary)).get() == one
    assert not Petition.objects.visible_to(district.as_staff(district.window)).exists()


@pytest.mark.parametrize(("wrong", "refusal"), [({"reason": " "}, WordsMissing), ({"version": 99}, ChangedMeanwhile)])
def test_what_is_refused_changes_nothing(district, closed, wrong, refusal):
    with pytest.raises(refusal):
        clear(district, closed, **wrong)

    assert Petition.objects.get().barred_from == 5


def test_what_is_closed_to_nobody_or_a_complaint_by_its_category_is_refused(district, closed):
    with pytest.raises(NotNow):
        clear(district, district.petition())
    Petition.objects.filter(pk=closed.pk).update(category=Category.objects.get(code="1308"))
    with pytest.raises(NotNow, match="change the category first"):
        clear(district, closed)


def test_the_head_does_it_on_its_page(client, district, closed):
    client.force_login(district.leader)
    url = f"/cases/{closed.number}/handing/not-about-staff/"
    assert url in client.get(f"/cases/{closed.number}/").content.decode()

    empty = client.post(url, {"words": "", "version": closed.version})
    done = client.post(url, {"words": REASON, "version": closed.version})

    assert (empty.status_code, done.status_code) == (422, 302)
    assert Petition.objects.get().barred_from is None


def test_the_desk_that_dispatches_is_not_offered_it(client, district, closed):
    client.force_login(district.dispatcher)

    assert "not-about-staff" not in client.get(f"/cases/{closed.number}/").content.decode()
    assert client.post(f"/cases/{closed.number}/handing/not-about-staff/", {"words": REASON}).status_code == 403
