"""My day beside its cards: what is due next, who is at his post, who is away and who stands in, whom to call."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from grids.enums import PostKind
from grids.models import Absence, Appointment, Post
from grids.presence import present
from petitions.enums import Status
from petitions.models import Category, Petition
from tests.factories import TUESDAY, appoint, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = "/grid/"
ON = date(2026, 6, 9)


def away(user, deputy=None, *, on=ON):
    Absence.objects.create(appointment=Appointment.objects.get(user=user), starts_on=on, ends_on=on, deputy=deputy)


def seats(district, user, on=ON):
    return [
        (seat.kind.value, seat.where, seat.name, seat.away, seat.is_me)
        for seat in present(district.as_staff(user, on), on)
    ]


def test_what_is_due_next_is_named_with_its_countdown_and_leads_to_its_card(client, district, monkeypatch):
    late = district.petition(TUESDAY, status=Status.DISPATCHED)
    nearest = district.petition(TUESDAY + timedelta(hours=3), status=Status.DISPATCHED)
    assert late.next_due_at is not None
    monkeypatch.setattr(timezone, "now", lambda: late.next_due_at + timedelta(minutes=1))
    client.force_login(district.worker)

    page = client.get(DAY)

    assert page.context["figures"].next_at == nearest.next_due_at
    assert f'<p class="l-next"><a href="#card-{nearest.number}">' in page.content.decode()
    assert page.context["figures"].late == 1


def test_where_nothing_is_left_to_come_nothing_is_said_to_be_next(client, district):
    district.petition(status=Status.DISPATCHED)
    client.force_login(district.worker)

    page = client.get(DAY)

    assert page.context["figures"].next_at is None
    assert "l-next" not in page.content.decode()


def test_colleagues_of_the_grid_and_of_its_community_are_at_their_posts(district, django_assert_num_queries):
    staff = district.as_staff(district.worker)

    with django_assert_num_queries(1):
        found = present(staff, ON)

    assert [(seat.kind.value, seat.name, seat.is_me) for seat in found] == [
        ("grid_lead", "lead", False), ("grid_worker", "worker", True),
        ("community_secretary", "secretary", False), ("community_worker", "window", False),
    ]  # fmt: skip


def test_who_is_away_is_named_with_who_stands_in_and_never_why(client, district):
    today = timezone.localdate()
    away(district.lead, district.worker, on=today)
    client.force_login(district.worker)

    html = client.get(DAY).content.decode()

    assert "lead of 第一网格 is away today: you stand in." in html
    # above the day stand the words of the script that keeps what is written without a line
    assert "leave" not in html.partition('<div class="l-queue">')[2].lower()


def test_an_empty_seat_is_said_to_be_empty_and_the_deputy_of_another_is_named(district):
    helper = make_user("helper")
    appoint(helper, PostKind.GRID_WORKER, district.other_grid)
    away(district.lead)
    away(district.secretary, helper)

    found = seats(district, district.worker)

    assert found[0] == ("grid_lead", "第一网格", "", "lead", False)
    assert found[2] == ("community_secretary", "龙集里社区", "helper", "secretary", False)
    # a deputy who is away himself stands in for nobody
    away(helper)
    assert seats(district, district.worker)[2] == ("community_secretary", "龙集里社区", "", "secretary", False)


def test_the_colleagues_of_a_unit_are_its_own_and_a_dispatcher_has_none(district):
    assert [name for _kind, _where, name, *_rest in seats(district, district.handler)] == ["handler", "head"]
    assert seats(district, district.dispatcher) == []


def test_a_colleagues_office_telephone_can_be_dialled(client, district):
    Post.objects.filter(area=district.grid, kind=PostKind.GRID_LEAD).update(office_phone="0935-8210000")
    client.force_login(district.worker)

    assert '<a class="govuk-link" href="tel:0935-8210000">' in client.get(DAY).content.decode()


def test_a_card_names_the_petitioner_masked_and_leads_to_the_reveal_that_is_written_down(client, district):
    petition = district.petition(status=Status.DISPATCHED)
    client.force_login(district.worker)

    html = client.get(DAY).content.decode()

    assert f'<a class="govuk-link" href="/cases/{petition.number}/?do=reveal#do">Call</a> 常** 138****8000' in html
    assert "13800138000" not in html


@pytest.mark.parametrize("why", ["confidential", "silent"])
def test_nobody_is_offered_to_be_called_whose_name_is_kept_back_or_who_must_not_be_called(client, district, why):
    district.petition(status=Status.DISPATCHED)
    if why == "confidential":
        Petition.objects.update(is_confidential=True)
    else:
        Category.objects.filter(code="0102").update(silent=True)
    client.force_login(district.worker)

    html = client.get(DAY).content.decode()

    assert "do=reveal" not in html
    assert "138****8000" not in html


def test_what_a_deputy_holds_for_somebody_names_whom_he_stands_in_for(client, district):
    district.petition(status=Status.SIGNED)
    away(district.worker, district.other_worker, on=timezone.localdate())
    client.force_login(district.other_worker)

    page = client.get(DAY)

    assert [card.holder for card in page.context["cards"]] == ["You stand in for worker"]
