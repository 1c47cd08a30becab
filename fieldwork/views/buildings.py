"""One building and its houses (一楼一簿); one house."""

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from deadlines.timetable import shanghai_date
from fieldwork import dwellings, versions
from fieldwork.due import words_key
from fieldwork.enums import Equipment, HouseState
from fieldwork.forms.ledgers import HouseForm, HousesForm, SheetForm
from fieldwork.models import BuildingSheet, Dwelling, Household
from fieldwork.models.dwellings import HOMES
from fieldwork.permissions import KEEPS_HOUSEHOLDS
from grids.enums import CompoundKind, Level, Management, PostKind
from grids.models import Appointment, Area, Compound
from people.errors import Refusal
from petitions.views.access import StaffRequest, staff_required


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def building(request: StaffRequest, code: str) -> HttpResponse:
    """The register of a building, for the screen and for paper; POST writes houses down."""
    house, at = _building(request, code), timezone.now()
    units = sorted(Area.objects.filter(parent=house, level=Level.UNIT), key=lambda one: words_key(one.label))
    places = [house, *units]
    form = HousesForm(request.POST if request.method == "POST" else None, places=places)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                made = dwellings.write_down(**form.facts(), by=request.staff, at=at)
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                said = ngettext("%(count)d house written down.", "%(count)d houses written down.", len(made))
                messages.success(request, said % {"count": len(made)})
                return redirect("building", house.code)
    return render(request, "fieldwork/building.html", {**_register(house, places, at=at), "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def building_sheet(request: StaffRequest, code: str) -> HttpResponse:
    """What is noted of the building itself."""
    house = _building(request, code)
    sheet = BuildingSheet.objects.filter(building=house).first()
    form = SheetForm(request.POST if request.method == "POST" else None, sheet=sheet)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                dwellings.keep_sheet(house, **form.cleaned_data, by=request.staff, at=timezone.now())
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("It is written down."))
                return redirect("building", house.code)
    return render(request, "fieldwork/building_sheet.html", {"building": house, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def dwelling(request: StaffRequest, dwelling_id: uuid.UUID) -> HttpResponse:
    """One house and its versions; POST says what it is used for and whether somebody lives there, or closes it."""
    rows = Dwelling.objects.visible_to(request.staff).select_related("place__parent", "grid")
    one = get_object_or_404(rows, pk=dwelling_id)
    at, status = timezone.now(), HTTPStatus.OK
    closes = "close" in request.POST
    form = HouseForm(request.POST if request.method == "POST" and not closes else None, house=one)
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        try:
            if closes:
                dwellings.close(one, by=request.staff, at=at)
                messages.success(request, _("The house is closed."))
                return redirect("dwelling", one.pk)
            if form.is_valid():
                dwellings.change(one, **form.cleaned_data, by=request.staff, at=at)
                messages.success(request, _("It is written down."))
                return redirect("building", _code_of(one.place))
        except Refusal as no:
            status = HTTPStatus(no.status)
            if closes:
                messages.error(request, str(no))
            else:
                form.add_error(no.field if no.field in form.fields else None, str(no))
    there = Household.objects.visible_to(request.staff).filter(place=one.place, door=one.number, valid_to=None)
    context = {
        "house": one,
        "back": _code_of(one.place),
        "address": Household(place=one.place, door=one.number).address(),
        "household": there.first(),
        "versions": versions.of(one)[: versions.SHOWN],
        "form": form,
    }
    return render(request, "fieldwork/dwelling.html", context, status=status)


def _building(request: StaffRequest, code: str) -> Area:
    """Return the building, or the grid whose houses stand alone; what lies elsewhere does not exist for the person."""
    rows = Area.objects.filter(code=code, level__in=(Level.BUILDING, Level.GRID), served=True)
    around = Compound.objects.at(timezone.localdate()).filter(buildings=OuterRef("pk")).order_by("code")
    named = ArraySubquery(around.values(found=JSONObject(name="name", kind="kind", management="management")))
    found = rows.select_related("parent").annotate(in_compounds=named).first()
    if found is None or not request.staff.holds(*KEEPS_HOUSEHOLDS, path=found.path):
        raise Http404
    return found


def _register(house: Area, places: list[Area], *, at: Any) -> dict[str, Any]:
    """Return what the page shows; six queries."""
    on = shanghai_date(at)
    rows = list(Dwelling.objects.filter(place__in=places, valid_to=None))
    households = {(one.place_id, one.door): one for one in Household.objects.filter(place__in=places, valid_to=None)}
    position = {place.pk: number for number, place in enumerate(places)}
    rows.sort(key=lambda one: (position[one.place_id], words_key(one.number)))
    listed = [(one, households.get((one.place_id, one.number))) for one in rows]
    homes = [(one, there) for one, there in listed if one.use in HOMES]
    heads = Appointment.objects.at(on).filter(
        post__area__in=places, post__kind__in=(PostKind.BUILDING_HEAD, PostKind.UNIT_HEAD)
    )
    sheet = BuildingSheet.objects.filter(building=house).first()
    made = versions.of_houses(rows, house)
    return {
        "building": house,
        "grid": house if house.level == Level.GRID else house.parent,
        "is_building": house.level == Level.BUILDING,
        "parts": [
            (place, [pair for pair in listed if pair[0].place_id == place.pk])
            for place in places
            if any(one.place_id == place.pk for one in rows)
        ],
        "units": len(places) - 1,
        "houses": len(rows),
        "homes": len(homes),
        "collected": sum(there is not None for _one, there in homes),
        "missing": sum(there is None and one.state != HouseState.EMPTY for one, there in homes),
        "heads": heads.select_related("user", "post__area").order_by("post__area__level", "post__area__code"),
        "compounds": [
            (one["name"], CompoundKind(one["kind"]).label, Management(one["management"]).label)
            for one in house.in_compounds  # type: ignore[attr-defined]  # annotated
        ],
        "sheet": sheet,
        "equipment": [Equipment(code).label for code in sheet.equipment] if sheet else [],
        "versions": made,
        "printed_at": at,
    }


def _code_of(place: Area) -> str:
    parent = place.parent if place.level == Level.UNIT else None
    return parent.code if parent else place.code
