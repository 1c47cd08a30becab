"""What the community does for you, one page an item, and the questions that many ask. No sign-in, nothing changes."""

from collections.abc import Sequence
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from deadlines.calendar import Limit, Unit
from deadlines.explain import limit_in_words
from deadlines.timetable import shanghai_date
from grids.enums import Level
from grids.models import Area
from petitions import guide, places, pledges
from petitions.enums import Affairs
from petitions.models import ServiceItem

LONGEST_WORDS, LONGEST_CODE = 60, 40


@require_safe
def service_list(request: HttpRequest) -> HttpResponse:
    """Show the items of a community (``?area=``), of one kind (``?kind=``), with some words in them (``?q=``)."""
    on = shanghai_date(timezone.now())
    area, words, kind = _area(request, on), _words(request), request.GET.get("kind", "")
    kind = kind if kind in Affairs.values else ""
    items = guide.offered(area, on=on, kind=kind, words=words)
    page = {
        "groups": _by_kind(items),
        "count": len(items),
        "kinds": Affairs.choices,
        "kind": kind,
        "words": words,
        "area": area,
        "areas": guide.communities(on),
    }
    return render(request, "petitions/guide/list.html", page)


@require_safe
def service_item(request: HttpRequest, code: str) -> HttpResponse:
    """Show one item with its materials as a list to tick and print, its time limit, and what is pledged."""
    on = shanghai_date(timezone.now())
    area = _area(request, on)
    item = guide.find(code, area, on=on)
    if item is None:
        raise Http404
    page = {
        "item": item,
        "area": area,
        "offered": guide.is_offered(item),
        "within": _span(item.limit_value, item.limit_unit),
        "pledged": _span(item.pledge_value, item.pledge_unit),
        "figures": pledges.kept_of(item.code, area, on=on) if item.pledge_value else None,
    }
    return render(request, "petitions/guide/item.html", page)


@require_safe
def faq(request: HttpRequest) -> HttpResponse:
    """Show the questions that many ask, those with some words in them (``?q=``)."""
    words = _words(request)
    found = guide.questions(on=shanghai_date(timezone.now()), words=words)
    return render(request, "petitions/guide/faq.html", {"questions": found, "words": words})


def _area(request: HttpRequest, on: date) -> Area | None:
    """Return the community of the area asked for, if it is one of ours; anything else asks for none."""
    found = places.by_code(request.GET.get("area", "")[:LONGEST_CODE], on=on)
    if found is None or found.level == Level.COMMUNITY:
        return found
    return Area.objects.filter(pk__in=found.ancestor_ids(), level=Level.COMMUNITY).first()


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS]


def _by_kind(items: Sequence[ServiceItem]) -> list[tuple[str, list[ServiceItem]]]:
    groups = ((str(kind.label), [one for one in items if one.kind == kind]) for kind in Affairs)
    return [(label, found) for label, found in groups if found]


def _span(value: int | None, unit: str) -> str:
    return limit_in_words(Limit(value, Unit(unit))) if value is not None else ""
