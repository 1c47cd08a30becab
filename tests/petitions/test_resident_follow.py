"""Receipt and follow page: who may look, what they read, what it costs."""

import uuid
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session

from deadlines.models import Rung
from deadlines.sweep import sweep
from grids.models import Post
from petitions import records, requests, transitions
from petitions.enums import EventCode, PhotoKind, Status, TextKind
from petitions.models import Petition, PetitionEvent, PetitionPhoto, PetitionText
from petitions.numbers import code_for
from petitions.views import resident_follow, resident_receipt
from tests.factories import SHANGHAI, TUESDAY
from tests.petitions.filing import FOLLOW, hidden, prove, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache")]

UNKNOWN = "PX20260609999939"  # its check digit fits, no petition has it


def follow_url(petition: Petition) -> str:
    return f"/petitions/follow/{petition.number}/"


@pytest.fixture
def at(monkeypatch):
    """Set the clock of the pages, and of nothing else."""

    def set_clock(moment: datetime) -> None:
        for module in (resident_follow, resident_receipt):
            monkeypatch.setattr(module, "timezone", SimpleNamespace(now=lambda: moment))

    return set_clock


# -- who may look ----------------------------------------------------------------------------------------------


def test_number_and_code_open_the_matter(client, district):
    petition = district.petition()

    proved = prove(client, petition)

    assert (proved.status_code, proved.url) == (302, follow_url(petition))
    assert client.get(proved.url).context["petition"] == petition


@pytest.mark.parametrize(
    "write",
    [
        lambda number, code: (number.lower(), code.lower()),
        lambda number, code: (f" {number[2:]} ", f"{code[:5]}-{code[5:]}"),
        lambda number, code: ("".join(chr(ord(char) + 0xFEE0) for char in number), code[:5] + "　" + code[5:]),
    ],
)
def test_both_are_taken_as_people_type_them(client, district, write):
    petition = district.petition()
    number, code = write(petition.number, code_for(petition.client_key))

    assert client.post(FOLLOW, {"number": number, "code": code}).url == follow_url(petition)


def test_an_unknown_number_and_a_wrong_code_get_the_same_answer(client, district):
    mine, other = district.petition(), district.petition()

    wrong_code = client.post(FOLLOW, {"number": mine.number, "code": code_for(other.client_key)})
    wrong_number = client.post(FOLLOW, {"number": UNKNOWN, "code": code_for(mine.client_key)})

    words = "Number and follow-up code do not belong together. Please compare both again."
    for response in (wrong_code, wrong_number):
        assert response.status_code == 422
        assert response.context["form"].non_field_errors() == [words]
        assert "sessionid" not in client.cookies
    same = [
        hide(response.content.decode(), number, response)
        for response, number in ((wrong_code, mine.number), (wrong_number, UNKNOWN))
    ]
    assert same[0].replace(code_for(other.client_key), "") == same[1].replace(code_for(mine.client_key), "")


def hide(page: str, number: str, response) -> str:
    """The page without what differs by request: the number typed, the token, the clock."""
    page = page.replace(number, "").replace(hidden(response, "csrfmiddlewaretoken"), "")
    return "\n".join(line for line in page.splitlines() if "server-time" not in line and "csrf" not in line)


def test_a_wrong_code_costs_the_database_no_more_than_an_unknown_number(client, district, django_assert_num_queries):
    petition = district.petition()

    for number in (petition.number, UNKNOWN):
        with django_assert_num_queries(1):  # the petition
            client.post(FOLLOW, {"number": number, "code": "ABCDEFGHJK"})


@pytest.mark.parametrize(
    ("number", "code", "field"),
    [
        ("", "ABCDEFGHJK", "number"),
        ("PX20260609000011", "ABCDEFGHJK", "number"),
        ("PX", "ABCDEFGHJK", "number"),
        ("PX\x00", "ABCDEFGHJK", "number"),
        ("PX٢٠٢٦", "ABCDEFGHJK", "number"),
        (UNKNOWN, "ABCDEFGHJ", "code"),
        (UNKNOWN, "ABCDEFGHJ0", "code"),
    ],
)
def test_slips_are_told_before_anything_is_looked_up(client, django_assert_num_queries, number, code, field):
    with django_assert_num_queries(0):
        response = client.post(FOLLOW, {"number": number, "code": code})

    assert response.status_code == 422
    assert field in response.context["form"].errors


