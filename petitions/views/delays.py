"""Tell many of a delay that they share: choose what they have in common, look at who is told how, then tell them."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from deadlines.timetable import shanghai_date
from people.errors import Refusal
from petitions import delays, replies
from petitions.forms.delays import DelayForm, WantedForm
from petitions.models import Petition, ReplyTemplate
from petitions.reply_enums import ReplyUse
from petitions.views.access import StaffRequest, staff_required
from petitions.views.replies import LONGEST_KEY, is_picking, key_of, said_in

PAGE = "admin/petitions/delay.html"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required
def delay(request: StaffRequest, **context: Any) -> HttpResponse:
    """``?category=&area=&compound=&unit=`` lists what they have in common; POST looks at the chosen, then tells."""
    if not request.staff.holdings:
        raise PermissionDenied(_("You hold no post that tells residents how their matters stand."))
    title = {**context, "title": _("Tell many of a delay")}
    if request.method == "POST":
        return _chosen(request, title)
    form = WantedForm(request.GET or None, by=request.staff, on=shanghai_date(timezone.now()))
    wanted = form.wanted() if form.is_valid() else delays.Wanted()
    found = [] if wanted.is_empty else list(delays.matters(request.staff, wanted)[: delays.MOST + 1])
    page = {
        **title,
        "wanted_form": form,
        "asked": not wanted.is_empty,
        "lines": delays.preview(found[: delays.MOST], by=request.staff),
        "more": len(found) > delays.MOST,
        "most": delays.MOST,
    }
    return render(request, PAGE, page)


def _chosen(request: StaffRequest, context: dict[str, Any]) -> HttpResponse:
    """Look at what was chosen; ``look`` shows what each of them reads, ``confirm`` tells them all or nobody."""
    at = timezone.now()
    numbers = list(dict.fromkeys(request.POST.getlist("number")))
    if not 0 < len(numbers) <= delays.MOST:
        messages.error(request, _("Choose between 1 and %(most)d matters.") % {"most": delays.MOST})
        return redirect("admin:delay")
    mine = Petition.objects.visible_to(request.staff).filter(number__in=numbers)
    petitions = list(delays.with_people(mine))
    if len(petitions) != len(numbers):
        raise PermissionDenied(_("One of these petitions is not in your area. Nothing was changed."))
    lines = delays.preview(petitions, by=request.staff)
    form, refusal, status = _form(request, petitions[0]), "", HTTPStatus.OK
    looks = form.is_bound and form.is_valid()
    if form.is_bound and not looks:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    if looks and "confirm" in request.POST:
        try:
            told = delays.tell(numbers, by=request.staff, at=at, **form.cleaned_data)
        except Refusal as no:
            refusal, status = str(no), HTTPStatus(no.status)
        else:
            messages.success(request, _said(told))
            return redirect("admin:queue")
    page = {
        **context,
        "chosen": lines,
        "form": form,
        "replies": replies.offered(petitions[0], ReplyUse.DELAY, on=shanghai_date(at)),
        "looks": looks and not any(line.refusal for line in lines),
        "example": replies.fill(form.cleaned_data["words"], petitions[0]) if looks else "",
        "people": sum(line.joined + (line.way == delays.Way.MESSAGE) for line in lines),
        "refusal": refusal,
    }
    return render(request, PAGE, page, status=status)


def _form(request: StaffRequest, petition: Petition) -> DelayForm:
    """Return the form as it was sent; unsent while words are still chosen or changed."""
    if not is_picking(request.POST) and not {"look", "confirm"} & request.POST.keys():
        return DelayForm(initial={"words": request.POST.get("words", "")})
    if not is_picking(request.POST):
        return DelayForm(request.POST)
    typed, key = request.POST.get("words", "").rstrip(), key_of(request.POST)
    if key:
        pk = int(key) if key.isascii() and key.isdecimal() and len(key) <= LONGEST_KEY else 0
        rows = ReplyTemplate.objects.in_force(shanghai_date(timezone.now())).for_use(ReplyUse.DELAY)
        words = said_in(get_object_or_404(rows.fitting(petition), pk=pk))
        typed = f"{typed}\n{words}" if typed else words
    return DelayForm(initial={"words": typed})


def _said(told: delays.Told) -> str:
    if not told.matters:
        return _("They had been told already; nobody was told twice.")
    done = ngettext("Told on %(count)d matter.", "Told on %(count)d matters.", told.matters)
    return done % {"count": told.matters}
