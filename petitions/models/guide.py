"""What the community does for residents: service items with materials, limit and pledge (000-17, 000-21); the FAQ."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from deadlines.enums import LimitUnit
from grids.models import Area
from grids.staff import Staff
from people.retention import Personal
from petitions.enums import Affairs
from petitions.models.categories import Category

_NAMED = """EXISTS (
    SELECT FROM unnest({table}.keywords) AS word WHERE word <> '' AND strpos(lower(%s), lower(word)) > 0
)"""
DATES_IN_ORDER = Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to"))


def _named_in(table: str, text: str) -> RawSQL:
    return RawSQL(_NAMED.format(table=table), [text], output_field=models.BooleanField())  # noqa: S611 - text is a parameter


def in_force_on(on: date) -> Q:
    """Return which rows are valid on the civil date ``on``."""
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gte=on))


def own_and_above(staff: Staff) -> Q:
    """Return which rows staff see: those for all, of their own areas, and of the areas above."""
    scope = Q(area__isnull=True) if staff.holdings else Q(pk__in=())
    for path in staff.paths:
        scope |= Q(area__path__startswith=path) | Q(area__in=[int(part) for part in path.split("/")[:-2]])
    return scope


def said(zh: str, en: str, language: str | None = None) -> str:
    """Return the words in a language (the active one); Chinese where nobody has written English yet."""
    return en if en and (language or get_language() or "").startswith("en") else zh


class ServiceItemQuerySet(models.QuerySet["ServiceItem"]):
    """Service items by day, line of areas, words and viewer."""

    def in_force(self, on: date) -> Self:
        """Items valid on the civil date ``on``."""
        return self.filter(in_force_on(on))

    def on_line(self, area: Area | None) -> Self:
        """Return those for all, and those of the areas from the root down to ``area``."""
        return self.filter(Q(area=None) | Q(area__in=area.line_ids() if area else ()))

    def switched_in(self, area: Area | None) -> Self:
        """Note with each (``turned``) what the nearest switch on the line of an area says; None where there is none."""
        line = ServiceSwitch.objects.filter(area__in=area.line_ids() if area else (), code=models.OuterRef("code"))
        return self.annotate(turned=models.Subquery(line.order_by("-area__level").values("offered")[:1]))

    def named_in(self, text: str) -> Self:
        """Return those of which a keyword stands in the text, in capitals or not."""
        return self.filter(_named_in("petitions_serviceitem", text))

    def visible_to(self, staff: Staff) -> Self:
        """Items for all, and those of the person's own areas and the areas above."""
        return self if staff.is_administrator else self.filter(own_and_above(staff))


