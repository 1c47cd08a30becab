"""What neighbours are told: the changes of petitions in an order without gaps, and the callbacks that report them."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gateway.models.clients import Client
from notifications.enums import OPEN, State
from people.retention import Personal


class Change(models.Model):
    """That something happened to a petition: written by trigger with the event, numbered when it is committed.

    Numbers are given by one hand at a time to what is committed, so whoever has read up to one has missed nothing
    before it: an id is drawn before the commit, and a slower transaction would slip in behind a reader.
    """

    personal: ClassVar[Personal] = Personal.none()

    petition = models.ForeignKey(
        "petitions.Petition", models.PROTECT, db_index=False, related_name="+", verbose_name=_("petition")
    )
    event = models.ForeignKey(
        "petitions.PetitionEvent", models.PROTECT, db_index=False, related_name="+", verbose_name=_("event")
    )
    at = models.DateTimeField(_("at"))
    sequence = models.BigIntegerField(_("sequence"), null=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        constraints = (models.UniqueConstraint(fields=("sequence",), name="change_sequence_once"),)
        indexes = (models.Index("id", name="change_unnumbered", condition=Q(sequence=None)),)

    def __str__(self) -> str:
        return str(self.sequence)


class CallbackQuerySet(models.QuerySet["Callback"]):
    """Callbacks, by what is to be done with them."""

    def due(self, at: datetime) -> Self:
        """What is to be sent ``at`` an instant, in the order in which it happened."""
        return self.filter(state__in=OPEN, next_try_at__lte=at).order_by("change__sequence")

    def given_up(self) -> Self:
        """What nobody tries any more until somebody says so."""
        return self.filter(state=State.DEAD)


class Callback(models.Model):
    """One change reported to the system that filed the petition; at least once, under a stable id."""

    personal: ClassVar[Personal] = Personal.none()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="callbacks", verbose_name=_("neighbouring system"))
    change = models.OneToOneField(Change, models.CASCADE, related_name="callback", verbose_name=_("change"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    error_code = models.CharField(_("reason"), max_length=40, blank=True)

    objects = CallbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("callback")
        verbose_name_plural = _("callbacks")
        indexes = (
            models.Index(F("next_try_at"), name="callback_due", condition=Q(state__in=OPEN)),
            models.Index(F("client"), name="callback_dead", condition=Q(state=State.DEAD)),
        )

    def __str__(self) -> str:
        return str(self.pk)
