"""The public board for everybody: what was closed, in words that name nobody; and the way to object. No sign-in."""

from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grids.models import Area
from people.errors import Refusal
from petitions import board, throttle
from petitions.enums import NoticeState
from petitions.forms.board import ObjectForm
from petitions.models import PublicNotice
from petitions.views.access import address_of
from petitions.views.resident_follow import wait_page

PAGE: Final = 20
LONGEST_KEY: Final = 15
LOADED: Final = ("petition__category", "petition__community", "petition__street", "petition__area")


@require_safe
def public_board(request: HttpRequest) -> HttpResponse:
    """Show what hangs, newest first: ``?area=CODE`` of one community, ``?before=`` goes on."""
    hanging = PublicNotice.objects.on_the_board()
    areas = Area.objects.filter(pk__in=hanging.order_by().values("petition__community")).order_by("code")
    found = hanging.select_related(*LOADED)
    if area := request.GET.get("area", "").replace("\0", ""):
        found = found.filter(petition__community__code=area)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) <= LONGEST_KEY:
        found = found.filter(Q(pk__lt=int(before)))
    rows = list(found.order_by("-pk")[: PAGE + 1])
    page = {
        "notices": rows[:PAGE],
        "before": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "areas": list(areas),
        "area": area,
    }
    return render(request, "petitions/public/board.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def public_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one notice; while it hangs, anybody may object in words. Looking changes nothing."""
    notice = get_object_or_404(PublicNotice.objects.on_the_board().select_related(*LOADED), pk=pk)
    if request.method != "POST" or hasattr(request, "switched"):
        return _page(request, notice, ObjectForm.fresh())
    form = ObjectForm(request.POST)
    if not form.is_valid():
        return _page(request, notice, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        if not request.user.is_authenticated:
            throttle.take(throttle.Doing.OBJECT, address=address_of(request), subject=str(notice.pk))
        board.object_to(notice, at=timezone.now(), **form.cleaned_data)
    except (throttle.TooManyTries, throttle.CannotCount) as refusal:
        return wait_page(request, refusal)
    except Refusal as no:
        form.add_error(None, str(no))
        return _page(request, notice, form, status=HTTPStatus(no.status))
    messages.success(
        request, _("Thank you. The secretary of the community looks into it; the notice is not closed out before that.")
    )
    return redirect("public_notice", notice.pk)


def _page(
    request: HttpRequest, notice: PublicNotice, form: ObjectForm, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    page = {
        "notice": notice,
        "form": form,
        "may_object": notice.state == NoticeState.PUBLISHED,
        "switch_form": "object",
    }
    return render(request, "petitions/public/notice.html", page, status=status)
