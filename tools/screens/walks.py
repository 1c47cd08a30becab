"""Who walks where with the camera: residents, everybody, and the staff of the main job."""

import io
from typing import Final

from PIL import Image, ImageDraw

from tools.screens.camera import DARK, ELDER, EN, WIDE, ZH, Camera, Face, Visit
from tools.screens.own_demo import Demo

WORDS: Final = "1号楼东头的两个垃圾桶满了两天，味道很大，夏天开不了窗。希望每天清运，雨天也别漏。"
ENGLISH: Final = "The two bins at the east end of Building 1 have been full for two days. Please empty them every day."
DANGER: Final = "1号楼地下室着火了，在冒烟。"
COMMUNITY, GRID, PLACE = "620302001001", "620302001001001", "620302001001001-1"
NEW, FOLLOW, MINE = "/petitions/new/", "/petitions/follow/", "/petitions/mine/"
# beside it, templates are put into the text
SEND: Final = ".govuk-button:not(.govuk-button--secondary):visible"
MAIN_BUTTON = "main form[method=post] .govuk-button:not(.govuk-button--secondary)"


def file(visit: Visit, phone: str, *, words: str = WORDS) -> tuple[str, str]:
    """File a matter at the shown building; return number and code."""
    visit.open(NEW)
    visit.fill(text=words, q="龙集里 1号楼")
    visit.press("main button[value=search]")
    visit.page.locator(f"label[for='place_{PLACE}']").click()
    visit.fill(phone=phone)
    visit.press("main button[value=check]")
    visit.press("main button[value=send]")
    return read(visit)


def read(visit: Visit) -> tuple[str, str]:
    """Read the receipt."""
    return visit.page.locator("#number").inner_text(), visit.page.locator("#code").inner_text()


def follow(visit: Visit, number: str, code: str) -> None:
    """Open a matter with number and code."""
    visit.open(FOLLOW)
    visit.fill(number=number, code=code)
    visit.press("#following .govuk-button")


def picture() -> bytes:
    """Draw two full bins; no photograph of anything real."""
    image = Image.new("RGB", (800, 600), (206, 214, 220))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 430, 800, 600), fill=(150, 150, 146))
    for left, colour in ((180, (62, 110, 70)), (430, (60, 84, 120))):
        draw.rectangle((left, 220, left + 190, 500), fill=colour)
        draw.ellipse((left - 10, 160, left + 200, 260), fill=(40, 40, 44))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()


def filing(camera: Camera, face: Face, phone: str, *, whole: bool) -> tuple[str, str]:
    """Walk the form from the first page to the receipt; ``whole`` also shows what goes wrong on the way."""
    visit = camera.visit(face)
    visit.open("/")
    visit.shot("home", "First page")
    visit.press(f"main a[href='{NEW}']")
    visit.shot("new", "Raise a matter")
    if whole:
        visit.press("main button[value=check]")
        visit.shot("new-refused", "Raise a matter: nothing written")
    visit.fill(text=ENGLISH if face is EN else WORDS)
    if whole:
        visit.page.set_input_files(
            "main [name=photos]", [{"name": "垃圾桶.jpg", "mimeType": "image/jpeg", "buffer": picture()}]
        )
    if face.elder:  # one question a page
        visit.press("main button[value=next]")
        visit.shot("new-place", "Raise a matter: where")
    visit.fill(q="龙集里 1号")
    visit.press("main button[value=search]")
    if whole:
        visit.shot("new-places", "Raise a matter: which place?")
    visit.page.locator(f"label[for='place_{PLACE}']").click()
    if face.elder:
        visit.press("main button[value=next]")
        visit.shot("new-contact", "Raise a matter: contact")
    visit.fill(phone=phone)
    visit.press(f"main button[value={'next' if face.elder else 'check'}]")
    visit.shot("check", "Look it over: what was understood, and matters nearby")
    visit.press("main button[value=send]")
    visit.shot("receipt", "Receipt")
    if face is WIDE:
        visit.print("receipt", "Receipt")
    number, code = read(visit)
    visit.press("main a.govuk-button")
    visit.shot("followed-new", "Follow: just filed")
    visit.close()
    return number, code


