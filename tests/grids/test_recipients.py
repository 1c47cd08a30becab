"""Who is told: holder, deputy, level above, duty list, never nobody; and never the line of a person complained of."""

from datetime import date

import pytest

from grids.enums import Level, PostKind
from grids.errors import NobodyToTell
from grids.models import Absence, Appointment, DutyMember, Post
from grids.posts import Request, Told, recipients_for
from tests.factories import SINCE, District, appoint, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 9)
WORKER = (Level.GRID, PostKind.GRID_WORKER)
LEAD = (Level.GRID, PostKind.GRID_LEAD)
SECRETARY = (Level.COMMUNITY, PostKind.COMMUNITY_SECRETARY)
DISPATCHER = (Level.STREET, PostKind.DISPATCHER)
LEADER = (Level.STREET, PostKind.STREET_LEADER)
HANDLER = (Level.STREET, PostKind.DEPARTMENT_HANDLER)
HEAD = (Level.STREET, PostKind.DEPARTMENT_HEAD)
COMMAND = (Level.DISTRICT, PostKind.DISTRICT_COMMAND)
SUPERVISOR = (Level.STREET, PostKind.SUPERVISOR)
UNIT_HEAD = (Level.UNIT, PostKind.UNIT_HEAD)


def told(district: District, *targets, excluded=(), area=None, organisation=None) -> tuple[list[str], str]:
    """Names and route for one request at the unit of the district."""
    request = Request(
        key="it",
        path=(area or district.unit).path,
        targets=tuple(targets),
        organisation_id=organisation.pk if organisation else None,
        excluded=frozenset(user.pk for user in excluded),
    )
    answer = recipients_for([request], TODAY)["it"]
    names = {user.pk: name for name in District.__slots__ if hasattr(user := getattr(district, name), "username")}
    return [names.get(pk, "another") for pk in answer.user_ids], answer.route


def leaves(*users) -> None:
    Appointment.objects.filter(user__in=users).update(ends_on=date(2026, 6, 8))


def away(user, deputy=None, starts_on=TODAY, ends_on=TODAY) -> None:
    Absence.objects.create(
        appointment=Appointment.objects.get(user=user), starts_on=starts_on, ends_on=ends_on, deputy=deputy
    )


def closed(user) -> None:
    user.is_active = False
    user.save(update_fields=["is_active"])


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (WORKER, "worker"),
        (LEAD, "lead"),
        (SECRETARY, "secretary"),
        ((Level.COMMUNITY, PostKind.COMMUNITY_WORKER), "window"),
        (DISPATCHER, "dispatcher"),
        (LEADER, "leader"),
        (SUPERVISOR, "supervisor"),
        (COMMAND, "command"),
    ],
)
def test_the_holder_of_the_post_at_that_level_is_told(district: District, target, name):
    assert told(district, target) == ([name], "holder")


@pytest.mark.parametrize(
    ("gone", "target", "name", "route"),
    [
        (["worker"], WORKER, "lead", "level_up"),
        (["worker", "lead"], WORKER, "secretary", "level_up"),
        (["lead"], LEAD, "secretary", "level_up"),
        ([], UNIT_HEAD, "lead", "level_up"),
        (["worker", "lead", "secretary"], WORKER, "dispatcher", "level_up"),
        (["window"], (Level.COMMUNITY, PostKind.COMMUNITY_WORKER), "secretary", "level_up"),
        (["secretary"], SECRETARY, "dispatcher", "level_up"),
        (["secretary", "dispatcher"], SECRETARY, "leader", "level_up"),
        (["dispatcher"], DISPATCHER, "leader", "level_up"),
        (["leader"], LEADER, "command", "level_up"),
        (["supervisor"], SUPERVISOR, "leader", "level_up"),
        (["dispatcher", "leader"], DISPATCHER, "command", "level_up"),
        (["command"], COMMAND, "duty", "duty_list"),
        (["worker", "lead", "secretary", "dispatcher", "leader", "command"], WORKER, "duty", "duty_list"),
    ],
)
def test_for_a_vacant_post_one_looks_upwards(district: District, gone, target, name, route):
    leaves(*(getattr(district, who) for who in gone))

    assert told(district, target) == ([name], route)


