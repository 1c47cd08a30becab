"""Which working pages an account enters, by the posts it holds today."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.enums import PostKind
from grids.posts import Staff, staff_for
from people.models import User

# The worker's face keeps its address when another app takes it over (architecture.md 2).
WORKER_HOME = "/grid/"
# Posts whose day is spent in a grid; every other post works at a desk.
GRID_POSTS = frozenset({PostKind.UNIT_HEAD, PostKind.BUILDING_HEAD, PostKind.GRID_WORKER, PostKind.GRID_LEAD})


@dataclass(frozen=True, slots=True)
class Face:
    """One entry of the staff navigation."""

    label: str
    url: str
    is_current: bool


def staff_of(request: HttpRequest) -> Staff | None:
    """The signed-in member of staff with today's posts, asked for once in a request; None for a resident.

    A view that knows them already leaves them in ``request.staff``.
    """
    if not isinstance(request.user, User):
        return None
    known: Staff | None = getattr(request, "staff", None)
    if known is None:
        known = staff_for(request.user, on=timezone.localdate())
        request.staff = known  # type: ignore[attr-defined]
    return known


def works_in_grid(staff: Staff) -> bool:
    """Whether the person holds, or stands in for, a post of a grid or below."""
    return any(holding.kind in GRID_POSTS for holding in staff.holdings)


def works_at_desk(staff: Staff) -> bool:
    """Whether the person may enter the admin, and holds no grid post alone."""
    in_grid_only = bool(staff.holdings) and all(holding.kind in GRID_POSTS for holding in staff.holdings)
    return staff.user.is_staff and not in_grid_only


def home_of(staff: Staff) -> str | None:
    """Where the person begins the day; None when no working page is theirs."""
    if works_at_desk(staff):
        return reverse("admin:index")
    return WORKER_HOME if works_in_grid(staff) else None


def faces_of(staff: Staff | None, *, path: str) -> list[Face]:
    """The entries of the navigation for this person, the one that ``path`` lies under marked."""
    if staff is None:
        return []
    entries = []
    if works_in_grid(staff):
        entries.append((_("My queue"), WORKER_HOME))
    if staff.user.is_staff:
        entries.append((_("Desk"), reverse("admin:index")))
    return [Face(label, url, path.startswith(url)) for label, url in entries]
