"""Who looked at whose petition, who agreed to it, which unit was given what, what is kept beyond its time."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.enums import Level, PostKind
from grids.posts import SUPERIORS, Staff
from people.enums import AuditKind, PersonField
from people.retention import Personal
from people.traces import traced
from petitions.enums import TransferField

# Who answers for how personal data is looked at below him.
ANSWERS_FOR_REVEALS = (
    PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER, PostKind.STREET_LEADER, PostKind.DISTRICT_COMMAND,
)  # fmt: skip


class PetitionRevealQuerySet(models.QuerySet["PetitionReveal"]):
    """Looks at petitioners' data, by who may read the list of them."""

    def visible_to(self, staff: Staff) -> Self:
        """One's own looks, and those of posts below one's own: of the area's for heads, of the unit's for its head."""
        scope = Q(log__by=staff.user.pk)
        for held in staff.holdings:
            if held.kind in ANSWERS_FOR_REVEALS:
                # of the same level those that he stands over; never a superior's own looks
                scope |= Q(by_path__startswith=held.path, by_level__gt=held.level)
                below = [kind for kind, above in SUPERIORS.items() if held.kind in above]
                scope |= Q(by_path__startswith=held.path, by_level=held.level, by_kind__in=below)
            if held.kind == PostKind.DEPARTMENT_HEAD and held.organisation_id is not None:
                scope |= Q(by_organisation=held.organisation_id, by_kind=PostKind.DEPARTMENT_HANDLER)
        return self.filter(scope)

    def between(self, start: datetime, end: datetime) -> Self:
        """Those of a span of time, ``end`` left out."""
        return self.filter(log__at__gte=start, log__at__lt=end)


class PetitionReveal(models.Model):
    """Which petition a look at sealed data was about, and from which post it was taken."""

    personal: ClassVar[Personal] = Personal.none()

    log = models.OneToOneField("people.RevealLog", models.PROTECT, related_name="petition", verbose_name=_("reveal"))
    petition = models.ForeignKey(
        "petitions.Petition", models.PROTECT, related_name="reveals", verbose_name=_("petition")
    )
    by_kind = models.CharField(_("post"), max_length=24, choices=PostKind)
    by_level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    by_path = models.TextField(_("path of the post's area"), db_collation="C")
    by_organisation = models.ForeignKey(
        "grids.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )

    objects = PetitionRevealQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at a petitioner's data")
        verbose_name_plural = _("looks at petitioners' data")

    def __str__(self) -> str:
        return f"reveal {self.pk}"


class RevealRequestQuerySet(models.QuerySet["RevealRequest"]):
    """Requests for a second person, by where they stand."""

    def waiting(self, at: datetime) -> Self:
        """Return those nobody has decided on and whose time is not over."""
        return self.filter(decided_at=None, expires_at__gt=at)

    def usable(self, at: datetime) -> Self:
        """Return those agreed to, not used yet, whose time is not over."""
        return self.filter(agreed=True, log=None, expires_at__gt=at)


class RevealRequest(models.Model):
    """Who complained about staff is looked up by two: one asks, another of a level above agrees, for some hours."""

    personal: ClassVar[Personal] = Personal(
        fields=("reason",),
        keep="3 years",
        after="created",
        ends="kept",
        subjects="staff",
        purpose=_("showing who looked at personal data and why"),
        legal_ground=_("PIPL art. 51 and 54-56: inside measures, audit"),
    )

    petition = models.ForeignKey(
        "petitions.Petition", models.PROTECT, related_name="reveal_requests", verbose_name=_("petition")
    )
    field = models.CharField(_("field"), max_length=8, choices=PersonField)
    reason = models.CharField(_("reason"), max_length=200)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    asked_level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    expires_at = models.DateTimeField(_("holds until"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    agreed = models.BooleanField(_("agreed"), null=True, blank=True)
    log = models.OneToOneField(
        "people.RevealLog", models.PROTECT, null=True, blank=True, related_name="request", verbose_name=_("reveal")
    )

    objects = RevealRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to look")
        verbose_name_plural = _("requests to look")
        constraints = (
            models.CheckConstraint(
                name="reveal_request_decided_by_another",
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="reveal_request_decided_by_and_at",
                condition=Q(agreed=None, decided_by=None, decided_at=None)
                | Q(agreed__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(name="reveal_request_used_when_agreed", condition=Q(log=None) | Q(agreed=True)),
        )
        triggers = traced(
            AuditKind.REVEALED,
            about="petitions.revealrequest",
            columns=("petition_id", "field", "agreed"),
            actor="coalesce(r.decided_by_id, r.asked_by_id)",
        )

    def __str__(self) -> str:
        return f"reveal request {self.pk}"


class Transfer(models.Model):
    """A unit was given a petition: which kinds of its data it could see from then on (PIPL art. 23, kept 3 years)."""

    personal: ClassVar[Personal] = Personal.none()

    petition = models.ForeignKey(
        "petitions.Petition", models.PROTECT, related_name="transfers", verbose_name=_("petition")
    )
    organisation = models.ForeignKey("grids.Organisation", models.PROTECT, related_name="+", verbose_name=_("given to"))
    fields = ArrayField(models.CharField(max_length=12, choices=TransferField), verbose_name=_("what it could see"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        indexes = (models.Index(fields=("at",), name="transfer_at"),)

    def __str__(self) -> str:
        return f"transfer {self.pk}"


class RetentionHold(models.Model):
    """One petition is kept beyond its time, for a stated reason, until the hold is lifted."""

    personal: ClassVar[Personal] = Personal.none()

    petition = models.ForeignKey(
        "petitions.Petition", models.PROTECT, db_index=False, related_name="holds", verbose_name=_("petition")
    )
    reason = models.CharField(
        _("reason"), max_length=200, help_text=_("Such as a law suit or a review. No data of anybody.")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("lifted by"),
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = (
            models.UniqueConstraint(
                fields=("petition",),
                condition=Q(lifted_at=None),
                name="hold_once",
                violation_error_message=_("This petition is held already."),
            ),
            models.CheckConstraint(
                name="hold_lifted_by_and_at",
                condition=Q(lifted_by=None, lifted_at=None) | Q(lifted_by__isnull=False, lifted_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"hold {self.pk}"
