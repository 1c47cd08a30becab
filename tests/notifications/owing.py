"""Residents and group chats that are owed a notice, and what became of it."""

from datetime import timedelta

from notifications.models import Delivery, Webhook
from notifications.services import NewNotice
from people.services import create_person
from tests.notifications.mailing import AT
from tests.notifications.posting import SECRET

MINUTE = timedelta(minutes=1)
NUMBER = "PX2026060900017"


def resident(phone="13800138000", email="", **facts):
    return create_person(context="petitioner", name="常小红", phone=phone, email=email, at=AT, **facts)


def notice_to(person, **facts):
    return NewNotice(
        **{
            "person_id": person.pk,
            "kind": "resident_accepted",
            "dedupe_key": f"accepted.{person.pk}",
            "at": AT,
            "about": f"petition:{NUMBER}",
            "url_path": "/petitions/follow/",
            "params": {"number": NUMBER, "status": "accepted"},
            **facts,
        }
    )


def chat(url, *, secret=SECRET, **facts):
    webhook = Webhook(**{"name": "滨河路街道值班群", "scope": "1/35/", "created_at": AT, **facts})
    webhook.url, webhook.secret = url, secret
    webhook.save()
    return webhook


def notice_in(webhook, **facts):
    return NewNotice(
        **{
            "webhook_id": webhook.pk,
            "kind": "petition_submitted",
            "dedupe_key": f"submitted.{webhook.pk}",
            "at": AT,
            "url_path": f"/cases/{NUMBER}/",
            "params": {"number": NUMBER},
            **facts,
        }
    )


def channels():
    return list(Delivery.objects.order_by("notice__dedupe_key", "channel").values_list("channel", flat=True))


def only(**facts):
    delivery = Delivery.objects.get(**facts)
    return delivery.state, delivery.attempts, delivery.error_code
