"""Dispatching on the case page: who is offered, who is not, what it costs."""

import pytest
from django.utils import timezone

from grids.enums import AbsenceReason, Level, PostKind
from grids.models import Absence, Organisation
from petitions.enums import Status, TextKind
from tests.factories import appoint, make_area, make_user
from tests.petitions.case_pages import do, facts, last_words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def choices(client, user, petition) -> list[str]:
    client.force_login(user)
    form = client.get(f"/cases/{petition.number}/", {"do": "dispatch"}).context["form"]
    return [key for _group, options in form.fields["to"].choices[1:] for key, _label in options]


def test_the_choice_is_the_workers_of_the_grid_and_the_units_that_answer_for_it(client, district):
    strangers = Organisation.objects.create(area=district.other_street, kind="department", name="别处", code="X-1")
    bureau = Organisation.objects.create(area=district.district, kind="utility", name="供水公司", code="W-1")
    Organisation.objects.create(area=district.street, kind="enterprise", name="商店", code="S-1")
    petition = district.petition(status=Status.ACCEPTED)

    found = choices(client, district.secretary, petition)

    assert found == [
        f"worker:{district.lead.pk}:{district.grid.pk}",
        f"worker:{district.worker.pk}:{district.grid.pk}",
        f"unit:{district.sanitation.pk}",
        f"unit:{bureau.pk}",
    ]
    assert f"unit:{strangers.pk}" not in found


def test_each_choice_says_how_much_is_in_hand(client, district):
    for status in (Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS, Status.RESOLVED):
        district.petition(status=status)
    petition = district.petition(status=Status.ACCEPTED)
    client.force_login(district.secretary)

    page = client.get(f"/cases/{petition.number}/", {"do": "dispatch"}).content.decode()

    assert "worker · 第一网格 · 3 in hand" in page
    assert "lead · 第一网格 · 0 in hand" in page


@pytest.mark.parametrize("foreign", ["other_worker", "handler", "secretary", "stranger"])
def test_nobody_off_the_list_can_be_given_the_matter(client, district, foreign):
    petition = district.petition(status=Status.ACCEPTED)
    before = facts(petition)

    for area in (district.grid, district.other_grid):
        response = do(
            client, district.secretary, petition, "dispatch", to=f"worker:{getattr(district, foreign).pk}:{area.pk}"
        )
        assert response.status_code == 422
        assert "They cannot be given this matter." in response.content.decode()

    assert facts(petition) == before


def test_a_unit_of_another_street_cannot_be_given_the_matter(client, district):
    foreign = Organisation.objects.create(area=district.other_street, kind="department", name="别处", code="X-1")
    petition = district.petition(status=Status.ACCEPTED)
    before = facts(petition)

    assert do(client, district.dispatcher, petition, "dispatch", to=f"unit:{foreign.pk}").status_code == 422
    assert facts(petition) == before


def test_who_is_away_is_not_offered_but_the_deputy_is(client, district):
    deputy = make_user("deputy")
    today = timezone.localdate()
    Absence.objects.create(
        appointment=district.worker.appointments.get(), starts_on=today, ends_on=today, deputy=deputy,
        reason_code=AbsenceReason.LEAVE,
    )  # fmt: skip
    petition = district.petition(status=Status.ACCEPTED)
    client.force_login(district.secretary)

    page = client.get(f"/cases/{petition.number}/", {"do": "dispatch"}).content.decode()

    assert f"worker:{deputy.pk}:{district.grid.pk}" in choices(client, district.secretary, petition)
    assert f"worker:{district.worker.pk}:{district.grid.pk}" not in choices(client, district.secretary, petition)
    assert "stands in for worker" in page
    assert do(
        client, district.secretary, petition, "dispatch", to=f"worker:{deputy.pk}:{district.grid.pk}"
    ).status_code == 302  # fmt: skip
    client.force_login(deputy)
    assert client.get(f"/cases/{petition.number}/").status_code == 200


def test_a_matter_without_a_grid_gets_the_grid_of_its_worker(client, district):
    petition = district.petition(status=Status.ACCEPTED, place=district.community)

    to = f"worker:{district.other_worker.pk}:{district.other_grid.pk}"
    response = do(client, district.secretary, petition, "dispatch", to=to)

    assert response.status_code == 302
    petition.refresh_from_db()
    assert (petition.grid, petition.handler) == (district.other_grid, district.other_worker)
    client.force_login(district.other_worker)
    assert client.get(f"/cases/{petition.number}/").status_code == 200


def test_a_dispatch_to_a_unit_takes_it_from_the_worker(client, district):
    petition = district.petition(status=Status.SIGNED)

    do(client, district.dispatcher, petition, "dispatch", to=f"unit:{district.sanitation.pk}", note="超出网格能力")

    petition.refresh_from_db()
    assert (petition.status, petition.handler, petition.organisation) == (
        Status.DISPATCHED, None, district.sanitation,
    )  # fmt: skip
    words = last_words(petition)
    assert (words.kind, words.public, words.masked) == (TextKind.NOTE, False, "超出网格能力")


def test_a_grid_without_anybody_says_so(client, district):
    empty = make_area(Level.GRID, "第九网格", "620302001001009", district.community)
    petition = district.petition(status=Status.ACCEPTED, place=empty)
    client.force_login(district.secretary)

    page = client.get(f"/cases/{petition.number}/", {"do": "dispatch"}).content.decode()

    assert "Nobody is at the post of grid worker here today." in page


@pytest.mark.parametrize("workers", [1, 3, 30])
def test_the_dispatch_form_costs_the_same_however_many_work_here(client, district, django_assert_num_queries, workers):
    for place in range(workers):
        grid = make_area(Level.GRID, f"网格{place}", f"62030200100110{place:02d}", district.community)
        appoint(make_user(f"w{place}"), PostKind.GRID_WORKER, grid)
    petition = district.petition(status=Status.ACCEPTED, place=district.community)
    client.force_login(district.secretary)
    client.get(f"/cases/{petition.number}/", {"do": "dispatch"})

    # the page itself (17: nobody was told yet, and what nobody may ask costs nothing), workers, absences, in hand,
    # units, in hand
    with django_assert_num_queries(29):
        client.get(f"/cases/{petition.number}/", {"do": "dispatch"})
