"""Party organisations 党组织: a tree beside the tree of areas."""

from datetime import date
from typing import ClassVar, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.enums import PostKind
from grids.staff import Staff
from parties.enums import FORMED, ONE_OF_AN_AREA, BranchForm, PartyKind
from people.retention import Personal

# Who keeps organisations at or under the area of the post; who reads tree and counts beside them.
KEEPS_ORGANISATIONS = frozenset({PostKind.COMMUNITY_SECRETARY, PostKind.STREET_LEADER})
SEES_ORGANISATIONS = KEEPS_ORGANISATIONS | {PostKind.DISTRICT_COMMAND}

# Fills ``path`` from the parent's; refuses an area that does not lie at or under the parent's.
# A bulk load brings its paths along and so never calls it (see the condition of the trigger).
GROW_PATH = """
    IF NEW.parent_id IS NULL THEN
        NEW.path := NEW.id || '/';
    ELSE
        SELECT above.path || NEW.id || '/' INTO NEW.path
        FROM parties_partyorganisation above
        JOIN grids_area wide ON wide.id = above.area_id
        JOIN grids_area own ON own.id = NEW.area_id
        WHERE above.id = NEW.parent_id AND starts_with(own.path, wide.path);
        IF NEW.path IS NULL THEN
            RAISE EXCEPTION 'a Party organisation lies at or under the area of the one above it'
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
"""


class PartyOrganisationQuerySet(models.QuerySet["PartyOrganisation"]):
    """Organisations by date, place in the tree and viewer."""

    def at(self, on: date) -> Self:
        """Those that exist on the civil date ``on`` (both ends included)."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def under(self, path: str) -> Self:
        """The organisation with this path and everything below it."""
        return self.filter(path__startswith=path)

    def visible_to(self, staff: Staff) -> Self:
        """Those at or under the areas of the posts that keep them or read their counts; nobody else sees any."""
        scope = Q(pk__in=())
        for path in staff.reach(*SEES_ORGANISATIONS):
            scope |= Q(area__path__startswith=path)
        return self.filter(scope)


@pghistory.track(attrs={"personal": Personal.none()})
class PartyOrganisation(models.Model):
    """A Party organisation. It is closed by ``valid_to`` with a reason, never deleted, and never changes its place.

    ``path``: the ids from the topmost organisation down to this one. What stands under which, and at which level of
    areas, says ``enums.PLACES`` (000-23, 003a-03).
    """

    personal: ClassVar[Personal] = Personal.none()

    kind = models.CharField(_("kind"), max_length=17, choices=PartyKind)
    form = models.CharField(_("single or joint"), max_length=6, choices=BranchForm, blank=True)
    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    organisation = models.ForeignKey(
        "grids.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("stands under")
    )
    path = models.TextField(_("path"), db_default="", editable=False, db_collation="C")
    name = models.CharField(_("name"), max_length=100)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to (last day)"), null=True, blank=True)
    closed_because = models.CharField(_("closed because"), max_length=200, blank=True)
    # nobody, where it was loaded in bulk
    founded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, db_index=False, related_name="+",
        verbose_name=_("written down by"),
    )  # fmt: skip

    objects = PartyOrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Party organisation")
        verbose_name_plural = _("Party organisations")
        indexes = (models.Index("path", name="partyorganisation_path"),)
        constraints = (
            models.UniqueConstraint(
                fields=("parent", "name"),
                name="partyorganisation_name_once",
                condition=Q(valid_to__isnull=True),
                violation_error_message=_("There is one of this name already."),
            ),
            models.UniqueConstraint(
                fields=("area", "kind"),
                name="partyorganisation_one_of_an_area",
                condition=Q(valid_to__isnull=True, kind__in=sorted(ONE_OF_AN_AREA)),
                violation_error_message=_("This area has one already."),
            ),
            models.CheckConstraint(
                name="partyorganisation_kind_known", condition=Q(kind__in=[kind.value for kind in PartyKind])
            ),
            models.CheckConstraint(name="partyorganisation_name_given", condition=~Q(name="")),
            models.CheckConstraint(
                name="partyorganisation_topmost",
                condition=Q(kind=PartyKind.WORKING_COMMITTEE, parent__isnull=True)
                | (~Q(kind=PartyKind.WORKING_COMMITTEE) & Q(parent__isnull=False)),
            ),
            models.CheckConstraint(
                name="partyorganisation_form_of_branches",
                condition=(Q(kind__in=sorted(FORMED)) & ~Q(form="")) | (~Q(kind__in=sorted(FORMED)) & Q(form="")),
            ),
            models.CheckConstraint(
                name="partyorganisation_from_before_to",
                condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
            ),
            models.CheckConstraint(
                name="partyorganisation_closed_for_a_reason",
                condition=Q(valid_to__isnull=True, closed_because="")
                | (Q(valid_to__isnull=False) & ~Q(closed_because="")),
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="grow_path",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__path=""),
                func=GROW_PATH,
            ),
            # its place never changes: no cycle can come about, and no path is ever wrong
            pgtrigger.ReadOnly(name="keep_place", fields=["kind", "area", "parent", "path"]),
        )

    def __str__(self) -> str:
        return f"Party organisation {self.pk}"

    def line_ids(self) -> tuple[int, ...]:
        """Ids from the topmost down to this one. No query."""
        return tuple(int(part) for part in self.path.split("/")[:-1])
