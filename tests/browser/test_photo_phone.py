"""A photo of twelve megapixels is made small on the telephone: upright, without its place, before it travels."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, expect

from petitions.enums import Status
from petitions.models import PetitionPhoto
from tests.browser.phones import phone
from tests.petitions.filing import NEW

__all__ = ["phone"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
HELD_SIDEWAYS = 6
# what lies in a file input, or in an entry of the outbox: bytes, and whether camera and place are in them
IN_FIELD = """async (input) => {
  const bytes = new Uint8Array(await input.files[0].arrayBuffer());
  const picture = await createImageBitmap(input.files[0]);
  return [bytes.length, new TextDecoder("latin1").decode(bytes).includes("SecretPhone"), picture.width, picture.height];
}"""
KEPT = "linliOutbox.all().then((items) => items[0].files.map((file) => file.blob.size))"


@pytest.fixture(scope="module")
def large() -> dict[str, object]:
    """A picture of a telephone held sideways: its left half red, so the upper one when it stands upright."""
    picture = Image.effect_noise((4032, 3024), 90).convert("RGB")
    picture.paste("red", (0, 0, 2016, 3024))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = HELD_SIDEWAYS, "SecretPhone"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, quality=90)
    assert len(out.getvalue()) > 2_000_000
    return {"name": "IMG_1.jpeg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def is_upright(photo: PetitionPhoto) -> bool:
    with photo.file.open() as file, Image.open(file) as picture:
        above, below = picture.getpixel((600, 200)), picture.getpixel((600, 1500))
    return picture.size == (1200, 1600) and above[0] > 200 > above[1] + 100 and abs(below[0] - below[1]) < 40


@pytest.mark.usefixtures("district")
def test_the_filing_page_fetches_what_makes_photos_small_when_one_is_chosen(chromium: Browser, live_server, large):
    context = chromium.new_context(viewport={"width": 360, "height": 740}, base_url=live_server.url, locale="en")
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(NEW, wait_until="networkidle")
    assert not [url for url in asked if "photo" in url]

    page.set_input_files("[name=photos]", [large])

    expect(page.locator("[name=photos]")).to_have_value(re.compile(r"IMG_1\.jpg$"))
    assert [url for url in asked if re.search(r"/photo(\.\w+)?\.js$", url)]
    size, has_camera, width, height = page.locator("[name=photos]").evaluate(IN_FIELD)
    assert (size < 900_000, has_camera, width, height) == (True, False, 1200, 1600)
    context.close()


def test_who_presses_at_once_or_has_no_line_sends_the_small_photo_too_and_once(phone, district, large):
    case = district.petition(timezone.now() - timedelta(hours=1), status=Status.IN_PROGRESS)
    mine = phone()
    mine.sign_in(district.worker)
    mine.page.goto(f"/cases/{case.number}/?do=resolve")
    mine.cut()
    mine.page.fill("#do [name=reply]", "已清运。")
    mine.page.set_input_files("#do [name=after]", [large])
    mine.page.locator("#do").get_by_role("button", name="Resolve").click()
    expect(mine.page.get_by_text("No line. What you wrote is kept")).to_be_visible()
    [kept] = mine.page.evaluate(KEPT)
    assert kept < 900_000

    mine.line()
    expect(mine.page.locator("#outbox")).to_contain_text("Sent")

    [photo] = PetitionPhoto.objects.all()
    assert (photo.petition, photo.kind, is_upright(photo)) == (case, "after", True)
