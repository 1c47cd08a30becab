"""Many are told of a delay they share: previewed, all or nobody, once a form, and no date moves."""

import uuid

import pytest

from grids.models import Compound
from notifications.models import Notice
from people.errors import BadInput
from petitions import delays
from petitions.enums import Status
from petitions.errors import NotNow, NotYours, WordsMissing
from petitions.models import Petition, PetitionEvent
from petitions.viewers import Follower
from tests.factories import TUESDAY, timedelta

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LATER = TUESDAY + timedelta(hours=2)
WORDS = "因暴雨，这一片的{类别}要晚两天，{编号}预计周五前办好。"


def tell(district, *petitions, key=None, words=WORDS, who="secretary"):
    return delays.tell(
        [one.number for one in petitions],
        by=district.as_staff(getattr(district, who)),
        at=LATER,
        words=words,
        client_key=key or uuid.uuid4(),
    )


def test_everybody_is_told_in_words_filled_in_for_each_and_twice_is_once(district):
    first, second = (district.petition(status=Status.SIGNED, phone=f"1380013800{n}") for n in (1, 2))
    dates = set(Petition.objects.values_list("next_due_at", flat=True))
    key = uuid.uuid4()

    told, again = tell(district, first, second, key=key), tell(district, first, second, key=key)

    assert (told.matters, told.reached, again.matters, again.reached) == (2, 2, 0, 0)
    assert Notice.objects.filter(kind="resident_feedback").count() == 2
    events = PetitionEvent.objects.filter(code="feedback").order_by("petition")
    assert [event.refs for event in events] == [{"kind": "special", "shared": 2}] * 2
    words = first.texts.get(pk=events[0].text_id).masked
    assert words == WORDS.replace("{类别}", first.category.name_en).replace("{编号}", first.number)
    assert set(Petition.objects.values_list("next_due_at", flat=True)) == dates


@pytest.mark.parametrize(
    ("spoil", "refusal"), [("closed", NotNow), ("strange", BadInput), ("not mine", NotYours), ("words", WordsMissing)]
)
def test_if_one_cannot_be_told_nobody_is(district, spoil, refusal):
    good = district.petition(status=Status.SIGNED)
    bad = district.petition(status=Status.CLOSED if spoil == "closed" else Status.SIGNED)
    if spoil == "strange":
        Petition.objects.filter(pk=bad.pk).update(
            community=district.other_community, grid=None, area=district.other_community,
            area_path=district.other_community.path,
        )  # fmt: skip

    with pytest.raises(refusal):
        tell(
            district, good, bad, words=" " if spoil == "words" else WORDS,
            who="leader" if spoil == "not mine" else "secretary",
        )  # fmt: skip

    assert not PetitionEvent.objects.filter(code="feedback").exists()
    assert not Notice.objects.filter(kind="resident_feedback").exists()


def test_the_list_is_what_has_it_in_common_and_says_who_is_told_how(client, district):
    compound = Compound.objects.create(
        area=district.community, code="C1", name="金水花园", kind="old", management="none", valid_from="2026-01-01"
    )
    compound.buildings.add(district.building)
    by_message = district.petition(status=Status.DISPATCHED, organisation=True)
    by_page = district.petition(status=Status.SIGNED, phone="")
    district.petition(status=Status.SIGNED, category="0803")
    district.petition()  # not taken on yet
    client.force_login(district.secretary)

    def shown(query):
        return {line.petition.number: line.way for line in client.get(f"/admin/queue/delay/?{query}").context["lines"]}

    both = {by_message.number: "message", by_page.number: "nobody"}
    assert shown("category=0102") == both
    assert len(shown("category=01")) == 2
    assert len(shown(f"compound={compound.code}")) == 3
    assert set(shown(f"unit={district.sanitation.code}")) == {by_message.number}
    assert len(shown(f"area={district.grid.code}")) == 3
    assert shown("") == {}


def test_the_page_costs_the_same_however_many_there_are(client, district, django_assert_num_queries):
    for count in range(3):
        district.petition(status=Status.SIGNED, phone=f"1380013800{count}")
    client.force_login(district.secretary)
    client.get("/admin/queue/delay/?category=0102")

    with django_assert_num_queries(12):
        page = client.get("/admin/queue/delay/?category=0102")

    assert len(page.context["lines"]) == 3


def test_from_the_list_to_the_residents_pages_by_way_of_a_preview(client, district):
    petition = district.petition(status=Status.SIGNED)
    client.force_login(district.secretary)
    chosen = {"number": petition.number}

    first = client.post("/admin/queue/delay/", chosen)
    key = str(first.context["form"]["client_key"].value())
    empty = client.post("/admin/queue/delay/", {**chosen, "words": "", "client_key": key, "look": "1"})
    strange = client.post("/admin/queue/delay/", {**chosen, "words": "{姓名}", "client_key": key, "look": "1"})
    look = client.post("/admin/queue/delay/", {**chosen, "words": WORDS, "client_key": key, "look": "1"})

    assert (first.status_code, empty.status_code, strange.status_code, look.status_code) == (200, 422, 422, 200)
    assert look.context["example"].startswith("因暴雨")
    assert petition.number in look.context["example"]
    assert not PetitionEvent.objects.filter(code="feedback").exists()
    done = client.post("/admin/queue/delay/", {**chosen, "words": WORDS, "client_key": key, "confirm": "1"})
    assert done.status_code == 302
    assert PetitionEvent.objects.filter(code="feedback").count() == 1
    follower = Follower((petition.pk,))
    assert "因暴雨" in "".join(petition.texts.visible_to(follower).values_list("masked", flat=True))


def test_what_is_not_in_my_area_is_not_told_and_not_shown(client, district):
    petition = district.petition(status=Status.SIGNED)
    client.force_login(district.other_secretary)

    answer = client.post("/admin/queue/delay/", {"number": petition.number, "words": WORDS, "confirm": "1"})

    assert answer.status_code == 403
    assert not PetitionEvent.objects.filter(code="feedback").exists()
