"""axe finds nothing on what everybody reads, nor on what a resident does with his matter: zh and en, elder and dark.

Opened 320 pixels wide too: what fits there fits a page enlarged to twice its size on a small screen.
"""

import uuid
from datetime import date, timedelta

import pytest
from django.utils import timezone

from fieldwork import bulletins
from fieldwork.models import Bulletin, ServiceStation, StationDays
from petitions import board, publishing, reviews, surveys, transitions
from petitions.enums import AnswerSource, QuestionKind, ReviewSubject, Status
from petitions.models import Category, PublicNotice, ResidentReview, Survey
from petitions.posters import filing_page
from petitions.suggestion import suggest
from tests.browser.checking import Checked
from tests.config.matrix_tables import PAGES
from tests.factories import District
from tests.fieldwork.places import station
from tests.petitions.filing import FOLLOW, WORDS
from tests.petitions.telephone import MINE, code_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(280)]
DAY = timedelta(days=1)
# language, elder version, dark, widths
FACES = (
    ("zh-hans", False, False, (320, 1440)),
    ("en", False, False, (320,)),
    ("zh-hans", True, False, (320,)),
    ("en", True, True, (320,)),
    ("zh-hans", False, True, (1440,)),
)

# every address that anybody may ask for, by its name in the matrix: walked here in both versions and both languages …
WALKED = {
    "home", "petition_new", "petition_follow", "petition_receipt", "petition_followed", "petition_add",
    "petition_withdraw", "petition_appeal", "petition_reopen", "petition_data", "petitions_mine", "own_data",
    "public_board", "public_notice", "public_figures", "open_data", "survey_page", "survey_thanks", "review_page",
    "review_thanks", "service_list", "service_item", "faq", "duty_list", "area_page", "area_board", "stations",
    "station", "advisers", "bulletins", "bulletin", "bulletin_poster", "accessibility", "privacy",
}  # fmt: skip
# … walked on the way through by who registers as a volunteer (test_volunteers) …
OF_VOLUNTEERS = {"volunteers", "volunteer_register", "volunteer_register_child", "own_volunteer"}
# … doors of staff, looked at where staff are (test_accessibility, test_offline) …
OF_STAFF = {
    "login", "sign_in_code", "sign_in_setup", "identity_done", "offline_page", "admin:login",
}  # fmt: skip
# … and what is no page: files, programs' answers, a form's target
NO_PAGE = {
    "open_data_csv", "open_data_json", "open_data_months", "petition_photo", "healthz", "readyz", "manifest",
    "service_worker", "set_language", "api:nowhere", "api:openapi",
}  # fmt: skip


def test_no_page_that_anybody_may_open_is_left_out():
    assert {
        name for name, page in PAGES.items() if page.public and page.get
    } == WALKED | OF_VOLUNTEERS | OF_STAFF | NO_PAGE


@pytest.fixture
def faces(browser_of):
    """Come with every face, one after the other: as a passer-by, or as whoever ``who`` says."""
    seen = []

    def come():
        for language, elder, dark, widths in FACES:

            def comes(elder=elder, dark=dark, language=language, widths=widths, **who) -> Checked:
                seen.append(Checked(browser_of(language, elder=elder, dark=dark, **who), widths=widths))
                return seen[-1]

            yield comes

    yield come
    assert [line for one in seen for line in one.violations] == []


@pytest.fixture
def shown(district: District) -> District:
    """Six matters of last month published, one notice on the board, an open survey."""
    now, today = timezone.now(), timezone.localdate()
    last = (today.replace(day=1) - DAY).replace(day=1)
    for _matter in range(6):
        district.petition(now - timedelta(days=today.day + 2), status=Status.CLOSED)
    publishing.publish(date(last.year, last.month, 1), by=None, at=now)
    closed = district.petition(now - 2 * DAY, status=Status.CLOSED)
    by = district.as_staff(district.secretary)
    board.publish(closed, by=by, at=now - DAY, matter="垃圾桶满了两天。", done="当天清运。")
    survey = surveys.make(
        title="小区里先办什么？", intro="结果在公示栏公布。", area=district.community, opens_on=today,
        closes_on=today + 5 * DAY, by=by, at=now,
        questions=[
            surveys.Draft("先办哪几件？", QuestionKind.MANY, ("照明", "停车")),
            surveys.Draft("认识网格员吗？", QuestionKind.ONE, ("认识", "不认识")),
            surveys.Draft("还想说什么？", QuestionKind.WORDS),
        ],
    )  # fmt: skip
    StationDays.objects.create(
        station=station(district, name="北关红色驿站", offers="休息\n喝水", address="北关街1号", step_free=True),
        starts_on=today, ends_on=today, words="今天停电，请到第二网格。",
    )  # fmt: skip
    bulletins.write(
        area=district.grid, title="停水", words="请储水。", from_on=today, to_on=today + 3 * DAY,
        client_key=uuid.uuid4(), by=district.as_staff(district.lead, today), at=now,
    )  # fmt: skip
    for first in (today, today - DAY):
        reviews.make(
            title="外墙保温", area=district.community, subject=ReviewSubject.PROJECT, project="外墙", opens_on=first,
            closes_on=first, weights=reviews.WEIGHTS, by=by, at=now,
        )  # fmt: skip
    surveys.answer(survey, {1: [0]}, client_key=uuid.uuid4(), source=AnswerSource.PAGE, on=today, at=now)
    return district


