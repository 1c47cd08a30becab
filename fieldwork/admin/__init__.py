from fieldwork.admin.advisers import AdviserAdmin
from fieldwork.admin.rules import VisitDutyAdmin, VisitRuleAdmin
from fieldwork.admin.shifts import DutyPatternAdmin
from fieldwork.admin.stations import ServiceStationAdmin, StationHoursAdmin, StationItemAdmin, StationTargetAdmin

__all__ = [
    "AdviserAdmin",
    "DutyPatternAdmin",
    "ServiceStationAdmin",
    "StationHoursAdmin",
    "StationItemAdmin",
    "StationTargetAdmin",
    "VisitDutyAdmin",
    "VisitRuleAdmin",
]
