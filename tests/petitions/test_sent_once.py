"""What a worker's phone sends: the same sending again does nothing, a stale one is shown, its place is his own."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from people import expiry
from petitions import arrivals, transitions
from petitions.enums import Status
from petitions.models import ArrivalPlace, Petition
from tests.factories import TUESDAY
from tests.petitions.photo_files import phone_photo
from tests.petitions.twice import twice_at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HOUR = timedelta(hours=1)
WHERE = "38.526412,102.187731"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", phone_photo(), "image/jpeg")


def send(client, petition, verb, **data):
    sent = {"version": str(petition.version), **data}
    return client.post(f"/cases/{petition.number}/{verb}/", sent)


def codes(petition) -> list[str]:
    return list(petition.events.order_by("at", "id").values_list("code", flat=True))


@pytest.fixture
def signed(client, district):
    client.force_login(district.worker)
    return district.petition(timezone.now() - HOUR, status=Status.SIGNED)


@pytest.mark.django_db(transaction=True)
def test_each_act_that_arrives_twice_at_the_same_instant_is_done_once(district):
    petition = district.petition(timezone.now() - HOUR, status=Status.SIGNED)
    answered = []
    for verb, data in (
        ("contact", {"note": "已电话联系。"}),
        ("arrive", {"where": WHERE}),
        ("plan", {"words": "下午清运。"}),
        ("resolve", {"reply": "已清运。", "after": photo}),
    ):
        petition.refresh_from_db()
        sent = {"version": petition.version, "client_key": uuid.uuid4(), **data}
        answers = twice_at_once(district.worker, f"/cases/{petition.number}/{verb}/", sent)
        answered.append((verb, [(answer.status_code, answer.get("Location")) for answer in answers]))

    there = (302, f"/cases/{petition.number}/")
    assert answered == [(verb, [there, there]) for verb in ("contact", "arrive", "plan", "resolve")]
    assert codes(petition)[-5:] == ["contacted", "arrived", "planned", "resolved", "photo"]
    assert petition.photos.count() == 1
    assert petition.texts.filter(kind="plan").count() == 1
    assert ArrivalPlace.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_filing_that_arrives_twice_at_the_same_instant_is_one_petition_with_its_photos_once(district):
    closed = {"category": "0102", "reply": "已换灯泡。", "after": photo}
    for also in ({}, closed):
        form = {
            "client_key": uuid.uuid4(), "text": "楼道灯不亮。", "place": district.unit.code, "channel": "visit",
            "about": "", "photos": photo, **also,
        }  # fmt: skip

        answers = twice_at_once(district.worker, "/cases/new/", form)

        assert [answer.status_code for answer in answers] == [200, 200]
        petition = Petition.objects.get(client_key=form["client_key"])
        assert all(petition.number in answer.content.decode() for answer in answers)
        assert sorted(petition.photos.values_list("kind", flat=True)) == (["after", "filed"] if also else ["filed"])
    assert Petition.objects.count() == 2


def test_the_same_sending_is_answered_as_before_even_when_the_case_has_gone_on(client, district, signed):
    key = uuid.uuid4()
    first = send(client, signed, "resolve", reply="已清运。", after=photo(), client_key=key)
    staff = district.as_staff(district.supervisor, timezone.localdate())
    transitions.verify(Petition.objects.get(), by=staff, at=timezone.now())
    before = codes(signed)

    again = send(client, signed, "resolve", reply="已清运。", after=photo(), client_key=key)

    assert (first.status_code, again.status_code, again.url) == (302, 302, first.url)
    assert codes(signed) == before
    assert signed.photos.count() == 1
    assert Petition.objects.get().status == Status.VERIFIED


def test_a_key_that_was_used_for_something_else_does_nothing(client, signed):
    key = uuid.uuid4()
    send(client, signed, "contact", note="已电话联系。", client_key=key)
    signed.refresh_from_db()

    refused = send(client, signed, "plan", words="下午清运。", client_key=key)

    assert refused.status_code == 422
    assert "下午清运。" in refused.content.decode()
    assert codes(signed)[-1] == "contacted"


def test_what_was_typed_against_an_older_state_is_shown_beside_it_and_changes_nothing(client, district, signed):
    opened_at = signed.version
    send(client, signed, "contact", note="别人先联系了。")

    stale = client.post(
        f"/cases/{signed.number}/plan/", {"version": opened_at, "words": "下午清运。", "client_key": uuid.uuid4()}
    )

    page = stale.content.decode()
    assert stale.status_code == 409
    assert f"Somebody changed {signed.number} meanwhile." in page
    assert "下午清运。" in page
    assert "别人先联系了。" in page
    signed.refresh_from_db()
    assert f'name="version" value="{signed.version}"' in page
    assert codes(signed)[-1] == "contacted"


def test_what_was_typed_without_the_case_before_one_is_shown_beside_it_first(client, signed):
    key = uuid.uuid4()

    shown = client.post(f"/cases/{signed.number}/plan/", {"words": "下午清运。", "client_key": key})
    page = shown.content.decode()
    done = send(client, signed, "plan", words="下午清运。", client_key=key)

    assert shown.status_code == 409
    assert "without the case before you" in page
    assert str(key) in page
    assert f'name="version" value="{signed.version}"' in page
    assert done.status_code == 302
    assert codes(signed)[-1] == "planned"


@pytest.mark.parametrize(("waited", "minutes"), [("5400", 90), ("0", 0), ("-1", None), ("x", None), ("259201", None)])
def test_the_history_says_when_it_was_written_and_the_limits_count_from_its_arrival(client, signed, waited, minutes):
    before = timezone.now()
    send(client, signed, "plan", words="下午清运。", client_key=uuid.uuid4(), typed_ago=waited)

    event = signed.events.get(code="planned")
    page = client.get(f"/cases/{signed.number}/")
    written = page.context["file"].history[0].typed_at
    assert event.at >= before
    assert written == (None if minutes is None else event.at - timedelta(minutes=minutes))
    assert ("Written on the phone" in page.content.decode()) == (minutes is not None)


@pytest.mark.parametrize(
    ("given", "kept"), [(WHERE, [WHERE]), ("", []), ("home", []), ("138.5,102.1", []), ("9" * 30, None)]
)
def test_the_place_of_an_arrival_is_sealed_shown_to_its_owner_alone_and_goes_when_he_says_so(
    client, district, signed, given, kept
):
    answer = send(client, signed, "arrive", where=given)

    if kept is None:
        assert answer.status_code == 422
        assert not ArrivalPlace.objects.exists()
        return
    assert [row.where for row in ArrivalPlace.objects.all()] == kept
    assert all(b"38.52" not in bytes(row.where_sealed) for row in ArrivalPlace.objects.all())
    assert signed.events.get(code="arrived").refs == {}
    for user, sees in ((district.worker, bool(kept)), (district.lead, False)):
        client.force_login(user)
        assert (WHERE in client.get("/patrols/mine/").content.decode()) is sees
        assert WHERE not in client.get(f"/cases/{signed.number}/").content.decode()
    client.force_login(district.worker)
    client.post("/patrols/mine/")
    assert not ArrivalPlace.objects.exists()


def test_places_of_arrivals_end_after_ninety_days(district):
    petition = district.petition(status=Status.SIGNED)
    (row,) = arrivals.made(petition, by=district.worker, at=TUESDAY, where=WHERE)
    row.save()

    early = expiry.run(at=TUESDAY + timedelta(days=90), only=("petitions.arrivals",))
    late = expiry.run(at=TUESDAY + timedelta(days=91), only=("petitions.arrivals",))

    assert [run.ended for run in (*early, *late)] == [0, 1]
    assert not ArrivalPlace.objects.exists()


@pytest.mark.parametrize(
    "address", ["/grid/", "/cases/{number}/", "/cases/{number}/?do=plan", "/cases/{number}/brief/", "/cases/new/"]
)
def test_no_page_of_a_case_may_be_kept_by_the_browser(client, signed, address):
    headers = {"HX-Request": "true"} if address.endswith("brief/") else {}
    response = client.get(address.format(number=signed.number), headers=headers)

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