def test_what_everybody_reads_is_accessible(faces, shown):
    survey, notice, told = Survey.objects.get(), PublicNotice.objects.get(), Bulletin.objects.get()
    marked = ResidentReview.objects.order_by("closes_on")
    urls = (
        f"/duties/{shown.community.code}/",
        f"/bulletins/?area={shown.community.code}",
        f"/bulletins/{told.pk}/",
        f"/bulletins/{told.pk}/poster/",
        *(f"/review/{one.pk}/" for one in marked),
        f"/review/{marked[1].pk}/thanks/",
        "/",
        "/public/figures/",
        f"/public/figures/?area={shown.community.code}",
        "/public/data/",
        "/public/board/",
        f"/public/board/{notice.pk}/",
        f"/survey/{survey.pk}/",
        "/accessibility/",
        "/privacy/",
        "/services/",
        "/services/Z-04/",
        "/faq/",
        f"/areas/{shown.grid.code}/",
        f"/areas/{shown.unit.code}/board/",
        "/stations/",
        f"/stations/advisers/?area={shown.community.code}",
        f"/stations/?area={shown.community.code}",
        f"/stations/{ServiceStation.objects.get().pk}/",
    )
    for comes in faces():
        reader = comes()
        for url in urls:
            reader.open(url)
        assert reader.pages == 25


def test_what_a_resident_does_is_accessible(faces, district, gateway, sent_at_once, monkeypatch):
    now = timezone.now()
    kind = suggest(WORDS, on=now.date())[0].category
    Category.objects.filter(pk=kind.pk).update(public_ok=True, sensitive=False)
    waiting = district.petition(now - DAY, status=Status.ACCEPTED, category=kind.code)
    declined = transitions.decline(
        district.petition(now - DAY), by=district.as_staff(district.secretary), at=now, reason="不属受理范围。"
    )
    closed = district.petition(now - 2 * DAY, status=Status.CLOSED)
    for telephone, comes in enumerate(faces(), 13900139000):
        district.petition(now - DAY, phone=str(telephone))
        resident = comes()
        resident.open(filing_page(district.unit))
        resident.page.fill("main [name=text]", WORDS)
        while resident.page.locator("main button[value=next]").count():  # the elder version asks one thing a page
            resident.look("a question of its own")
            resident.press("main button[value=next]")
        if resident.page.locator("main button[value=check]").count():
            resident.press("main button[value=check]")
        assert resident.page.locator("main button[name=join]").count() == 1
        resident.look("the page to check, with a matter nearby")
        resident.press("main button[name=join]")
        resident.look("the receipt")
        resident.open(MINE)
        resident.page.fill("[name=phone]", str(telephone))
        resident.press("main button[value=phone]")
        resident.look("the code of the telephone")
        resident.page.fill("[name=code]", code_in(gateway))
        resident.press("main button[value=code]")
        resident.look("all matters of a telephone")
        resident.open("/mine/data/")
        resident.page.goto(FOLLOW)
        resident.page.fill("[name=number]", closed.number)
        resident.page.fill("[name=code]", "ABCDEFGHJK")
        with monkeypatch.context() as near:
            near.setattr("petitions.throttle.NEAR", 0)
            resident.press("#following .govuk-button")
        assert resident.page.locator("[name=sum]").count() == 1
        resident.look("the sum")
        assert resident.pages in {8, 11}
        for petition, pages in (
            (declined, ("", "appeal/")),
            (waiting, ("", "add/", "withdraw/")),
            (closed, ("", "reopen/", "data/")),
        ):
            mine = comes(proved=petition.pk)
            for page in pages:
                mine.open(f"{FOLLOW}{petition.number}/{page}")


def test_the_answers_of_a_survey_and_posters_are_accessible(faces, shown):
    survey = Survey.objects.get()
    for comes in faces():
        reader = comes()
        reader.page.goto(f"/survey/{survey.pk}/")
        reader.press("#survey button")
        reader.look("a survey with nothing answered")
        reader.page.locator("#survey label[for='id_q2_0']").click()
        reader.press("#survey button")
        reader.look("thanks")
        assert reader.pages == 2
    staff = comes(user=shown.secretary)
    for url in ("/posters/", f"/posters/?area={shown.grid.code}", "/surveys/", f"/surveys/{survey.pk}/", "/board/"):
        staff.open(url)
    assert staff.pages == 5
