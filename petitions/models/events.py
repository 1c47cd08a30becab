"""The append-only history, the words that may be erased, the photos."""

import uuid
from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from grids.staff import Staff
from people.fields import Sealed
from people.retention import Personal
from petitions.enums import EventCode, PhotoKind, Status, TextKind
from petitions.models.petitions import Petition
from petitions.viewers import ApiClient, Follower, ProvedPhone


class PetitionTextQuerySet(models.QuerySet["PetitionText"]):
    """Words, by who may read them."""

    def visible_to(self, viewer: Staff | Follower | ProvedPhone | ApiClient) -> Self:
        """Words of the petitions this viewer may see; who is not staff sees only those meant for the petitioner."""
        found = self.filter(petition__in=Petition.objects.visible_to(viewer))
        return found if isinstance(viewer, Staff) else found.filter(public=True)


class PetitionPhotoQuerySet(models.QuerySet["PetitionPhoto"]):
    """Photos, by who may look at them."""

    def visible_to(self, viewer: Staff | Follower | ProvedPhone) -> Self:
        """Photos of the petitions this viewer may see."""
        return self.filter(petition__in=Petition.objects.visible_to(viewer))


class PetitionText(models.Model):
    """Words about a petition: the original sealed, the masked words searchable. The eraser may blank it."""

    personal: ClassVar[Personal] = Personal(
        fields=("original_sealed", "masked", "bigrams"),
        keep="5 years",
        after="closed",
        purpose=_("handling the matter"),
        legal_ground=_("PIPL art. 13(3): statutory duty"),
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    petition = models.ForeignKey("petitions.Petition", models.CASCADE, related_name="texts", verbose_name=_("petition"))
    kind = models.CharField(_("kind"), max_length=8, choices=TextKind)
    original_sealed = models.BinaryField(_("original words, and the point set on a map (sealed)"))
    masked = models.TextField(_("words"))
    bigrams = ArrayField(models.TextField(), default=list, verbose_name=_("search index"))
    salt = models.BinaryField(_("salt of the digest"), max_length=16)
    public = models.BooleanField(_("shown to the petitioner"), default=True)
    created_at = models.DateTimeField(_("written at"))

    original = Sealed("original_sealed")
    objects = PetitionTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("petition text")
        verbose_name_plural = _("petition texts")
        indexes = (GinIndex(fields=("bigrams",), name="petition_text_bigrams"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class PetitionEvent(models.Model):
    """What happened, when, by whom: codes, ids, instants and a salted digest only. Never updated or deleted."""

    personal: ClassVar[Personal] = Personal.none()

    # petition_event_history begins with it
    petition = models.ForeignKey(
        "petitions.Petition", models.PROTECT, db_index=False, related_name="events", verbose_name=_("petition")
    )
    code = models.CharField(_("event"), max_length=20, choices=EventCode)
    at = models.DateTimeField(_("at"))
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    from_status = models.CharField(_("from"), max_length=12, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=12, choices=Status, blank=True)
    text_id = models.UUIDField(_("words"), null=True, blank=True)
    digest = models.BinaryField(_("salted digest of the words"), null=True, blank=True)
    refs = models.JSONField(_("codes and ids"), default=dict, blank=True)
    # of the sending it came from: sent again, the same key finds it and does nothing
    client_key = models.UUIDField(_("client key"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("petition event")
        verbose_name_plural = _("petition events")
        indexes = (models.Index(fields=("petition", "at", "id"), name="petition_event_history"),)
        constraints = (
            models.UniqueConstraint(
                fields=("petition", "client_key"),
                name="petition_event_sent_once",
                condition=models.Q(client_key__isnull=False),
            ),
        )
        triggers = (
            pgtrigger.Protect(name="petition_event_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.pk}"


class PetitionPhoto(models.Model):
    """A photo, re-encoded: turned, scaled, without EXIF or place. Served only to whoever may see the petition."""

    personal: ClassVar[Personal] = Personal(
        fields=("file",),
        keep="5 years",
        after="closed",
        ends="deleted",
        purpose=_("showing what the matter is and what was done"),
        legal_ground=_("PIPL art. 13(3): statutory duty"),
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    petition = models.ForeignKey(
        "petitions.Petition", models.CASCADE, related_name="photos", verbose_name=_("petition")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=PhotoKind)
    file = models.FileField(_("file"), upload_to="photos/%Y/%m/")
    width = models.PositiveSmallIntegerField(_("width"))
    height = models.PositiveSmallIntegerField(_("height"))
    sha256 = models.BinaryField(_("SHA-256"), max_length=32)
    added_at = models.DateTimeField(_("added at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )

    objects = PetitionPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("petition photo")
        verbose_name_plural = _("petition photos")

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
