"""Households by door, who may be asked there, for what they are noted, to whom they are linked."""

import uuid
from datetime import date
from typing import ClassVar, Final, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fieldwork.models.duties import VisitDuty
from grids.enums import Level, PostKind
from grids.staff import Staff
from people.models import Person
from people.retention import Personal

# Who sees the households of his area, at these levels; a household linked to a person he sees whatever his post.
AT_GRID: Final = frozenset({PostKind.GRID_WORKER, PostKind.GRID_LEAD})
AT_COMMUNITY: Final = frozenset({PostKind.COMMUNITY_SECRETARY, PostKind.COMMUNITY_WORKER})
GROUND = _("PIPL art. 13(3): statutory duty")


class HouseholdQuerySet(models.QuerySet["Household"]):
    """Households by date and viewer."""

    def at(self, on: date) -> Self:
        """Households that are there on the civil date ``on``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def visible_to(self, staff: Staff) -> Self:
        """Those of the person's grids and communities, and those linked to him; a street sees figures, no doors."""
        grids = [held.area_id for held in staff.holdings if held.kind in AT_GRID]
        communities = [held.area_id for held in staff.holdings if held.kind in AT_COMMUNITY]
        links = HouseholdLink.objects.filter(user=staff.user.pk, ends_on=None)
        return self.filter(Q(grid__in=grids) | Q(grid__parent__in=communities) | Q(pk__in=links.values("household")))


class Household(models.Model):
    """People behind one door: who may be asked there, and who else lives there (``Resident``), all of them sealed.

    ``grid`` follows from ``place``. Closed by ``valid_to`` when they move, never deleted: visits point at it.
    ``people``: how many persons are written down, kept by ``residents.recount``.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("door", "contact", "people"),
        keep="3 years",
        after="ends_on",
        purpose=_("visiting the households of a grid"),
        legal_ground=GROUND,
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("building or stairwell"))
    grid = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", editable=False, verbose_name=_("grid"))
    door = models.CharField(_("door"), max_length=20)
    contact = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who may be asked")
    )
    people = models.PositiveSmallIntegerField(_("persons written down"), default=0, editable=False)
    valid_from = models.DateField(_("there since"))
    valid_to = models.DateField(_("there until (last day)"), null=True, blank=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        constraints = (
            models.UniqueConstraint(
                fields=("place", "door"), name="household_once_behind_a_door", condition=Q(valid_to__isnull=True)
            ),
            models.CheckConstraint(
                name="household_from_before_to", condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to"))
            ),
        )

    def __str__(self) -> str:
        return f"household {self.pk}"

    def address(self) -> str:
        """Return house, stairwell and door in words. ``place`` and its parent are loaded."""
        house = self.place.parent if self.place.level == Level.UNIT else None
        return " ".join(part for part in (house.label if house else "", self.place.label, self.door) if part)


class NotedHousehold(models.Model):
    """A household that is visited for a reason (必访): since when, until when, and that it agreed where it must.

    The reason stands on the household's own page, never in a list.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("duty",),
        keep="1 years",
        after="ends_on",
        ends="deleted",
        purpose=_("visiting the households of a grid"),
        legal_ground=GROUND,
    )

    household = models.ForeignKey(Household, models.CASCADE, related_name="noted", verbose_name=_("household"))
    duty = models.ForeignKey(
        VisitDuty, models.PROTECT, db_index=False, related_name="+", verbose_name=_("kind of visit")
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("noted by"))

    class Meta:
        verbose_name = _("household with a reason to visit")
        verbose_name_plural = _("households with a reason to visit")
        constraints = (
            models.UniqueConstraint(
                fields=("household", "duty"), name="noted_once_at_a_time", condition=Q(ends_on__isnull=True)
            ),
            models.CheckConstraint(
                name="noted_from_before_to", condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on"))
            ),
        )

    def __str__(self) -> str:
        return f"noted {self.pk}"


class HouseholdLink(models.Model):
    """A person of our own who keeps contact with a household every week (003, 鸡西城子河)."""

    personal: ClassVar[Personal] = Personal(
        fields=("user",),
        keep="1 years",
        after="ends_on",
        ends="deleted",
        subjects="staff",
        purpose=_("knowing who keeps contact with a household"),
        legal_ground=GROUND,
    )

    household = models.ForeignKey(Household, models.CASCADE, related_name="links", verbose_name=_("household"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name = _("link to a household")
        verbose_name_plural = _("links to households")
        constraints = (
            models.UniqueConstraint(
                fields=("household", "user"), name="link_once_at_a_time", condition=Q(ends_on__isnull=True)
            ),
            models.CheckConstraint(
                name="link_from_before_to", condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on"))
            ),
        )

    def __str__(self) -> str:
        return f"link {self.pk}"


# where a household lives: in a stairwell, in a building, or (villages) right in a grid
PLACES: Final = (Level.GRID, Level.BUILDING, Level.UNIT)
