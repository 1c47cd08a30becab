"""Case 19: a real worker dies when its event is committed and its mail not taken yet; the mail comes all the same."""

import asyncio
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Delivery, Notice
from petitions.models import Petition, PetitionClockRung, PetitionEscalation, PetitionEvent
from tests.processes import Mailbox, smtp_server, wait_for, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


class SlowMailbox(Mailbox):
    """While it is shut it answers nobody who hands it a message; ``offered`` are the Message-IDs it was handed."""

    def __init__(self):
        super().__init__()
        self.offered, self.shut = [], True

    async def handle_DATA(self, server, session, envelope):
        text = envelope.content.decode("utf-8", "replace")
        number = next(line for line in text.splitlines() if line.lower().startswith("message-id:"))
        self.offered.append(number.partition(":")[2].strip())
        if self.shut:
            await asyncio.sleep(3600)  # cancelled when whoever waits is gone
        return await super().handle_DATA(server, session, envelope)


def test_a_worker_that_dies_between_event_and_mail_sends_it_once_all_the_same(district, tmp_path):
    # given one rung has come, urgent, so that its mail does not wait for the offices to open
    district.petition(timezone.now() - timedelta(days=30))
    Petition.objects.update(urgency="urgent")
    PetitionClockRung.objects.exclude(rung__at="overdue").delete()
    Notice.objects.all().delete()

    with smtp_server(SlowMailbox()) as (box, url), worker(tmp_path / "worker.log", EMAIL_URL=url) as celery:
        # when the worker is killed with the event committed and the mail in its hand
        celery.start()
        of_rung = Delivery.objects.filter(notice__kind="escalation")
        wait_for(lambda: {one.message_id for one in of_rung.all()} & set(box.offered), message=celery.log)
        celery.kill()
        [mail] = of_rung.all()
        assert (PetitionEscalation.objects.count(), mail.state, box.received) == (1, "queued", [])

        # then, when what it had claimed is free again, the next worker sends that very mail
        box.shut = False
        Delivery.objects.filter(state="queued").update(next_try_at=timezone.now())
        celery.start()
        wait_for(lambda: of_rung.filter(state="sent").exists(), message=celery.log)
        swept = celery.log.read_text().count("deadlines.sweep")
        wait_for(lambda: celery.log.read_text().count("deadlines.sweep") > swept + 4)

    assert [one for one in box.received if one[0] == mail.message_id] == [(mail.message_id, district.secretary.email)]
    assert box.offered.count(mail.message_id) == 2
    assert PetitionEvent.objects.filter(code="escalated").count() == 1
    assert [Notice.objects.filter(kind="escalation").count(), of_rung.count()] == [1, 1]
