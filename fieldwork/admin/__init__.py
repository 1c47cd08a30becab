from fieldwork.admin.rules import VisitDutyAdmin, VisitRuleAdmin
from fieldwork.admin.shifts import DutyPatternAdmin
from fieldwork.admin.stations import ServiceStationAdmin, StationHoursAdmin, StationTargetAdmin

__all__ = [
    "DutyPatternAdmin",
    "ServiceStationAdmin",
    "StationHoursAdmin",
    "StationTargetAdmin",
    "VisitDutyAdmin",
    "VisitRuleAdmin",
]