def test_the_deputy_of_who_is_away_is_told(district: District):
    away(district.worker, deputy=district.other_worker)

    assert told(district, WORKER) == (["other_worker"], "deputy")


def test_nobody_is_told_for_who_is_away_without_a_deputy(district: District):
    away(district.worker)

    assert told(district, WORKER) == (["lead"], "level_up")


def test_an_absence_counts_from_its_first_to_its_last_day(district: District):
    away(district.worker, starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 8))
    away(district.lead, starts_on=date(2026, 6, 10), ends_on=date(2026, 6, 12))

    assert told(district, WORKER, LEAD) == (["worker", "lead"], "holder")


def test_a_deputy_who_is_away_too_is_not_told(district: District):
    away(district.worker, deputy=district.other_worker)
    away(district.other_worker)

    assert told(district, WORKER) == (["lead"], "level_up")


def test_a_closed_account_is_told_nothing_as_holder_or_deputy(district: District):
    closed(district.lead)
    away(district.worker, deputy=district.lead)

    assert told(district, WORKER) == (["secretary"], "level_up")


def test_all_holders_of_a_post_are_told_and_the_deputies_of_the_others(district: District):
    second, third = make_user("second"), make_user("third")
    Post.objects.filter(area=district.grid, kind=PostKind.GRID_WORKER).update(seats=3)
    appoint(second, PostKind.GRID_WORKER, district.grid)
    appoint(third, PostKind.GRID_WORKER, district.grid)
    away(second, deputy=district.other_worker)
    away(third)

    assert told(district, WORKER) == (["worker", "other_worker"], "deputy")


def test_several_targets_are_each_resolved_and_each_person_told_once(district: District):
    leaves(district.lead)

    assert told(district, WORKER, SECRETARY, LEAD) == (["worker", "secretary"], "level_up")


def test_department_posts_are_looked_up_at_their_organisation(district: District):
    assert told(district, HANDLER, HEAD, organisation=district.sanitation) == (["handler", "head"], "holder")
    leaves(district.handler)
    assert told(district, HANDLER, organisation=district.sanitation) == (["head"], "level_up")
    leaves(district.head)
    assert told(district, HANDLER, organisation=district.sanitation) == (["dispatcher"], "level_up")


def test_without_an_organisation_a_department_post_is_vacant(district: District):
    assert told(district, HANDLER) == (["dispatcher"], "level_up")


def test_a_level_that_the_place_does_not_reach_is_vacant(district: District):
    assert told(district, WORKER, area=district.community) == (["secretary"], "level_up")
    assert told(district, WORKER, area=district.district) == (["command"], "level_up")


def test_the_line_of_another_area_is_never_told(district: District):
    assert told(district, WORKER, SECRETARY, area=district.other_community) == (["other_secretary"], "level_up")


def test_a_request_without_targets_goes_to_the_duty_list(district: District):
    assert told(district) == (["duty"], "duty_list")


def test_of_a_recused_worker_the_peers_and_the_lead_are_passed_over(district: District):
    second = make_user("second")
    Post.objects.filter(area=district.grid, kind=PostKind.GRID_WORKER).update(seats=2)
    appoint(second, PostKind.GRID_WORKER, district.grid)

    assert told(district, WORKER, LEAD, excluded=[district.worker]) == (["secretary"], "level_up")


def test_of_a_recused_lead_the_line_under_him_is_passed_over(district: District):
    assert told(district, WORKER, excluded=[district.lead]) == (["secretary"], "level_up")


def test_of_a_recused_secretary_the_whole_community_is_passed_over(district: District):
    targets = [WORKER, LEAD, SECRETARY, (Level.COMMUNITY, PostKind.COMMUNITY_WORKER)]

    assert told(district, *targets, excluded=[district.secretary]) == (["dispatcher"], "level_up")


def test_targets_above_the_line_of_a_recused_person_are_told_as_ever(district: District):
    assert told(district, LEADER, COMMAND, excluded=[district.secretary]) == (["leader", "command"], "holder")


def test_of_a_recused_street_leader_the_district_is_told_and_of_its_command_the_duty_list(district: District):
    assert told(district, DISPATCHER, excluded=[district.leader]) == (["command"], "level_up")
    assert told(district, DISPATCHER, COMMAND, excluded=[district.command]) == (["duty"], "duty_list")


