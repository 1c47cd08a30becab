"""Party organisations for tests: founded by the real services, or written down as rows."""

import uuid
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

from parties import members, organisations
from parties.enums import Ground, PartyKind
from parties.models import PartyMember, PartyOrganisation
from people.enums import Context
from people.models import Person
from tests.factories import SINCE, TUESDAY

NUMBER, OTHER = "13900139000", "13700137000"
JOINED = date(2020, 7, 1)


def found(district, kind, area, parent=None, *, by=None, at=TUESDAY, name="", **facts):
    """Found one by whoever keeps it: the secretary in his community, else the leader of the street."""
    who = by or (district.secretary if parent is not None and parent.area == district.community else district.leader)
    return organisations.found(
        kind=PartyKind(kind), area=area, parent=parent, name=name or f"{area.label}{kind}",
        by=district.as_staff(who, at.date()), at=at, **facts,
    )  # fmt: skip


def tree(district, *, at=TUESDAY):
    """Found a working committee, a community's general branch and the branch of its first grid."""
    street = found(district, "working_committee", district.street, at=at)
    community = found(district, "general_branch", district.community, street, at=at)
    return SimpleNamespace(
        street=street, community=community, grid=found(district, "grid_branch", district.grid, community, at=at)
    )


def join(district, organisation, *, by=None, at=TUESDAY, **facts) -> PartyMember:
    """Write somebody down as a member."""
    given = {
        "name": "常守正", "phone": NUMBER, "joined_on": JOINED, "ground": Ground.CONSENT, "client_key": uuid.uuid4(),
        **facts,
    }  # fmt: skip
    return members.join(organisation, by=district.as_staff(by or district.secretary, at.date()), at=at, **given)


def party_in(grid) -> Iterator[PartyOrganisation | PartyMember]:
    """Write down the branch of a grid and a member, as rows and by no rule, with what they stand under."""
    above = None
    for area, kind in ((grid.parent.parent, "working_committee"), (grid.parent, "general_branch")):
        above, _made = PartyOrganisation.objects.get_or_create(
            kind=kind, area=area, parent=above, defaults={"name": "党组织", "valid_from": SINCE}
        )
    branch = PartyOrganisation.objects.create(
        kind="grid_branch", area=grid, parent=above, name=f"支部{grid.pk}", valid_from=SINCE
    )
    yield branch
    person = Person.objects.create(context=Context.MEMBER, created_at=TUESDAY)
    yield PartyMember.objects.create(
        client_key=uuid.uuid4(), person=person, organisation=branch, joined_here_on=JOINED, ground=Ground.LETTER
    )