def test_an_imported_matter_without_a_code_opens_to_nobody(client, district):
    petition = district.petition()
    Petition.objects.filter(pk=petition.pk).update(code_hash=None)

    assert prove(client, petition).status_code == 422


def test_the_page_sends_whoever_has_not_proved_it_to_the_form_known_or_not(client, district):
    mine, other = district.petition(), district.petition()
    prove(client, mine)

    for number in (other.number, UNKNOWN):
        for page in ("follow", "receipt"):
            response = client.get(f"/petitions/{page}/{number}/")
            assert (response.status_code, response.url) == (302, f"/petitions/follow/?number={number}")


def test_what_can_be_no_number_is_not_found(client):
    assert client.get("/petitions/follow/PX123/").status_code == 404
    assert client.get("/petitions/receipt/PX20260609000011/").status_code == 404


def test_a_session_keeps_its_twenty_newest_proofs(client, district):
    petitions = [district.petition() for _ in range(21)]

    for petition in petitions:
        prove(client, petition)

    assert client.get(follow_url(petitions[0])).status_code == 302
    assert client.get(follow_url(petitions[1])).status_code == 200
    assert len(client.get(FOLLOW).context["mine"]) == 20


def test_proving_gives_the_session_a_new_key(client, district):
    prove(client, district.petition())
    before = client.session.session_key

    prove(client, district.petition())

    assert client.session.session_key != before
    assert Session.objects.count() == 1


def test_a_device_forgets_on_demand(client, district):
    petition = district.petition()
    prove(client, petition)

    assert client.get("/petitions/follow/forget/").status_code == 405
    client.post("/petitions/follow/forget/")

    assert client.get(follow_url(petition)).status_code == 302


def test_looking_changes_nothing(client, district):
    petition = district.petition()
    prove(client, petition)
    before = list(Petition.objects.values()), list(PetitionEvent.objects.values()), list(Session.objects.values())

    for url in (follow_url(petition), f"/petitions/receipt/{petition.number}/", FOLLOW, f"{FOLLOW}?number=x"):
        client.get(url)

    after = list(Petition.objects.values()), list(PetitionEvent.objects.values()), list(Session.objects.values())
    assert after == before


# -- the receipt -----------------------------------------------------------------------------------------------


def test_the_receipt_shows_the_code_where_the_matter_was_filed_and_nowhere_else(client, district):
    receipt = send(client).url
    petition = Petition.objects.get()
    code = code_for(petition.client_key)

    here = client.get(receipt).content.decode()
    client.post("/petitions/follow/forget/")
    prove(client, petition)
    elsewhere = client.get(receipt).content.decode()

    assert code in here
    assert petition.number in elsewhere
    assert code not in elsewhere


def test_the_qr_code_carries_the_public_number_only(client, district, monkeypatch, settings):
    settings.PUBLIC_URL = "https://linli.example"
    drawn = []
    real = resident_receipt.segno.make
    monkeypatch.setattr(resident_receipt.segno, "make", lambda text, **how: drawn.append(text) or real(text, **how))

    client.get(send(client).url)

    assert drawn == [f"https://linli.example/petitions/follow/{Petition.objects.get().number}/"]


def test_the_receipt_names_an_office_and_never_a_person(client, district):
    Post.objects.filter(kind="community_worker").update(office_phone="0935-8210000", title="Service window")

    page = client.get(send(client).url).content.decode()

    assert "龙集里社区" in page
    assert "Service window" in page
    assert 'href="tel:0935-8210000"' in page
    for user in (district.window, district.secretary, district.worker):
        assert user.username not in page


def test_the_receipt_promises_what_has_started_and_nothing_else(client, district):
    response = client.get(send(client).url)

    (promise,) = response.context["promises"]
    assert promise.what == "a decision who takes this on"
    assert promise.why in response.content.decode()


# -- what the page says ------------------------------------------------------------------------------------------


