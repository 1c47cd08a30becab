"""Photos: what is kept of them, what is refused, who may fetch them."""

import io
import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from petitions import photos, services
from petitions.enums import PhotoKind, Status
from petitions.errors import BadPhoto
from petitions.models import PetitionEvent, PetitionPhoto
from petitions.viewers import PROVED
from tests.factories import TUESDAY
from tests.petitions.photo_files import HTML, POLYGLOT, SVG, bomb_png, phone_photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
REFUSED = {
    "html": HTML, "svg": SVG, "polyglot": POLYGLOT, "bomb": bomb_png(), "cut off": phone_photo()[:400], "empty": b"",
}  # fmt: skip


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def upload(data: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def keep(petition, data: bytes | None = None) -> PetitionPhoto:
    return photos.add(petition, io.BytesIO(data or phone_photo()), kind=PhotoKind.AFTER, by=None, at=TUESDAY)


def fetch(client, photo_id) -> int:
    response = client.get(f"/photos/{photo_id}/")
    if response.streaming:
        list(response.streaming_content)  # read to the end, the client closes the file
    return response.status_code


def resolve(client, petition, **files):
    return client.post(
        f"/cases/{petition.number}/resolve/", {"version": petition.version, "reply": "已清运。", **files}
    )


def test_what_is_kept_has_neither_place_nor_camera_nor_comment_and_stands_upright(district, media):
    photo = keep(district.petition(status=Status.SIGNED))

    (file,) = files_in(media)
    data = file.read_bytes()
    assert not any(secret in data for secret in (b"Secret", b"secret", b"Exif", b"xmpmeta", b"http"))
    kept = Image.open(io.BytesIO(data))
    assert (kept.format, kept.size, (photo.width, photo.height)) == ("JPEG", (40, 80), (40, 80))
    assert not kept.getexif()
    top, bottom = kept.getpixel((20, 5)), kept.getpixel((20, 75))
    assert (top[1] < 60, bottom[1] > 200) == (True, True)  # the red half was left; turned by 90° clockwise it is on top


def test_a_large_photo_is_scaled_to_1600_pixels(district):
    photo = keep(district.petition(status=Status.SIGNED), phone_photo(size=(3200, 800), orientation=1))

    assert (photo.width, photo.height) == (1600, 400)


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_photo_is_refused_whatever_it_is_called(kind):
    """Case 44: HTML, SVG, polyglot and decompression bomb are refused whatever they are called."""
    with pytest.raises(BadPhoto):
        photos.clean(io.BytesIO(REFUSED[kind]))


def test_a_file_over_ten_megabytes_is_refused_unread():
    with pytest.raises(BadPhoto, match="larger than 10 MB"):
        photos.clean(io.BytesIO(b"\0" * (10 * 1024 * 1024 + 1)))


def test_a_resolution_keeps_its_photos_before_and_after(client, district, media):
    petition = district.petition(status=Status.SIGNED)
    client.force_login(district.worker)

    after = [upload(phone_photo()), upload(phone_photo())]
    response = resolve(client, petition, before=[upload(phone_photo())], after=after)

    assert response.status_code == 302
    petition.refresh_from_db()
    assert petition.status == Status.RESOLVED
    assert sorted(petition.photos.values_list("kind", "by")) == [
        ("after", district.worker.pk), ("after", district.worker.pk), ("before", district.worker.pk),
    ]  # fmt: skip
    assert len(files_in(media)) == 3


@pytest.mark.parametrize("kind", REFUSED)
def test_a_resolution_with_a_bad_photo_does_nothing_at_all(client, district, media, kind):
    petition = district.petition(status=Status.SIGNED)
    client.force_login(district.worker)
    events = PetitionEvent.objects.count()

    response = resolve(client, petition, after=[upload(phone_photo()), upload(REFUSED[kind])])

    assert response.status_code == 422
    assert "已清运。" in response.content.decode()
    petition.refresh_from_db()
    assert petition.status == Status.SIGNED
    assert PetitionEvent.objects.count() == events
    assert not PetitionPhoto.objects.exists()
    assert files_in(media) == []


def test_six_photos_are_one_too_many(client, district, media):
    petition = district.petition(status=Status.SIGNED)
    client.force_login(district.worker)

    response = resolve(client, petition, after=[upload(phone_photo()) for _ in range(6)])

    assert response.status_code == 422
    assert "At most 5 photos" in response.content.decode()
    assert files_in(media) == []


def test_a_resolution_that_comes_too_late_leaves_no_photo_behind(client, district, media):
    petition = district.petition(status=Status.RESOLVED)
    client.force_login(district.worker)

    response = resolve(client, petition, after=[upload(phone_photo())])

    assert response.status_code == 409
    assert not PetitionPhoto.objects.exists()
    assert files_in(media) == []


def test_files_go_when_the_transaction_fails(district, media, monkeypatch):
    petition = district.petition(status=Status.SIGNED)
    real = photos.stored
    kept = []

    def fails_second(*args, **kwargs):
        if kept:
            raise RuntimeError("disk full")
        kept.append(real(*args, **kwargs))
        return kept[0]

    monkeypatch.setattr(photos, "stored", fails_second)

    with pytest.raises(RuntimeError, match="disk full"):
        services.resolve_with_photos(
            petition,
            by=district.as_staff(district.worker),
            at=TUESDAY,
            reply="已清运。",
            after=[io.BytesIO(phone_photo()), io.BytesIO(phone_photo())],
        )

    assert files_in(media) == []
    petition.refresh_from_db()
    assert petition.status == Status.SIGNED


def test_a_photo_is_handed_out_as_a_picture_and_as_nothing_else(client, district):
    photo = keep(district.petition(status=Status.SIGNED))
    client.force_login(district.worker)

    response = client.get(f"/photos/{photo.pk}/")

    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, max-age=600"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(response.streaming_content)[:2] == b"\xff\xd8"


@pytest.mark.parametrize("who", ["other_worker", "other_secretary", "stranger", "handler"])
def test_staff_out_of_scope_get_no_photo(client, district, who):
    photo = keep(district.petition(status=Status.SIGNED))
    client.force_login(getattr(district, who))

    assert fetch(client, photo.pk) == 404


def test_a_session_gets_the_photos_of_what_it_has_proved_and_no_others(client, district):
    mine, foreign = (keep(district.petition(status=Status.SIGNED)) for _ in range(2))
    session = client.session
    session[PROVED] = [mine.petition_id]
    session.save()

    assert fetch(client, mine.pk) == 200
    assert fetch(client, foreign.pk) == 404


def test_without_session_or_row_or_file_there_is_no_photo(client, district):
    photo = keep(district.petition(status=Status.SIGNED))

    assert fetch(client, photo.pk) == 404
    client.force_login(district.worker)
    assert fetch(client, uuid.uuid4()) == 404
    Path(photo.file.path).unlink()
    assert fetch(client, photo.pk) == 404
    assert client.post(f"/photos/{photo.pk}/").status_code == 405
