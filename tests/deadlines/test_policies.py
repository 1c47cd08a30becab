"""Policies as data: all of them load, validated, with the default ladder where they have none of their own."""

import json
from datetime import date

import pytest

from deadlines.errors import PolicyError
from deadlines.ladder import POST_MAP
from deadlines.loading import POLICIES_FILE, condition_holds, load_policies
from deadlines.models import Policy, Rung, Stage

pytestmark = pytest.mark.django_db

KEYS = {
    "rapid_1365", "immediate_tier", "committed_tier", "referred_tier", "hotline_standard", "utility_24h", "urgent_2h",
    "emergency_handoff", "consult_1wd", "whistle_emergency", "whistle_general", "xinfang", "sos_bracelet",
    "volunteer_order", "intake", "reply_5wd", "reply_10wd", "reply_15wd", "reply_22wd",
    "supervision", "verification", "bad_rating", "feedback", "public_notice", "decline_appeal",
    "call_for_help", "ruling", "deferral_30d", "deferral_60d", "deferral_90d",
}  # fmt: skip


def altered(tmp_path, change):
    data = json.loads(POLICIES_FILE.read_text(encoding="utf-8"))
    change(data)
    path = tmp_path / "policies.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def ladder(policy, stage):
    rungs = Rung.objects.filter(stage__policy__key=policy, stage__code=stage).order_by("position")
    return [(rung.at, rung.level, rung.posts, rung.action, rung.is_default) for rung in rungs]


def test_every_policy_of_the_file_is_loaded_once():
    assert set(Policy.objects.values_list("key", flat=True)) == KEYS
    assert Policy.objects.count() == 30
    assert Stage.objects.count() == 73


def test_loading_again_changes_nothing():
    loaded = load_policies(on=date(2026, 11, 22))

    assert (loaded.added, loaded.changed, loaded.unchanged) == (0, 0, 30)


def test_1365_stands_as_the_source_says():
    stages = Stage.objects.filter(policy__key="rapid_1365").order_by("position")

    assert [(s.code, s.limit_value, s.limit_unit, s.clock, s.anchor, s.applies_when) for s in stages] == [
        ("arrive", 10, "minute", "natural", "call_received", ""),
        ("plan", 30, "minute", "natural", "call_received", ""),
        ("resolve_small", 60, "minute", "natural", "call_received", 'issue_kind == "small"'),
        ("resolve_mediation", 5, "hour", "natural", "call_received", 'issue_kind == "arbitration_mediation"'),
    ]


def test_a_duty_without_an_overdue_rung_gets_the_default_ladder():
    assert ladder("committed_tier", "contact") == [
        ("overdue", "one_up", [], "red", True),
        ("overdue+1wd", "street", [], "supervise", True),
        ("overdue+3wd", "district", [], "supervise", True),
    ]
    assert [rung[0] for rung in ladder("urgent_2h", "receive")] == ["50%", "overdue", "overdue+1wd", "overdue+3wd"]


def test_a_ladder_of_its_own_is_left_alone():
    assert ladder("committed_tier", "resolve") == [
        ("-1wd", "unit", ["handling_officer", "community_secretary"], "yellow", False),
        ("overdue", "street", ["subdistrict_dispatch", "unit_leader"], "red", False),
        ("overdue+2wd", "street", ["subdistrict_party_secretary"], "supervise", False),
        ("overdue+5wd", "district", ["district_command_centre"], "supervise", False),
    ]


@pytest.mark.parametrize(
    ("policy", "stage", "nature"),
    [("committed_tier", "public_notice", "minimum"), ("xinfang", "object", "window"), ("xinfang", "resolve", "duty")],
)
def test_only_duties_can_be_late(policy, stage, nature):
    found = Stage.objects.get(policy__key=policy, code=stage)

    assert found.nature == nature
    assert found.rungs.filter(at__startswith="overdue").exists() == (nature == "duty")


def test_a_changed_policy_gets_a_new_version_and_the_old_one_ends_the_day_before(tmp_path):
    def shorter(data):
        next(p for p in data["policies"] if p["key"] == "consult_1wd")["stages"][0]["limit"]["value"] = 2

    loaded = load_policies(on=date(2026, 12, 1), path=altered(tmp_path, shorter))

    assert (loaded.added, loaded.changed, loaded.unchanged) == (0, 1, 29)
    versions = Policy.objects.filter(key="consult_1wd").order_by("version")
    assert [(p.version, p.valid_from, p.valid_to) for p in versions] == [
        (1, date(2000, 1, 1), date(2026, 11, 30)),
        (2, date(2026, 12, 1), None),
    ]
    assert Policy.objects.in_force(date(2026, 11, 30)).get(key="consult_1wd").version == 1
    assert Policy.objects.in_force(date(2026, 12, 1)).get(key="consult_1wd").version == 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d["policies"][0]["stages"][0].update(nature="wish"), "wish"),
        (lambda d: d["policies"][0]["stages"][0]["limit"].update(unit="fortnight"), "fortnight"),
        (lambda d: d["policies"][0]["escalation"][0].update(at="nowhere:overdue"), "nowhere"),
        (lambda d: d["policies"][0]["escalation"][0].update(at="arrive:sometime"), "sometime"),
        (lambda d: d["policies"][0]["escalation"][0].update(notify=["mayor"]), "mayor"),
        (lambda d: d["policies"][0]["escalation"][0].update(action="shout"), "shout"),
        (lambda d: d["policies"][0]["stages"][2].update(applies_when="1 == 1; drop"), "drop"),
        (lambda d: d["post_map"].update(mayor=["city", "mayor"]), "mayor"),
        (lambda d: d["rung_actions"].update(shout="loudly"), "shout"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_loaded(tmp_path, change, says):
    with pytest.raises(PolicyError, match=says):
        load_policies(on=date(2026, 12, 1), path=altered(tmp_path, change))

    assert Policy.objects.count() == 30


def test_the_post_names_of_the_file_are_the_table():
    data = json.loads(POLICIES_FILE.read_text(encoding="utf-8"))

    assert set(data["post_map"]) == set(POST_MAP)


@pytest.mark.parametrize(
    ("condition", "facts", "holds"),
    [
        ("", {}, True),
        ("needs_deliberation", {"needs_deliberation": True}, True),
        ("needs_deliberation", {"needs_deliberation": False}, False),
        ("needs_deliberation", {}, False),
        ('issue_kind == "small"', {"issue_kind": "small"}, True),
        ('issue_kind == "small"', {"issue_kind": "other"}, False),
    ],
)
def test_a_stage_applies_when_its_condition_holds(condition, facts, holds):
    assert condition_holds(condition, facts) is holds
