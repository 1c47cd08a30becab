"""Members of Party organisations: one human in one place, moved with a history, forgotten in time, seen by few."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from parties import members
from parties.enums import Ground
from parties.errors import MemberAlready, NotNow, NotYours
from parties.models import PartyMember
from people import expiry
from people.enums import ConsentPurpose, Context
from people.errors import BadInput
from people.models import Consent, Person
from tests.factories import TUESDAY
from tests.parties.world import JOINED, NUMBER, OTHER, found, join, tree
from tests.petitions.test_afterwards_at_once import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ON = date(2026, 6, 9)
DAY = timedelta(days=1)


def keeper(district, who=None, at=TUESDAY):
    return district.as_staff(who or district.secretary, at.date())


def second(district, made):
    return found(district, "grid_branch", district.other_grid, made.community)


def test_a_member_stands_sealed_in_a_context_of_his_own_on_a_ground_that_is_noted(district):
    made = tree(district)
    agreed = join(district, made.grid)
    letter = join(district, made.grid, phone=OTHER, ground=Ground.LETTER)

    assert (agreed.joined_here_on, agreed.left_on, agreed.added_by) == (JOINED, None, district.secretary)
    assert (agreed.person.context, agreed.person.name, agreed.person.phone) == (Context.MEMBER, "常守正", NUMBER)
    assert NUMBER.encode() not in bytes(agreed.person.phone_sealed)
    # looked up as anything else that we know humans as, he is not there
    assert not Person.objects.with_phone(NUMBER, context=Context.VOLUNTEER).exists()
    assert bytes(agreed.seat) != bytes(agreed.person.phone_index)
    assert [(one.person, one.purpose) for one in Consent.objects.all()] == [(agreed.person, ConsentPurpose.MEMBER)]
    assert letter.ground == "letter"


def test_one_human_stands_in_one_organisation(district):
    made = tree(district)
    key = uuid.uuid4()
    row = join(district, made.grid, client_key=key)

    assert join(district, made.grid, client_key=key) == row  # the same form again
    with pytest.raises(MemberAlready):
        join(district, second(district, made), phone="139 0013 9000", name="常 守正")
    assert join(district, made.grid, name="林小红").person_id != row.person_id  # his wife shares the telephone
    assert join(district, made.grid, name="常无号", phone="").seat is None
    with pytest.raises(IntegrityError), transaction.atomic():
        PartyMember.objects.create(
            client_key=uuid.uuid4(), person=row.person, organisation=made.grid, joined_here_on=ON, ground="letter"
        )
    assert PartyMember.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_threads_write_one_human_down_once(district):
    made = tree(district)

    ended = at_once(*[lambda: join(district, made.grid) for _ in range(3)])

    assert (ended.count(None), ended.count(MemberAlready), PartyMember.objects.count()) == (1, 2, 1)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"phone": "12"}, "phone"),
        ({"joined_on": ON + DAY}, "joined_on"),
        ({"joined_on": date(1921, 6, 30)}, "joined_on"),
    ],
)
def test_what_is_no_member_is_refused(district, facts, field):
    made = tree(district)

    with pytest.raises(BadInput) as no:
        join(district, made.grid, **facts)

    assert no.value.field == field
    assert not PartyMember.objects.exists()
    assert not Person.objects.filter(context=Context.MEMBER).exists()


def test_committees_and_general_branches_have_no_members_of_their_own(district):
    made = tree(district)

    with pytest.raises(NotNow):
        join(district, made.community)
    with pytest.raises(NotYours):  # in the communities the secretaries keep them, the street its own
        join(district, made.grid, by=district.leader)
    own = found(district, "new_branch", district.street, made.street, form="joint")
    assert join(district, own, by=district.leader).organisation == own


def test_who_moves_has_a_history(district):
    made = tree(district)
    row, there = join(district, made.grid), second(district, made)
    later = TUESDAY + 10 * DAY

    moved = members.move(row, to=there, by=keeper(district), at=later)

    row.refresh_from_db()
    assert (row.organisation, row.left_on, row.seat) == (made.grid, ON + 10 * DAY, None)
    assert (moved.organisation, moved.joined_here_on, moved.left_on) == (there, ON + 10 * DAY, None)
    assert moved.person_id == row.person_id
    with pytest.raises(MemberAlready):
        join(district, made.grid)
    for act in (
        lambda: members.move(row, to=there, by=keeper(district), at=later),  # he has left there
        lambda: members.move(moved, to=there, by=keeper(district), at=later),
        lambda: members.move(moved, to=made.community, by=keeper(district), at=later),
    ):
        with pytest.raises(NotNow):
            act()
    with pytest.raises(NotYours):
        members.move(moved, to=made.grid, by=keeper(district, district.other_secretary), at=later)
    assert PartyMember.objects.current().get() == moved


def test_who_leaves_may_be_written_down_elsewhere_at_once(district):
    made = tree(district)
    row = join(district, made.grid)

    members.leave(row, by=keeper(district), at=TUESDAY)

    assert not Consent.objects.in_force().exists()
    with pytest.raises(NotNow):
        members.leave(row, by=keeper(district), at=TUESDAY)
    assert join(district, second(district, made)).person_id != row.person_id


def test_a_year_later_the_row_goes_and_with_the_last_one_name_and_number(district):
    made = tree(district)
    first = join(district, made.grid)
    last = members.move(first, to=second(district, made), by=keeper(district), at=TUESDAY)
    members.leave(last, by=keeper(district), at=TUESDAY + 30 * DAY)
    rule = {one.name: one for one in expiry.rules()}["parties.members"]

    def due(days):
        return set(rule.due(TUESDAY + days * DAY).values_list("pk", flat=True))

    assert (due(365), due(367), due(395), due(397)) == (set(), {first.pk}, {first.pk}, {first.pk, last.pk})
    assert rule.end(first.pk, TUESDAY + 367 * DAY)
    person = Person.objects.get(pk=last.person_id)
    assert person.name == "常守正"
    assert rule.end(last.pk, TUESDAY + 397 * DAY)
    person.refresh_from_db()
    assert (person.name_sealed, person.phone_sealed, person.phone_index, person.name_index) == (None,) * 4
    assert not rule.end(last.pk, TUESDAY + 397 * DAY)
    assert not PartyMember.objects.exists()


def test_who_stands_somewhere_is_never_due(district):
    row = join(district, tree(district).grid)
    rule = {one.name: one for one in expiry.rules()}["parties.members"]

    assert not rule.due(TUESDAY + 4000 * DAY).exists()
    assert not rule.end(row.pk, TUESDAY + 4000 * DAY)


def test_members_are_seen_by_whoever_keeps_them_and_by_nobody_else(district):
    made = tree(district)
    row = join(district, made.grid)
    own = join(
        district, found(district, "new_branch", district.street, made.street, form="joint"),
        by=district.leader, phone=OTHER,
    )  # fmt: skip

    def sees(who):
        return set(PartyMember.objects.visible_to(keeper(district, who)))

    assert (sees(district.secretary), sees(district.leader)) == ({row}, {own})
    for who in (
        district.command, district.worker, district.lead, district.window, district.dispatcher, district.supervisor,
        district.other_secretary, district.stranger, district.handler, district.head,
    ):  # fmt: skip
        assert sees(who) == set()
