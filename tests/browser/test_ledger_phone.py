"""The ledgers on a telephone in Chinese, without script: a house still to collect becomes the file of a household."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from fieldwork import dwellings
from fieldwork.models import Household
from people.models import RevealLog

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
PHONE = {"width": 360, "height": 740}


def test_a_house_still_to_collect_becomes_a_file_whose_contact_is_looked_at_once(browser_of, district):
    worker = district.as_staff(district.worker, timezone.localdate())
    dwellings.write_down(place=district.unit, numbers=["101", "102"], by=worker, at=timezone.now())
    page = browser_of("zh-hans", user=district.worker, scripts=False).new_page()
    page.set_viewport_size(PHONE)

    page.goto("/ledgers/")
    page.locator('a[href^="/ledgers/missing/?grid="]').first.click()
    page.locator('main a[href^="/ledgers/houses/"]', has_text="101").click()
    page.locator('main a[href^="/visits/households/new/"]').click()
    page.fill("[name=name]", "常小红")
    page.fill("[name=phone]", "13800138000")
    page.locator("main form button:visible").last.click()
    household = Household.objects.get()
    page.goto(f"/visits/{household.pk}/")
    expect(page.locator("main")).to_contain_text("*")
    expect(page.locator("main")).not_to_contain_text("13800138000")
    page.locator("#look summary").click()
    look = page.locator('form[action$="/look/"]')
    look.locator("[name=field][value=phone]").check()
    look.locator("[name=reason]").fill("约走访时间")
    look.locator("button").last.click()

    expect(page.get_by_text("13800138000")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert RevealLog.objects.get().by == district.worker
    page.goto("/ledgers/")
    expect(page.locator('a[href^="/ledgers/missing/?grid="]').first).to_contain_text("1")
