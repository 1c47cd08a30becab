"""What posts write to each other: circulars from above to areas, filings from an area to the level above."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.enums import PostKind
from grids.posts import Staff
from people.retention import Personal
from petitions.filing_enums import FilingKind, FilingState

# Who publishes, who answers for an area that is addressed, who files and who is filed with.
PUBLISHES = frozenset({PostKind.DISPATCHER, PostKind.STREET_LEADER, PostKind.DISTRICT_COMMAND})
HEADS_AREA = frozenset({PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER, PostKind.STREET_LEADER})
FILES_FROM = frozenset({PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER, PostKind.STREET_LEADER})


class CircularQuerySet(models.QuerySet["Circular"]):
    """Circulars, by who may read them."""

    def visible_to(self, staff: Staff) -> Self:
        """Return what the person's areas published, and what was sent to an area of his posts or below it."""
        sent, addressed = Q(pk__in=()), Q(pk__in=())
        for held in staff.holdings:
            if held.organisation_id is not None or held.kind == PostKind.SYSTEM_ADMINISTRATOR:
                continue
            addressed |= Q(area__path__startswith=held.path)
            if held.kind in PUBLISHES:
                sent |= Q(area__path__startswith=held.path)
        mine = CircularAddress.objects.filter(addressed).values("circular")
        return self.filter(sent | Q(pk__in=mine))


class Circular(models.Model):
    """调度通报: a street or the district tells its areas what to do, with matters named by number (004-15)."""

    personal: ClassVar[Personal] = Personal(
        fields=("body",),
        keep="5 years",
        after="created",
        subjects="staff",
        purpose=_("directing work"),
        legal_ground=_("PIPL art. 13(3)"),
    )

    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), max_length=4000)
    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("issued from"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued at"))
    answer_by = models.DateField(_("answer by (last day)"), null=True, blank=True)
    petitions = models.ManyToManyField(
        "petitions.Petition", blank=True, related_name="circulars", verbose_name=_("petitions named")
    )

    objects = CircularQuerySet.as_manager()

    class Meta:
        verbose_name = _("circular")
        verbose_name_plural = _("circulars")
        indexes = (models.Index(fields=("area", "-issued_at"), name="circular_newest"),)

    def __str__(self) -> str:
        return f"circular {self.pk}"


class CircularAddress(models.Model):
    """One area a circular was sent to: when its head read it, and what it answered."""

    personal: ClassVar[Personal] = Personal(
        fields=("answer",), keep="5 years", after="created", subjects="staff", purpose=_("directing work"),
        legal_ground=_("PIPL art. 13(3)"),
    )  # fmt: skip

    circular = models.ForeignKey(
        Circular, models.CASCADE, db_index=False, related_name="addresses", verbose_name=_("circular")
    )
    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("sent to"))
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("read by")
    )
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True, max_length=2000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("addressee of a circular")
        verbose_name_plural = _("addressees of circulars")
        constraints = (
            models.UniqueConstraint(fields=("circular", "area"), name="circular_once_per_area"),
            models.CheckConstraint(
                name="circular_read_by_and_at",
                condition=Q(read_at__isnull=True, read_by__isnull=True)
                | Q(read_at__isnull=False, read_by__isnull=False),
            ),
            models.CheckConstraint(
                name="circular_answered_by_and_at",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            ),
        )

    def __str__(self) -> str:
        return f"circular {self.circular_id} to {self.area_id}"


class FilingQuerySet(models.QuerySet["Filing"]):
    """Filings, by who may read them and who decides."""

    def visible_to(self, staff: Staff) -> Self:
        """Return what was filed by or with an area of the person's posts, or below it."""
        scope = Q(pk__in=())
        for held in staff.holdings:
            if held.organisation_id is None and held.kind in FILES_FROM | PUBLISHES:
                scope |= Q(area__path__startswith=held.path)
        return self.filter(scope)

    def waiting_for(self, staff: Staff) -> Self:
        """Return what the person's posts must note or send back."""
        areas = [held.area_id for held in staff.holdings if held.kind in PUBLISHES]
        return self.filter(state=FilingState.FILED, to_area__in=areas)


class Filing(models.Model):
    """报备备案: a community or street files a plan or a temporary measure with the level above (004-15)."""

    personal: ClassVar[Personal] = Personal(
        fields=("body",),
        keep="5 years",
        after="created",
        subjects="staff",
        purpose=_("directing work"),
        legal_ground=_("PIPL art. 13(3)"),
    )

    kind = models.CharField(_("kind"), max_length=8, choices=FilingKind)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), max_length=4000)
    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("filed by the area"))
    to_area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("filed with"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until (last day)"), null=True, blank=True)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("filed by"))
    filed_at = models.DateTimeField(_("filed at"))
    state = models.CharField(_("state"), max_length=8, choices=FilingState, default=FilingState.FILED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("filed anew for")
    )

    objects = FilingQuerySet.as_manager()

    class Meta:
        verbose_name = _("filing")
        verbose_name_plural = _("filings")
        indexes = (
            models.Index(fields=("area", "-filed_at"), name="filing_newest"),
            models.Index(fields=("to_area",), name="filing_waiting", condition=Q(state=FilingState.FILED)),
        )
        constraints = (
            models.CheckConstraint(
                name="filing_decided_by_and_at",
                condition=Q(state=FilingState.FILED, decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state=FilingState.FILED) & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="filing_returned_with_reason", condition=~Q(state=FilingState.RETURNED) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="filing_starts_before_end", condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on"))
            ),
        )

    def __str__(self) -> str:
        return f"filing {self.pk}"
