"""Circulars and filings: from whom to whom, read, answered, noted or sent back; pages within scope (004-15)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from notifications.models import Notice
from people.errors import BadInput
from petitions import circulars
from petitions.errors import NotNow, NotYours, WordsMissing
from petitions.filing_enums import FilingKind, FilingState
from petitions.models import Circular, CircularAddress, Filing
from tests.factories import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

LATER = TUESDAY + timedelta(hours=3)


def publish(district, *, by="dispatcher", areas=None, **facts):
    given = {
        "title": "本周积存垃圾专项",
        "body": "请各社区周五前清运。联系电话13800138000。",
        "areas": areas or [district.community, district.other_community],
        "answer_by": date(2026, 6, 12),
    } | facts
    return circulars.publish(by=district.as_staff(getattr(district, by)), at=TUESDAY, **given)


def file_record(district, *, by="secretary", area=None, **facts):
    given = {
        "area": area or district.community,
        "kind": FilingKind.MEASURE,
        "title": "2号楼临时停水",
        "body": "换水表，停水两小时。",
        "starts_on": date(2026, 6, 10),
        "ends_on": date(2026, 6, 10),
    } | facts
    return circulars.file_record(by=district.as_staff(getattr(district, by)), at=TUESDAY, **given)


def told(kind):
    found = Notice.objects.filter(kind=kind).select_related("recipient")
    return sorted(notice.recipient.display_name for notice in found)


def test_a_circular_reaches_the_heads_of_the_areas_and_the_history_of_the_matters(district):
    """Mechanism 004-15: dispatch bulletin."""
    petition = district.petition()

    circular = publish(district, numbers=[petition.number, " ", petition.number])

    assert told("circular") == ["other_secretary", "secretary"]
    assert [one.area for one in circular.addresses.order_by("area__code")] == [
        district.community, district.other_community,
    ]  # fmt: skip
    assert list(circular.petitions.all()) == [petition]
    assert petition.events.get(code="circular").refs == {"circular": circular.pk}
    # what is written down carries no number, what is sent carries no words at all
    assert "13800138000" not in circular.body
    assert all(notice.params == {} for notice in Notice.objects.filter(kind="circular"))


def test_the_district_writes_to_its_streets_and_both_heads_hear(district):
    publish(district, by="command", areas=[district.street])

    assert told("circular") == ["dispatcher", "leader"]


@pytest.mark.parametrize("by", ["secretary", "worker", "supervisor", "handler", "stranger", "command"])
def test_only_a_post_right_above_the_areas_publishes(district, by):
    with pytest.raises(NotYours):
        publish(district, by=by)

    assert not Circular.objects.exists()


def test_what_is_wrong_with_a_circular_sends_nothing(district):
    foreign = district.petition(place=district.other_street)
    for facts in (
        {"title": " "},
        {"body": ""},
        {"answer_by": date(2026, 6, 8)},
        {"numbers": [foreign.number]},
        {"numbers": ["PX0"]},
    ):
        with pytest.raises(BadInput):
            publish(district, **facts)

    assert not Circular.objects.exists()
    assert not Notice.objects.filter(kind="circular").exists()


def test_the_head_reads_once_and_answers_once(district):
    circular = publish(district)
    mine = circulars.address_of(circular, district.as_staff(district.secretary))

    circulars.acknowledge(mine, by=district.as_staff(district.secretary), at=LATER)
    circulars.acknowledge(mine, by=district.as_staff(district.secretary), at=LATER + timedelta(hours=1))
    with pytest.raises(WordsMissing):
        circulars.answer(mine, by=district.as_staff(district.secretary), at=LATER, words=" ")
    circulars.answer(mine, by=district.as_staff(district.secretary), at=LATER, words="已清运3处。")
    with pytest.raises(NotNow):
        circulars.answer(mine, by=district.as_staff(district.secretary), at=LATER, words="又清运1处。")
    with pytest.raises(NotYours):
        circulars.answer(mine, by=district.as_staff(district.window), at=LATER, words="我来答。")

    row = CircularAddress.objects.get(area=district.community)
    assert (row.read_at, row.read_by, row.answer, row.answered_by) == (
        LATER, district.secretary, "已清运3处。", district.secretary,
    )  # fmt: skip
    assert told("circular_answered") == ["dispatcher"]
    assert CircularAddress.objects.get(area=district.other_community).read_at is None


def test_a_filing_goes_one_level_up_and_is_noted_or_sent_back(district):
    """Mechanism 004-15: filing record."""
    filing = file_record(district)

    assert (filing.to_area, filing.state) == (district.street, FilingState.FILED)
    assert told("filing") == ["dispatcher", "leader"]
    with pytest.raises(WordsMissing):
        circulars.decide_filing(filing, by=district.as_staff(district.dispatcher), at=LATER, note=False)
    for who in ("secretary", "stranger", "command", "window"):
        with pytest.raises(NotYours):
            circulars.decide_filing(filing, by=district.as_staff(getattr(district, who)), at=LATER, note=True)
    back = circulars.decide_filing(
        filing, by=district.as_staff(district.dispatcher), at=LATER, note=False, reason="请写明停水时段。"
    )
    assert (back.state, back.reason, back.decided_by) == ("returned", "请写明停水时段。", district.dispatcher)
    assert told("filing_returned") == ["secretary"]
    with pytest.raises(NotNow):
        circulars.decide_filing(filing, by=district.as_staff(district.dispatcher), at=LATER, note=True)

    again = file_record(district, body="换水表，9时至11时停水。", replaces=filing)
    with pytest.raises(NotNow, match="once"):
        file_record(district, replaces=filing)
    noted = circulars.decide_filing(again, by=district.as_staff(district.leader), at=LATER, note=True)
    assert (noted.state, told("filing_noted")) == ("noted", ["secretary"])


def test_a_street_files_with_its_district_and_nobody_decides_on_his_own(district):
    filing = file_record(district, by="leader", area=district.street)

    assert (filing.to_area, told("filing")) == (district.district, ["command"])
    with pytest.raises(NotYours):
        file_record(district, by="window")
    with pytest.raises(BadInput):
        file_record(district, ends_on=date(2026, 6, 9))


def test_lists_hold_what_is_in_scope_and_the_rest_does_not_exist(client, district):
    circular, filing = publish(district, areas=[district.community]), file_record(district)
    pages = {
        "circular": [reverse("admin:circulars"), reverse("admin:circular", args=[circular.pk]), circular.title],
        "filing": [reverse("admin:filings"), reverse("admin:filing", args=[filing.pk]), filing.title],
    }
    sees = {
        "dispatcher": {"circular", "filing"},
        "secretary": {"circular", "filing"},
        "command": {"circular", "filing"},
        "other_secretary": set(),
        "stranger": set(),
    }
    for who, expected in sees.items():
        client.force_login(getattr(district, who))
        for what, (listed, one, title) in pages.items():
            assert (title in client.get(listed).content.decode()) == (what in expected), (who, what)
            assert client.get(one).status_code == (200 if what in expected else 404), (who, what)


def test_a_circular_from_its_form_to_its_answer(client, district):
    client.force_login(district.dispatcher)
    sent = {"title": "汛期值守", "body": "请安排夜间值守。", "areas": [district.community.code], "answer_by": ""}

    empty = client.post(reverse("admin:circular_new"), {**sent, "areas": []})
    assert empty.status_code == 422
    assert "请安排夜间值守。" in empty.content.decode()
    assert client.get(reverse("admin:circular_new")).status_code == 200
    assert client.post(reverse("admin:circular_new"), sent).status_code == 302
    url = reverse("admin:circular", args=[Circular.objects.get().pk])

    client.force_login(district.secretary)
    assert client.get(url).status_code == 200
    assert CircularAddress.objects.get().read_at is None  # nothing changes on GET
    assert client.post(url, {"read": "1"}).status_code == 302
    assert client.post(url, {"words": ""}).status_code == 422
    assert client.post(url, {"words": "已排班。"}).status_code == 302
    row = CircularAddress.objects.get()
    assert (row.answer, row.read_by) == ("已排班。", district.secretary)
    client.force_login(district.dispatcher)
    assert "已排班。" in client.get(url).content.decode()
    assert client.post(url, {"words": "我替他答。"}).status_code == 403


def test_a_filing_from_its_form_to_its_decision_and_again(client, district):
    client.force_login(district.secretary)
    sent = {
        "area": district.community.code, "kind": "plan", "title": "六月议事", "body": "17日开圆桌会。",
        "starts_on": "2026-06-17", "ends_on": "2026-06-16",
    }  # fmt: skip
    wrong = client.post(reverse("admin:filing_new"), sent)
    assert wrong.status_code == 422
    assert "17日开圆桌会。" in wrong.content.decode()
    assert client.post(reverse("admin:filing_new"), {**sent, "ends_on": ""}).status_code == 302
    filing = Filing.objects.get()
    url = reverse("admin:filing", args=[filing.pk])
    assert client.post(url, {"note": "yes"}).status_code == 403

    client.force_login(district.dispatcher)
    assert filing.title in client.get(reverse("admin:filings")).content.decode()
    assert client.post(url, {"note": "no", "reason": ""}).status_code == 422
    assert client.post(url, {"note": "no", "reason": "日期冲突。"}).status_code == 302

    client.force_login(district.secretary)
    again = client.get(reverse("admin:filing_new"), {"again": filing.pk})
    assert "17日开圆桌会。" in again.content.decode()
    assert client.post(f"{reverse('admin:filing_new')}?again={filing.pk}", {**sent, "ends_on": ""}).status_code == 302
    assert Filing.objects.get(replaces=filing).state == "filed"


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_the_lists_cost_the_same_however_long_they_are(client, district, django_assert_num_queries, rows):
    for _ in range(rows):
        publish(district)
        file_record(district)
    client.force_login(district.dispatcher)
    for page, queries in (("admin:circulars", 8), ("admin:filings", 9)):
        client.get(reverse(page))
        with django_assert_num_queries(queries):
            client.get(reverse(page))
