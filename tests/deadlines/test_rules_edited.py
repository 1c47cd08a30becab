"""Rules edited in the admin: only words that exist are taken, and history says who edited."""

from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from deadlines.models import CalendarYear, Policy, PolicyOverride

pytestmark = pytest.mark.django_db
ADD = "/admin/deadlines/policyoverride/add/"
RULE = {"category_code": "01", "tier": "committed", "urgency": "urgent", "policy_key": "urgent_2h"}


def posted(**more):
    return {**RULE, "area": "", "valid_from": "2026-07-01", "valid_to": "", **more}


def editors(model):
    """Who made each entry of a model's history, oldest first."""
    events = apps.get_model("deadlines", f"{model.__name__}Event").objects.select_related("pgh_context")
    return [event.pgh_context and event.pgh_context.metadata.get("user") for event in events.order_by("pgh_id")]


def test_a_rule_takes_the_tiers_urgencies_and_policies_there_are(client, district):
    client.force_login(district.command)

    assert client.post(ADD, posted()).status_code == 302

    rule = PolicyOverride.objects.get()
    assert (rule.tier, rule.urgency, rule.policy_key) == ("committed", "urgent", "urgent_2h")
    assert client.post(ADD, posted(tier="", urgency="", valid_from="2026-07-02")).status_code == 302


@pytest.mark.parametrize("wrong", [{"tier": "comitted"}, {"urgency": "紧急"}, {"policy_key": "no_such_policy"}])
def test_what_does_not_exist_is_refused_and_nothing_typed_is_lost(client, district, wrong):
    client.force_login(district.command)

    page = client.post(ADD, posted(**wrong))

    assert page.context["adminform"].form.errors.keys() == wrong.keys()
    assert 'value="2026-07-01"' in page.text
    assert not PolicyOverride.objects.exists()


@pytest.mark.parametrize("wrong", [{"tier": "comitted"}, {"urgency": "紧急"}, {"policy_key": "no_such_policy"}])
def test_no_way_into_the_table_takes_a_word_that_does_not_exist(wrong):
    good = {**RULE, "valid_from": date(2026, 7, 1)}
    rule = PolicyOverride.objects.create(**good)
    bad = PolicyOverride(**{**good, **wrong, "valid_from": date(2026, 7, 2)})
    fine = PolicyOverride(**{**good, "valid_from": date(2026, 7, 3)})
    changed = PolicyOverride.objects.get()
    [(name, word)] = wrong.items()
    setattr(changed, name, word)

    for way in (
        bad.full_clean,
        bad.save,
        changed.save,
        lambda: PolicyOverride.objects.create(**{**good, **wrong}),
        lambda: PolicyOverride.objects.bulk_create([fine, bad]),
        lambda: PolicyOverride.objects.bulk_update([changed], [name]),
        lambda: PolicyOverride.objects.update(**wrong),
        lambda: PolicyOverride.objects.filter(pk=rule.pk).update(**wrong),
    ):
        with pytest.raises(ValidationError) as refused:
            way()
        assert refused.value.message_dict.keys() == wrong.keys()

    assert list(PolicyOverride.objects.values_list("tier", "urgency", "policy_key")) == [
        ("committed", "urgent", "urgent_2h")
    ]


def test_what_exists_goes_in_by_every_way_with_one_question_about_the_policies(django_assert_num_queries):
    rules = [PolicyOverride(**{**RULE, "valid_from": date(2026, 7, day)}) for day in (1, 2, 3)]

    with django_assert_num_queries(2):
        PolicyOverride.objects.bulk_create(rules)
    for rule in rules:
        rule.tier = ""
    PolicyOverride.objects.bulk_update(rules, ["tier"])
    PolicyOverride.objects.update(urgency="emergency")

    assert set(PolicyOverride.objects.values_list("tier", "urgency")) == {("", "emergency")}


def test_history_names_who_edited_a_rule(client, district):
    client.force_login(district.command)
    client.post(ADD, posted())
    rule = PolicyOverride.objects.get()

    client.post(f"/admin/deadlines/policyoverride/{rule.pk}/change/", posted(tier="referred"))

    assert editors(PolicyOverride) == [district.command.pk] * 2


def test_history_names_who_made_a_policys_next_version(client, district):
    client.force_login(district.command)
    before = len(editors(Policy))
    policy = Policy.objects.get(key="committed_tier", valid_to=None)
    url = f"/admin/deadlines/policy/{policy.pk}/next/"
    data = {"name_zh": policy.name_zh, "name_en": policy.name_en, "valid_from": date(2099, 1, 1).isoformat()}
    for stage in policy.stages.all():
        data |= {f"value_{stage.code}": stage.limit_value + 1, f"unit_{stage.code}": stage.limit_unit}

    seen = client.post(url, data).context["seen"]
    assert client.post(url, {**data, "seen": seen}).status_code == 302

    assert set(editors(Policy)[before:]) == {district.command.pk}


def test_history_names_who_changed_the_calendar(client, district):
    client.force_login(district.command)
    before = len(editors(CalendarYear))
    data = {"year": 2027, "notice": "国办发明电", "days-TOTAL_FORMS": 0, "days-INITIAL_FORMS": 0}

    response = client.post("/admin/deadlines/calendaryear/2027/change/", data)

    assert response.status_code == 302, response.context["errors"]
    assert set(editors(CalendarYear)[before:]) == {district.command.pk}
