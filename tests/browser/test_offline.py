"""A grid worker's phone without a line: what he writes waits on it, survives the closed browser and arrives once."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from fieldwork.models import Visit
from petitions import transitions
from petitions.enums import Status
from petitions.models import Petition, PetitionPhoto
from tests.browser.checking import Checked
from tests.browser.phones import READY, phone
from tests.fieldwork.homes import homes
from tests.petitions.photo_files import phone_photo

__all__ = ["phone"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
HOUR = timedelta(hours=1)
KEPT = "No line. What you wrote is kept on this phone and is sent when the line is back."
# where every answer lies that the browser keeps of ours
CACHED = """caches.keys().then(async (names) => {
  const found = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return [].concat(...found).map((one) => new URL(one.url).pathname);
})"""
# a browser that does not know it has no line
BELIEVES = "Object.defineProperty(navigator, 'onLine', { get: () => true })"
WRITE = """(async () => {
  const data = new FormData();
  data.append("text", "单元门锁坏了。");
  await linliOutbox.keep("/cases/new/", data, Date.now());
})()"""
# databases, caches and service workers that are left
LEFT = """(async () => [
  (await indexedDB.databases()).length,
  (await caches.keys()).length,
  (await navigator.serviceWorker.getRegistrations()).length,
])()"""


def test_what_was_written_without_a_line_survives_the_closed_browser_and_is_filed_once_with_its_photos(phone, district):
    mine = phone()
    mine.sign_in(district.worker)
    mine.page.goto("/cases/new/")
    mine.cut()
    mine.page.fill("[name=text]", "三楼楼道灯不亮。")
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": phone_photo()}
    mine.page.set_input_files("[name=photos]", [photo, photo])
    mine.page.locator("#behalf").get_by_role("button", name="File it").last.click()
    expect(mine.page.get_by_text(KEPT)).to_be_focused()
    mine.shut()

    mine.wake(cut=True)
    mine.page.goto("/grid/")
    expect(mine.page.get_by_role("heading", level=1)).to_have_text("Waiting to be sent")
    expect(mine.page.locator("#outbox-list")).to_contain_text("三楼楼道灯不亮。")
    expect(mine.page.locator("#outbox-list")).to_contain_text("2 photos")
    mine.page.fill("#draft_text", "单元门锁坏了。")
    mine.page.get_by_role("button", name="Keep it and send it").first.click()
    expect(mine.page.locator("#outbox-list > li")).to_have_count(2)
    cached = mine.page.evaluate(CACHED)
    assert not Petition.objects.exists()

    mine.line()
    expect(mine.page.locator("#outbox")).to_contain_text("follow-up code")
    expect(mine.page.locator("#outbox-list > li")).to_have_count(0)
    mine.page.goto("/grid/")
    assert mine.kept() == 0
    filed = {one.texts.get(kind="body").original: one for one in Petition.objects.all()}
    assert sorted(filed) == ["三楼楼道灯不亮。", "单元门锁坏了。"]
    assert {one.filed_by for one in filed.values()} == {district.worker}
    assert {one.place for one in filed.values()} == {district.grid}
    assert filed["三楼楼道灯不亮。"].photos.count() == PetitionPhoto.objects.count() == 2
    # nothing of a case, of a person or of an answer lies in the cache: our own files and one page in two languages
    assert {one for one in cached if not one.startswith("/static/")} == {"/offline/zh-hans/", "/offline/en/"}


def test_an_arrival_and_a_visit_that_found_no_line_wait_for_the_session_too_and_are_done_once(phone, district):
    petition = district.petition(timezone.now() - HOUR, status=Status.SIGNED)
    (home,) = homes(district)
    mine = phone()
    mine.sign_in(district.worker)
    mine.page.goto(f"/visits/{home.pk}/")
    mine.page.check("[name=outcome][value=well]")
    mine.cut()
    mine.page.evaluate(BELIEVES)
    # the service worker keeps what the browser believed it could send
    mine.page.get_by_role("button", name="Write it down").click()
    expect(mine.page.locator("#outbox-list")).to_contain_text("Write down a visit")
    mine.line()
    expect(mine.page.locator("#outbox")).to_contain_text("Sent: Write down a visit")

    mine.page.goto(f"/cases/{petition.number}/")
    mine.cut()
    mine.page.evaluate(BELIEVES)
    # htmx cannot reach us
    mine.page.get_by_role("button", name="Arrive").click()
    expect(mine.page.get_by_text(KEPT)).to_be_focused()
    session = [one for one in mine.context.cookies() if one["name"] == "sessionid"]
    mine.context.clear_cookies(name="sessionid")
    mine.line()
    mine.page.goto("/offline/en/")
    expect(mine.page.locator("#outbox")).to_contain_text("Sign in again and it is sent. Nothing is lost.")
    assert mine.kept() == 1
    mine.context.add_cookies(session)
    mine.page.goto("/grid/")

    expect(mine.page.locator("#outbox")).to_contain_text(f"Sent: {petition.number} · Arrive")
    assert mine.kept() == 0
    assert Visit.objects.count() == 1
    arrived = petition.events.filter(code="arrived")
    assert [bool(event.client_key) and "typed_at" in event.refs for event in arrived] == [True]


def test_a_plan_for_a_case_that_somebody_else_resolved_is_shown_beside_it_and_overwrites_nothing(phone, district):
    petition = district.petition(timezone.now() - HOUR, status=Status.SIGNED)
    mine = phone()
    mine.sign_in(district.worker)
    mine.page.goto(f"/cases/{petition.number}/?do=plan")
    mine.page.fill("#do [name=words]", "下午三点前清运。")
    mine.cut()
    mine.page.locator("#do").get_by_role("button", name="Record the plan").click()
    expect(mine.page.get_by_text(KEPT)).to_be_focused()
    now = timezone.now()
    transitions.resolve(petition, by=district.as_staff(district.lead, now.date()), at=now, reply="已由网格长清运。")
    codes = list(petition.events.values_list("code", flat=True))

    mine.line()
    mine.page.goto("/offline/en/")
    entry = mine.page.locator("#outbox-list > li")
    expect(entry).to_contain_text("The case has changed meanwhile")
    expect(entry).to_contain_text("下午三点前清运。")
    mine.page.get_by_role("button", name="See both side by side").click()

    expect(mine.page.get_by_role("alert").first).to_contain_text("Nothing was changed.")
    expect(mine.page.get_by_role("alert").first).to_contain_text("下午三点前清运。")
    expect(mine.page.locator("#case")).to_contain_text("已由网格长清运。")
    assert list(petition.events.values_list("code", flat=True)) == codes
    mine.page.goto("/offline/en/")
    mine.page.on("dialog", lambda dialog: dialog.accept())
    mine.page.get_by_role("button", name="Discard").click()
    expect(mine.page.get_by_text("Nothing waits on this phone.")).to_be_visible()
    assert Petition.objects.get().status == Status.RESOLVED


def test_two_acts_on_one_case_go_by_themselves_in_their_order(phone, district):
    petition = district.petition(timezone.now() - HOUR, status=Status.SIGNED)
    mine = phone()
    mine.sign_in(district.worker)
    mine.page.goto(f"/cases/{petition.number}/")
    other = mine.context.new_page()
    other.goto(f"/cases/{petition.number}/?do=plan")
    mine.cut()
    mine.page.get_by_role("button", name="Arrive").click()
    expect(mine.page.get_by_text(KEPT)).to_be_visible()
    other.fill("#do [name=words]", "下午三点前清运。")
    other.locator("#do").get_by_role("button", name="Record the plan").click()
    expect(other.get_by_text(KEPT)).to_be_visible()
    other.close()

    mine.line()
    expect(mine.page.locator("#outbox")).to_contain_text(f"Sent: {petition.number} · Record the plan")

    assert mine.kept() == 0
    codes = list(petition.events.order_by("at", "id").values_list("code", flat=True))
    assert codes[-2:] == ["arrived", "planned"]


def test_what_waits_is_wiped_after_three_days_for_another_person_and_at_sign_out(phone, district):
    mine = phone()
    mine.sign_in(district.worker)

    def write() -> None:
        mine.page.evaluate(WRITE)
        assert mine.kept() == 1

    write()
    mine.cut()
    mine.page.clock.install(time=timezone.now() + timedelta(hours=73))
    mine.page.goto("/offline/en/")
    expect(mine.page.locator("#outbox")).to_contain_text("waited longer than 72 hours and was deleted")
    assert mine.kept() == 0

    mine.shut()
    mine.wake(cut=False)
    mine.page.goto("/offline/en/")
    write()
    mine.sign_in(district.lead)
    expect(mine.page.locator("#outbox")).to_contain_text("of whoever was signed in before was deleted")
    assert mine.kept() == 0

    write()
    asked = []
    mine.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    mine.page.get_by_role("button", name="Sign out").click()
    expect(mine.page).to_have_url(re.compile("/login/"))
    assert asked == ["1 entry was not sent yet. Signing out deletes it from this phone. Sign out?"]
    assert mine.page.evaluate(LEFT) == [0, 0, 0]
    assert not Petition.objects.exists()


def test_the_page_without_a_line_is_accessible_in_both_languages_with_and_without_something_to_send(
    browser_of, district
):
    for language, dark in (("zh-hans", False), ("en", True)):
        checked = Checked(browser_of(language, user=district.worker, dark=dark), widths=(320,))
        checked.open(f"/offline/{language}/")
        checked.page.goto("/grid/")
        checked.page.evaluate(READY)
        checked.page.evaluate(WRITE)
        checked.page.context.set_offline(True)
        checked.page.goto(f"/offline/{language}/")
        expect(checked.page.locator("#outbox-list > li")).to_have_count(1)
        checked.look(f"/offline/{language}/ with an entry")
        assert checked.violations == []
