"""Kept lists: whose they are, who opens a shared one, and that it shows nobody another's rows (case 38)."""

import pytest
from django.urls import reverse

from petitions import saved_lists
from petitions.enums import Status
from petitions.errors import NotNow
from petitions.matters import Filters
from petitions.models import SavedList
from tests.factories import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LIST = "/admin/matters/"
SAVE = "/admin/matters/save/"


def keep(client, name="超期的", **asked):
    return client.post(SAVE, {"name": name, "column": ["due", "status"], **asked})


def test_filters_columns_and_order_are_kept_under_a_name(client, district):
    late = district.petition(TUESDAY, status=Status.DISPATCHED)
    district.petition(TUESDAY, status=Status.CLOSED)
    client.force_login(district.secretary)

    answer = keep(client, due="late", order="newest")
    page = client.get(answer["Location"])

    saved = SavedList.objects.get()
    assert (saved.owner, saved.shared_in) == (district.secretary, None)
    assert (saved.filters, saved.columns) == ({"due": "late", "order": "newest"}, ["due", "status"])
    assert answer["Location"] == f"{LIST}?list={saved.pk}"
    assert [line.number for line in page.context["lines"]] == [late.number]
    assert [column.code for column in page.context["columns"]] == ["due", "status"]
    assert page.context["order"] == "newest"


def test_the_same_name_replaces_ones_own_list_alone(client, district):
    client.force_login(district.leader)
    keep(client, due="late")
    client.force_login(district.secretary)
    keep(client, due="late")
    keep(client, status="all")

    assert list(SavedList.objects.order_by("pk").values_list("owner", "filters")) == [
        (district.leader.pk, {"due": "late"}), (district.secretary.pk, {"status": "all"}),
    ]  # fmt: skip


def test_a_shared_list_of_a_wider_role_shows_only_the_rows_of_my_area(client, district):
    """Case 38 of cases/petitions.md."""
    mine = district.petition(TUESDAY, text="楼道里停满了电动车")
    elsewhere = district.petition(TUESDAY, text="电动车占道", place=district.other_community)
    client.force_login(district.leader)
    keep(client, status="all", shared="on", q="电动车")
    theirs = client.get(LIST, {"list": SavedList.objects.get().pk})
    assert {line.number for line in theirs.context["lines"]} == {mine.number, elsewhere.number}
    client.force_login(district.secretary)

    page = client.get(LIST, {"list": SavedList.objects.get().pk})

    assert [line.number for line in page.context["lines"]] == [mine.number]
    assert page.context["count"] == 1
    assert elsewhere.title not in page.content.decode()
    assert elsewhere.number not in page.content.decode()
    assert "shared by leader" in page.content.decode()


def test_a_shared_list_of_one_community_shows_nothing_to_another_and_says_why(client, district):
    district.petition(TUESDAY)
    client.force_login(district.leader)
    keep(client, area=district.community.code, shared="on")
    client.force_login(district.other_secretary)

    page = client.get(LIST, {"list": SavedList.objects.get().pk})

    assert (page.status_code, page.context["lines"], page.context["count"]) == (200, [], 0)
    assert "not one that your posts see" in page.content.decode()


@pytest.mark.parametrize("who", ["stranger", "duty"])
def test_a_list_shared_in_another_street_does_not_exist(client, district, who):
    client.force_login(district.leader)
    keep(client, shared="on")
    saved = SavedList.objects.get()
    client.force_login(getattr(district, who))

    assert client.get(LIST, {"list": saved.pk}).status_code == 404
    assert client.post(reverse("admin:matter_list_remove", args=[saved.pk])).status_code == 404
    assert list(client.get(LIST).context["saved"]) == []


def test_what_is_not_shared_is_not_there_for_a_colleague(client, district):
    client.force_login(district.leader)
    keep(client)
    client.force_login(district.dispatcher)

    assert client.get(LIST, {"list": SavedList.objects.get().pk}).status_code == 404
    for junk in ("0", "x", "-1", "99999999999999999999", "1²"):
        assert client.get(LIST, {"list": junk}).status_code == 404, junk


def test_only_who_keeps_a_list_removes_it(client, district):
    client.force_login(district.leader)
    keep(client, shared="on")
    remove = reverse("admin:matter_list_remove", args=[SavedList.objects.get().pk])
    client.force_login(district.secretary)
    assert client.post(remove).status_code == 403
    assert SavedList.objects.count() == 1
    client.force_login(district.leader)

    assert client.post(remove)["Location"] == LIST
    assert SavedList.objects.count() == 0


def test_a_department_shares_nothing_as_it_sees_no_area(client, district):
    client.force_login(district.handler)

    answer = keep(client, shared="on")

    assert (answer.status_code, SavedList.objects.count()) == (403, 0)


@pytest.mark.parametrize("given", [{"name": "  "}, {"name": "x" * 41}, {"name": "13800138000的事"}])
def test_a_name_that_is_none_or_names_a_person_is_refused_and_keeps_what_was_typed(client, district, given):
    client.force_login(district.secretary)

    answer = keep(client, **given)

    assert (answer.status_code, SavedList.objects.count()) == (422, 0)
    assert answer.context["name"] == given["name"]


def test_nobody_keeps_more_than_thirty(district, monkeypatch):
    monkeypatch.setattr(saved_lists, "MOST", 1)
    by = district.as_staff(district.secretary)
    facts = {"filters": Filters(), "chosen": (), "shared": False, "by": by, "at": TUESDAY}
    saved_lists.save(name="one", **facts)

    with pytest.raises(NotNow):
        saved_lists.save(name="two", **facts)
    assert saved_lists.save(name="one", **facts).name == "one"
