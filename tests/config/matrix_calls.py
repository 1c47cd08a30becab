"""A whistle and a call for help in the worker's own grid and in two strange ones, by the real verbs."""

import uuid

from django.utils import timezone

from grids import posts
from grids.models import Appointment
from petitions import broadcasts, whistles
from petitions.call_enums import WhistleKind
from petitions.models import Broadcast, Whistle
from tests.config.matrix_world import World


def call_out(world: World) -> World:
    """Add them to the world and return it; the whistle waits to be checked, the call to be taken."""
    at = timezone.now()
    for place in ("grid", "far", "abroad"):
        worker = Appointment.objects.filter(post__area=world.areas[place], post__kind="grid_worker").order_by("pk")[0]
        by = posts.staff_for(worker.user, at.date())
        key, where = uuid.uuid4(), "楼前"
        whistle = whistles.blow(
            by=by, at=at, kind=WhistleKind.ROUTINE, words="请来", place_words=where, client_key=uuid.uuid4()
        )
        world.note(Whistle, place, whistle)
        world.note(Broadcast, place, broadcasts.call(by=by, at=at, place_words=where, client_key=key))
    return world
