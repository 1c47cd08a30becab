"""What petitioners add by themselves to their open matter: words, photos, a few times a day; and who is told."""

import io
import uuid
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from PIL import Image

from notifications.models import Notice
from petitions import additions, joining, petitioner, requests, story
from petitions.enums import PhotoKind, Status
from petitions.errors import NotNow, WordsMissing
from petitions.models import PetitionText
from petitions.viewers import Follower
from tests.factories import SHANGHAI
from tests.petitions.filing import follow_url, hidden, picture, prove

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache")]
WORDS = "今天又满了，我的电话是13900139000。"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


NOON = at("2026-06-09 12:00")


def add(petition, *, when=NOON, key=None, words="还有一处也满了。", uploads=()):
    return additions.add(petition, at=when, client_key=key or uuid.uuid4(), words=words, uploads=uploads)


def told(kind="petition_added"):
    names = Notice.objects.filter(kind=kind).values_list("recipient__display_name", flat=True)
    return sorted(names)


# -- the rule ------------------------------------------------------------------------------------------------------


def test_the_words_are_kept_masked_and_sealed_and_the_holder_is_told(district):
    petition = district.petition(status=Status.SIGNED)

    event = add(petition, words=WORDS)

    text = PetitionText.objects.get(pk=event.text_id)
    assert (text.kind, text.public, text.original) == ("body", True, WORDS)
    assert "13900139000" not in text.masked
    assert told() == ["secretary", "worker"]  # who has it, and who took it on


def test_before_anybody_has_it_the_desk_is_told(district):
    add(district.petition())

    assert told() == ["secretary", "window"]


def test_nothing_stands_still_for_it(district):
    petition = district.petition(status=Status.SIGNED)
    before = list(petition.clocks.order_by("pk").values("state", "due_at"))

    add(petition)

    assert list(petition.clocks.order_by("pk").values("state", "due_at")) == before


def test_the_same_key_again_adds_nothing(district):
    petition, key = district.petition(status=Status.SIGNED), uuid.uuid4()

    first = add(petition, key=key, uploads=[picture()])
    again = add(petition, key=key, words="", uploads=[])

    assert again == first
    assert (petition.events.filter(code="added").count(), petition.photos.count()) == (1, 1)
    assert len(told()) == 2


def test_five_times_a_day_and_the_next_day_again(district):
    petition = district.petition(status=Status.SIGNED)
    for minute in range(5):
        add(petition, when=NOON + timedelta(minutes=minute))

    with pytest.raises(NotNow):
        add(petition, when=at("2026-06-09 23:59"), uploads=[picture()])
    assert (petition.events.filter(code="added").count(), petition.photos.count()) == (5, 0)

    add(petition, when=at("2026-06-10 00:00"))
    assert petition.events.filter(code="added").count() == 6


@pytest.mark.parametrize("status", [Status.CLOSED])
def test_nothing_is_added_to_what_is_over(district, status):
    petition = district.petition(status=status)
    before = petition.texts.count()

    with pytest.raises(NotNow):
        add(petition, when=NOON + timedelta(days=1))
    assert petition.texts.count() == before


def test_neither_word_nor_photo_is_nothing(district):
    with pytest.raises(WordsMissing):
        add(district.petition(), words="  \n ")


def test_staff_go_on_reading_the_first_words_first(client, district):
    petition = district.petition(timezone.now() - timedelta(hours=1), status=Status.SIGNED)
    for number in range(4):
        add(petition, when=timezone.now(), words=f"补充第{number}条")
    client.force_login(district.worker)

    file = client.get(f"/cases/{petition.number}/").context["file"]

    assert file.words == "3号楼前的垃圾桶满了两天，味道很大。"
    assert next(entry.text.masked for entry in file.history if entry.event.code == "added") == "补充第3条"


# -- what was joined -----------------------------------------------------------------------------------------------


@pytest.fixture
def both(district):
    """A matter and another one that was joined to it."""
    master = district.petition(status=Status.SIGNED)
    double = district.petition(at("2026-06-09 10:30"), phone="13900139000")
    joining.merge(double, into=master, by=district.as_staff(district.secretary), at=NOON, reason="同一处。")
    Notice.objects.all().delete()
    double.refresh_from_db()
    return master, double


def sentences(petition):
    petition.refresh_from_db()
    return [line.sentence for line in story.tell(petition, to=Follower((petition.pk,))).lines]


def test_who_joined_adds_to_his_own_and_whoever_has_the_master_hears_of_it(both):
    master, double = both

    add(double, words="我家楼下也是。")

    assert told() == ["secretary", "secretary", "window", "worker"]  # of the master and of his own
    assert master.events.get(code="added").refs == {"petition": double.number}
    assert "我家楼下也是。" not in [text.masked for text in master.texts.all()]
    assert "You added to it:" not in sentences(master)
    assert "You added to it:" in sentences(double)


def test_who_joined_urges_the_master_once_a_day_and_so_does_its_own_petitioner(both):
    master, double = both

    requests.urge(double, at=NOON)
    with pytest.raises(NotNow):
        requests.urge(double, at=NOON + timedelta(hours=1))
    requests.urge(master, at=NOON + timedelta(hours=2))

    assert told("petition_urged") == ["secretary", "secretary", "worker", "worker"]
    assert [event.refs for event in master.events.filter(code="urged").order_by("at")] == [
        {"petition": double.number}, {},
    ]  # fmt: skip
    assert "Somebody else who raised the same matter urged us." in sentences(master)
    assert len([one for one in sentences(double) if one.startswith("You urged us")]) == 1


