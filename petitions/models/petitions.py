"""The petition: a matter a resident has raised, which somebody must answer by a date."""

import uuid
from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from grids.enums import Level
from grids.posts import Holding, Staff
from notifications.models import Notice
from people.enums import Context
from people.models import Person
from people.retention import Personal
from petitions.enums import DONE, OPEN, Channel, IssueKind, Status, Tier, Urgency
from petitions.models.categories import Category
from petitions.moves import lawful_pairs
from petitions.scopes import QUARRELS, READS
from petitions.viewers import ApiClient, Follower, ProvedPhone

_LAWFUL = ", ".join(f"('{here}', '{there}')" for here, there in lawful_pairs())


class PetitionQuerySet(models.QuerySet["Petition"]):
    """Petitions by where they stand and by who may see them."""

    def open(self) -> Self:
        """Return what is not over."""
        return self.filter(status__in=OPEN)

    def done(self) -> Self:
        """Return what is completed."""
        return self.filter(status__in=DONE)

    def to_be_placed(self) -> Self:
        """Return open petitions whose place nobody has found yet."""
        return self.open().filter(place=None)

    def locked(self, pk: int) -> "Petition":
        """Return one petition locked for change, with what its rules ask; what others handed us may be stale.

        No key lock: the sweep refers to the row meanwhile.
        """
        rows = self.select_for_update(of=("self",), no_key=True)
        return rows.select_related("area", "policy", "category").get(pk=pk)

    def visible_to(self, viewer: Staff | Follower | ProvedPhone | ApiClient) -> Self:
        """Return what this viewer may see: staff by the posts held today, a follower what he has proved."""
        return self.filter(self.scope_of(viewer))

    @staticmethod
    def scope_of(viewer: Staff | Follower | ProvedPhone | ApiClient) -> Q:
        """Return the scope rule itself, for joins from a petition's photos, texts and clocks."""
        if isinstance(viewer, Follower):
            proved = Q(pk__in=viewer.petition_ids)
            return proved | PetitionQuerySet._of_phone(viewer.phone) if viewer.phone else proved
        if isinstance(viewer, ProvedPhone):
            return PetitionQuerySet._of_phone(viewer)
        if isinstance(viewer, ApiClient):
            return PetitionQuerySet._of_client(viewer)
        scope = Q(pk__in=())
        for held in viewer.holdings:
            reach = PetitionQuerySet.reach_of(held)
            if reach is not None:
                scope |= reach & (Q(barred_from=None) | Q(barred_from__gt=held.level))
        if any(READS.get(held.kind) == "filed" for held in viewer.holdings):
            scope |= PetitionQuerySet._filed_by(viewer.user.pk)
        # who stepped back from a matter, or is complained of in it, does not see it by another post either
        return scope & ~Q(recusals__user=viewer.user.pk)

    @staticmethod
    def _of_client(viewer: ApiClient) -> Q:
        """Return what a neighbour's system may see."""
        scope = Q(filed_by=viewer.user_id)
        if viewer.reads_all and viewer.organisation_id is not None:
            scope |= Q(organisation=viewer.organisation_id)
        elif viewer.reads_all:
            scope |= Q(area_path__startswith=viewer.path)
        if viewer.sees_closed:
            scope &= Q(barred_from=None) | Q(barred_from__gt=viewer.level)
        else:
            scope &= Q(barred_from=None, is_confidential=False)
            scope &= Q(category=None) | Q(category__sensitive=False, category__reporter_hidden=False)
        return scope & ~Q(recusals__user=viewer.user_id)

    @staticmethod
    def _of_phone(viewer: ProvedPhone) -> Q:
        """Return the matters filed under a telephone, but those that must not be read over a shoulder.

        A telephone is easily in somebody else's hand. What is silent, or was silent from the first and has no
        category yet, opens by number and follow-up code alone; what is anonymous has no petitioner to be found by.
        """
        hers = Person.objects.filter(context=Context.PETITIONER, phone_index=viewer.index)
        about = Concat(Value("petition:"), OuterRef("number"))
        hushed = Notice.objects.filter(about=about, person__isnull=False, silent=True)
        return Q(petitioner__in=hers.values("pk")) & (
            Q(category__silent=False) | (Q(category__isnull=True) & Q(~Exists(hushed)))
        )

    @staticmethod
    def _filed_by(user_id: int) -> Q:
        """Return what a head of a house filed for others, but nothing that must stay among few."""
        few = Q(category__sensitive=True) | Q(category__reporter_hidden=True) | Q(issue_kind=IssueKind.MEDIATION)
        for code in QUARRELS:
            few |= Q(category__code__startswith=code)
        return Q(filed_by=user_id, barred_from=None, is_confidential=False) & ~few

    @staticmethod
    def reach_of(held: Holding) -> Q | None:
        """Return which petitions one post reaches: of its area and all below it, or of its unit; None for none."""
        reads = READS.get(held.kind)
        if reads == "organisation":
            return Q(organisation=held.organisation_id)
        if reads != "area":
            return None
        field = {Level.GRID: "grid", Level.COMMUNITY: "community", Level.STREET: "street"}.get(held.level)
        if field is None:
            return Q(area_path__startswith=held.path)
        own = Q(**{field: held.area_id})
        if held.level != Level.GRID or not held.follows:
            return own
        # what was over before its grid was drawn anew stays there: who follows sees it, for the places that are his
        his = Q(place__path__startswith=held.path) | Q(place__in=held.inherits)
        return own | (Q(grid__in=held.follows) & ~Q(status__in=OPEN) & his)

    def for_list(self) -> Self:
        """Everything one line of a list shows, in one query; most pressing first."""
        named = self.select_related("place__parent", "community", "grid", "category", "handler", "organisation")
        return named.order_by(F("next_due_at").asc(nulls_last=True), "pk")


