"""A published month stays as it was published; what is counted differently later stands beside it."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import InternalError, ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from deadlines import editing, recompute
from deadlines.models import Policy
from petitions import figures, publishing, rollups, tasks, transitions
from petitions.enums import Status
from petitions.errors import NotNow, NotYours, PublishedAlready
from petitions.models import FigureRow, PetitionClock, Publication, PublishedRow
from petitions.models.figures import MEASURES
from petitions.periods import Period
from petitions.spans import By
from tests.factories import SHANGHAI

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30), "2026-06")
FIFTH = datetime(2026, 7, 5, 1, 40, tzinfo=SHANGHAI)


def board(area, at=FIFTH):
    return figures.board(area, period=JUNE, by=By.AREA, at=at)


def closure(line):
    [cell] = [cell for cell in line.cells if cell.kind.key == "closure"]
    return cell


def test_the_calendar_publishes_the_month_before_on_its_day_and_once(district, settings):
    settings.FIGURES_PUBLISHED_ON_DAY = 5
    district.petition(status=Status.CLOSED)
    rollups.count_new(at=FIFTH)

    assert publishing.publish_due(at=FIFTH - timedelta(days=1)) is None
    published = publishing.publish_due(at=FIFTH)
    assert publishing.publish_due(at=FIFTH + timedelta(days=1)) is None

    assert (published.month, published.published_by, published.published_at) == (date(2026, 6, 1), None, FIFTH)
    assert dict(PublishedRow.objects.filter(cut="total").values_list("area__code", "completed")) == {
        district.community.code: 1
    }


def test_a_month_in_which_nothing_was_counted_is_not_published(district):
    assert publishing.publish_due(at=FIFTH) is None
    assert not Publication.objects.exists()


def test_only_the_district_command_publishes_and_only_a_month_that_is_over(district):
    district.petition(status=Status.CLOSED)
    command, secretary = district.as_staff(district.command), district.as_staff(district.secretary)

    with pytest.raises(NotYours):
        publishing.publish(JUNE.start, by=secretary, at=FIFTH)
    with pytest.raises(NotNow):
        publishing.publish(JUNE.start, by=command, at=datetime(2026, 6, 30, 23, 59, tzinfo=SHANGHAI))
    assert not Publication.objects.exists()

    assert publishing.publish(JUNE.start, by=command, at=FIFTH).published_by == district.command
    with pytest.raises(PublishedAlready):
        publishing.publish(JUNE.start, by=command, at=FIFTH)
    assert Publication.objects.count() == 1


@pytest.mark.parametrize("change", ["update", "delete"])
@pytest.mark.parametrize("model", [PublishedRow, Publication])
def test_nobody_changes_what_was_published(district, model, change):
    district.petition(status=Status.CLOSED)
    publishing.publish(JUNE.start, by=None, at=FIFTH)
    rows = model.objects.order_by("pk")
    before = list(rows.values())

    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        rows.update(id=1_000_000) if change == "update" else rows._raw_delete("default")

    assert list(rows.values()) == before


def test_a_later_correction_stands_beside_what_was_published_with_its_reason(district):
    closed = [district.petition(status=Status.RESOLVED) for _each in range(3)]
    publishing.publish(JUNE.start, by=None, at=FIFTH)
    assert board(district.district).corrected == []

    # when one is sent back afterwards
    later = FIFTH + timedelta(days=1)
    transitions.rework(closed[0], by=district.as_staff(district.secretary), at=later, reason="又满了。")
    rollups.count_new(at=later)

    total = board(district.district, later).total
    assert (closure(total).published.percent, closure(total).rate.percent) == (100.0, 66.6)
    assert total.reasons == ["1 no longer completed", "1 more sent back"]


def test_the_page_says_published_now_and_because(client, district):
    closed = district.petition(status=Status.RESOLVED)
    publishing.publish(JUNE.start, by=district.as_staff(district.command), at=FIFTH)
    transitions.rework(closed, by=district.as_staff(district.secretary), at=FIFTH, reason="又满了。")
    rollups.count_new(at=timezone.now())
    client.force_login(district.command)

    page = client.get(reverse("admin:figures"), {"period": "2026-06"}).content.decode()

    assert "published 100.0%, now 0.0%, because since then: 1 no longer completed; 1 more sent back" in page
    assert "Publish this month now" not in page


def test_the_command_of_the_district_publishes_by_hand_and_others_are_told_no(client, district):
    district.petition(status=Status.CLOSED)
    client.force_login(district.command)
    assert "Publish this month now" in client.get(reverse("admin:figures"), {"period": "2026-06"}).content.decode()

    for month in ("", "2026", "2026-Q2", "x"):
        client.post(reverse("admin:figures_publish"), {"month": month})
    assert not Publication.objects.exists()
    assert client.get(reverse("admin:figures_publish")).status_code == 405

    client.force_login(district.secretary)
    client.post(reverse("admin:figures_publish"), {"month": "2026-06"})
    assert not Publication.objects.exists()

    client.force_login(district.command)
    client.post(reverse("admin:figures_publish"), {"month": "2026-06"})
    assert Publication.objects.get().published_by == district.command


def test_the_nightly_task_counts_and_publishes_when_its_day_has_come(district, settings):
    settings.FIGURES_PUBLISHED_ON_DAY = 1
    last_month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=2)
    district.petition(datetime(last_month.year, last_month.month, 2, 10, 0, tzinfo=SHANGHAI), status=Status.ACCEPTED)

    tasks.nightly_figures()
    tasks.nightly_figures()

    assert [row.month for row in Publication.objects.all()] == [last_month.replace(day=1)]
    tasks.count_figures()
    assert FigureRow.objects.filter(cut="total", grain="month").count() == 1


# -- a rule edited later (case 49) ---------------------------------------------------------------------------------


def said(capsys):
    call_command("kpis", "--from", "2026-06-01", "--to", "2026-06-30", "--format", "json")
    found = json.loads(capsys.readouterr().out)
    del found["as_at"]
    return found


def summed():
    return sorted(FigureRow.objects.values_list("cut", "grain", "begins_on", "area", "item", *MEASURES))


def frozen():
    return sorted(PetitionClock.objects.exclude(met=None).values_list("pk", "met", "seconds_late", "stage"))


def test_last_months_figures_are_the_same_before_and_after_a_rule_edit(district, capsys):
    # given a June of cases closed in time, closed late, and one that is still running
    district.petition(status=Status.CLOSED, policy="committed_tier")
    district.petition(status=Status.CLOSED, policy="committed_tier", step=timedelta(days=3))
    running = district.petition(status=Status.ACCEPTED, policy="committed_tier")
    rollups.count_new(at=FIFTH)
    before, sums, facts = said(capsys), summed(), frozen()
    assert (before["on_time_rate"]["numerator"], before["on_time_rate"]["denominator"]) == (1, 2)

    # when the limit to resolve becomes a tenth of it, for running clocks too
    policy = Policy.objects.get(key="committed_tier", valid_to=None)
    edit = editing.Edit(policy.name_zh, policy.name_en, date(2026, 7, 6), {"resolve": (1, "hour")})
    editing.save(policy, edit, at=FIFTH, running_too=True)
    recompute.run_all(at=FIFTH)
    rollups.rebuild(at=FIFTH)

    # then what was closed is what it was, in the command and in the sums
    assert said(capsys) == before
    assert (summed(), frozen()) == (sums, facts)
    assert PetitionClock.objects.get(petition=running, stage__code="resolve").limit_unit == "hour"