def test_the_history_is_told_in_sentences_newest_first(client, district):
    petition = district.petition(status=Status.CLOSED)
    prove(client, petition)

    story = client.get(follow_url(petition)).context["story"]

    assert [(line.sentence, line.words) for line in story.lines] == [
        ("The matter was closed.", ""),
        ("Somebody else checked it: it is done.", ""),
        ("It was reported as done:", "已清运。"),
        ("Somebody came to the place.", ""),
        ("The matter has been taken in hand.", ""),
        ("Your matter was sent to the grid worker of 第一网格.", ""),
        ("龙集里社区 took your matter on.", ""),
        ("Your matter came to 龙集里社区.", ""),
    ]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.SUBMITTED, "龙集里社区 has your matter and is deciding who takes it on."),
        (Status.ACCEPTED, "龙集里社区 has taken your matter on and is passing it to whoever solves it."),
        (Status.DISPATCHED, "Your matter has reached the grid worker of 第一网格."),
        (Status.SIGNED, "Your matter is being dealt with by the grid worker of 第一网格."),
        (Status.IN_PROGRESS, "Your matter is being dealt with by the grid worker of 第一网格."),
        (Status.RESOLVED, "It is reported as done. Somebody else is checking that now."),
        (Status.VERIFIED, "It is done and has been checked."),
        (Status.CLOSED, "Your matter is done and closed."),
    ],
)
def test_every_state_has_its_sentence(client, district, status, words):
    petition = district.petition(status=status)
    prove(client, petition)

    assert client.get(follow_url(petition)).context["stands"] == words


def test_a_unit_that_handles_it_is_named(client, district):
    petition = district.petition(status=Status.SIGNED, organisation=True)
    prove(client, petition)

    response = client.get(follow_url(petition))

    assert response.context["stands"] == "Your matter is being dealt with by 环卫所."
    assert "Your matter was sent to 环卫所." in [line.sentence for line in response.context["story"].lines]


def test_the_place_is_told_as_people_say_it(client, district):
    petitions = {
        place.level: district.petition(place=place) for place in (district.unit, district.building, district.community)
    }

    places = {}
    for level, petition in petitions.items():
        prove(client, petition)
        places[level] = client.get(follow_url(petition)).context["place"]

    assert list(places.values()) == ["龙集里社区 3号楼 2单元", "龙集里社区 3号楼", "龙集里社区"]


def test_a_declined_matter_says_why(client, district):
    petition = district.petition()
    transitions.decline(
        petition, by=district.as_staff(district.secretary), at=TUESDAY + timedelta(minutes=5), reason="属于法院管辖。"
    )
    prove(client, petition)

    response = client.get(follow_url(petition))

    assert response.context["stands"] == "龙集里社区 could not take this on. The reason stands below."
    assert response.context["story"].lines[0].words == "属于法院管辖。"
    assert response.context["next"] is None


def test_the_nearest_promise_comes_first_with_its_reason(client, district, at):
    petition = district.petition(status=Status.ACCEPTED)
    prove(client, petition)
    at(TUESDAY + timedelta(minutes=10))

    response = client.get(follow_url(petition))

    first, (second,) = response.context["next"], response.context["later"]
    assert (first.what, first.due_at, first.last_day) == (
        "somebody who calls you or comes to the place", datetime(2026, 6, 9, 12, 5, tzinfo=SHANGHAI), None,
    )  # fmt: skip
    assert (second.what, second.last_day.isoformat()) == ("the solution", "2026-06-10")
    assert "By the end of 10 Jun (Wed):" in response.content.decode()
    assert not first.is_late


def test_what_was_late_is_told_with_who_was_told_and_reminders_are_not(client, district, at):
    petition = district.petition(policy="rapid_1365", status=Status.SIGNED)
    late = TUESDAY + timedelta(minutes=75)
    for minutes in range(0, 76, 5):
        sweep(at=TUESDAY + timedelta(minutes=minutes))
    prove(client, petition)
    at(late)

    response = client.get(follow_url(petition))

    told = [line.sentence for line in response.context["story"].lines if line.mark == "late"]
    reminders = PetitionEvent.objects.filter(code=EventCode.ESCALATED, refs__action="remind").count()
    assert reminders == 1
    assert told == [
        "滨河路街道 was told, because this was late: the solution.",
        "龙集里社区 was told, because this was late: a plan: what will be done.",
        "龙集里社区 was told, because this was late: somebody at the place.",
    ]
    assert response.context["next"].is_late
    assert "l-badge--late" in response.content.decode()


def test_what_is_asked_for_is_shown_with_a_place_to_answer_until_it_is_answered(client, district):
    petition = district.petition(policy="committed_tier", status=Status.SIGNED)
    at = TUESDAY + timedelta(hours=1)
    requests.ask_supplement(petition, by=district.as_staff(district.worker), at=at, words="请说明是几号垃圾桶。")
    prove(client, petition)

    asked = client.get(follow_url(petition))
    client.post(f"{follow_url(petition)}supplement/", {"words": "东头那两个。"})
    answered = client.get(follow_url(petition))

    assert asked.context["story"].asked == "请说明是几号垃圾桶。"
    assert f'action="{follow_url(petition)}supplement/"' in asked.content.decode()
    assert answered.context["story"].asked == ""
    assert answered.context["story"].lines[0].words == "东头那两个。"
    assert answered.context["story"].body == "3号楼前的垃圾桶满了两天，味道很大。"
    assert f'action="{follow_url(petition)}supplement/"' not in answered.content.decode()