class Petition(models.Model):
    """A matter in words. ``status`` is written by ``petitions.transitions`` and by nothing else.

    ``place`` is where it is and never changes; ``street``, ``community``, ``grid`` answer for it now.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("title", "petitioner"),
        keep="5 years",
        after="closed",
        purpose=_("handling the matter"),
        legal_ground=_("PIPL art. 13(3): statutory duty"),
    )

    # petition_number_once: one index for the whole number and for its beginning
    number = models.CharField(_("number"), max_length=24, db_collation="C", editable=False)
    code_hash = models.BinaryField(_("follow-up code (hash)"), max_length=32, null=True, editable=False)
    client_key = models.UUIDField(_("client key"), unique=True, default=uuid.uuid4, editable=False)
    external_id = models.CharField(  # noqa: DJ001 - none is no number; petition_external_id_once
        _("external number"), max_length=80, null=True, blank=True
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.SUBMITTED, editable=False)
    title = models.CharField(_("title"), max_length=120)

    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    # what of the community's list it is about, if the petitioner or who took it in said so
    service_item = models.ForeignKey(
        "petitions.ServiceItem",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # petition_of_item: most are about none
        related_name="+",
        verbose_name=_("service item"),
    )
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, blank=True)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, default=Urgency.NORMAL)
    policy = models.ForeignKey(
        "deadlines.Policy",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("policy"),
    )
    issue_kind = models.CharField(_("kind of matter"), max_length=24, choices=IssueKind, default=IssueKind.SMALL)
    needs_deliberation = models.BooleanField(_("needs deliberation"), default=False)
    needs_public_notice = models.BooleanField(_("needs public notice"), default=False)

    place = models.ForeignKey(
        "grids.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    # asked for by its path
    area = models.ForeignKey(
        "grids.Area", models.PROTECT, db_index=False, related_name="+", verbose_name=_("area that answers")
    )
    area_path = models.TextField(_("path of that area"), db_collation="C", editable=False)
    street = models.ForeignKey(
        "grids.Area",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # petition_street_accepted begins with it
        related_name="+",
        verbose_name=_("subdistrict"),
    )
    community = models.ForeignKey(
        "grids.Area",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # petition_community_accepted begins with it
        related_name="+",
        verbose_name=_("community"),
    )
    grid = models.ForeignKey(
        "grids.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("grid")
    )

    petitioner = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("petitioner")
    )
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    is_confidential = models.BooleanField(_("confidential"), default=False)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("filed by"),
    )
    first_contact_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("first-contact owner"),
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handler")
    )
    # who did it, also after his open matters passed to a successor: he may not verify it
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("resolved by"),
    )
    organisation = models.ForeignKey(
        "grids.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handling unit")
    )

    designated_at = models.DateTimeField(_("designated at"), null=True, blank=True, editable=False)
    # a matter about staff: posts at this level and below it neither see nor handle it
    barred_from = models.PositiveSmallIntegerField(
        _("closed to this level and below"), choices=Level, null=True, blank=True, editable=False
    )

    # the matter this one was joined to; its progress is this one's
    master = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        db_index=False,  # petition_joined: few matters are joined to another
        related_name="joined",
        verbose_name=_("joined to"),
    )
    # how often it went back to work after it had been reported as done; each round may be rated once
    round = models.PositiveSmallIntegerField(_("round"), default=0, editable=False)

    submitted_at = models.DateTimeField(_("submitted at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    # stands in five indexes: whenever it changes, every index of the table gets a new entry; so there is none that no
    # list reads, and a key to what is never deleted needs none
    next_due_at = models.DateTimeField(_("next due at"), null=True, blank=True)
    next_stage = models.ForeignKey(
        "deadlines.Stage",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("next stage"),
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    # which privacy notice the petitioner was shown when he sent it, and when that was
    privacy_version = models.CharField(_("version of the privacy notice"), max_length=12, blank=True, editable=False)
    privacy_at = models.DateTimeField(_("privacy notice accepted at"), null=True, blank=True, editable=False)
    # when name, number and address went, and when words and photos did; the history stays
    contact_erased_at = models.DateTimeField(_("contact erased at"), null=True, blank=True, editable=False)
    anonymised_at = models.DateTimeField(_("anonymised at"), null=True, blank=True, editable=False)

    objects = PetitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("petition")
        verbose_name_plural = _("petitions")
        indexes = (
            models.Index(fields=("grid", "next_due_at", "id"), name="petition_grid_open", condition=Q(status__in=OPEN)),
            models.Index(
                fields=("community", "next_due_at", "id"), name="petition_community_open", condition=Q(status__in=OPEN)
            ),
            models.Index(
                fields=("street", "next_due_at", "id"), name="petition_street_open", condition=Q(status__in=OPEN)
            ),
            models.Index(
                fields=("organisation", "next_due_at", "id"),
                name="petition_unit_open",
                condition=Q(status__in=OPEN, organisation__isnull=False),
            ),
            models.Index(fields=("handler", "next_due_at"), name="petition_handler_open", condition=Q(status__in=OPEN)),
            models.Index(fields=("area_path",), name="petition_area_path"),
            # the list of all matters of an area, newest first, at any depth
            models.Index(fields=("community", "submitted_at", "id"), name="petition_community_newest"),
            models.Index(fields=("street", "submitted_at", "id"), name="petition_street_newest"),
            models.Index(fields=("community", "accepted_at"), name="petition_community_accepted"),
            models.Index(fields=("street", "accepted_at"), name="petition_street_accepted"),
            models.Index(fields=("accepted_at",), name="petition_accepted"),
            models.Index(fields=("master",), name="petition_joined", condition=Q(master__isnull=False)),
            models.Index(fields=("service_item",), name="petition_of_item", condition=Q(service_item__isnull=False)),
            models.Index(fields=("submitted_at",), name="petition_unplaced", condition=Q(place__isnull=True)),
            # the month's figures on the first page: what came in, what was done
            models.Index(fields=("submitted_at",), name="petition_submitted"),
            # what the retention job has not been through yet; it ended after it was submitted
            models.Index(
                fields=("submitted_at",), name="petition_not_anonymised", condition=Q(anonymised_at__isnull=True)
            ),
            models.Index(fields=("resolved_at",), name="petition_resolved", condition=Q(resolved_at__isnull=False)),
        )
        constraints = (
            models.UniqueConstraint(fields=("number",), name="petition_number_once"),
            # most have none, and take no place in the index
            models.UniqueConstraint(
                fields=("external_id",), name="petition_external_id_once", condition=Q(external_id__isnull=False)
            ),
            models.CheckConstraint(
                name="petition_done_iff_resolved_at",
                condition=Q(status__in=DONE, resolved_at__isnull=False)
                | (~Q(status__in=DONE) & Q(resolved_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="petition_closed_iff_closed_at",
                condition=Q(status=Status.CLOSED, closed_at__isnull=False)
                | (~Q(status=Status.CLOSED) & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="petition_accepted_has_at",
                condition=Q(status__in=(Status.SUBMITTED, Status.DECLINED, Status.WITHDRAWN, Status.MERGED))
                | Q(accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="petition_merged_iff_master",
                condition=Q(status=Status.MERGED, master__isnull=False)
                | (~Q(status=Status.MERGED) & Q(master__isnull=True)),
            ),
            models.CheckConstraint(
                name="petition_anonymised_when_over",
                condition=Q(anonymised_at__isnull=True) | (~Q(status__in=OPEN) & Q(contact_erased_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="petition_anonymous_has_no_petitioner",
                condition=Q(is_anonymous=False) | Q(petitioner__isnull=True),
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="petition_lawful_move",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("status"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Q(old__status__df=pgtrigger.F("new__status")),
                func=f"""
                    IF (OLD.status, NEW.status) NOT IN ({_LAWFUL}) THEN
                        RAISE EXCEPTION 'petition % may not move from % to %', OLD.id, OLD.status, NEW.status
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Tell whether it is not over."""
        return self.status in OPEN
