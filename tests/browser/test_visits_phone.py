"""Visits on a worker's phone: few taps, the same without JavaScript; every page of them as axe reads it."""

from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from fieldwork import campaigns, households
from fieldwork.models import Visit
from petitions.models import Petition
from tests.fieldwork.homes import duty, homes, visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text()
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async (tags) => {
  const found = await axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)}`));
}"""


@pytest.fixture
def phone(chromium: Browser, live_server, settings):
    """Open a page of one person on a phone, signed in."""
    contexts = []

    def opened(user, *, scripts: bool = True, language: str = "en") -> Page:
        context = chromium.new_context(
            viewport={"width": 360, "height": 740},
            base_url=live_server.url,
            java_script_enabled=scripts,
            bypass_csp=True,  # axe is put into the page, which our own policy forbids to everybody else
            reduced_motion="reduce",
        )
        context.set_default_timeout(20_000)
        client = Client()
        client.force_login(user)
        cookies = {
            settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
            settings.LANGUAGE_COOKIE_NAME: language,
        }
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_list_to_a_visit_and_the_matter_raised_there(phone, district, scripts):
    homes(district, "101 102")
    page = phone(district.worker, scripts=scripts)
    page.goto("/visits/")

    page.get_by_text("3号楼 2单元 102").click()
    page.get_by_label("They raised a matter").check()
    page.get_by_role("button", name="Write it down", exact=True).click()

    expect(page.get_by_text("The visit is written down.")).to_be_visible()
    page.fill("[name=text]", "楼道灯不亮。")
    page.locator("main").get_by_role("button", name="File it").last.click()
    expect(page.get_by_text("The matter is filed")).to_be_visible()
    row = Visit.objects.get()
    assert (row.mode, row.outcome, row.household.door) == ("door", "raised", "102")
    assert (Petition.objects.get().place, Petition.objects.get().channel) == (district.unit, "visit")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_visits_is_accessible_and_never_scrolls_sideways(phone, district, language):
    at = timezone.now()
    home, *_others = homes(district, "101-104", name="")
    lead = district.as_staff(district.lead)
    households.note(home, duty=duty("must_alone"), agreed=True, by=lead, at=at)
    households.link(home, user=district.lead, by=lead, at=at)
    households.say_contact(home, name="常小红", phone="13800138000", by=lead, at=at)
    visit(district, home, at, by=district.lead, words="问了暖气。")
    campaign = campaigns.start(
        by=district.as_staff(district.secretary), at=at, area=district.community, name="敲门连心",
        items=["听意见建议", "问生活困难"], starts_on=timezone.localdate(), ends_on=timezone.localdate(),
    )  # fmt: skip
    violations = []
    for user, urls in (
        (district.lead, ("/visits/", "/visits/?grid=mine", f"/visits/{home.pk}/", "/visits/households/new/", "/grid/")),
        (district.secretary, (f"/visits/campaigns/{campaign.pk}/", "/visits/campaigns/new/?from=five_hundred")),
        (district.leader, ("/visits/", "/visits/coverage/", "/visits/campaigns/")),
    ):
        page = phone(user, language=language)
        page.add_init_script(AXE)
        for url in urls:
            answer = page.goto(url)
            assert answer is not None
            assert answer.status == 200, url
            violations += [f"{url} {line}" for line in page.evaluate(RUN, WCAG)]
            wide = page.evaluate("document.documentElement.scrollWidth")
            violations += [f"{url} scrolls sideways: {wide}"] * (wide > 360)

    assert violations == []
