"""Residents mark the paper 居民批卷子 (001-32): a matter, project or unit, marked at the door, on site and online."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.staff import Staff
from people.retention import Personal
from petitions.enums import Mark, ReviewMode, ReviewSubject


class ResidentReviewQuerySet(models.QuerySet["ResidentReview"]):
    """Reviews, by who works with them and by day."""

    def visible_to(self, staff: Staff) -> Self:
        """Reviews of the areas somebody has a post in, of what lies below, and of the areas above it."""
        scope = Q(pk__in=())
        above: set[int] = set()
        for held in staff.holdings:
            scope |= Q(area__path__startswith=held.path)
            above |= {int(part) for part in held.path.split("/") if part}
        return self.filter(scope | Q(area__in=above))

    def public(self, on: date) -> Self:
        """Return those that residents see on a civil date in Shanghai: from their first day on, also when closed."""
        return self.filter(opens_on__lte=on)


class ResidentReview(models.Model):
    """One thing that residents mark, between two days; how much each way of marking counts is part of it."""

    personal: ClassVar[Personal] = Personal.none()

    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    title = models.CharField(_("title"), max_length=80)
    subject = models.CharField(_("what is marked"), max_length=7, choices=ReviewSubject)
    petition = models.ForeignKey(
        "petitions.Petition", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("petition")
    )
    organisation = models.ForeignKey(
        "grids.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    project = models.CharField(_("project"), max_length=80, blank=True)
    period_from = models.DateField(_("period from"), null=True, blank=True)
    period_to = models.DateField(_("period to"), null=True, blank=True)
    opens_on = models.DateField(_("first day"))
    closes_on = models.DateField(_("last day"))
    weight_home = models.PositiveSmallIntegerField(_("weight of home visits"), validators=[MaxValueValidator(100)])
    weight_invited = models.PositiveSmallIntegerField(_("weight of marks on site"), validators=[MaxValueValidator(100)])
    weight_online = models.PositiveSmallIntegerField(_("weight of online votes"), validators=[MaxValueValidator(100)])
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))

    objects = ResidentReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("residents' review")
        verbose_name_plural = _("residents' reviews")
        constraints = (
            models.CheckConstraint(name="review_days_in_order", condition=Q(closes_on__gte=F("opens_on"))),
            models.CheckConstraint(
                name="review_weights_make_100",
                condition=Q(weight_home=100 - F("weight_invited") - F("weight_online")),
            ),
            models.CheckConstraint(
                name="review_of_one_subject",
                condition=Q(subject=ReviewSubject.MATTER, petition__isnull=False, organisation__isnull=True, project="")
                | (Q(subject=ReviewSubject.PROJECT, petition__isnull=True, organisation__isnull=True) & ~Q(project=""))
                | Q(
                    subject=ReviewSubject.UNIT, petition__isnull=True, organisation__isnull=False, project="",
                    period_from__isnull=False, period_to__gte=F("period_from"),
                ),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def weight_of(self, mode: ReviewMode) -> int:
        """Return how much of 100 a way of marking counts."""
        return {
            ReviewMode.HOME: self.weight_home,
            ReviewMode.INVITED: self.weight_invited,
            ReviewMode.ONLINE: self.weight_online,
        }[mode]


class ReviewCode(models.Model):
    """A code on paper for a resident without a mobile: its keyed digest; the code itself is shown once."""

    personal: ClassVar[Personal] = Personal.none()

    review = models.ForeignKey(
        ResidentReview, models.CASCADE, db_index=False, related_name="codes", verbose_name=_("review")
    )
    digest = models.BinaryField(_("code (keyed digest)"), max_length=32)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("code for a review")
        verbose_name_plural = _("codes for reviews")
        constraints = (models.UniqueConstraint(fields=("review", "digest"), name="review_code_once"),)

    def __str__(self) -> str:
        return f"review code {self.pk}"


class ReviewVote(models.Model):
    """One resident's mark. ``voter`` is a keyed digest of the telephone or the code, good for this review alone."""

    personal: ClassVar[Personal] = Personal(
        fields=("voter",),
        keep="1 years",
        after="created",
        purpose=_("counting each resident once in a review"),
        legal_ground=_("PIPL art. 13(3): statutory duty"),
    )

    review = models.ForeignKey(
        ResidentReview, models.PROTECT, db_index=False, related_name="votes", verbose_name=_("review")
    )
    mode = models.CharField(_("way of marking"), max_length=7, choices=ReviewMode)
    mark = models.PositiveSmallIntegerField(_("mark"), choices=Mark)
    voter = models.BinaryField(_("who marked (keyed digest)"), max_length=32, null=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("typed by")
    )

    class Meta:
        verbose_name = _("mark of a resident")
        verbose_name_plural = _("marks of residents")
        indexes = (models.Index(fields=("at",), name="review_vote_at"),)
        constraints = (
            models.UniqueConstraint(fields=("review", "voter"), name="review_vote_once"),
            models.CheckConstraint(
                name="review_online_iff_by_nobody",
                condition=Q(mode=ReviewMode.ONLINE, by__isnull=True)
                | (~Q(mode=ReviewMode.ONLINE) & Q(by__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return f"mark {self.pk}"
