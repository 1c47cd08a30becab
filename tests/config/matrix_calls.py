"""A whistle and a call for help in the worker's own grid and in two strange ones, by the real verbs."""

import uuid
from datetime import date, datetime

from django.utils import timezone

from grids import posts
from grids.enums import Level
from grids.models import Appointment, Area
from petitions import broadcasts, whistles
from petitions.call_enums import WhistleKind
from petitions.models import Broadcast, Report, ReportFile, ReportHearing, Whistle
from petitions.report_enums import HeardBy, ReportKind, ReportState
from tests.config.matrix_world import World

OF_REPORTS = dict.fromkeys(("admin:report", "admin:report_pdf", "admin:report_xlsx"), "petitions.report")


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
    _report(world, at)
    return world


def _report(world: World, at: datetime) -> None:
    """Add a report of the community of each place, and of the areas above it, with both its files."""
    for place, area in world.areas.items():
        above = [int(part) for part in area.path.split("/") if part]
        about = Area.objects.get(pk__in=above, level=min(area.level, Level.COMMUNITY))
        report = Report.objects.create(
            kind=ReportKind.MONTHLY, area=about, period="2026-01", begins_on=date(2026, 1, 1), language=place[:10],
            ends_on=date(2026, 1, 31), asked_at=at, ready_at=at, state=ReportState.READY,
        )  # fmt: skip
        ReportHearing.objects.create(report=report, heard_by=HeardBy.STREET, due_on=date(2026, 2, 15))
        for form in ("pdf", "xlsx"):
            ReportFile.objects.create(report=report, form=form, data=b"x", size=1, digest="")
        world.note(Report, place, report)