def danger_and_left_behind(camera: Camera, face: Face) -> None:
    """Words of danger; the form that was left and comes back; the code on the wall."""
    visit = camera.visit(face)
    visit.open(f"/areas/{GRID}/")
    visit.shot("area", "Who serves here")
    visit.press("main a.govuk-button")
    visit.fill(text=DANGER)
    visit.press("main button[value=check]")
    visit.shot("check-danger", "Words of danger: the number to dial comes first")
    visit.open(NEW)
    visit.shot("new-left-behind", "A form left behind comes back")
    visit.close()


def everybody(camera: Camera, face: Face, *, survey: str) -> None:
    """Read what is public."""
    visit = camera.visit(face)
    visit.open("/public/figures/")
    visit.shot("figures", "The month in figures")
    visit.open("/public/board/")
    visit.shot("board", "Public board")
    if face in (ZH, WIDE):
        visit.press("main .l-items a")
        visit.shot("board-notice", "Public board: one notice, and how to object")
        for path, name, title in (
            (f"/public/figures/?area={COMMUNITY}", "figures-community", "The month in figures: one community"),
            ("/public/data/", "open-data", "Open data"),
            (FOLLOW, "follow", "Follow: number and code"),
            ("/services/", "services", "What the community does for you"),
            ("/services/Z-01/", "service-item", "A service: materials, limit, pledge, and whether it was kept"),
            ("/faq/", "faq", "Questions that many ask"),
            (f"/duties/{COMMUNITY}/", "duties", "What the community answers for"),
            (f"/stations/?area={COMMUNITY}", "stations", "Stations near you"),
            ("/stations/1/", "station", "A station and its hours"),
            (f"/stations/advisers/?area={COMMUNITY}", "advisers", "Who comes to the community, and when"),
            (f"/bulletins/?area={COMMUNITY}", "bulletins", "Notices of the community"),
            ("/bulletins/1/", "bulletin", "A notice"),
            ("/accessibility/", "accessibility", "Accessibility"),
            ("/privacy/", "privacy", "Privacy"),
            ("/no/such/page/", "not-found", "No such page"),
        ):
            visit.open(path)
            visit.shot(name, title)
        visit.open(survey)
        visit.shot("survey", "Survey")
        visit.page.locator("#survey .govuk-checkboxes__label").first.click()
        visit.press("#survey button")
        visit.shot("survey-thanks", "Survey: thank you")
    if face is ELDER:
        for path, name, title in (
            ("/services/", "services", "What the community does for you"),
            (f"/stations/?area={COMMUNITY}", "stations", "Stations near you"),
        ):
            visit.open(path)
            visit.shot(name, title)
    if face is DARK:
        visit.open("/")
        visit.shot("home", "First page")
        visit.open(NEW)
        visit.shot("new", "Raise a matter")
    visit.close()


def following(camera: Camera, face: Face, demo: Demo, asked: tuple[str, str], declined: tuple[str, str]) -> None:
    """Follow matters that wait, are declined, are closed, and do what may be done about each."""
    visit = camera.visit(face)
    follow(visit, *asked)
    visit.shot("followed-asked", "Follow: we need something from you")
    visit.press("main a[href$='/withdraw/']")
    visit.shot("withdraw", "Withdraw")
    follow(visit, *declined)
    visit.shot("followed-declined", "Follow: not accepted")
    visit.press("main a[href$='/appeal/']")
    visit.shot("appeal", "Appeal")
    follow(visit, demo.number, demo.code)
    visit.shot("followed-closed", "Follow: closed, with rating")
    visit.press("main a[href$='/reopen/']")
    visit.shot("reopen", "Take it up again")
    visit.open(f"{FOLLOW}{demo.number}/data/")
    visit.shot("data", "My data")
    visit.close()


