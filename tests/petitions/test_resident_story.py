"""The follow page: what it says, in sentences, and what that costs."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from deadlines.models import Rung
from deadlines.sweep import sweep
from petitions import records, supplements, transitions
from petitions.enums import EventCode, Status, TextKind
from petitions.models import Petition, PetitionEvent, PetitionText
from petitions.views import resident_follow, resident_receipt
from tests.factories import SHANGHAI, TUESDAY
from tests.petitions.filing import add_photo, follow_url, prove

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache")]


@pytest.fixture
def at(monkeypatch):
    """Set the clock of the pages, and of nothing else."""

    def set_clock(moment: datetime) -> None:
        for module in (resident_follow, resident_receipt):
            monkeypatch.setattr(module, "timezone", SimpleNamespace(now=lambda: moment))

    return set_clock


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
    supplements.ask_supplement(petition, by=district.as_staff(district.worker), at=at, words="请说明是几号垃圾桶。")
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


@pytest.mark.parametrize(
    ("words", "said"), [("  ", "Say it in a few words."), ("东" * 2001, "at most 2000 characters")]
)
def test_an_answer_that_is_not_taken_comes_back_with_its_words(client, district, words, said):
    petition = district.petition(policy="committed_tier", status=Status.SIGNED)
    at = TUESDAY + timedelta(hours=1)
    supplements.ask_supplement(petition, by=district.as_staff(district.worker), at=at, words="请说明是几号垃圾桶。")
    prove(client, petition)

    response = client.post(f"{follow_url(petition)}supplement/", {"words": words})

    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert f">{words}</textarea>" in page
    assert not petition.events.filter(code="supplemented").exists()


def test_an_answer_that_came_too_late_can_still_be_copied(client, district):
    petition = district.petition(policy="committed_tier", status=Status.SIGNED)
    prove(client, petition)

    response = client.post(f"{follow_url(petition)}supplement/", {"words": "东头那两个垃圾桶。"})

    page = response.content.decode()
    assert response.status_code == 409
    assert "Nothing is being asked for at the moment." in page
    assert "东头那两个垃圾桶。" in page
    assert not petition.events.filter(code="supplemented").exists()


# -- what it costs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3, 300])
def test_the_page_costs_the_same_however_long_the_history(client, district, django_assert_num_queries, rows):
    petition = district.petition(status=Status.IN_PROGRESS, organisation=True)
    lengthen(petition, rows)
    prove(client, petition)
    client.get(follow_url(petition))  # the calendar is kept in the process

    with django_assert_num_queries(
        7
    ):  # session, petition, clocks, calendar with hours, events with words, photos, posts
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
