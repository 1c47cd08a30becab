"""Where an area, a tier or an urgency has other time limits than the category's default."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, Self

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from deadlines import conditions
from deadlines.models.policies import Policy
from people.retention import Personal

WORDS = (*conditions.NAMES, "policy_key")


class PolicyOverrideQuerySet(models.QuerySet["PolicyOverride"]):
    """Overrides by validity. A word that does not exist is taken by no way into the table."""

    def in_force(self, on: date) -> Self:
        """Overrides valid on the civil date ``on``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def bulk_create(self, objs: Iterable["PolicyOverride"], *args: Any, **kwargs: Any) -> list["PolicyOverride"]:
        """As Django's.

        :raises ValidationError: if one of them names what does not exist; none is stored then
        """
        rules = list(objs)
        refuse_unknown(*(rule.words() for rule in rules))
        return super().bulk_create(rules, *args, **kwargs)

    def bulk_update(self, objs: Iterable["PolicyOverride"], *args: Any, **kwargs: Any) -> int:
        """As Django's.

        :raises ValidationError: if one of them names what does not exist; none is changed then
        """
        rules = list(objs)
        refuse_unknown(*(rule.words() for rule in rules))
        return super().bulk_update(rules, *args, **kwargs)

    def update(self, **values: Any) -> int:
        """As Django's.

        :raises ValidationError: if a value names what does not exist
        """
        refuse_unknown({name: value for name, value in values.items() if name in WORDS})
        return super().update(**values)


def refuse_unknown(*rules: Mapping[str, object]) -> None:
    """Check tier, urgency and policy of rules (what is no text is passed over). At most one query.

    :raises ValidationError: for each field that names a tier or urgency nobody announced, or a policy there is none of
    """
    wrong = [pair for rule in rules for pair in conditions.unknown(rule).items()]
    keys = {key for rule in rules if isinstance(key := rule.get("policy_key"), str)}
    missing = keys - set(Policy.objects.filter(key__in=keys).values_list("key", flat=True)) if keys else set()
    wrong += [("policy_key", key) for key in sorted(missing)]
    if wrong:
        says = _("There is no “%(word)s”.")
        raise ValidationError({name: ValidationError(says, params={"word": word}) for name, word in wrong})


@pghistory.track(attrs={"personal": Personal.none()})
class PolicyOverride(models.Model):
    """Under these conditions this policy. What is left empty holds for all; the nearest area wins.

    Tier and urgency are the codes of whoever uses the policies (``deadlines.conditions``).
    """

    personal: ClassVar[Personal] = Personal.none()

    area = models.ForeignKey(
        "grids.Area",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("area"),
        help_text=_("Empty: everywhere."),
    )
    category_code = models.CharField(_("category code"), max_length=16, blank=True, help_text=_("Empty: all."))
    tier = models.CharField(_("tier"), max_length=16, blank=True, help_text=_("Empty: all."))
    urgency = models.CharField(_("urgency"), max_length=16, blank=True, help_text=_("Empty: all."))
    policy_key = models.SlugField(_("policy"), max_length=40)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)

    objects = PolicyOverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy by area")
        verbose_name_plural = _("policies by area")
        constraints = (
            models.UniqueConstraint(
                name="policy_override_once",
                fields=("area", "category_code", "tier", "urgency", "valid_from"),
                nulls_distinct=False,
                violation_error_message=_("There is one for the same case from the same day."),
            ),
            models.CheckConstraint(
                name="policy_override_from_before_to",
                condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
                violation_error_message=_("The last day lies before the first."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.category_code or '*'} → {self.policy_key}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django's.

        :raises ValidationError: if it names what does not exist
        """
        refuse_unknown(self.words())
        super().save(*args, **kwargs)

    def words(self) -> dict[str, object]:
        """Return what it names, by field."""
        return {name: getattr(self, name) for name in WORDS}

    def clean(self) -> None:
        """Check what it names; an empty policy is the field's own complaint.

        :raises ValidationError: by field
        """
        refuse_unknown({name: word for name, word in self.words().items() if word})