def all_mine(camera: Camera, face: Face, demo: Demo, phone: str) -> None:
    """Prove a telephone and see everything filed under it."""
    visit = camera.visit(face)
    visit.open(MINE)
    visit.shot("mine-phone", "All my matters: telephone")
    visit.fill(phone=phone)
    demo.messages.clear()
    visit.press("main button[value=phone]")
    visit.shot("mine-code", "All my matters: code")
    visit.fill(code=demo.last_code())
    visit.press("main button[value=code]")
    visit.shot("mine", "All my matters")
    visit.close()


def sum_asked(camera: Camera, face: Face, number: str) -> None:
    """Guess codes until a sum is asked."""
    visit = camera.visit(face)
    while not visit.page.locator("[name=sum]").count():
        visit.open(FOLLOW)
        visit.fill(number=number, code="ABCDEFGHJK")
        visit.press("#following .govuk-button")
    visit.shot("sum", "A sum before more tries")
    visit.close()


class Staff:
    """The people of the main job, each signed in once at his own screen."""

    def __init__(self, camera: Camera, demo: Demo) -> None:
        self.secretary = camera.visit(WIDE)
        self.worker = camera.visit(ZH)
        self.secretary.open("/login/")
        self.secretary.shot("login", "Sign in")
        for visit, post in ((self.secretary, "community_secretary"), (self.worker, "grid_worker")):
            visit.sign_in(post, demo.passwords[post])

    def _do(self, visit: Visit, number: str, verb: str, *, shot: str = "", **fields: str) -> None:
        visit.open(f"/cases/{number}/?do={verb}")
        visit.fill("#do", **fields)
        if shot:
            visit.shot(f"case-{verb}", shot)
        visit.page.locator(f"form[action$='/cases/{number}/{verb}/'] {SEND}").first.click()
        visit.page.locator(".l-message--success").first.wait_for()

    def take_in(self, number: str) -> None:
        """Triage and send to the worker, who takes it."""
        visit = self.secretary
        for path, name, title in (
            ("/admin/", "desk", "Desk of a secretary"),
            ("/admin/queue/", "queue", "Queue"),
            ("/notices/", "notices", "Notices"),
            (f"/cases/{number}/", "case", "Case"),
        ):
            visit.open(path)
            visit.shot(name, title)
        self._do(visit, number, "accept", shot="Accept: triage")
        visit.open(f"/cases/{number}/?do=dispatch")
        visit.shot("case-dispatch", "Dispatch")
        choice = visit.page.locator("#do select[name=to] option", has_text="曾明怡").first
        visit.page.select_option("#do select[name=to]", choice.get_attribute("value"))
        visit.page.locator(f"#do {SEND}").first.click()
        visit.page.locator(".l-message--success").first.wait_for()
        self.worker.open("/grid/")
        self.worker.shot("worker-queue", "Queue of a grid worker")
        self.worker.open(f"/cases/{number}/")
        self.worker.shot("worker-case", "Case of a grid worker")
        self.worker.page.locator(f"form[action$='/cases/{number}/sign/'] button").first.click()
        self.worker.page.locator(".l-message--success").first.wait_for()

    def ask(self, number: str, words: str) -> None:
        """Ask the petitioner for what is missing."""
        self.worker.open(f"/cases/{number}/")
        form = f"form[action$='/cases/{number}/request/supplement/']"
        self.worker.page.locator("details", has=self.worker.page.locator(form)).locator("summary").click()
        self.worker.page.fill(f"{form} [name=words]", words)
        self.worker.press(f"{form} button")

    def resolve(self, number: str) -> None:
        """Arrive, resolve with a photo, verify. Closing may wait for the checks that a sample asks for."""
        self._do(self.worker, number, "arrive")
        self.worker.open(f"/cases/{number}/?do=resolve")
        self.worker.fill("#do", reply="两个桶已清空并冲洗，明天起每天早晚各清一次，雨天加一次。")
        self.worker.shot("worker-resolve", "Resolve")
        self.worker.page.set_input_files(
            "#do [name=after]", [{"name": "after.jpg", "mimeType": "image/jpeg", "buffer": picture()}]
        )
        self.worker.page.locator(f"#do {SEND}").first.click()
        self.worker.page.locator(".l-message--success").first.wait_for()
        self._do(self.secretary, number, "verify", shot="Verify")

    def decline(self, number: str) -> None:
        """Decline with a reason."""
        self._do(self.secretary, number, "decline", shot="Decline", reason="这属于物业合同内的事，已转告物业公司办理。")

    def answer_in_english(self, number: str) -> None:
        """Open a form whose words somebody who reads English will read."""
        self.secretary.open(f"/cases/{number}/?do=decline")
        self.secretary.page.locator("#do .l-message summary").click()
        self.secretary.shot("case-english", "A petitioner who reads English")

    def rest(self) -> str:
        """Board, posters, surveys, figures, filing for somebody; return the address of the survey's public page."""
        visit = self.secretary
        visit.open("/board/")
        visit.shot("staff-board", "Public board: what waits for a decision")
        if visit.page.locator("main a[href^='/board/P']").count():  # the demo may have decided on all of them
            visit.press("main a[href^='/board/P']")
            visit.shot("staff-board-decide", "Public board: the words everybody will read")
        visit.open("/admin/figures/")
        visit.shot("staff-figures", "Figures of a secretary")
        visit.open("/posters/")
        visit.shot("staff-posters", "Posters")
        visit.open(f"/posters/?area={GRID}")
        visit.shot("posters", "Posters to print")
        visit.print("posters", "Posters to print")
        visit.open(f"/areas/{PLACE}-1/board/")
        visit.print("area-board", "Notice board of a stairwell")
        visit.open("/surveys/")
        visit.shot("staff-surveys", "Surveys")
        visit.press("main .govuk-list a")
        visit.shot("staff-survey", "Answers of a survey")
        survey = visit.page.locator("main a[href^='/survey/']").first.get_attribute("href")
        self.worker.open("/cases/new/")
        self.worker.shot("worker-new", "File for somebody")
        return str(survey)


