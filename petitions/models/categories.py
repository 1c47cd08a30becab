"""The category tree: versioned reference data with defaults that triage may change with a reason."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from people.retention import Personal
from petitions.enums import Tier, Urgency

OUTCOMES = "99"
_NAMED = """EXISTS (
    SELECT FROM unnest(petitions_category.keywords) AS word WHERE word <> '' AND NOT EXISTS (
        SELECT FROM unnest(string_to_array(lower(word), '+')) AS part WHERE strpos(lower(%s), part) = 0
    )
)"""


class CategoryQuerySet(models.QuerySet["Category"]):
    """Categories by the day they hold on."""

    def in_force(self, on: date) -> Self:
        """Categories valid on the civil date ``on``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def subjects(self) -> Self:
        """Return what a petition can be about: leaves with a policy of their own."""
        return self.exclude(parent=None).exclude(policy_key="")

    def named_in(self, text: str) -> Self:
        """Return those of which a keyword stands in the text, in capitals or not; of a joint one all its parts."""
        return self.filter(RawSQL(_NAMED, [text], output_field=models.BooleanField()))  # noqa: S611 - text is a parameter


@pghistory.track(attrs={"personal": Personal.none()})
class Category(models.Model):
    """A main group or a subject below it; ``code`` is this product's own."""

    personal: ClassVar[Personal] = Personal.none()

    code = models.CharField(_("code"), max_length=8, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("main group")
    )
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=120)
    tier = models.CharField(_("default tier"), max_length=10, choices=Tier, blank=True)
    policy_key = models.SlugField(_("default policy"), max_length=40, blank=True)
    urgency = models.CharField(_("default urgency"), max_length=10, choices=Urgency, default=Urgency.NORMAL)
    department_type = models.SlugField(_("department type"), max_length=40, blank=True)
    department_zh = models.CharField(_("department (Chinese)"), max_length=60, blank=True)
    emergency_numbers = ArrayField(
        models.CharField(max_length=5), default=list, blank=True, verbose_name=_("emergency numbers")
    )
    keywords = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        verbose_name=_("keywords"),
        help_text=_(
            "What residents say, with commas between. Words joined by + count when all of them stand in one sentence. "
            "Of a category with emergency numbers every word raises an alarm: only words that mean nothing else."
        ),
    )
    sensitive = models.BooleanField(_("sensitive"), default=False)
    reporter_hidden = models.BooleanField(_("reporter hidden"), default=False)
    silent = models.BooleanField(_("silent"), default=False)
    public_ok = models.BooleanField(_("may be shown publicly"), default=False)
    standard_ref = models.CharField(_("reference in the standard"), max_length=120, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def is_outcome(self) -> bool:
        """Whether it says what becomes of a matter (declined, incomplete), not what the matter is about."""
        return self.code.startswith(OUTCOMES)

    @property
    def name(self) -> str:
        """The name in the active language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh
