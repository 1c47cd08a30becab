"""The outbox, and files that wait to be fetched."""

from notifications.models.downloads import Download, DownloadQuerySet
from notifications.models.notices import (
    Delivery,
    DeliveryQuerySet,
    Digest,
    Notice,
    NoticeQuerySet,
    Undelivered,
    Webhook,
    WebhookQuerySet,
)  # fmt: skip

__all__ = [
    "Delivery", "DeliveryQuerySet", "Digest", "Download", "DownloadQuerySet", "Notice", "NoticeQuerySet",
    "Undelivered", "Webhook", "WebhookQuerySet",
]  # fmt: skip
