"""Staff file for somebody who calls, stands at the window or at the door, or wrote a slip for a box."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from deadlines.timetable import shanghai_date
from people.errors import Refusal
from petitions import boxes, onspot, permissions, services
from petitions.enums import Channel, Status, Urgency
from petitions.forms.placing import BehalfForm
from petitions.models import BoxEmptying, Petition
from petitions.models.receptions import RECEIVES
from petitions.views.access import StaffRequest, staff_required

PAGE = "petitions/staff/behalf.html"
LONGEST_KEY = 15
# The header's switches belong to this form: whoever writes while somebody speaks loses nothing, script or none.
SWITCH = {"switch_form": "behalf"}
# what an address may say before anybody types: where it is, and how it came
BEGUN = ("place", "channel")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@vary_on_headers("HX-Request")
@staff_required
def case_new(request: StaffRequest) -> HttpResponse:
    """File a matter for somebody. "Find" searches the place and files nothing; ``?place=CODE&channel=visit`` begins it.

    The answer to the filing shows number and follow-up code once; sent again, it shows the same and files nothing.
    """
    if not permissions.may_file_on_behalf(request.staff):
        raise PermissionDenied(_("Your post does not file for others."))
    at = timezone.now()
    on = shanghai_date(at)
    emptying = _emptying(request)
    if request.method != "POST":
        begun = {name: request.GET[name] for name in BEGUN if name in request.GET}
        form = BehalfForm(by=request.staff, on=on, so_far={**begun, **_from_box(emptying)})
        return render(request, PAGE, _context(request, form, emptying))
    if "find" in request.POST or "switch" in request.POST:
        form = BehalfForm(by=request.staff, on=on, so_far=request.POST.dict())
        template = f"{PAGE}#places" if request.htmx else PAGE
        return render(request, template, _context(request, form, emptying))
    form = BehalfForm(request.POST, request.FILES, by=request.staff, on=on)
    if form.is_valid():
        try:
            if emptying is not None:
                filed = boxes.file_slip(emptying, by=request.staff, at=at, **form.facts())
            elif done := form.done_facts():
                filed = onspot.file_done(by=request.staff, at=at, **form.facts(), **done)
            else:
                filed = services.file(**form.facts(), filed_by=request.user, at=at)
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no))
        else:
            is_done = filed.petition.status == Status.RESOLVED
            context = {
                "filed": filed,
                "is_emergency": filed.petition.urgency == Urgency.EMERGENCY,
                # whoever closed it on the spot a moment ago sees it
                "is_in_scope": (filed.created and is_done)
                or Petition.objects.visible_to(request.staff).filter(pk=filed.petition.pk).exists(),
                "is_done": is_done,
                "emptying": emptying,
                "slips_filed": emptying.slips.count() if emptying is not None else 0,
            }
            return render(request, "petitions/staff/filed.html", context)
    return render(request, PAGE, _context(request, form, emptying), status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _context(request: StaffRequest, form: BehalfForm, emptying: BoxEmptying | None) -> dict[str, object]:
    return {"form": form, "emptying": emptying, "receives": request.staff.holds(*RECEIVES), **SWITCH}


def _emptying(request: StaffRequest) -> BoxEmptying | None:
    """Return the emptying whose slips are filed, if one is named: only one that the person may file from."""
    given = request.POST.get("emptying") or request.GET.get("emptying", "")
    if not given:
        return None
    known = given.isdecimal() and len(given) <= LONGEST_KEY
    found = BoxEmptying.objects.visible_to(request.staff).filter(pk=int(given)) if known else None
    emptying = found.select_related("box__area").first() if found is not None else None
    if emptying is None or not boxes.may_empty(request.staff, emptying.box):
        raise Http404
    return emptying


def _from_box(emptying: BoxEmptying | None) -> dict[str, object]:
    """Return what a slip says before it is read: the way it came, and where."""
    if emptying is None:
        return {}
    return {"channel": Channel.BOX, "place": emptying.box.area.code, "emptying": emptying.pk}
