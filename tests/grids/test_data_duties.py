"""Registers of the data protection law: district command and administrators keep them, nobody else sees them."""

import pytest
from django.urls import reverse

from people.models import Breach, ImpactAssessment, Processor
from petitions.models import RetentionHold
from tests.factories import make_user

pytestmark = [pytest.mark.django_db]
REGISTERS = [
    "people_breach", "people_processor", "people_impactassessment", "people_retentionrun", "people_exportlog",
    "petitions_retentionhold", "petitions_transfer",
]  # fmt: skip
BREACH = {
    "title": "短信平台误发", "found_at_0": "2026-06-09", "found_at_1": "10:00:00", "severity": "low", "kinds": "手机号",
    "cause": "配置错误", "measures": "已停发",
}  # fmt: skip


@pytest.mark.parametrize("register", REGISTERS)
def test_only_the_command_and_administrators_see_them(client, district, register):
    administrator = make_user("root")
    administrator.is_superuser = True
    administrator.save()
    address = reverse(f"admin:{register}_changelist")

    for user, status in (
        (district.command, 200),
        (administrator, 200),
        (district.leader, 403),
        (district.secretary, 403),
    ):
        client.force_login(user)
        assert client.get(address).status_code == status, user


def test_a_breach_is_written_down_by_somebody_and_closed_only_when_all_were_told(client, district):
    client.force_login(district.command)

    made = client.post(reverse("admin:people_breach_add"), BREACH)
    closed = client.post(
        reverse("admin:people_breach_add"), {**BREACH, "closed_at_0": "2026-06-10", "closed_at_1": "10:00:00"}
    )

    assert (made.status_code, closed.status_code) == (302, 200)
    breach = Breach.objects.get()
    assert (breach.title, breach.recorded_by) == ("短信平台误发", district.command)


def test_an_assessment_says_why_it_was_needed(client, district):
    client.force_login(district.command)
    given = {
        "title": "网格员轨迹", "purpose": "不记录", "effect": "小", "measures": "只在本人点击时记录",
        "conclusion": "可行", "done_on": "2026-06-09", "review_on": "2027-06-09",
    }  # fmt: skip

    without = client.post(reverse("admin:people_impactassessment_add"), given)
    made = client.post(reverse("admin:people_impactassessment_add"), {**given, "sensitive": "on"})

    assert (without.status_code, made.status_code) == (200, 302)
    assert ImpactAssessment.objects.get().done_by == district.command


def test_a_processor_ends_after_it_begins(client, district):
    client.force_login(district.command)
    given = {
        "name": "信使公司", "service": "短信", "purpose": "发送", "kinds": "手机号", "contract": "2026-1",
        "starts_on": "2026-06-09", "ends_on": "2026-06-01", "stored_in": "兰州",
    }  # fmt: skip

    assert client.post(reverse("admin:people_processor_add"), given).status_code == 200
    assert not Processor.objects.exists()


def test_a_hold_is_set_by_number_and_lifted_by_an_action(client, district):
    petition = district.petition(status="closed")
    client.force_login(district.command)
    add = reverse("admin:petitions_retentionhold_add")

    unknown = client.post(add, {"number": "PX1", "reason": "诉讼"})
    made = client.post(add, {"number": petition.number.lower(), "reason": "诉讼，联系13800138000"})
    again = client.post(add, {"number": petition.number, "reason": "诉讼"})

    assert (unknown.status_code, made.status_code, again.status_code) == (200, 302, 200)
    hold = RetentionHold.objects.get()
    assert (hold.petition, hold.by, hold.reason) == (petition, district.command, "诉讼，联系138****8000")
    client.post(
        reverse("admin:petitions_retentionhold_changelist"), {"action": "lift", "_selected_action": [str(hold.pk)]}
    )
    hold.refresh_from_db()
    assert hold.lifted_by == district.command
