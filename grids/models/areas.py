"""The area tree: one table, one model for every level, and a proxy for each level that staff handle by name."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, ClassVar, Self

import pghistory
import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat, Replace
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.enums import DivisionType, Level
from grids.staff import Staff
from people.retention import Personal

# Fills ``path`` of a row that comes without one, from the parent's; refuses a parent that does not lie above.
# A bulk load brings its paths along and so never calls it (see WHEN in the trigger).
GROW_PATH = """
    IF NEW.parent_id IS NULL THEN
        NEW.path := NEW.id || '/';
    ELSE
        SELECT area.path || NEW.id || '/' INTO NEW.path
        FROM grids_area area WHERE area.id = NEW.parent_id AND area.level < NEW.level;
        IF NEW.path IS NULL THEN
            RAISE EXCEPTION 'area % needs a parent of a higher level', NEW.code USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
"""

SLASH = Value("/", output_field=models.TextField())
OWN_ID = Cast("id", models.TextField())


class EndsInId(models.Func):
    """Whether a path has something before this id at its end. Django's ``endswith`` would escape the id in each row."""

    template = "(%(expressions)s || '/')"
    arg_joiner = " LIKE '%%_/' || "
    output_field = models.BooleanField()


class AreaQuerySet(models.QuerySet["Area"]):
    """Areas by jurisdiction, date, place in the tree, name and viewer."""

    def served(self) -> Self:
        """Areas of our own jurisdiction: the only ones that pickers and search offer."""
        return self.filter(served=True)

    def at(self, on: date) -> Self:
        """Areas that exist on the civil date ``on`` (both ends included)."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gte=on)
        )

    def under(self, path: str) -> Self:
        """The area with this path and everything below it: one index range."""
        return self.filter(path__startswith=path)

    def under_any(self, paths: Iterable[str]) -> Self:
        """The areas with these paths and everything below them; none for no path."""
        scope = Q(pk__in=())
        for path in paths:
            scope |= Q(path__startswith=path)
        return self.filter(scope)

    def named(self, q: str) -> Self:
        """Areas whose name holds ``q``, whose code begins with it or, if served, whose pinyin or initials do."""
        q = q.strip()
        if not q:
            return self.none()
        matches = Q(name__icontains=q) | Q(short_name__icontains=q) | Q(code__startswith=q)
        letters = q.lower().replace(" ", "")
        if not letters.isascii():
            return self.filter(matches)
        matches |= Q(initials__startswith=letters) | Q(_letters__startswith=letters)
        return self.alias(_letters=Replace("name_key", Value(" "), Value(""))).filter(matches)

    def search(self, q: str, level: Level | None = None, *, on: date | None = None) -> Self:
        """Areas that pickers offer for ``q``: ours, of today, found as in ``named``.

        :param on: civil date in Asia/Shanghai; today when left out
        """
        found = self.served().at(on or timezone.localdate()).named(q)
        return found if level is None else found.filter(level=level)

    def visible_to(self, staff: Staff) -> Self:
        """Areas at or under a post of this person, and the areas above them (their names, for breadcrumbs)."""
        if staff.is_administrator:
            return self
        scope = Q(pk__in=())
        for path in staff.paths:
            scope |= Q(path__startswith=path) | Q(pk__in=[int(part) for part in path.split("/")[:-2]])
        return self.filter(scope)

    def by_name(self) -> Self:
        """In pinyin order where the key is known (served areas), then by code."""
        return self.order_by("name_key", "code")


@pghistory.track(
    pghistory.UpdateEvent(condition=pghistory.AnyChange(exclude=["path", "name_key", "initials"])),
    exclude=["path", "name_key", "initials"],
    attrs={"personal": Personal.none()},
)
class Area(models.Model):
    """A place that somebody is responsible for, from the province down to the stairwell.

    ``code`` is the official number or our printed one; ``path`` is ours: the ids from the root down to the area
    itself ("1/35/77/"). Areas are closed by ``valid_to``, never deleted. ``name_key`` and ``initials`` are kept for
    served areas only (``grids.services``).
    """

    personal: ClassVar[Personal] = Personal.none()
    LEVEL: ClassVar[Level | None] = None  # the proxies say theirs

    level = models.SmallIntegerField(_("level"), choices=Level)
    name = models.CharField(_("name"), max_length=100)
    short_name = models.CharField(
        _("short name"), max_length=100, blank=True, help_text=_("The name as people say it, without its suffix.")
    )
    name_key = models.CharField(_("pinyin"), max_length=400, blank=True, editable=False, db_collation="C")
    initials = models.CharField(_("pinyin initials"), max_length=100, blank=True, editable=False, db_collation="C")
    code = models.CharField(_("code"), max_length=32, db_collation="C")
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("lies in"), related_name="children", null=True, blank=True
    )
    path = models.TextField(_("path"), db_default="", editable=False, db_collation="C")
    served = models.BooleanField(_("served by us"), default=False)
    division_type = models.CharField(_("division type"), max_length=20, choices=DivisionType, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=100, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        indexes = [
            models.Index("path", name="area_path"),  # "everything under": LIKE 'prefix%' works in the C collation
            models.Index("level", "name_key", name="area_served", condition=Q(served=True)),  # pickers and search
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], name="area_code_unique", violation_error_message=_("This code is taken.")
            ),
            models.CheckConstraint(name="area_level_known", condition=Q(level__range=(1, 8))),
            models.CheckConstraint(name="area_name_and_code_given", condition=~Q(name="") & ~Q(code="")),
            models.CheckConstraint(
                name="area_path_ends_in_own_id",
                condition=Q(EndsInId("path", "id"), parent__isnull=False)
                | Q(parent__isnull=True, path=Concat(OWN_ID, SLASH)),
            ),
            models.CheckConstraint(
                name="area_valid_from_before_to",
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_from__lte=F("valid_to")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="grow_path",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__path=""),
                func=GROW_PATH,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.code}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django does; a proxy's row gets the proxy's level."""
        if self.LEVEL is not None:
            self.level = self.LEVEL
        super().save(*args, **kwargs)

    @property
    def label(self) -> str:
        """The name to show: short if we have it."""
        return self.short_name or self.name

    def line_ids(self) -> tuple[int, ...]:
        """Ids from the root down to this area itself. No query."""
        return tuple(int(part) for part in self.path.split("/")[:-1])

    def ancestor_ids(self) -> tuple[int, ...]:
        """Ids from the root down to the parent, nearest last, without this area. No query."""
        return self.line_ids()[:-1]

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """As Django does; a proxy's row has the proxy's level."""
        if self.LEVEL is not None:
            self.level = self.LEVEL
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        """An area lies in one of a higher level; only a province lies in none."""
        if self.parent_id and self.parent and self.level and self.parent.level >= self.level:
            raise ValidationError({"parent": _("An area lies in one of a higher level.")})
        if not self.parent_id and self.level and self.level != Level.PROVINCE:
            raise ValidationError({"parent": _("Only a province lies in no other area.")})

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """As Django does, but for ``path``: the database fills it after the form has been checked."""
        super().validate_constraints(exclude={*(exclude or ()), "path"})


