"""One SMS through the gateway, at once: for what cannot wait in the outbox, and must not lie there."""

from datetime import datetime

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from notifications import http
from notifications.errors import Refused
from people.contacts import is_mobile


def is_set_up() -> bool:
    """Whether there is a gateway."""
    return bool(settings.SMS_URL)


@sensitive_variables("phone", "text")
def send(*, phone: str, text: str, key: str, at: datetime) -> None:
    """Send ``text`` to a mobile; ``key`` is the same at every attempt, so that the gateway can drop a second copy.

    :raises Refused: if there is no gateway, or the number is no mobile
    :raises NotSent: or what stands below it, as ``notifications.http.post`` says
    """
    if not settings.SMS_URL:
        raise Refused("not_configured")
    if not is_mobile(phone):
        raise Refused("landline")
    http.post(
        settings.SMS_URL, {"id": key, "to": phone, "text": text}, secret=settings.SMS_SECRET, delivery_key=key, at=at
    )
