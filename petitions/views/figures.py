"""The figures and the patterns worth a look, mounted on the admin site. Both read sums, both open to their cases."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deadlines.timetable import shanghai_date
from grids.models import Area
from grids.staff import Staff
from people.errors import Refusal
from petitions import desk, figure_cases, figures, figures_tables, patterns, publishing, trends
from petitions.enums import Channel, Tier
from petitions.errors import BadPeriod
from petitions.models import Petition, PetitionQuerySet
from petitions.periods import Choices, Period, next_month, read_period
from petitions.rates import LEVELS, LISTS, RATES, Kind
from petitions.spans import By
from petitions.views.access import StaffRequest, staff_required

PAGE = 50


@require_safe
@staff_required
def figures_page(request: StaffRequest, **context: Any) -> HttpResponse:
    """One span of one area: ``?period=2026-11&area=CODE&by=area``, or ``from`` and ``to``; ``list`` opens a count."""
    at = timezone.now()
    area = area_of(request.staff, request.GET.get("area", ""))
    period, refusal = period_of(request, at)
    by = By(request.GET["by"]) if request.GET.get("by") in By.of(area.level) else By.AREA
    board = figures.board(area, period=period, by=by, at=at)
    kind = kind_of(request)
    page = {
        **context,
        **asked_of(area, period, refusal, at),
        "title": _("Figures"),
        "by": by,
        "bys": By.of(area.level),
        "board": board,
        "kind": kind,
        "kinds": [RATES[key] for key in trends.SHOWN],
        "bars": trends.bars(board, kind),
        "headline": trends.headline(board, kind, compare=by != By.MONTH),
        "course": trends.course(area, at=at) if by == By.MONTH else None,
        "tables": list(figures_tables.tables(board, period=period, by=by)),
        "rates": RATES.values(),
        "levels": LEVELS.values(),
        "above": above_of(request.staff, area),
        "may_look": patterns.looks(request.staff),
        "may_publish": _may_publish(request.staff, period, at),
        **opened_cases(request, area, period, by, at),
    }
    return render(request, "admin/petitions/figures.html", page, status=status_of(refusal))


@require_safe
@staff_required
def patterns_page(request: StaffRequest, **context: Any) -> HttpResponse:
    """What may deserve a second look in a span of an area; ``pattern`` opens the cases of one."""
    if not patterns.looks(request.staff):
        raise PermissionDenied(_("Your posts are not shown the patterns."))
    at = timezone.now()
    area = area_of(request.staff, request.GET.get("area", ""))
    period, refusal = period_of(request, at)
    mine = Petition.objects.visible_to(request.staff.only(*patterns.LOOKS))
    counts = patterns.counts(mine, area, period=period)
    page = {
        **context,
        **asked_of(area, period, refusal, at),
        "title": _("Patterns worth a look"),
        "patterns": [(pattern, counts[pattern.code]) for pattern in patterns.PATTERNS.values()],
        "cap": patterns.CAP,
    }
    opened = patterns.PATTERNS.get(request.GET.get("pattern", ""))
    if opened is not None:
        page |= {"opened": opened, "opened_code": opened.code}
        page |= listed(request, patterns.cases(opened, mine, area, period=period))
    return render(request, "admin/petitions/patterns.html", page, status=status_of(refusal))


@require_POST
@staff_required
def publish(request: StaffRequest, **_context: Any) -> HttpResponse:
    """Publish the figures of the month in ``month``; they are frozen from then on."""
    if not request.staff.holds(*publishing.PUBLISHES):
        raise PermissionDenied(_("Your post does not publish figures."))
    at = timezone.now()
    back = reverse("admin:figures")
    try:
        period = read_period(request.POST.get("month", ""), today=shanghai_date(at))
        if period.month is None:
            raise BadPeriod(_("Only a whole month is published."))
        publishing.publish(period.month, by=request.staff, at=at)
    except Refusal as no:
        messages.error(request, str(no))
        return redirect(back)
    messages.success(request, _("The figures of %(month)s are published.") % {"month": period.label})
    return redirect(f"{back}?{period.query}")


def asked_of(area: Area, period: Period, refusal: str, at: datetime) -> dict[str, Any]:
    """Return what every page of figures says of the area and span asked for."""
    today = shanghai_date(at)
    return {"area": area, "period": period, "refusal": refusal, "choices": Choices.of(today), "now": at}


def period_of(request: StaffRequest, at: datetime) -> tuple[Period, str]:
    """Return the span asked for, or this month and why the one asked for is none."""
    today, asked = shanghai_date(at), request.GET
    # an address of before, or the chooser of days, may say it in other words
    code = asked.get("period", "") or asked.get("month", "")
    try:
        return read_period(code, asked.get("from", ""), asked.get("to", ""), today=today), ""
    except BadPeriod as no:
        return read_period(today=today), str(no)


def status_of(refusal: str) -> HTTPStatus:
    """Return 422 for a span that is none."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK


