"""Registers of areas, organisations, posts, teams and hours."""

from grids.admin.areas import AreaAdmin
from grids.admin.audit import AuditEntryAdmin, AuditSealAdmin
from grids.admin.compounds import CompoundAdmin, CompoundProjectAdmin
from grids.admin.hours import ServiceHoursAdmin
from grids.admin.organisations import OrganisationAdmin
from grids.admin.posts import AppointmentAdmin, DutyMemberAdmin, PostAdmin
from grids.admin.privacy import BreachAdmin, ExportLogAdmin, ImpactAssessmentAdmin, ProcessorAdmin, RetentionRunAdmin
from grids.admin.staffing import GridRoleAdmin, RoleLabelAdmin, StaffingChoiceAdmin, StaffingRuleAdmin
from grids.admin.team import (
    CommunityWorkerAdmin,
    GridMemberAdmin,
    HandoverAdmin,
    PublicContactAdmin,
    TrainingAdmin,
    WeekdayDutyAdmin,
)

__all__ = [
    "AppointmentAdmin",
    "AreaAdmin",
    "AuditEntryAdmin",
    "AuditSealAdmin",
    "BreachAdmin",
    "CommunityWorkerAdmin",
    "CompoundAdmin",
    "CompoundProjectAdmin",
    "DutyMemberAdmin",
    "ExportLogAdmin",
    "GridMemberAdmin",
    "GridRoleAdmin",
    "HandoverAdmin",
    "ImpactAssessmentAdmin",
    "OrganisationAdmin",
    "PostAdmin",
    "ProcessorAdmin",
    "PublicContactAdmin",
    "RetentionRunAdmin",
    "RoleLabelAdmin",
    "ServiceHoursAdmin",
    "StaffingChoiceAdmin",
    "StaffingRuleAdmin",
    "TrainingAdmin",
    "WeekdayDutyAdmin",
]