def test_of_a_recused_department_head_the_street_is_passed_over(district: District):
    answer = told(district, HANDLER, excluded=[district.head], organisation=district.sanitation)

    assert answer == (["command"], "level_up")


def test_the_deputy_of_a_recused_person_is_not_told_even_as_a_superior(district: District):
    away(district.secretary, deputy=district.dispatcher)

    assert told(district, SECRETARY, excluded=[district.secretary]) == (["leader"], "level_up")


def test_a_recused_deputy_closes_the_line_of_the_post_he_fills(district: District):
    away(district.secretary, deputy=district.window)

    assert told(district, WORKER, SECRETARY, excluded=[district.window]) == (["dispatcher"], "level_up")


def test_somebody_of_the_closed_line_does_not_stand_in_for_the_superior(district: District):
    away(district.dispatcher, deputy=district.window)

    assert told(district, WORKER, excluded=[district.secretary]) == (["leader"], "level_up")


def test_the_highest_post_of_a_recused_person_counts(district: District):
    appoint(district.dispatcher, PostKind.GRID_LEAD, district.other_grid)

    assert told(district, WORKER, excluded=[district.dispatcher]) == (["command"], "level_up")


def test_a_recused_person_from_elsewhere_closes_nothing(district: District):
    assert told(district, WORKER, excluded=[district.other_secretary]) == (["worker"], "holder")


def test_a_recused_person_on_the_duty_list_is_passed_over_there_too(district: District):
    leaves(district.command)
    second = make_user("second")
    DutyMember.objects.create(user=second, position=2, valid_from=SINCE)

    assert told(district, COMMAND, excluded=[district.duty]) == (["another"], "duty_list")


def test_the_duty_list_is_told_whole_in_its_order_without_the_closed_line(district: District):
    DutyMember.objects.create(user=district.leader, position=0)
    leaves(district.command)

    assert told(district, COMMAND) == (["leader", "duty"], "duty_list")
    assert told(district, LEADER, excluded=[district.leader]) == (["duty"], "duty_list")


def test_somebody_of_the_closed_line_is_better_than_nobody(district: District):
    leaves(district.command)
    DutyMember.objects.all().delete()
    DutyMember.objects.create(user=district.dispatcher, position=1)

    assert told(district, DISPATCHER, excluded=[district.leader]) == (["dispatcher"], "duty_list")


def test_an_empty_duty_list_is_an_alarm_that_names_who_is_left_and_keeps_the_other_answers(district: District):
    DutyMember.objects.all().delete()
    leaves(district.command)
    requests = [Request("good", district.unit.path, (WORKER,)), Request("bad", district.unit.path, (COMMAND,))]

    with pytest.raises(NobodyToTell) as alarm:
        recipients_for(requests, TODAY)

    assert alarm.value.keys == ("bad",)
    assert alarm.value.told == {"good": Told((district.worker.pk,), "holder")}


def test_a_duty_member_of_the_past_or_with_a_closed_account_does_not_count(district: District):
    leaves(district.command)
    DutyMember.objects.update(valid_to=date(2026, 6, 8))

    with pytest.raises(NobodyToTell):
        told(district, COMMAND)
    DutyMember.objects.update(valid_to=None)
    closed(district.duty)
    with pytest.raises(NobodyToTell):
        told(district, COMMAND)


@pytest.mark.parametrize("count", [1, 1000])
def test_a_batch_costs_two_queries_whatever_its_size(district: District, django_assert_num_queries, count):
    leaves(district.command)
    kinds = [(WORKER, SECRETARY), (COMMAND,), (HANDLER,)]
    requests = [
        Request(
            number,
            (district.unit, district.other_grid, district.other_community)[number % 3].path,
            kinds[number % 2] if count > 1 else (COMMAND,),
            organisation_id=district.sanitation.pk,
            excluded=frozenset({district.worker.pk} if number % 5 == 0 else ()),
        )
        for number in range(count)
    ]

    with django_assert_num_queries(2):  # seats, duty list
        answers = recipients_for(requests, TODAY)

    assert len(answers) == count
    assert all(answer.user_ids for answer in answers.values())


def test_no_request_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert recipients_for([], TODAY) == {}
