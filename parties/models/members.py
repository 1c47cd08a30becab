"""Members of Party organisations 党员: who stands in which, from one day to another. Restricted data (ADR 32)."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.enums import PostKind
from grids.staff import Staff
from parties.enums import Ground
from parties.models.organisations import PartyOrganisation
from people.models import Person
from people.retention import Personal


class PartyMemberQuerySet(models.QuerySet["PartyMember"]):
    """Memberships, by viewer."""

    def current(self) -> Self:
        """Those that have not ended."""
        return self.filter(left_on=None)

    def visible_to(self, staff: Staff) -> Self:
        """Those of whoever keeps them: the secretary's of his community, the street leader's of the street's own.

        From the street upwards there are counts only.
        """
        scope = Q(pk__in=())
        for path in staff.reach(PostKind.COMMUNITY_SECRETARY):
            scope |= Q(organisation__area__path__startswith=path)
        streets = [held.area_id for held in staff.holdings if held.kind == PostKind.STREET_LEADER]
        return self.filter(scope | Q(organisation__area__in=streets))


class PartyMember(models.Model):
    """Somebody's time in one organisation; who moves gets a row there, and the old one stays until its time is over.

    Name and number stand in a sealed person of this context alone. ``seat`` is a keyed digest of both, by which one
    human stands in one organisation at a time in the whole installation; it can be joined with nothing.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("person", "organisation", "seat", "ground"),
        keep="1 years",
        after="ends_on",
        ends="deleted",
        purpose=_("letting a Party organisation know its own members, and reaching them"),
        legal_ground=_("PIPL art. 13(1): consent, or the transfer letter that the member hands in"),
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_key = models.UUIDField(_("client key"), unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    organisation = models.ForeignKey(
        PartyOrganisation, models.PROTECT, db_index=False, related_name="members",
        verbose_name=_("Party organisation"),
    )  # fmt: skip
    joined_here_on = models.DateField(_("here since"))
    left_on = models.DateField(_("last day"), null=True, blank=True)
    seat = models.BinaryField(_("keyed digest of name and number"), max_length=32, null=True, editable=False)
    ground = models.CharField(_("written down because"), max_length=7, choices=Ground)
    # nobody, where it was loaded in bulk
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, db_index=False, related_name="+",
        verbose_name=_("written down by"),
    )  # fmt: skip

    objects = PartyMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a Party organisation")
        verbose_name_plural = _("members of Party organisations")
        indexes = (
            models.Index(
                fields=("organisation", "-joined_here_on", "id"), name="partymember_of", condition=Q(left_on=None)
            ),
            models.Index(fields=("left_on",), name="partymember_left", condition=Q(left_on__isnull=False)),
        )
        constraints = (
            # two who write one human down at once: the database keeps one row
            models.UniqueConstraint(fields=("seat",), name="partymember_one_seat", condition=Q(left_on=None)),
            models.UniqueConstraint(fields=("person",), name="partymember_in_one_place", condition=Q(left_on=None)),
            models.CheckConstraint(
                name="partymember_from_before_to", condition=Q(left_on=None) | Q(joined_here_on__lte=F("left_on"))
            ),
            models.CheckConstraint(
                name="partymember_gone_has_no_seat", condition=Q(left_on=None) | Q(seat__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"membership {self.pk}"
