"""Happy Home partners (001-24): named for a term, honoured for a year, counted by category and duty."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.models import Area
from grids.staff import Staff
from people.errors import BadInput
from volunteers import transitions
from volunteers.enums import PartnerDuty, PartnerKind, PartnerMode, State
from volunteers.errors import NotNow
from volunteers.models import HomePartner, PartnerAward, Volunteer
from volunteers.permissions import check_may_keep

LONGEST_TERM: Final = 3  # years


@dataclass(frozen=True, slots=True)
class Count:
    """How many partners an area has, how many in each category and with each duty, how many outstanding this year."""

    total: int
    kinds: tuple[tuple[PartnerKind, int], ...]
    duties: tuple[tuple[PartnerDuty, int], ...]
    emergency: int
    outstanding: int


@transaction.atomic
def name(
    volunteer: Volunteer,
    *,
    kind: PartnerKind,
    duties: Sequence[PartnerDuty],
    mode: PartnerMode,
    term_ends_on: date,
    by: Staff,
    at: datetime,
) -> HomePartner:
    """Make a registered volunteer a partner of the community where he lives, from today on.

    :raises NotYours: if no post of ``by`` keeps the register there
    :raises BadInput: without a duty, or with a term that is none
    :raises NotNow: if he is not registered, is under 18, or is a partner already
    """
    locked = transitions.lock(volunteer)
    check_may_keep(by, locked.home)
    on = shanghai_date(at)
    if locked.state != State.ACTIVE or locked.is_minor(on):
        raise NotNow(_("A partner is a registered volunteer of 18 or older."))
    if not duties:
        raise BadInput(_("Choose at least one duty."), field="duties")
    if not on <= term_ends_on <= date(on.year + LONGEST_TERM, 12, 31):
        raise BadInput(_("The term ends between today and three years from now."), field="term_ends_on")
    if HomePartner.objects.filter(volunteer=locked, area=locked.home, ends_on=None, term_ends_on__gte=on).exists():
        raise NotNow(_("They are a partner already."))
    # a term that ran out makes room for the next
    HomePartner.objects.filter(volunteer=locked, area=locked.home, ends_on=None).update(ends_on=on)
    return HomePartner.objects.create(
        volunteer=locked,
        area=locked.home,
        kind=kind,
        duties=[one.value for one in PartnerDuty if one in duties],
        mode=mode,
        starts_on=on,
        term_ends_on=term_ends_on,
        added_by=by.user,
    )


@transaction.atomic
def honour(partner: HomePartner, *, year: int, by: Staff, at: datetime) -> PartnerAward:
    """Name a partner outstanding for a year he served in.

    :raises NotYours: if no post of ``by`` keeps the register there
    :raises BadInput: for a year he did not serve in
    :raises NotNow: if he was named for it already, or has ended
    """
    locked = _open(partner, by)
    on = shanghai_date(at)
    if not locked.starts_on.year <= year <= on.year:
        raise BadInput(_("Choose a year in which they served."), field="year")
    award, created = PartnerAward.objects.get_or_create(
        partner=locked, year=year, defaults={"given_on": on, "given_by": by.user}
    )
    if not created:
        raise NotNow(_("They were named for this year already."), field="year")
    return award


@transaction.atomic
def end(partner: HomePartner, *, by: Staff, at: datetime) -> HomePartner:
    """End it today; the registration as a volunteer goes on.

    :raises NotYours: if no post of ``by`` keeps the register there
    :raises NotNow: if it has ended
    """
    locked = _open(partner, by)
    locked.ends_on = max(shanghai_date(at), locked.starts_on)
    locked.save(update_fields=["ends_on"])
    return locked


def counted(area: Area, *, on: date) -> Count:
    """Return how many partners serve at and under an area; one query."""
    this_year = PartnerAward.objects.filter(partner=OuterRef("pk"), year=on.year)
    found = HomePartner.objects.at(on).filter(area__path__startswith=area.path).annotate(best=Exists(this_year))
    rows = list(found.values_list("kind", "duties", "mode", "best"))
    kinds = Counter(kind for kind, _duties, _mode, _best in rows)
    duties = Counter(duty for _kind, listed, _mode, _best in rows for duty in listed)
    return Count(
        total=len(rows),
        kinds=tuple((kind, kinds[kind.value]) for kind in PartnerKind),
        duties=tuple((duty, duties[duty.value]) for duty in PartnerDuty),
        emergency=sum(mode != PartnerMode.PEACE for _kind, _duties, mode, _best in rows),
        outstanding=sum(best for *_facts, best in rows),
    )


def _open(partner: HomePartner, by: Staff) -> HomePartner:
    rows = HomePartner.objects.select_for_update(of=("self",), no_key=True).select_related("area")
    locked = rows.get(pk=partner.pk)
    check_may_keep(by, locked.area)
    if locked.ends_on is not None:
        raise NotNow(_("This has ended."))
    return locked
