"""Red-armband teams: who joins with his own consent, who walks a team's rounds, what goes when somebody leaves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fieldwork import rounds, teams, walking
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import PatrolCheck, PatrolDuty, PatrolRoute, PatrolTeam, TeamMember
from grids.enums import PostKind
from people import expiry
from people.errors import BadInput
from people.models import Person, RevealLog
from tests.factories import TUESDAY, appoint, make_user
from tests.fieldwork.homes import at
from tests.fieldwork.walks import MONDAY, made, points, route

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def secretary(district):
    return district.as_staff(district.secretary)


@pytest.fixture
def team(district, secretary) -> PatrolTeam:
    return teams.make(area=district.community, name="红袖章", by=secretary, at=MONDAY)


@pytest.fixture
def head(district):
    """The head of a stairwell, whose post walks no route."""
    user = make_user("head-of-stairs")
    appoint(user, PostKind.UNIT_HEAD, district.unit)
    return user


def join(team, by, **facts):
    return teams.join(team, by=by, at=MONDAY, **({"agreed": True} | facts))


def test_a_team_walks_its_round_by_any_of_its_accounts(district, secretary, team, head):
    """Mechanism 002-33: the red-armband patrol."""
    duty = made(district, area=district.community, post=None, team=team, by=district.secretary)
    first, second, third = points(duty)
    member = district.as_staff(head)
    with pytest.raises(NotYours):
        walking.confirm(duty, point=first, by=member, at=TUESDAY)
    join(team, secretary, user=head)
    join(team, secretary, user=district.worker, leads=True)

    walking.confirm(duty, point=first, by=member, at=TUESDAY)
    walking.confirm(duty, point=second, by=district.as_staff(district.worker), at=TUESDAY)
    walking.confirm(duty, point=third, by=member, at=TUESDAY)

    assert PatrolDuty.objects.get().state == "done"
    assert sorted(PatrolCheck.objects.values_list("by__display_name", flat=True)) == [
        "head-of-stairs", "head-of-stairs", "worker",
    ]  # fmt: skip
    assert list(PatrolDuty.objects.visible_to(member)) == [duty]
    assert list(PatrolRoute.objects.visible_to(district.as_staff(district.other_secretary))) == []


def test_nobody_joins_without_consent_twice_or_as_two(district, secretary, team):
    for wrong, refusal in (
        ({"user": district.worker, "agreed": False}, BadInput),
        ({}, BadInput),
        ({"user": district.worker, "name": "常小红"}, BadInput),
        ({"user": district.stranger}, BadInput),
        ({"name": "常小红", "phone": "12"}, BadInput),
    ):
        with pytest.raises(refusal):
            join(team, secretary, **wrong)
    join(team, secretary, user=district.worker)
    with pytest.raises(NotNow):
        join(team, secretary, user=district.worker)

    assert (TeamMember.objects.count(), Person.objects.count()) == (1, 0)


def test_one_leads_and_the_one_before_goes_on(district, secretary, team):
    join(team, secretary, user=district.worker, leads=True)
    join(team, secretary, name="常小红", leads=True)

    assert [(member.user, member.leads) for member in team.members.order_by("pk")] == [
        (district.worker, False), (None, True),
    ]  # fmt: skip


def test_a_residents_name_is_sealed_shown_for_a_reason_and_gone_when_he_leaves(secretary, team):
    member = join(team, secretary, name="常小红", phone="13800138000")
    assert member.person.context == "team"
    shown = teams.look(team, member_id=member.pk, field="phone", reason="约巡查时间", by=secretary, at=MONDAY)
    assert shown.value == "13800138000"
    assert RevealLog.objects.get().about == f"patrolteam:{team.pk}"

    teams.leave(team, member_id=member.pk, by=secretary, at=TUESDAY)

    row = Person.objects.get()
    assert (row.name, row.phone, row.phone_index) == ("", "", None)
    with pytest.raises(NotNow):
        teams.look(team, member_id=member.pk, field="phone", reason="约巡查时间", by=secretary, at=TUESDAY)


def test_a_team_that_ends_takes_its_routes_and_names_along(district, secretary, team):
    join(team, secretary, name="常小红")
    one = route(district, area=district.grid, post=None, team=team, by=district.secretary)

    teams.close(team, by=secretary, at=TUESDAY)

    one.refresh_from_db()
    assert one.valid_to == TUESDAY.date()
    assert rounds.make_day(at=at("2026-06-10", 0)) == 0
    assert Person.objects.get().name == ""
    with pytest.raises(NotNow):
        join(team, secretary, name="常小红")
    with pytest.raises(BadInput):
        route(district, area=district.grid, name="二", post=None, team=team, by=district.secretary)


def test_a_year_after_a_member_left_his_row_goes(secretary, team):
    member = join(team, secretary, name="常小红")
    teams.leave(team, member_id=member.pk, by=secretary, at=TUESDAY)

    expiry.run(at=TUESDAY + timedelta(days=365), only=("fieldwork.team_members",))
    assert TeamMember.objects.count() == 1
    expiry.run(at=TUESDAY + timedelta(days=367), only=("fieldwork.team_members",))
    assert TeamMember.objects.count() == 0


@pytest.mark.parametrize("who", ["worker", "window", "other_secretary", "handler", "supervisor"])
def test_who_keeps_no_routes_keeps_no_teams(district, team, who):
    by = district.as_staff(getattr(district, who))
    with pytest.raises(NotYours):
        teams.make(area=district.community, name="二队", by=by, at=TUESDAY)
    with pytest.raises(NotYours):
        join(team, by, name="常小红")
    assert (PatrolTeam.objects.count(), Person.objects.count()) == (1, 0)


# -- pages --------------------------------------------------------------------------------------------------------


def test_a_team_from_making_it_to_its_round_on_a_members_day(client, district, head):
    client.force_login(district.secretary)
    response = client.post("/patrols/teams/new/", {"area": district.community.code, "name": "红袖章"})
    team = PatrolTeam.objects.get()
    page = f"/patrols/teams/{team.pk}/"
    assert response.url == page
    assert client.post("/patrols/teams/new/", {"area": district.community.code, "name": "红袖章"}).status_code == 409
    refused = client.post(f"{page}join/", {"name": "常小红", "phone": "13800138000"})
    assert refused.status_code == 422
    assert "常小红" in refused.content.decode()
    assert client.post(f"{page}join/", {"name": "常小红", "phone": "13800138000", "agreed": "on"}).url == page
    assert client.post(f"{page}join/", {"user": head.pk, "agreed": "on", "leads": "on"}).url == page
    shown = client.get(page).content.decode()
    assert "138****8000" in shown
    assert "13800138000" not in shown
    assert "常小红" not in shown
    person = team.members.get(user=None)
    assert client.post(f"{page}look/", {"member": person.pk, "field": "phone", "reason": ""}).status_code == 422
    looked = client.post(f"{page}look/", {"member": person.pk, "field": "phone", "reason": "约巡查时间"})
    assert "13800138000" in looked.content.decode()
    sent = {
        "area": district.grid.code, "name": "夜巡", "post": f"team-{team.pk}", "rhythm": "daily", "times": "23:59",
        "places": "东门", "starts_on": timezone.localdate().isoformat(),
    }  # fmt: skip
    assert client.post("/patrols/routes/new/", sent).status_code == 302
    one = PatrolRoute.objects.get()
    assert (one.team, one.post) == (team, "")
    assert client.get(f"/patrols/routes/{one.pk}/change/").context["form"]["post"].value() == f"team-{team.pk}"

    rounds.make_day(at=timezone.now())
    client.force_login(head)
    assert "东门" in client.get("/grid/").content.decode()
    assert client.get(page).status_code == 200
    assert client.post(f"{page}leave/", {"member": person.pk}).status_code == 403

    client.force_login(district.secretary)
    assert client.post(f"{page}leave/", {"member": person.pk}).status_code == 302
    assert client.post(f"{page}leave/", {"member": person.pk}).status_code == 409
    assert client.post(f"{page}gone/").status_code == 404
    assert client.post(f"{page}close/").status_code == 302
    client.force_login(head)
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("number", [1, 12])
def test_a_team_costs_the_same_however_many_are_in_it(client, district, secretary, team, number):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(number):
        join(team, secretary, name="常小红")
    client.force_login(district.secretary)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/patrols/teams/{team.pk}/").status_code == 200

    # session, user, posts held, stood in for, team, members, routes, who can join, unread
    assert len(asked) == 9
