"""Staff pages, boards and the handover in a real browser: 320 pixels, no JavaScript, one sheet of A4 for each board."""

import io
import os
import re
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from grids.enums import Level, PostKind
from grids.models import (
    Appointment,
    GridMember,
    GridRole,
    Post,
    PublicContact,
    ServiceHours,
    StaffingChoice,
    StaffingRule,
    WeekdayDuty,
)
from grids.services import record_pledge
from petitions.enums import Status
from petitions.models import Petition
from tests.factories import District, appoint, make_area, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
SHOTS = os.environ.get("LINLI_SHOTS")  # a folder to look at the pages in


@pytest.fixture
def posted(district: District) -> District:
    """A district with a rule, gaps, a board full of people, hours and telephones."""
    StaffingChoice.objects.create(area=district.district, rule=StaffingRule.objects.get(key="one_lead_four_officers"))
    PublicContact.objects.create(
        area=district.street, office_phone="0935-8219999", supervision_phone="0935-8212345", address="新华路 1 号"
    )
    for user, name in ((district.worker, "常小红"), (district.lead, "马国梁"), (district.secretary, "李秀兰")):
        user.display_name = name
        user.save()
        record_pledge(user=user, pledge="有事找我，当天回话，小事不出网格。", on=timezone.localdate())
    Post.objects.filter(area=district.grid).update(office_phone="0935-8210001")
    for key, name in (("police_officer", "赵警官"), ("supervisor_officer", "孙桂英")):
        GridMember.objects.create(
            area=district.grid,
            role=GridRole.objects.get(key=key),
            name=name,
            organisation=district.sanitation,
            starts_on=date(2026, 1, 1),
        )
    appoint(make_user("楼栋长钱勇"), PostKind.BUILDING_HEAD, district.building)
    appoint(make_user("单元长周燕"), PostKind.UNIT_HEAD, district.unit)
    make_area(Level.UNIT, "3单元", "620302001001001-3-3", district.building)
    for weekday in range(5):
        ServiceHours.objects.create(area=district.community, weekday=weekday, opens="09:00", closes="18:00")
    for weekday in (1, 3):
        WeekdayDuty.objects.create(
            area=district.community, user=district.worker, weekday=weekday, place="grid", grid=district.grid
        )
    return district


@pytest.fixture
def browse(chromium: Browser, live_server, settings):
    """Open a page of a width, signed in or not, without JavaScript."""
    contexts = []

    def opened(path: str, *, user=None, width: int = 320, language: str = "zh-hans") -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, base_url=live_server.url, java_script_enabled=False
        )
        context.set_default_timeout(20_000)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if user is not None:
            client = Client()
            client.force_login(user)
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


def look(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def sheets_of(pdf: bytes) -> int:
    """Count the pages of a PDF as Chromium writes it."""
    return len(re.findall(rb"/Type\s*/Page[^s]", io.BytesIO(pdf).getvalue()))


def public_paths(district: District) -> dict[str, str]:
    return {
        "area": f"/areas/{district.grid.code}/",
        "community": f"/areas/{district.community.code}/",
        "board": f"/areas/{district.unit.code}/board/",
    }


def desk_paths(district: District) -> dict[str, str]:
    return {
        "posts": "/admin/posts/",
        "staffing": f"/admin/staffing/?area={district.community.code}",
        "handover": f"/admin/handover/{district.worker.pk}/",
        "boards": "/admin/boards/",
        "desk": "/admin/",
        "pledge": "/pledge/",
    }


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_scrolls_sideways_at_320_pixels(posted: District, browse, language):
    wide = []
    pages = [(name, path, None) for name, path in public_paths(posted).items()]
    pages += [(name, path, posted.secretary) for name, path in desk_paths(posted).items()]
    for name, path, user in pages:
        page = browse(path, user=user, language=language)
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(name)
        if SHOTS and language == "zh-hans":
            for width in (360, 1440):
                look(browse(path, user=user, width=width), f"{name}_{width}")

    assert wide == []


def test_each_board_is_one_sheet_of_a4(posted: District, browse):
    one = browse(f"/areas/{posted.unit.code}/board/", width=800)
    many = browse(f"/admin/boards/?area={posted.community.code}&kind=units", user=posted.secretary, width=800)

    pdfs = [page.pdf(format="A4", prefer_css_page_size=True) for page in (one, many)]

    assert [sheets_of(pdf) for pdf in pdfs] == [1, 2]
    if SHOTS:
        Path(SHOTS, "board.pdf").write_bytes(pdfs[0])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_poster_is_one_sheet_of_a4(posted: District, browse, language):
    page = browse(f"/posters/?area={posted.grid.code}", user=posted.secretary, width=800, language=language)

    assert page.locator(".l-poster").count() == 1
    assert sheets_of(page.pdf(format="A4", prefer_css_page_size=True)) == 1


def test_a_handover_goes_from_choice_to_done_without_a_script(posted: District, browse):
    petition = posted.petition(status=Status.SIGNED, at=timezone.now())
    page = browse(f"/admin/handover/{posted.worker.pk}/", user=posted.secretary, language="en")

    page.fill("[name=receiver]", posted.other_worker.username)
    page.get_by_role("button", name="Show what passes").click()
    expect(page.get_by_text(petition.number)).to_be_visible()
    if SHOTS:
        look(page, "handover_review_320")
    page.get_by_role("button", name="Hand all of this over").click()

    expect(page.get_by_text("Handed over. Both have been told.")).to_be_visible()
    assert Petition.objects.get().handler == posted.other_worker
    assert Appointment.objects.get(user=posted.worker).ends_on is not None
