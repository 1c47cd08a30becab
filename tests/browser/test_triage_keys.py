"""Triage and dispatch by the keyboard alone, with the keys and with the keys switched off; axe at three widths."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from petitions.models import Petition
from tests.browser.checking import Checked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
SHOTS = os.environ.get("LINLI_SHOTS")  # a folder to look at the pages in
URL = "/admin/queue/triage/"


@pytest.fixture
def waiting(district):
    """Two matters of the same house wait, the first the more pressing."""
    now = timezone.now()
    for minutes, words in ((9, "3号楼前的垃圾桶满了两天，味道很大。"), (2, "3号楼楼下垃圾没有人清运。")):
        district.petition(now - timedelta(minutes=minutes), text=words)
    return district


def test_two_matters_are_triaged_and_dispatched_by_keys(waiting, browser_of):
    first, second = Petition.objects.order_by("submitted_at")
    page = browser_of("en", user=waiting.secretary).new_page()
    page.goto(URL)
    expect(page.locator("#keys")).to_be_visible()

    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.dataset.number") == second.number
    expect(page.locator("#page-live")).to_have_text(f"2 of 2: {second.title}")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{URL}?number={second.number}")
    page.keyboard.press("a")
    page.wait_for_url("**do=accept#do")
    expect(page.locator("#do")).to_be_focused()
    page.locator("#do button:not([name])").press("Enter")
    page.wait_for_url(f"**{URL}?number={second.number}")
    page.keyboard.press("d")
    page.wait_for_url("**do=dispatch#do")
    page.locator("#do_to").select_option(f"worker:{waiting.worker.pk}:{waiting.grid.pk}")
    page.locator("#do_note").fill("j k a d")  # in a field the keys are letters
    page.locator("#do button:not([name])").press("Enter")
    page.wait_for_url(f"**{URL}")

    second.refresh_from_db()
    assert (second.status, second.handler) == ("dispatched", waiting.worker)
    expect(page.locator("#matter")).to_have_text(first.title)
    page.keyboard.press("?")
    expect(page.locator("#keys-help dl")).to_be_visible()
    page.locator("#keys-on").press("Space")
    page.reload()
    page.locator("body").press("a")
    expect(page.locator("#keys-on")).not_to_be_checked()
    assert "do=" not in page.url


def test_without_a_script_one_press_accepts_and_one_dispatches(waiting, browser_of):
    first = Petition.objects.order_by("submitted_at").first()
    page = browser_of("en", user=waiting.secretary, scripts=False).new_page()
    page.goto(URL)
    assert not page.locator("#keys").is_visible()

    page.get_by_role("button", name="Accept it as suggested").click()
    page.get_by_role("button", name="Dispatch to").first.click()

    first.refresh_from_db()
    assert (first.status, first.handler) == ("dispatched", waiting.worker)


def test_the_pages_fit_everybody(waiting, browser_of):
    first = Petition.objects.order_by("submitted_at").first()
    checked = Checked(browser_of("zh-hans", user=waiting.secretary), widths=(320, 768, 1440))
    pages = {
        "triage": URL,
        "triage_decline": f"{URL}?number={first.number}&do=decline",
        "delay": "/admin/queue/delay/?category=0102",
    }
    for name, url in pages.items():
        checked.open(url)
        if SHOTS:
            for width in (768, 1440):
                checked.page.set_viewport_size({"width": width, "height": 900})
                checked.page.screenshot(path=Path(SHOTS, f"{name}_{width}.png"), full_page=True)

    assert (checked.pages, checked.violations) == (len(pages), [])
