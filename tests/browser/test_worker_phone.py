"""A worker's phone, 360 pixels wide: one thumb, few taps; the same without JavaScript, and by keyboard alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from petitions.enums import Status
from petitions.models import Petition
from tests.petitions.photo_files import phone_photo

HOUR = timedelta(hours=1)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


@pytest.fixture
def phone(chromium: Browser, live_server, settings, tmp_path):
    """Open the queue of one person on a phone, signed in."""
    settings.MEDIA_ROOT = str(tmp_path)
    contexts = []

    def opened(user, *, scripts: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": 360, "height": 740},
            base_url=live_server.url,
            java_script_enabled=scripts,
            reduced_motion="reduce",  # where the focus is, is looked at right after the key
        )
        context.set_default_timeout(20_000)
        client = Client()
        client.force_login(user)
        context.add_cookies(
            [
                {"name": name, "value": value, "url": live_server.url}
                for name, value in (
                    (settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value),
                    (settings.LANGUAGE_COOKIE_NAME, "en"),
                )
            ]
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/grid/")
        return page

    yield opened
    for context in contexts:
        context.close()


def walk(page: Page) -> int:
    """Take, arrive, plan, resolve with a photo; return how many taps it took beside the words and the photo."""
    taps = 0

    def tap(words: str, *, within: str = "main") -> None:
        nonlocal taps
        taps += 1
        page.locator(within).get_by_role("button", name=words, exact=True).first.click()

    def said(words: str) -> None:
        expect(page.get_by_text(words).first).to_be_visible()

    tap("Take", within=".l-card")
    said("You have taken it.")
    tap("Arrive", within=".l-card")
    said("Your arrival is recorded.")
    tap("Record the plan", within=".l-card")
    page.fill("#do [name=words]", "下午三点前清运。")
    tap("Record the plan", within="#do")
    said("The plan is recorded.")
    tap("Resolve", within=".l-actions")
    page.fill("#do [name=reply]", "已清运。")
    page.set_input_files("#do [name=after]", [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": phone_photo()}])
    tap("Resolve", within="#do")
    said("Somebody else verifies it now.")
    return taps


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_taking_to_resolving_takes_six_taps(phone, district, scripts):
    petition = district.petition(timezone.now() - HOUR, status=Status.DISPATCHED, policy="rapid_1365")
    page = phone(district.worker, scripts=scripts)

    taps = walk(page)

    assert taps == 6
    done = Petition.objects.get(pk=petition.pk)
    assert done.status == Status.RESOLVED
    assert list(done.photos.values_list("kind", "width", "height")) == [("after", 40, 80)]
    assert list(done.events.order_by("at", "id").values_list("code", flat=True))[-5:] == [
        "signed", "arrived", "planned", "resolved", "photo",
    ]  # fmt: skip


def test_a_card_opens_in_place_and_the_page_never_scrolls_sideways(phone, district):
    district.petition(timezone.now() - HOUR, status=Status.DISPATCHED, policy="rapid_1365")
    page = phone(district.worker)

    page.get_by_text("Words and photos").click()

    expect(page.locator(".l-card .l-words")).to_have_text("3号楼前的垃圾桶满了两天，味道很大。")
    assert page.url.endswith("/grid/")
    for address in (page.url, f"/cases/{Petition.objects.get().number}/", "/cases/new/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_words_typed_while_somebody_else_was_faster_stay_on_the_page(phone, district):
    petition = district.petition(timezone.now() - HOUR, status=Status.SIGNED)
    page = phone(district.worker)
    page.goto(f"/cases/{petition.number}/?do=plan")
    page.fill("#do [name=words]", "下午三点前清运。")
    Petition.objects.filter(pk=petition.pk).update(version=petition.version + 1)

    page.get_by_role("button", name="Record the plan").click()

    expect(page.get_by_role("alert").first).to_contain_text("Somebody changed")
    expect(page.locator("#do [name=words]")).to_have_value("下午三点前清运。")
    page.get_by_role("button", name="Record the plan").click()
    expect(page.get_by_role("status").first).to_contain_text("The plan is recorded.")


def test_the_whole_case_can_be_worked_by_keyboard(phone, district):
    petition = district.petition(timezone.now() - HOUR, status=Status.SIGNED)
    page = phone(district.worker)
    page.goto(f"/cases/{petition.number}/")
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(() => { const e = document.activeElement; const box = e.getBoundingClientRect();"
            " const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);"
            " return [e.textContent.trim().slice(0, 40), e.contains(top) || (top && top.contains(e))] })()"
        )
        reached.append(focused)
        if focused[0] == "More":
            break

    words = [name for name, _seen in reached]
    assert [name for name in words if name in {"Arrive", "Contacted", "Record the plan", "More"}] == [
        "Arrive", "Contacted", "Record the plan", "More",
    ]  # fmt: skip
    assert all(seen for name, seen in reached if name), f"hidden under the bar: {reached}"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#do [name=reply]")).to_be_visible()
