"""What the level above is asked to rule on: to put a matter off, to end it without a solution, whose duty it is."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.enums import PostKind
from grids.posts import HEADS, SUPERIORS, Staff
from people.retention import Personal
from petitions.enums import Decision


class RulingKind(models.TextChoices):
    """What is asked."""

    DEFER = "defer", _("Put off until a day")
    TERMINATE = "terminate", _("End without a solution")
    CONFLICT = "conflict", _("Another unit is responsible: who must handle it?")


class RulingQuerySet(models.QuerySet["Ruling"]):
    """Rulings, by whether they wait and for whom."""

    def waiting(self) -> Self:
        """Return those nobody has decided on."""
        return self.filter(decision=Decision.WAITING)

    def waiting_for(self, staff: Staff) -> Self:
        """Return those this person's posts decide on: the post asked, or one over it; never who asked."""
        scope = Q(pk__in=())
        for held in staff.holdings:
            if held.organisation_id is not None:
                continue
            scope |= Q(to_post=held.kind, to_area=held.area_id)
            below = [kind for kind, above in SUPERIORS.items() if held.kind in above]
            if below:
                scope |= Q(to_post__in=below, to_area=held.area_id)
            if held.kind in HEADS.get(held.level, ()):
                scope |= Q(to_area__path__startswith=held.path, to_area__level__gt=held.level)
        return self.waiting().filter(scope).exclude(asked_by=staff.user.pk)


class Ruling(models.Model):
    """One question to the level above and its answer. The words of both lie in PetitionText."""

    personal: ClassVar[Personal] = Personal.none()

    petition = models.ForeignKey(
        "petitions.Petition", models.CASCADE, related_name="rulings", verbose_name=_("petition")
    )
    kind = models.CharField(_("what is asked"), max_length=10, choices=RulingKind)
    days = models.PositiveSmallIntegerField(_("put off for how many days"), null=True, blank=True)
    unit = models.ForeignKey(
        "grids.Organisation", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("unit held responsible"),
    )  # fmt: skip
    words_id = models.UUIDField(_("reason"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    to_area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area that decides"))
    to_post = models.CharField(_("post that decides"), max_length=24, choices=PostKind)
    decision = models.CharField(_("decision"), max_length=8, choices=Decision, default=Decision.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = RulingQuerySet.as_manager()

    class Meta:
        verbose_name = _("ruling of the level above")
        verbose_name_plural = _("rulings of the level above")
        indexes = (
            models.Index(fields=("to_area", "to_post"), name="ruling_waiting", condition=Q(decision=Decision.WAITING)),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("petition",), condition=Q(decision=Decision.WAITING), name="ruling_one_waiting"
            ),
            models.CheckConstraint(
                name="ruling_decided_iff_at",
                condition=Q(decision=Decision.WAITING, decided_at__isnull=True)
                | (~Q(decision=Decision.WAITING) & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="ruling_asks_for_something",
                condition=Q(kind=RulingKind.DEFER, days__isnull=False, unit__isnull=True)
                | Q(kind=RulingKind.TERMINATE, days__isnull=True, unit__isnull=True)
                | Q(kind=RulingKind.CONFLICT, days__isnull=True, unit__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
