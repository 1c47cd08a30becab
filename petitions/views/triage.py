"""Triage at one go: a matter, what speaks for it, what is like it; after the decision the next one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from deadlines.timetable import shanghai_date
from grids.staff import Staff
from petitions import advice, casefile, joining
from petitions.enums import IssueKind, Status, Verb
from petitions.forms.case import VerbForm
from petitions.forms.verbs import FORMS
from petitions.models import Category, Petition, PetitionPhoto
from petitions.numbers import number_is_well_formed
from petitions.permissions import MAY, may
from petitions.scopes import QUARRELS
from petitions.suggestion import Suggestion, suggest
from petitions.views.access import StaffRequest, see_other, staff_required
from petitions.views.replies import VERBS, offered

SHOWN: Final = 30
BACK: Final = "triage"
# What is waiting here, and the verb that takes it off the pile.
WAITING: Final[Mapping[Status, Verb]] = {Status.SUBMITTED: Verb.ACCEPT, Status.ACCEPTED: Verb.DISPATCH}
OPENED: Final = (Verb.ACCEPT, Verb.DISPATCH, Verb.DECLINE)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The matter in the middle of the page."""

    petition: Petition
    words: str
    photos: Sequence[PetitionPhoto]
    verbs: Sequence[Verb]
    suggestions: Sequence[Suggestion]
    advice: advice.Advice | None
    alike: Sequence[Petition]
    may_join: bool
    issue_kind: IssueKind


@require_safe
@never_cache
@staff_required
def triage(request: StaffRequest, **context: Any) -> HttpResponse:
    """What waits for triage and for dispatch, most pressing first; ``?number=`` is in the middle, ``?do=`` its form."""
    staff, at = request.staff, timezone.now()
    statuses = [status for status, verb in WAITING.items() if _may(staff, verb)]
    if not statuses:
        raise PermissionDenied(_("Your post neither triages nor dispatches."))
    waiting = Petition.objects.visible_to(staff).filter(status__in=statuses)
    rows = list(waiting.for_list()[: SHOWN + 1])
    number = request.GET.get("number", "").strip().upper()
    named = number if number_is_well_formed(number) else ""
    place = next((place for place, row in enumerate(rows) if row.number == named), 0)
    asked = named or (rows[0].number if rows else "")
    petition = casefile.with_everything(waiting).filter(number=asked).first() if asked else None
    gone = named if named and petition is None else ""
    if petition is None and rows:
        petition = casefile.with_everything(waiting).filter(pk=rows[0].pk).first()
    chosen = _chosen(petition, staff, at=at) if petition is not None else None
    form = _form(request, chosen, at=at) if chosen is not None else None
    page = {
        **context,
        "title": _("Triage and dispatch"),
        "rows": rows[:SHOWN],
        "more": len(rows) > SHOWN,
        "chosen": chosen,
        "gone": gone,
        "place": place + 1,
        "next": rows[place + 1].number if place + 1 < len(rows) else "",
        "form": form,
        "do": form.verb if form is not None else "",
        "replies": offered(VERBS.get(form.verb), form.petition, on=shanghai_date(at)) if form is not None else (),
        "now": at,
    }
    return render(request, "admin/petitions/triage.html", page)


def after_decision(request: HttpRequest, petition: Petition, staff: Staff) -> HttpResponse:
    """Go on: to the dispatch of what was just accepted, where this person dispatches it, else to the next one."""
    stays = petition.status == Status.ACCEPTED and Verb.DISPATCH in casefile.verbs_for(petition, staff)
    number = petition.number if stays else request.POST.get("next", "")
    asked = f"?{urlencode({'number': number})}" if number_is_well_formed(number) else ""
    return see_other(request, f"{reverse('admin:triage')}{asked}")


def _chosen(petition: Petition, staff: Staff, *, at: datetime) -> Chosen:
    on = shanghai_date(at)
    words = casefile.words_of(petition)
    found = suggest(f"{petition.title}\n{words}", on=on) if petition.category is None else []
    category = petition.category or (found[0].category if found else None)
    verbs = casefile.verbs_for(petition, staff)
    mine = Petition.objects.visible_to(staff)
    return Chosen(
        petition=petition,
        words=words,
        photos=tuple(PetitionPhoto.objects.filter(petition=petition).order_by("added_at", "pk")),
        verbs=verbs,
        suggestions=found,
        advice=advice.advise(petition, category, by=staff, at=at) if category is not None else None,
        alike=joining.suggestions(petition, mine, at=at),
        may_join=may(staff, Verb.MERGE, petition) and not joining.is_protected(petition),
        issue_kind=_kind(category),
    )


def _kind(category: Category | None) -> IssueKind:
    """Return which of the two times of 1365 fits a category."""
    is_quarrel = category is not None and category.code.startswith(tuple(QUARRELS))
    return IssueKind.MEDIATION if is_quarrel else IssueKind.SMALL


def _form(request: StaffRequest, chosen: Chosen, *, at: datetime) -> VerbForm | None:
    do = request.GET.get("do", "")
    if do not in OPENED or do not in chosen.verbs:
        return None
    said = chosen.words if do == Verb.ACCEPT else ""
    return FORMS[Verb(do)](None, petition=chosen.petition, by=request.staff, on=shanghai_date(at), said=said)


def _may(staff: Staff, verb: Verb) -> bool:
    return any(verb in MAY.get(held.kind, ()) for held in staff.holdings)
