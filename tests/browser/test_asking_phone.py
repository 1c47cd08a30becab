"""What a worker asks of others, on a telephone in Chinese: without script what is asked for, with it who is called."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from people.models import RevealLog
from petitions.enums import Status
from petitions.models import Broadcast, ExtensionRequest, Petition, ReturnRequest, SupplementRequest, Whistle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
PHONE = {"width": 360, "height": 740}


def form(page: Page, ending: str):
    """Return the form that is sent to such an address, with what it is folded into unfolded."""
    found = page.locator(f'form[method=post][action$="{ending}"]').first
    if not found.is_visible():
        page.locator("details", has=found).last.locator("summary").first.click()
    return found


def sent(page: Page, ending: str, **words: str) -> None:
    """Fill a form in and send it by its button; nothing of it may be wrong."""
    asked = form(page, ending)
    for name, value in words.items():
        asked.locator(f"[name={name}]").first.fill(value)
    asked.locator("button:not([name=insert])").last.click()
    page.wait_for_load_state()
    assert page.locator(".govuk-error-summary:visible, .l-message--error:visible").all_inner_texts() == []


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_more_time_a_supplement_and_a_return_are_asked_for_without_script(browser_of, district):
    petition = district.petition(
        timezone.now() - timedelta(minutes=40), status=Status.SIGNED, policy="committed_tier", category="0103"
    )
    context = browser_of("zh-hans", user=district.worker, scripts=False)
    page = context.new_page()
    page.set_viewport_size(PHONE)
    page.goto(f"/cases/{petition.number}/")
    fits(page)

    sent(page, "/request/extension/", value="2", words="等配件到货")
    sent(page, "/request/supplement/", words="请补一张照片")
    page.goto(f"/cases/{petition.number}/handing/return/")
    page.locator("[name=reason_code]").first.check()
    page.fill("[name=words]", "不属于本网格")
    fits(page)
    page.locator("main form button").last.click()
    page.wait_for_url(f"**/cases/{petition.number}/")

    assert ExtensionRequest.objects.get().value == 2
    assert SupplementRequest.objects.get().asked_by == district.worker
    returned = ReturnRequest.objects.get()
    assert (returned.asked_by, returned.agreed) == (district.worker, None)
    petition.refresh_from_db()
    assert (petition.status, petition.handler) == (Status.SIGNED, district.worker)


def test_a_worker_looks_at_the_number_calls_the_community_and_help_and_the_lead_comes_and_takes_it_over(
    browser_of, district
):
    petition = district.petition(timezone.now() - timedelta(minutes=40), status=Status.SIGNED)
    page = browser_of("zh-hans", user=district.worker).new_page()
    page.set_viewport_size(PHONE)

    page.goto("/grid/")
    page.locator(".l-card__call a").first.click()
    page.fill("#do [name=reason], [name=reason]", "约定上门时间")
    page.locator('form[action$="/reveal/"] button').last.click()
    expect(page.get_by_text("13800138000")).to_be_visible()
    page.goto(f"/cases/{petition.number}/?do=contact")
    page.fill("#do [name=note]", "约好下午三点")
    page.locator("#do button").last.click()
    expect(page.locator("#do")).to_have_count(0)
    page.goto(f"/whistles/new/?petition={petition.number}")
    page.locator("[name=kind][value=routine]").check()
    page.fill("[name=words]", "需要社区一同处置")
    fits(page)
    page.locator("main form button").last.click()
    page.wait_for_url("**/whistles/*/")
    page.goto(f"/help/new/?petition={petition.number}")
    page.fill("[name=words]", "来一个人")
    fits(page)
    page.locator("main form button").last.click()
    page.wait_for_url("**/help/*/")

    called = Broadcast.objects.get()
    lead = browser_of("zh-hans", user=district.lead).new_page()
    lead.set_viewport_size(PHONE)
    lead.goto(f"/help/{called.pk}/")
    lead.locator('form[action$="/take/"] button').click()
    expect(lead.locator('form[action$="/end/"]')).to_be_visible()
    lead.goto(f"/cases/{petition.number}/?do=dispatch")
    lead.select_option("#do [name=to]", f"worker:{district.lead.pk}:{district.grid.pk}")
    lead.locator("#do button").last.click()
    expect(lead.locator("#do")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("lead").first).to_be_visible()

    assert RevealLog.objects.get().by == district.worker
    assert Whistle.objects.get().state == "waiting"
    called.refresh_from_db()
    assert (called.state, called.taken_by) == ("taken", district.lead)
    now = Petition.objects.get()
    assert (now.status, now.handler) == (Status.DISPATCHED, district.lead)
