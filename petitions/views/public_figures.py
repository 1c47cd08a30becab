"""The published figures for everybody: a page to read, and files with stable addresses. No sign-in, no JavaScript."""

import csv
from collections.abc import Iterator
from datetime import date
from http import HTTPStatus
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from petitions import openfigures
from petitions.disclosure import LEAST
from petitions.enums import Channel
from petitions.models import Publication
from petitions.openfigures import OTHER, OpenMonth
from petitions.spans import Cut

HOUR: Final = 3600
DAY: Final = 86_400
LICENCE: Final = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
COLUMNS: Final = ("month", "area_code", "area", "cut", "item", "item_zh", "item_en", "received", "completed")


@require_safe
def public_figures(request: HttpRequest) -> HttpResponse:
    """One published month, of all or of one community: ``?month=2026-10&area=CODE``."""
    published = openfigures.months()
    if not published:
        return render(request, "petitions/public/figures.html", {"month": None})
    found = openfigures.open_month(_asked(request.GET.get("month", ""), published))
    if found is None:
        raise Http404
    area = request.GET.get("area", "")
    areas = found.areas()
    if area and area not in {line.area for line in areas}:
        raise Http404
    groups = openfigures.groups()
    [whole] = found.of(area=area)
    page = {
        "month": found,
        "months": published,
        "area": area,
        "areas": areas,
        "whole": whole,
        "shares": found.shares.get(area, {}),
        "by_area": _bars([(line.area_name, line.area, line) for line in areas]) if not area else [],
        "causes": [(openfigures.item_name(Cut.CATEGORY, line.item, groups), line) for line in found.causes(area=area)],
        "by_cause": _bars(_named(found, area, Cut.CATEGORY, groups)),
        "by_channel": _bars(_named(found, area, Cut.CHANNEL, groups)),
        "least": LEAST,
    }
    return _kept(render(request, "petitions/public/figures.html", page), seconds=HOUR)


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """What there is to take, what each column means, under which licence."""
    page = {"months": openfigures.months(), "licence": LICENCE, "least": LEAST}
    return _kept(render(request, "petitions/public/data.html", page), seconds=HOUR)


@require_safe
def open_data_months(request: HttpRequest) -> HttpResponse:
    """Return the list of published months with the addresses of their files."""

    def address(month: date, kind: str) -> str:
        return request.build_absolute_uri(reverse(f"open_data_{kind}", args=[f"{month:%Y-%m}"]))

    months = [
        {"month": f"{month:%Y-%m}", "csv": address(month, "csv"), "json": address(month, "json")}
        for month in openfigures.months()
    ]
    return _kept(_json({"licence": LICENCE, "months": months}), seconds=HOUR)


def _etag(_request: HttpRequest, month: str) -> str | None:
    publication = Publication.objects.filter(month=_month(month)).only("published_at").first()
    return f'"{month}-{publication.published_at.timestamp():.0f}"' if publication else None


@require_safe
@condition(etag_func=_etag)
def open_data_csv(request: HttpRequest, month: str) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    """Return a published month as CSV (UTF-8 with a mark, as spreadsheets want it); an empty count is withheld."""
    found = _found(month)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="linli-{found.month:%Y-%m}.csv"'
    response.write("\ufeff")
    writer = csv.DictWriter(response, COLUMNS)
    writer.writeheader()
    writer.writerows(_rows(found))
    return _open(response)


@require_safe
@condition(etag_func=_etag)
def open_data_json(request: HttpRequest, month: str) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    """Return a published month as JSON; null is withheld."""
    found = _found(month)
    about = {
        "month": f"{found.month:%Y-%m}",
        "published_at": found.published_at.isoformat(),
        "withheld_below": LEAST,
        "licence": LICENCE,
    }
    return _open(_json({**about, "rows": list(_rows(found))}))


def _rows(found: OpenMonth) -> Iterator[dict[str, Any]]:
    groups = openfigures.groups()
    channels = {channel.value: channel.name.lower() for channel in Channel}
    for line in found.lines:
        group = groups.get(line.item) if line.cut == Cut.CATEGORY else None
        other = line.cut == Cut.CATEGORY and line.item == OTHER
        yield {
            "month": f"{found.month:%Y-%m}",
            "area_code": line.area,
            "area": line.area_name,
            "cut": line.cut,
            "item": line.item,
            "item_zh": group.name_zh if group else "其他" if other else "",
            "item_en": group.name_en if group else OTHER if other else channels.get(line.item, ""),
            "received": line.received,
            "completed": line.completed,
        }


def _named(found: OpenMonth, area: str, cut: str, groups: dict[str, Any]) -> list[tuple[str, str, openfigures.Line]]:
    return [(openfigures.item_name(cut, line.item, groups), "", line) for line in found.of(area=area, cut=cut)]


def _bars(lines: list[tuple[str, str, openfigures.Line]]) -> list[dict[str, Any]]:
    """Return lines with the length of their bar in percent of the longest."""
    longest = max((line.received or 0 for _name, _link, line in lines), default=0) or 1
    return [
        {"name": name, "link": link, "line": line, "length": (line.received or 0) * 100 // longest}
        for name, link, line in lines
    ]


def _asked(code: str, published: list[date]) -> date:
    """Return the month asked for, the newest without one.

    :raises Http404: if it is not published
    """
    if not code:
        return published[0]
    month = _month(code)
    if month not in published:
        raise Http404
    return month


def _month(code: str) -> date:
    """:raises Http404: if it is no month"""
    try:
        month = date.fromisoformat(f"{code}-01")
    except ValueError:
        raise Http404 from None
    if f"{month:%Y-%m}" != code:
        raise Http404
    return month


def _found(code: str) -> OpenMonth:
    found = openfigures.open_month(_month(code))
    if found is None:
        raise Http404
    return found


def _json(data: dict[str, Any]) -> HttpResponse:
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1}, status=HTTPStatus.OK)


def _open(response: HttpResponse) -> HttpResponse:
    """Let other sites read it, and everybody keep it: a published month never changes."""
    response["Access-Control-Allow-Origin"] = "*"
    return _kept(response, seconds=DAY)


def _kept(response: HttpResponse, *, seconds: int) -> HttpResponse:
    shared = response.get("Access-Control-Allow-Origin") == "*"
    patch_cache_control(response, **({"public": True} if shared else {"private": True}), max_age=seconds)
    return response
