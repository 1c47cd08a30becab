"""The one search box: number, words, place, telephone; nobody finds what is not his, and a telephone is a look."""

import pytest

from people.models import AuditEntry, RevealLog
from petitions import finding
from petitions.models import Category, Petition, PetitionReveal
from tests.factories import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
FIND = "/admin/find/"
PHONE = "13800138000"


def found(page) -> dict[str, list[str]]:
    groups = {name: [line.number for line in page.context[name]] for name in ("by_number", "by_words")}
    return groups | {"places": [place.name for place in page.context["found_places"]]}


def look(client, phone=PHONE, reason="回访时核对是否本人"):
    return client.post(FIND, {"q": phone, "reason": reason})


def test_words_numbers_and_places_come_in_groups(client, district):
    car = district.petition(text="3号楼楼道里停满了电动车")
    district.petition(text="垃圾没人清")
    client.force_login(district.secretary)

    answer = client.post(FIND, {"q": " 电动车 "})

    assert (answer.status_code, answer["Location"]) == (302, f"{FIND}?q=%E7%94%B5%E5%8A%A8%E8%BD%A6")
    assert found(client.get(answer["Location"])) == {"by_number": [], "by_words": [car.number], "places": []}
    assert found(client.get(FIND, {"q": car.number})) == {"by_number": [car.number], "by_words": [], "places": []}
    assert found(client.get(FIND, {"q": "3号楼"})) == {"by_number": [], "by_words": [car.number], "places": ["3号楼"]}


def test_a_place_is_found_by_its_initials_and_opens_its_list(client, district):
    type(district.building).objects.filter(pk=district.grid.pk).update(name_key="di yi wang ge", initials="dywg")
    petition = district.petition()
    client.force_login(district.secretary)

    page = client.get(FIND, {"q": "dywg"})

    assert found(page)["places"] == ["第一网格"]
    opened = client.get(f"/admin/matters/?status=all&area={district.grid.code}")
    assert f'?status=all&amp;area={district.grid.code}"' in page.content.decode()
    assert [line.number for line in opened.context["lines"]] == [petition.number]


def test_the_number_of_another_system_finds_the_matter_and_never_stands_in_an_address(client, district):
    petition = district.petition(external_id="13912345678")
    client.force_login(district.secretary)

    page = client.post(FIND, {"q": "13912345678"})

    assert (page.status_code, found(page)["by_number"]) == (200, [petition.number])


@pytest.mark.parametrize("who", ["other_secretary", "stranger", "duty"])
def test_nobody_finds_what_lies_outside_his_area(client, district, who):
    hidden = district.petition(text="楼道里停满了电动车", external_id="A-77")
    client.force_login(getattr(district, who))

    for typed in ("电动车", hidden.number, hidden.number[:6], "A-77", "第一网格", "3号楼"):
        page = client.get(FIND, {"q": typed})
        assert found(page) == {"by_number": [], "by_words": [], "places": []}, typed
        assert hidden.title not in page.content.decode()
    assert list(look(client).context["by_phone"]) == []
    assert RevealLog.objects.count() == 0


def test_a_telephone_asks_why_first_and_finds_nothing_meanwhile(client, district):
    petition = district.petition()
    client.force_login(district.secretary)

    asked = client.post(FIND, {"q": "138-0013-8000"})
    refused = look(client, reason="。")

    assert (asked.status_code, refused.status_code) == (200, 422)
    for page in (asked, refused):
        assert petition.number not in page.content.decode()
    assert (RevealLog.objects.count(), AuditEntry.objects.filter(about="petitions.search").count()) == (0, 0)


def test_a_telephone_with_a_reason_is_a_look_that_is_written_down(client, district):
    first = district.petition(TUESDAY)
    second = district.petition(TUESDAY.replace(hour=11))
    district.petition(phone="13800138001")
    client.force_login(district.secretary)

    page = look(client, "+86 138 0013 8000")

    assert [line.number for line in page.context["by_phone"]] == [second.number, first.number]
    logs = RevealLog.objects.order_by("about")
    assert {(log.by, log.field, log.reason) for log in logs} == {(district.secretary, "phone", "回访时核对是否本人")}
    assert set(PetitionReveal.objects.values_list("petition", flat=True)) == {first.pk, second.pk}
    (entry,) = AuditEntry.objects.filter(about="petitions.search")
    assert (entry.actor, entry.details) == (district.secretary, {"found": 2})
    assert PHONE not in str(AuditEntry.objects.values_list("details", "about"))


@pytest.mark.parametrize("why", ["confidential", "reporter_hidden", "silent", "about_staff", "complained_of"])
def test_what_hides_who_raised_it_is_not_found_by_telephone(client, district, why):
    petition = district.petition(confidential=why == "confidential")
    if why in {"reporter_hidden", "silent"}:
        Category.objects.filter(code="0102").update(**{why: True})
        Petition.objects.update(category=Category.objects.get(code="0102"))
    if why == "about_staff":
        Petition.objects.update(barred_from=6)
    if why == "complained_of":
        petition.recusals.create(
            user=district.lead, kind="complained_of", declared_by=district.secretary, declared_at=TUESDAY
        )
    # the worker acts on the matter, but hears no confidential name; the secretary may, but not of the others
    client.force_login(district.worker if why in {"confidential", "reporter_hidden"} else district.secretary)

    page = look(client)

    assert (page.status_code, list(page.context["by_phone"]), RevealLog.objects.count()) == (200, [], 0)


def test_who_looked_at_too_much_today_is_shown_nothing_and_nothing_is_written(client, district, settings):
    district.petition(TUESDAY)
    petition = district.petition(TUESDAY.replace(hour=11))
    settings.REVEALS_PER_DAY = 1
    client.force_login(district.secretary)

    page = look(client)

    assert page.status_code == 429
    assert petition.number not in page.content.decode()
    assert (RevealLog.objects.count(), AuditEntry.objects.filter(about="petitions.search").count()) == (0, 0)


@pytest.mark.parametrize("typed", [PHONE, "我的身份证620302199001011234"])
def test_a_number_of_a_person_in_the_address_is_refused_and_not_repeated(client, district, typed):
    district.petition(text=f"联系我{PHONE}")
    client.force_login(district.secretary)

    page = client.get(FIND, {"q": typed})

    assert (page.status_code, found(page)) == (422, {"by_number": [], "by_words": [], "places": []})
    assert page.context["typed"] == ""


def test_words_that_many_carry_are_found_among_the_newest(district, monkeypatch):
    monkeypatch.setattr(finding, "FEW", 2)
    monkeypatch.setattr(finding, "NEWEST", (2, 3))
    monkeypatch.setattr(finding, "SHOWN", 3)
    filed = [district.petition(TUESDAY.replace(minute=minute)) for minute in range(8)]
    staff = district.as_staff(district.secretary)

    hits = finding.by_words(staff, "垃圾桶")

    assert hits == finding.Hits(tuple(one.pk for one in filed[:-4:-1]), more=True, newest_only=True)
    assert finding.by_words(staff, "电动") == finding.Hits()
    assert finding.by_words(staff, "桶") == finding.Hits()


def test_a_search_costs_the_same_however_much_there_is(client, district, django_assert_max_num_queries):
    for minute in range(25):
        district.petition(TUESDAY.replace(minute=minute))
    client.force_login(district.secretary)
    client.get(FIND, {"q": "垃圾桶"})

    with django_assert_max_num_queries(12):
        page = client.get(FIND, {"q": "垃圾桶"})

    assert (len(page.context["by_words"]), page.context["more_words"]) == (20, True)
