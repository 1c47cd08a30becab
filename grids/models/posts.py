"""Posts, who holds them from when to when, who is away, and the list of last resort."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from grids.enums import DEPARTMENT_POSTS, KEEPS_POSTS, POST_LEVELS, AbsenceReason, Level, PostKind
from grids.models.areas import Area
from grids.models.endings import APPOINTMENT_ENDS, POST_ENDS
from grids.models.organisations import Organisation
from grids.staff import Staff
from people.enums import AuditKind
from people.models import User
from people.retention import Personal
from people.traces import traced


class Days(Func):
    """The civil days from one date to another, both included; an empty end is for ever."""

    function = "daterange"
    output_field = DateRangeField()


BOTH_INCLUDED = RangeBoundary(inclusive_lower=True, inclusive_upper=True)


class PostQuerySet(models.QuerySet["Post"]):
    """Posts by date and viewer."""

    def at(self, on: date) -> Self:
        """Posts that exist on the civil date ``on`` (both ends included)."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gte=on)
        )

    def visible_to(self, staff: Staff) -> Self:
        """Posts at or under the person's own areas."""
        if staff.is_administrator:
            return self
        scope = Q(pk__in=())
        for path in staff.paths:
            scope |= Q(area__path__startswith=path)
        return self.filter(scope)


@pghistory.track(attrs={"personal": Personal.none()})
class Post(models.Model):
    """A place in the organisation, filled or vacant: the grid worker of a grid, the head of a department."""

    personal: ClassVar[Personal] = Personal.none()

    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("area"), related_name="posts")
    kind = models.CharField(_("kind"), max_length=24, choices=PostKind)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="posts", null=True, blank=True
    )
    title = models.CharField(
        _("title of the post"), max_length=60, blank=True, help_text=_("If it differs from the kind.")
    )
    seats = models.PositiveSmallIntegerField(_("seats"), default=1)
    office_phone = models.CharField(
        _("office telephone"),
        max_length=32,
        blank=True,
        help_text=_("The office's, never a private one: it is public."),
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "kind", "organisation"],
                name="post_once_per_area",
                nulls_distinct=False,
                violation_error_message=_("This area has this post already; add seats to it."),
            ),
            models.CheckConstraint(name="post_kind_known", condition=Q(kind__in=[kind.value for kind in PostKind])),
            models.CheckConstraint(
                name="post_has_a_seat",
                condition=Q(seats__gte=1),
                violation_error_message=_("A post has at least one seat."),
            ),
            models.CheckConstraint(
                name="post_of_department_has_organisation",
                condition=~Q(kind__in=sorted(DEPARTMENT_POSTS)) | Q(organisation__isnull=False),
                violation_error_message=_("A department's post needs its organisation."),
            ),
            models.CheckConstraint(
                name="post_valid_from_before_to",
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_from__lte=F("valid_to")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]
        triggers = POST_ENDS

    def __str__(self) -> str:
        return f"{self.label} #{self.pk}"

    @property
    def label(self) -> str:
        """The title to show: the post's own, or that of its kind."""
        return self.title or self.get_kind_display()

    def clean(self) -> None:
        """A post stands at a level where its duties are looked for."""
        if self.area_id and self.kind and Level(self.area.level) not in POST_LEVELS[PostKind(self.kind)]:
            raise ValidationError({"kind": _("This post does not belong to an area of this level.")})


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments by date and viewer."""

    def at(self, on: date) -> Self:
        """Appointments that run on the civil date ``on``, to posts that exist then."""
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            Q(post__valid_from__isnull=True) | Q(post__valid_from__lte=on),
            Q(post__valid_to__isnull=True) | Q(post__valid_to__gte=on),
            starts_on__lte=on,
        )

    def first_full_day(self, post: Post, starts_on: date, ends_on: date | None) -> date | None:
        """The first day of the span (both ends included) on which these appointments fill every seat of the post."""
        terms = self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on), post=post)
        if ends_on is not None:
            terms = terms.filter(starts_on__lte=ends_on)
        spans = list(terms.values_list("starts_on", "ends_on"))
        # The number of holders only rises on somebody's first day, so those are the days to count on.
        for day in sorted({starts_on, *(start for start, _end in spans if start > starts_on)}):
            if sum(start <= day and (end is None or end >= day) for start, end in spans) >= post.seats:
                return day
        return None

    def visible_to(self, staff: Staff) -> Self:
        """Appointments to posts at or under the person's own areas, and the person's own."""
        if staff.is_administrator:
            return self
        scope = Q(user=staff.user)
        for path in staff.paths:
            scope |= Q(post__area__path__startswith=path)
        return self.filter(scope)


@pghistory.track(attrs={"personal": Personal.none()})
class Appointment(models.Model):
    """A person holds a post from one day to another, both included. Who holds a post is public by law."""

    personal: ClassVar[Personal] = Personal.none()

    post = models.ForeignKey(Post, models.PROTECT, verbose_name=_("post"), related_name="appointments")
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("person"), related_name="appointments")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.CheckConstraint(
                name="appointment_starts_before_end",
                condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
            ExclusionConstraint(
                name="appointment_not_twice_at_once",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    (Days("starts_on", "ends_on", BOTH_INCLUDED), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person holds this post already in these days."),
            ),
        ]
        triggers = (
            *APPOINTMENT_ENDS,
            *traced(AuditKind.POST, about="grids.appointment", columns=("post_id", "user_id", "starts_on", "ends_on")),
        )

    def __str__(self) -> str:
        return f"{self.post_id}/{self.user_id} {self.starts_on:%Y-%m-%d} #{self.pk}"

    def clean(self) -> None:
        """A post is not held by more people at once than it has seats."""
        if self.post_id and self.starts_on:  # type: ignore[truthy-bool]  # a form may leave it empty
            others = Appointment.objects.exclude(pk=self.pk) if self.pk else Appointment.objects.all()
            full = others.first_full_day(self.post, self.starts_on, self.ends_on)
            if full is not None:
                message = _("All seats of this post are taken on %(day)s.") % {"day": full.isoformat()}
                raise ValidationError(message, code="seats_taken")


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences by date and viewer."""

    def at(self, on: date) -> Self:
        """Absences that cover the civil date ``on``."""
        return self.filter(starts_on__lte=on, ends_on__gte=on)

    def visible_to(self, staff: Staff) -> Self:
        """Absences from the posts the person keeps, the person's own, and those he stands in for."""
        if staff.is_administrator:
            return self
        scope = Q(appointment__user=staff.user) | Q(deputy=staff.user)
        for path in staff.reach(*KEEPS_POSTS):
            scope |= Q(appointment__post__area__path__startswith=path)
        return self.filter(scope)


