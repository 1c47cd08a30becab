"""The district for measurements, in small: whole, sealed, found by telephone, into an empty database only."""

from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from config.scale import DISTRICTS, load_scale, name_of, phone_of
from fieldwork.models import Dwelling, Household, Resident
from grids.enums import Level
from grids.models import Area
from parties.members import seat_of
from parties.models import PartyMember, PartyOrganisation
from people.contacts import MOBILE
from people.enums import Context
from people.errors import BadInput
from people.models import Person

pytestmark = pytest.mark.django_db


def test_the_full_size_is_that_of_the_source():
    liwan = DISTRICTS["liwan"]

    sizes = (liwan.streets, liwan.communities, liwan.grids, liwan.buildings, liwan.houses, liwan.persons, liwan.members)

    assert sizes == (22, 201, 1_044, 21_550, 94_000, 1_150_000, 60_000)


def test_one_command_loads_a_whole_tree_and_sealed_persons(capsys):
    call_command("load_scale", "liwan", one_in=1000, verbosity=0)

    levels = [Area.objects.filter(level=level).count() for level in Level]
    assert levels == [1, 1, 1, 1, 1, 1, 21, 0]
    for area in Area.objects.exclude(parent=None).select_related("parent"):
        assert area.path == f"{area.parent.path}{area.pk}/"
        assert area.level > area.parent.level
    assert Area.objects.served().filter(name_key="").count() == 0
    assert Person.objects.count() == 1150 + 60
    [found] = Person.objects.with_phone(phone_of(77), context=Context.HOUSEHOLD)
    assert (found.name, found.phone, found.context) == (name_of(77), "10000000077", Context.HOUSEHOLD)
    assert list(Person.objects.named(name_of(77), context=Context.HOUSEHOLD)) == [found]
    assert b"10000000077" not in bytes(found.phone_sealed)
    assert (Dwelling.objects.count(), Household.objects.count(), Resident.objects.count()) == (94, 94, 1150 - 94)
    assert not Dwelling.objects.to_collect().exists()
    assert sum(Household.objects.values_list("people", flat=True)) == 1150
    home = Household.objects.get(contact=found)
    assert home.people == 1 + home.residents.count() == 12
    assert home.grid.path == home.place.parent.path
    assert "27 areas, 94 houses, 1,150 persons, 60 members" in capsys.readouterr().out
    # what comes next finds free ids
    assert Area.objects.create(level=Level.PROVINCE, name="甘肃省", code="62").pk == 28


def test_the_members_stand_sealed_in_the_branches_of_the_grids():
    load_scale(DISTRICTS["liwan"].one_in(200), at=timezone.now())

    kinds = Counter(PartyOrganisation.objects.values_list("kind", flat=True))
    assert kinds == {"working_committee": 1, "general_branch": 1, "grid_branch": 5}
    for row in PartyOrganisation.objects.exclude(parent=None).select_related("parent", "area"):
        assert row.path == f"{row.parent.path}{row.pk}/"
        assert row.parent.area_id == row.area.parent_id
    assert Counter(PartyMember.objects.values_list("organisation__kind", flat=True)) == {"grid_branch": 300}
    assert Counter(Counter(PartyMember.objects.values_list("organisation", flat=True)).values()) == {60: 5}
    [found] = Person.objects.with_phone(phone_of(77), context=Context.MEMBER)
    member = PartyMember.objects.current().get(person=found)
    assert (found.name, bytes(member.seat)) == (name_of(77), seat_of(name=name_of(77), phone=phone_of(77)))
    assert b"10000000077" not in bytes(found.phone_sealed)
    # what comes next finds free ids
    grid = PartyOrganisation.objects.filter(kind="grid_branch").last()
    made = PartyOrganisation.objects.create(
        kind="group", area=grid.area, parent=grid, name="党小组", valid_from=timezone.localdate()
    )
    assert made.pk == 8


def test_no_telephone_of_it_can_be_anybodys():
    assert not any(MOBILE.fullmatch(phone_of(number)) for number in (0, 1, 999_999, 1_149_999))


def test_it_loads_nothing_where_there_is_something():
    scale = DISTRICTS["liwan"].one_in(10_000)
    load_scale(scale, at=timezone.now())

    with pytest.raises(BadInput):
        load_scale(scale, at=timezone.now())
    with pytest.raises(CommandError):
        call_command("load_scale", "liwan", one_in=10_000, verbosity=0)

    assert Person.objects.count() == 115 + 6


def test_a_load_that_breaks_off_leaves_nothing_and_can_be_begun_again():
    scale = DISTRICTS["liwan"].one_in(500)

    def break_off(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_scale(scale, at=timezone.now(), progress=break_off)
    assert not Area.objects.exists()
    assert not Person.objects.exists()

    assert load_scale(scale, at=timezone.now()).persons == 2300
