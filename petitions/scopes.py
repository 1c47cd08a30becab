"""How far each post sees petitions, as data: its area and all below it, or what its unit handles."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from grids.enums import PostKind

# Who is missing here sees nothing: administrators. "filed": only what the person filed for others, and nothing that
# must stay among few: sensitive, reporter hidden, or a quarrel among neighbours (architecture.md 6).
READS: Mapping[PostKind, Literal["area", "organisation", "filed"]] = MappingProxyType(
    {
        PostKind.UNIT_HEAD: "filed",
        PostKind.BUILDING_HEAD: "filed",
        PostKind.GRID_WORKER: "area",
        PostKind.GRID_LEAD: "area",
        PostKind.COMMUNITY_WORKER: "area",
        PostKind.COMMUNITY_SECRETARY: "area",
        PostKind.DISPATCHER: "area",
        PostKind.STREET_LEADER: "area",
        PostKind.SUPERVISOR: "area",
        PostKind.DISTRICT_COMMAND: "area",
        PostKind.DEPARTMENT_HANDLER: "organisation",
        PostKind.DEPARTMENT_HEAD: "organisation",
    },
)
# Categories, by the beginning of their code, in which neighbours quarrel: noise from upstairs, disputes.
QUARRELS: Final = ("0701", "09")
