"""A policy's next version: seen before it is saved; running clocks change only if asked, closed ones never."""

from datetime import date, datetime, timedelta

import pytest

from deadlines import editing, recompute
from deadlines.errors import PolicyError
from deadlines.loading import load_policies
from deadlines.models import CalendarDay, Policy, PolicyOverride, RecomputeRun, Rung
from petitions import kpis
from petitions.enums import Status
from petitions.forms.case import AcceptForm
from petitions.models import Petition, PetitionClock
from tests.factories import SHANGHAI, TUESDAY

pytestmark = pytest.mark.django_db
TOMORROW = date(2026, 6, 10)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def committed():
    return Policy.objects.get(key="committed_tier", valid_to=None)


def edit(valid_from=TOMORROW, **limits):
    policy = committed()
    return editing.Edit(policy.name_zh, policy.name_en, valid_from, limits)


def due(petition):
    return PetitionClock.objects.get(petition=petition, stage__code="resolve").due_at


@pytest.fixture
def three_cases(district):
    """Accepted under five working days: on Monday a week ago, on Friday, on Tuesday; one is closed."""
    days = ("2026-06-03 10:00", "2026-06-08 10:00", "2026-06-09 09:00")
    cases = [district.petition(at(day), status=Status.ACCEPTED, policy="committed_tier") for day in days]
    closed = district.petition(at("2026-06-01 09:00"), status=Status.CLOSED, policy="committed_tier")
    return cases, closed


def test_the_preview_counts_cases_that_become_late_and_that_fall_due_today(three_cases):
    # given limits of five working days, due on the 11th, 16th and 17th (00:00), seen on Tuesday 9 June at 10:00
    before = list(PetitionClock.objects.order_by("pk").values())

    # when resolving had one working day: due on 5 June (late), 10 June 00:00 (today) and 11 June
    found = editing.preview(committed(), {"resolve": (1, "workday")}, at=TUESDAY)

    # then, and nothing was written
    assert found == editing.Preview(running=3, late=1, today=1)
    assert list(PetitionClock.objects.order_by("pk").values()) == before


def test_the_same_limits_change_nothing(three_cases):
    assert editing.preview(committed(), {"resolve": (5, "workday")}, at=TUESDAY) == editing.Preview(3, 0, 0)


def test_running_clocks_keep_their_limits_unless_asked(three_cases):
    before = list(PetitionClock.objects.order_by("pk").values())

    new = editing.save(committed(), edit(resolve=(1, "workday")), at=TUESDAY)
    recompute.run_all(at=TUESDAY)

    assert list(PetitionClock.objects.order_by("pk").values()) == before
    assert not RecomputeRun.objects.exists()
    old = Policy.objects.get(key="committed_tier", version=1)
    assert (old.valid_to, new.version, new.valid_from, new.valid_to) == (date(2026, 6, 9), 2, TOMORROW, None)
    assert Rung.objects.filter(stage__policy=new).count() == Rung.objects.filter(stage__policy=old).count()


def test_if_asked_running_clocks_get_the_new_limits_and_closed_ones_never(three_cases):
    cases, closed = three_cases
    frozen = list(PetitionClock.objects.filter(petition=closed).order_by("pk").values())

    editing.save(committed(), edit(resolve=(1, "workday")), at=TUESDAY, running_too=True)
    recompute.run_all(at=TUESDAY)

    assert [due(case) for case in cases] == [
        at("2026-06-05 00:00"), at("2026-06-10 00:00"), at("2026-06-11 00:00"),
    ]  # fmt: skip
    assert list(PetitionClock.objects.filter(petition=closed).order_by("pk").values()) == frozen
    clock = PetitionClock.objects.get(petition=cases[0], stage__code="resolve")
    assert clock.life[-1] == {"what": "policy", "at": TUESDAY.isoformat(), "value": 1, "unit": "workday"}
    assert Petition.objects.get(pk=cases[0].pk).next_due_at <= at("2026-06-05 00:00")


def test_last_months_figures_are_the_same_before_and_after(district, three_cases):
    # given May: two closed, one of them late
    district.petition(at("2026-05-12 10:00"), status=Status.CLOSED, policy="committed_tier")
    district.petition(at("2026-05-12 10:00"), status=Status.CLOSED, policy="committed_tier", step=timedelta(days=2))
    may = {"start": date(2026, 5, 1), "end": date(2026, 5, 31), "at": TUESDAY}
    before = kpis.kpis(**may)

    editing.save(committed(), edit(resolve=(1, "workday")), at=TUESDAY, running_too=True)
    assert recompute.run_all(at=TUESDAY) == 3

    assert kpis.kpis(**may) == before


