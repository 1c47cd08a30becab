"""Which posts an account holds today and until when, for the door (``people.registry``)."""

from datetime import date

from django.db.models import Min

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
