"""A resident follows a matter in a real browser and does what he may do; with scripts and without, zh and en."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload

from petitions import board, publishing, supplements, transitions
from petitions.enums import Status
from petitions.models import Appeal, Objection, Petition, Rating
from petitions.numbers import code_for
from tests.browser.visiting import DESK, IN_WECHAT, LARGE, OLD_TELEPHONE, TELEPHONE, Visitor, Way
from tests.petitions.photo_files import phone_photo
from tests.petitions.telephone import MINE, code_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def opened(visitor, way: Way, petition: Petition) -> Visitor:
    """Come with number and code."""
    resident = visitor(way)
    resident.follow(petition.number, code_for(petition.client_key))
    return resident


def status(petition: Petition) -> str:
    return Petition.objects.get(pk=petition.pk).status


def said(petition: Petition) -> list[str]:
    return list(petition.events.order_by("id").values_list("code", flat=True))


def bin_photo() -> FilePayload:
    return {"name": "bin.jpg", "mimeType": "image/jpeg", "buffer": phone_photo()}


def test_an_open_matter_is_urged_added_to_supplemented_and_withdrawn(visitor, district):
    for way in (IN_WECHAT, DESK):
        now = timezone.now()
        petition = district.petition(now - 3 * DAY, status=Status.SIGNED, policy="committed_tier")
        worker = district.as_staff(district.worker)
        supplements.ask_supplement(petition, by=worker, at=now, words="请说明是几号垃圾桶。")
        resident = opened(visitor, way, petition)

        resident.press("form[action$='/urge/'] button")
        resident.press("main a[href$='/add/']")
        resident.press("#adding .govuk-button", status=422)
        resident.fill(words="今天又满了，拍了照片。")
        resident.page.set_input_files("[name=photos]", files=[bin_photo()])
        resident.press("#adding .govuk-button")
        resident.fill(words="是东头的两个。")
        resident.press("#answer .govuk-button")
        resident.press("main a[href$='/withdraw/']")
        resident.press("main form[method=post] .govuk-button:not(.govuk-button--secondary)")

        assert said(petition)[-4:] == ["urged", "added", "supplemented", "withdrawn"]
        assert petition.photos.count() == 1
        assert "今天又满了，拍了照片。" in resident.text("main")
        assert status(petition) == Status.WITHDRAWN
        assert "是东头的两个。" in resident.text("main")


def test_a_closed_matter_is_rated_and_taken_up_again_once(visitor, district):
    for way in (OLD_TELEPHONE, LARGE):
        petition = district.petition(timezone.now() - 2 * DAY, status=Status.CLOSED)
        resident = opened(visitor, way, petition)

        resident.press("form[action$='/rate/'] .govuk-button", status=422)
        resident.page.locator("label[for='id_solved_1']").click()
        resident.page.locator("label[for='id_satisfaction_2']").click()
        resident.fill(words="又满了。")
        resident.press("form[action$='/rate/'] .govuk-button")
        rating = Rating.objects.get(petition=petition)
        assert (rating.solved, rating.satisfaction) == (False, "dissatisfied")
        resident.press("main a[href$='/reopen/']")
        resident.fill(words="还是没有人来清。")
        resident.press("main form[method=post] .govuk-button:not(.govuk-button--secondary)")

        assert status(petition) == Status.IN_PROGRESS
        assert resident.page.locator("main a[href$='/reopen/']").count() == 0


def test_against_a_decline_one_appeals_once(visitor, district):
    for way in (TELEPHONE, DESK):
        at = timezone.now() - DAY
        petition = transitions.decline(
            district.petition(at), by=district.as_staff(district.secretary), at=at + HOUR, reason="不属受理范围。"
        )
        resident = opened(visitor, way, petition)

        resident.press("main a[href$='/appeal/']")
        resident.fill(words="这是小区里的事，应当管。")
        resident.press("main form[method=post] .govuk-button:not(.govuk-button--secondary)")

        assert Appeal.objects.filter(petition=petition).count() == 1
        assert "这是小区里的事，应当管。" in resident.text("main")
        assert resident.page.locator("main a[href$='/appeal/']").count() == 0


def test_the_contact_is_changed_and_in_the_end_everything_is_erased(visitor, district):
    for way in (OLD_TELEPHONE, LARGE):
        petition = district.petition(timezone.now() - 2 * DAY, status=Status.CLOSED)
        code = code_for(petition.client_key)
        resident = opened(visitor, way, petition)
        resident.press("main a[href$='/data/']")

        form = "form[action$='/data/contact/']"
        resident.page.fill(f"{form} [name=phone]", "13900139000")
        resident.page.fill(f"{form} [name=code]", "ABCDEFGHJK")
        resident.press(f"{form} button", status=422)
        assert resident.page.input_value(f"{form} [name=phone]") == "13900139000"
        resident.page.fill(f"{form} [name=code]", code)
        resident.press(f"{form} button")
        assert Petition.objects.get(pk=petition.pk).petitioner.phone == "13900139000"
        assert "139****9000" in resident.text("main dl")

        form = "form[action$='/data/erase/']"
        resident.page.locator(f"{form} label[for$='_sure']").click()
        resident.page.fill(f"{form} [name=code]", code)
        resident.press(f"{form} button")
        assert "13900139000" not in resident.page.content()
        resident.open("/petitions/follow/")
        resident.fill(number=petition.number, code=code)
        resident.press("#following .govuk-button", status=422)


def test_all_matters_of_a_telephone_are_shown_for_its_code(visitor, district, gateway, sent_at_once):
    for way in (TELEPHONE, DESK):
        now = timezone.now()
        mine = [district.petition(now - days * DAY) for days in (1, 2)]
        other = district.petition(now - DAY, phone="13900139000")
        resident = visitor(way)
        resident.open(MINE)
        resident.fill(phone="13800138000")
        resident.press("main button[value=phone]")
        resident.fill(code="12 34")
        resident.press("main button[value=code]", status=422)
        resident.fill(code=code_in(gateway))
        resident.press("main button[value=code]")

        shown = resident.text("main")
        assert [petition.number in shown for petition in (*mine, other)] == [True, True, False]
        resident.press(f"main a[href$='/{mine[0].number}/']")
        resident.press("main form[action$='/forget/'] button")
        resident.open(MINE)
        assert resident.page.locator("main [name=phone]").count() == 1


def test_everybody_reads_the_board_and_may_object(visitor, district):
    for way in (OLD_TELEPHONE, LARGE):
        now = timezone.now()
        petition = district.petition(now - 2 * DAY, status=Status.CLOSED)
        by = district.as_staff(district.secretary)
        notice = board.publish(petition, by=by, at=now - DAY, matter="垃圾桶满了两天。", done="当天清运，每天加一班。")
        somebody = visitor(way)
        somebody.open("/")
        somebody.press("main a[href='/public/board/']")
        somebody.press(f"main a[href$='/{notice.pk}/']")
        assert petition.number not in somebody.page.content()
        somebody.press("#object .govuk-button", status=422)
        somebody.fill(words="还是满的。")
        somebody.press("#object .govuk-button")

        assert Objection.objects.filter(notice=notice).count() == 1
        assert "还是满的。" not in somebody.text("main")


def test_the_figures_are_read_and_taken_away_as_a_file(visitor, district):
    last = timezone.localdate().replace(day=1) - DAY
    noon = timezone.now().replace(hour=4, minute=0) - timedelta(days=timezone.localdate().day + 2)
    for _matter in range(6):
        district.petition(noon, status=Status.CLOSED)
    publishing.publish(date(last.year, last.month, 1), by=None, at=timezone.now())
    for way in (TELEPHONE, DESK):
        somebody = visitor(way)
        somebody.open("/")
        somebody.press("main a[href='/public/figures/']")
        assert somebody.text("main .l-stat__number >> nth=0") == "6"
        somebody.page.select_option("[name=area]", district.community.code)
        somebody.press("main form.l-public-choice button")
        somebody.press("main a[href='/public/data/']")
        with somebody.page.expect_download() as coming:
            somebody.page.locator("main a[href$='.csv']").first.click()

        words = coming.value.path().read_text(encoding="utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(words)))
        assert coming.value.suggested_filename == f"linli-{last:%Y-%m}.csv"
        assert (rows[0]["area"], rows[0]["received"], rows[0]["completed"]) == ("", "6", "6")
