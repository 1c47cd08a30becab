"""No violation of WCAG 2.0, 2.1 or 2.2, levels A and AA, that axe-core finds: every page, both languages, two widths.

axe finds about half of what can be wrong; keyboard, words and order are tested where they belong.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from deadlines.models import Policy
from deadlines.sweep import sweep
from notifications.models import Delivery, Webhook
from people import factor
from people.models import User
from petitions import circulars, reveals, supplements
from petitions.enums import Status
from petitions.posters import filing_page
from tests.browser.checking import Checked
from tests.petitions.filing import FOLLOW, NEW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(280)]


@pytest.fixture(params=["zh-hans", "en"])
def language(request) -> str:
    return request.param


def test_a_page_with_a_fault_is_found_out(browser_of):
    checked = Checked(browser_of("en"))
    checked.page.goto("/accessibility/")
    checked.page.evaluate("document.querySelector('main').innerHTML += '<img src=\"data:,\"><input type=\"text\">'")

    checked.look("spoilt")

    assert {line.split()[2] for line in checked.violations} == {"image-alt:", "label:"}


def test_every_page_of_residents_is_accessible(browser_of, district, language):
    petition = district.petition(timezone.now() - timedelta(days=3), status=Status.SIGNED, policy="committed_tier")
    supplements.ask_supplement(
        petition, by=district.as_staff(district.worker), at=timezone.now(), words="请说明是几号垃圾桶。"
    )
    closed = district.petition(timezone.now() - timedelta(days=2), status=Status.CLOSED)
    stranger = Checked(browser_of(language))
    for url in ("/", NEW, filing_page(district.unit), FOLLOW, "/accessibility/", "/privacy/", "/login/"):
        stranger.open(url)
    stranger.open("/no/such/page/", status=404)
    stranger.page.goto(NEW)
    stranger.press("main button.govuk-button[value=check]")
    stranger.look("the form refused")
    stranger.page.fill("[name=text]", "着火了，3号楼东头的垃圾桶在冒烟。")
    stranger.page.fill("[name=q]", "3号楼")
    stranger.press("main button[value=search]")
    stranger.look("places to choose from")
    stranger.page.locator("main [name=place]").first.check(force=True)
    stranger.press("main button.govuk-button[value=check]")
    stranger.look("the page to check")
    stranger.press("main button.govuk-button[value=send]")
    stranger.look("the receipt")
    stranger.page.goto(FOLLOW)
    stranger.page.fill("[name=number]", petition.number)
    stranger.page.fill("[name=code]", "ABCDEFGHJK")
    with stranger.page.expect_navigation(wait_until="load"):
        stranger.page.press("[name=code]", "Enter")
    stranger.look("a wrong code")

    for matter in (petition, closed):
        followed = Checked(browser_of(language, proved=matter.pk))
        followed.open(f"{FOLLOW}{matter.number}/")
        followed.open(f"/petitions/receipt/{matter.number}/")
        stranger.violations += followed.violations

    assert stranger.violations == []
    assert stranger.pages == 13


def test_every_page_of_a_worker_is_accessible(browser_of, district, language):
    now = timezone.now()
    signed = district.petition(now - timedelta(days=3), status=Status.SIGNED)
    district.petition(now - timedelta(hours=1), status=Status.DISPATCHED, policy="rapid_1365")
    sweep(at=now)
    worker = Checked(browser_of(language, user=district.worker))

    for url in ("/grid/", "/cases/new/", "/notices/", "/password/", f"/cases/{signed.number}/"):
        worker.open(url)
    for verb in ("arrive", "contact", "plan", "resolve"):
        worker.open(f"/cases/{signed.number}/?do={verb}")

    assert worker.violations == []
    assert worker.pages == 9


def test_every_page_of_the_desk_is_accessible(browser_of, district, language):
    now = timezone.now()
    waiting = district.petition(now - timedelta(hours=5))
    accepted = district.petition(now - timedelta(hours=4), status=Status.ACCEPTED)
    resolved = district.petition(now - timedelta(hours=3), status=Status.RESOLVED)
    district.petition(now - timedelta(days=4), status=Status.CLOSED)
    sweep(at=now)
    secretary = Checked(browser_of(language, user=district.secretary))

    for url in ("/admin/", "/admin/queue/", "/admin/figures/", "/notices/", "/admin/petitions/petition/"):
        secretary.open(url)
    secretary.open(f"/cases/{waiting.number}/?do=accept")
    secretary.open(f"/cases/{accepted.number}/?do=dispatch")
    secretary.open(f"/cases/{resolved.number}/?do=rework")
    secretary.open("/admin/queue/?pile=dispatch")
    secretary.page.locator("input[type=checkbox]:visible").first.check()
    secretary.press("#many button:not([formaction])")
    secretary.look("dispatching many")

    assert secretary.violations == []
    assert secretary.pages == 10


def test_the_pages_of_whoever_keeps_the_platform_are_accessible(browser_of, district, language):
    now = timezone.now()
    district.petition(now - timedelta(days=3))
    assert Delivery.objects.update(state="dead", next_try_at=None, error_code="smtp_550") > 0
    chat = Webhook(name="滨河路街道值班群", scope=district.street.path, created_at=now)
    chat.url, chat.secret = "https://example.org/hook", "a-secret-of-the-group-chat-0123456789"
    chat.save()
    keeper = Checked(browser_of(language, user=User.objects.create_superuser("root", password="open-sesame-2026")))
    policy = Policy.objects.get(key="immediate_tier")

    for url in (
        "/admin/",
        "/admin/deadlines/policy/",
        f"/admin/deadlines/policy/{policy.pk}/change/",
        f"/admin/deadlines/policy/{policy.pk}/next/",
        "/admin/notifications/undelivered/",
        "/admin/notifications/webhook/",
        "/admin/notifications/webhook/add/",
        f"/admin/notifications/webhook/{chat.pk}/change/",
        "/admin/grids/servicehours/add/",
        "/admin/grids/community/",
    ):
        keeper.open(url)

    assert keeper.violations == []
    assert keeper.pages == 10


def test_the_pages_of_posts_and_of_what_levels_tell_one_another_are_accessible(browser_of, district, language):
    now = timezone.now()
    dispatcher = district.as_staff(district.dispatcher)
    circular = circulars.publish(
        by=dispatcher,
        at=now,
        title="本周积存垃圾专项",
        body="请周五前清运。",
        areas=[district.community],
        answer_by=None,
    )
    matter = district.petition(now - timedelta(days=1))
    reveals.look(matter, field="phone", reason="约定上门时间", by=district.as_staff(district.secretary), at=now)
    desk = Checked(browser_of(language, user=district.dispatcher))
    for url in (
        "/admin/posts/",
        "/admin/staffing/",
        "/admin/boards/",
        "/admin/circulars/",
        "/admin/circulars/new/",
        f"/admin/circulars/{circular.pk}/",
        "/admin/filings/",
        "/admin/figures/patterns/",
        "/admin/figures/hours/",
        "/admin/figures/ranking/",
        "/admin/figures/words/",
        "/admin/figures/rapid/",
        "/reveals/",
        "/exports/petitions/",
        "/account/",
    ):
        desk.open(url)
    secretary = Checked(browser_of(language, user=district.secretary))
    handover = f"/admin/handover/{district.worker.pk}/"
    for url in (handover, "/admin/filings/new/", "/pledge/", f"/cases/{matter.number}/"):
        secretary.open(url)
    factor.begin(district.secretary, at=now)
    secretary.open("/account/second-factor/setup/")

    assert desk.violations + secretary.violations == []
    assert (desk.pages, secretary.pages) == (15, 5)


def test_the_boards_and_what_a_resident_does_with_his_own_data_are_accessible(browser_of, district, language):
    petition = district.petition(timezone.now() - timedelta(days=2), status=Status.CLOSED)
    stranger = Checked(browser_of(language))
    for area in (district.community, district.grid):
        stranger.open(f"/areas/{area.code}/")
    stranger.open(f"/areas/{district.unit.code}/board/")
    stranger.open("/privacy/")
    stranger.open("/petitions/mine/")
    mine = Checked(browser_of(language, proved=petition.pk))
    mine.open(f"{FOLLOW}{petition.number}/data/")

    assert stranger.violations + mine.violations == []
    assert (stranger.pages, mine.pages) == (5, 1)
