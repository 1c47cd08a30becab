from fieldwork.admin.rules import VisitDutyAdmin, VisitRuleAdmin
from fieldwork.admin.stations import ServiceStationAdmin, StationHoursAdmin, StationTargetAdmin

__all__ = [
    "ServiceStationAdmin",
    "StationHoursAdmin",
    "StationTargetAdmin",
    "VisitDutyAdmin",
    "VisitRuleAdmin",
]