class LevelManager(models.Manager.from_queryset(AreaQuerySet)):  # type: ignore[misc]
    """The areas of one level."""

    def __init__(self, level: Level) -> None:
        super().__init__()
        self.level = level

    def get_queryset(self) -> AreaQuerySet:
        """Only this level."""
        return AreaQuerySet(self.model, using=self._db).filter(level=self.level)


class Street(Area):
    """A subdistrict, town or township."""

    personal: ClassVar[Personal] = Personal.none()
    LEVEL: ClassVar[Level | None] = Level.STREET
    objects: ClassVar[LevelManager] = LevelManager(Level.STREET)

    class Meta:
        proxy = True
        verbose_name = _("street")
        verbose_name_plural = _("streets")


class Community(Area):
    """A residents' or villagers' committee's area."""

    personal: ClassVar[Personal] = Personal.none()
    LEVEL: ClassVar[Level | None] = Level.COMMUNITY
    objects: ClassVar[LevelManager] = LevelManager(Level.COMMUNITY)

    class Meta:
        proxy = True
        verbose_name = _("community")
        verbose_name_plural = _("communities")


class Grid(Area):
    """The part of a community that one team looks after."""

    personal: ClassVar[Personal] = Personal.none()
    LEVEL: ClassVar[Level | None] = Level.GRID
    objects: ClassVar[LevelManager] = LevelManager(Level.GRID)

    class Meta:
        proxy = True
        verbose_name = _("grid")
        verbose_name_plural = _("grids")


class Building(Area):
    """A house with a number."""

    personal: ClassVar[Personal] = Personal.none()
    LEVEL: ClassVar[Level | None] = Level.BUILDING
    objects: ClassVar[LevelManager] = LevelManager(Level.BUILDING)

    class Meta:
        proxy = True
        verbose_name = _("building")
        verbose_name_plural = _("buildings")


class Unit(Area):
    """A stairwell of a building."""

    personal: ClassVar[Personal] = Personal.none()
    LEVEL: ClassVar[Level | None] = Level.UNIT
    objects: ClassVar[LevelManager] = LevelManager(Level.UNIT)

    class Meta:
        proxy = True
        verbose_name = _("unit (stairwell)")
        verbose_name_plural = _("units (stairwells)")
