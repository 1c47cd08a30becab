"""The public board: what was closed, in words that name nobody, for fifteen days at least; and what is objected to."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.staff import Staff
from people.retention import Personal
from petitions.enums import NoticeState, Status
from petitions.models.petitions import Petition


class PublicNoticeQuerySet(models.QuerySet["PublicNotice"]):
    """Notices, by who may see them."""

    def on_the_board(self) -> Self:
        """Return what hangs out now: published or over its time, of matters that are still closed in that round."""
        hanging = self.filter(state__in=(NoticeState.PUBLISHED, NoticeState.ENDED))
        return hanging.filter(petition__status=Status.CLOSED, petition__round=F("round"), petition__anonymised_at=None)

    def visible_to(self, viewer: Staff) -> Self:
        """Return those of the petitions this member of staff may see."""
        return self.filter(petition__in=Petition.objects.visible_to(viewer))


class PublicNotice(models.Model):
    """What was decided about showing one round of a closed matter, and where its notice stands.

    The words were scrubbed by machine, read and edited by a person, and scrubbed again: they name nobody.
    """

    personal: ClassVar[Personal] = Personal.none()

    petition = models.ForeignKey(
        "petitions.Petition", models.PROTECT, related_name="public_notices", verbose_name=_("petition")
    )
    round = models.PositiveSmallIntegerField(_("round"))
    state = models.CharField(_("state"), max_length=10, choices=NoticeState)
    matter = models.TextField(_("what it was about"), max_length=500, blank=True)
    done = models.TextField(_("what was done"), max_length=500, blank=True)
    reason = models.TextField(_("reason for withholding"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"))
    ends_at = models.DateTimeField(_("not to end before"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = PublicNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("public notice")
        verbose_name_plural = _("public notices")
        indexes = (
            models.Index(
                fields=("published_at", "id"),
                name="publicnotice_hanging",
                condition=Q(state__in=("published", "ended")),
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("petition", "round"), name="publicnotice_once_a_round"),
            models.CheckConstraint(
                name="publicnotice_withheld_has_reason",
                condition=(Q(state=NoticeState.WITHHELD, published_at__isnull=True) & ~Q(reason=""))
                | (~Q(state=NoticeState.WITHHELD) & Q(published_at__isnull=False, ends_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="publicnotice_ends_not_early",
                condition=Q(state__in=(NoticeState.PUBLISHED, NoticeState.WITHHELD, NoticeState.TAKEN_DOWN))
                | Q(ended_at__gte=F("ends_at")),
            ),
        )

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Objection(models.Model):
    """What somebody has against a matter that is called done. The words, and those of the answer, in PetitionText."""

    personal: ClassVar[Personal] = Personal.none()

    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="objections", verbose_name=_("notice"))
    client_key = models.UUIDField(_("client key"), unique=True, editable=False)
    words_id = models.UUIDField(_("words"))
    at = models.DateTimeField(_("at"))
    upheld = models.BooleanField(_("upheld"), null=True)
    answer_id = models.UUIDField(_("answer"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints = (
            models.CheckConstraint(
                name="objection_answered_whole",
                condition=Q(upheld__isnull=True, answered_at__isnull=True, answered_by__isnull=True)
                | Q(upheld__isnull=False, answered_at__isnull=False, answered_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"objection {self.pk}"
