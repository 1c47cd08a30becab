"""What is asked for on the way: more time, a supplement, an answer to a supervision order."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deadlines.enums import LimitUnit
from people.retention import Personal
from petitions.enums import Decision


class ExtensionRequest(models.Model):
    """The holder asks for more time before expiry; the post the policy names decides; the resident is told why."""

    personal: ClassVar[Personal] = Personal.none()

    petition = models.ForeignKey(
        "petitions.Petition", models.CASCADE, related_name="extensions", verbose_name=_("petition")
    )
    clock = models.ForeignKey("petitions.PetitionClock", models.PROTECT, related_name="+", verbose_name=_("clock"))
    value = models.PositiveSmallIntegerField(_("by how much"))
    unit = models.CharField(_("unit"), max_length=8, choices=LimitUnit)
    reason_id = models.UUIDField(_("reason"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    decision = models.CharField(_("decision"), max_length=8, choices=Decision, default=Decision.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("extension request")
        verbose_name_plural = _("extension requests")
        constraints = (
            models.UniqueConstraint(
                fields=("petition",), condition=Q(decision=Decision.WAITING), name="extension_one_waiting"
            ),
            models.CheckConstraint(
                name="extension_decided_iff_at",
                condition=Q(decision=Decision.WAITING, decided_at__isnull=True)
                | (~Q(decision=Decision.WAITING) & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(name="extension_lengthens", condition=Q(value__gt=0)),
        )

    def __str__(self) -> str:
        return f"extension {self.pk}"


class SupplementRequest(models.Model):
    """The petitioner is asked once, for everything that is missing; the clocks stand until the answer or the cap."""

    personal: ClassVar[Personal] = Personal.none()

    petition = models.OneToOneField(
        "petitions.Petition", models.CASCADE, related_name="supplement", verbose_name=_("petition")
    )
    words_id = models.UUIDField(_("what is missing"))
    # materials of the service item by their names then, and the places in it of those that came
    missing = ArrayField(models.CharField(max_length=300), default=list, verbose_name=_("missing materials"))
    brought = ArrayField(models.PositiveSmallIntegerField(), default=list, verbose_name=_("materials that came"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    answered = models.BooleanField(_("answered"), default=False)

    class Meta:
        verbose_name = _("supplement request")
        verbose_name_plural = _("supplement requests")

    def __str__(self) -> str:
        return f"supplement {self.pk}"

    @property
    def materials(self) -> tuple[tuple[str, bool], ...]:
        """What was asked for by name, and whether it came."""
        return tuple((name, place in self.brought) for place, name in enumerate(self.missing))


class SupervisionOrder(models.Model):
    """A post one level up orders a late or ill-handled matter to be seen to, by a date of its own."""

    personal: ClassVar[Personal] = Personal.none()

    petition = models.ForeignKey(
        "petitions.Petition", models.CASCADE, related_name="orders", verbose_name=_("petition")
    )
    words_id = models.UUIDField(_("order"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued at"))
    due_at = models.DateTimeField(_("due at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answer_id = models.UUIDField(_("answer"), null=True, blank=True)

    class Meta:
        verbose_name = _("supervision order")
        verbose_name_plural = _("supervision orders")
        indexes = (models.Index(fields=("due_at",), name="supervision_open", condition=Q(answered_at__isnull=True)),)

    def __str__(self) -> str:
        return f"order {self.pk}"
