"""A resident files in a real browser: every path, with scripts and without, on a telephone and large, zh and en."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from grids.models import Area
from grids.names import initials
from petitions import unsent
from petitions.enums import Channel, Status, Urgency
from petitions.models import Category, Petition, PetitionPhoto, Rating, Unsent
from petitions.posters import filing_page
from petitions.suggestion import suggest
from tests.browser.visiting import ALL_WAYS, DESK, IN_WECHAT, LARGE, OLD_TELEPHONE, TELEPHONE, Visitor
from tests.petitions.filing import BUILDING, NEW, WORDS
from tests.petitions.photo_files import phone_photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
PHOTO = {"name": "bin.jpg", "mimeType": "image/jpeg", "buffer": phone_photo()}


def receipt(at: Visitor) -> tuple[str, str]:
    """Read number and code, as a person writes them down."""
    return at.text("#number"), at.text("#code")


def test_filed_on_one_page_with_a_search_by_pinyin_initials_and_followed_with_number_and_code(visitor, district):
    for area in Area.objects.all():  # as the import of areas writes them
        Area.objects.filter(pk=area.pk).update(initials=initials(area.name))
    for telephone, way in enumerate(ALL_WAYS, 13800138000):
        resident = visitor(way)
        resident.open("/")
        resident.press(f"main a[href='{NEW}']")
        resident.fill(text=WORDS, q="ljl 3h")
        resident.page.set_input_files("main [name=photos]", [PHOTO])
        resident.step("search")
        resident.page.locator(f"label[for='place_{BUILDING}']").click()
        resident.fill(phone=str(telephone))
        resident.step("check")
        assert "龙集里社区 › 第一网格 › 3号楼" in resident.text("main dl")
        resident.step("send")

        number, code = receipt(resident)
        petition = Petition.objects.get(number=number)
        assert (petition.place, petition.channel) == (district.building, Channel.WEB)
        assert PetitionPhoto.objects.filter(petition=petition).count() == 1
        assert resident.page.locator("main svg.l-qr").count() == 1
        assert resident.page.locator("main details summary").count() >= 1  # why this date
        resident.press("main a.govuk-button")
        assert resident.page.url.endswith(f"/petitions/follow/{number}/")

        later = visitor(way)
        later.follow(number, code)
        assert WORDS in later.text("main")
        assert later.page.locator("main .l-photos img").count() == 1


def test_filed_one_question_a_page_from_the_code_on_the_wall(visitor, district, settings):
    for way in (OLD_TELEPHONE, LARGE, IN_WECHAT):
        settings.FILING_STEPS = "questions"
        resident = visitor(way)
        resident.open(filing_page(district.unit))
        assert resident.page.locator("main [name=phone]").count() == 0
        resident.step("next", status=422)  # nothing was written
        resident.fill(text=WORDS)
        resident.step("next")
        assert resident.page.locator(f"#place_{BUILDING}-2").is_checked()
        resident.step("next")
        resident.fill(name="常小红")
        resident.step("back")
        resident.step("next")
        assert resident.page.input_value("main [name=name]") == "常小红"
        resident.step("next")
        resident.press("main button[value='edit:write'] >> nth=0")
        resident.fill(text=f"{WORDS}请快一点。")
        for _question in ("write", "place", "contact"):
            resident.step("next")
        resident.step("send")

        petition = Petition.objects.get(number=receipt(resident)[0])
        assert (petition.place, petition.channel, petition.petitioner.name) == (district.unit, Channel.QR, "常小红")
        assert petition.texts.get(kind="body").original == f"{WORDS}请快一点。"


def test_what_was_typed_comes_back_after_the_session_is_lost(visitor, district):
    for way in (TELEPHONE, DESK):
        resident = visitor(way)
        resident.open(filing_page(district.unit))
        resident.fill(text=WORDS, name="常小红")
        resident.page.set_input_files("main [name=photos]", [PHOTO])
        resident.step("check")
        resident.forget(but=unsent.COOKIE)

        resident.open(NEW)
        assert resident.page.input_value("main [name=text]") == WORDS
        assert resident.page.input_value("main [name=name]") == "常小红"
        assert resident.page.locator("main [name=drop]").count() == 1
        resident.step("check")
        resident.step("send")

        assert Petition.objects.get(number=receipt(resident)[0]).photos.count() == 1
        assert not Unsent.objects.exists()
        resident.open(NEW)
        assert resident.page.input_value("main [name=text]") == ""


def test_this_one_joins_the_matter_of_a_neighbour_and_gives_a_code_of_ones_own(visitor, district):
    now = timezone.now()
    kind = suggest(WORDS, on=now.date())[0].category
    Category.objects.filter(pk=kind.pk).update(public_ok=True, sensitive=False)
    master = district.petition(
        now - timedelta(hours=1), text="住302的老王说桶满了", status=Status.ACCEPTED, category=kind.code
    )
    for way_number, way in enumerate((OLD_TELEPHONE, LARGE)):
        resident = visitor(way)
        resident.open(filing_page(district.unit))
        resident.fill(text=WORDS)
        resident.step("check")
        assert "老王" not in resident.text("main")
        resident.press("main button[name=join]")

        number, code = receipt(resident)
        mine = Petition.objects.get(number=number)
        assert (mine.status, mine.master) == (Status.MERGED, master)
        later = visitor(way)
        later.follow(number, code)
        assert "老王" not in later.text("main")
        later.press("form[action$='/urge/'] button")
        assert master.events.filter(code="urged").count() == way_number + 1
        later.press("main a[href$='/withdraw/']")
        later.press("main form[method=post] .govuk-button:not(.govuk-button--secondary)")
        assert Petition.objects.get(number=number).status == Status.WITHDRAWN
        assert Petition.objects.get(pk=master.pk).status == Status.ACCEPTED


def test_words_of_danger_show_the_number_to_dial_before_anything_else(visitor, district):
    for way in (TELEPHONE, DESK):
        resident = visitor(way)
        resident.open(filing_page(district.unit))
        resident.fill(text="着火了，3号楼东头的垃圾桶在冒烟。", q="3号楼")
        for step in ("search", "check", "send"):
            resident.step(step)
            first = resident.page.locator("main .l-wrap > :not([hidden])").first
            assert "l-emergency" in first.get_attribute("class")
            assert resident.page.locator("main .l-emergency a").first.get_attribute("href") == "tel:119"
            box = resident.page.locator("main .l-emergency strong").first.bounding_box()
            assert box["height"] >= 28
            assert box["y"] < 400
        assert Petition.objects.get(number=receipt(resident)[0]).urgency == Urgency.EMERGENCY


def reach(page, selector: str, *, most: int = 60) -> None:
    """Press Tab until something has the focus; what has it on the way is seen, and marked."""
    for _tab in range(most):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """selector => {
              const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
              const label = e.matches("input[type=checkbox], input[type=radio]") ? e.nextElementSibling : e;
              const marks = [style, getComputedStyle(label, "::before")];
              const marked = marks.some((one) => one.boxShadow !== "none" || parseFloat(one.outlineWidth) > 0);
              const there = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
              return [e.matches(selector), marked && there, e.outerHTML.slice(0, 120)];
            }""",
            selector,
        )
        assert seen[1], f"has the focus and does not show it: {seen[2]}"
        if seen[0]:
            return
    pytest.fail(f"the Tab key never comes to {selector}")


def enter(at: Visitor, selector: str, *, most: int = 60) -> None:
    """Come to a button by the Tab key and press it."""
    reach(at.page, selector, most=most)
    with at.page.expect_navigation(wait_until="load"):
        at.page.keyboard.press("Enter")
    at.look()


def test_the_main_path_needs_nothing_but_tab_enter_and_space(visitor, district):
    for way in (TELEPHONE, DESK):
        resident = visitor(way)
        page, keys = resident.page, resident.page.keyboard
        resident.open(filing_page(district.unit))

        reach(page, "[name=text]")
        keys.type(WORDS)
        reach(page, "[name=anonymous]")
        keys.press("Space")
        expect(page.locator("[name=anonymous]")).to_be_checked()
        enter(resident, "main button[value=check]")
        enter(resident, "main button[value=send]")
        number, code = receipt(resident)
        enter(resident, "main a.govuk-button")
        assert page.url.endswith(f"/petitions/follow/{number}/")

        assert Petition.objects.get(number=number).place == district.unit
        later = visitor(way)
        later.open("/petitions/follow/")
        reach(later.page, "[name=number]")
        later.page.keyboard.type(number)
        reach(later.page, "[name=code]", most=1)
        later.page.keyboard.type(code)
        enter(later, "#following button.govuk-button", most=1)
        assert later.page.url.endswith(f"/petitions/follow/{number}/")

        done = district.petition(timezone.now() - timedelta(days=2), status=Status.CLOSED)
        rater = visitor(way, proved=done.pk)
        rater.open(f"/petitions/follow/{done.number}/")
        reach(rater.page, "[name=solved]")
        rater.page.keyboard.press("Space")
        reach(rater.page, "[name=satisfaction]")
        rater.page.keyboard.press("Space")
        enter(rater, "form[action$='/rate/'] .govuk-button")
        rating = Rating.objects.get(petition=done)
        assert (rating.solved, rating.satisfaction) == (True, "satisfied")
