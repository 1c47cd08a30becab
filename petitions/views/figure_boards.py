"""More pages of figures, mounted on the admin site: the hours of the week, who does best (晾晒), words as numbers."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from petitions import charts, figures, mediating, patterns, rapid, trends
from petitions.models import Petition
from petitions.rates import RATES
from petitions.spans import By
from petitions.views.access import StaffRequest, staff_required
from petitions.views.figures import above_of, area_of, asked_of, kind_of, listed, opened_cases, period_of, status_of

# a ranking names areas and units, never persons
RANKED: Final = (By.AREA, By.COMMUNITY, By.UNIT)
WEEKDAYS: Final = 5


@require_safe
@staff_required
def hours_page(request: StaffRequest, **context: Any) -> HttpResponse:
    """When in the week people file: ``?period=2026-11&area=CODE``; ``list`` and ``hour`` open one hour's cases."""
    at = timezone.now()
    area = area_of(request.staff, request.GET.get("area", ""))
    period, refusal = period_of(request, at)
    counts = trends.hours(area, period=period, at=at)
    heat = charts.heat(counts)
    page = {
        **context,
        **asked_of(area, period, refusal, at),
        "title": _("Hours of the week"),
        "bys": By.of(area.level),
        "here": "hours",
        "heat": heat,
        # a line an hour: seven columns fit a telephone, twenty-four do not
        "table": list(zip(*heat.rows, strict=True)),
        "total": sum(counts),
        "off": sum(one for hour, one in enumerate(counts) if not _is_office_hour(hour)),
        "above": above_of(request.staff, area),
        "may_look": patterns.looks(request.staff),
        **opened_cases(request, area, period, By.AREA, at),
    }
    return render(request, "admin/petitions/hours.html", page, status=status_of(refusal))


@require_safe
@staff_required
def ranking_page(request: StaffRequest, **context: Any) -> HttpResponse:
    """Who does best at one rate: ``?period=2026-11&area=CODE&by=unit&show=on_time``."""
    at = timezone.now()
    area = area_of(request.staff, request.GET.get("area", ""))
    period, refusal = period_of(request, at)
    ranked = [by for by in By.of(area.level) if by in RANKED]
    by = By(request.GET["by"]) if request.GET.get("by") in ranked else By.AREA
    kind = kind_of(request)
    board = figures.board(area, period=period, by=by, at=at)
    found = trends.ranking(board.lines, kind)
    page = {
        **context,
        **asked_of(area, period, refusal, at),
        "title": _("Ranking"),
        "by": by,
        "ranked": ranked,
        "bys": By.of(area.level),
        "here": "ranking",
        "board": board,
        "kind": kind,
        "kinds": [RATES[key] for key in trends.SHOWN],
        "ranking": [(one, charts.bars([_given(one)]).bars[0]) for one in found],
        "headline": trends.headline(board, kind, compare=True),
        "whole": kind.of(board.total.counts),
        "above": above_of(request.staff, area),
        "may_look": patterns.looks(request.staff),
    }
    return render(request, "admin/petitions/ranking.html", page, status=status_of(refusal))


@require_safe
@staff_required
def words_page(request: StaffRequest, **context: Any) -> HttpResponse:
    """What we say of ourselves, in numbers that open: ``?period=2026-11&area=CODE``."""
    at = timezone.now()
    area = area_of(request.staff, request.GET.get("area", ""))
    period, refusal = period_of(request, at)
    counts = figures.counts(area, period=period, at=at)
    page = {
        **context,
        **asked_of(area, period, refusal, at),
        "title": _("What we say, in numbers"),
        "bys": By.of(area.level),
        "here": "words",
        "said": list(trends.said(counts, area, period=period)),
        "above": above_of(request.staff, area),
        "may_look": patterns.looks(request.staff),
    }
    return render(request, "admin/petitions/words.html", page, status=status_of(refusal))


@require_safe
@staff_required
def mediation_page(request: StaffRequest, **context: Any) -> HttpResponse:
    """Disputes and how their mediation went: ``?period=2026-11&area=CODE``; ``kind`` opens the matters of one."""
    at = timezone.now()
    area = area_of(request.staff, request.GET.get("area", ""))
    period, refusal = period_of(request, at)
    page = {
        **context,
        **asked_of(area, period, refusal, at),
        "title": _("Mediation of disputes"),
        "bys": By.of(area.level),
        "here": "mediation",
        "disputes": mediating.disputes(area, period=period),
        "above": above_of(request.staff, area),
        "may_look": patterns.looks(request.staff),
    }
    if "kind" in request.GET:
        mine = Petition.objects.visible_to(request.staff)
        failed = "failed" in request.GET
        found = mediating.cases(mine, area, period=period, dispute=request.GET["kind"][:10], only_failed=failed)
        label = _("Mediated and not settled") if failed else _("Mediated")
        page |= {"opened": label, "opened_where": area.label, **listed(request, found)}
    return render(request, "admin/petitions/mediation.html", page, status=status_of(refusal))


@require_safe
@staff_required
def rapid_page(request: StaffRequest, **context: Any) -> HttpResponse:
    """The four times of 1365: ``?period=2026-11&area=CODE``; ``stage`` opens its matters, with ``missed`` the late."""
    at = timezone.now()
    area = area_of(request.staff, request.GET.get("area", ""))
    period, refusal = period_of(request, at)
    found = rapid.lines(area, period=period, at=at)
    page = {
        **context,
        **asked_of(area, period, refusal, at),
        "title": _("The four times of 1365"),
        "bys": By.of(area.level),
        "here": "rapid",
        "lines": found,
        "since": rapid.first_day(period),
        "above": above_of(request.staff, area),
        "may_look": patterns.looks(request.staff),
    }
    opened = next((one.stage for one in found if one.stage.code == request.GET.get("stage")), None)
    if opened is not None:
        mine, missed = Petition.objects.visible_to(request.staff), "missed" in request.GET
        behind = rapid.cases(mine, area, opened.code, period=period, at=at, only_missed=missed)
        words = {"stage": opened.name}
        label = _("%(stage)s: late") % words if missed else _("%(stage)s: all that are decided") % words
        page |= {"opened": label, "opened_where": area.label, **listed(request, behind)}
    return render(request, "admin/petitions/rapid.html", page, status=status_of(refusal))


def _given(one: trends.Ranked) -> charts.Given:
    return charts.Given(one.line.label, one.rate.percent, "", is_small=one.rate.is_small)


def _is_office_hour(hour: int) -> bool:
    """Tell whether an hour of the week lies from Monday to Friday, nine to twelve or two to half past five."""
    day, clock = divmod(hour, 24)
    return day < WEEKDAYS and (9 <= clock < 12 or 14 <= clock < 18)  # noqa: PLR2004 - hours of the clock
