"""The register of community workers: general service, post, grade, training; seen by few; pay nowhere."""

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from grids.enums import Level, PostKind, TrainingKind
from grids.models import Appointment, CommunityWorker, GridMember, GridRole, StaffingRule, Training, WeekdayDuty
from grids.roster import Show, posts_of
from tests.factories import District, appoint, make_user

pytestmark = pytest.mark.django_db
SINCE = date(2026, 1, 1)


def employed(district: District, user, **facts) -> CommunityWorker:
    row = CommunityWorker(user=user, area=district.community, since=SINCE, **facts)
    row.full_clean()
    row.save()
    return row


def test_general_service_and_training_stand_in_the_register(client, district: District):
    worker = employed(district, district.worker, is_general_service=True, general_since=SINCE)
    Training.objects.create(user=district.worker, area=district.community, taken_on=SINCE, subject="全科业务", hours=16)
    client.force_login(district.secretary)

    register = client.get(reverse("admin:grids_communityworker_changelist"), {"is_general_service__exact": "1"})
    training = client.get(reverse("admin:grids_training_changelist"), {"q": "全科"})

    assert list(register.context["cl"].result_list) == [worker]
    assert [row.hours for row in training.context["cl"].result_list] == [16]


@pytest.mark.parametrize("grade", [0, 19])
def test_a_grade_is_one_of_eighteen_in_one_of_three_posts(district: District, grade):
    with pytest.raises(ValidationError) as refusal:
        employed(district, district.worker, grade=grade)
    assert "grade" in refusal.value.message_dict
    with pytest.raises(IntegrityError), transaction.atomic():
        CommunityWorker.objects.create(user=district.worker, area=district.community, grade=grade)
    with pytest.raises(ValidationError):
        employed(district, district.worker, career_post="fourth")

    for number, post in ((1, "worker"), (18, "head"), (9, "deputy")):
        row = employed(district, make_user(f"w{number}"), grade=number, career_post=post)
        assert (row.grade, row.career_post) == (number, post)


def test_pay_is_nowhere_in_the_register():
    names = {field.name for field in CommunityWorker._meta.get_fields()}

    assert not {name for name in names for word in ("pay", "wage", "salary", "bonus") if word in name}


def test_grades_are_seen_by_the_person_and_by_who_keeps_the_posts_above(district: District):
    employed(district, district.worker, grade=7)

    seen = {
        who: CommunityWorker.objects.visible_to(district.as_staff(getattr(district, who))).count()
        for who in ("worker", "secretary", "leader", "command", "lead", "window", "supervisor", "other_secretary")
    }
    assert seen == {
        "worker": 1, "secretary": 1, "leader": 1, "command": 1,
        "lead": 0, "window": 0, "supervisor": 0, "other_secretary": 0,
    }  # fmt: skip


def test_no_public_page_tells_a_grade(client, district: District):
    employed(district, district.window, grade=17, is_general_service=True)

    for view in ("area_page", "area_board"):
        page = client.get(reverse(view, args=[district.community.code]))
        text = page.content.decode().partition("<main")[2].partition("</main>")[0]
        assert "window" in text
        assert not re.search(r"\b17\b|17 ?级", text)
        assert "全科" not in text


def test_a_worker_is_employed_in_a_community(district: District):
    row = CommunityWorker(user=district.worker, area=district.grid)

    with pytest.raises(ValidationError) as refusal:
        row.full_clean()

    assert "area" in refusal.value.message_dict