def test_who_withdraws_his_joining_leaves_the_master_as_it_was(both):
    master, double = both

    petitioner.withdraw(double, at=NOON)

    master.refresh_from_db()
    double.refresh_from_db()
    assert (master.status, double.status, double.master) == (Status.SIGNED, Status.WITHDRAWN, None)
    with pytest.raises(NotNow):
        requests.urge(double, at=NOON)


def test_the_page_of_who_joined_offers_all_of_it(client, both):
    _master, double = both
    prove(client, double)

    page = client.get(follow_url(double))

    choices = page.context["choices"]
    assert (choices.may_add, choices.may_withdraw, choices.may_rate) == (True, True, False)
    for part in ("add/", "urge/", "withdraw/"):
        assert f"{follow_url(double)}{part}" in page.content.decode()
    assert "Only your own matter is withdrawn." in client.get(f"{follow_url(double)}withdraw/").content.decode()


# -- the page ------------------------------------------------------------------------------------------------------


def test_words_and_photos_are_added_on_the_page(client, district):
    petition = district.petition(timezone.now() - timedelta(hours=1), status=Status.SIGNED)
    prove(client, petition)
    key = hidden_key(client.get(f"{follow_url(petition)}add/"))

    sent = client.post(f"{follow_url(petition)}add/", {"client_key": key, "words": WORDS, "photos": [picture()]})

    assert (sent.status_code, sent.url) == (302, follow_url(petition))
    photo = petition.photos.get()
    assert photo.kind == PhotoKind.FILED
    with photo.file.open() as file, Image.open(io.BytesIO(file.read())) as kept:
        assert not kept.getexif()
    page = client.get(follow_url(petition)).content.decode()
    assert f"/photos/{photo.pk}/" in page
    assert "You added to it:" in page
    assert "13900139000" not in page


def hidden_key(response):
    return response.context["form"]["client_key"].value()


def test_what_is_refused_loses_neither_words_nor_photos(client, district):
    petition = district.petition(timezone.now() - timedelta(hours=1), status=Status.SIGNED)
    prove(client, petition)
    url, key = f"{follow_url(petition)}add/", str(uuid.uuid4())

    refused = client.post(
        url, {"client_key": key, "words": "桶都倒了", "photos": [picture(), picture("x.jpg", b"no photo")]}
    )

    assert refused.status_code == 422
    assert "桶都倒了" in refused.content.decode()
    assert petition.events.filter(code="added").count() == 0
    sent = client.post(url, {"client_key": key, "words": "桶都倒了", "kept": hidden(refused, "kept")})
    assert sent.status_code == 302
    assert petition.photos.count() == 1


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 422),
        ({"client_key": "x", "words": ""}, 422),
        ({"client_key": "x", "words": "长" * 2001}, 422),
    ],
)
def test_bad_input_is_said_and_changes_nothing(client, district, data, status):
    petition = district.petition()
    prove(client, petition)

    answer = client.post(f"{follow_url(petition)}add/", data)

    assert answer.status_code == status
    assert petition.events.filter(code="added").count() == 0
    if data.get("words"):
        assert data["words"] in answer.content.decode()


def test_words_that_call_for_help_show_whom_to_call_before_they_are_sent(client, district):
    petition = district.petition(timezone.now() - timedelta(hours=1), status=Status.SIGNED)
    prove(client, petition)
    url, given = f"{follow_url(petition)}add/", {"client_key": str(uuid.uuid4()), "words": "楼道着火了，火很大！"}

    shown = client.post(url, given)
    assert shown.status_code == 200
    assert 'href="tel:119"' in shown.content.decode()
    assert petition.events.filter(code="added").count() == 0

    assert client.post(url, {**given, "numbers": hidden(shown, "numbers")}).status_code == 302
    assert petition.events.filter(code="added").count() == 1


def test_what_was_closed_meanwhile_keeps_the_words_on_the_page(client, district):
    petition = district.petition(timezone.now() - timedelta(hours=2), status=Status.CLOSED)
    prove(client, petition)

    answer = client.post(f"{follow_url(petition)}add/", {"client_key": str(uuid.uuid4()), "words": "还没清完"})

    assert answer.status_code == 409
    assert "还没清完" in answer.content.decode()
    assert f"{follow_url(petition)}add/" not in client.get(follow_url(petition)).content.decode()


def test_strangers_and_links_add_nothing(client, district):
    petition = district.petition()
    url = f"{follow_url(petition)}add/"

    assert client.post(url, {"client_key": str(uuid.uuid4()), "words": "别人的话"}).status_code == 302
    prove(client, petition)
    client.get(url)

    assert petition.events.filter(code="added").count() == 0


def test_the_page_costs_few_questions(client, district, django_assert_max_num_queries):
    petition = district.petition()
    prove(client, petition)

    with django_assert_max_num_queries(4):
        client.get(f"{follow_url(petition)}add/")