@pghistory.track(attrs={"personal": Personal.none()})
class ServiceItem(models.Model):
    """One thing a community does for people: who may, what to bring, where, how long, what is pledged.

    Without an area it is the list for all. A row with the same code and an area takes its place there and below.
    """

    personal: ClassVar[Personal] = Personal.none()

    code = models.SlugField(_("code"), max_length=20)
    area = models.ForeignKey(
        "grids.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"),
        help_text=_("Empty: for every area without an item of its own under this code."),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=10, choices=Affairs)
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    who_zh = models.CharField(_("who may (Chinese)"), max_length=200, blank=True)
    who_en = models.CharField(_("who may (English)"), max_length=300, blank=True)
    where_zh = models.CharField(_("where (Chinese)"), max_length=120, blank=True)
    where_en = models.CharField(_("where (English)"), max_length=200, blank=True)
    materials_zh = models.TextField(
        _("materials (Chinese)"), max_length=2000, blank=True, help_text=_("One material a line.")
    )
    materials_en = models.TextField(
        _("materials (English)"), max_length=3000, blank=True, help_text=_("One material a line, in the same order.")
    )
    limit_zh = models.CharField(_("time limit in words (Chinese)"), max_length=100, blank=True)
    limit_en = models.CharField(_("time limit in words (English)"), max_length=160, blank=True)
    limit_value = models.PositiveSmallIntegerField(_("time limit"), null=True, blank=True)
    limit_unit = models.CharField(_("unit of the limit"), max_length=8, choices=LimitUnit, blank=True)
    fee_zh = models.CharField(_("fee (Chinese)"), max_length=80, blank=True)
    fee_en = models.CharField(_("fee (English)"), max_length=120, blank=True)
    source = models.CharField(_("ground or source"), max_length=200, blank=True)
    # the service pledge 服务承诺 (000-21): what the community promises of itself, shown to everybody
    pledge_zh = models.CharField(_("pledge (Chinese)"), max_length=160, blank=True)
    pledge_en = models.CharField(_("pledge (English)"), max_length=240, blank=True)
    pledge_value = models.PositiveSmallIntegerField(_("pledged time"), null=True, blank=True)
    pledge_unit = models.CharField(_("unit of the pledged time"), max_length=8, choices=LimitUnit, blank=True)
    keywords = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("keywords"))
    everywhere = models.BooleanField(
        _("offered everywhere"), default=True, help_text=_("If not, each community switches it on.")
    )
    to_review = models.BooleanField(
        _("to be reviewed"), default=False, help_text=_("Starter list: the subdistrict has not confirmed it yet.")
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)

    # what ``switched_in`` notes
    turned: bool | None = None

    objects = ServiceItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("service item")
        verbose_name_plural = _("service items")
        constraints = (
            models.UniqueConstraint(
                fields=("code", "area", "valid_from"),
                name="serviceitem_once",
                nulls_distinct=False,
                violation_error_message=_("This item stands in the list already."),
            ),
            models.CheckConstraint(
                name="serviceitem_dates_in_order",
                condition=DATES_IN_ORDER,
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="serviceitem_limit_has_unit",
                condition=Q(limit_value__isnull=True, limit_unit="")
                | (Q(limit_value__isnull=False, limit_value__gt=0) & ~Q(limit_unit="")),
                violation_error_message=_("Give the limit with its unit, or neither."),
            ),
            models.CheckConstraint(
                name="serviceitem_pledge_has_unit",
                condition=Q(pledge_value__isnull=True, pledge_unit="")
                | (Q(pledge_value__isnull=False, pledge_value__gt=0) & ~Q(pledge_unit="")),
                violation_error_message=_("Give the pledged time with its unit, or neither."),
            ),
            models.CheckConstraint(
                name="serviceitem_pledge_within_limit",
                condition=Q(pledge_value__isnull=True)
                | Q(limit_value__isnull=True)
                | ~Q(pledge_unit=F("limit_unit"))
                | Q(pledge_value__lte=F("limit_value")),
                violation_error_message=_("What is pledged may not take longer than the time limit."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"

    @property
    def name(self) -> str:
        """The name in the active language."""
        return said(self.name_zh, self.name_en)

    def name_in(self, language: str) -> str:
        """Return the name in a language."""
        return said(self.name_zh, self.name_en, language)

    @property
    def who(self) -> str:
        """Who may, in the active language."""
        return said(self.who_zh, self.who_en)

    @property
    def where(self) -> str:
        """Where it is handled, in the active language."""
        return said(self.where_zh, self.where_en)

    @property
    def limit(self) -> str:
        """The time limit in words, in the active language."""
        return said(self.limit_zh, self.limit_en)

    @property
    def fee(self) -> str:
        """What it costs, in the active language."""
        return said(self.fee_zh, self.fee_en)

    @property
    def pledge(self) -> str:
        """What is promised, in the active language."""
        return said(self.pledge_zh, self.pledge_en)

    @property
    def materials(self) -> tuple[str, ...]:
        """What to bring, one by one, in the active language."""
        return self.materials_in(None)

    def materials_in(self, language: str | None) -> tuple[str, ...]:
        """Return what to bring in a language (None: the active one); Chinese where a line lacks its English."""
        chinese, english = _lines(self.materials_zh), _lines(self.materials_en)
        other = english if len(english) == len(chinese) else ("",) * len(chinese)
        return tuple(said(zh, en, language) for zh, en in zip(chinese, other, strict=True))


class ServiceSwitchQuerySet(models.QuerySet["ServiceSwitch"]):
    """Switches by viewer."""

    def visible_to(self, staff: Staff) -> Self:
        """Those of the person's own areas and the areas above."""
        return self if staff.is_administrator else self.filter(own_and_above(staff))


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), attrs={"personal": Personal.none()}
)
class ServiceSwitch(models.Model):
    """Whether an area and what lies below it offers the item of a code; the nearest switch counts."""

    personal: ClassVar[Personal] = Personal.none()

    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    code = models.SlugField(_("code of the item"), max_length=20)
    offered = models.BooleanField(_("offered here"), default=True)

    objects = ServiceSwitchQuerySet.as_manager()

    class Meta:
        verbose_name = _("service item switched on or off")
        verbose_name_plural = _("service items switched on or off")
        constraints = (
            models.UniqueConstraint(
                fields=("area", "code"),
                name="serviceswitch_once",
                violation_error_message=_("This item is switched here already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.area_id}"

    def clean(self) -> None:
        """There must be such an item."""
        if self.code and not ServiceItem.objects.filter(code=self.code).exists():
            raise ValidationError({"code": _("There is no service item with this code.")})


class FaqQuerySet(models.QuerySet["Faq"]):
    """Questions by day and words."""

    def in_force(self, on: date) -> Self:
        """Return those valid on the civil date ``on``."""
        return self.filter(in_force_on(on))

    def fitting(self, text: str, *, categories: list[str]) -> Self:
        """Return those of which a keyword stands in the text, or that belong to one of these categories."""
        return self.filter(Q(_named_in("petitions_faq", text)) | Q(category__code__in=categories))


@pghistory.track(attrs={"personal": Personal.none()})
class Faq(models.Model):
    """A question that many ask, with its answer."""

    personal: ClassVar[Personal] = Personal.none()

    code = models.SlugField(_("code"), max_length=20, unique=True)
    question_zh = models.CharField(_("question (Chinese)"), max_length=100)
    question_en = models.CharField(_("question (English)"), max_length=160, blank=True)
    answer_zh = models.TextField(_("answer (Chinese)"), max_length=1000)
    answer_en = models.TextField(_("answer (English)"), max_length=1600, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    keywords = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("keywords"))
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    to_review = models.BooleanField(
        _("to be reviewed"), default=False, help_text=_("Starter list: the subdistrict has not confirmed it yet.")
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)

    objects = FaqQuerySet.as_manager()

    class Meta:
        verbose_name = _("frequent question")
        verbose_name_plural = _("frequent questions")
        constraints = (
            models.CheckConstraint(
                name="faq_dates_in_order",
                condition=DATES_IN_ORDER,
                violation_error_message=_("The last day lies before the first."),
            ),
        )

    def __str__(self) -> str:
        return self.question_zh

    @property
    def question(self) -> str:
        """The question in the active language."""
        return said(self.question_zh, self.question_en)

    @property
    def answer(self) -> str:
        """The answer in the active language."""
        return said(self.answer_zh, self.answer_en)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
