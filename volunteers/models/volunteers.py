"""Volunteers 志愿者: who registered, what they can do and when, who took them on, and who agrees for a minor."""

import uuid
from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.enums import PostKind
from grids.staff import Staff
from people.models import Person
from people.retention import Personal
from volunteers.enums import LIVE, OVER, QualificationKind, Skill, State, VolunteerCode

AT_GRID = frozenset({PostKind.GRID_WORKER, PostKind.GRID_LEAD})
AT_COMMUNITY = frozenset({PostKind.COMMUNITY_SECRETARY, PostKind.COMMUNITY_WORKER})


class VolunteerQuerySet(models.QuerySet["Volunteer"]):
    """Registrations, by viewer and state."""

    def live(self) -> Self:
        """Those that stand in the register: waiting, taken on, suspended."""
        return self.filter(state__in=LIVE)

    def waiting_for(self, staff: Staff) -> Self:
        """Those that this person's community decides on."""
        return self.filter(state=State.WAITING, home__in=_areas(staff, AT_COMMUNITY))

    def visible_to(self, staff: Staff) -> Self:
        """Those of the person's community, and those taken on who work there; above it there are figures only."""
        grids, communities = _areas(staff, AT_GRID), _areas(staff, AT_COMMUNITY)
        home = Q(home__in=communities)
        if grids:
            home |= Q(home__children__in=grids)
        works = Q(work__in=communities, state=State.ACTIVE)
        found = self.filter(home | works)
        return found.distinct() if grids else found


def _areas(staff: Staff, kinds: frozenset[PostKind]) -> list[int]:
    return [held.area_id for held in staff.holdings if held.kind in kinds]


