"""The hand-over of a shift: words and open points, taken over by the next, missed once; the pages of duty (000-37)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fieldwork import handing
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import DutyPattern, DutyPoint, DutyShift
from notifications.models import Notice
from people import expiry
from people.errors import BadInput
from tests.fieldwork.test_shifts import moment, shift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
EVENING = moment("2026-06-09 17:05")


def hand_over(district, row, *, by="worker", at=EVENING, words="平安无事", points=()):
    return handing.hand_over(row, words=words, points=points, by=district.as_staff(getattr(district, by)), at=at)


def test_what_stays_open_goes_from_shift_to_shift_until_it_is_done(district):
    """Mechanism 000-37."""
    first = shift(district, district.worker)
    second = shift(district, district.window, "2026-06-09 17:00", "2026-06-09 22:00")
    third = shift(district, district.lead, "2026-06-09 22:00", "2026-06-10 06:00")
    elsewhere = shift(district, district.other_worker, area=district.grid)
    window, lead = district.as_staff(district.window), district.as_staff(district.lead)

    hand_over(district, first, words="电话13800138000来过", points=["钥匙在抽屉里", " 3号楼水管待修 ", ""])
    assert handing.before(second) == first
    with pytest.raises(NotYours):
        handing.take_over(first, by=district.as_staff(district.secretary), at=EVENING)
    handing.take_over(first, by=window, at=EVENING)
    with pytest.raises(NotNow):
        handing.take_over(first, by=window, at=EVENING)
    key, pipe = handing.open_points(second)
    assert handing.done(key, by=window, at=EVENING)
    assert not handing.done(key, by=window, at=EVENING)
    hand_over(district, second, by="window", at=moment("2026-06-09 21:50"))

    assert [point.text for point in handing.open_points(third)] == ["3号楼水管待修"]
    assert handing.before(third) == second
    handing.take_over(second, by=lead, at=moment("2026-06-09 22:01"))
    first.refresh_from_db()
    assert (first.taken_by, "13800138000" in first.words) == (district.window, False)
    assert list(handing.open_points(elsewhere)) == []
    assert DutyPoint.objects.get(pk=pipe.pk).done_at is None


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"by": "window"}, NotYours),
        ({"at": moment("2026-06-09 08:59")}, NotNow),
        ({"words": " "}, BadInput),
        ({"points": [str(number) for number in range(11)]}, BadInput),
        ({"points": ["一" * 121]}, BadInput),
    ],
)
def test_what_is_wrong_with_a_hand_over_hands_nothing_over(district, facts, refusal):
    row = shift(district, district.worker)

    with pytest.raises(refusal):
        hand_over(district, row, **facts)

    row.refresh_from_db()
    assert (row.handed_at, row.words, DutyPoint.objects.count()) == (None, "", 0)


def test_a_missing_hand_over_is_told_once_to_who_sat_there_and_to_the_secretary(district):
    missing = shift(district, district.worker)
    hand_over(district, shift(district, district.window), by="window")
    shift(district, None)
    shift(district, district.lead, "2026-06-05 09:00", "2026-06-05 17:00")

    assert handing.tell_missing(at=moment("2026-06-09 17:29")) == 0
    assert handing.tell_missing(at=moment("2026-06-09 17:30")) == 2
    assert handing.tell_missing(at=moment("2026-06-09 17:40")) == 0

    told = Notice.objects.filter(kind="shift_not_handed").values_list("about", "recipient")
    assert set(told) == {
        (f"shift:{missing.pk}", district.worker.pk), (f"shift:{missing.pk}", district.secretary.pk),
    }  # fmt: skip


def test_the_words_go_after_a_year_the_shift_stays(district):
    row = shift(district, district.worker)
    hand_over(district, row, points=["钥匙在抽屉里"])
    year = timedelta(days=365)

    expiry.run(at=moment("2026-06-09 16:00") + year, only=("fieldwork.duty",))
    assert DutyPoint.objects.count() == 1
    expiry.run(at=moment("2026-06-09 17:01") + year, only=("fieldwork.duty",))

    row.refresh_from_db()
    assert (row.words, DutyPoint.objects.count(), row.user) == ("", 0, district.worker)


def test_the_pages_are_scoped_and_walk_from_plan_to_hand_over(client, district, django_assert_max_num_queries):
    now = timezone.now()
    hours = {"starts_at": now - timedelta(hours=2), "ends_at": now + timedelta(minutes=5)}
    row = DutyShift.objects.create(area=district.community, user=district.worker, **hours)
    gap = DutyShift.objects.create(
        area=district.community, starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2)
    )
    far = DutyShift.objects.create(area=district.other_community, **hours)
    client.force_login(district.worker)

    with django_assert_max_num_queries(12):
        page = client.get(reverse("duty"))
    assert ([*page.context["now"]], [*page.context["mine"]], [*page.context["gaps"]]) == ([row], [row], [gap])
    with django_assert_max_num_queries(14):
        page = client.get(reverse("duty_shift", args=[row.pk]))
    assert page.status_code == 200
    for name in ("duty_take", "duty_offer", "duty_hand_over", "duty_take_over", "duty_assign"):
        assert client.post(reverse(name, args=[far.pk])).status_code == 404
        assert client.get(reverse(name, args=[row.pk])).status_code == 405
    assert client.post(reverse("duty_assign", args=[row.pk]), {"user": district.lead.pk}).status_code == 403
    refused = client.post(reverse("duty_hand_over", args=[row.pk]), {"words": "", "points": "钥匙在抽屉里"})
    assert (refused.status_code, "钥匙在抽屉里" in refused.content.decode()) == (422, True)
    sent = {"words": "平安无事", "points": "钥匙在抽屉里\n\n"}
    assert client.post(reverse("duty_hand_over", args=[row.pk]), sent).status_code == 302
    assert client.post(reverse("duty_take", args=[gap.pk])).status_code == 302
    assert client.post(reverse("duty_take_over", args=[row.pk])).status_code == 302
    assert client.post(reverse("duty_point", args=[DutyPoint.objects.get().pk])).status_code == 302

    row.refresh_from_db()
    gap.refresh_from_db()
    assert (row.taken_by, gap.user) == (district.worker, district.worker)
    assert not DutyPoint.objects.filter(done_at=None).exists()


def test_the_secretary_plans_a_week_on_its_page(client, district, django_assert_max_num_queries):
    monday = timezone.localdate() + timedelta(days=7 - timezone.localdate().weekday())
    DutyPattern.objects.create(area=district.community, user=district.window, weekday=0, starts="09:00", ends="17:00")
    client.force_login(district.secretary)
    where = {"area": district.community.code, "week": monday.isoformat()}

    assert client.post(reverse("duty_plan"), where).status_code == 302
    with django_assert_max_num_queries(12):
        page = client.get(reverse("duty_week"), where)
    assert [len(rows) for _day, rows in page.context["days"]] == [1, 0, 0, 0, 0, 0, 0]
    single = where | {
        "place": "area", "user": district.worker.pk, "day": (monday + timedelta(days=1)).isoformat(),
        "starts": "20:00", "ends": "06:00",
    }  # fmt: skip
    assert client.post(reverse("duty_week"), single).status_code == 302
    assert client.post(reverse("duty_week"), single).status_code == 409
    assert client.post(reverse("duty_week"), single | {"ends": "later"}).status_code == 422
    assert client.post(reverse("duty_week"), single | {"area": district.other_community.code}).status_code == 404
    assert DutyShift.objects.count() == 2
    assert client.get(reverse("duty_week"), {"week": "9999-12-31"}).status_code == 200

    client.force_login(district.window)
    assert client.get(reverse("duty_week"), where).status_code == 200
    assert client.post(reverse("duty_plan"), where).status_code == 403
