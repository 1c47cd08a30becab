"""The main job, in a real browser: filed, late, climbed, handled, closed; each person at his own screen."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from deadlines.sweep import sweep
from petitions import posters
from petitions.models import Petition, PetitionEscalation
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def screen(chromium: Browser, live_server):
    """Open a screen of one person: his own cookies, Chinese, the size of what he holds."""
    contexts = []

    def opened(size: dict[str, int]) -> Page:
        context = chromium.new_context(viewport=size, locale="zh-CN", base_url=live_server.url)
        context.set_default_timeout(20_000)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def sign_in(page: Page, user) -> None:
    page.goto("/login/")
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def do(page: Page, number: str, verb: str, fill: Callable[[Page], None] | None = None) -> None:
    """Open the case, choose a verb, fill its form, send it."""
    page.goto(f"/cases/{number}/?do={verb}")
    if fill is not None:
        fill(page)
    send = ".govuk-button:not(.govuk-button--secondary):visible"  # beside it, templates are put into the text
    page.locator(f"form[action$='/cases/{number}/{verb}/'] {send}").first.click()
    expect(page.locator(".l-message--success").first).to_be_visible()


def photo() -> dict[str, object]:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (40, 120, 60)).save(out, "JPEG")
    return {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_a_matter_goes_from_the_resident_up_the_ladder_and_back_closed(screen, district):
    # given a resident who scanned the code of the building
    resident = screen(PHONE)
    resident.goto(posters.filing_page(district.unit))
    resident.fill("[name=text]", "3号楼东头的两个垃圾桶满了两天，味道很大。")
    resident.fill("[name=phone]", "13800138000")
    resident.locator("button.govuk-button[name=step][value=check]").click()
    resident.locator("button.govuk-button[name=step][value=send]").click()
    number, code = resident.locator("#number").inner_text(), resident.locator("#code").inner_text()
    assert Petition.objects.get().number == number
    assert Petition.objects.get().place == district.unit

    # when nobody looks at it for four days
    sweep(at=timezone.now() + timedelta(days=4))

    # then the secretary finds the escalation among her notices, and the case
    secretary = screen(DESK)
    sign_in(secretary, district.secretary)
    secretary.goto("/notices/")
    expect(secretary.locator("main")).to_contain_text(number)
    assert PetitionEscalation.objects.filter(told=[district.secretary.pk]).count() == 1
    assert PetitionEscalation.objects.filter(told=[district.dispatcher.pk]).count() == 1

    # when she accepts and dispatches it
    do(
        secretary,
        number,
        "accept",
        lambda page: (
            page.select_option("[name=category]", label="0102 垃圾站（箱）满溢")
            if page.locator("option", has_text="0102 垃圾站（箱）满溢").count()
            else None
        ),
    )
    do(
        secretary,
        number,
        "dispatch",
        lambda page: page.select_option("[name=to]", value=f"worker:{district.worker.pk}:{district.grid.pk}"),
    )

    # and the worker takes, arrives and resolves it with a photo, on his phone
    worker = screen(PHONE)
    sign_in(worker, district.worker)
    worker.goto("/grid/")
    expect(worker.locator("main")).to_contain_text("垃圾桶")
    worker.locator(f"form[action$='/cases/{number}/sign/'] button").first.click()
    expect(worker.locator(".l-message--success").first).to_be_visible()
    do(worker, number, "arrive")

    def resolved(page: Page) -> None:
        page.fill("[name=reply]", "两个桶已清空，明天起每天早晚各清一次。")
        page.locator("[name=after]").set_input_files([photo()])

    do(worker, number, "resolve", resolved)

    # and the secretary verifies and closes it
    do(secretary, number, "verify")
    do(secretary, number, "close")

    # then the resident reads the answer with number and code
    follower = screen(PHONE)
    follower.goto("/petitions/follow/")
    follower.fill("[name=number]", number)
    follower.fill("[name=code]", code)
    follower.press("[name=code]", "Enter")
    expect(follower.locator("main")).to_contain_text("两个桶已清空")
    assert Petition.objects.get().status == "closed"
    assert Petition.objects.get().photos.filter(kind="after").count() == 1
    # and no page scrolled sideways on the phone
    for page in (resident, worker, follower):
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
