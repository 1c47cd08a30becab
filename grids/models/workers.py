"""The register of community workers: general service, post and grade, training and commendation. No pay."""

from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.enums import KEEPS_POSTS, CareerPost, Level, TrainingKind
from grids.models.areas import Area
from grids.staff import Staff
from people.models import User
from people.retention import Personal

GRADES = (1, 18)


class EmployedQuerySet(models.QuerySet["models.Model"]):
    """Personnel rows by viewer: the person himself and who leads above him, not his peers."""

    def visible_to(self, staff: Staff) -> Self:
        """The person's own; for who keeps posts, those employed at or under his areas."""
        if staff.is_administrator:
            return self
        scope = Q(user=staff.user)
        for path in staff.reach(*KEEPS_POSTS):
            scope |= Q(area__path__startswith=path)
        return self.filter(scope)


class CommunityWorker(models.Model):
    """Somebody employed as a community worker; being a grid worker is one of his roles (003b-09).

    Personnel data: never on a public page, and in no history table.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("career_post", "grade", "grade_since", "is_general_service"),
        keep="3 years",
        after="account closed",
        ends="deleted",
        subjects="staff",
        purpose=_("Staffing of communities: who is qualified for general service, in which post and grade."),
        legal_ground=_("PIPL art. 13(1)2: human resources management under lawfully made labour rules."),
    )

    user = models.OneToOneField(User, models.PROTECT, verbose_name=_("person"), related_name="community_worker")
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("community"), related_name="community_workers")
    is_general_service = models.BooleanField(
        _("general service"), default=False, help_text=_("Handles all matters of the window, not one line alone.")
    )
    general_since = models.DateField(_("general service since"), null=True, blank=True)
    career_post = models.CharField(_("post"), max_length=8, choices=CareerPost, default=CareerPost.WORKER)
    grade = models.PositiveSmallIntegerField(
        _("grade"),
        null=True,
        blank=True,
        validators=[MinValueValidator(GRADES[0]), MaxValueValidator(GRADES[1])],
        help_text=_("1 to 18; empty while not in the scale."),
    )
    grade_since = models.DateField(_("grade since"), null=True, blank=True)
    since = models.DateField(_("employed since"), null=True, blank=True)
    until = models.DateField(_("employed until (last day)"), null=True, blank=True)

    objects = EmployedQuerySet.as_manager()

    class Meta:
        verbose_name = _("community worker")
        verbose_name_plural = _("community workers")
        constraints = [
            models.CheckConstraint(
                name="communityworker_grade_known",
                condition=Q(grade__isnull=True) | Q(grade__range=GRADES),
                violation_error_message=_("A grade is a number from 1 to 18."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} #{self.pk}"

    def clean(self) -> None:
        """Employed by a community."""
        if self.area_id and self.area.level != Level.COMMUNITY:
            raise ValidationError({"area": _("A community worker is employed in a community.")})
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": _("The last day lies before the first.")})


class Training(models.Model):
    """One entry in a person's record: a course, an assessment passed, a commendation (building heads too)."""

    personal: ClassVar[Personal] = Personal(
        fields=("subject", "result"),
        keep="5 years",
        after="taken_on",
        ends="deleted",
        subjects="staff",
        purpose=_("Showing that the people of the grids are trained for what they do."),
        legal_ground=_("PIPL art. 13(1)2: human resources management under lawfully made labour rules."),
    )

    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("person"), related_name="trainings")
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("area"), related_name="trainings")
    kind = models.CharField(_("kind"), max_length=12, choices=TrainingKind, default=TrainingKind.TRAINING)
    taken_on = models.DateField(_("day"))
    subject = models.CharField(_("subject"), max_length=100)
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1, null=True, blank=True)
    result = models.CharField(_("result"), max_length=60, blank=True)

    objects = EmployedQuerySet.as_manager()

    class Meta:
        verbose_name = _("training and commendation")
        verbose_name_plural = _("training and commendations")
        constraints = [
            models.CheckConstraint(
                name="training_hours_positive",
                condition=Q(hours__isnull=True) | Q(hours__gt=0),
                violation_error_message=_("Hours are more than none."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.taken_on:%Y-%m-%d} #{self.pk}"