ABSENCE_PERSONAL = Personal(
    fields=("reason_code",),
    keep="3 years",
    after="ends_on",
    subjects="staff",
    purpose=_("So that every post has somebody who answers, and what was told to whom can be explained afterwards."),
    legal_ground=_("PIPL art. 13 (1) 2: staff management under lawfully made labour rules."),
)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["reason_code"],  # why somebody is away is his own affair: the history keeps that he was (architecture 3.7)
    attrs={"personal": Personal.none()},
)
class Absence(models.Model):
    """The holder of a post is away from one day to another, both included, and perhaps somebody stands in."""

    personal: ClassVar[Personal] = ABSENCE_PERSONAL

    appointment = models.ForeignKey(Appointment, models.CASCADE, verbose_name=_("appointment"), related_name="absences")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    deputy = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("deputy"), related_name="deputised", null=True, blank=True
    )
    reason_code = models.CharField(_("reason"), max_length=16, choices=AbsenceReason, default=AbsenceReason.LEAVE)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        triggers = traced(
            AuditKind.POST, about="grids.absence", columns=("appointment_id", "deputy_id", "starts_on", "ends_on")
        )
        constraints = [
            models.CheckConstraint(
                name="absence_starts_before_end",
                condition=Q(starts_on__lte=F("ends_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="absence_reason_known", condition=Q(reason_code__in=[reason.value for reason in AbsenceReason])
            ),
            ExclusionConstraint(
                name="absence_not_twice_at_once",
                expressions=[
                    ("appointment", RangeOperators.EQUAL),
                    (Days("starts_on", "ends_on", BOTH_INCLUDED), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("These absences overlap."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment_id} {self.starts_on:%Y-%m-%d}/{self.ends_on:%Y-%m-%d} #{self.pk}"

    def clean(self) -> None:
        """Nobody stands in for himself."""
        if self.deputy_id and self.appointment_id and self.deputy_id == self.appointment.user_id:
            raise ValidationError({"deputy": _("Nobody stands in for himself.")})


class DutyMemberQuerySet(models.QuerySet["DutyMember"]):
    """The duty list by date and viewer."""

    def at(self, on: date) -> Self:
        """Members on the civil date ``on`` whose account is active, in the order of the list."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on),
            Q(valid_to__isnull=True) | Q(valid_to__gte=on),
            user__is_active=True,
        ).order_by("position", "pk")

    def visible_to(self, staff: Staff) -> Self:
        """The list is seen by administrators and the district command, and by whoever is on it."""
        if staff.is_administrator or staff.holds(PostKind.DISTRICT_COMMAND):
            return self
        return self.filter(user=staff.user)


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), attrs={"personal": Personal.none()}
)
class DutyMember(models.Model):
    """Somebody on the platform's duty list: who is told when a whole line of posts is empty. Never nobody."""

    personal: ClassVar[Personal] = Personal.none()

    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("person"), related_name="duty_memberships")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)

    objects = DutyMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty list member")
        verbose_name_plural = _("duty list")
        triggers = traced(AuditKind.POST, about="grids.dutymember", columns=("user_id", "valid_from", "valid_to"))
        constraints = [
            models.CheckConstraint(
                name="dutymember_valid_from_before_to",
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_from__lte=F("valid_to")),
                violation_error_message=_("The last day lies before the first."),
            ),
            ExclusionConstraint(
                name="dutymember_not_twice_at_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (Days("valid_from", "valid_to", BOTH_INCLUDED), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person is on the list already in these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.user_id} #{self.pk}"
