from fieldwork.models.campaigns import Campaign, CampaignItem, CampaignTick
from fieldwork.models.coverage import VisitCoverage
from fieldwork.models.duties import VisitDuty, VisitRule
from fieldwork.models.households import Household, HouseholdLink, NotedHousehold
from fieldwork.models.stations import ServiceStation, StationDays, StationHours, StationTarget
from fieldwork.models.visits import Visit

__all__ = [
    "Campaign",
    "CampaignItem",
    "CampaignTick",
    "Household",
    "HouseholdLink",
    "NotedHousehold",
    "ServiceStation",
    "StationDays",
    "StationHours",
    "StationTarget",
    "Visit",
    "VisitCoverage",
    "VisitDuty",
    "VisitRule",
]