def test_a_building_heads_term_training_and_commendation_are_on_record(district: District):
    head = make_user("head_of_building")
    seat = appoint(head, PostKind.BUILDING_HEAD, district.building)
    Appointment.objects.filter(pk=seat.pk).update(starts_on=date(2023, 6, 20), ends_on=date(2026, 6, 19))
    for kind, subject in ((TrainingKind.TRAINING, "入户走访"), (TrainingKind.COMMENDATION, "优秀楼栋长")):
        Training.objects.create(user=head, area=district.community, kind=kind, taken_on=SINCE, subject=subject)

    ending = posts_of(district.as_staff(district.secretary), Show.ENDING, on=date(2026, 6, 9))

    assert [post.kind for post in ending] == ["building_head"]
    assert GridRole.objects.get(key="building_head").term_years == 3
    assert GridRole.objects.get(key="building_head").level == Level.BUILDING
    mine = Training.objects.visible_to(district.as_staff(head)).order_by("kind")
    assert list(mine.values_list("kind", flat=True)) == ["commendation", "training"]


def test_a_schedule_belongs_to_a_community_and_a_visit_to_one_of_its_grids(district: District):
    wrong = (
        {"area": district.grid, "place": "window"},
        {"area": district.other_community, "place": "grid", "grid": district.grid},
        {"area": district.community, "place": "grid"},
        {"area": district.community, "place": "window", "grid": district.grid},
    )
    for facts in wrong:
        with pytest.raises(ValidationError):
            WeekdayDuty(user=district.window, weekday=0, **facts).full_clean()

    WeekdayDuty(user=district.window, weekday=0, area=district.community, place="grid", grid=district.grid).full_clean()


# -- the registers --------------------------------------------------------------------------------------------------

REGISTERS = (
    "gridrole", "staffingrule", "staffingchoice", "rolelabel", "gridmember", "weekdayduty", "publiccontact",
    "communityworker", "training", "handover",
)  # fmt: skip


@pytest.mark.parametrize("name", REGISTERS)
def test_every_register_opens_for_who_keeps_it(client, district: District, name):
    client.force_login(district.command)

    assert client.get(reverse(f"admin:grids_{name}_changelist"), {"q": "x"}).status_code == 200
    expected = 403 if name == "handover" else 200
    assert client.get(reverse(f"admin:grids_{name}_add")).status_code == expected


def test_only_the_district_changes_rules_and_a_change_here_stays(client, district: District):
    rule = StaffingRule.objects.get(key="one_two_n")
    page = reverse("admin:grids_staffingrule_change", args=[rule.pk])
    client.force_login(district.secretary)
    assert client.get(page).status_code == 200
    assert client.post(page, {}).status_code == 403

    client.force_login(district.command)
    lines = list(rule.lines.order_by("role__position", "pk"))
    data = {
        "name_zh": rule.name_zh, "name_en": rule.name_en, "source": rule.source,
        "lines-TOTAL_FORMS": 3, "lines-INITIAL_FORMS": 3, "lines-MIN_NUM_FORMS": 0, "lines-MAX_NUM_FORMS": 1000,
    }  # fmt: skip
    for number, line in enumerate(lines):
        data |= {
            f"lines-{number}-id": line.pk, f"lines-{number}-rule": rule.pk, f"lines-{number}-role": line.role_id,
            f"lines-{number}-least": 3 if line.role.key == "grid_worker" else line.least,
            f"lines-{number}-per": line.per,
        }  # fmt: skip
    assert client.post(page, data).status_code == 302

    rule.refresh_from_db()
    assert rule.changed_locally
    assert rule.lines.get(role__key="grid_worker").least == 3
    assert client.get(reverse("admin:grids_staffingrule_history", args=[rule.pk])).status_code == 200


def test_a_secretary_enters_members_of_his_own_grids_alone(client, district: District):
    client.force_login(district.secretary)
    role = GridRole.objects.get(key="legal_adviser")

    def add(area):
        data = {"area": area.pk, "role": role.pk, "name": "常律师", "starts_on": "2026-01-01"}
        return client.post(reverse("admin:grids_gridmember_add"), data).status_code

    assert add(district.other_community) == 200
    assert not GridMember.objects.exists()
    assert add(district.grid) == 302
    assert GridMember.objects.get().area == district.grid
    client.force_login(district.other_secretary)
    assert list(client.get(reverse("admin:grids_gridmember_changelist")).context["cl"].result_list) == []
