"""Teams of volunteers: made, joined, led by a dated mandate of one named person; grids without a team are counted."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from people import expiry
from people.errors import BadInput
from tests.factories import TUESDAY
from tests.petitions.test_afterwards_at_once import at_once
from tests.volunteers.world import OTHER, refused, register, taken_on
from volunteers import teams, transitions
from volunteers.enums import TeamKind
from volunteers.errors import NotNow, NotYours
from volunteers.models import Mandate, Membership, VolunteerTeam

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = timedelta(days=1)
ON = date(2026, 6, 9)


def make(district, *, by=None, at=TUESDAY, **facts):
    given = {"kind": TeamKind.GRID, "area": district.grid, "name": "一网格志愿队", **facts}
    return teams.make(by=district.as_staff(by or district.secretary, at.date()), at=at, **given)


def keeper(district, at=TUESDAY):
    return district.as_staff(district.secretary, at.date())


def led(district, *, until=date(2027, 12, 31)):
    """Make a team whose leader was named on Tuesday."""
    team, row = make(district), taken_on(district)
    member = teams.join(team, row, by=keeper(district), at=TUESDAY)
    return team, member, teams.give_mandate(team, member_id=member.pk, until=until, by=keeper(district), at=TUESDAY)


def test_a_team_is_made_where_the_post_reaches(district):
    red = make(district, by=district.lead, kind=TeamKind.RED_VEST, name="红马甲")

    assert (make(district).valid_from, red.kind) == (ON, "red_vest")
    for who in (district.worker, district.other_secretary, district.dispatcher):
        with pytest.raises(NotYours):
            make(district, by=who, name="别的")
    assert VolunteerTeam.objects.count() == 2


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"area": "community"}, "area"),
        ({"area": "building", "kind": TeamKind.RED_VEST}, "area"),
        ({"kind": TeamKind.ORGANISATION}, "organisation"),
    ],
)
def test_a_team_stands_where_its_kind_belongs(district, facts, field):
    place = {"area": getattr(district, facts["area"])} if "area" in facts else {}
    with pytest.raises(BadInput) as no:
        make(district, **{**facts, **place})

    assert no.value.field == field
    assert not VolunteerTeam.objects.exists()


def test_the_team_of_an_organisation_names_it(district):
    team = make(district, kind=TeamKind.ORGANISATION, area=district.community, organisation=district.sanitation)

    assert team.organisation == district.sanitation
    with pytest.raises(BadInput):
        make(district, name="二队", organisation=district.sanitation)


@pytest.mark.django_db(transaction=True)
def test_two_threads_make_one_team_of_a_grid(district):
    names = iter(["甲队", "乙队", "丙队"])

    ended = at_once(*[lambda name=name: make(district, name=name) for name in names])

    assert (ended.count(None), ended.count(NotNow), VolunteerTeam.objects.count()) == (1, 2, 1)


def test_who_is_taken_on_in_the_community_joins_once(district):
    team, waiting = make(district), register(district, phone=OTHER)
    row = taken_on(district)

    teams.join(team, row, by=keeper(district), at=TUESDAY)

    assert isinstance(refused(lambda: teams.join(team, row, by=keeper(district), at=TUESDAY)), NotNow)
    with pytest.raises(BadInput):
        teams.join(team, waiting, by=keeper(district), at=TUESDAY)
    assert Membership.objects.count() == 1


def test_one_named_member_leads_on_any_day_and_the_next_ends_his_mandate(district):
    team, _member, first = led(district)
    other = teams.join(team, taken_on(district, phone=OTHER), by=keeper(district), at=TUESDAY)
    later = TUESDAY + 10 * DAY

    teams.give_mandate(team, member_id=other.pk, until=date(2026, 12, 31), by=keeper(district, later), at=later)

    first.refresh_from_db()
    assert (first.starts_on, first.ends_on) == (ON, date(2026, 6, 18))
    assert [teams.leader_of(team, on=on).volunteer_id for on in (date(2026, 6, 18), date(2026, 6, 19))] == [
        first.volunteer_id, other.volunteer_id,
    ]  # fmt: skip
    assert teams.leader_of(team, on=date(2027, 1, 1)) is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.create(
            team=team, volunteer=first.volunteer, starts_on=later.date(), ends_on=later.date(), given_by=district.lead
        )


@pytest.mark.parametrize("until", [date(2026, 6, 8), date(2030, 1, 1)])
def test_a_mandate_has_an_end_that_is_near(district, until):
    with pytest.raises(BadInput):
        led(district, until=until)

    assert not Mandate.objects.exists()


def test_case_66_who_leaves_the_register_leaves_his_teams_and_mandates_today(district):
    team, member, mandate = led(district)

    transitions.leave(member.volunteer, by=None, at=TUESDAY + DAY)

    member.refresh_from_db()
    mandate.refresh_from_db()
    assert (member.ends_on, mandate.ends_on) == (ON + DAY, ON + DAY)
    rules = {rule.name: rule for rule in expiry.rules()}
    at = TUESDAY + 400 * DAY
    assert [rules["volunteers.memberships"].end(one.pk, at) for one in rules["volunteers.memberships"].due(at)] == [
        True
    ]
    assert not rules["volunteers.mandates"].due(at).exists()
    assert VolunteerTeam.objects.get() == team


def test_the_end_of_a_team_ends_what_hangs_on_it(district):
    team, member, mandate = led(district)

    teams.close(team, by=keeper(district), at=TUESDAY + DAY)

    member.refresh_from_db()
    mandate.refresh_from_db()
    assert (member.ends_on, mandate.ends_on) == (ON + DAY, ON + DAY)
    assert isinstance(refused(lambda: teams.close(team, by=keeper(district), at=TUESDAY)), NotNow)
    assert make(district).pk != team.pk


def test_grids_without_a_team_are_counted_area_by_area(district):
    make(district)
    make(district, kind=TeamKind.RED_VEST, area=district.other_grid, name="红马甲")

    total, lines, without = teams.grid_teams(district.street, [district.community, district.other_community], on=ON)

    assert (total.grids, total.with_team, total.without) == (2, 1, 1)
    assert [(line.area, line.grids, line.without) for line in lines] == [
        (district.community, 2, 1), (district.other_community, 0, 0),
    ]  # fmt: skip
    assert without == [district.other_grid]


def test_the_pages_of_teams(client, district):
    row = taken_on(district, at=timezone.now())
    client.force_login(district.secretary)
    given = {"kind": "grid", "area": district.grid.code, "name": "", "organisation": ""}
    assert client.post(reverse("volunteer_team_new"), given).status_code == 422
    made = client.post(reverse("volunteer_team_new"), {**given, "name": "一网格志愿队"})
    url = made.url
    assert client.post(f"{url}join/", {"volunteer": str(row.pk)}).status_code == 302
    assert client.post(f"{url}join/", {"volunteer": str(row.pk)}).status_code == 422
    member = Membership.objects.get()
    until = str(timezone.localdate() + DAY)
    assert client.post(f"{url}mandate/", {"member": member.pk, "until": until}).status_code == 302
    page = client.get(url).content.decode()
    assert ("常**" in page, "常帮忙" in page) == (True, False)
    assert "1 member" in client.get(reverse("volunteer_teams")).content.decode()
    client.force_login(district.dispatcher)
    page = client.get(url).content.decode()
    assert ("常**" in page, client.post(f"{url}close/").status_code) == (False, 403)
    counted = client.get(reverse("volunteer_grid_teams"))
    assert (counted.context["total"].grids, counted.context["total"].with_team) == (2, 1)
    client.force_login(district.stranger)
    assert client.get(url).status_code == 404
    assert client.get(reverse("volunteer_grid_teams"), {"area": district.community.code}).status_code == 404
    client.force_login(district.secretary)
    assert client.post(f"{url}leave/", {"member": "x"}).status_code == 409
    assert client.post(f"{url}leave/", {"member": member.pk}).status_code == 302
    assert client.post(f"{url}close/").status_code == 302
    assert client.post(f"{url}close/").status_code == 409
