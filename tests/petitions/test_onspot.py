"""Closed on the spot: one form files, takes and resolves with a photo, or does nothing at all."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from deadlines.models import Policy
from notifications.models import Notice
from petitions import onspot, services, transitions
from petitions.enums import Channel, Status, Verb
from petitions.models import Category, Petition, PetitionClockRung, PetitionEvent, PetitionPhoto
from tests.factories import TUESDAY
from tests.petitions.photo_files import phone_photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NEW = "/cases/new/"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def send(client, user, place, *, photo: bytes | None = None, **said):
    client.force_login(user)
    fields = {
        "client_key": str(uuid.uuid4()), "text": "楼道灯不亮。", "place": place.code, "channel": "visit", "about": "",
        "category": "0102", "reply": "已换灯泡。", **said,
    }  # fmt: skip
    photo = phone_photo() if photo is None else photo
    files = {"after": SimpleUploadedFile("a.jpg", photo, "image/jpeg")} if photo else {}
    return client.post(NEW, {**fields, **files})


def test_one_sending_files_takes_and_resolves_with_the_photo_and_another_verifies(client, district):
    response = send(client, district.worker, district.unit)

    assert response.status_code == 200
    done = Petition.objects.get()
    assert (done.status, done.handler, done.resolved_by, done.tier) == (
        Status.RESOLVED, district.worker, district.worker, "immediate",
    )  # fmt: skip
    codes = list(done.events.order_by("at", "id").values_list("code", flat=True))
    assert codes == ["submitted", "accepted", "signed", "resolved", "photo"]
    assert [(photo.kind, photo.by) for photo in done.photos.all()] == [("after", district.worker)]
    assert not done.clocks.filter(state="running", stage__policy=done.policy, stage__stopped_by="resolved").exists()
    assert "It is reported as done." in response.content.decode()
    client.force_login(district.worker)
    refused = client.post(f"/cases/{done.number}/verify/", {"version": done.version})
    assert refused.status_code == 403
    assert Petition.objects.get().status == Status.RESOLVED


FACTS = [
    "status",
    "version",
    "round",
    "tier",
    "urgency",
    "issue_kind",
    "category",
    "policy",
    "handler",
    "resolved_by",
    "first_contact_owner",
    "accepted_at",
    "resolved_at",
    "next_due_at",
    "next_stage",
    "grid",
    "area_path",
]
OF_EVENT = ["code", "at", "by", "from_status", "to_status", "refs"]
OF_CLOCK = [
    "stage__code",
    "generation",
    "state",
    "met",
    "started_at",
    "stopped_at",
    "due_at",
    "area",
    "holder",
    "next_action_at",
    "life",
]


def what_stands(one: Petition) -> tuple[list[object], ...]:
    """Everything a matter left behind but its own keys, numbers and words."""
    running = PetitionClockRung.objects.filter(clock__petition=one, clock__state="running")
    return (
        list(Petition.objects.filter(pk=one.pk).values_list(*FACTS)),
        list(one.events.exclude(code="photo").order_by("at", "id").values_list(*OF_EVENT)),
        sorted(map(str, one.clocks.values_list(*OF_CLOCK))),
        sorted(running.values_list("fire_at", "rung")),
        sorted(one.texts.values_list("kind", "masked", "public")),
        sorted(map(str, Notice.objects.filter(about=f"petition:{one.number}").values_list("kind", "recipient"))),
        [(photo.kind, photo.sha256, photo.by) for photo in one.photos.all()],
    )


def test_what_is_closed_on_the_spot_stands_as_if_each_act_had_been_done_by_itself(district):
    at, by = TUESDAY, district.as_staff(district.worker)
    category = Category.objects.get(code="0102", valid_to=None)
    contact = services.Contact(name="常小红", phone="13800138000")
    said = {"text": "楼道灯不亮。", "place": district.unit, "channel": Channel.VISIT, "contact": contact}

    at_once = onspot.file_done(
        by=by, at=at, category=category, reply="已换灯泡。", after=[io.BytesIO(phone_photo())],
        client_key=uuid.uuid4(), **said,
    ).petition  # fmt: skip
    one = services.file(**said, client_key=uuid.uuid4(), filed_by=by.user, at=at).petition
    policy = Policy.objects.in_force(at.date()).get(key=category.policy_key)
    refs = {"category": "0102", "policy": policy.key, "tier": category.tier, "urgency": category.urgency}
    facts = {"category": category, "policy": policy, "tier": category.tier, "urgency": category.urgency}
    transitions.move(one, Verb.ACCEPT, by=None, wrote=by.user, at=at, refs=refs, accepted_at=at, **facts)
    transitions.sign(one, by=by, at=at)
    services.resolve_with_photos(one, by=by, at=at, reply="已换灯泡。", after=[io.BytesIO(phone_photo())])

    for together, apart in zip(what_stands(at_once), what_stands(one), strict=True):
        assert together == apart


def test_without_a_photo_nothing_is_filed_and_every_word_stays(client, district):
    response = send(client, district.worker, district.unit, photo=b"")

    page = response.content.decode()
    assert response.status_code == 422
    assert "A photo must show that it is done." in page
    assert "楼道灯不亮。" in page
    assert "已换灯泡。" in page
    assert not Petition.objects.exists()


@pytest.mark.parametrize("bad", [{"photo": b"no photo"}, {"reply": " "}, {"category": "9999"}, {"category": ""}])
def test_what_does_not_fit_files_nothing(client, district, bad):
    assert send(client, district.worker, district.unit, **bad).status_code == 422

    assert (Petition.objects.count(), PetitionEvent.objects.count(), PetitionPhoto.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("case", ["another grid", "about staff", "an emergency"])
def test_what_is_not_his_to_close_is_not_filed_either_and_says_so(client, district, case):
    place, said = {
        "another grid": (district.other_grid, {}),
        "about staff": (district.unit, {"about": "community"}),
        "an emergency": (district.unit, {"text": "楼里着火了，有人被困！"}),
    }[case]

    response = send(client, district.worker, place, **said)

    assert response.status_code == 422
    assert "Please file it as open" in response.content.decode()
    assert not Petition.objects.exists()


def test_sent_twice_it_is_one_matter_with_its_photo_once(client, district):
    key = str(uuid.uuid4())

    send(client, district.worker, district.unit, client_key=key)
    again = send(client, district.worker, district.unit, client_key=key)

    assert "The matter was filed already" in again.content.decode()
    assert (Petition.objects.count(), PetitionPhoto.objects.count()) == (1, 1)


def test_who_takes_no_matters_is_not_offered_to_close_one(client, district):
    client.force_login(district.window)

    assert 'name="reply"' not in client.get(NEW).content.decode()
    send(client, district.window, district.unit)
    assert Petition.objects.get().status == Status.SUBMITTED
