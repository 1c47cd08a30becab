from fieldwork.models.campaigns import Campaign, CampaignItem, CampaignTick
from fieldwork.models.coverage import VisitCoverage
from fieldwork.models.duties import VisitDuty, VisitRule
from fieldwork.models.households import Household, HouseholdLink, NotedHousehold
from fieldwork.models.visits import Visit

__all__ = [
    "Campaign",
    "CampaignItem",
    "CampaignTick",
    "Household",
    "HouseholdLink",
    "NotedHousehold",
    "Visit",
    "VisitCoverage",
    "VisitDuty",
    "VisitRule",
]
