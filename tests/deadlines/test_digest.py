"""One e-mail per recipient and sweep, the most pressing matter first; in the app every case has its own notice."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from deadlines import sweep as sweeping
from deadlines.sweep import sweep
from notifications.enums import State
from notifications.models import Delivery, Digest, Notice
from notifications.services import deliver_due, owe
from petitions.models import Petition
from tests.factories import SHANGHAI
from tests.notifications.mailing import notice_for

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


TEN_THIRTY = at("2026-06-09 10:30")


def file_three(district):
    """Three matters in the secretary's community, one in another; all due for triage by half past ten."""
    late, later, latest = (district.petition(at(f"2026-06-09 {time}")) for time in ("09:40", "09:50", "10:00"))
    elsewhere = district.petition(at("2026-06-09 09:45"), place=district.other_community)
    return late, later, latest, elsewhere


def escalations_are_mailed(when):
    """Send what waits, but for what the filing itself owed."""
    Notice.objects.exclude(kind="escalation").delete()
    return deliver_due(at=when)


def numbers_in(message):
    return [line.split(",")[0].removeprefix("- ") for line in message.body.splitlines() if line.startswith("- PX")]


def test_a_recipient_gets_one_mail_per_sweep_most_pressing_first_and_nothing_of_other_areas(district, mailoutbox):
    """Case 26: one message a recipient, in order, nothing of other areas."""
    district.secretary.language = district.other_secretary.language = "en"
    district.secretary.save()
    district.other_secretary.save()
    late, later, latest, elsewhere = file_three(district)

    swept = sweep(at=TEN_THIRTY)
    escalations_are_mailed(TEN_THIRTY)

    assert swept.notices == 4
    mails = {message.to[0]: message for message in mailoutbox}
    assert len(mailoutbox) == 2
    digest = mails[district.secretary.email]
    assert digest.subject == "3 matters need you"
    assert numbers_in(digest) == [late.number, later.number, latest.number]
    # one matter alone is told in its own words
    assert mails[district.other_secretary.email].subject.startswith(f"Overdue: {elsewhere.number}")


def test_in_the_app_every_case_has_its_own_notice(district):
    late, later, latest, _elsewhere = file_three(district)

    sweep(at=TEN_THIRTY)

    inbox = Notice.objects.for_inbox(district.secretary).filter(kind="escalation")
    assert {notice.url_path for notice in inbox} == {f"/cases/{one.number}/" for one in (late, later, latest)}


def test_the_next_sweep_has_a_mail_of_its_own(district, mailoutbox):
    district.petition(at("2026-06-09 10:00"))
    district.petition(at("2026-06-09 10:05"))

    sweep(at=at("2026-06-09 10:31"))
    sweep(at=at("2026-06-09 10:36"))
    sweep(at=at("2026-06-09 10:37"))
    escalations_are_mailed(at("2026-06-09 10:38"))

    assert [message.to for message in mailoutbox] == [[district.secretary.email]] * 2


def test_batches_of_one_sweep_make_one_mail(district, mailoutbox):
    for _ in range(5):
        district.petition()

    sweep(at=TEN_THIRTY, batch=2)
    escalations_are_mailed(TEN_THIRTY)

    assert len(mailoutbox) == 1
    assert len(numbers_in(mailoutbox[0])) == 5


def test_many_matters_are_counted_and_the_first_fifty_named(district, mailoutbox):
    district.secretary.language = "en"
    district.secretary.save()
    for _ in range(52):
        district.petition()

    sweep(at=TEN_THIRTY)
    escalations_are_mailed(TEN_THIRTY)

    assert mailoutbox[0].subject == "52 matters need you"
    assert len(numbers_in(mailoutbox[0])) == 50
    assert "and 2 more" in mailoutbox[0].body


def test_urgent_matters_go_out_at_once_each_by_itself(district, mailoutbox):
    file_three(district)
    Petition.objects.update(urgency="urgent")

    sweep(at=TEN_THIRTY)

    assert not Digest.objects.exists()
    assert Delivery.objects.filter(notice__kind="escalation", next_try_at=TEN_THIRTY).count() == 4


def test_natural_clocks_go_out_at_once(district):
    district.petition(status="accepted", policy="rapid_1365", category="0702")
    Notice.objects.all().delete()

    sweep(at=at("2026-06-09 10:10"))

    escalation = Notice.objects.filter(kind="escalation").first()
    assert (escalation.urgent, escalation.digest) == (True, None)
    assert escalation.deliveries.get().next_try_at == at("2026-06-09 10:10")


def test_a_digest_waits_for_the_office_as_one(district, mailoutbox):
    district.petition(at("2026-06-09 19:45"))
    district.petition(at("2026-06-09 19:50"))

    sweep(at=at("2026-06-10 08:55"))

    delivery = Delivery.objects.get(notice__kind="escalation")
    assert delivery.next_try_at == at("2026-06-10 09:00")


def test_a_second_attempt_is_the_same_mail(district, mailoutbox):
    file_three(district)
    sweep(at=TEN_THIRTY)
    escalations_are_mailed(TEN_THIRTY)

    # given the worker was killed after sending: its lease ends and the mail goes again
    Delivery.objects.update(state=State.QUEUED, sent_at=None, next_try_at=TEN_THIRTY)
    escalations_are_mailed(TEN_THIRTY + timedelta(minutes=1))

    first = {(message.to[0], message.extra_headers["Message-ID"], message.body) for message in mailoutbox[:2]}
    again = {(message.to[0], message.extra_headers["Message-ID"], message.body) for message in mailoutbox[2:]}
    assert first == again
    assert len(mailoutbox) == 4


def test_a_sweep_killed_before_its_end_still_sends_one_mail(district, mailoutbox, monkeypatch):
    # given a sweep that died after its batches and before its digests were closed
    file_three(district)
    monkeypatch.setattr(sweeping, "close_digest", lambda _digest: 0)
    sweep(at=TEN_THIRTY)
    assert Digest.objects.count() == 2

    # when delivery goes on, then the digest is left alone while the sweep may still be at it
    escalations_are_mailed(TEN_THIRTY)
    assert mailoutbox == []

    # and taken up when nobody can be any more
    Digest.objects.update(opened_at=timezone.now() - timedelta(minutes=13))
    escalations_are_mailed(TEN_THIRTY)
    escalations_are_mailed(TEN_THIRTY)
    assert len(mailoutbox) == 2
    assert not Digest.objects.exists()


def test_who_has_no_address_or_no_account_any_more_gets_no_mail(district):
    file_three(district)
    type(district.secretary).objects.filter(pk=district.secretary.pk).update(email="")

    sweep(at=TEN_THIRTY)

    assert [delivery.notice.recipient for delivery in Delivery.objects.filter(notice__kind="escalation")] == [
        district.other_secretary
    ]


def test_an_urgent_notice_may_not_wait_for_a_digest(district):
    with pytest.raises(ValueError, match="cannot wait for a digest"):
        owe([notice_for(district.secretary, urgent=True, digest="0198c0de-0000-7000-8000-000000000001")])
