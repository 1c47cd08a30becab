"""Grids drawn anew in a real browser: from the first draft to the report, by keyboard-reachable buttons, no script."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from grids import redrawing
from grids.models import Area, Redivision
from petitions.enums import Status
from petitions.models import Petition
from tests.browser.checking import Checked
from tests.browser.test_posts_pages import browse  # noqa: F401 - a fixture
from tests.factories import District
from tests.redrawing import merge, more_buildings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(280)]


def test_a_plan_goes_from_draft_to_report_without_a_script(district: District, browse):  # noqa: F811 - the fixture
    more_buildings(district)
    petition = district.petition(status=Status.SIGNED, at=timezone.now())
    page = browse("/admin/redivisions/new/", user=district.secretary, language="en")

    page.select_option("[name=community]", label=district.community.name)
    page.fill("input[type=date]", timezone.localdate().isoformat())
    page.fill("#id_reason", "网格过大")
    page.get_by_role("button", name="Begin the plan").click()
    page.fill("#id_name", "第三网格")
    page.get_by_role("button", name="Add this grid").click()
    page.get_by_label("3号楼").check()
    page.select_option("[name=to]", label="第三网格 620302001001003")
    page.get_by_role("button", name="Move them in the plan").click()
    seat = page.get_by_label("worker · 网格员 · 第一网格")
    if not seat.count():
        seat = page.locator("select[name^=seat_]").first
    seat.select_option(label="第三网格")
    page.get_by_role("button", name="Note who goes where").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Propose it to the level above").click()
    plan = Redivision.objects.get()
    leader = browse(f"/admin/redivisions/{plan.pk}/", user=district.leader, language="en")
    leader.get_by_role("button", name="Approve", exact=True).click()
    page.goto(f"/admin/redivisions/{plan.pk}/")
    page.get_by_role("button", name="Carry it out now").click()

    expect(page.get_by_text("The new grids hold from now on.")).to_be_visible()
    assert Area.objects.get(pk=district.building.pk).parent.name == "第三网格"
    moved = Petition.objects.get(pk=petition.pk)
    assert (moved.grid.name, moved.status) == ("第三网格", Status.SIGNED)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_of_a_plan_are_accessible(browser_of, district, language):
    more_buildings(district)
    now = timezone.now()
    plan = merge(district, on=timezone.localdate(now), at=now)
    secretary = Checked(browser_of(language, user=district.secretary))
    for url in ("/admin/redivisions/", "/admin/redivisions/new/", f"/admin/redivisions/{plan.pk}/"):
        secretary.open(url)
    secretary.press("button[value=propose]")
    secretary.look("proposed")
    leader = Checked(browser_of(language, user=district.leader))
    leader.open(f"/admin/redivisions/{plan.pk}/")
    leader.press("button[value=approve]")
    leader.look("approved")
    assert redrawing.apply_due(at=now + timedelta(minutes=1)) == 1
    leader.open(f"/admin/redivisions/{plan.pk}/")
    stranger = Checked(browser_of(language))
    # its last day was yesterday
    stranger.open(f"/areas/{district.grid.code}/")

    assert secretary.violations + leader.violations + stranger.violations == []
    assert (secretary.pages, leader.pages, stranger.pages) == (4, 3, 1)
