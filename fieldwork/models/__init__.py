from fieldwork.models.advisers import Adviser
from fieldwork.models.bulletins import Bulletin
from fieldwork.models.campaigns import Campaign, CampaignItem, CampaignTick
from fieldwork.models.care import CareRecipient
from fieldwork.models.coverage import VisitCoverage
from fieldwork.models.dossiers import GridDossier
from fieldwork.models.duties import VisitDuty, VisitRule
from fieldwork.models.dwellings import BuildingSheet, Dwelling
from fieldwork.models.emergencies import Emergency
from fieldwork.models.households import Household, HouseholdLink, NotedHousehold
from fieldwork.models.ledgers import FileVersion, LedgerFile
from fieldwork.models.legalpeople import LegalGoal, LegalPerson, LegalTraining
from fieldwork.models.liaisons import Liaison
from fieldwork.models.loans import Loan, StationItem
from fieldwork.models.patrols import PatrolPoint, PatrolRoute
from fieldwork.models.residents import Resident
from fieldwork.models.rounds import PatrolCheck, PatrolDuty, PatrolFinding
from fieldwork.models.shifts import DutyPattern, DutyPoint, DutyShift
from fieldwork.models.stations import ServiceStation, StationDays, StationHours, StationTarget
from fieldwork.models.teams import PatrolTeam, TeamMember
from fieldwork.models.visits import Visit

__all__ = [
    "Adviser",
    "BuildingSheet",
    "Bulletin",
    "Campaign",
    "CampaignItem",
    "CampaignTick",
    "CareRecipient",
    "DutyPattern",
    "DutyPoint",
    "DutyShift",
    "Dwelling",
    "Emergency",
    "FileVersion",
    "GridDossier",
    "Household",
    "HouseholdLink",
    "LedgerFile",
    "LegalGoal",
    "LegalPerson",
    "LegalTraining",
    "Liaison",
    "Loan",
    "NotedHousehold",
    "PatrolCheck",
    "PatrolDuty",
    "PatrolFinding",
    "PatrolPoint",
    "PatrolRoute",
    "PatrolTeam",
    "Resident",
    "ServiceStation",
    "StationDays",
    "StationHours",
    "StationItem",
    "StationTarget",
    "TeamMember",
    "Visit",
    "VisitCoverage",
    "VisitDuty",
    "VisitRule",
]
