"""A grid's team beside its posts: members from other bodies, who serves where on which weekday, what is public."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.enums import HeldBy, Level, Weekday, WeekdayPlace
from grids.models.areas import Area
from grids.models.organisations import Organisation
from grids.models.posts import Appointment
from grids.models.staffing import DATES_IN_ORDER, GridRole, OfAreaQuerySet
from grids.staff import Staff
from people.models import User
from people.retention import Personal


class GridMemberQuerySet(models.QuerySet["GridMember"]):
    """Members of teams by date and viewer."""

    def at(self, on: date) -> Self:
        """Members on the civil date ``on`` (both ends included); an account that was closed is none."""
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            Q(user__isnull=True) | Q(user__is_active=True),
            starts_on__lte=on,
        )

    def seconded(self) -> Self:
        """Persons whom a body sent down to a grid (人员下沉)."""
        return self.filter(organisation__isnull=False, role__held_by=HeldBy.PERSON)

    def visible_to(self, staff: Staff) -> Self:
        """Members at or under the person's own areas, those of his own bodies, and himself."""
        if staff.is_administrator:
            return self
        bodies = [held.organisation_id for held in staff.holdings if held.organisation_id]
        scope = Q(user=staff.user) | Q(organisation__in=bodies)
        for path in staff.paths:
            scope |= Q(area__path__startswith=path)
        return self.filter(scope)


MEMBER_PERSONAL = Personal(
    fields=("name", "pledge"),
    keep="3 years",
    after="ends_on",
    subjects="staff",
    purpose=_("So that residents know who serves in their grid, in what role, and what he promises."),
    legal_ground=_(
        "PIPL art. 13(1)3: statutory duty; grid management rules have the team posted where residents gather."
    ),
)


@pghistory.track(exclude=["name", "pledge"], attrs={"personal": Personal.none()})
class GridMember(models.Model):
    """Somebody, or a body, in the team of a grid, from one day to another; ``organisation`` says who sent him.

    A person has an account or, without one, a name; a role held by an organisation has the organisation alone.
    """

    personal: ClassVar[Personal] = MEMBER_PERSONAL

    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("area"), related_name="members")
    role = models.ForeignKey(GridRole, models.PROTECT, verbose_name=_("role"), related_name="members")
    user = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("account"), related_name="grid_roles", null=True, blank=True
    )
    name = models.CharField(
        _("name, if without an account"), max_length=60, blank=True, help_text=_("It is posted publicly.")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name=_("sent by"),
        related_name="sent_down",
        null=True,
        blank=True,
        help_text=_("The body that sends the person down, or that fills the role itself."),
    )
    office_phone = models.CharField(
        _("office telephone"),
        max_length=32,
        blank=True,
        help_text=_("The office's, never a private one: it is public."),
    )
    pledge = models.CharField(_("pledge"), max_length=200, blank=True, help_text=_("It is posted publicly."))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    objects = GridMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a grid's team")
        verbose_name_plural = _("members of grid teams")
        constraints = [
            models.CheckConstraint(
                name="gridmember_starts_before_end",
                condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="gridmember_is_somebody",
                condition=Q(user__isnull=False) | ~Q(name="") | Q(organisation__isnull=False),
                violation_error_message=_("Name the person or the organisation."),
            ),
            models.CheckConstraint(
                name="gridmember_account_or_name",
                condition=Q(user__isnull=True) | Q(name=""),
                violation_error_message=_("Give the account or the name, not both."),
            ),
        ]
        indexes = [models.Index("area", "role", name="gridmember_of_area")]

    def __str__(self) -> str:
        return f"{self.area_id}/{self.role_id} {self.starts_on:%Y-%m-%d} #{self.pk}"

    def clean(self) -> None:
        """The role decides who may fill it, and at what level of the tree."""
        if not self.role_id or not self.area_id:
            return
        if self.role.post_kind:
            raise ValidationError({"role": _("This role is a post of the platform: fill it by an appointment.")})
        if self.area.level != self.role.level:
            raise ValidationError({"area": _("This role stands at another level: %s.") % Level(self.role.level).label})
        if self.role.held_by == HeldBy.ORGANISATION and (self.user_id or self.name or not self.organisation_id):
            raise ValidationError({"organisation": _("This role is filled by an organisation alone.")})
        if self.role.held_by == HeldBy.PERSON and not (self.user_id or self.name):
            raise ValidationError({"name": _("Name the person: an account, or a name.")})


