"""How many of which role a grid shall have: roles and rules as data, chosen per area, the nearest choice wins."""

from datetime import date
from typing import ClassVar, Self, TypeVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from grids.enums import DivisionType, HeldBy, Level, PostKind
from grids.models.areas import Area
from grids.staff import Staff
from people.retention import Personal

KINDS_OF_GRID = [
    (kind.value, kind.label) for kind in (DivisionType.GENERAL_GRID, DivisionType.DEDICATED_GRID, DivisionType.LANE)
]
DATES_IN_ORDER = Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_from__lte=F("valid_to"))


def valid_on(on: date) -> Q:
    """Rows that hold on the civil date ``on``, both ends included; an empty end is open."""
    return Q(Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def by_language(zh: str, en: str) -> str:
    """The name in the page's language; Chinese where there is no English one."""
    return en if en and (get_language() or "").startswith("en") else zh


@pghistory.track(attrs={"personal": Personal.none()})
class GridRole(models.Model):
    """A role in a grid's team, by its local title: with a post of the platform behind it, or without any right.

    ``level`` says where its holders stand: a building head at a building, a lead at the grid. A role without
    ``post_kind`` is filled by members of the team (``GridMember``); one held by an organisation counts bodies.
    """

    personal: ClassVar[Personal] = Personal.none()

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=40)
    name_en = models.CharField(_("name (English)"), max_length=60, blank=True)
    post_kind = models.CharField(
        _("post of the platform"),
        max_length=24,
        choices=PostKind,
        blank=True,
        help_text=_("Empty: a role without rights on the platform."),
    )
    level = models.SmallIntegerField(_("stands at"), choices=Level, default=Level.GRID)
    held_by = models.CharField(_("held by"), max_length=12, choices=HeldBy, default=HeldBy.PERSON)
    community_workers_only = models.BooleanField(
        _("community workers only"),
        default=False,
        help_text=_("Only somebody in the register of community workers fills it."),
    )
    term_years = models.PositiveSmallIntegerField(
        _("term in years"), null=True, blank=True, help_text=_("Empty: no fixed term.")
    )
    duties_zh = models.TextField(_("duties (Chinese)"), blank=True)
    duties_en = models.TextField(_("duties (English)"), blank=True)
    is_public = models.BooleanField(_("stands on the notice board"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("role in the grid")
        verbose_name_plural = _("roles in the grid")
        constraints = [
            models.CheckConstraint(name="gridrole_named", condition=~Q(name_zh="") & ~Q(key="")),
            models.CheckConstraint(name="gridrole_level_known", condition=Q(level__range=(4, 8))),
            models.CheckConstraint(
                name="gridrole_post_is_held_by_person",
                condition=Q(post_kind="") | Q(held_by=HeldBy.PERSON),
                violation_error_message=_("A post of the platform is held by a person."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the page's language."""
        return by_language(self.name_zh, self.name_en)

    @property
    def duties(self) -> str:
        """The duties in the page's language."""
        return by_language(self.duties_zh, self.duties_en)


Row = TypeVar("Row", bound=models.Model)


class OfAreaQuerySet(models.QuerySet[Row]):
    """Rows that belong to an area, or to the areas above it that they were chosen for."""

    def at(self, on: date) -> Self:
        """Rows that hold on the civil date ``on`` (both ends included)."""
        return self.filter(valid_on(on))

    def visible_to(self, staff: Staff) -> Self:
        """Rows of the person's own areas, of those below, and of those above that hold for him too."""
        if staff.is_administrator:
            return self
        scope = Q(pk__in=())
        for path in staff.paths:
            scope |= Q(area__path__startswith=path) | Q(area__in=[int(part) for part in path.split("/")[:-2]])
        return self.filter(scope)


class RoleLabelQuerySet(OfAreaQuerySet["RoleLabel"]):
    """Local titles, by date and viewer."""


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), attrs={"personal": Personal.none()}
)
class RoleLabel(models.Model):
    """What a role is called in one area and below: a lead may be 院长, a stairwell's head 楼口长."""

    personal: ClassVar[Personal] = Personal.none()

    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("area"), related_name="role_labels")
    role = models.ForeignKey(GridRole, models.CASCADE, verbose_name=_("role"), related_name="labels")
    name_zh = models.CharField(_("name (Chinese)"), max_length=40)
    name_en = models.CharField(_("name (English)"), max_length=60, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)

    objects = RoleLabelQuerySet.as_manager()

    class Meta:
        verbose_name = _("local title of a role")
        verbose_name_plural = _("local titles of roles")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "role"],
                name="rolelabel_once_per_area",
                violation_error_message=_("This area has a title for this role already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_zh} #{self.pk}"

    @property
    def name(self) -> str:
        """The title in the page's language."""
        return by_language(self.name_zh, self.name_en)


@pghistory.track(attrs={"personal": Personal.none()})
class StaffingRule(models.Model):
    """A way to staff a grid that some place works by, with its source; its lines are dated."""

    personal: ClassVar[Personal] = Personal.none()

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=80, blank=True)
    source = models.TextField(_("source and what it leaves open"), blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    changed_locally = models.BooleanField(
        _("changed here"), default=False, editable=False, help_text=_("A new file no longer overwrites it.")
    )

    class Meta:
        verbose_name = _("staffing rule")
        verbose_name_plural = _("staffing rules")
        constraints = [models.CheckConstraint(name="staffingrule_named", condition=~Q(name_zh="") & ~Q(key=""))]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the page's language."""
        return by_language(self.name_zh, self.name_en)


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), attrs={"personal": Personal.none()}
)
class StaffingLine(models.Model):
    """One line of a rule: at least so many of a role for each grid, building or stairwell."""

    personal: ClassVar[Personal] = Personal.none()

    rule = models.ForeignKey(StaffingRule, models.CASCADE, verbose_name=_("staffing rule"), related_name="lines")
    role = models.ForeignKey(GridRole, models.PROTECT, verbose_name=_("role"), related_name="lines")
    least = models.PositiveSmallIntegerField(_("at least"), default=1)
    per = models.SmallIntegerField(
        _("for each"),
        choices=[(level.value, level.label) for level in (Level.GRID, Level.BUILDING, Level.UNIT)],
        default=Level.GRID,
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)

    class Meta:
        verbose_name = _("line of a staffing rule")
        verbose_name_plural = _("lines of staffing rules")
        constraints = [
            models.CheckConstraint(
                name="staffingline_at_least_one",
                condition=Q(least__gte=1),
                violation_error_message=_("A line asks for at least one."),
            ),
            models.CheckConstraint(name="staffingline_per_known", condition=Q(per__in=(6, 7, 8))),
            models.CheckConstraint(
                name="staffingline_valid_from_before_to",
                condition=DATES_IN_ORDER,
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}/{self.role_id} {self.least} #{self.pk}"


class StaffingChoiceQuerySet(OfAreaQuerySet["StaffingChoice"]):
    """Choices, by date and viewer."""


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), attrs={"personal": Personal.none()}
)
class StaffingChoice(models.Model):
    """The rule that an area's grids are staffed by; a choice nearer to the grid goes before one further up."""

    personal: ClassVar[Personal] = Personal.none()

    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("area"), related_name="staffing_choices")
    rule = models.ForeignKey(StaffingRule, models.PROTECT, verbose_name=_("staffing rule"), related_name="choices")
    kind_of_grid = models.CharField(
        _("kind of grid"),
        max_length=20,
        choices=KINDS_OF_GRID,
        blank=True,
        help_text=_("Empty: every grid but lanes, which need a choice of their own."),
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)

    objects = StaffingChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice of a staffing rule")
        verbose_name_plural = _("choices of staffing rules")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "kind_of_grid", "valid_from"],
                name="staffingchoice_once",
                nulls_distinct=False,
                violation_error_message=_("A rule is chosen for this area from this day already."),
            ),
            models.CheckConstraint(
                name="staffingchoice_valid_from_before_to",
                condition=DATES_IN_ORDER,
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id}: {self.rule_id} #{self.pk}"