def area_of(staff: Staff, code: str) -> Area:
    """Return the area asked for if a post that sees petitions by area reaches it, else the widest of his own.

    :raises Http404: if the area asked for is none of his
    """
    ids, paths = desk.scope_areas(staff), desk.paths(staff)
    if not ids:
        raise PermissionDenied(_("Your posts see no figures of an area."))
    if not code:
        return Area.objects.select_related("parent").get(pk=ids[0])
    area = Area.objects.select_related("parent").filter(code=code.replace("\0", "")).first()
    if area is None or not any(area.path.startswith(path) for path in paths):
        raise Http404
    return area


def above_of(staff: Staff, area: Area) -> Area | None:
    """Return the area one step up, if it is still his."""
    if area.parent_id is None or not any(
        area.path.startswith(path) and area.path != path for path in desk.paths(staff)
    ):
        return None
    return area.parent


def _may_publish(staff: Staff, period: Period, at: datetime) -> bool:
    month = period.month
    return month is not None and next_month(month) <= shanghai_date(at) and staff.holds(*publishing.PUBLISHES)


def kind_of(request: StaffRequest) -> Kind:
    """Return the rate the picture shows: the one asked for, else that of closure."""
    return RATES[request.GET["show"] if request.GET.get("show") in trends.SHOWN else "closure"]


def opened_cases(request: StaffRequest, area: Area, period: Period, by: By, at: datetime) -> dict[str, Any]:
    """Return the cases behind one count, when one is opened."""
    which = request.GET.get("list", "")
    if which not in LISTS:
        return {}
    row = area_of(request.staff, request.GET["row"]) if request.GET.get("row") else area
    item = request.GET.get("item")
    hour = request.GET.get("hour", "")
    found = figure_cases.cases(
        which,
        Petition.objects.visible_to(request.staff),
        row,
        period=period,
        by=by,
        item=item,
        own="own" in request.GET,
        hour=int(hour) if hour.isdecimal() and len(hour) < 4 else None,  # noqa: PLR2004 - of 168
        at=at,
    )
    label, _condition = LISTS[which]
    where = " · ".join(filter(None, (row.label, _item_name(by, item))))
    return {"opened": label, "opened_where": where, **listed(request, found)}


def _item_name(by: By, item: str | None) -> str:
    """Return what the item of a list is called; a category by its code, a unit by its own heading in the list."""
    if not item or by == By.UNIT:
        return ""
    names: dict[By, dict[Any, Any]] = {By.CHANNEL: dict(Channel.choices), By.TIER: dict(Tier.choices)}
    return str(names.get(by, {}).get(item, item))


def listed(request: StaffRequest, petitions: PetitionQuerySet) -> dict[str, Any]:
    """Return a page of cases, the newest first, and the cursor of the next."""
    after = request.GET.get("after", "")
    older = Q(pk__lt=int(after)) if after.isdecimal() and len(after) < 19 else Q()  # noqa: PLR2004 - digits of a bigint
    rows = list(petitions.for_list().filter(older).order_by("-pk")[: PAGE + 1])
    again = request.GET.copy()
    again.pop("after", None)
    return {"cases": rows[:PAGE], "after": rows[PAGE - 1].pk if len(rows) > PAGE else "", "more": again.urlencode()}
