"""Ladders, more time and returns of a policy are edited at the desk as its limits are: seen first, then saved."""

import pytest

from deadlines.forms import NextVersionForm, is_moment
from deadlines.loading import as_data
from deadlines.models import Policy
from petitions.enums import Status
from tests.deadlines.test_editing import TOMORROW, committed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def as_shown(policy):
    """What a browser sends when nothing was touched."""
    form = NextVersionForm(policy=policy, tomorrow=TOMORROW)
    shown = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in shown.items() if value is not None and value is not False}


def edited(policy, **facts):
    form = NextVersionForm({**as_shown(policy), **facts}, policy=policy, tomorrow=TOMORROW)
    assert form.is_valid(), form.errors
    return form.edit().applied_to(as_data(policy))


@pytest.fixture
def english(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


def test_what_nobody_touched_stays_to_the_letter():
    policies = list(Policy.objects.filter(valid_to=None).prefetch_related("stages__rungs"))

    changed = [one.key for one in policies if edited(one) != as_data(one)]

    assert len(policies) > 18
    assert changed == []


def test_a_step_is_changed_added_and_taken_away():
    policy = committed()
    stage = next(one for one in as_data(policy)["stages"] if one["code"] == "resolve")
    assert [rung["at"] for rung in stage["rungs"]] == ["-1wd", "overdue", "overdue+2wd", "overdue+5wd"]

    new = edited(
        policy,
        rung_resolve_0_at="-2wd",
        rung_resolve_2_at="",
        rung_resolve_3_level="street",
        rung_resolve_3_post0="subdistrict_party_secretary",
        rung_resolve_3_post1="subdistrict_dispatch",
        rung_resolve_4_at="overdue+10wd",
        rung_resolve_4_level="district",
        rung_resolve_4_action="supervise",
    )

    rungs = next(one for one in new["stages"] if one["code"] == "resolve")["rungs"]
    assert [(rung["position"], rung["at"], rung["level"], rung["posts"]) for rung in rungs] == [
        (0, "-2wd", stage["rungs"][0]["level"], stage["rungs"][0]["posts"]),
        (1, "overdue", stage["rungs"][1]["level"], stage["rungs"][1]["posts"]),
        (2, "overdue+5wd", "street", ["subdistrict_party_secretary", "subdistrict_dispatch"]),
        (3, "overdue+10wd", "district", []),
    ]


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"rung_resolve_0_at": "soon"}, "rung_resolve_0_at"),
        ({"rung_resolve_0_at": "arrive:overdue"}, "rung_resolve_0_at"),
        ({"rung_resolve_0_at": "overdue+0wd"}, "rung_resolve_0_at"),
        ({f"rung_resolve_{place}_at": "" for place in (1, 2, 3)}, "rung_resolve_0_at"),
        ({"rung_resolve_0_post0": "the_mayor"}, "rung_resolve_0_post0"),
        ({"rung_resolve_0_action": "shout"}, "rung_resolve_0_action"),
        ({"more_times": "-1"}, "more_times"),
        ({"more_approver": "the_mayor"}, "more_approver"),
        ({"back_value": "x"}, "back_value"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_with_what_was_typed_and_nothing_is_saved(client, district, facts, wrong):
    client.force_login(district.command)
    policy = committed()

    page = client.post(f"/admin/deadlines/policy/{policy.pk}/next/", {**as_shown(policy), **facts})

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [wrong]
    assert page.content.decode().count("<details") == page.content.decode().count("</details>")
    assert '<details class="govuk-details" open>' in page.content.decode()
    assert Policy.objects.filter(key="committed_tier").count() == 1


def test_more_time_and_returns_are_edited_and_hold_for_new_cases_alone(client, district):
    client.force_login(district.command)
    policy = committed()
    old = district.petition(status=Status.SIGNED, policy="committed_tier")
    typed = {
        **as_shown(policy), "valid_from": "2099-01-01", "more_times": 2, "more_value": 3, "more_unit": "workday",
        "more_approver": "", "back_value": 0,
    }  # fmt: skip
    url = f"/admin/deadlines/policy/{policy.pk}/next/"

    seen = client.post(url, typed)
    assert seen.context["preview"] is not None
    assert client.post(url, {**typed, "more_times": 1, "seen": seen.context["seen"]}).status_code == 200  # not the same
    assert client.post(url, {**typed, "seen": seen.context["seen"]}).status_code == 302

    new = Policy.objects.get(key="committed_tier", valid_to=None)
    more, back = new.rules["extension"], new.rules["return_rule"]
    assert (more["max_times"], more["max"], "approver" in more) == (2, {"value": 3, "unit": "workday"}, False)
    assert (more["must_notify_petitioner"], more["must_request_before_due"]) == (True, True)
    assert back == {"requires_reason": True, "allowed": False}
    old.refresh_from_db()
    assert old.policy == Policy.objects.get(key="committed_tier", version=1)
    assert old.policy.rules["extension"]["max"]["value"] == 10


def test_a_moment_is_read_without_the_name_of_a_stage():
    said = ("80%", "-1wd", "overdue", "overdue+30min", "101%", "resolve:80%", "", "later")

    assert [is_moment(one) for one in said] == [True, True, True, True, False, False, False, False]
