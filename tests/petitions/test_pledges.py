"""Pledges of service items: judged when a matter is done, summed by month, shown to the public in fives."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from petitions import pledges, transitions
from petitions.enums import Status
from petitions.models import Petition, PledgeFact, PledgeMonth, ServiceItem, SupplementRequest
from petitions.pledges import Kept
from tests.factories import SHANGHAI

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
# a Monday morning of May; the figures are read in June
MONDAY = datetime(2026, 5, 11, 10, 0, tzinfo=SHANGHAI)
JUNE = date(2026, 6, 9)
NIGHT = datetime(2026, 6, 9, 1, 40, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


@pytest.fixture
def item(district) -> ServiceItem:
    return ServiceItem.objects.create(
        code="T-1", kind="residents", name_zh="活动室借用", name_en="Use of rooms", valid_from=date(2020, 1, 1),
        pledge_zh="3个工作日内办结", pledge_en="Done within 3 working days", pledge_value=3, pledge_unit="workday",
    )  # fmt: skip


def done(district, item, *, after: timedelta, accepted: datetime = MONDAY, place=None) -> Petition:
    """A matter about the item, accepted and resolved so much later; as an import would write it."""
    petition = district.petition(accepted, status=Status.RESOLVED, place=place)
    facts = {"service_item": item, "accepted_at": accepted, "resolved_at": accepted + after}
    Petition.objects.filter(pk=petition.pk).update(**facts)
    return petition


def months(code: str = "T-1") -> list[tuple[str, date, int, int]]:
    rows = PledgeMonth.objects.filter(code=code).order_by("month", "community__code")
    return [(row.community.name, row.month, row.done, row.kept) for row in rows.select_related("community")]


def test_what_is_done_within_the_pledged_working_days_is_kept_and_the_weekend_does_not_count(district, item):
    friday = MONDAY + 4 * DAY
    for after, kept in ((3 * DAY, True), (3 * DAY + timedelta(hours=14), False)):
        petition = done(district, item, after=after)
        pledges.count(at=NIGHT)
        assert PledgeFact.objects.get(pk=petition.pk).kept is kept
    over_the_weekend = done(district, item, after=5 * DAY, accepted=friday)
    pledges.count(at=NIGHT)

    assert PledgeFact.objects.get(pk=over_the_weekend.pk).kept is True  # Monday, Tuesday, Wednesday
    assert months() == [("龙集里社区", date(2026, 5, 1), 3, 2)]


def test_time_waiting_for_missing_materials_does_not_count(district, item):
    petition = done(district, item, after=8 * DAY)
    SupplementRequest.objects.create(
        petition=petition, words_id="00000000-0000-4000-8000-000000000001", asked_by=district.worker,
        asked_at=MONDAY + DAY, ended_at=MONDAY + 7 * DAY, answered=True,
    )  # fmt: skip

    pledges.count(at=NIGHT)

    assert PledgeFact.objects.get(pk=petition.pk).kept is True


def test_a_count_repeated_changes_nothing_and_a_pledge_edited_later_judges_nothing_anew(district, item):
    petition = done(district, item, after=2 * DAY)
    assert pledges.count(at=NIGHT) == 1
    ServiceItem.objects.filter(pk=item.pk).update(pledge_value=1)

    assert pledges.count(at=NIGHT) == 0
    fact = PledgeFact.objects.get(pk=petition.pk)
    assert (fact.value, fact.unit, fact.kept) == (3, "workday", True)
    assert months() == [("龙集里社区", date(2026, 5, 1), 1, 1)]


def test_what_is_sent_back_counts_no_more_until_it_is_done_again(district, item):
    petition = done(district, item, after=2 * DAY)
    pledges.count(at=NIGHT)
    transitions.rework(
        Petition.objects.get(pk=petition.pk), by=district.as_staff(district.secretary), at=NIGHT, reason="没有做完。"
    )

    assert pledges.count(at=NIGHT) == 1

    assert (PledgeFact.objects.count(), months()) == (0, [])


def test_other_matters_and_items_without_a_pledge_are_no_facts(district, item):
    bare = ServiceItem.objects.create(code="T-2", kind="residents", name_zh="咨询", valid_from=date(2020, 1, 1))
    done(district, bare, after=DAY)
    district.petition(MONDAY, status=Status.RESOLVED)
    district.petition(MONDAY, status=Status.ACCEPTED, service_item=item)

    assert pledges.count(at=NIGHT) == 0


def sums(district, item, *rows: tuple[date, int, int], community=None) -> None:
    for month, all_done, kept in rows:
        PledgeMonth.objects.create(
            code=item.code, community=community or district.community, month=month, done=all_done, kept=kept
        )


def test_the_twelve_whole_months_before_are_read_in_one_query(district, item, django_assert_num_queries):
    sums(district, item, (date(2025, 5, 1), 100, 100), (date(2025, 6, 1), 20, 12), (date(2026, 5, 1), 21, 20))
    sums(district, item, (date(2026, 6, 1), 100, 0))
    sums(district, item, (date(2026, 5, 1), 5, 5), community=district.other_community)

    with django_assert_num_queries(1):
        here = pledges.kept_of(item.code, district.community, on=JUNE)

    assert here == Kept(date(2025, 6, 1), date(2026, 5, 1), done=41, kept=32)
    assert pledges.kept_of(item.code, None, on=JUNE).done == 46


@pytest.mark.parametrize(
    ("all_done", "kept", "shown"),
    [
        (4, 4, None),
        (41, 32, (40, 30, False)),
        (41, 41, (40, None, True)),
        (41, 37, (40, None, True)),  # four were late: not said
        (41, 4, (40, None, False)),
        (9, 5, (5, None, True)),
        (10, 5, (10, 5, False)),
    ],
)
def test_the_public_reads_fives_and_never_of_fewer_than_five(all_done, kept, shown):
    about = Kept(date(2025, 6, 1), date(2026, 5, 1), all_done, kept).about

    assert (about and (about.done, about.kept, about.mostly)) == shown


def test_two_months_of_the_page_do_not_tell_of_one_matter():
    """Whatever one matter more is, kept or not: what is shown stays, or steps by a whole five."""

    def read(all_done: int, kept: int):
        about = Kept(date(2025, 6, 1), date(2026, 5, 1), all_done, kept).about
        return about and (about.done, about.kept)

    steps = {
        after[part] - before[part]
        for all_done in range(10, 60)
        for kept in range(5, all_done - 5)
        for more in (0, 1)
        for before, after in [(read(all_done, kept), read(all_done + 1, kept + more))]
        for part in (0, 1)
        if None not in (before[part], after[part])
    }

    assert steps == {0, 5}


def test_the_page_of_the_item_says_it_and_the_desk_shows_the_counts_of_ones_own_areas(client, district, item):
    this_month = date.today().replace(day=1)
    last = (this_month - DAY).replace(day=1)
    sums(district, item, (last, 41, 32))
    sums(district, item, (last, 9, 9), community=district.other_community)

    here = client.get(f"/services/{item.code}/", {"area": district.community.code}).content.decode()
    beside = client.get(f"/services/{item.code}/", {"area": district.other_community.code}).content.decode()
    client.force_login(district.secretary)
    desk = client.get(reverse("admin:petitions_serviceitem_changelist"), {"q": item.code}).content.decode()

    assert "about 40 matters were done, about 30 of them within the pledged time." in here
    assert "about 5 matters were done, all but fewer than five within the pledged time." in beside
    assert "32 / 41" in desk
    assert "9 / 9" not in desk
