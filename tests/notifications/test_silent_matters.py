"""A matter that must not be read over a shoulder: nothing is pushed to who raised it, before triage and after."""

import uuid
from datetime import timedelta

import pytest

from deadlines.models import Policy
from notifications.models import Delivery, Notice
from notifications.services import deliver_due
from petitions import services, transitions
from petitions.enums import Status
from petitions.models import Category
from tests.factories import TUESDAY

pytestmark = pytest.mark.django_db
HIDDEN = "我丈夫昨天晚上又打我，我很害怕。"
CONTACT = services.Contact(name="常小红", phone="13800138000", email="hong@example.org")


def file(district, text, **facts):
    return services.file(
        text=text, at=TUESDAY, client_key=uuid.uuid4(), place=district.unit, contact=CONTACT, **facts
    ).petition


def to_petitioner():
    return list(
        Delivery.objects.filter(notice__person__isnull=False)
        .order_by("pk")
        .values_list("notice__kind", "channel", "state")
    )


def test_an_ordinary_matter_is_answered_by_sms_and_mail(district, gateway):
    file(district, "3号楼前的垃圾桶满了两天。")

    assert sorted(to_petitioner()) == [
        ("resident_submitted", "email", "queued"),
        ("resident_submitted", "sms", "queued"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        HIDDEN,
        "隔壁有家暴，孩子一直哭。",
        f"楼道里着火了。{HIDDEN}",  # another emergency ranks first, the silent one counts all the same
    ],
)
def test_before_triage_words_that_name_a_silent_category_push_nothing(district, gateway, mail, text):
    petition = file(district, text)

    assert petition.category is None
    assert to_petitioner() == []
    deliver_due(at=TUESDAY + timedelta(hours=1))
    assert gateway.posted == []
    assert "hong@example.org" not in mail.taken_for
    notice = Notice.objects.get(person=petition.petitioner)
    assert (notice.kind, notice.silent) == ("resident_submitted", True)


def test_words_in_the_title_alone_count_too(district, gateway):
    file(district, "请尽快联系我。", title="家暴")

    assert to_petitioner() == []


def test_staff_are_told_of_a_silent_matter(district, gateway):
    file(district, HIDDEN)

    assert Delivery.objects.filter(notice__recipient__isnull=False, channel="email").exists()


def accept(district, petition, category):
    return transitions.accept(
        petition,
        by=district.as_staff(district.secretary),
        at=TUESDAY + timedelta(minutes=5),
        category=Category.objects.get(code=category),
        policy=Policy.objects.in_force(TUESDAY.date()).get(key="immediate_tier"),
        tier="immediate",
        urgency="normal",
    )


def test_triage_that_finds_a_matter_silent_pushes_nothing_and_takes_back_what_waits(district, gateway, mail):
    petition = file(district, "晚上总是很害怕，想找人谈谈。")
    assert len(to_petitioner()) == 2

    accept(district, petition, "0903")

    deliver_due(at=TUESDAY + timedelta(hours=1))
    assert gateway.posted == []
    assert "hong@example.org" not in mail.taken_for
    assert set(to_petitioner()) == {
        ("resident_submitted", "email", "skipped"),
        ("resident_submitted", "sms", "skipped"),
    }
    assert Notice.objects.filter(person=petition.petitioner, silent=True).count() == 2


def test_triage_that_finds_a_matter_ordinary_opens_the_channels(district, gateway):
    petition = file(district, "家暴两个字是墙上写的，请擦掉。")
    assert to_petitioner() == []

    accept(district, petition, "0102")

    assert {kind for kind, _channel, _state in to_petitioner()} == {"resident_accepted"}


def test_nothing_is_pushed_on_the_whole_way_of_a_silent_matter(district, gateway, mail):
    petition = district.petition(text=HIDDEN, status=Status.CLOSED, category="0903")

    deliver_due(at=TUESDAY + timedelta(days=1))

    assert petition.status == "closed"
    assert to_petitioner() == []
    assert gateway.posted == []
    assert Notice.objects.filter(person=petition.petitioner).count() >= 4