class Volunteer(models.Model):
    """One human who offered to help. ``state`` is written by ``volunteers.transitions`` and by nothing else.

    Name and number stand in a sealed person of this context. The row itself is never deleted: what was served hangs
    on it. Of whoever leaves it holds days and states only. Of age nothing is kept but, for a minor, from when on he
    is an adult (ADR 28). ``seat`` is a keyed digest that makes one human one row; it can be joined with nothing.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("person", "skills", "free", "of_age_on", "seat", "refusal", "home", "work"),
        keep="6 months",
        after="ends_on",
        purpose=_("knowing who offers to help, with what and when, and reaching them"),
        legal_ground=_("PIPL art. 13(1): consent; Volunteer Service Regulation 2017, art. 7"),
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_key = models.UUIDField(_("client key"), unique=True, editable=False)
    person = models.OneToOneField(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    home = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("community of home"))
    work = models.ForeignKey(
        "grids.Area", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("community of work"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING, editable=False)
    skills = ArrayField(models.CharField(max_length=9, choices=Skill), verbose_name=_("skills"), default=list)
    # weekday (Monday 0) times ten and part of the day
    free = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("when they are free"), default=list)
    of_age_on = models.DateField(_("of age from"), null=True, blank=True)
    seat = models.BinaryField(_("keyed digest of the number"), max_length=32, null=True, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, db_index=False, related_name="+",
        verbose_name=_("written down by"),
    )  # fmt: skip
    applied_at = models.DateTimeField(_("applied at"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, db_index=False, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip
    refusal = models.CharField(_("why not"), max_length=200, blank=True)
    ends_on = models.DateField(_("ended on"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("joined to")
    )

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("volunteer")
        verbose_name_plural = _("volunteers")
        indexes = (
            models.Index(fields=("home", "state", "-applied_at"), name="volunteer_of_home"),
            models.Index(fields=("work",), name="volunteer_of_work", condition=Q(work__isnull=False)),
            models.Index(fields=("of_age_on",), name="volunteer_minor", condition=Q(of_age_on__isnull=False)),
        )
        constraints = (
            # two who register one human at once: the database keeps one row
            models.UniqueConstraint(fields=("seat",), name="volunteer_one_seat"),
            models.CheckConstraint(
                name="volunteer_decided_by_somebody",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="volunteer_refused_for_a_reason",
                condition=(Q(state=State.REFUSED) & ~Q(refusal="")) | (~Q(state=State.REFUSED) & Q(refusal="")),
            ),
            models.CheckConstraint(
                name="volunteer_live_has_no_end",
                condition=Q(state__in=sorted(LIVE), ends_on__isnull=True)
                | (~Q(state__in=sorted(LIVE)) & Q(ends_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="volunteer_gone_says_nothing",
                condition=~Q(state__in=sorted(OVER))
                | Q(seat__isnull=True, skills=[], free=[], of_age_on__isnull=True, work__isnull=True),
            ),
            models.CheckConstraint(
                name="volunteer_merged_into_another",
                condition=(Q(state=State.MERGED, merged_into__isnull=False) & ~Q(merged_into=F("id")))
                | (~Q(state=State.MERGED) & Q(merged_into__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return f"volunteer {self.pk}"

    def is_minor(self, on: date) -> bool:
        """Tell whether they are under 18 on a civil date; a month is never cut short (ADR 28)."""
        return self.of_age_on is not None and on < self.of_age_on

    @property
    def skill_labels(self) -> list[str]:
        """The skills in words, in the order of the list."""
        return [str(one.label) for one in Skill if one.value in self.skills]


class Guardian(models.Model):
    """A parent or guardian who agrees for a minor; the consent itself, with text version and days, is the person's.

    Name and number are gone at once when the minor leaves or comes of age.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("person",),
        keep="1 years",
        after="ends_on",
        ends="deleted",
        purpose=_("asking who agrees for a child that wants to help, and reaching them"),
        legal_ground=_("PIPL art. 13(1) and 31: a guardian's own consent"),
    )

    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, related_name="guardians", verbose_name=_("volunteer"), db_index=False
    )
    person = models.OneToOneField(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    is_proved = models.BooleanField(_("number proved by a code"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name = _("guardian of a volunteer")
        verbose_name_plural = _("guardians of volunteers")
        constraints = (
            models.UniqueConstraint(
                fields=("volunteer",), name="guardian_one_in_force", condition=Q(ends_on__isnull=True)
            ),
            models.CheckConstraint(
                name="guardian_from_before_to", condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on"))
            ),
        )

    def __str__(self) -> str:
        return f"guardian {self.pk}"


class Qualification(models.Model):
    """A paper a volunteer says he holds, and until when it is good; gone with him, or a year after it ran out."""

    personal: ClassVar[Personal] = Personal(
        fields=("kind", "valid_until"),
        keep="1 years",
        after="expired",
        ends="deleted",
        purpose=_("offering only tasks that somebody is trained for"),
        legal_ground=_("PIPL art. 13(1): consent; Volunteer Service Regulation 2017, art. 15 and 16"),
    )

    volunteer = models.ForeignKey(
        Volunteer, models.CASCADE, related_name="qualifications", verbose_name=_("volunteer"), db_index=False
    )
    kind = models.CharField(_("qualification"), max_length=11, choices=QualificationKind)
    valid_until = models.DateField(_("good until"), null=True, blank=True)

    class Meta:
        verbose_name = _("qualification of a volunteer")
        verbose_name_plural = _("qualifications of volunteers")
        constraints = (models.UniqueConstraint(fields=("volunteer", "kind"), name="qualification_once"),)

    def __str__(self) -> str:
        return f"qualification {self.pk}"

    def holds(self, on: date) -> bool:
        """Tell whether it is good on a civil date; its last day counts."""
        return self.valid_until is None or on <= self.valid_until


class VolunteerEvent(models.Model):
    """One thing that happened to a registration: a code, an instant, an account. Append-only, no words."""

    personal: ClassVar[Personal] = Personal.none()

    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, related_name="events", verbose_name=_("volunteer"), db_index=False
    )
    code = models.CharField(_("what happened"), max_length=10, choices=VolunteerCode)
    # empty: the volunteer or the guardian himself, or the calendar
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, db_index=False, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("event of a volunteer")
        verbose_name_plural = _("events of volunteers")
        indexes = (models.Index(fields=("volunteer", "at"), name="volunteerevent_of"),)

    def __str__(self) -> str:
        return f"{self.code} {self.pk}"
