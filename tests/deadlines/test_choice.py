"""Which policy a matter runs under: the nearest area's rule, then the more specific, else the category's default."""

from datetime import date

import pytest

from deadlines.choice import Override, choose, load_overrides
from deadlines.models import PolicyOverride

# district 1, street 2, community 3, grid 4
PATH = "1/2/3/4/"
ON = date(2026, 6, 9)
DISTRICT = Override("committed_tier", area_id=1)
STREET = Override("referred_tier", area_id=2)
EVERYWHERE = Override("hotline_standard")
ELSEWHERE = Override("xinfang", area_id=9)
CATEGORY = Override("utility_24h", category="0102")
GROUP = Override("reply_5wd", category="01")
URGENT = Override("urgent_2h", urgency="urgent")
TIER = Override("rapid_1365", tier="committed")
URGENT_TIER = Override("consult_1wd", urgency="urgent", tier="committed")
STREET_URGENT = Override("emergency_handoff", area_id=2, urgency="urgent")
OLD = Override("reply_10wd", valid_to=date(2026, 6, 8))
LAST_DAY = Override("reply_15wd", valid_to=ON)
COMING = Override("reply_22wd", valid_from=date(2026, 6, 10))
NEWER = Override("reply_22wd", area_id=2, valid_from=ON)


def chosen(*rules, tier="immediate", urgency="normal", path=PATH):
    return choose(rules, category="0102", default="immediate_tier", tier=tier, urgency=urgency, area_path=path, on=ON)


@pytest.mark.parametrize(
    ("rules", "policy"),
    [
        ((), "immediate_tier"),
        ((ELSEWHERE,), "immediate_tier"),
        ((EVERYWHERE,), "hotline_standard"),
        ((EVERYWHERE, DISTRICT), "committed_tier"),
        ((STREET, DISTRICT, EVERYWHERE), "referred_tier"),
        # near and general beats far and specific
        ((STREET, CATEGORY), "referred_tier"),
        ((CATEGORY, EVERYWHERE), "utility_24h"),
        ((GROUP, CATEGORY), "utility_24h"),
        ((GROUP, EVERYWHERE), "reply_5wd"),
        # what does not fit is not there
        ((URGENT, TIER), "immediate_tier"),
        ((OLD,), "immediate_tier"),
        ((LAST_DAY,), "reply_15wd"),
        ((COMING,), "immediate_tier"),
        ((STREET, NEWER), "reply_22wd"),
    ],
)
def test_a_normal_matter_of_the_first_tier(rules, policy):
    assert chosen(*rules) == policy
    assert chosen(*reversed(rules)) == policy


@pytest.mark.parametrize(
    ("rules", "policy"),
    [
        ((URGENT, TIER), "urgent_2h"),
        ((URGENT, TIER, URGENT_TIER), "consult_1wd"),
        ((URGENT, CATEGORY), "utility_24h"),
        ((STREET, STREET_URGENT, CATEGORY), "emergency_handoff"),
    ],
)
def test_an_urgent_matter_of_the_second_tier(rules, policy):
    assert chosen(*rules, tier="committed", urgency="urgent") == policy
    assert chosen(*reversed(rules), tier="committed", urgency="urgent") == policy


def test_another_streets_rule_does_not_reach_over():
    assert chosen(STREET, path="1/22/3/4/") == "immediate_tier"


@pytest.mark.django_db
def test_rules_are_loaded_by_the_day(district):
    PolicyOverride.objects.create(area=district.street, policy_key="committed_tier", valid_from=ON)
    PolicyOverride.objects.create(policy_key="referred_tier", valid_from=date(2026, 6, 10))

    assert load_overrides(ON) == (Override("committed_tier", area_id=district.street.pk, valid_from=ON),)
    assert load_overrides(date(2026, 6, 8)) == ()