def walk(camera: Camera, demo: Demo) -> None:
    """Take every picture. Telephones are of the demo's range, which belongs to nobody."""
    first = filing(camera, ZH, "19900000001", whole=True)
    staff = Staff(camera, demo)
    staff.take_in(first[0])
    visit = camera.visit(ZH)
    declined = file(visit, "19900000002", words="小区门口卖水果的太吵，请物业管一管。")
    visit.close()
    staff.decline(declined[0])
    filing(camera, WIDE, "19900000003", whole=True)
    english = filing(camera, EN, "19900000004", whole=False)
    filing(camera, ELDER, "19900000005", whole=False)
    staff.answer_in_english(english[0])
    staff.ask(first[0], "请说明是东头的两个桶，还是西头的？")
    survey = staff.rest()
    for face in (ZH, WIDE):
        danger_and_left_behind(camera, face)
    for face in (ZH, WIDE, ELDER, EN, DARK):
        everybody(camera, face, survey=survey)
    for face in (ZH, WIDE):
        following(camera, face, demo, first, declined)
    all_mine(camera, ZH, demo, "19900000001")
    all_mine(camera, WIDE, demo, "19900000003")
    visit = camera.visit(ZH)
    follow(visit, *first)
    visit.fill(words="是东头的两个。")
    visit.press("#answer .govuk-button")
    visit.close()
    staff.resolve(first[0])
    for face in (ZH, WIDE, EN, DARK):
        visit = camera.visit(face)
        follow(visit, *first)
        visit.shot("followed-done", "Follow: done")
        visit.close()
    for face in (ZH, WIDE):
        sum_asked(camera, face, first[0])
