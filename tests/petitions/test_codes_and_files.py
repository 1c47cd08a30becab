"""Cases 42 to 45 of cases/petitions.md, from outside: codes, photos, original words."""

import hmac
import io
import uuid
from itertools import pairwise

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from petitions import numbers, reveals
from petitions.models import Petition, PetitionPhoto
from petitions.numbers import ALPHABET, code_fits, code_for
from tests.petitions.filing import FOLLOW, prove, send
from tests.petitions.photo_files import HTML, SVG, phone_photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache")]
SCRIPT = b"<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def follow(client, petition, code):
    return client.post(FOLLOW, {"number": petition.number, "code": code})


def body(response) -> bytes:
    return b"".join(response.streaming_content)


# -- case 42


def test_a_code_opens_its_own_matter_and_nothing_else(client, district):
    """Case 42: only own cases. There are no links with tokens: whoever has only an address is asked for the code."""
    mine, other = district.petition(), district.petition()

    assert client.get(f"{FOLLOW}{mine.number}/").url == f"{FOLLOW}?number={mine.number}"
    assert client.get(f"{FOLLOW}PX0001/").status_code == 404
    assert follow(client, other, code_for(mine.client_key)).status_code == 422
    assert follow(client, mine, code_for(mine.client_key)).status_code == 302

    assert client.get(f"{FOLLOW}{mine.number}/").status_code == 200
    assert client.get(f"{FOLLOW}{other.number}/").status_code == 302
    assert client.get(f"{FOLLOW}{other.number}/data/").status_code == 302


def test_a_code_whose_matter_was_erased_is_over_and_is_answered_like_a_wrong_one(client, district):
    """Case 42: late. The answer does not tell that there was such a matter once."""
    petition = district.petition(status="closed")
    code = code_for(petition.client_key)
    Petition.objects.filter(pk=petition.pk).update(code_hash=None)

    late = follow(client, petition, code)
    wrong = follow(client, district.petition(), "ABCDEFGHJK")

    assert (late.status_code, wrong.status_code) == (422, 422)
    said = "Number and follow-up code do not belong together."
    assert said in late.content.decode()
    assert said in wrong.content.decode()


def test_wrong_codes_are_throttled(client, district):
    """Case 42: 429 with Retry-After after ten wrong tries of one address."""
    petition = district.petition()

    answers = [follow(client, petition, "ABCDEFGHJK") for _turn in range(11)]

    assert [one.status_code for one in answers] == [422] * 10 + [429]
    assert int(answers[-1]["Retry-After"]) > 0


# -- case 43


def test_codes_are_neither_sequential_nor_alike_and_hang_on_our_key(settings):
    """Case 43: 500 neighbouring filings: no code twice, no place that stands still, every symbol used everywhere."""
    keys = [uuid.UUID(int=number) for number in range(500)]
    codes = [code_for(key) for key in keys]

    assert len(set(codes)) == 500
    assert {len(code) for code in codes} == {10}
    for place in range(10):
        assert {code[place] for code in codes} == set(ALPHABET)
        same = sum(one[place] == two[place] for one, two in pairwise(codes))
        assert same < 40  # 16 of 499 by chance
    settings.BLIND_INDEX_KEY = "another key of at least 32 characters, as it must be"
    assert not set(codes) & {code_for(key) for key in keys}


def test_a_code_is_not_kept_and_is_compared_in_constant_time_also_where_there_is_none(client, district, monkeypatch):
    """Case 43: constant-time compare."""
    petition = district.petition()
    code = code_for(petition.client_key)
    compared = []

    def compare(one, two):
        compared.append((len(one), len(two)))
        return hmac.compare_digest(one, two)

    monkeypatch.setattr(numbers, "hmac", type("hmac", (), {"compare_digest": staticmethod(compare)}))

    assert code_fits(petition.code_hash, petition.number, code)
    assert not code_fits(petition.code_hash, petition.number, "ABCDEFGHJK")
    assert not code_fits(None, petition.number, code)
    assert compared == [(32, 32)] * 3
    assert code not in str(Petition.objects.filter(pk=petition.pk).values().get())


# -- case 44


def test_a_photo_is_served_without_place_and_camera_upright_and_as_a_picture_only(client, district, media):
    """Case 44: EXIF and GPS gone from the stored and the served file, rotation kept, nosniff, by permission."""
    send(client, photos=[SimpleUploadedFile("bin.jpg", phone_photo(), "image/jpeg")])
    photo = PetitionPhoto.objects.get()
    address = f"/photos/{photo.pk}/"
    stored = next(path for path in media.rglob("*.jpg") if str(photo.pk) in path.name).read_bytes()

    prove(client, photo.petition)
    answer = client.get(address)
    served = body(answer)

    assert served == stored
    assert not any(secret in served for secret in (b"Secret", b"secret", b"Exif", b"GPS", b"xmpmeta"))
    picture = Image.open(io.BytesIO(served))
    assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (40, 80), {})
    red = picture.convert("RGB").getpixel((20, 5))
    assert (red[0] > 200, red[1] < 60) == (True, True)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    client.post(f"{FOLLOW}forget/")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        ("photo.jpg", HTML, "image/jpeg"),
        ("photo.png", SVG, "image/png"),
        ("photo.svg", SVG, "image/svg+xml"),
        ("photo.jpg", b"%PDF-1.7\n" + SCRIPT, "image/jpeg"),
    ],
)
def test_content_decides_and_not_name_or_type_what_is_no_photo(client, district, media, sent):
    """Case 44: MIME type, extension and content do not fit together."""
    answer = send(client, photos=[SimpleUploadedFile(*sent)])

    assert answer.status_code == 422
    assert not PetitionPhoto.objects.exists()
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_a_picture_that_calls_itself_a_page_is_kept_as_a_picture_and_what_hung_on_it_is_gone(client, district, media):
    """Case 44: a polyglot: a true JPEG with a page behind it, sent as text/html under the name of a page."""
    send(client, photos=[SimpleUploadedFile("evil.html", phone_photo() + SCRIPT, "text/html")])

    photo = PetitionPhoto.objects.get()
    (stored,) = (path for path in media.rglob("*") if path.is_file())
    assert stored.name == f"{photo.pk}.jpg"
    assert SCRIPT not in stored.read_bytes()
    prove(client, photo.petition)
    answer = client.get(f"/photos/{photo.pk}/")
    assert answer["Content-Type"] == "image/jpeg"
    assert SCRIPT not in body(answer)


# -- case 45


@pytest.mark.parametrize("who", ["worker", "secretary", "dispatcher", "command"])
def test_original_words_are_on_no_page_of_staff_however_high_and_whatever_was_looked_at(client, district, who):
    """Case 45: the original is kept, sealed; staff read the masked words, only the petitioner's own copy has it."""
    petition = district.petition(text="请打13911112222，车牌鲁D12345。", status="dispatched")
    by = district.as_staff(district.secretary)
    reveals.look(petition, field="phone", reason="约定上门时间", by=by, at=timezone.now())
    client.force_login(getattr(district, who))

    case = f"/cases/{petition.number}/"
    for page in (
        case,
        f"/admin/petitions/petition/?q={petition.number}",
        "/admin/",
        "/reveals/",
    ):
        text = client.get(page).content.decode()
        assert "13911112222" not in text, page
    assert "请打139****2222" in client.get(case).content.decode()
    client.logout()
    prove(client, petition)
    copy = client.post(f"{FOLLOW}{petition.number}/data/copy/", {"code": code_for(petition.client_key)})
    assert copy["Content-Type"] == "application/zip"
