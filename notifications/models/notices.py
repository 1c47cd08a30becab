"""The outbox. A notice is written in the transaction of the event it tells of; deliveries follow after commit."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _

from notifications.enums import OPEN, Channel, State
from people.enums import Language
from people.fields import Sealed
from people.models import User
from people.retention import Personal


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Which group chats hear of something."""

    def for_scopes(self, scopes: Iterable[str]) -> Self:
        """The chats in use whose key is one of these (an area's path and those of the areas above it, say)."""
        return self.filter(active=True, scope__in=set(scopes))


class Webhook(models.Model):
    """A group chat that messages are posted to. ``scope`` is a key of whoever addresses it, such as an area's path.

    Address and signing secret are locked away: whoever knows the address of a chat's robot can write there.
    They are no personal data, hence ``…_locked`` and not ``…_sealed``. Never deleted, only put out of use.
    """

    personal: ClassVar[Personal] = Personal.none()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=60)
    scope = models.CharField(
        _("scope"), max_length=120, blank=True, help_text=_("Which matters go there, such as the path of an area.")
    )
    language = models.CharField(_("language"), max_length=10, choices=Language, default=Language.CHINESE)
    active = models.BooleanField(_("in use"), default=True)
    url_locked = models.BinaryField(_("address (sealed)"))
    secret_locked = models.BinaryField(_("signing secret (sealed)"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))

    url = Sealed("url_locked")
    secret = Sealed("secret_locked")
    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("group chat")
        verbose_name_plural = _("group chats")
        indexes = (models.Index("scope", name="webhook_scope", condition=Q(active=True)),)

    def __str__(self) -> str:
        return self.name

    @property
    def host(self) -> str:
        """The server alone: the rest of the address is as good as a password."""
        return urlsplit(self.url).hostname or ""


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Whose notices, and which of them."""

    def for_inbox(self, user: User) -> Self:
        """The notices of one user, newest first, told apart by id where two came at one moment."""
        return self.filter(recipient=user).order_by("-created_at", "-id")

    def before(self, created_at: datetime, notice_id: uuid.UUID) -> Self:
        """What comes after this notice in the order of the inbox (keyset page)."""
        return self.filter(Q(created_at__lt=created_at) | Q(created_at=created_at, id__lt=notice_id))

    def in_digest(self, head: "Notice") -> Self:
        """What goes out in one e-mail with this notice, most pressing (longest due) first."""
        return self.filter(recipient=head.recipient_id, created_at=head.created_at, digest=head.digest).order_by(
            "params__due_at", "about", "id"
        )

    def unread(self) -> Self:
        """What nobody has opened yet."""
        return self.filter(read_at=None)

    def unread_count(self, user: User, *, most: int = 99) -> int:
        """How many notices the user has not opened, counted up to ``most`` + 1: a badge says "99+"."""
        return self.filter(recipient=user).unread()[: most + 1].count()


class Notice(models.Model):
    """One message owed to one recipient: the row is the outbox entry and the message in the app.

    ``params`` holds codes, numbers and instants only, never personal data: the words are rendered
    from ``templates/notices/<kind>.txt`` in the recipient's language.
    """

    personal: ClassVar[Personal] = Personal.none()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="notices",
        verbose_name=_("recipient"),
    )
    person = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("person")
    )
    webhook = models.ForeignKey(
        Webhook,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="notices",
        verbose_name=_("group chat"),
    )
    kind = models.CharField(_("kind"), max_length=60)
    params = models.JSONField(_("codes and numbers"), default=dict, blank=True)
    about = models.CharField(_("about"), max_length=64, blank=True)
    url_path = models.CharField(_("page"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"))
    not_before = models.DateTimeField(_("not sent before"), null=True, blank=True)
    urgent = models.BooleanField(_("urgent"), default=False)
    # Notices of one recipient with the same mark leave the house as one e-mail; they share created_at.
    digest = models.UUIDField(_("digest"), null=True, blank=True, editable=False)
    # Of a matter that must not be read over a shoulder: a person hears of it on our pages and nowhere else.
    silent = models.BooleanField(_("silent"), default=False)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    dedupe_key = models.CharField(_("once per"), max_length=160)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = (
            # Read backwards by the inbox, page by page.
            models.Index("recipient", "created_at", "id", name="notice_inbox", condition=Q(recipient__isnull=False)),
            # The badge on every staff page.
            models.Index("recipient", name="notice_unread", condition=Q(read_at=None, recipient__isnull=False)),
            models.Index("about", name="notice_about", condition=~Q(about="")),
        )
        constraints = (
            # A constraint and not unique=True, which would make a second index for LIKE.
            models.UniqueConstraint(fields=("dedupe_key",), name="notice_once"),
            models.CheckConstraint(
                name="notice_has_one_recipient",
                condition=Q(recipient__isnull=False, person__isnull=True, webhook__isnull=True)
                | Q(recipient__isnull=True, person__isnull=False, webhook__isnull=True)
                | Q(recipient__isnull=True, person__isnull=True, webhook__isnull=False),
            ),
            models.CheckConstraint(
                name="notice_page_is_ours",
                condition=Q(url_path="") | (Q(url_path__startswith="/") & ~Q(url_path__startswith="//")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Digest(models.Model):
    """A recipient's notices that wait, until their round has ended, to leave as one e-mail. Gone when it is queued."""

    personal: ClassVar[Personal] = Personal.none()

    digest = models.UUIDField(_("digest"), editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="+", verbose_name=_("recipient")
    )
    created_at = models.DateTimeField(_("of the notices made at"))
    opened_at = models.DateTimeField(_("opened at"), db_index=True)

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        constraints = (models.UniqueConstraint(fields=("digest", "recipient"), name="digest_once_per_recipient"),)

    def __str__(self) -> str:
        return f"{self.digest} {self.recipient_id}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Which deliveries, and what is needed to make them."""

    def due(self, at: datetime) -> Self:
        """Open deliveries whose moment has come, oldest first. A claimed one is due again when its lease ends."""
        return self.filter(state__in=OPEN, next_try_at__lte=at).order_by("next_try_at", "id")

    def on(self, channel: Channel) -> Self:
        """Deliveries of one channel."""
        return self.filter(channel=channel)

    def given_up(self) -> Self:
        """Deliveries that nobody tries any more until somebody says so."""
        return self.filter(state=State.DEAD)

    def by_reason(self) -> list[dict[str, Any]]:
        """How many there are by channel and error code, the oldest moment of each; most first. One query."""
        groups = self.order_by().values("channel", "error_code")
        counted = groups.annotate(count=Count("pk"), since=Min("notice__created_at"))
        return [dict(group) for group in counted.order_by("-count", "channel", "error_code")]

    def with_recipient(self) -> Self:
        """Everything a channel needs to send one, in one query."""
        return self.select_related("notice__recipient", "notice__person", "notice__webhook")


