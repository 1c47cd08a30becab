"""An appeal of the petitioner against a decline: once, decided one level above who declined."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.enums import PostKind
from grids.posts import HEADS, Staff
from people.retention import Personal


class AppealQuerySet(models.QuerySet["Appeal"]):
    """Appeals, by whether they wait and for whom."""

    def waiting_for(self, staff: Staff) -> Self:
        """Return those this person decides on: by the post named, or as head of an area above; never who declined."""
        scope = Q(pk__in=())
        for held in staff.holdings:
            scope |= Q(to_post=held.kind, to_area=held.area_id)
            if held.kind in HEADS.get(held.level, ()):
                scope |= Q(to_area__path__startswith=held.path)
        return self.filter(scope, decided_at=None).exclude(declined_by=staff.user.pk)


class Appeal(models.Model):
    """What the petitioner says against "not accepted". The words, and those of the decision, lie in PetitionText."""

    personal: ClassVar[Personal] = Personal.none()

    petition = models.OneToOneField(
        "petitions.Petition", models.PROTECT, related_name="appeal", verbose_name=_("petition")
    )
    words_id = models.UUIDField(_("words"))
    asked_at = models.DateTimeField(_("asked at"))
    declined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who declined")
    )
    to_area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area that decides"))
    to_post = models.CharField(_("post that decides"), max_length=24, choices=PostKind)
    agreed = models.BooleanField(_("agreed"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = (
            models.CheckConstraint(
                name="appeal_decided_whole",
                condition=Q(agreed__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(agreed__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="appeal_not_decided_by_who_declined",
                condition=Q(declined_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(decided_by=models.F("declined_by")),
            ),
        )

    def __str__(self) -> str:
        return f"appeal {self.pk}"
