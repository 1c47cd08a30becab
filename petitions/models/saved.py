"""Lists of matters that somebody keeps: filters, columns and order under a name, and the columns he likes to see."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.staff import Staff
from people.retention import Personal

LONGEST_NAME = 40


class SavedListQuerySet(models.QuerySet["SavedList"]):
    """Saved lists, by who may open them."""

    def visible_to(self, staff: Staff) -> Self:
        """One's own, and those shared in an area in which, or above which, one of one's posts stands.

        A list is only a question: which matters answer it is asked of whoever opens it.
        """
        above = {int(part) for held in staff.holdings for part in held.path.split("/") if part}
        return self.filter(Q(owner=staff.user.pk) | Q(shared_in__in=above))


class SavedList(models.Model):
    """One list under a name; ``filters`` as the address of the page says them, never a number or name of a person."""

    personal: ClassVar[Personal] = Personal.none()

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("kept by")
    )
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    filters = models.JSONField(_("filters"), default=dict, blank=True)
    columns = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("columns"))
    shared_in = models.ForeignKey(
        "grids.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("shared in")
    )
    saved_at = models.DateTimeField(_("saved at"))

    objects = SavedListQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved list")
        verbose_name_plural = _("saved lists")
        constraints = (models.UniqueConstraint(fields=("owner", "name"), name="saved_list_once"),)

    def __str__(self) -> str:
        return self.name


class ColumnChoice(models.Model):
    """Which columns a person sees in every list that says nothing else."""

    personal: ClassVar[Personal] = Personal.none()

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="+", verbose_name=_("user")
    )
    columns = ArrayField(models.CharField(max_length=20), default=list, verbose_name=_("columns"))

    class Meta:
        verbose_name = _("choice of columns")
        verbose_name_plural = _("choices of columns")

    def __str__(self) -> str:
        return ", ".join(self.columns)
