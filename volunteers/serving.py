"""Who may serve where and when. A pure rule: later slices ask it before every offer, the pages show what it says.

Minors go to no homes and serve at no hour of the night: Volunteer Service Regulation 2017, art. 15 and 16 (tasks fit
age, skill and health; a minor serves with his guardian's consent); the Law on the Protection of Minors, art. 61, keeps
children out of what may harm them.
"""

from datetime import datetime, time
from typing import Final

from deadlines.timetable import SHANGHAI
from volunteers.enums import ServiceKind, State, Unfit
from volunteers.models import Volunteer

NIGHT_FROM: Final = time(22, 0)
NIGHT_TO: Final = time(6, 0)


def why_not(volunteer: Volunteer, kind: ServiceKind, *, at: datetime) -> Unfit | None:
    """Return why somebody may not serve so ``at`` an instant (the night is Shanghai's); None if he may."""
    if volunteer.state == State.SUSPENDED:
        return Unfit.NO_CONSENT
    if volunteer.state != State.ACTIVE:
        return Unfit.NOT_REGISTERED
    local = at.astimezone(SHANGHAI)
    if not volunteer.is_minor(local.date()):
        return None
    if kind == ServiceKind.AT_HOME:
        return Unfit.MINOR_AT_HOME
    if local.time() >= NIGHT_FROM or local.time() < NIGHT_TO:
        return Unfit.MINOR_AT_NIGHT
    return None


def may_serve(volunteer: Volunteer, kind: ServiceKind, *, at: datetime) -> bool:
    """Tell whether somebody may serve so ``at`` an instant."""
    return why_not(volunteer, kind, at=at) is None
