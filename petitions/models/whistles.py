"""Whistles 吹哨报到: who calls whom to come, when they answered, came and were done, and what both sides say of it.

Scores are of units and of calls, never of a person and never of a resident.
"""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.enums import DEPARTMENT_POSTS, PostKind
from grids.staff import Staff
from people.retention import Personal
from petitions.call_enums import HEARD, OVER, WhistleCode, WhistleKind, WhistleState
from petitions.models.petitions import Petition
from petitions.scopes import READS

# Who answers for a community that is called.
ANSWERS_FOR_AREA = frozenset({PostKind.COMMUNITY_SECRETARY, PostKind.COMMUNITY_WORKER})


class WhistleQuerySet(models.QuerySet["Whistle"]):
    """Whistles, by who may read them."""

    def visible_to(self, staff: Staff) -> Self:
        """Return those of the areas this person's posts see, and those that called his unit or his community.

        Of a whistle about a matter he sees what the matter's own rule admits; a called unit sees the whistle, not
        the matter, and neither once the matter is closed to its level, or if he stays out of it.
        """
        own, called = Q(pk__in=()), Q(pk__in=())
        for held in staff.holdings:
            if READS.get(held.kind) == "area":
                own |= Q(area__path__startswith=held.path)
            bar = Q(petition__barred_from=None) | Q(petition__barred_from__gt=held.level)
            if held.kind in DEPARTMENT_POSTS and held.organisation_id is not None:
                called |= (
                    Q(pk__in=WhistleCall.objects.filter(organisation=held.organisation_id).values("whistle")) & bar
                )
            elif held.kind in ANSWERS_FOR_AREA:
                his = WhistleCall.objects.filter(area=held.area_id)
                called |= Q(pk__in=his.values("whistle")) & bar
        own &= Q(petition=None) | Q(petition__in=Petition.objects.visible_to(staff))
        stays_out = Q(petition__recusals__user=staff.user.pk)
        return self.filter(own | (called & Q(state__in=HEARD))).exclude(stays_out)


class Whistle(models.Model):
    """One call for units to come: about a matter, or by itself with a place and words."""

    personal: ClassVar[Personal] = Personal(
        fields=("words", "place_words"),
        keep="5 years",
        after="closed",
        purpose=_("handling the matter"),
        legal_ground=_("PIPL art. 13(3): statutory duty"),
    )

    client_key = models.UUIDField(_("client key"), unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=WhistleKind)
    state = models.CharField(_("state"), max_length=10, choices=WhistleState)
    petition = models.ForeignKey(
        "petitions.Petition", models.PROTECT, null=True, blank=True, related_name="whistles", verbose_name=_("petition")
    )
    # of the post that calls: the grid, the community or the subdistrict
    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("called from"))
    post = models.CharField(_("post that calls"), max_length=24, choices=PostKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("called by"))
    policy = models.ForeignKey(
        "deadlines.Policy", models.PROTECT, db_index=False, related_name="+", verbose_name=_("policy")
    )
    place_words = models.CharField(_("where, in words"), max_length=200)
    words = models.TextField(_("what is needed"), max_length=2000)
    asked_at = models.DateTimeField(_("asked at"))
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("checked by")
    )
    blown_at = models.DateTimeField(_("blown at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = WhistleQuerySet.as_manager()

    class Meta:
        verbose_name = _("whistle")
        verbose_name_plural = _("whistles")
        indexes = (
            models.Index(fields=("state", "-id"), name="whistle_by_state"),
            models.Index(fields=("area", "-id"), name="whistle_newest"),
        )
        constraints = (
            models.CheckConstraint(
                name="whistle_blown_has_at", condition=~Q(state__in=HEARD) | Q(blown_at__isnull=False)
            ),
            models.CheckConstraint(
                name="whistle_over_iff_closed_at",
                condition=Q(state__in=OVER, closed_at__isnull=False) | (~Q(state__in=OVER) & Q(closed_at__isnull=True)),
            ),
            # 应急哨 goes at once
            models.CheckConstraint(
                name="whistle_emergency_never_waits",
                condition=~Q(kind=WhistleKind.EMERGENCY, state=WhistleState.WAITING),
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Return what people call it by."""
        return f"CS-{self.pk}"


class WhistleCall(models.Model):
    """One unit, or one community, that a whistle calls: with clocks and a ladder of its own."""

    personal: ClassVar[Personal] = Personal.none()

    whistle = models.ForeignKey(
        Whistle, models.CASCADE, db_index=False, related_name="calls", verbose_name=_("whistle")
    )
    organisation = models.ForeignKey(
        "grids.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("called unit")
    )
    area = models.ForeignKey(
        "grids.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("called community")
    )
    responded_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    responded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    reported_at = models.DateTimeField(_("reported for duty at"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    # the caller's score of the unit
    came = models.BooleanField(_("came in time"), null=True, blank=True)
    solved = models.BooleanField(_("solved its part"), null=True, blank=True)
    scored_at = models.DateTimeField(_("scored at"), null=True, blank=True)
    # the unit's score of the call
    justified = models.BooleanField(_("the call was justified"), null=True, blank=True)
    judged_at = models.DateTimeField(_("call scored at"), null=True, blank=True)

    class Meta:
        verbose_name = _("called unit")
        verbose_name_plural = _("called units")
        constraints = (
            models.UniqueConstraint(fields=("whistle", "organisation"), name="whistle_unit_once"),
            models.CheckConstraint(
                name="whistle_calls_unit_or_community",
                condition=Q(organisation__isnull=False, area__isnull=True)
                | Q(organisation__isnull=True, area__isnull=False),
            ),
            models.CheckConstraint(
                name="whistle_responded_by_and_at",
                condition=Q(responded_at__isnull=True, responded_by__isnull=True)
                | Q(responded_at__isnull=False, responded_by__isnull=False),
            ),
            models.CheckConstraint(
                name="whistle_reports_after_answer",
                condition=(Q(reported_at__isnull=True) | Q(responded_at__isnull=False))
                & (Q(done_at__isnull=True) | Q(reported_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="whistle_scored_iff_at",
                condition=Q(scored_at__isnull=True, came__isnull=True, solved__isnull=True)
                | Q(scored_at__isnull=False, came__isnull=False, solved__isnull=False),
            ),
            models.CheckConstraint(
                name="whistle_judged_iff_at",
                condition=Q(judged_at__isnull=True, justified__isnull=True)
                | Q(judged_at__isnull=False, justified__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"called unit {self.pk}"

    @property
    def name(self) -> str:
        """Return who is called, by name (organisation or area loaded)."""
        if self.organisation is not None:
            return self.organisation.name
        return str(self.area.label) if self.area is not None else ""


class WhistleEntry(models.Model):
    """One thing that happened to a whistle, with its words; ``call``: of which unit."""

    personal: ClassVar[Personal] = Personal(
        fields=("words",),
        keep="5 years",
        after="closed",
        purpose=_("handling the matter"),
        legal_ground=_("PIPL art. 13(3): statutory duty"),
    )

    whistle = models.ForeignKey(Whistle, models.CASCADE, related_name="entries", verbose_name=_("whistle"))
    call = models.ForeignKey(
        WhistleCall,
        models.CASCADE,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("called unit"),
    )
    code = models.CharField(_("what"), max_length=10, choices=WhistleCode)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    words = models.TextField(_("words"), blank=True, max_length=2000)
    refs = models.JSONField(_("codes and ids"), default=dict, blank=True)

    class Meta:
        verbose_name = _("entry of a whistle")
        verbose_name_plural = _("entries of whistles")

    def __str__(self) -> str:
        return f"{self.code} {self.pk}"
