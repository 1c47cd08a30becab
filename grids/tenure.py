"""What the door asks of posts (``people.registry``): which an account holds and until when, who watches accounts."""

from collections.abc import Collection
from datetime import date

from django.db.models import Min

from grids.enums import PostKind
from grids.models import Appointment
from grids.posts import staff_for
from people.models import User
from people.registry import Tenure


def tenure_of(user: User, on: date) -> Tenure:
    """Return the kinds of posts held or stood in for on a day, and the last day of the first that ends.

    Three queries at most.
    """
    staff = staff_for(user, on)
    own = Appointment.objects.at(on).filter(user=user)
    ends = own.aggregate(appointment=Min("ends_on"), post=Min("post__valid_to"))
    return Tenure(
        kinds=frozenset(str(held.kind) for held in staff.holdings),
        until=min((last for last in ends.values() if last is not None), default=None),
    )


def watchers(on: date, without: Collection[int]) -> list[int]:
    """Return who watches over accounts by his post on a day: the system administrators but for ``without``.

    Where there is no other, the district command, which reads the audit log. Two queries at most.
    """
    holding = Appointment.objects.at(on).filter(user__is_active=True).exclude(user__in=without)
    for kind in (PostKind.SYSTEM_ADMINISTRATOR, PostKind.DISTRICT_COMMAND):
        found = list(holding.filter(post__kind=kind).values_list("user_id", flat=True).distinct())
        if found:
            return found
    return []