@pytest.mark.parametrize(
    ("valid_from", "limits"),
    [(date(2026, 6, 9), {"resolve": (1, "workday")}), (TOMORROW, {"resolve": (5, "workday")})],
)
def test_a_version_of_today_or_without_a_difference_is_refused(three_cases, valid_from, limits):
    with pytest.raises(PolicyError):
        editing.save(committed(), edit(valid_from, **limits), at=TUESDAY)
    assert Policy.objects.filter(key="committed_tier").count() == 1


def test_an_edit_stands_when_the_file_is_loaded_again():
    editing.save(committed(), edit(resolve=(7, "workday")), at=TUESDAY)

    assert load_policies(on=date(2026, 7, 1)).changed == 0
    assert committed().stages.get(code="resolve").limit_value == 7


# -- in the admin


def posted(policy, **facts):
    data = {"name_zh": policy.name_zh, "name_en": policy.name_en, "valid_from": "2099-01-01"}
    for stage in policy.stages.all():
        data |= {f"value_{stage.code}": stage.limit_value, f"unit_{stage.code}": stage.limit_unit}
    return {**data, **facts}


def test_the_command_sees_what_would_change_and_then_saves_it(client, district):
    district.petition(status=Status.ACCEPTED, policy="committed_tier")
    client.force_login(district.command)
    policy = committed()
    url = f"/admin/deadlines/policy/{policy.pk}/next/"
    assert client.get(url).status_code == 200
    assert url in client.get(f"/admin/deadlines/policy/{policy.pk}/change/").text

    # given a first look, which saves nothing
    seen = client.post(url, posted(policy, value_resolve=1))
    assert seen.context["preview"].running == 1
    assert committed() == policy

    # when other limits are sent than those seen: shown again
    other = client.post(url, posted(policy, value_resolve=2, seen=seen.context["seen"]))
    assert other.status_code == 200
    assert committed() == policy

    # then what was seen is saved
    done = client.post(url, posted(policy, value_resolve=1, seen=seen.context["seen"]))
    assert done.status_code == 302
    assert committed().stages.get(code="resolve").limit_value == 1
    assert not RecomputeRun.objects.exists()


@pytest.mark.parametrize("who", ["secretary", "dispatcher", "leader", "supervisor"])
def test_nobody_else_edits_policies(client, district, who):
    client.force_login(getattr(district, who))
    policy = committed()

    assert client.get(f"/admin/deadlines/policy/{policy.pk}/next/").status_code == 403
    assert client.post(f"/admin/deadlines/policy/{policy.pk}/next/", posted(policy)).status_code == 403
    assert "/next/" not in client.get(f"/admin/deadlines/policy/{policy.pk}/change/").text


def test_a_changed_day_of_the_calendar_owes_a_recomputation(client, district):
    district.petition(status=Status.ACCEPTED)
    client.force_login(district.command)
    days = list(CalendarDay.objects.filter(year=2027).order_by("date"))
    data = {"year": 2027, "notice": "国办发明电", "confirmed": "on"}
    data |= {"days-TOTAL_FORMS": len(days), "days-INITIAL_FORMS": len(days)}
    for place, day in enumerate(days):
        for name in ("date", "kind", "code", "name_zh", "name_en"):
            data[f"days-{place}-{name}"] = getattr(day, name)
        data[f"days-{place}-year"] = 2027

    response = client.post("/admin/deadlines/calendaryear/2027/change/", data)

    assert response.status_code == 302, response.context["errors"]
    assert RecomputeRun.objects.get().since == date(2027, 1, 1)


# -- at triage


def test_triage_takes_the_areas_own_policy_unless_told_otherwise(district):
    petition = district.petition()
    PolicyOverride.objects.create(area=district.street, policy_key="committed_tier", valid_from=date(2026, 1, 1))
    given = {"version": petition.version, "category": "0102", "issue_kind": "small"}

    def policy(**more):
        form = AcceptForm(
            {**given, **more}, petition=petition, by=district.as_staff(district.secretary), on=TUESDAY.date()
        )
        assert form.is_valid(), form.errors
        return form.cleaned_data["policy"].key

    assert policy() == "committed_tier"
    assert policy(policy="immediate_tier") == "immediate_tier"
