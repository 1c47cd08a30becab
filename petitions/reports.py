"""Reports of a month, a quarter or a half-year: asked for, planned by the calendar, written by a task, heard (004-17).

A community's month goes to its joint Party committee, a subdistrict's quarter to the subdistrict, its half-year to the
leaders. A report is written once, of a time that is over, and stays as it is.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.enums import Level, PostKind
from grids.models import Area
from grids.staff import Staff
from notifications import queue
from people.errors import BadInput
from people.masking import mask_text
from petitions import records, report_content, report_pdf, report_xlsx, rollups
from petitions.errors import NotNow, NotYours
from petitions.models import Report, ReportFile, ReportHearing
from petitions.periods import Period, month_before, read_period
from petitions.report_enums import HeardBy, ReportKind, ReportState

ASKS: Final = frozenset(
    {
        PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER, PostKind.STREET_LEADER, PostKind.SUPERVISOR,
        PostKind.DISTRICT_COMMAND,
    }
)  # fmt: skip
HEARS: Final = frozenset({PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER, PostKind.STREET_LEADER})
# whose report, who hears it, and how many days after the end of its time
CYCLES: Final[Mapping[ReportKind, tuple[Level, HeardBy, int]]] = MappingProxyType(
    {
        ReportKind.MONTHLY: (Level.COMMUNITY, HeardBy.JOINT_COMMITTEE, 15),
        ReportKind.QUARTERLY: (Level.STREET, HeardBy.STREET, 30),
        ReportKind.HALF_YEARLY: (Level.STREET, HeardBy.LEADERS, 45),
    }
)
# a task that is silent for so long is dead, and the next one takes over
DEAD: Final = timedelta(minutes=20)
LOST: Final = timedelta(minutes=5)
CHUNK: Final = 500


def may_ask(by: Staff, area: Area) -> bool:
    """Tell whether somebody may have a report of an area written."""
    return Level.DISTRICT <= area.level <= Level.COMMUNITY and by.holds(*ASKS, path=area.path)


def may_record(by: Staff, report: Report) -> bool:
    """Tell whether somebody writes down what the meeting concluded."""
    return by.holds(*HEARS, path=report.area.path)


@transaction.atomic
def ask(*, area: Area, period: str, language: str, by: Staff, at: datetime) -> Report:
    """Have a report written of a month, quarter or half-year that is over; the one there is, if there is one.

    :raises NotYours: if no post of ``by`` has reports of this area written
    :raises BadPeriod: if ``period`` names none
    :raises NotNow: if it is not over
    """
    if not may_ask(by, area):
        raise NotYours(_("Your post has no reports of this area written."))
    span = read_period(period, today=shanghai_date(at))
    kind = kind_of(span)
    if kind is None:
        raise BadInput(_("Reports are of a month, a quarter or a half-year."), field="period")
    if _whole(span).end >= shanghai_date(at):
        raise NotNow(_("This time is not over yet. A report is written of what is over."))
    report, _is_new = Report.objects.get_or_create(
        area=area,
        period=span.code,
        language=language,
        defaults={
            "kind": kind, "begins_on": span.start, "ends_on": span.end, "asked_by": by.user, "asked_at": at,
        },
    )  # fmt: skip
    if report.state in {ReportState.WAITING, ReportState.FAILED}:
        Report.objects.filter(pk=report.pk).update(state=ReportState.WAITING, begun_at=None, done=0, steps=0)
        report.refresh_from_db()
        queue.on_commit("petitions.write_report", report_id=report.pk)
    return report


@transaction.atomic
def plan_due(*, at: datetime) -> int:
    """Plan the reports of the time that ended last, from the day its figures are published; return how many are new.

    Repeating it plans nothing more.
    """
    today = shanghai_date(at)
    if today.day < settings.FIGURES_PUBLISHED_ON_DAY:
        return 0
    before = len(_planned())
    for kind in ReportKind:
        span = _ended(kind, today)
        if span is not None:
            _plan(kind, span, at=at)
    return len(_planned()) - before


def enqueue_waiting(*, at: datetime) -> int:
    """Enqueue again what nobody is writing: whose task was lost, or died; return how many."""
    lost = Q(state=ReportState.WAITING, asked_at__lte=at - LOST) | Q(state=ReportState.WORKING, begun_at__lte=at - DEAD)
    found = list(Report.objects.filter(lost).order_by("asked_at", "pk").values_list("pk", flat=True)[:CHUNK])
    for report_id in found:
        queue.on_commit("petitions.write_report", report_id=report_id)
    return len(found)


def write(*, report_id: int, at: datetime) -> bool:
    """Write the files of a report unless somebody does, or did; return whether they were written now."""
    claimed = Report.objects.filter(
        Q(state=ReportState.WAITING) | Q(state=ReportState.WORKING, begun_at__lte=at - DEAD), pk=report_id
    ).update(state=ReportState.WORKING, begun_at=at, done=0, steps=report_content.STEPS + 2)
    if not claimed:
        return False
    report = Report.objects.select_related("area").get(pk=report_id)
    told = partial(_told, report_id)
    try:
        rollups.count_new(at=at)
        with translation.override(report.language):
            span = Period(report.begins_on, report.ends_on, report.period)
            content = report_content.gather(report.area, ReportKind(report.kind), span, at=at, told=told)
            files = {"pdf": report_pdf.write(content)}
            told(report_content.STEPS + 1)
            files["xlsx"] = report_xlsx.write(content)
    except Exception:
        # said on the page, and by the task in the log; whoever looks may have it tried again
        Report.objects.filter(pk=report_id, state=ReportState.WORKING).update(state=ReportState.FAILED)
        raise
    with transaction.atomic():
        ReportFile.objects.filter(report=report).delete()
        ReportFile.objects.bulk_create(
            ReportFile(report=report, form=form, data=data, size=len(data), digest=hashlib.sha256(data).hexdigest())
            for form, data in files.items()
        )
        Report.objects.filter(pk=report_id).update(state=ReportState.READY, ready_at=at, done=report_content.STEPS + 2)
    return True


@transaction.atomic
def record(report: Report, *, held_on: date, conclusions: str, by: Staff, at: datetime) -> ReportHearing:
    """Write down what the meeting that heard a report concluded; a second time corrects the first.

    :raises NotYours: if no post of ``by`` keeps its minutes
    :raises NotNow: if nobody hears this report, or it is not written yet
    :raises BadInput: if the day lies in the future or before the end of the time, or nothing is said
    """
    if not may_record(by, report):
        raise NotYours(_("Your post does not keep the minutes of this meeting."))
    hearing = ReportHearing.objects.select_for_update(of=("self",), no_key=True).filter(report=report).first()
    if hearing is None or report.state != ReportState.READY:
        raise NotNow(_("This report waits for no meeting."))
    if not report.ends_on < held_on <= shanghai_date(at):
        raise BadInput(
            _("Give the day of the meeting: after the time of the report, and not in the future."), field="held_on"
        )
    hearing.held_on, hearing.recorded_by, hearing.recorded_at = held_on, by.user, at
    hearing.conclusions = mask_text(records.required(conclusions).strip())[0]
    hearing.save(update_fields=["held_on", "recorded_by", "recorded_at", "conclusions"])
    return hearing


def kind_of(period: Period) -> ReportKind | None:
    """Return what a report of that time is called; None for a year, or for days somebody chose."""
    if period.month is not None:
        return ReportKind.MONTHLY
    return {"Q": ReportKind.QUARTERLY, "H": ReportKind.HALF_YEARLY}.get(period.code[5:6])


def _planned() -> list[int]:
    return list(Report.objects.filter(asked_by=None).values_list("pk", flat=True))


def _plan(kind: ReportKind, span: Period, *, at: datetime) -> None:
    level, heard_by, days = CYCLES[kind]
    areas = Area.objects.served().at(span.end).filter(level=level)
    Report.objects.bulk_create(
        (
            Report(
                kind=kind, area=area, period=span.code, begins_on=span.start, ends_on=span.end,
                language=settings.LANGUAGE_CODE, asked_at=at,
            )
            for area in areas.order_by("path").iterator(CHUNK)
        ),
        batch_size=CHUNK,
        ignore_conflicts=True,
    )  # fmt: skip
    unheard = Report.objects.filter(
        period=span.code, area__level=level, language=settings.LANGUAGE_CODE, hearing=None
    ).order_by("pk")
    for report in list(unheard):
        ReportHearing.objects.create(report=report, heard_by=heard_by, due_on=span.end + timedelta(days=days))
        if report.state == ReportState.WAITING:
            queue.on_commit("petitions.write_report", report_id=report.pk)


def _ended(kind: ReportKind, today: date) -> Period | None:
    """Return the time of that kind that ended with the month before ``today``; None if none did."""
    last = month_before(today)
    if kind == ReportKind.MONTHLY:
        return read_period(f"{last:%Y-%m}", today=today)
    months = 3 if kind == ReportKind.QUARTERLY else 6
    if last.month % months:
        return None
    return read_period(f"{last.year}-{'Q' if months == 3 else 'H'}{last.month // months}", today=today)  # noqa: PLR2004


def _whole(span: Period) -> Period:
    """Return the span to its very end, also where it runs still."""
    return read_period(span.code, today=date.max)


def _told(report_id: int, done: int) -> None:
    Report.objects.filter(pk=report_id).update(done=done)
