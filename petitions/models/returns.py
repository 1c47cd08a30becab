"""Given back, and stepped back from: who may not have a matter, and who asked to be rid of it."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.enums import PostKind
from grids.posts import HEADS, SUPERIORS, Staff
from people.retention import Personal
from petitions.enums import RecusalKind, ReturnReason


class ReturnRequestQuerySet(models.QuerySet["ReturnRequest"]):
    """Returns, by whether they wait and for whom."""

    def waiting(self) -> Self:
        """Return those nobody has decided on."""
        return self.filter(decided_at=None)

    def waiting_for(self, staff: Staff) -> Self:
        """Return those this person's posts decide on: the post asked, or one that stands over it."""
        scope = Q(pk__in=())
        for held in staff.holdings:
            scope |= Q(to_post=held.kind, to_area=held.area_id)
            below = [kind for kind, above in SUPERIORS.items() if held.kind in above]
            if held.organisation_id is None and below:
                scope |= Q(to_post__in=below, to_area=held.area_id)
            if held.kind in HEADS.get(held.level, ()):
                scope |= Q(to_area__path__startswith=held.path, to_area__level__gt=held.level)
        return self.waiting().filter(scope)


class ReturnRequest(models.Model):
    """Who was sent a matter gives it back inside the policy's window; the sender, or their common superior, decides.

    The clocks of the matter know nothing of it. ``decided_at`` without ``agreed``: it lapsed, the matter went on.
    """

    personal: ClassVar[Personal] = Personal.none()

    petition = models.ForeignKey(
        "petitions.Petition", models.CASCADE, related_name="returns", verbose_name=_("petition")
    )
    number = models.PositiveSmallIntegerField(_("which return of this matter"))
    organisation = models.ForeignKey(
        "grids.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("returning unit")
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    reason_code = models.CharField(_("reason"), max_length=12, choices=ReturnReason)
    words_id = models.UUIDField(_("reason in words"))
    to_area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area that decides"))
    to_post = models.CharField(_("post that decides"), max_length=24, choices=PostKind)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    agreed = models.BooleanField(_("agreed"), null=True, blank=True)

    objects = ReturnRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("return request")
        verbose_name_plural = _("return requests")
        indexes = (
            models.Index(fields=("to_area", "to_post"), name="return_waiting", condition=Q(decided_at__isnull=True)),
        )
        constraints = (
            models.UniqueConstraint(fields=("petition", "number"), name="return_number_once"),
            models.UniqueConstraint(
                fields=("petition",), condition=Q(decided_at__isnull=True), name="return_one_waiting"
            ),
            models.CheckConstraint(
                name="return_decided_by_and_at",
                condition=Q(agreed__isnull=True, decided_by__isnull=True)
                | Q(agreed__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"return {self.pk}"


class Recusal(models.Model):
    """Somebody who neither sees nor handles one matter: he has an interest in it, or it is about him."""

    personal: ClassVar[Personal] = Personal.none()

    petition = models.ForeignKey(
        "petitions.Petition", models.CASCADE, db_index=False, related_name="recusals", verbose_name=_("petition")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="recusals", verbose_name=_("who stays out")
    )
    kind = models.CharField(_("why"), max_length=16, choices=RecusalKind)
    words_id = models.UUIDField(_("reason"), null=True, blank=True)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("declared by")
    )
    declared_at = models.DateTimeField(_("declared at"))

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = (models.UniqueConstraint(fields=("petition", "user"), name="recusal_once"),)

    def __str__(self) -> str:
        return f"recusal {self.pk}"
