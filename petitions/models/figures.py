"""Figures: what each petition counts as, the sums of it by month and area, and the months that were published.

``PetitionFact`` is derived from the petition, its clocks, events and ratings, ``FigureRow`` from the facts; both are
written by ``petitions.rollups`` and can be made anew at any time. A published month is a copy that nobody changes.
"""

from typing import ClassVar, Final

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.retention import Personal
from petitions.enums import Channel, Tier
from petitions.models.petitions import Petition
from petitions.spans import Cut, Grain

# What a petition may count as, by the civil day (Shanghai) that decides its period.
BY_RECEIPT: Final = ("received", "admitted", "declined", "waiting")
BY_ACCEPTANCE: Final = (
    "accepted", "completed", "pending", "judged", "on_time", "contact_decided", "contacted", "rated", "satisfied",
    "unrated", "asked", "solved", "dispatched", "returned", "handled", "reworked", "extended", "reopened", "withdrawn",
    "merged", "levelled", "at_grid", "at_community", "at_street", "at_district", "turned",
)  # fmt: skip
MEASURES: Final = (*BY_RECEIPT, *BY_ACCEPTANCE)
# of a week
HOURS: Final = 168


class PetitionFact(models.Model):
    """What one petition counts as, as of the last count: days, areas and yes or no for each measure."""

    personal: ClassVar[Personal] = Personal.none()

    petition = models.OneToOneField(
        Petition, models.CASCADE, primary_key=True, related_name="fact", verbose_name=_("petition")
    )
    received_on = models.DateField(_("received on"))
    accepted_on = models.DateField(_("accepted on"), null=True)
    area = models.ForeignKey(
        "grids.Area", models.PROTECT, db_index=False, related_name="+", verbose_name=_("area that answers")
    )
    community = models.ForeignKey(
        "grids.Area", models.PROTECT, db_index=False, related_name="+", verbose_name=_("community, or what is above it")
    )
    category = models.CharField(_("category"), max_length=8, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, blank=True)
    unit = models.ForeignKey(
        "grids.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("handling unit"),
    )
    hour = models.PositiveSmallIntegerField(
        _("hour of the week"), help_text=_("In which it was filed: 0 is Monday from midnight to one, 167 the last.")
    )
    admitted = models.BooleanField(_("received and accepted"))
    declined = models.BooleanField(_("not accepted"))
    waiting = models.BooleanField(_("not decided on yet"))
    completed = models.BooleanField(_("completed"))
    pending = models.BooleanField(_("accepted and open"))
    judged = models.BooleanField(_("completed under a time limit"))
    on_time = models.BooleanField(_("completed on time"))
    contact_decided = models.BooleanField(_("first contact decided"))
    contacted = models.BooleanField(_("contacted in time"))
    rated = models.BooleanField(_("rated"))
    satisfied = models.BooleanField(_("satisfied"))
    unrated = models.BooleanField(_("completed and not rated"))
    asked = models.BooleanField(_("said whether it is solved"))
    solved = models.BooleanField(_("said it is solved"))
    dispatched = models.BooleanField(_("dispatched"))
    returned = models.BooleanField(_("returned by a unit"))
    handled = models.BooleanField(_("resolved at least once"))
    reworked = models.BooleanField(_("sent back for rework"))
    extended = models.BooleanField(_("extended"))
    reopened = models.BooleanField(_("re-opened"))
    withdrawn = models.BooleanField(_("withdrawn"))
    merged = models.BooleanField(_("merged into another"))
    levelled = models.BooleanField(_("completed at a known level"))
    at_grid = models.BooleanField(_("completed in the grid"))
    at_community = models.BooleanField(_("completed in the community"))
    at_street = models.BooleanField(_("completed in the subdistrict"))
    at_district = models.BooleanField(_("completed in the district"))
    turned = models.BooleanField(_("not accepted at first, completed after an appeal"))

    class Meta:
        verbose_name = _("counted petition")
        verbose_name_plural = _("counted petitions")
        indexes = (
            # the cases behind a number, and the days at the edge of a period that begins within a month
            models.Index(fields=("community", "accepted_on"), name="petitionfact_accepted"),
            models.Index(fields=("community", "received_on"), name="petitionfact_received"),
        )

    def __str__(self) -> str:
        return f"fact {self.pk}"


class Counts(models.Model):
    """How many petitions counted as what. The first four go by the day of filing, the others by that of acceptance.

    No column refuses less than nothing: a step proposes the difference, and PostgreSQL checks it before it adds it.
    """

    received = models.IntegerField(_("received"), default=0)
    admitted = models.IntegerField(_("received and accepted"), default=0)
    declined = models.IntegerField(_("not accepted"), default=0)
    waiting = models.IntegerField(_("not decided on yet"), default=0)
    accepted = models.IntegerField(_("accepted"), default=0)
    completed = models.IntegerField(_("completed"), default=0)
    pending = models.IntegerField(_("accepted and open"), default=0)
    judged = models.IntegerField(_("completed under a time limit"), default=0)
    on_time = models.IntegerField(_("completed on time"), default=0)
    contact_decided = models.IntegerField(_("first contact decided"), default=0)
    contacted = models.IntegerField(_("contacted in time"), default=0)
    rated = models.IntegerField(_("rated"), default=0)
    satisfied = models.IntegerField(_("satisfied"), default=0)
    unrated = models.IntegerField(_("completed and not rated"), default=0)
    asked = models.IntegerField(_("said whether it is solved"), default=0)
    solved = models.IntegerField(_("said it is solved"), default=0)
    dispatched = models.IntegerField(_("dispatched"), default=0)
    returned = models.IntegerField(_("returned by a unit"), default=0)
    handled = models.IntegerField(_("resolved at least once"), default=0)
    reworked = models.IntegerField(_("sent back for rework"), default=0)
    extended = models.IntegerField(_("extended"), default=0)
    reopened = models.IntegerField(_("re-opened"), default=0)
    withdrawn = models.IntegerField(_("withdrawn"), default=0)
    merged = models.IntegerField(_("merged into another"), default=0)
    levelled = models.IntegerField(_("completed at a known level"), default=0)
    at_grid = models.IntegerField(_("completed in the grid"), default=0)
    at_community = models.IntegerField(_("completed in the community"), default=0)
    at_street = models.IntegerField(_("completed in the subdistrict"), default=0)
    at_district = models.IntegerField(_("completed in the district"), default=0)
    turned = models.IntegerField(_("not accepted at first, completed after an appeal"), default=0)

    class Meta:
        abstract = True


