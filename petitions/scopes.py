"""How far each post sees petitions, as data: its area and all below it, or what its unit handles."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from grids.enums import PostKind

# Who is missing here sees nothing: unit and building heads (until confirmations exist), administrators.
READS: Mapping[PostKind, Literal["area", "organisation"]] = MappingProxyType(
    {
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
