"""The pages of a plan: drawn without JavaScript, read, decided, carried out; the closed grid's public page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from grids.enums import Level
from grids.models import Area, Redivision
from tests.factories import District, make_area
from tests.redrawing import carry_out, merge, more_buildings

pytestmark = pytest.mark.django_db


def drawn(client, district: District) -> Redivision:
    client.force_login(district.secretary)
    on = timezone.localdate() + timedelta(days=7)
    begun = client.post(
        reverse("admin:redivision_new"),
        {"community": district.community.pk, "on": on.isoformat(), "reason": "网格过大"},
    )
    plan = Redivision.objects.get()
    assert begun.url == reverse("admin:redivision", args=[plan.pk])
    return plan


def press(client, plan: Redivision, act: str, **data):
    plan.refresh_from_db()
    return client.post(reverse("admin:redivision", args=[plan.pk]), {"act": act, "version": plan.version, **data})


def test_a_plan_is_drawn_proposed_approved_and_reported_by_buttons_alone(client, district: District):
    more_buildings(district)
    plan = drawn(client, district)

    assert press(client, plan, "grid", name="第三网格", code="").status_code == 302
    line = plan.grids.get(is_new=True)
    assert press(client, plan, "move", buildings=[district.building.pk], to=line.pk).status_code == 302
    page = client.get(reverse("admin:redivision", args=[plan.pk])).content.decode()
    assert page.count("3号楼") == 2  # in the list of what moves, and to tick
    assert press(client, plan, "propose").status_code == 302
    client.force_login(district.leader)
    assert press(client, plan, "approve", words="同意。").status_code == 302

    plan.refresh_from_db()
    assert (plan.state, plan.decided_by, plan.decision) == ("approved", district.leader, "同意。")
    client.force_login(district.secretary)
    assert press(client, plan, "apply").status_code == 409
    Redivision.objects.update(on=timezone.localdate())
    assert press(client, plan, "apply").status_code == 302
    report = client.get(reverse("admin:redivision", args=[plan.pk])).content.decode()
    assert Area.objects.get(pk=district.building.pk).parent.name == "第三网格"
    assert "第三网格" in report


def test_what_is_refused_is_said_with_its_status_and_nothing_typed_is_lost(client, district: District):
    more_buildings(district)
    plan = drawn(client, district)

    missing = press(client, plan, "move", to=plan.grids.first().pk)
    nameless = press(client, plan, "grid", name="第一网格", code="")
    stale = client.post(reverse("admin:redivision", args=[plan.pk]), {"act": "propose", "version": plan.version - 1})
    unknown = press(client, plan, "explode")

    assert [answer.status_code for answer in (missing, nameless, stale, unknown)] == [422, 422, 409, 422]
    assert 'value="第一网格"' in nameless.content.decode()
    assert Redivision.objects.get().version == 1


def test_a_plan_is_out_of_sight_for_strangers_and_closed_to_workers(client, district: District):
    plan = drawn(client, district)

    for user, status in ((district.other_secretary, 404), (district.worker, 404), (district.leader, 200)):
        client.force_login(user)
        assert client.get(reverse("admin:redivision", args=[plan.pk])).status_code == status
        assert client.get(reverse("admin:redivisions")).status_code == (403 if user == district.worker else 200)
    client.force_login(district.other_secretary)
    assert client.post(
        reverse("admin:redivision", args=[plan.pk]), {"act": "withdraw", "version": plan.version}
    ).status_code == 404  # fmt: skip
    client.force_login(district.command)
    assert client.get(reverse("admin:redivision_new")).status_code == 403


def test_bad_days_are_said_beside_the_field(client, district: District):
    client.force_login(district.secretary)
    past = client.post(
        reverse("admin:redivision_new"), {"community": district.community.pk, "on": "2020-01-01", "reason": "网格过大"}
    )
    foreign = client.post(
        reverse("admin:redivision_new"),
        {"community": district.other_community.pk, "on": "2099-01-01", "reason": "网格过大"},
    )

    assert (past.status_code, foreign.status_code) == (422, 422)
    assert list(past.context["form"].errors) == ["on"]
    assert list(foreign.context["form"].errors) == ["community"]
    assert not Redivision.objects.exists()


def test_the_public_page_of_a_closed_grid_says_what_followed(client, district: District):
    more_buildings(district)
    carry_out(district, merge(district))

    page = client.get(reverse("area_page", args=[district.grid.code]))

    assert page.status_code == 200
    assert reverse("area_page", args=[district.other_grid.code]) in page.content.decode()
    assert client.get(reverse("area_page", args=["620302001001099"])).status_code == 404


@pytest.mark.parametrize("buildings", [2, 12])
def test_a_plan_costs_the_same_however_large_it_is(
    client, district: District, django_assert_max_num_queries, buildings
):
    for number in range(buildings):
        make_area(Level.BUILDING, f"{number + 20}号楼", f"620302001001001-{number + 20}", district.grid)
    plan = drawn(client, district)

    with django_assert_max_num_queries(29):  # the parts of the apps, micro-grids among them
        assert client.get(reverse("admin:redivision", args=[plan.pk])).status_code == 200
