"""Registers of areas, organisations, posts and hours."""

from grids.admin.areas import AreaAdmin
from grids.admin.hours import ServiceHoursAdmin
from grids.admin.organisations import OrganisationAdmin
from grids.admin.posts import AppointmentAdmin, DutyMemberAdmin, PostAdmin

__all__ = ["AppointmentAdmin", "AreaAdmin", "DutyMemberAdmin", "OrganisationAdmin", "PostAdmin", "ServiceHoursAdmin"]
