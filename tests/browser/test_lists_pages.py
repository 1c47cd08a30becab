"""The secretary's morning, list and search in a real browser: axe, 320 pixels, and a list kept without JavaScript."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from grids.models import Absence, Appointment
from petitions.enums import Status
from petitions.models import SavedList
from tests.browser.checking import Checked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
SHOTS = os.environ.get("LINLI_SHOTS")  # a folder to look at the pages in
PAGES = {"morning": "/admin/", "list": "/admin/matters/?status=all", "search": "/admin/find/?q=电动车"}


@pytest.fixture
def busy(district):
    """A few matters of every kind, a holder away, lists kept."""
    now = timezone.now()
    for days, status in ((0, Status.SUBMITTED), (1, Status.ACCEPTED), (4, Status.DISPATCHED), (9, Status.RESOLVED)):
        words = f"{days + 1}号楼楼道里停满了电动车，过不去人。"
        district.petition(now - timedelta(days=days), status=status, text=words)
    today = timezone.localdate(now)
    for user, deputy in ((district.worker, district.lead), (district.other_worker, None)):
        seat = Appointment.objects.get(user=user)
        Absence.objects.create(appointment=seat, starts_on=today, ends_on=today, deputy=deputy)
    SavedList.objects.create(
        owner=district.leader, name="全街超期", filters={"due": "late"}, shared_in=district.street, saved_at=now
    )
    return district


def test_morning_list_and_search_fit_everybody(busy, browser_of):
    checked = Checked(browser_of("zh-hans", user=busy.secretary), widths=(320, 768, 1440))
    for name, url in PAGES.items():
        checked.open(url)
        if SHOTS:
            for width in (768, 1440):
                checked.page.set_viewport_size({"width": width, "height": 900})
                checked.page.screenshot(path=Path(SHOTS, f"{name}_{width}.png"), full_page=True)
    checked.page.goto("/admin/matters/")
    for summary in checked.page.locator("main summary").all():
        summary.click()
    checked.look("list, all open")

    assert (checked.pages, checked.violations) == (4, [])


def test_a_list_is_asked_for_and_kept_by_the_keyboard(busy, browser_of):
    page = browser_of("zh-hans", user=busy.secretary).new_page()
    page.goto("/admin/matters/")
    page.focus("#f_q")
    page.keyboard.type("电动车")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/matters/?q=*")
    assert page.locator("table.l-matters tbody tr").count() == 4
    page.focus("summary >> nth=2")
    page.keyboard.press("Enter")
    page.focus("#save_name")
    page.keyboard.type("电动车的事")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/matters/?list=*")

    assert page.locator("h1").inner_text() == "电动车的事"
    saved = SavedList.objects.get(owner=busy.secretary)
    assert (saved.name, saved.filters) == ("电动车的事", {"q": "电动车", "order": "due"})
