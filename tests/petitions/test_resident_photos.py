"""Photos of the residents' form: cleaned at once, carried across the page to check, gone when nobody sends them."""

import io
from datetime import datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from petitions import drafts, tasks
from petitions.models import Petition, PetitionPhoto
from tests.petitions.filing import NEW, WORDS, answers, check, hidden, picture, search, send
from tests.petitions.photo_files import HTML, SVG, bomb_png

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def waiting() -> list[str]:
    return sorted(default_storage.listdir(drafts.FOLDER)[1]) if default_storage.exists(drafts.FOLDER) else []


def test_photos_chosen_once_are_there_when_the_matter_is_sent(client, district):
    given = answers()

    checked = client.post(NEW, {**given, "photos": [picture("a.jpg"), picture("b.jpg")], "step": "check"})
    waited = waiting()
    client.post(NEW, {**given, "kept": hidden(checked, "kept"), "step": "send"})

    assert len(waited) == 2
    assert [label for label, _picture in checked.context["thumbnails"]] == ["a.jpg", "b.jpg"]
    assert list(PetitionPhoto.objects.values_list("kind", flat=True)) == ["filed", "filed"]
    assert waiting() == []


def test_what_waits_has_lost_its_place_and_its_camera_already(client, district):
    check(client, photos=[picture()])

    with default_storage.open(f"{drafts.FOLDER}/{waiting()[0]}") as file:
        data = file.read()
    with Image.open(io.BytesIO(data)) as kept:
        assert kept.format == "JPEG"
        assert not dict(kept.getexif())
    for secret in (b"SecretPhone", b"secret-comment", b"secret-xmp"):
        assert secret not in data


def test_the_stored_photo_has_no_metadata_and_stands_upright(client, district):
    send(client, photos=[picture()])

    photo = PetitionPhoto.objects.get()
    with photo.file.open() as file:
        data = file.read()
    assert (photo.width, photo.height) == (40, 80)
    assert b"Exif" not in data
    assert b"SecretPhone" not in data


def test_photos_are_kept_when_another_answer_is_wrong(client, district):
    given = answers(text="")

    refused = client.post(NEW, {**given, "photos": [picture("a.jpg")], "step": "check"})
    mended = client.post(NEW, {**given, "text": WORDS, "kept": hidden(refused, "kept"), "step": "send"})

    assert refused.status_code == 422
    assert [draft.label for draft in refused.context["drafts"]] == ["a.jpg"]
    assert mended.status_code == 302
    assert PetitionPhoto.objects.count() == 1


@pytest.mark.parametrize("data", [HTML, SVG, b"", b"\xff\xd8\xff\xe0 half a photo", bomb_png()])
def test_what_is_no_photo_is_named_and_the_good_ones_stay(client, district, data):
    if data:
        response = check(client, photos=[picture("good.jpg"), picture("bad.jpg", data)])
    else:
        response = check(client, photos=[picture("good.jpg"), picture("bad.jpg", b"\0")])

    assert response.status_code == 422
    (message,) = response.context["form"].errors["photos"]
    assert message.startswith("“bad.jpg”: ")
    assert [draft.label for draft in response.context["drafts"]] == ["good.jpg"]
    assert not Petition.objects.exists()


def test_the_sixth_photo_is_left_out_and_said(client, district):
    response = check(client, photos=[picture(f"{count}.jpg") for count in range(1, 7)])

    assert response.context["form"].errors["photos"] == ["Five photos are the most; “6.jpg” was left out."]
    assert len(waiting()) == 5


def test_photos_of_two_steps_count_together(client, district):
    given = answers()

    first = client.post(NEW, {**given, "photos": [picture(f"{count}.jpg") for count in range(3)], "step": "search"})
    second = client.post(
        NEW, {**given, "kept": hidden(first, "kept"), "photos": [picture("4.jpg"), picture("5.jpg")], "step": "send"}
    )

    assert second.status_code == 302
    assert PetitionPhoto.objects.count() == 5


def test_a_photo_can_be_taken_out_again(client, district):
    given = answers()
    first = client.post(NEW, {**given, "photos": [picture("a.jpg"), picture("b.jpg")], "step": "search"})
    unwanted = first.context["drafts"][0]

    client.post(NEW, {**given, "kept": hidden(first, "kept"), "drop": unwanted.name, "step": "send"})

    assert PetitionPhoto.objects.count() == 1
    assert not default_storage.exists(unwanted.name)


def test_nobody_brings_a_photo_that_his_form_does_not_have(client, district):
    others = check(client, photos=[picture("private.jpg")])

    thief = send(client, kept=hidden(others, "kept"))  # a form of its own: another client key

    assert thief.status_code == 302
    assert not PetitionPhoto.objects.exists()
    assert len(waiting()) == 1


@pytest.mark.parametrize("kept", ["rubbish", "WyIvZXRjL3Bhc3N3ZCJd:x:y", "drafts/x.jpg", "../../etc/passwd"])
def test_a_forged_list_of_photos_counts_as_none(client, district, kept):
    response = send(client, kept=kept)

    assert response.status_code == 302
    assert not PetitionPhoto.objects.exists()


def test_no_name_can_be_dropped_that_the_form_does_not_have(client, district):
    check(client, photos=[picture()])
    (name,) = waiting()

    search(client, drop=f"{drafts.FOLDER}/{name}")

    assert waiting() == [name]


def test_sending_twice_files_the_photos_once(client, district):
    given = answers()
    kept = hidden(client.post(NEW, {**given, "photos": [picture()], "step": "check"}), "kept")

    first = client.post(NEW, {**given, "kept": kept, "step": "send"})
    second = client.post(NEW, {**given, "kept": kept, "step": "send"})

    assert first.url == second.url
    assert PetitionPhoto.objects.count() == 1


def test_what_nobody_sends_is_gone_after_a_day(client, district):
    checked = check(client, photos=[picture()])
    key, now = hidden(checked, "client_key"), timezone.now()

    assert drafts.purge(at=now + timedelta(hours=71)) == 0
    assert drafts.purge(at=now + timedelta(hours=73)) == 1
    assert drafts.purge(at=now + timedelta(hours=73)) == 0

    assert waiting() == []
    assert send(client, client_key=key, kept=hidden(checked, "kept")).status_code == 302


def test_purging_touches_no_photo_of_a_petition(client, district):
    send(client, photos=[picture()])

    drafts.purge(at=timezone.now() + timedelta(days=400))

    assert default_storage.exists(PetitionPhoto.objects.get().file.name)


def test_a_long_name_with_markup_is_shown_as_text(client, district):
    page = check(client, photos=[picture("<b>" + "长" * 100 + ".jpg")]).content.decode()

    assert "<b>长" not in page


def test_the_purge_is_a_task_of_every_hour(settings, monkeypatch):
    purged = []

    def purge(*, at: datetime) -> int:
        purged.append(at)
        return 0

    monkeypatch.setattr(drafts, "purge", purge)

    tasks.purge_drafts(added_later=1)

    assert len(purged) == 1
    assert settings.CELERY_BEAT_SCHEDULE["petitions.purge_drafts"] == {
        "task": "petitions.purge_drafts", "schedule": 3600, "options": {"expires": 3600},
    }  # fmt: skip
