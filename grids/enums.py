"""Levels of the area tree, posts, and the few closed lists that go with them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Level(IntegerChoices):
    """A level of the area tree; a larger number lies deeper."""

    PROVINCE = 1, _("province")
    CITY = 2, _("city")
    DISTRICT = 3, _("district")
    STREET = 4, _("subdistrict or town")
    COMMUNITY = 5, _("community")
    GRID = 6, _("grid")
    BUILDING = 7, _("building")
    UNIT = 8, _("unit (stairwell)")


class DivisionType(TextChoices):
    """What an area is in law; for streets and communities the last three digits of the code say it (rules.md f.1)."""

    SUBDISTRICT = "subdistrict", _("subdistrict")
    TOWN = "town", _("town")
    TOWNSHIP = "township", _("township")
    OTHER = "other", _("other")
    RESIDENTS_COMMITTEE = "residents_committee", _("residents' committee")
    VILLAGERS_COMMITTEE = "villagers_committee", _("villagers' committee")
    QUASI_RESIDENTS = "quasi_residents", _("like a residents' committee")
    QUASI_VILLAGERS = "quasi_villagers", _("like a villagers' committee")
    GENERAL_GRID = "general_grid", _("general grid")
    DEDICATED_GRID = "dedicated_grid", _("dedicated grid")
    LANE = "lane", _("street or lane (road)")


class OrganisationKind(TextChoices):
    """Kinds of legal bodies; handling units are departments and utilities."""

    DEPARTMENT = "department", _("department")
    UTILITY = "utility", _("utility")
    # what a subdistrict is made of (002-04, 五办四中心一队)
    STREET_OFFICE = "street_office", _("office of the subdistrict")
    STREET_CENTRE = "street_centre", _("centre of the subdistrict")
    STREET_TEAM = "street_team", _("team of the subdistrict")
    PROPERTY_COMPANY = "property_company", _("property company")
    COMMITTEE = "committee", _("residents' or villagers' committee")
    PUBLIC_INSTITUTION = "public_institution", _("public institution")
    ENTERPRISE = "enterprise", _("enterprise")
    SOCIAL = "social", _("social organisation")
    OTHER = "other", _("other")


class PostKind(TextChoices):
    """The posts of architecture.md 6, from the stairwell to the district."""

    UNIT_HEAD = "unit_head", _("unit head")
    BUILDING_HEAD = "building_head", _("building head")
    GRID_WORKER = "grid_worker", _("grid worker")
    GRID_LEAD = "grid_lead", _("grid lead")
    COMMUNITY_SECRETARY = "community_secretary", _("community secretary")
    COMMUNITY_WORKER = "community_worker", _("community worker")
    DISPATCHER = "dispatcher", _("dispatcher")
    STREET_LEADER = "street_leader", _("street leader")
    DEPARTMENT_HANDLER = "department_handler", _("department handler")
    DEPARTMENT_HEAD = "department_head", _("department head")
    SUPERVISOR = "supervisor", _("supervisor")
    DISTRICT_COMMAND = "district_command", _("district command")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("system administrator")


class HeldBy(TextChoices):
    """Who fills a role in a grid's team."""

    PERSON = "person", _("a person")
    ORGANISATION = "organisation", _("an organisation")


class CareerPost(TextChoices):
    """The three posts of community workers (三岗); each has grades from 1 to 18. Pay itself stays outside."""

    HEAD = "head", _("head of the community")
    DEPUTY = "deputy", _("deputy head of the community")
    WORKER = "worker", _("community worker")


class TrainingKind(TextChoices):
    """What stands in a worker's record."""

    TRAINING = "training", _("training")
    ASSESSMENT = "assessment", _("assessment passed")
    COMMENDATION = "commendation", _("commendation")


class WeekdayPlace(TextChoices):
    """Where somebody of the community serves on a weekday: at the window, or in a grid."""

    WINDOW = "window", _("at the window")
    GRID = "grid", _("in the grid")


class HandoverState(TextChoices):
    """What became of a handover."""

    PLANNED = "planned", _("planned")
    DONE = "done", _("carried out")
    STUCK = "stuck", _("needs a look")


