"""What a community and its subdistrict answer for, as everybody may read it (002-06). Nothing changes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from deadlines.timetable import shanghai_date
from grids.enums import Level
from grids.models import Area, Organisation
from petitions import duties, places

LONGEST_CODE = 40


@require_safe
def duty_list(request: HttpRequest, code: str) -> HttpResponse:
    """Show the list of duties of one community or subdistrict of ours, in force today; of a grid its community's."""
    on = shanghai_date(timezone.now())
    area = places.by_code(code[:LONGEST_CODE], on=on)
    if area is not None and area.level > Level.COMMUNITY:
        area = Area.objects.filter(pk__in=area.ancestor_ids(), level=Level.COMMUNITY).first()
    if area is None or area.level not in {Level.STREET, Level.COMMUNITY}:
        raise Http404
    units = Organisation.objects.of_street(area, on).order_by("kind", "code") if area.level == Level.STREET else ()
    page = {"area": area, "list": duties.list_of(area, on=on), "units": units, "on": on}
    return render(request, "petitions/guide/duties.html", page)