class WeekdayDutyQuerySet(OfAreaQuerySet["WeekdayDuty"]):
    """Window and visit days, by date and viewer."""


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), attrs={"personal": Personal.none()}
)
class WeekdayDuty(models.Model):
    """Who serves at a community's window on a weekday, and who goes to which grid (窗口受理、其余下沉)."""

    personal: ClassVar[Personal] = Personal.none()

    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("community"), related_name="weekday_duties")
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("person"), related_name="weekday_duties")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    place = models.CharField(_("where"), max_length=8, choices=WeekdayPlace)
    grid = models.ForeignKey(
        Area, models.PROTECT, verbose_name=_("grid"), related_name="visit_days", null=True, blank=True
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)

    objects = WeekdayDutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("window and visit day")
        verbose_name_plural = _("window and visit days")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "weekday", "area", "place", "grid"],
                name="weekdayduty_once",
                nulls_distinct=False,
                violation_error_message=_("This stands in the schedule already."),
            ),
            models.CheckConstraint(name="weekdayduty_weekday_known", condition=Q(weekday__range=(0, 6))),
            models.CheckConstraint(
                name="weekdayduty_grid_iff_visit",
                condition=Q(place=WeekdayPlace.GRID, grid__isnull=False)
                | Q(place=WeekdayPlace.WINDOW, grid__isnull=True),
                violation_error_message=_("Name the grid for a visit, and none for the window."),
            ),
            models.CheckConstraint(
                name="weekdayduty_valid_from_before_to",
                condition=DATES_IN_ORDER,
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.weekday} {self.place} #{self.pk}"

    def clean(self) -> None:
        """A schedule belongs to a community; a visit goes to one of its grids."""
        if self.area_id and self.area.level != Level.COMMUNITY:
            raise ValidationError({"area": _("A schedule belongs to a community.")})
        if self.area_id and self.grid is not None and not self.grid.path.startswith(self.area.path):
            raise ValidationError({"grid": _("This grid lies in another community.")})


class PublicContactQuerySet(OfAreaQuerySet["PublicContact"]):
    """Public contacts, by viewer."""


@pghistory.track(attrs={"personal": Personal.none()})
class PublicContact(models.Model):
    """The telephone numbers and the address that residents read; an area without its own has the nearest above."""

    personal: ClassVar[Personal] = Personal.none()

    area = models.OneToOneField(Area, models.PROTECT, verbose_name=_("area"), related_name="public_contact")
    office_phone = models.CharField(_("office telephone"), max_length=32, blank=True)
    supervision_phone = models.CharField(
        _("supervision telephone"), max_length=32, blank=True, help_text=_("Where residents complain about the team.")
    )
    address = models.CharField(_("address"), max_length=100, blank=True)

    objects = PublicContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("public contact")
        verbose_name_plural = _("public contacts")

    def __str__(self) -> str:
        return f"{self.area_id} #{self.pk}"


class StaffCardQuerySet(models.QuerySet["StaffCard"]):
    """Cards by viewer."""

    def visible_to(self, staff: Staff) -> Self:
        """The person's own, and those of whoever holds or held a post in his areas."""
        if staff.is_administrator:
            return self
        under = Q(pk__in=())
        for path in staff.paths:
            under |= Q(post__area__path__startswith=path)
        return self.filter(Q(user=staff.user) | Q(user__in=Appointment.objects.filter(under).order_by().values("user")))


class StaffCard(models.Model):
    """What a holder of a post promises publicly (亮身份、亮承诺), in his own words."""

    personal: ClassVar[Personal] = Personal(
        fields=("pledge",),
        keep="1 years",
        after="account closed",
        subjects="staff",
        purpose=_("So that residents know what the people of their grid promise."),
        legal_ground=_("PIPL art. 13(1)1: the person's own consent, given by writing it for publication."),
    )

    user = models.OneToOneField(User, models.CASCADE, verbose_name=_("person"), related_name="card")
    pledge = models.CharField(_("pledge"), max_length=200, blank=True, help_text=_("It is posted publicly."))
    changed_on = models.DateField(_("changed on"))

    objects = StaffCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("public pledge")
        verbose_name_plural = _("public pledges")

    def __str__(self) -> str:
        return f"{self.user_id} #{self.pk}"
