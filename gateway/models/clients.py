"""A neighbour's system and its keys. A key is shown once and kept as a digest."""

import uuid
from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gateway.enums import ACTS_AS, CHANNELS, Scope
from grids.enums import DEPARTMENT_POSTS, PostKind
from people.enums import AuditKind
from people.fields import Sealed
from people.retention import Personal
from people.traces import traced


class ClientQuerySet(models.QuerySet["Client"]):
    """Neighbours' systems, by whether they may come in."""

    def open(self, on: date) -> Self:
        """Those in use on the civil date ``on``."""
        return self.filter(active=True, valid_to__gte=on)


class Client(models.Model):
    """A neighbour's system: what it may do, where, by which channel it files, as which post it acts, until when.

    ``account`` is who stands in the history for it: an account that nobody can sign in with. Never deleted.
    """

    personal: ClassVar[Personal] = Personal.none()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=60, unique=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("account")
    )
    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    channel = models.CharField(
        _("channel"), max_length=10, choices=[(channel.value, channel.label) for channel in CHANNELS]
    )
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope), default=list, verbose_name=_("what it may do"))
    post_kind = models.CharField(
        _("acts as"), max_length=24, choices=[(kind.value, kind.label) for kind in ACTS_AS], blank=True
    )
    organisation = models.ForeignKey(
        "grids.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handling unit")
    )
    per_minute = models.PositiveIntegerField(_("requests a minute"), default=120)
    valid_to = models.DateField(_("valid to (last day)"))
    active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(_("created at"), editable=False)
    # where status is reported to, and what signs it: as of group chats, locked away though not personal
    callback_locked = models.BinaryField(_("callback address (sealed)"), null=True, blank=True)
    secret_locked = models.BinaryField(_("signing secret (sealed)"), null=True, blank=True)

    callback = Sealed("callback_locked")
    secret = Sealed("secret_locked")
    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("neighbouring system")
        verbose_name_plural = _("neighbouring systems")
        constraints = (
            models.CheckConstraint(
                name="client_acts_as_a_post", condition=~Q(scopes__contains=[Scope.ACT]) | ~Q(post_kind="")
            ),
            models.CheckConstraint(
                name="client_of_a_unit_names_it",
                condition=~Q(post_kind=PostKind.DEPARTMENT_HANDLER) | Q(organisation__isnull=False),
            ),
            models.CheckConstraint(name="client_asks_at_all", condition=Q(per_minute__gt=0)),
        )
        triggers = traced(
            AuditKind.ACCOUNT,
            about="gateway.client",
            columns=(
                "area_id", "channel", "scopes", "post_kind", "organisation_id", "per_minute", "valid_to", "active",
            ),
            unseen=("callback_locked", "secret_locked"),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a right that hangs in the air.

        :raises ValidationError: if it may act and no post is named, or a unit's post without the unit
        """
        if {Scope.ACT, Scope.CONTACT} & set(self.scopes) and not self.post_kind:
            raise ValidationError({"post_kind": _("Say which post it acts as.")})
        if self.post_kind in DEPARTMENT_POSTS and self.organisation_id is None:
            raise ValidationError({"organisation": _("Say which unit's post it is.")})


class Key(models.Model):
    """One key of a client: a name that may be seen, and the digest of a secret that was shown once."""

    personal: ClassVar[Personal] = Personal.none()

    client = models.ForeignKey(Client, models.PROTECT, related_name="keys", verbose_name=_("neighbouring system"))
    prefix = models.CharField(_("name of the key"), max_length=12, unique=True, editable=False)
    digest = models.BinaryField(_("digest"), max_length=32, editable=False)
    created_at = models.DateTimeField(_("created at"), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("made by")
    )
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)
    used_on = models.DateField(_("last used on"), null=True, editable=False)

    class Meta:
        verbose_name = _("key of a neighbouring system")
        verbose_name_plural = _("keys of neighbouring systems")
        triggers = traced(
            AuditKind.ACCOUNT, about="gateway.key", columns=("client_id", "prefix", "expires_at", "revoked_at")
        )

    def __str__(self) -> str:
        return self.prefix
