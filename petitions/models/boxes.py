"""Corridor opinion boxes 楼道意见箱 (001-11): where they hang, when each was emptied, and what came of it."""

from datetime import date, timedelta
from typing import Any, ClassVar, Self

import pghistory
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, DateField, ExpressionWrapper, F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from grids.staff import Staff
from people.retention import Personal


def _due() -> Any:
    """Return the last day to empty a box on, as ``SuggestionBox.due_on`` counts it."""
    return ExpressionWrapper(Coalesce("last_emptied_on", "opened_on") + F("interval_days"), output_field=DateField())


class SuggestionBoxQuerySet(models.QuerySet["SuggestionBox"]):
    """Boxes, by who sees them and by when they are to be emptied."""

    def visible_to(self, staff: Staff) -> Self:
        """Boxes at or under the person's own areas."""
        if staff.is_administrator:
            return self
        return self.filter(_under(staff, "area"))

    def hanging(self, on: date) -> Self:
        """Return those that hang on a civil date in Shanghai."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gte=on), opened_on__lte=on)

    def by_due(self) -> Self:
        """Longest overdue first."""
        return self.annotate(due_by=_due()).order_by("due_by", "code")

    def overdue(self, on: date) -> Self:
        """Return those that were to be emptied before a civil date in Shanghai."""
        return self.annotate(due_by=_due()).filter(due_by__lt=on)

    def counted(self) -> Self:
        """Add what came of each so far: emptyings and matters."""
        return self.annotate(times=Count("emptyings", distinct=True), matters=Count("emptyings__slips", distinct=True))


@pghistory.track(attrs={"personal": Personal.none()})
class SuggestionBox(models.Model):
    """A box in a corridor: its place, the spot in words, and after how many days it is to be emptied again."""

    personal: ClassVar[Personal] = Personal.none()

    code = models.CharField(_("number on the box"), max_length=20, unique=True)
    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("place"))
    spot = models.CharField(
        _("where exactly"), max_length=80, help_text=_("Such as: ground floor, beside the letter boxes.")
    )
    interval_days = models.PositiveSmallIntegerField(
        _("to be emptied every … days"), default=7, validators=[MinValueValidator(1)]
    )
    opened_on = models.DateField(_("first day"))
    closed_on = models.DateField(_("last day"), null=True, blank=True)
    # the day of the latest emptying, written with it
    last_emptied_on = models.DateField(_("last emptied on"), null=True, editable=False)

    objects = SuggestionBoxQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion box")
        verbose_name_plural = _("suggestion boxes")
        constraints = (
            models.CheckConstraint(name="box_interval_in_days", condition=Q(interval_days__gte=1)),
            models.CheckConstraint(
                name="box_days_in_order", condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on"))
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def due_on(self) -> date:
        """The last day to empty it on."""
        return (self.last_emptied_on or self.opened_on) + timedelta(days=self.interval_days)


class BoxEmptyingQuerySet(models.QuerySet["BoxEmptying"]):
    """Emptyings, by who sees them."""

    def visible_to(self, staff: Staff) -> Self:
        """Those of the boxes the person sees."""
        return self.filter(box__in=SuggestionBox.objects.visible_to(staff))


class BoxEmptying(models.Model):
    """A box was emptied: by whom, when, how many slips lay in it, and how many of them said nothing."""

    personal: ClassVar[Personal] = Personal.none()

    box = models.ForeignKey(
        SuggestionBox, models.PROTECT, db_index=False, related_name="emptyings", verbose_name=_("box")
    )
    client_key = models.UUIDField(_("client key"), unique=True, editable=False)
    slips_found = models.PositiveSmallIntegerField(_("slips in the box"))
    blank = models.PositiveSmallIntegerField(_("of them empty or not legible"), default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("emptied by"))
    at = models.DateTimeField(_("emptied at"))

    objects = BoxEmptyingQuerySet.as_manager()

    class Meta:
        verbose_name = _("emptying of a box")
        verbose_name_plural = _("emptyings of boxes")
        indexes = (models.Index(fields=("box", "-at"), name="emptying_newest"),)
        constraints = (models.CheckConstraint(name="emptying_blank_within", condition=Q(blank__lte=F("slips_found"))),)

    def __str__(self) -> str:
        return f"emptying {self.pk}"

    @property
    def to_file(self) -> int:
        """How many slips are to be filed."""
        return self.slips_found - self.blank


class BoxSlip(models.Model):
    """One slip of an emptying, filed as a matter of its own."""

    personal: ClassVar[Personal] = Personal.none()

    emptying = models.ForeignKey(BoxEmptying, models.PROTECT, related_name="slips", verbose_name=_("emptying"))
    petition = models.OneToOneField(
        "petitions.Petition", models.PROTECT, related_name="box_slip", verbose_name=_("petition")
    )

    class Meta:
        verbose_name = _("slip from a box")
        verbose_name_plural = _("slips from boxes")

    def __str__(self) -> str:
        return f"slip {self.pk}"


def _under(staff: Staff, field: str) -> Q:
    scope = Q(pk__in=())
    for path in staff.paths:
        scope |= Q(**{f"{field}__path__startswith": path})
    return scope
