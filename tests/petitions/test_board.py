"""The public board: nothing without a person's check, fifteen days at least, objections, and what never hangs there."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications.models import Notice
from people.errors import BadInput
from petitions import board, petitioner, story, tasks
from petitions.enums import EventCode, IssueKind, NoticeState, Status
from petitions.errors import NotNow, NotYours, WordsMissing
from petitions.models import Category, Objection, Petition, PublicNotice
from petitions.viewers import Follower
from tests.factories import SHANGHAI, TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache")]

CLOSED = TUESDAY + timedelta(hours=1)
WORDS = {"matter": "垃圾桶满了两天。", "done": "当天清运，每天加一班。"}
BOARD = "/public/board/"


@pytest.fixture
def closed(district):
    return district.petition(status=Status.CLOSED)


@pytest.fixture
def secretary(district):
    return district.as_staff(district.secretary)


def hang(petition, by, at=CLOSED):
    return board.publish(petition, by=by, at=at, **WORDS)


def object_to(notice, at, words="没有清干净。"):
    return board.object_to(notice, words=words, at=at, client_key=uuid.uuid4())


def said(petition):
    return list(petition.events.order_by("id").values_list("code", flat=True))


def test_nothing_hangs_before_a_person_has_checked_it(client, closed, secretary):
    assert "Nothing hangs here now." in client.get(BOARD).content.decode()
    assert list(board.waiting(secretary)) == [closed]

    notice = hang(closed, secretary)

    assert list(board.waiting(secretary)) == []
    page = client.get(BOARD).content.decode()
    assert ("当天清运，每天加一班。" in page, "龙集里社区" in page, "Overflowing bins" in page) == (True, True, True)
    assert client.get(f"{BOARD}{notice.pk}/").status_code == 200
    # neither number nor door
    assert (closed.number in page, "3号楼" in page, "常小红" in page) == (False, False, False)


@pytest.mark.parametrize(
    "change",
    [
        {"is_confidential": True},
        {"barred_from": 5},
        {"issue_kind": IssueKind.MEDIATION},
        {"category": "0701"},
        {"category": "0901"},
        {"category": "0903"},
        {"category": "0501"},
        {"status": Status.VERIFIED},
    ],
)
def test_what_must_stay_among_few_never_hangs(district, change):
    status = change.pop("status", Status.CLOSED)
    petition = district.petition(status=status)
    if code := change.get("category"):
        change["category"] = Category.objects.get(code=code)
    Petition.objects.filter(pk=petition.pk).update(**change)
    leader = district.as_staff(district.leader)

    assert list(board.waiting(leader)) == []
    with pytest.raises((NotNow, NotYours)):
        hang(petition, leader)
    assert PublicNotice.objects.count() == 0


def test_only_who_answers_for_the_area_decides(district, closed):
    for name in ("worker", "window", "other_secretary", "stranger", "supervisor"):
        with pytest.raises(NotYours):
            hang(closed, district.as_staff(getattr(district, name)))
    assert PublicNotice.objects.count() == 0


def test_the_machine_proposes_words_without_names_and_numbers(district, secretary):
    petition = district.petition(
        status=Status.CLOSED, text="我是常小红，电话13800138000，邮箱a@b.cn，车牌甘C12345，垃圾桶满了。"
    )

    proposed = board.draft(petition)

    for left in ("常小红", "138", "a@b.cn", "12345"):
        assert left not in proposed.matter
    assert "垃圾桶满了" in proposed.matter
    assert proposed.done == "已清运。"


@pytest.mark.parametrize(
    "words", ["常小红家门口的垃圾。", "打13800138000问过。", "2单元501的门口。", "老王家的灯。", " "]
)
def test_words_that_reach_a_human_are_refused_and_nothing_is_published(closed, secretary, words):
    with pytest.raises(BadInput) as refused:
        board.publish(closed, by=secretary, at=CLOSED, matter=words, done="已清运。")

    assert refused.value.field == "matter"
    assert PublicNotice.objects.count() == 0
    assert EventCode.PUBLISHED not in said(closed)


def test_a_notice_hangs_fifteen_days_and_not_a_minute_less(closed, secretary):
    notice = hang(closed, secretary)
    clock = closed.clocks.get(stage__policy__key="public_notice")
    assert (clock.stage.nature, clock.state, clock.due_at) == ("minimum", "running", notice.ends_at)
    # fifteen whole days: the tenth to the twenty-fourth
    assert notice.ends_at == datetime(2026, 6, 25, tzinfo=SHANGHAI)

    with pytest.raises(NotNow):
        board.end(notice, at=notice.ends_at - timedelta(minutes=1))
    assert board.end_due(at=notice.ends_at - timedelta(minutes=1)) == 0
    assert board.end_due(at=notice.ends_at) == 1

    notice.refresh_from_db()
    clock.refresh_from_db()
    assert (notice.state, clock.state) == (NoticeState.CLOSED_OUT, "stopped")
    assert said(closed)[-3:] == ["published", "notice_ended", "closed_out"]
    assert not PublicNotice.objects.on_the_board().exists()


def test_the_database_ends_no_notice_early(closed, secretary):
    notice = hang(closed, secretary)

    with pytest.raises(IntegrityError), transaction.atomic():
        PublicNotice.objects.filter(pk=notice.pk).update(
            state="closed_out", ended_at=notice.ends_at - timedelta(days=1)
        )


def test_the_hourly_task_ends_what_is_due(district, secretary):
    old = district.petition(timezone.now() - timedelta(days=20), status=Status.CLOSED)
    notice = hang(old, secretary, at=timezone.now() - timedelta(days=16))
    fresh = hang(district.petition(status=Status.CLOSED), secretary, at=timezone.now())

    tasks.end_notices()

    states = dict(PublicNotice.objects.values_list("pk", "state"))
    assert states == {notice.pk: "closed_out", fresh.pk: "published"}


def test_anybody_objects_once_a_form_and_the_secretary_is_told(client, closed, secretary, district):
    notice = hang(closed, secretary)
    url, key = f"{BOARD}{notice.pk}/", str(uuid.uuid4())

    for _each in range(2):
        assert client.post(url, {"client_key": key, "words": "还是满的，13800138000"}).status_code == 302

    assert Objection.objects.count() == 1
    assert Notice.objects.filter(kind="petition_objected").get().recipient == district.secretary
    assert "还是满的" not in client.get(url).content.decode()


def test_an_objection_without_words_is_refused_and_nothing_is_lost(client, closed, secretary):
    notice = hang(closed, secretary)

    answer = client.post(f"{BOARD}{notice.pk}/", {"client_key": str(uuid.uuid4()), "words": " "})

    assert answer.status_code == 422
    assert "Say it in a few words." in answer.content.decode()
    assert Objection.objects.count() == 0


def test_one_address_objects_five_times_an_hour(client, closed, secretary):
    notice = hang(closed, secretary)
    url = f"{BOARD}{notice.pk}/"

    answers = [client.post(url, {"client_key": str(uuid.uuid4()), "words": "不对"}).status_code for _each in range(6)]

    assert answers == [302, 302, 302, 302, 302, 429]


def test_after_the_time_nobody_objects_and_an_open_objection_keeps_it_from_being_closed_out(closed, secretary):
    notice = hang(closed, secretary)
    objection = object_to(notice, CLOSED + timedelta(days=14))
    board.end_due(at=notice.ends_at)
    notice.refresh_from_db()
    assert notice.state == NoticeState.ENDED
    with pytest.raises(NotNow):
        object_to(notice, notice.ends_at + timedelta(hours=1))

    board.answer(
        objection, by=secretary, at=notice.ends_at + timedelta(days=1), upheld=False, words="复查过，已清干净。"
    )

    notice.refresh_from_db()
    assert notice.state == NoticeState.CLOSED_OUT
    assert said(closed)[-4:] == ["objected", "notice_ended", "answered", "closed_out"]


def test_an_objection_that_is_right_takes_it_down_and_sends_the_matter_back(closed, secretary, district):
    notice = hang(closed, secretary)
    objection = object_to(notice, CLOSED + timedelta(days=2))
    with pytest.raises(WordsMissing):
        board.answer(objection, by=secretary, at=CLOSED + timedelta(days=3), upheld=True, words=" ")

    board.answer(objection, by=secretary, at=CLOSED + timedelta(days=3), upheld=True, words="确实没清干净。")

    notice.refresh_from_db()
    closed.refresh_from_db()
    assert (notice.state, closed.status, closed.handler) == ("taken_down", "in_progress", district.worker)
    with pytest.raises(NotNow):
        board.answer(objection, by=secretary, at=CLOSED + timedelta(days=4), upheld=False, words="再说。")
    assert not PublicNotice.objects.on_the_board().exists()


def test_what_its_petitioner_reopens_hangs_no_longer_and_may_be_published_again(client, closed, secretary):
    notice = hang(closed, secretary)
    petitioner.reopen(closed, at=CLOSED + timedelta(days=1), words="又满了。")

    assert client.get(f"{BOARD}{notice.pk}/").status_code == 404
    with pytest.raises(NotNow):
        object_to(notice, CLOSED + timedelta(days=2))
    board.end_due(at=notice.ends_at)
    notice.refresh_from_db()
    assert notice.state == NoticeState.TAKEN_DOWN


def test_withheld_needs_a_reason_and_is_decided_once(closed, secretary, client):
    with pytest.raises(WordsMissing):
        board.withhold(closed, by=secretary, at=CLOSED, reason=" ")
    board.withhold(closed, by=secretary, at=CLOSED, reason="从地点能认出是谁。")

    assert list(board.waiting(secretary)) == []
    with pytest.raises(NotNow):
        hang(closed, secretary)
    assert not PublicNotice.objects.on_the_board().exists()


def test_staff_check_edit_and_publish_on_their_pages(client, closed, district):
    client.force_login(district.secretary)
    assert closed.number in client.get("/board/").content.decode()
    url = f"/board/{closed.number}/"
    assert "垃圾桶满了两天" in client.get(url).content.decode()

    refused = client.post(url, {"publish": "1", "matter": "找13800138000", "done": "已清运。"})
    assert (refused.status_code, "Take it out." in refused.content.decode()) == (422, True)
    assert "找13800138000" in refused.content.decode()
    assert client.post(url, {"publish": "1", **WORDS}).status_code == 302
    assert client.get(url).status_code == 404

    notice = PublicNotice.objects.get()
    assert (notice.matter, notice.decided_by) == (WORDS["matter"], district.secretary)
    objection = object_to(notice, timezone.now())
    page = client.get(f"/board/objections/{objection.pk}/")
    assert "没有清干净。" in page.content.decode()
    assert client.post(f"/board/objections/{objection.pk}/", {"upheld": "no", "words": "复查过。"}).status_code == 302
    objection.refresh_from_db()
    assert (objection.upheld, objection.answered_by) == (False, district.secretary)


def test_strangers_on_the_staff_find_nothing(client, closed, secretary, district):
    notice = hang(closed, secretary)
    objection = object_to(notice, CLOSED + timedelta(days=1))
    client.force_login(district.other_secretary)

    assert closed.number not in client.get("/board/").content.decode()
    assert client.get(f"/board/{closed.number}/").status_code == 404
    assert client.get(f"/board/objections/{objection.pk}/").status_code == 404
    client.force_login(district.worker)
    assert client.get("/board/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_takes_no_more_queries_for_more_matters(client, district, secretary, count):
    for _each in range(count):
        notice = hang(district.petition(status=Status.CLOSED), secretary)
    for url in (BOARD, f"{BOARD}{notice.pk}/"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        assert len(asked) <= 3, url


def test_the_petitioner_reads_the_five_matters_on_the_follow_page(closed, secretary):
    notice = hang(closed, secretary)
    board.end_due(at=notice.ends_at)
    closed = Petition.objects.select_related("area", "community", "street", "grid", "organisation", "master").get()

    told = story.tell(closed, to=Follower(petition_ids=(closed.pk,)))

    matters = [str(line.matter) for line in reversed(told.lines)]
    assert matters == [
        "Heard",
        "Discussed",
        "Done",
        "Done",
        "Done",
        "Done",
        "Judged",
        "Done",
        "Shown to all",
        "Shown to all",
    ]
