"""My day and filing at the door on a telephone: taps counted, targets measured, two workers after one matter."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from petitions.enums import Status
from petitions.models import Petition, PetitionEvent
from tests.browser.checking import Checked
from tests.petitions.photo_files import phone_photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
HOUR = timedelta(hours=1)
PHONE = {"width": 360, "height": 740}
SMALL = """() => [...document.querySelectorAll(
    'main .l-card button, main .l-card a[role=button], main summary, main a.l-stat, main .l-next > a, .l-card__call a')]
  .filter((one) => one.offsetParent !== null && one.getBoundingClientRect().height < 48)
  .map((one) => `${one.textContent.trim().slice(0, 20)} ${one.getBoundingClientRect().height}`)"""


def on_phone(context, address: str) -> Page:
    page = context.new_page()
    page.set_viewport_size(PHONE)
    page.goto(address)
    return page


def test_at_the_door_a_matter_is_filed_and_closed_with_a_photo_in_three_taps(browser_of, district):
    page, taps = on_phone(browser_of("en", user=district.worker), "/cases/new/"), 0

    page.fill("[name=text]", "楼道灯不亮。")
    page.locator("#done summary").click()
    taps += 1
    page.select_option("[name=category]", "0102")
    taps += 1
    page.fill("[name=reply]", "已换灯泡。")
    page.set_input_files("[name=after]", [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": phone_photo()}])
    page.get_by_role("button", name="File it", exact=True).click()
    taps += 1

    expect(page.get_by_text("It is reported as done.")).to_be_visible()
    done = Petition.objects.get()
    assert (taps, done.status, done.photos.count(), done.place) == (3, Status.RESOLVED, 1, district.grid)


def test_two_take_one_matter_on_two_phones_and_the_second_is_told_who_has_it(browser_of, district):
    petition = district.petition(timezone.now() - HOUR, status=Status.ACCEPTED)
    first = on_phone(browser_of("en", user=district.worker), "/grid/")
    second = on_phone(browser_of("en", user=district.lead), "/grid/")

    first.locator(".l-card").get_by_role("button", name="Take", exact=True).click()
    expect(first.get_by_text("You have taken it.")).to_be_visible()
    second.locator(".l-card").get_by_role("button", name="Take", exact=True).click()

    expect(second.get_by_role("alert").filter(has_text="It is with worker now.")).to_be_visible()
    petition.refresh_from_db()
    assert petition.handler == district.worker
    assert PetitionEvent.objects.filter(petition=petition, code="signed").count() == 1


def test_every_target_of_the_day_is_as_large_as_a_thumb_and_axe_finds_nothing(browser_of, district):
    for status in (Status.DISPATCHED, Status.SIGNED):
        district.petition(timezone.now() - HOUR, status=status, policy="rapid_1365")
    checked = Checked(browser_of("zh-hans", user=district.worker), widths=(320, 360))

    checked.open("/grid/")
    checked.page.locator(".l-present summary").click()
    checked.look("who is at his post")
    small = checked.page.evaluate(SMALL)
    checked.open("/grid/?section=late")
    checked.open("/cases/new/")
    checked.page.locator("#done summary").click()
    checked.look("closed on the spot")

    assert (checked.violations, small) == ([], [])