def test_urging_and_answering_are_for_who_proved_it(client, district):
    mine, other = district.petition(), district.petition()
    prove(client, mine)

    for what in ("urge", "supplement"):
        assert client.post(f"{follow_url(other)}{what}/", {"words": "x"}).status_code == 404
        assert client.get(f"{follow_url(mine)}{what}/").status_code == 405


# -- what must not be seen -----------------------------------------------------------------------------------------


def test_words_for_staff_and_clear_numbers_stay_inside(client, district):
    petition = district.petition(text="请打我13800138000，身份证620302199001011234。")
    records.append(
        petition, EventCode.CONTACTED, at=TUESDAY, by=district.worker, words="他家养狗，小心", text_kind=TextKind.NOTE,
        public=False,
    )  # fmt: skip
    prove(client, petition)

    page = client.get(follow_url(petition)).content.decode()

    assert "We spoke with you about it." in page
    for secret in ("13800138000", "620302199001011234", "他家养狗", "常小红", district.worker.username):
        assert secret not in page


def test_anothers_words_and_photos_are_not_on_my_page(client, district, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    mine, other = district.petition(), district.petition(text="别人家的事")
    photos = [add_photo(petition) for petition in (mine, other)]
    prove(client, mine)

    page = client.get(follow_url(mine)).content.decode()

    assert f"/photos/{photos[0].pk}/" in page
    assert f"/photos/{photos[1].pk}/" not in page
    assert "别人家的事" not in page
    assert client.get(f"/photos/{photos[1].pk}/").status_code == 404


def test_the_list_of_this_device_shows_its_own_matters_only(client, district):
    mine, other = district.petition(), district.petition()
    prove(client, mine)

    page = client.get(FOLLOW).content.decode()

    assert mine.number in page
    assert other.number not in page


def add_photo(petition: Petition) -> PetitionPhoto:
    return PetitionPhoto.objects.create(
        petition=petition, kind=PhotoKind.FILED, file=f"photos/{uuid.uuid4()}.jpg", width=10, height=10,
        sha256=bytes(32), added_at=TUESDAY,
    )  # fmt: skip


# -- what it costs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3, 300])
def test_the_page_costs_the_same_however_long_the_history(client, district, django_assert_num_queries, rows):
    petition = district.petition(status=Status.IN_PROGRESS, organisation=True)
    lengthen(petition, rows)
    prove(client, petition)
    client.get(follow_url(petition))  # the calendar is kept in the process

    with django_assert_num_queries(9):  # session, petition, clocks, calendar, hours, events, words, photos, posts
        response = client.get(follow_url(petition))

    assert sum(line.words == "补充" for line in response.context["story"].lines) == rows
    assert len(response.context["photos"]) == rows


def lengthen(petition: Petition, rows: int) -> None:
    """Add as many words, escalations and photos."""
    rung = Rung.objects.get(stage__policy__key="immediate_tier", stage__code="resolve", at="overdue")
    texts = [records.write_words(petition, TextKind.NOTE, "补充", at=TUESDAY)[0] for _ in range(rows)]
    PetitionText.objects.bulk_create(texts)
    PetitionEvent.objects.bulk_create(
        [PetitionEvent(petition=petition, code="added", at=TUESDAY, text_id=text.pk) for text in texts]
        + [
            PetitionEvent(petition=petition, code="escalated", at=TUESDAY, refs={"rung": rung.pk, "level": "community"})
            for _ in range(rows)
        ]
    )
    for _ in range(rows):
        add_photo(petition)


@pytest.mark.parametrize("proved", [1, 3])
def test_the_form_costs_the_same_however_many_matters_are_open_on_the_device(
    client, district, django_assert_num_queries, proved
):
    for _ in range(proved):
        prove(client, district.petition())

    with django_assert_num_queries(2):  # session, petitions
        client.get(FOLLOW)


def test_the_receipt_costs_six_queries(client, district, django_assert_num_queries):
    receipt = send(client).url
    client.get(receipt)

    with django_assert_num_queries(6):  # session, petition, clocks, calendar, opening hours, posts
        client.get(receipt)