class RedivisionState(TextChoices):
    """Where a plan to draw grids anew stands."""

    DRAFT = "draft", _("being drawn")
    PROPOSED = "proposed", _("waiting for a decision")
    APPROVED = "approved", _("approved, waiting for its day")
    REFUSED = "refused", _("not approved")
    WITHDRAWN = "withdrawn", _("withdrawn")
    APPLIED = "applied", _("in force")
    STUCK = "stuck", _("needs a look")


class CompoundKind(TextChoices):
    """What kind of compound it is (001-14 to 001-16)."""

    OLD = "old", _("old compound")
    RESETTLEMENT = "resettlement", _("resettlement compound")
    COMMERCIAL = "commercial", _("commercial compound")
    OTHER = "other", _("other")


class Management(TextChoices):
    """Who keeps a compound in order: nobody, a property company, or the community's Party branch."""

    NONE = "none", _("without management")
    MARKET = "market", _("property company")
    BRANCH_LED = "branch_led", _("led by the Party branch")


class ProjectKind(TextChoices):
    """What is improved in a compound."""

    CHARGING = "charging", _("charging points")
    INSULATION = "insulation", _("insulation of walls")
    PIPES = "pipes", _("water, heating and drains")
    LIFT = "lift", _("lifts")
    PARKING = "parking", _("parking and roads")
    ELDERLY = "elderly", _("for the elderly")
    CHILDREN = "children", _("for children")
    NEIGHBOURS = "neighbours", _("neighbours' feasts and games")
    OTHER = "other", _("other")


class ProjectState(TextChoices):
    """Where a project stands."""

    PLANNED = "planned", _("planned")
    RUNNING = "running", _("under way")
    DONE = "done", _("finished")
    DROPPED = "dropped", _("given up")


class AbsenceReason(TextChoices):
    """Why somebody is away. Deliberately coarse: an illness is nobody's business here."""

    LEAVE = "leave", _("leave")
    DUTY_ELSEWHERE = "duty_elsewhere", _("on duty elsewhere")
    TRAINING = "training", _("training")
    OTHER = "other", _("other")


class Weekday(IntegerChoices):
    """Days of the week as ``date.weekday()`` counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Route(TextChoices):
    """How the person who is told was found, the straight way first."""

    HOLDER = "holder", _("holder of the post")
    DEPUTY = "deputy", _("deputy")
    LEVEL_UP = "level_up", _("one level up")
    DUTY_LIST = "duty_list", _("duty list")


DEPARTMENT_POSTS: Final = frozenset({PostKind.DEPARTMENT_HANDLER, PostKind.DEPARTMENT_HEAD})

# Who keeps the posts of his area (architecture.md 6), and with them what personnel records there are.
KEEPS_POSTS: Final = frozenset({PostKind.COMMUNITY_SECRETARY, PostKind.STREET_LEADER, PostKind.DISTRICT_COMMAND})

# Where a post may stand. A post at a level that its duties do not know would never be found.
POST_LEVELS: Final[Mapping[PostKind, frozenset[Level]]] = MappingProxyType(
    {
        PostKind.UNIT_HEAD: frozenset({Level.UNIT}),
        PostKind.BUILDING_HEAD: frozenset({Level.BUILDING}),
        PostKind.GRID_WORKER: frozenset({Level.GRID}),
        PostKind.GRID_LEAD: frozenset({Level.GRID}),
        PostKind.COMMUNITY_SECRETARY: frozenset({Level.COMMUNITY}),
        PostKind.COMMUNITY_WORKER: frozenset({Level.COMMUNITY}),
        PostKind.DISPATCHER: frozenset({Level.STREET}),
        PostKind.STREET_LEADER: frozenset({Level.STREET}),
        PostKind.DEPARTMENT_HANDLER: frozenset({Level.STREET, Level.DISTRICT}),
        PostKind.DEPARTMENT_HEAD: frozenset({Level.STREET, Level.DISTRICT}),
        PostKind.SUPERVISOR: frozenset({Level.STREET, Level.DISTRICT}),
        PostKind.DISTRICT_COMMAND: frozenset({Level.DISTRICT}),
        PostKind.SYSTEM_ADMINISTRATOR: frozenset(Level),
    }
)
