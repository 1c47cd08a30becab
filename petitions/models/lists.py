"""Three lists 三清单 (004-28): matters that ask for something, offer something, or call for something to be built."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.staff import Staff
from people.retention import Personal
from petitions.enums import IntakeList
from petitions.models.petitions import Petition


class ListRuleQuerySet(models.QuerySet["ListRule"]):
    """Rules by the day they hold on, the first to be asked first."""

    def in_force(self, on: date) -> Self:
        """Rules valid on the civil date ``on``, in their order."""
        valid = self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)
        return valid.order_by("position", "code")


@pghistory.track(attrs={"personal": Personal.none()})
class ListRule(models.Model):
    """Words or a category that put a matter on one of the three lists; the first rule that fits decides."""

    personal: ClassVar[Personal] = Personal.none()

    code = models.SlugField(_("code"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    kind = models.CharField(_("list"), max_length=8, choices=IntakeList)
    words = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name=_("words"),
        help_text=_("One of them must stand in what was said. Separate them by commas."),
    )  # fmt: skip
    category = models.ForeignKey(
        "petitions.Category", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category"),
        help_text=_("A main group holds for all its subjects. Empty: all."),
    )  # fmt: skip
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = ListRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of the three lists")
        verbose_name_plural = _("rules of the three lists")
        constraints = (
            models.CheckConstraint(name="list_rule_says_something", condition=~Q(words=[]) | Q(category__isnull=False)),
            models.CheckConstraint(
                name="list_rule_days_in_order", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
        )

    def __str__(self) -> str:
        return self.code


class ListEntryQuerySet(models.QuerySet["ListEntry"]):
    """Entries, by who sees them."""

    def visible_to(self, staff: Staff) -> Self:
        """Entries of the matters this person may see."""
        return self.filter(petition__in=Petition.objects.visible_to(staff))

    def listed(self) -> Self:
        """Return what stands on a list, matters that were joined to another apart."""
        return self.exclude(kind="").filter(petition__master=None)


class ListEntry(models.Model):
    """On which list a matter was put, by which rule and word; an empty list: it was looked at and is on none."""

    personal: ClassVar[Personal] = Personal.none()

    petition = models.OneToOneField(
        "petitions.Petition", models.PROTECT, related_name="listed", verbose_name=_("petition")
    )
    kind = models.CharField(_("list"), max_length=8, choices=IntakeList, blank=True)
    rule = models.ForeignKey(ListRule, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("rule"))
    word = models.CharField(_("word that decided"), max_length=20, blank=True)
    sorted_at = models.DateTimeField(_("sorted at"))
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("corrected by"),
    )
    corrected_at = models.DateTimeField(_("corrected at"), null=True, blank=True)

    objects = ListEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the three lists")
        verbose_name_plural = _("entries of the three lists")
        indexes = (models.Index(fields=("kind", "-sorted_at"), name="list_entry_newest", condition=~Q(kind="")),)
        constraints = (
            models.CheckConstraint(
                name="list_entry_corrected_by_and_at",
                condition=Q(corrected_by__isnull=True, corrected_at__isnull=True)
                | Q(corrected_by__isnull=False, corrected_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"entry {self.pk}"