class FigureRow(Counts):
    """The sum of a month, or of a day of the running month, over an area and perhaps one category or channel.

    ``item`` is the category's code, the channel, the tier or the unit's id; empty for the cuts that have none.
    """

    personal: ClassVar[Personal] = Personal.none()

    cut = models.CharField(_("cut"), max_length=8, choices=Cut)
    grain = models.CharField(_("span"), max_length=5, choices=Grain)
    begins_on = models.DateField(_("begins on"))
    area = models.ForeignKey("grids.Area", models.PROTECT, db_index=False, related_name="+", verbose_name=_("area"))
    item = models.CharField(_("category, channel, tier or unit"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("figures of a month or day")
        verbose_name_plural = _("figures by month and day")
        constraints = (
            models.UniqueConstraint(fields=("cut", "grain", "begins_on", "area", "item"), name="figurerow_once"),
        )
        indexes = (
            # rows that count nothing any more, to be deleted
            models.Index(fields=("id",), name="figurerow_empty", condition=Q(received=0, accepted=0)),
        )

    def __str__(self) -> str:
        return f"{self.cut} {self.begins_on} {self.area_id} {self.item}"


class HourRow(models.Model):
    """How many petitions of a community were filed in a month in one hour of the week."""

    personal: ClassVar[Personal] = Personal.none()

    begins_on = models.DateField(_("begins on"))
    community = models.ForeignKey(
        "grids.Area", models.PROTECT, db_index=False, related_name="+", verbose_name=_("community, or what is above it")
    )
    hour = models.PositiveSmallIntegerField(_("hour of the week"))
    received = models.IntegerField(_("received"), default=0)

    class Meta:
        verbose_name = _("filings by hour of the week")
        verbose_name_plural = _("filings by hour of the week")
        constraints = (
            models.UniqueConstraint(fields=("begins_on", "community", "hour"), name="hourrow_once"),
            models.CheckConstraint(name="hourrow_hour_of_a_week", condition=Q(hour__lt=HOURS)),
        )
        indexes = (models.Index(fields=("id",), name="hourrow_empty", condition=Q(received=0)),)

    def __str__(self) -> str:
        return f"{self.begins_on} {self.community_id} {self.hour}"


class FigureState(models.Model):
    """How far the events have been counted. One row; whoever counts holds its lock."""

    personal: ClassVar[Personal] = Personal.none()

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    through_event = models.BigIntegerField(_("counted up to event"), default=0)
    night_event = models.BigIntegerField(_("up to which the last night looked again"), default=0)
    days_from = models.DateField(_("days are kept from"))
    counted_at = models.DateTimeField(_("counted at"))

    class Meta:
        verbose_name = _("state of the figures")
        verbose_name_plural = _("state of the figures")
        constraints = (models.CheckConstraint(name="figurestate_one_row", condition=Q(id=1)),)

    def __str__(self) -> str:
        return f"counted at {self.counted_at}"


class Publication(models.Model):
    """A month whose figures were made public: by whom, when; without a person: by the calendar."""

    personal: ClassVar[Personal] = Personal.none()

    month = models.DateField(_("month"), unique=True)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    class Meta:
        verbose_name = _("published month")
        verbose_name_plural = _("published months")
        constraints = (models.CheckConstraint(name="publication_first_of_month", condition=Q(month__day=1)),)
        triggers = (pgtrigger.Protect(name="publication_append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class PublishedRow(Counts):
    """The figures of one area as they were published, perhaps of one category or channel. Never changed.

    What was late at that moment is kept for areas and grids only.
    """

    personal: ClassVar[Personal] = Personal.none()

    publication = models.ForeignKey(
        Publication, models.PROTECT, db_index=False, related_name="rows", verbose_name=_("published month")
    )
    cut = models.CharField(_("cut"), max_length=8, choices=Cut)
    area = models.ForeignKey("grids.Area", models.PROTECT, db_index=False, related_name="+", verbose_name=_("area"))
    item = models.CharField(_("category, channel, tier or unit"), max_length=10, blank=True)
    late_open = models.IntegerField(_("open and overdue"), default=0)
    contact_owed = models.IntegerField(_("first contact overdue"), default=0)

    class Meta:
        verbose_name = _("published figures of an area")
        verbose_name_plural = _("published figures of areas")
        constraints = (
            models.UniqueConstraint(fields=("publication", "cut", "area", "item"), name="publishedrow_once"),
        )
        triggers = (pgtrigger.Protect(name="publishedrow_append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.cut} {self.area_id}"
