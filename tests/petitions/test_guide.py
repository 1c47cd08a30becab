"""What the community does for people (000-17), its pledges (000-21), and what helps before filing."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from tablib import Dataset

from grids.errors import ImportRefused
from petitions import guide, guide_data
from petitions.models import Faq, Petition, ServiceItem, ServiceSwitch
from petitions.resources import ServiceItemResource
from tests.petitions.filing import check, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = date(2026, 6, 9)
SINCE = date(2020, 1, 1)
LIST = "/services/"


@pytest.fixture
def bare(district) -> None:
    ServiceItem.objects.all().delete()
    Faq.objects.all().delete()


def item(code: str = "L-1", **facts: object) -> ServiceItem:
    given = {"kind": "residents", "name_zh": "活动室借用", "name_en": "Use of rooms", "valid_from": SINCE, **facts}
    return ServiceItem.objects.create(code=code, **given)


def codes(area, **asked: str) -> list[str]:
    return sorted(one.code for one in guide.offered(area, on=TODAY, **asked))


def test_the_starter_list_is_marked_as_to_be_reviewed_and_loads_once(district):
    assert ServiceItem.objects.filter(to_review=True, area=None).count() == 27
    assert set(ServiceItem.objects.values_list("kind", flat=True)) == {"party", "government", "residents"}

    again = (guide_data.load_items(), guide_data.load_faqs())

    assert [(one.added, one.changed, one.unchanged) for one in again] == [(0, 0, 27), (0, 0, 12)]


def test_what_was_reviewed_is_never_written_over_by_the_starter_list(district):
    ServiceItem.objects.filter(code="Z-04").update(name_zh="本街道低保申请", to_review=False)
    ServiceItem.objects.filter(code="Z-05").update(name_zh="改错了")

    loaded = guide_data.load_items()

    assert (loaded.changed, loaded.unchanged) == (1, 26)
    assert ServiceItem.objects.get(code="Z-04").name_zh == "本街道低保申请"
    assert ServiceItem.objects.get(code="Z-05").name_zh == "特困人员救助供养申请"


def test_the_nearest_area_of_a_code_wins(bare, district):
    item(fee_zh="全市")
    item(area=district.street, fee_zh="街道")
    item(area=district.community, fee_zh="社区")

    fees = [guide.offered(one, on=TODAY)[0].fee_zh for one in (None, district.other_community, district.unit)]

    assert fees == ["全市", "街道", "社区"]


def test_a_list_for_all_is_switched_on_or_off_by_the_nearest_switch(bare, district):
    item("ON")
    item("OFF", everywhere=False)
    ServiceSwitch.objects.create(area=district.street, code="ON", offered=False)
    ServiceSwitch.objects.create(area=district.community, code="ON", offered=True)
    ServiceSwitch.objects.create(area=district.community, code="OFF", offered=True)

    assert codes(None) == ["ON"]
    assert codes(district.community) == ["OFF", "ON"]
    assert codes(district.other_community) == []


def test_what_is_over_or_has_not_begun_is_not_offered(bare, district):
    item("OVER", valid_to=date(2026, 6, 8))
    item("LAST", valid_to=TODAY)
    item("SOON", valid_from=date(2026, 6, 10))

    assert codes(None) == ["LAST"]


def test_items_are_found_by_kind_and_by_all_words_typed(bare, district):
    item("A", keywords=["场地"])
    item("B", kind="party", name_zh="组织关系接收", name_en="Membership")

    assert codes(None, kind="party") == ["B"]
    assert codes(None, words="场地 活动") == ["A"]
    assert codes(None, words="membership") == ["B"]
    assert codes(None, words="没有的") == []


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_costs_the_same_however_long_it_is(client, bare, district, django_assert_num_queries, count):
    for number in range(count):
        item(f"N-{number}")

    with django_assert_num_queries(3):  # the community, its items, all communities
        page = client.get(LIST, {"area": district.community.code})

    assert page.context["count"] == count


def test_the_page_of_an_item_shows_materials_limit_and_pledge(client, bare, district):
    item(
        materials_zh="身份证\n户口簿", materials_en="Identity card\nHousehold register", limit_zh="五个工作日",
        limit_value=5, limit_unit="workday", pledge_zh="三天办好", pledge_en="Done in three days", pledge_value=3,
        pledge_unit="workday",
    )  # fmt: skip

    page = client.get(f"{LIST}L-1/?area={district.unit.code}")
    html = page.content.decode()

    assert page.context["area"] == district.community
    assert html.count("<li>Identity card</li>") == html.count("<li>Household register</li>") == 1
    assert "Done in three days" in html
    assert page.context["pledged"] == "3 working days"


def test_materials_without_their_english_are_shown_in_chinese(bare, district):
    one = item(materials_zh="身份证\n户口簿", materials_en="Identity card")

    assert one.materials_in("en") == ("身份证", "户口簿")


@pytest.mark.parametrize("url", ["/services/GONE/", "/services/L-1/x/"])
def test_an_item_that_is_not_there_is_not_found(client, bare, district, url):
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    "asked", [{"q": "\x00"}, {"q": "字" * 9999}, {"kind": "x"}, {"area": "'; --"}, {"area": "\x00"}, {"area": "620302"}]
)
def test_whatever_is_asked_for_gets_a_page(client, district, asked):
    for url in (LIST, "/services/Z-04/", "/faq/"):
        assert client.get(url, asked).status_code == 200


def test_questions_are_found_by_their_words(client, district):
    assert len(client.get("/faq/").context["questions"]) == 12
    assert [one.code for one in client.get("/faq/", {"q": "电梯"}).context["questions"]] == ["lift"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit_value": 5},
        {"pledge_unit": "day"},
        {"valid_to": date(2019, 1, 1)},
        {"limit_value": 3, "limit_unit": "workday", "pledge_value": 5, "pledge_unit": "workday"},
    ],
)
def test_an_impossible_item_is_refused_by_the_database(bare, district, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        item(**wrong)


# -- before filing -----------------------------------------------------------------------------------------------


def test_the_page_to_check_shows_what_fits_the_words_and_one_may_go_on(client, district):
    page = check(client, text="想问一下低保怎么申请，要什么材料，电梯也坏了")

    assert [one.code for one in page.context["hints"].items] == ["Z-04"]
    assert [one.code for one in page.context["hints"].faqs] == ["lift"]
    assert f"/services/Z-04/?area={district.building.code}" in page.content.decode()
    assert send(client, text="想问一下低保怎么申请").status_code == 302
    assert Petition.objects.count() == 1


@pytest.mark.parametrize("text", ["楼道里很浓的煤气味，电梯也坏了", "老公打我，低保也没了"])
def test_beside_an_emergency_or_what_must_stay_silent_nothing_is_offered(client, district, text):
    page = check(client, text=text)

    assert not page.context["hints"]


def test_the_page_to_check_stays_within_eight_queries(client, district, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        page = check(client, text="想问一下低保怎么申请，电梯也坏了")

    assert page.context["hints"]


def test_the_form_leads_to_items_and_questions(client, district):
    html = client.get("/petitions/new/").content.decode()

    assert 'href="/services/"' in html
    assert 'href="/faq/"' in html


# -- the register ------------------------------------------------------------------------------------------------

HEADERS = [
    "code",
    "area_code",
    "kind",
    "name_zh",
    "materials_zh",
    "limit_value",
    "limit_unit",
    "keywords",
    "valid_from",
]


def bring(staff, *rows: list[object]):
    return ServiceItemResource(staff).import_rows(Dataset(*rows, headers=HEADERS))


def row(code: str, area: str, **changes: object) -> list[object]:
    given = dict(
        zip(
            HEADERS,
            [code, area, "party", "新项目", "身份证|户口簿", 5, "workday", "新|项目", "2026-01-01"],
            strict=True,
        )
    )
    return list((given | changes).values())


def test_a_secretary_imports_items_of_her_community_and_again_changes_nothing(bare, district):
    staff = district.as_staff(district.secretary)

    first = bring(staff, row("N-1", district.community.code), row("N-2", district.community.code))
    again = bring(staff, row("N-1", district.community.code), row("N-2", district.community.code))

    assert (first.totals["new"], again.totals["skip"]) == (2, 2)
    one = ServiceItem.objects.get(code="N-1")
    assert (one.area, one.materials, one.keywords) == (district.community, ("身份证", "户口簿"), ["新", "项目"])
    assert (one.limit_value, one.limit_unit, one.everywhere, one.to_review) == (5, "workday", True, False)


@pytest.mark.parametrize(
    ("who", "area"), [("secretary", ""), ("secretary", "620302001002"), ("leader", ""), ("worker", "620302001001")]
)
def test_nobody_imports_items_of_others_or_for_all(bare, district, who, area):
    with pytest.raises(ImportRefused):
        bring(district.as_staff(getattr(district, who)), row("N-1", area))

    assert not ServiceItem.objects.exists()


def test_the_district_command_keeps_the_list_for_all(bare, district):
    bring(district.as_staff(district.command), row("N-1", ""))

    assert ServiceItem.objects.get().area is None


def test_one_wrong_row_keeps_the_whole_file_out(bare, district):
    with pytest.raises(ImportRefused) as refused:
        bring(
            district.as_staff(district.secretary),
            row("N-1", district.community.code),
            row("N-2", district.community.code, kind="stately"),
        )

    assert not ServiceItem.objects.exists()
    assert "stately" in str(refused.value.errors[0])


def test_the_export_can_be_imported_again(bare, district):
    item(materials_zh="身份证\n户口簿", keywords=["场地", "会议室"], everywhere=False, limit_value=3, limit_unit="day")
    sheet = ServiceItemResource().export(ServiceItem.objects.all())

    result = ServiceItemResource().import_rows(Dataset().load(sheet.csv, format="csv"))

    assert result.totals["skip"] == 1


def test_a_secretary_switches_items_for_her_community_from_the_list(client, bare, district):
    one, other = item("A"), item("B")
    client.force_login(district.secretary)

    client.post("/admin/petitions/serviceitem/", {"action": "withhold", "_selected_action": [one.pk, other.pk]})

    switched = ServiceSwitch.objects.order_by("code").values_list("code", "area__code", "offered")
    assert list(switched) == [("A", district.community.code, False), ("B", district.community.code, False)]


def test_a_secretary_sees_the_list_for_all_and_changes_only_her_own(client, bare, district):
    for_all, hers = item("A"), item("B", area=district.community)
    strange = item("C", area=district.other_street)
    client.force_login(district.secretary)

    def change(one: ServiceItem) -> int:
        return client.post(f"/admin/petitions/serviceitem/{one.pk}/change/", {}).status_code

    assert (change(for_all), change(hers), change(strange)) == (403, 200, 404)
