"""Care recipients (003a-25): a consent of its own, a closed list, few who see it, a reason for each look, the end."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from fieldwork import care, due, households
from fieldwork.enums import CareConsent, CareEnd, CareKind
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import CareRecipient, VisitDuty
from grids.models import Area
from people import consents, expiry
from people.enums import ConsentPurpose
from people.errors import BadInput, TooManyReveals
from people.models import Consent, Person, RevealLog
from tests.factories import TUESDAY
from tests.fieldwork.homes import at, duty, homes, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
WHY = "上门前核对情况"
NUMBER = "13900139000"
PLAN = "每周三上午买菜，打 13700137000"


def add(district, home=None, *, by=None, code="care_weekly", when=TUESDAY, **facts):
    given = {
        "kind": CareKind.ELDERLY, "name": "常奶奶", "phone": NUMBER, "plan": PLAN, "consent_by": CareConsent.SELF,
        "agreed": True, "client_key": uuid.uuid4(), **facts,
    }  # fmt: skip
    home = home or homes(district)[0]
    return care.add(home, duty=duty(code), by=district.as_staff(by or district.worker), at=when, **given)


def seen(district, user):
    return list(CareRecipient.objects.visible_to(district.as_staff(user)))


# -- written down ------------------------------------------------------------------------------------------------------


def test_who_agreed_is_written_down_sealed_with_a_consent_of_its_own(district):
    row = add(district)

    assert (row.kind, row.plan) == ("elderly", "每周三上午买菜，打 137****7000")
    assert b"elderly" not in bytes(row.kind_sealed)
    assert (row.person.name, row.person.phone, row.person.context) == ("常奶奶", NUMBER, "care")
    assert consents.holds(row.person, ConsentPurpose.CARE)
    assert (row.agreed_on, row.starts_on, row.ends_on) == (date(2026, 6, 9), date(2026, 6, 9), None)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"agreed": False}, "agreed"),
        ({"kind": CareKind.CHILD}, "consent_by"),
        ({"name": " "}, "name"),
        ({"code": "must_alone"}, "duty"),
        ({"plan": "字" * 301}, "plan"),
    ],
)
def test_without_consent_guardian_or_name_nothing_is_written_down(district, facts, field):
    with pytest.raises(BadInput) as refused:
        add(district, **facts)

    assert refused.value.field == field
    assert not CareRecipient.objects.exists()
    assert not Person.objects.filter(context="care").exists()


def test_a_guardian_agrees_for_a_child(district):
    row = add(district, kind=CareKind.CHILD, consent_by=CareConsent.GUARDIAN)

    assert (row.reason(), row.consent_by) == (CareKind.CHILD, "guardian")


def test_the_same_form_again_writes_nothing(district):
    key, home = uuid.uuid4(), homes(district)[0]

    assert add(district, home, client_key=key) == add(district, home, client_key=key)
    assert CareRecipient.objects.count() == 1


def test_the_kinds_are_a_closed_list_each_with_its_statute():
    assert set(CareKind.values) == {"elderly", "child", "disabled", "honoured", "assisted"}
    assert set(care.GROUNDS) == set(CareKind)
    assert all(re.search(r"Law on|Measures for", str(ground)) for ground in care.GROUNDS.values())
    assert not [
        kind for kind in CareKind if re.search(r"重点|key|risk|petition|drug|prison", f"{kind.value} {kind.label}")
    ]
    fields = {field.name for field in CareRecipient._meta.get_fields()}
    assert fields == {
        "id", "client_key", "household", "person", "kind_sealed", "plan_sealed", "duty", "consent_by", "agreed_on",
        "starts_on", "ends_on", "ended", "added_by",
    }  # no score, no level, no petition  # fmt: skip


# -- who sees it -------------------------------------------------------------------------------------------------------


def test_worker_and_lead_of_the_grid_and_the_secretary_see_it_and_nobody_else(district):
    row = add(district)
    people = ("worker", "lead", "secretary", "window", "other_worker", "other_secretary", "dispatcher", "leader",
              "handler", "supervisor", "command", "stranger")  # fmt: skip

    assert {name for name in people if seen(district, getattr(district, name)) == [row]} == {
        "worker", "lead", "secretary",
    }  # fmt: skip


@pytest.mark.parametrize("who", ["window", "other_worker", "dispatcher"])
def test_others_neither_write_open_nor_end(district, who):
    row, by = add(district), getattr(district, who)

    with pytest.raises(NotYours):
        add(district, homes(district, "102")[0], by=by)
    with pytest.raises(NotYours):
        care.open_sheet(row, reason=WHY, by=district.as_staff(by), at=TUESDAY)
    with pytest.raises(NotYours):
        care.end(row, why=CareEnd.NEEDLESS, by=district.as_staff(by), at=TUESDAY)
    assert (CareRecipient.objects.get().ends_on, RevealLog.objects.count()) == (None, 0)


def test_it_follows_the_household_to_another_grid(district):
    row = add(district)
    house = f"{district.other_grid.path}{district.building.pk}/"
    Area.objects.filter(pk=district.building.pk).update(parent=district.other_grid, path=house)
    Area.objects.filter(pk=district.unit.pk).update(path=f"{house}{district.unit.pk}/")

    households.follow_grids()

    assert (seen(district, district.worker), seen(district, district.other_worker)) == ([], [row])


def test_each_opening_is_written_down_with_its_reason(district):
    row = add(district)

    sheet = care.open_sheet(row, reason=WHY, by=district.as_staff(district.lead), at=TUESDAY)

    assert (sheet.kind, sheet.name, sheet.phone, sheet.plan) == (CareKind.ELDERLY, "常奶奶", NUMBER, row.plan)
    assert "Elderly" in sheet.ground
    looks = RevealLog.objects.order_by("pk").values_list("field", "reason", "by", "about")
    assert list(looks) == [(field, WHY, district.lead.pk, f"care:{row.pk}") for field in ("name", "phone")]


def test_without_a_reason_or_beyond_the_day_s_limit_it_stays_shut(district, settings):
    row, by = add(district), district.as_staff(district.worker)

    with pytest.raises(BadInput):
        care.open_sheet(row, reason="看", by=by, at=TUESDAY)
    settings.REVEALS_PER_DAY = 1
    with pytest.raises(TooManyReveals):
        care.open_sheet(row, reason=WHY, by=by, at=TUESDAY)
    assert not RevealLog.objects.exists()  # half a look is none


# -- visits ------------------------------------------------------------------------------------------------------------


def test_the_plan_asks_for_its_visits_and_a_visit_answers_it(district):
    home = homes(district)[0]
    visit(district, home, at("2026-06-01"))  # this month's ordinary visit
    add(district, home)

    def waits(day):
        return [(one.standing.duty.code, one.until, one.is_reason) for one in due.of_household(home, on=day)]

    assert waits(date(2026, 6, 9)) == [("care_weekly", date(2026, 6, 14), True)]
    visit(district, home, TUESDAY)
    assert waits(date(2026, 6, 9)) == []
    assert waits(date(2026, 6, 15)) == [("care_weekly", date(2026, 6, 21), True)]


def test_another_rhythm_is_asked_for_from_the_day_it_was_agreed(district):
    home = homes(district)[0]
    row = add(district, home)

    care.agree_anew(
        row, duty=duty("care_quarterly"), plan="", by=district.as_staff(district.lead), at=TUESDAY + timedelta(days=7)
    )

    row.refresh_from_db()
    assert (row.duty.code, row.plan, row.agreed_on) == ("care_quarterly", "", date(2026, 6, 16))
    assert [one.standing.duty.code for one in due.of_household(home, on=date(2026, 6, 16))] == [
        "household_monthly", "care_quarterly",
    ]  # fmt: skip


def test_the_kinds_of_care_visits_are_noted_for_no_household_and_stand_in_no_column(district):
    from fieldwork import coverage

    home = homes(district)[0]
    with pytest.raises(BadInput):
        households.note(home, duty=duty("care_weekly"), agreed=True, by=district.as_staff(district.lead), at=TUESDAY)

    assert VisitDuty.objects.filter(whom="care").count() == 3
    assert [one.code for one in coverage.duties_counted()] == ["household_monthly", "linked_weekly"]


# -- the end -----------------------------------------------------------------------------------------------------------


def gone(row):
    row.refresh_from_db()
    row.person.refresh_from_db()
    return (row.kind, row.plan, row.person.name, row.person.phone, row.person.phone_index)


@pytest.mark.parametrize("why", CareEnd)
def test_when_it_ends_all_of_it_is_gone_at_once_and_the_row_after_a_year(district, why):
    row = add(district)

    care.end(row, why=why, by=district.as_staff(district.secretary), at=TUESDAY)

    assert gone(row) == ("", "", "", "", None)
    assert (row.ends_on, row.ended) == (date(2026, 6, 9), why.value)
    assert not Consent.objects.in_force().filter(person=row.person).exists()
    with pytest.raises(NotNow):
        care.open_sheet(row, reason=WHY, by=district.as_staff(district.worker), at=TUESDAY)
    rule = next(rule for rule in expiry.rules() if rule.name == "fieldwork.care")
    assert not rule.due(TUESDAY + timedelta(days=360)).exists()
    assert [rule.end(one.pk, TUESDAY) for one in rule.due(TUESDAY + timedelta(days=370))] == [True]
    assert not CareRecipient.objects.exists()


def test_it_ends_with_the_household(district):
    row = add(district)

    households.close(row.household, by=district.as_staff(district.worker), at=TUESDAY)

    assert gone(row) == ("", "", "", "", None)
    assert row.ended == "moved"


# -- pages -------------------------------------------------------------------------------------------------------------


def test_no_list_and_no_page_of_a_household_names_who_or_why(client, district):
    home = homes(district)[0]
    row = add(district, home)
    client.force_login(district.worker)

    for url in (reverse("care_list"), reverse("care", args=[row.pk]), reverse("household", args=[home.pk]),
                reverse("visits")):  # fmt: skip
        page = client.get(url)
        assert page.status_code == 200
        for word in ("常奶奶", "常**", NUMBER, "139****9000", "Elderly", "买菜"):
            assert word not in page.content.decode(), (url, word)
    assert reverse("care", args=[row.pk]) in client.get(reverse("household", args=[home.pk])).content.decode()


def test_the_window_sees_the_household_and_nothing_of_care(client, district):
    home = homes(district)[0]
    row = add(district, home)
    client.force_login(district.window)

    page = client.get(reverse("household", args=[home.pk])).content.decode()

    assert "Care visit" not in page
    assert str(row.pk) not in page
    assert client.get(reverse("care", args=[row.pk])).status_code == 404
    assert client.get(reverse("care_list")).status_code == 403
    assert client.get(reverse("care_new", args=[home.pk])).status_code == 403


def test_the_way_in_the_browser_from_the_door_to_the_end(client, district):
    home = homes(district)[0]
    client.force_login(district.worker)
    url = reverse("care_new", args=[home.pk])
    given = {
        "client_key": str(uuid.uuid4()), "kind": "disabled", "name": "常建国", "phone": "", "plan": "轮椅，楼道要人帮",
        "duty": duty("care_monthly").pk, "consent_by": "self",
    }  # fmt: skip

    refused = client.post(url, given)
    assert (refused.status_code, "常建国" in refused.content.decode()) == (422, True)
    assert client.post(url, {**given, "agreed": "on"}).status_code == 302
    row = CareRecipient.objects.get()
    shut = client.post(reverse("care_do", args=[row.pk, "open"]), {"reason": ""})
    assert (shut.status_code, "常建国" in shut.content.decode()) == (422, False)
    opened = client.post(reverse("care_do", args=[row.pk, "open"]), {"reason": WHY})
    assert "常建国" in opened.content.decode()
    assert opened.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert client.post(reverse("care_do", args=[row.pk, "end"]), {"why": "withdrawn"}).status_code == 302
    assert client.get(reverse("care", args=[row.pk])).status_code == 404
    assert Person.objects.get(pk=row.person_id).name == ""


def test_the_list_costs_the_same_however_long_it_is(client, district, django_assert_max_num_queries):
    for home in homes(district, "101-106"):
        add(district, home)
    client.force_login(district.worker)

    with django_assert_max_num_queries(8):
        page = client.get(reverse("care_list"))

    assert len(page.context["rows"]) == 6
