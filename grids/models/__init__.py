"""The area tree, the bodies in it, the posts and teams, and when they are open."""

from grids.models.areas import Area, AreaQuerySet, Building, Community, Grid, Street, Unit
from grids.models.compounds import Compound, CompoundProject, Takeover
from grids.models.edits import AdminEdit
from grids.models.handovers import Handover
from grids.models.hours import ServiceHours
from grids.models.incoming import IncomingFile
from grids.models.microgrids import MicroGrid, MicroGridPlace
from grids.models.organisations import Organisation
from grids.models.posts import Absence, Appointment, DutyMember, Post
from grids.models.redivisions import AreaSuccession, Redivision, RedivisionBuilding, RedivisionGrid, RedivisionSeat
from grids.models.staffing import GridRole, RoleLabel, StaffingChoice, StaffingLine, StaffingRule
from grids.models.team import GridMember, PublicContact, StaffCard, WeekdayDuty
from grids.models.workers import CommunityWorker, Training

__all__ = [
    "Absence",
    "AdminEdit",
    "Appointment",
    "Area",
    "AreaQuerySet",
    "AreaSuccession",
    "Building",
    "Community",
    "CommunityWorker",
    "Compound",
    "CompoundProject",
    "DutyMember",
    "Grid",
    "GridMember",
    "GridRole",
    "Handover",
    "IncomingFile",
    "MicroGrid",
    "MicroGridPlace",
    "Organisation",
    "Post",
    "PublicContact",
    "Redivision",
    "RedivisionBuilding",
    "RedivisionGrid",
    "RedivisionSeat",
    "RoleLabel",
    "ServiceHours",
    "StaffCard",
    "StaffingChoice",
    "StaffingLine",
    "StaffingRule",
    "Street",
    "Takeover",
    "Training",
    "Unit",
    "WeekdayDuty",
]
