"""Two registrations of one human become one: the community says so, old links lead on (cases/volunteers.md, 64)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grids.staff import Staff
from volunteers import transitions
from volunteers.enums import LIVE, State, VolunteerCode
from volunteers.errors import NotNow
from volunteers.models import HomePartner, Mandate, Membership, Qualification, Volunteer
from volunteers.permissions import check_may_keep


def doubles(row: Volunteer, *, by: Staff) -> QuerySet[Volunteer]:
    """Return who else of the register bears exactly this name, in the sight of ``by``. ``row`` comes with its person.

    The name is compared by its blind index; one that is lacking has no doubles.
    """
    if row.person.name_index is None or row.state not in LIVE:
        return Volunteer.objects.none()
    same = Q(person__name_index=row.person.name_index, state__in=LIVE)
    return Volunteer.objects.visible_to(by).filter(same).exclude(pk=row.pk).select_related("person", "home")


@transaction.atomic
def merge(row: Volunteer, *, into: Volunteer, by: Staff, at: datetime) -> Volunteer:
    """Join a registration to another of the same human; return the one that stays, with what both offered.

    It keeps the older application, both teams, mandates and papers. The other is emptied and leads on to it.

    :raises NotYours: if no post of ``by`` keeps the register of both communities
    :raises NotNow: if they do not stand alike, bear other names, or both hold the same place in a team or partnership
    """
    first, second = sorted((row, into), key=lambda one: one.pk)  # whoever joins the other way round waits here
    locked = {one.pk: transitions.lock(one) for one in (first, second)}
    gone, stays = locked[row.pk], locked[into.pk]
    for one in (gone, stays):
        check_may_keep(by, one.home)
    if gone.pk == stays.pk or gone.state not in LIVE or gone.state != stays.state:
        raise NotNow(_("Only two registrations that stand alike are joined. Decide on both first."), field="into")
    if gone.person.name_index is None or bytes(gone.person.name_index) != bytes(stays.person.name_index or b""):
        raise NotNow(_("These are two names."), field="into")
    if (gone.of_age_on is None) != (stays.of_age_on is None):
        raise NotNow(_("One of them is under 18, the other is not."), field="into")
    _check_places(gone, stays)
    Membership.objects.filter(volunteer=gone).update(volunteer=stays)
    Mandate.objects.filter(volunteer=gone).update(volunteer=stays)
    HomePartner.objects.filter(volunteer=gone).update(volunteer=stays)
    known = Qualification.objects.filter(volunteer=stays).values_list("kind", flat=True)
    Qualification.objects.filter(volunteer=gone).exclude(kind__in=list(known)).update(volunteer=stays)
    stays.skills = sorted({*stays.skills, *gone.skills})
    stays.free = sorted({*stays.free, *gone.free})
    stays.applied_at = min(stays.applied_at, gone.applied_at)
    stays.save(update_fields=["skills", "free", "applied_at"])
    transitions.end(gone, State.MERGED, VolunteerCode.MERGED, by=by.user, at=at, merged_into=stays)
    # who was joined to the one that goes now leads on at once, not over two corners
    Volunteer.objects.filter(merged_into=gone).update(merged_into=stays)
    transitions.record(stays, VolunteerCode.CHANGED, by=by.user, at=at)
    return stays


def _check_places(gone: Volunteer, stays: Volunteer) -> None:
    """Refuse to swallow a place that both hold: somebody has to say which one was meant.

    :raises NotNow: if so
    """
    teams = Membership.objects.filter(volunteer=stays, ends_on=None).values("team")
    both = Membership.objects.filter(volunteer=gone, ends_on=None, team__in=teams).select_related("team").first()
    if both is not None:
        words = _("Both are in the team %(team)s. Let one of them leave it first.")
        raise NotNow(words % {"team": both.team.name}, field="into")
    areas = HomePartner.objects.filter(volunteer=stays, ends_on=None).values("area")
    if HomePartner.objects.filter(volunteer=gone, ends_on=None, area__in=areas).exists():
        raise NotNow(_("Both are partners. End one of the two first."), field="into")
