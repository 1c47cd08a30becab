"""What petitioners say of a matter that is done, what is owed to who is not content, and word given on the way."""

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.staff import Staff
from people.retention import Personal
from petitions.enums import FeedbackKind, RatingSource, Satisfaction
from petitions.models.petitions import Petition
from petitions.viewers import Follower


class RatingQuerySet(models.QuerySet["Rating"]):
    """Ratings, by who may see them."""

    def visible_to(self, viewer: Staff | Follower) -> Self:
        """Ratings of the petitions this viewer may see."""
        return self.filter(petition__in=Petition.objects.visible_to(viewer))

    def bad(self) -> Self:
        """Return those that say it is not solved, or that somebody is not content."""
        return self.filter(Q(solved=False) | Q(satisfaction=Satisfaction.DISSATISFIED))


class Rating(models.Model):
    """One rating of one round of a matter: solved? and satisfied? apart. Written once, never changed.

    ``generation``: 0 for the first time it was done, one more for each time it went back to work. The words lie in
    ``PetitionText``.
    """

    personal: ClassVar[Personal] = Personal.none()

    petition = models.ForeignKey(
        "petitions.Petition", models.PROTECT, db_index=False, related_name="ratings", verbose_name=_("petition")
    )
    generation = models.PositiveSmallIntegerField(_("round"))
    solved = models.BooleanField(_("solved"), null=True)
    satisfaction = models.CharField(_("satisfaction"), max_length=20, choices=Satisfaction, null=True)  # noqa: DJ001 - null is "not said", which no rate counts
    source = models.CharField(_("source"), max_length=8, choices=RatingSource)
    words_id = models.UUIDField(_("words"), null=True, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        indexes = (models.Index(fields=("at",), name="rating_at"),)
        constraints = (
            models.UniqueConstraint(fields=("petition", "generation", "source"), name="rating_once"),
            models.CheckConstraint(
                name="rating_says_something", condition=Q(solved__isnull=False) | Q(satisfaction__isnull=False)
            ),
            models.CheckConstraint(
                name="rating_by_staff_iff_not_page",
                condition=Q(source=RatingSource.PAGE, by__isnull=True)
                | (~Q(source=RatingSource.PAGE) & Q(by__isnull=False)),
            ),
        )
        triggers = (pgtrigger.Protect(name="rating_append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"rating {self.pk}"

    @property
    def is_bad(self) -> bool:
        """Tell whether somebody must get in touch: not solved, or dissatisfied."""
        return self.solved is False or self.satisfaction == Satisfaction.DISSATISFIED


class BadRating(models.Model):
    """Who is not content is spoken to within one working day (Anyang art. 52); the clock is the petition's."""

    personal: ClassVar[Personal] = Personal.none()

    rating = models.OneToOneField(Rating, models.PROTECT, related_name="task", verbose_name=_("rating"))
    petition = models.ForeignKey(
        "petitions.Petition", models.PROTECT, related_name="bad_ratings", verbose_name=_("petition")
    )
    due_at = models.DateTimeField(_("due at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )

    class Meta:
        verbose_name = _("bad rating")
        verbose_name_plural = _("bad ratings")
        indexes = (models.Index(fields=("due_at",), name="badrating_open", condition=Q(answered_at__isnull=True)),)
        constraints = (
            models.CheckConstraint(
                name="badrating_answered_by_somebody",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"bad rating {self.pk}"


class Feedback(models.Model):
    """Word given to the petitioner on the way; the words lie in ``PetitionText`` and stand on the follow page."""

    personal: ClassVar[Personal] = Personal.none()

    petition = models.ForeignKey(
        "petitions.Petition", models.PROTECT, db_index=False, related_name="feedback", verbose_name=_("petition")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=FeedbackKind)
    words_id = models.UUIDField(_("words"))
    # how many petitioners it reached: one, or everybody whose matter was joined
    reached = models.PositiveSmallIntegerField(_("petitioners reached"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        indexes = (models.Index(fields=("petition", "at"), name="feedback_history"),)

    def __str__(self) -> str:
        return f"feedback {self.pk}"
