from fieldwork.admin.advisers import AdviserAdmin
from fieldwork.admin.legalpeople import LegalGoalAdmin
from fieldwork.admin.rules import VisitDutyAdmin, VisitRuleAdmin
from fieldwork.admin.shifts import DutyPatternAdmin
from fieldwork.admin.stations import ServiceStationAdmin, StationHoursAdmin, StationItemAdmin, StationTargetAdmin

__all__ = [
    "AdviserAdmin",
    "DutyPatternAdmin",
    "LegalGoalAdmin",
    "ServiceStationAdmin",
    "StationHoursAdmin",
    "StationItemAdmin",
    "StationTargetAdmin",
    "VisitDutyAdmin",
    "VisitRuleAdmin",
]
