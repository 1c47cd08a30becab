"""Four-way supervision 四式监督 (004-12): which checks a matter needs before it is closed, and what they found."""

import secrets
from datetime import date
from typing import ClassVar, Self

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.staff import Staff
from people.retention import Personal
from petitions.enums import CheckKind, CheckState, Tier
from petitions.models.petitions import Petition


def new_seed() -> str:
    """Return what a rule draws its sample with; kept, so that a draw can be done again."""
    return secrets.token_hex(8)


class VerificationRuleQuerySet(models.QuerySet["VerificationRule"]):
    """Rules, by the day they hold on."""

    def in_force(self, on: date) -> Self:
        """Rules valid on the civil date ``on``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)


@pghistory.track(attrs={"personal": Personal.none()})
class VerificationRule(models.Model):
    """One kind of check for the matters of an area, category, policy or tier, or for a sample of them."""

    personal: ClassVar[Personal] = Personal.none()

    kind = models.CharField(_("kind of check"), max_length=8, choices=CheckKind)
    area = models.ForeignKey(
        "grids.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"),
        help_text=_("Empty: everywhere."),
    )  # fmt: skip
    category = models.ForeignKey(
        "petitions.Category", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category"),
        help_text=_("A main group holds for all its subjects. Empty: all."),
    )  # fmt: skip
    policy_key = models.SlugField(_("policy"), max_length=40, blank=True, help_text=_("Empty: all."))
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, blank=True)
    share = models.PositiveSmallIntegerField(
        _("of 100 matters"), default=100, validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("100: all of them. Fewer: a sample, drawn by the seed of this rule."),
    )  # fmt: skip
    seed = models.CharField(_("seed of the sample"), max_length=16, default=new_seed, editable=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = VerificationRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of checks")
        verbose_name_plural = _("rules of checks")
        constraints = (
            models.CheckConstraint(name="verification_share", condition=Q(share__gte=1, share__lte=100)),
            models.CheckConstraint(
                name="verification_days_in_order", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.share} %"

    def is_about(self, petition: Petition) -> bool:
        """Tell whether the rule asks for a check of this matter, whatever the sample draws (``area`` loaded)."""
        if self.area_id is not None and self.area_id not in petition.area.line_ids():
            return False
        if self.category_id is not None:
            category = petition.category
            if category is None or self.category_id not in {category.pk, category.parent_id}:
                return False
        if self.policy_key and (petition.policy is None or petition.policy.key != self.policy_key):
            return False
        return self.tier in {"", petition.tier}


class VerificationDraw(models.Model):
    """What a rule drew for one round of a matter: a number from 0 to 99, taken if it lies below the rule's share."""

    personal: ClassVar[Personal] = Personal.none()

    petition = models.ForeignKey(
        "petitions.Petition", models.PROTECT, db_index=False, related_name="draws", verbose_name=_("petition")
    )
    generation = models.PositiveSmallIntegerField(_("round"))
    rule = models.ForeignKey(VerificationRule, models.PROTECT, related_name="draws", verbose_name=_("rule"))
    value = models.PositiveSmallIntegerField(_("drawn"))
    share = models.PositiveSmallIntegerField(_("of 100 matters"))
    taken = models.BooleanField(_("taken"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("draw of a sample")
        verbose_name_plural = _("draws of samples")
        constraints = (models.UniqueConstraint(fields=("petition", "generation", "rule"), name="draw_once"),)

    def __str__(self) -> str:
        return f"draw {self.pk}"


class VerificationTaskQuerySet(models.QuerySet["VerificationTask"]):
    """Checks, by who sees them and whether they wait."""

    def visible_to(self, staff: Staff) -> Self:
        """Checks of the matters this person may see."""
        return self.filter(petition__in=Petition.objects.visible_to(staff))

    def waiting(self) -> Self:
        """Return those that nobody has done yet."""
        return self.filter(state=CheckState.WAITING)


class VerificationTask(models.Model):
    """One check of one round of a matter: by somebody who did not handle it, passed or failed."""

    personal: ClassVar[Personal] = Personal.none()

    petition = models.ForeignKey(
        "petitions.Petition", models.PROTECT, db_index=False, related_name="verifications", verbose_name=_("petition")
    )
    generation = models.PositiveSmallIntegerField(_("round"))
    kind = models.CharField(_("kind of check"), max_length=8, choices=CheckKind)
    rule = models.ForeignKey(VerificationRule, models.PROTECT, related_name="+", verbose_name=_("rule"))
    state = models.CharField(_("state"), max_length=8, choices=CheckState, default=CheckState.WAITING)
    asked_at = models.DateTimeField(_("asked for at"))
    # the words lie in PetitionText
    words_id = models.UUIDField(_("words"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects = VerificationTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        indexes = (
            models.Index(fields=("asked_at",), name="verification_waiting", condition=Q(state=CheckState.WAITING)),
        )
        constraints = (
            models.UniqueConstraint(fields=("petition", "generation", "kind"), name="verification_once"),
            models.CheckConstraint(
                name="verification_done_iff_done_at",
                condition=Q(state=CheckState.WAITING, done_at__isnull=True)
                | (~Q(state=CheckState.WAITING) & Q(done_at__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return f"check {self.pk}"