class Delivery(models.Model):
    """One way of sending one notice. While it is open, ``next_try_at`` says when; a claim moves it on by a lease."""

    personal: ClassVar[Personal] = Personal.none()

    notice = models.ForeignKey(
        Notice, models.CASCADE, db_index=False, related_name="deliveries", verbose_name=_("notice")
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error_code = models.CharField(_("error"), max_length=40, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = (
            # Read by every run, a channel at a time: holds what is still to be sent and nothing else.
            models.Index("channel", "next_try_at", "id", name="delivery_due", condition=Q(state__in=OPEN)),
            models.Index("id", name="delivery_dead", condition=Q(state=State.DEAD)),
        )
        constraints = (
            models.UniqueConstraint(fields=("notice", "channel"), name="delivery_once_per_channel"),
            models.CheckConstraint(
                name="delivery_open_iff_next_try",
                condition=Q(state__in=OPEN, next_try_at__isnull=False)
                | (~Q(state__in=OPEN) & Q(next_try_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="delivery_sent_iff_sent_at",
                condition=Q(state=State.SENT, sent_at__isnull=False) | (~Q(state=State.SENT) & Q(sent_at__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"

    @property
    def key(self) -> str:
        """The same at every attempt, and of no other delivery."""
        return f"{self.notice_id}.{self.channel}"

    @property
    def message_id(self) -> str:
        """The Message-ID of every attempt: a mailbox that got two copies can tell."""
        return f"<{self.key}@linli>"


class Undelivered(Delivery):
    """The deliveries given up, as a register of their own."""

    class Meta:
        proxy = True
        verbose_name = _("undelivered message")
        verbose_name_plural = _("Not delivered")
