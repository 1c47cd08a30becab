"""What stands of whistles and calls for help on the case page."""

from collections.abc import Collection
from dataclasses import dataclass

from grids.staff import Staff
from petitions import broadcasts, whistle_reading
from petitions import whistle_rights as rights
from petitions.enums import EventCode
from petitions.models import Broadcast, Petition, Whistle

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Calls:
    """What was called about one matter, and what the person may call now."""

    whistles: tuple[Whistle, ...]
    broadcasts: tuple[Broadcast, ...]
    may_whistle: bool
    may_call: bool


def on_case(petition: Petition, *, viewer: Staff, happened: Collection[str]) -> Calls:
    """Return what the case page shows; ``happened``: the codes of its events, without which nothing is asked."""
    helps: list[Broadcast] = []
    blown: list[Whistle] = []
    if EventCode.HELP_CALLED in happened:
        helps = list(Broadcast.objects.visible_to(viewer).filter(petition=petition).order_by("-pk")[:SHOWN])
    if not {EventCode.WHISTLE_ASKED, EventCode.WHISTLE}.isdisjoint(happened):
        blown = whistle_reading.on_case(petition, viewer)
    return Calls(
        whistles=tuple(blown),
        broadcasts=tuple(helps),
        may_whistle=rights.may_call(viewer, petition),
        may_call=broadcasts.may_call(viewer, petition),
    )
