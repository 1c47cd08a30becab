"""Which working pages an account enters, by the posts it holds today."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from grids.enums import DEPARTMENT_POSTS, PostKind
from grids.staff import Staff
from petitions.views.access import staff_of

# The worker's face keeps its address when another app takes it over (architecture.md 2).
WORKER_HOME = "/grid/"
__all__ = ["Face", "faces_of", "home_of", "staff_of", "works_a_queue", "works_at_desk"]

# Posts whose day is a queue of matters to handle, in a grid or in a unit; every other post works at a desk.
QUEUE_POSTS = DEPARTMENT_POSTS | {
    PostKind.UNIT_HEAD, PostKind.BUILDING_HEAD, PostKind.GRID_WORKER, PostKind.GRID_LEAD,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Face:
    """One entry of the staff navigation."""

    label: str
    url: str
    is_current: bool


def works_a_queue(staff: Staff) -> bool:
    """Whether the person holds, or stands in for, a post that handles matters."""
    return any(holding.kind in QUEUE_POSTS for holding in staff.holdings)


def works_at_desk(staff: Staff) -> bool:
    """Whether the person may enter the admin, and does not hold posts with a queue alone."""
    queue_only = bool(staff.holdings) and all(holding.kind in QUEUE_POSTS for holding in staff.holdings)
    return staff.user.is_staff and not queue_only


def home_of(staff: Staff) -> str | None:
    """Where the person begins the day; None when no working page is theirs."""
    if works_at_desk(staff):
        return reverse("admin:index")
    return WORKER_HOME if works_a_queue(staff) else None


def faces_of(staff: Staff | None, *, path: str) -> list[Face]:
    """The entries of the navigation for this person, the one that ``path`` lies under marked."""
    if staff is None:
        return []
    entries = []
    if works_a_queue(staff):
        entries.append((_("My day"), WORKER_HOME))
    if staff.user.is_staff:
        entries.append((_("Desk"), reverse("admin:index")))
    return [Face(label, url, path.startswith(url)) for label, url in entries]
