"""Campaigns of visits with a checklist (000-26, 002-34, 003a-14, 004-07)."""

from datetime import date, timedelta

import pytest

from fieldwork import campaigns
from fieldwork.enums import VisitMode
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import Campaign, CampaignTick, Visit
from fieldwork.reference import templates
from people.errors import BadInput
from tests.factories import TUESDAY
from tests.fieldwork.homes import at, homes, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

TODAY = date(2026, 6, 9)


def start(district, *, by="secretary", area=None, **facts):
    given = {
        "name": "敲门连心",
        "starts_on": TODAY,
        "ends_on": date(2026, 6, 30),
        "items": ["听意见建议", " 问生活困难 ", ""],
    } | facts
    area = area or district.community
    return campaigns.start(by=district.as_staff(getattr(district, by)), at=TUESDAY, area=area, **given)


def test_the_campaigns_of_the_sources_are_there_to_begin_with():
    """Mechanisms 002-34, 003a-14, 004-07, 000-26."""
    assert [(one.code, one.name_zh, one.goal) for one in templates()] == [
        ("knock", "敲门连心", None),
        ("three_by_three", "三进三问三查", None),
        ("thousand", "访千家进万户听民意解民忧", 1000),
        ("five_hundred", "三活四清五百家", 500),
        ("door_to_door", "入户排查", None),
    ]
    assert all(one.items for one in templates())


@pytest.mark.parametrize(
    ("by", "area"),
    [("secretary", "community"), ("dispatcher", "street"), ("leader", "street"), ("command", "district")],
)
def test_heads_start_campaigns_in_their_own_area(district, by, area):
    campaign = start(district, by=by, area=getattr(district, area))

    assert (campaign.area, campaign.started_by) == (getattr(district, area), getattr(district, by))
    assert [(item.position, item.text) for item in campaign.items.order_by("position")] == [
        (1, "听意见建议"), (2, "问生活困难"),
    ]  # fmt: skip


@pytest.mark.parametrize(("by", "area"), [("worker", "grid"), ("lead", "grid"), ("window", "community"),
                                          ("secretary", "other_community"), ("leader", "other_street")])  # fmt: skip
def test_nobody_else_and_nowhere_else(district, by, area):
    with pytest.raises(NotYours):
        start(district, by=by, area=getattr(district, area))

    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"name": " "},
        {"items": [" "]},
        {"items": [str(number) for number in range(21)]},
        {"items": ["一" * 81]},
        {"ends_on": date(2026, 6, 8), "starts_on": date(2026, 6, 8)},
        {"ends_on": date(2026, 6, 10), "starts_on": date(2026, 6, 11)},
    ],
)
def test_what_is_wrong_with_a_campaign_starts_nothing(district, facts):
    with pytest.raises(BadInput):
        start(district, **facts)

    assert not Campaign.objects.exists()


def test_who_sees_a_campaign(district):
    start(district, by="leader", area=district.street)

    def sees(who):
        return Campaign.objects.visible_to(district.as_staff(getattr(district, who))).exists()

    names = ("worker", "window", "secretary", "dispatcher", "command", "other_secretary", "stranger")
    assert [name for name in names if sees(name)] == [
        "worker", "window", "secretary", "dispatcher", "command", "other_secretary",
    ]  # fmt: skip


def test_a_household_counts_once_from_the_first_time_somebody_was_reached(district):
    first, second, third, *_fourth = homes(district, "101-104")
    campaign = start(district)
    one, two = campaign.items.order_by("position")
    visit(district, first, campaign=campaign, ticked=[one.pk, two.pk])
    visit(district, first, campaign=campaign, ticked=[one.pk])
    visit(district, second, campaign=campaign, ticked=[one.pk], mode=VisitMode.PHONE)
    visit(district, third, campaign=campaign, mode=VisitMode.ABSENT)
    visit(district, third)

    found = campaigns.progress(campaign, on=TODAY, within=[district.street.path])

    assert (found.share.asked, found.share.visited, found.absent) == (4, 2, 1)
    assert [(item.text, done) for item, done in found.items] == [("听意见建议", 2), ("问生活困难", 1)]
    assert [(part.area.name, part.share.asked, part.share.visited) for part in found.parts] == [("第一网格", 4, 2)]


def test_a_goal_stands_instead_of_every_household_and_only_for_the_whole(district):
    first, *_others = homes(district, "101-104")
    campaign = start(district, goal=500)
    visit(district, first, campaign=campaign)

    whole = campaigns.progress(campaign, on=TODAY, within=[district.community.path])
    grid = campaigns.progress(campaign, on=TODAY, within=[district.grid.path])

    assert (whole.share.asked, whole.share.visited, whole.share.percent) == (500, 1, 0.2)
    assert (grid.share.asked, grid.share.visited) == (4, 1)


def test_what_was_taken_back_counts_no_more(district):
    (home,) = homes(district)
    campaign = start(district)
    visit(district, home, campaign=campaign, ticked=[campaign.items.get(position=1).pk])
    Visit.objects.update(struck_at=TUESDAY)

    found = campaigns.progress(campaign, on=TODAY, within=[district.community.path])

    assert (found.share.visited, [done for _item, done in found.items]) == (0, [0, 0])


def test_a_visit_belongs_to_a_campaign_that_runs_here_that_day_and_ticks_its_own_lines(district):
    (home,) = homes(district)
    elsewhere = start(district, by="other_secretary", area=district.other_community)
    later = start(district, starts_on=date(2026, 6, 10))
    here = start(district)
    for campaign in (elsewhere, later):
        with pytest.raises(NotNow):
            visit(district, home, campaign=campaign)
    assert not Visit.objects.exists()

    strange = elsewhere.items.get(position=1).pk
    visit(district, home, campaign=here, ticked=[strange])

    assert not CampaignTick.objects.exists()
    assert [one.pk for one in campaigns.of_household(home, on=TODAY)] == [here.pk]


def test_a_campaign_is_ended_early_by_its_area_while_it_runs(district):
    campaign = start(district)
    for who in ("worker", "leader", "other_secretary"):
        with pytest.raises(NotYours):
            campaigns.end(campaign, by=district.as_staff(getattr(district, who)), at=TUESDAY)

    ended = campaigns.end(campaign, by=district.as_staff(district.secretary), at=TUESDAY + timedelta(days=1))

    assert ended.ends_on == date(2026, 6, 10)
    with pytest.raises(NotNow):
        campaigns.end(ended, by=district.as_staff(district.secretary), at=at("2026-06-11"))
