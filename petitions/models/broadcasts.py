"""Calls for help 一键响应 (004-27): to everybody on duty in a grid; the first to acknowledge takes it."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.staff import Staff
from people.retention import Personal
from petitions.call_enums import HELP_OPEN, HelpState
from petitions.models.petitions import Petition
from petitions.scopes import READS


class BroadcastQuerySet(models.QuerySet["Broadcast"]):
    """Calls for help, by who may read them."""

    def visible_to(self, staff: Staff) -> Self:
        """Return those this person called, those he was called by, and those of the areas his posts see."""
        scope = Q(by=staff.user.pk) | Q(told__contains=[staff.user.pk])
        for held in staff.holdings:
            if READS.get(held.kind) == "area":
                scope |= Q(area__path__startswith=held.path)
        barred = Q(petition__isnull=False) & ~Q(petition__in=Petition.objects.visible_to(staff))
        mine = Q(by=staff.user.pk) | Q(told__contains=[staff.user.pk])
        stays_out = Q(petition__recusals__user=staff.user.pk)
        return self.filter(scope & (mine | ~barred)).exclude(stays_out)

    def open(self) -> Self:
        """Return those that are neither ended nor called off."""
        return self.filter(state__in=HELP_OPEN)


class Broadcast(models.Model):
    """One call for help from a grid, with a matter or without: who was told, who took it first, how it ended."""

    personal: ClassVar[Personal] = Personal(
        fields=("words", "place_words", "end_words", "back_words"),
        keep="12 months",
        after="closed",
        purpose=_("calling help to the spot"),
        legal_ground=_("PIPL art. 13(3): statutory duty"),
    )

    client_key = models.UUIDField(_("client key"), unique=True, default=uuid.uuid4, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=HelpState, default=HelpState.CALLING)
    petition = models.ForeignKey(
        "petitions.Petition", models.PROTECT, null=True, blank=True, related_name="broadcasts",
        verbose_name=_("petition"),
    )  # fmt: skip
    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("grid"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("called by"))
    policy = models.ForeignKey(
        "deadlines.Policy", models.PROTECT, db_index=False, related_name="+", verbose_name=_("policy")
    )
    place_words = models.CharField(_("where, in words"), max_length=200)
    words = models.CharField(_("what is needed"), max_length=500, blank=True)
    called_at = models.DateTimeField(_("called at"))
    # everybody who was called, those added by the ladder included
    told = ArrayField(models.BigIntegerField(), verbose_name=_("told"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("taken by")
    )
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    # whoever took it last and could not come after all
    back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, db_index=False, related_name="+",
        verbose_name=_("given back by"),
    )  # fmt: skip
    back_at = models.DateTimeField(_("given back at"), null=True, blank=True)
    back_words = models.CharField(_("why it was given back"), max_length=500, blank=True)
    closed_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    end_words = models.CharField(_("how it ended"), max_length=500, blank=True)

    objects = BroadcastQuerySet.as_manager()

    class Meta:
        verbose_name = _("call for help")
        verbose_name_plural = _("calls for help")
        indexes = (
            models.Index(fields=("area", "-id"), name="broadcast_newest"),
            models.Index(fields=("called_at",), name="broadcast_open", condition=Q(state__in=HELP_OPEN)),
        )
        constraints = (
            models.CheckConstraint(
                name="broadcast_taken_by_and_at",
                condition=Q(taken_by__isnull=True, taken_at__isnull=True)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
            ),
            models.CheckConstraint(
                name="broadcast_back_by_and_at",
                condition=Q(back_by__isnull=True, back_at__isnull=True)
                | Q(back_by__isnull=False, back_at__isnull=False),
            ),
            models.CheckConstraint(
                name="broadcast_taken_has_somebody",
                condition=~Q(state=HelpState.TAKEN) | Q(taken_by__isnull=False),
            ),
            models.CheckConstraint(
                name="broadcast_calling_is_free",
                condition=~Q(state=HelpState.CALLING) | Q(taken_by__isnull=True),
            ),
            models.CheckConstraint(
                name="broadcast_over_iff_closed_at",
                condition=Q(state__in=HELP_OPEN, closed_at__isnull=True)
                | (~Q(state__in=HELP_OPEN) & Q(closed_at__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Return what people call it by."""
        return f"HZ-{self.pk}"
