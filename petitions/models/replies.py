"""Reply templates: words for what is written again and again, with placeholders that the matter fills in."""

import re
from datetime import date
from types import MappingProxyType
from typing import ClassVar, Final, Self

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from grids.staff import Staff
from people.retention import Personal
from petitions.models.categories import Category
from petitions.models.guide import DATES_IN_ORDER, in_force_on, own_and_above, said
from petitions.models.petitions import Petition
from petitions.reply_enums import ReplyUse

# The closed list: by its English and its Chinese name. Nothing about a person is among them, and none can be added.
PLACEHOLDERS: Final = MappingProxyType(
    {
        "number": "编号",
        "category": "类别",
        "due date": "期限",
        "unit": "承办单位",
        "area": "社区",
        "office phone": "办公电话",
    }
)
PLACEHOLDER: Final = re.compile(r"\{([^{}\n]{0,40})\}")
_KNOWN: Final = frozenset((*PLACEHOLDERS, *PLACEHOLDERS.values()))
SHOWN: Final = " ".join(f"{{{zh}}}" for zh in PLACEHOLDERS.values())
UNKNOWN: Final = _("{%(word)s} cannot be filled in. What can be: %(known)s")


def unknown_in(words: str) -> list[str]:
    """Return the placeholders of a text that are not on the list. Pure."""
    return [word for word in PLACEHOLDER.findall(words) if word.strip() not in _KNOWN]


class ReplyTemplateQuerySet(models.QuerySet["ReplyTemplate"]):
    """Templates by day, act, matter and viewer."""

    def in_force(self, on: date) -> Self:
        """Templates valid on the civil date ``on``."""
        return self.filter(in_force_on(on))

    def for_use(self, use: ReplyUse) -> Self:
        """Templates offered in the form of one act."""
        return self.filter(use=use)

    def fitting(self, petition: Petition) -> Self:
        """Return those for all and of the areas over a matter (``area`` loaded), of its category or of none."""
        about = {petition.category_id, petition.category.parent_id if petition.category else None} - {None}
        return self.filter(
            Q(area=None) | Q(area__in=petition.area.line_ids()), Q(category=None) | Q(category__in=about)
        )

    def visible_to(self, staff: Staff) -> Self:
        """Templates for all, and those of the person's own areas and the areas above."""
        return self if staff.is_administrator else self.filter(own_and_above(staff))


@pghistory.track(attrs={"personal": Personal.none()})
class ReplyTemplate(models.Model):
    """Words that staff begin a text with; what is sent is what they make of it.

    Without an area it is for all. A row with the same code and an area takes its place there and below.
    """

    personal: ClassVar[Personal] = Personal.none()
    Use = ReplyUse

    code = models.SlugField(_("code"), max_length=20)
    area = models.ForeignKey(
        "grids.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"),
        help_text=_("Empty: for every area without a template of its own under this code."),
    )  # fmt: skip
    use = models.CharField(_("offered for"), max_length=12, choices=ReplyUse)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category of matters"),
        help_text=_("A main group covers all its subjects. Empty: offered for every matter."),
    )  # fmt: skip
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    text_zh = models.TextField(
        _("words (Chinese)"), max_length=1500,
        help_text=format_lazy(_("The matter fills in: {words}. Never write about a person here."), words=SHOWN),
    )  # fmt: skip
    text_en = models.TextField(
        _("words (English)"), max_length=1500, blank=True,
        help_text=format_lazy(_("The matter fills in: {words}."), words=" ".join(f"{{{en}}}" for en in PLACEHOLDERS)),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    to_review = models.BooleanField(
        _("to be reviewed"), default=False, help_text=_("Starter list: the subdistrict has not confirmed it yet.")
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)

    objects = ReplyTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply template")
        verbose_name_plural = _("reply templates")
        constraints = (
            models.UniqueConstraint(
                fields=("code", "area", "valid_from"),
                name="replytemplate_once",
                nulls_distinct=False,
                violation_error_message=_("This template stands in the list already."),
            ),
            models.CheckConstraint(
                name="replytemplate_dates_in_order",
                condition=DATES_IN_ORDER,
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(name="replytemplate_use_known", condition=Q(use__in=ReplyUse.values)),
            models.CheckConstraint(name="replytemplate_says_something", condition=~Q(text_zh="")),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"

    def clean(self) -> None:
        """:raises ValidationError: for a placeholder that is not on the list"""
        for name in ("text_zh", "text_en"):
            strange = unknown_in(getattr(self, name))
            if strange:
                raise ValidationError({name: UNKNOWN % {"word": strange[0], "known": SHOWN}})

    @property
    def name(self) -> str:
        """In the reader's language."""
        return said(self.name_zh, self.name_en)
