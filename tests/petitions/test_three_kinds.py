"""The three kinds of triage (004-10): each has its own stages, its own end and its own post for more time."""

from datetime import timedelta

import pytest

from deadlines.models import Policy
from grids.enums import Level, PostKind
from petitions import requests, transitions
from petitions.enums import Tier, Urgency
from petitions.errors import NotYours
from petitions.models import Category
from tests.factories import TUESDAY
from tests.petitions.test_transitions import do

pytestmark = pytest.mark.django_db


def triaged(district, tier, **facts):
    return transitions.accept(
        district.petition(), by=district.as_staff(district.secretary), at=TUESDAY + timedelta(minutes=5),
        category=Category.objects.get(code="0102"), policy=Policy.objects.get(key=f"{tier}_tier"), tier=Tier(tier),
        urgency=Urgency.NORMAL, **facts,
    )  # fmt: skip


def stages(petition, state="running"):
    found = petition.clocks.filter(stage__policy=petition.policy, state=state).order_by("stage__position")
    return list(found.values_list("stage__code", flat=True))


def resolved(district, petition):
    for minutes, verb in enumerate(("sign", "arrive", "resolve"), start=10):
        petition = do(district, verb, petition, at=TUESDAY + timedelta(minutes=minutes))
    return petition


def test_what_is_handled_at_once_is_done_on_the_spot_and_closed_in_the_grid(district):
    petition = triaged(district, "immediate")
    assert stages(petition) == ["arrive", "resolve"]
    assert requests.approvers(petition) == ((Level.COMMUNITY, PostKind.COMMUNITY_SECRETARY),)

    petition = resolved(district, petition)
    petition = do(district, "verify", petition, by=district.lead)
    assert do(district, "close", petition, by=district.lead).status == "closed"


def test_what_is_promised_is_deliberated_on_first_where_residents_must_and_leaves_the_grid(district):
    assert stages(triaged(district, "committed")) == ["contact", "promise", "resolve"]
    petition = triaged(district, "committed", needs_deliberation=True)
    assert stages(petition) == ["contact", "promise", "deliberate", "resolve"]
    assert requests.approvers(petition) == ((Level.STREET, PostKind.DISPATCHER),)

    petition = resolved(district, petition)
    with pytest.raises(NotYours):
        do(district, "verify", petition, by=district.lead)
    assert do(district, "verify", petition, by=district.secretary).status == "verified"


def test_what_is_referred_counts_from_the_referral_and_from_who_takes_it_above(district):
    petition = triaged(district, "referred")
    assert stages(petition) == ["refer"]
    assert requests.approvers(petition) == ((Level.DISTRICT, PostKind.DISTRICT_COMMAND),)

    petition = transitions.dispatch(
        petition, by=district.as_staff(district.dispatcher), at=TUESDAY + timedelta(minutes=20),
        organisation=district.sanitation,
    )  # fmt: skip
    assert (stages(petition), stages(petition, "stopped")) == (["sign"], ["refer"])
    petition = do(district, "sign", petition, by=district.handler, at=TUESDAY + timedelta(minutes=30))
    assert stages(petition) == ["contact", "resolve"]
