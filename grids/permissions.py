"""Who may see and who may change the registers of this app: one table, read by admin, import and export."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from grids.enums import KEEPS_POSTS, PostKind
from grids.staff import Staff


class Register(TextChoices):
    """The registers that staff keep."""

    DIVISIONS = "divisions", _("streets and communities")
    GRIDS = "grids", _("grids, buildings and units")
    ORGANISATIONS = "organisations", _("organisations")
    POSTS = "posts", _("posts and appointments")
    HOURS = "hours", _("service hours")
    DUTY_LIST = "duty list", _("duty list")
    DATA_DUTIES = "data duties", _("duties under the data protection law")
    STAFFING = "staffing", _("staffing rules and roles")
    SERVICES = "services", _("service items")
    REPLIES = "replies", _("reply templates")
    DUTY_ITEMS = "duty items", _("lists of duties")
    STATIONS = "stations", _("stations")


# Who keeps what, each within the areas of his posts; administrators keep all of it everywhere (architecture.md 6).
KEEPERS: Final[Mapping[Register, frozenset[PostKind]]] = MappingProxyType(
    {
        Register.DIVISIONS: frozenset(),
        Register.GRIDS: frozenset({PostKind.COMMUNITY_SECRETARY, PostKind.STREET_LEADER}),
        Register.ORGANISATIONS: frozenset({PostKind.STREET_LEADER, PostKind.DISTRICT_COMMAND}),
        Register.POSTS: KEEPS_POSTS,
        Register.HOURS: frozenset({PostKind.COMMUNITY_SECRETARY, PostKind.STREET_LEADER}),
        Register.DUTY_LIST: frozenset({PostKind.DISTRICT_COMMAND}),
        Register.DATA_DUTIES: frozenset({PostKind.DISTRICT_COMMAND}),
        Register.STAFFING: frozenset({PostKind.DISTRICT_COMMAND}),
        Register.SERVICES: KEEPS_POSTS,
        Register.REPLIES: KEEPS_POSTS,
        Register.DUTY_ITEMS: frozenset({PostKind.STREET_LEADER, PostKind.DISTRICT_COMMAND}),
        Register.STATIONS: KEEPS_POSTS,
    }
)


def may_see(staff: Staff) -> bool:
    """Whoever holds a post sees the registers, each row only if ``visible_to`` admits it."""
    return staff.is_administrator or bool(staff.holdings)


def may_keep(staff: Staff, register: Register, path: str | None = None) -> bool:
    """Whether the person may add and change rows; with ``path``, rows of the area with this path."""
    if staff.is_administrator:
        return True
    reach = staff.reach(*KEEPERS[register]) if KEEPERS[register] else ()
    return any(path is None or path.startswith(wide) for wide in reach)
