"""Case 64: two registrations of one human become one, but not where both hold one place; old links lead on."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import TUESDAY
from tests.volunteers.world import OTHER, child, refused, register, taken_on
from volunteers import merging, teams
from volunteers.enums import TeamKind
from volunteers.errors import NotNow, NotYours
from volunteers.models import Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = timedelta(days=1)


def merge(district, row, into, *, by=None):
    return merging.merge(row, into=into, by=district.as_staff(by or district.secretary), at=TUESDAY + DAY)


def twice(district, **facts):
    """One human with two numbers, each taken on."""
    old = taken_on(district, papers=[("driver", None)])
    return old, taken_on(district, at=TUESDAY + DAY, phone=OTHER, skills=("law",), **facts)


def test_case_64_two_rows_of_one_human_become_one_with_what_both_offered(district):
    old, new = twice(district, papers=[("first_aid", None)])

    merge(district, old, new)

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, old.merged_into, old.person.name, old.seat) == ("merged", new, "", None)
    assert (new.skills, new.applied_at, new.person.phone) == (["law", "repairs"], TUESDAY, OTHER)
    assert {*new.qualifications.values_list("kind", flat=True)} == {"driver", "first_aid"}
    assert isinstance(refused(lambda: merge(district, old, new)), NotNow)


def test_case_64_is_refused_while_both_hold_one_place_in_a_team(district):
    old, new = twice(district)
    by = district.as_staff(district.secretary)
    team = teams.make(kind=TeamKind.GRID, area=district.grid, name="一队", by=by, at=TUESDAY)
    second = teams.make(kind=TeamKind.RED_VEST, area=district.grid, name="红马甲", by=by, at=TUESDAY)
    held = [teams.join(team, row, by=by, at=TUESDAY) for row in (old, new)]
    moved = teams.join(second, old, by=by, at=TUESDAY)

    assert "一队" in str(refused(lambda: merge(district, old, new)))
    assert Volunteer.objects.filter(state="active").count() == 2

    teams.leave(team, member_id=held[0].pk, by=by, at=TUESDAY)
    merge(district, old, new)
    moved.refresh_from_db()
    assert (moved.volunteer, moved.ends_on) == (new, None)


def test_only_the_same_name_the_same_state_and_the_own_community_are_joined(district):
    row = taken_on(district)
    waiting = register(district, phone=OTHER)
    named = taken_on(district, phone="13700137001", name="别人")
    young = taken_on(district, make=child, name="常帮忙")

    for other in (waiting, named, young, row):
        assert isinstance(refused(lambda other=other: merge(district, row, other)), NotNow)
    with pytest.raises(NotYours):
        merge(district, row, waiting, by=district.worker)
    assert not Volunteer.objects.filter(state="merged").exists()


def test_the_page_offers_who_bears_the_name_and_the_old_link_leads_on(client, district):
    at = timezone.now()
    old, new = taken_on(district, at=at), taken_on(district, at=at, phone=OTHER)
    taken_on(district, at=at, phone="13700137001", name="别人")
    client.force_login(district.secretary)
    url = reverse("volunteer", args=[old.pk])

    assert [key for key, _label in client.get(url).context["merge_form"].fields["into"].choices] == [str(new.pk)]
    assert client.post(f"{url}merge/", {"into": ""}).status_code == 422
    done = client.post(f"{url}merge/", {"into": str(new.pk)})
    assert (done.status_code, done.url) == (302, reverse("volunteer", args=[new.pk]))
    led = client.get(url)
    assert (led.status_code, led.url) == (302, reverse("volunteer", args=[new.pk]))
