"""The area tree, the bodies in it, the posts, and when they are open."""

from grids.models.areas import Area, AreaQuerySet, Building, Community, Grid, Street, Unit
from grids.models.hours import ServiceHours
from grids.models.organisations import Organisation
from grids.models.posts import Absence, Appointment, DutyMember, Post

__all__ = [
    "Absence",
    "Appointment",
    "Area",
    "AreaQuerySet",
    "Building",
    "Community",
    "DutyMember",
    "Grid",
    "Organisation",
    "Post",
    "ServiceHours",
    "Street",
    "Unit",
]
