"""Three lists (004-28) by rules that are data, correctable; and the map of the five mechanisms (004-05)."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from petitions import listing
from petitions.enums import Channel, IntakeList, Status
from petitions.errors import NotYours
from petitions.models import Category, ListEntry, ListRule, SuggestionBox
from petitions.tasks import sort_lists

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ASKS = "希望小区门口装一盏路灯。"
OFFERS = "我家有闲置的房子，愿意提供给老人活动，希望社区联系。"
BUILDS = "3号楼老人多，希望加装电梯。"


def matter(district, text=ASKS, **given):
    return district.petition(timezone.now() - timedelta(hours=2), status=Status.ACCEPTED, text=text, **given)


def sort() -> int:
    return listing.sort_new(at=timezone.now())


@pytest.mark.parametrize(
    ("text", "kind", "word"),
    [(ASKS, "need", "希望"), (OFFERS, "resource", "愿意提供"), (BUILDS, "project", "加装电梯"),
     ("3号楼前的垃圾桶满了两天。", "", "")],
)  # fmt: skip
def test_words_decide_and_the_first_rule_goes_first(district, text, kind, word):
    petition = matter(district, text)

    assert sort() == 1

    entry = ListEntry.objects.get()
    assert (entry.petition, entry.kind, entry.word, entry.corrected_by) == (petition, kind, word, None)


def test_each_matter_is_sorted_once(district):
    matter(district)

    assert (sort(), sort()) == (1, 0)
    sort_lists()
    assert ListEntry.objects.count() == 1


def test_only_what_is_accepted_and_was_collected_here_is_sorted(district):
    district.petition(timezone.now(), text=ASKS)
    matter(district, channel=Channel.HOTLINE)
    matter(district, confidential=True)
    Category.objects.filter(code="0301").update(sensitive=True)
    matter(district, category="0301")

    assert sort() == 0


def test_a_rule_may_hold_for_a_category_alone(district):
    garbage = Category.objects.get(code="0102")
    ListRule.objects.create(
        code="rubbish", kind="project", position=1, category=garbage.parent, valid_from="2026-01-01"
    )
    ListRule.objects.create(
        code="over", kind="resource", position=0, category=garbage, valid_from="2026-01-01", valid_to="2026-01-02"
    )
    matter(district, "垃圾桶满了。")
    matter(district, "垃圾桶满了。", category="0201")

    sort()

    assert sorted(ListEntry.objects.values_list("kind", "rule__code")) == [("", None), ("project", "rubbish")]


def test_a_rule_says_something(district):
    with pytest.raises(IntegrityError), transaction.atomic():
        ListRule.objects.create(code="x", kind="need", valid_from="2026-01-01")


def test_a_load_keeps_what_somebody_changed():
    ListRule.objects.filter(code="wish").update(words=["盼"])

    loaded = listing.load_rules()

    assert (loaded.added, loaded.changed, loaded.unchanged) == (0, 0, 3)
    assert ListRule.objects.get(code="wish").words == ["盼"]


def test_staff_see_the_lists_with_counts_and_the_reason(client, district):
    for text in (ASKS, ASKS, OFFERS, BUILDS):
        matter(district, text, phone="")
    sort()
    client.force_login(district.secretary)

    page = client.get("/lists/?list=resource")

    assert [(one.value, number) for one, number in page.context["tabs"]] == [
        ("need", 2), ("resource", 1), ("project", 1),
    ]  # fmt: skip
    assert [entry.word for entry in page.context["entries"]] == ["愿意提供"]
    assert "because of the word “愿意提供”" in page.content.decode()
    client.force_login(district.other_secretary)
    assert [number for _one, number in client.get("/lists/").context["tabs"]] == [0, 0, 0]


def test_a_correction_stays_and_names_who_made_it(client, district):
    matter(district)
    sort()
    entry = ListEntry.objects.get()
    client.force_login(district.secretary)

    moved = client.post(f"/lists/{entry.pk}/", {"list": "project"})
    wrong = client.post(f"/lists/{entry.pk}/", {"list": "x"})

    assert (moved.url, wrong.url) == ("/lists/?list=need", "/lists/?list=project")
    entry.refresh_from_db()
    assert (entry.kind, entry.corrected_by) == ("project", district.secretary)
    assert sort() == 0
    client.post(f"/lists/{entry.pk}/", {"list": "none"})
    assert listing.counts(district.as_staff(district.secretary)) == {"need": 0, "resource": 0, "project": 0}


def test_who_may_not_corrects_nothing(client, district):
    matter(district)
    sort()
    entry = ListEntry.objects.get()
    for who, status in (("worker", 403), ("supervisor", 403), ("other_secretary", 404), ("stranger", 404)):
        client.force_login(getattr(district, who))
        assert client.post(f"/lists/{entry.pk}/", {"list": "project"}).status_code == status, who
    with pytest.raises(NotYours):
        listing.correct(entry, to=IntakeList.PROJECT, by=district.as_staff(district.worker), at=timezone.now())
    entry.refresh_from_db()
    assert entry.kind == "need"


def test_the_map_shows_five_mechanisms_with_the_counts_of_ones_scope(client, district):
    today = timezone.localdate()
    SuggestionBox.objects.create(code="B-1", area=district.building, spot="x", opened_on=today - timedelta(days=9))
    matter(district, channel=Channel.PHONE)
    district.petition(timezone.now(), channel=Channel.WEB, phone="")
    petition = matter(district, OFFERS, phone="")
    petition.needs_deliberation = True
    petition.save(update_fields=["needs_deliberation"])
    sort()
    client.force_login(district.secretary)

    page = client.get("/process/?show=deliberation")

    stages = {stage.mechanism.value: [line.count for line in stage.lines] for stage in page.context["stages"]}
    assert list(stages) == ["collect", "sort", "deliberate", "supervise", "report"]
    # web 2, telephone 1; one box overdue
    assert (stages["collect"][0], stages["collect"][3], stages["collect"][-1], sum(stages["collect"])) == (2, 1, 1, 4)
    assert stages["sort"] == [1, 2, 0, 0, 1, 1, 0]
    assert stages["deliberate"] == [1, 0]
    assert [one.number for one in page.context["deliberation"]] == [petition.number]
    for url in re.findall(r'class="l-stat" href="([^"]+)"', page.content.decode()):
        assert client.get(url.replace("&amp;", "&")).status_code == 200, url


def test_the_map_of_another_community_counts_nothing_and_costs_little(client, district, django_assert_max_num_queries):
    matter(district)
    sort()
    client.force_login(district.other_secretary)

    with django_assert_max_num_queries(12):
        page = client.get("/process/")

    assert sum(line.count for stage in page.context["stages"] for line in stage.lines) == 0
