"""Mediation of disputes (003a-21, 000-49): begun, ended with a result, counted. Only what is a quarrel is mediated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.enums import PostKind
from grids.models import Area
from grids.staff import Staff
from people.errors import BadInput
from petitions import records
from petitions.dispute_enums import AgreementForm, Dispute, MediationResult
from petitions.enums import EventCode, IssueKind, Status, TextKind
from petitions.errors import NotNow, NotYours
from petitions.kpis import bounds
from petitions.models import FigureRow, Mediation, Petition
from petitions.periods import Period
from petitions.permissions import check_not_recused, covers
from petitions.rates import Rate
from petitions.scopes import QUARRELS
from petitions.spans import Cut, Grain

MEDIATES: Final = frozenset(
    {
        PostKind.GRID_WORKER, PostKind.GRID_LEAD, PostKind.COMMUNITY_WORKER, PostKind.COMMUNITY_SECRETARY,
        PostKind.DISPATCHER, PostKind.STREET_LEADER,
    }
)  # fmt: skip
WHILE: Final = (Status.ACCEPTED, Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS)
_RESULTS: Final[dict[str, Any]] = {
    "settled": Count("pk", filter=Q(result=MediationResult.SETTLED)),
    "tried": Count("pk", filter=Q(result__in=(MediationResult.SETTLED, MediationResult.FAILED))),
}


def is_dispute(petition: Petition) -> bool:
    """Tell whether a matter (category loaded) is a quarrel: by its category, or because triage said so."""
    if petition.issue_kind == IssueKind.MEDIATION:
        return True
    return petition.category is not None and petition.category.code.startswith(QUARRELS)


def may_mediate(by: Staff, petition: Petition) -> bool:
    """Tell whether one of the posts held mediates this matter (its state apart)."""
    return is_dispute(petition) and _reaches(by, petition)


@transaction.atomic
def begin(petition: Petition, *, by: Staff, at: datetime, dispute: Dispute) -> Mediation:
    """Begin to mediate; whoever begins is the mediator.

    :raises NotYours: if no post of ``by`` mediates there
    :raises NotNow: if it is no dispute, is not under way, or is being mediated already
    """
    locked = _locked(petition, by=by)
    if locked.status not in WHILE:
        raise NotNow(_("%(number)s cannot be mediated now.") % {"number": locked.number})
    if locked.mediations.filter(ended_at=None).exists():
        raise NotNow(_("%(number)s is being mediated already.") % {"number": locked.number})
    records.append(locked, EventCode.MEDIATION, at=at, by=by.user, refs={"dispute": dispute})
    return Mediation.objects.create(petition=locked, dispute=dispute, mediator=by.user, begun_at=at)


@transaction.atomic
def end(
    petition: Petition,
    *,
    by: Staff,
    at: datetime,
    result: MediationResult,
    words: str,
    agreement: AgreementForm | None = None,
    perform_by: date | None = None,
) -> Mediation:
    """End the mediation under way with its result; the words are for staff alone.

    :raises NotYours: if no post of ``by`` mediates there
    :raises NotNow: if none is under way
    :raises WordsMissing: without words
    :raises BadInput: if a settled one has no agreement, or one is to be carried out before today
    """
    locked = _locked(petition, by=by)
    mediation = locked.mediations.select_for_update(of=("self",), no_key=True).filter(ended_at=None).first()
    if mediation is None:
        raise NotNow(_("No mediation of %(number)s is under way.") % {"number": locked.number})
    settled = result == MediationResult.SETTLED
    if settled and agreement is None:
        raise BadInput(_("Say how what was agreed stands."), field="agreement")
    if settled and perform_by is not None and perform_by < shanghai_date(at):
        raise BadInput(_("The day by which it is carried out is over already."), field="perform_by")
    event = records.append(
        locked, EventCode.MEDIATED, at=at, by=by.user, words=records.required(words), text_kind=TextKind.NOTE,
        public=False, refs={"result": result},
    )  # fmt: skip
    mediation.result, mediation.ended_at, mediation.ended_by = result, at, by.user
    mediation.agreement = agreement if settled and agreement is not None else ""
    mediation.perform_by = perform_by if settled else None
    mediation.words_id = records.words_of(event)
    mediation.save(update_fields=["result", "ended_at", "ended_by", "agreement", "perform_by", "words_id"])
    return mediation


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of dispute, or all: how many were tried and settled; ``code`` names it in addresses."""

    code: str
    label: str
    success: Rate

    @property
    def failed(self) -> int:
        """How many were tried in vain."""
        return self.success.denominator - self.success.numerator


@dataclass(frozen=True, slots=True)
class Disputes:
    """Disputes of an area and span: mediated by kind, and what became of the matters themselves (000-49)."""

    total: Rate
    lines: tuple[Line, ...]
    received: int
    completed: int
    satisfaction: Rate


def success_rate(area: Area, *, period: Period) -> Rate:
    """Return settled ÷ mediations that ended settled or not, by the day they ended; what was withdrawn is left out."""
    found = _ended(area, period).aggregate(**_RESULTS)
    return Rate(found["settled"], found["tried"])


def disputes(area: Area, *, period: Period) -> Disputes:
    """Return the figures of disputes; two queries. The matters go by whole months, as the sums do."""
    rows = _ended(area, period).order_by().values("dispute").annotate(**_RESULTS)
    found = {row["dispute"]: Rate(row["settled"], row["tried"]) for row in rows}
    lines = tuple(Line(kind.value, str(kind.label), found.get(kind.value, Rate(0, 0))) for kind in Dispute)
    quarrels = Q(pk__in=())
    for code in QUARRELS:
        quarrels |= Q(item__startswith=code)
    sums = FigureRow.objects.filter(
        quarrels,
        cut=Cut.CATEGORY,
        grain=Grain.MONTH,
        begins_on__range=(period.start.replace(day=1), period.end),
        area__path__startswith=area.path,
    ).aggregate(**{name: Sum(name, default=0) for name in ("received", "completed", "rated", "satisfied")})
    return Disputes(
        Rate(sum(rate.numerator for rate in found.values()), sum(rate.denominator for rate in found.values())),
        lines,
        sums["received"],
        sums["completed"],
        Rate(sums["satisfied"], sums["rated"]),
    )


def cases(petitions: Any, area: Area, *, period: Period, dispute: str = "", only_failed: bool = False) -> Any:
    """Return those of ``petitions`` that were mediated in the span, of one kind if it is named."""
    ended = _ended(area, period).ended()
    if dispute:
        ended = ended.filter(dispute=dispute)
    if only_failed:
        ended = ended.filter(result=MediationResult.FAILED)
    return petitions.filter(pk__in=ended.values("petition"))


def of_petition(petition: Petition) -> Sequence[Mediation]:
    """Return the mediations of a matter, the newest first; one query."""
    return list(petition.mediations.select_related("mediator").order_by("-begun_at", "-pk"))


def _ended(area: Area, period: Period) -> Any:
    since, until = bounds(period.start, period.end)
    return Mediation.objects.filter(ended_at__gte=since, ended_at__lt=until, petition__area_path__startswith=area.path)


def _locked(petition: Petition, *, by: Staff) -> Petition:
    locked = Petition.objects.locked(petition.pk)
    check_not_recused(by, locked)
    if not _reaches(by, locked):
        raise NotYours(_("Your post does not mediate %(number)s.") % {"number": locked.number})
    if not is_dispute(locked):
        raise NotNow(_("Only disputes are mediated; change the category first if this is one."))
    return locked


def _reaches(by: Staff, petition: Petition) -> bool:
    return any(held.kind in MEDIATES and covers(held, petition) for held in by.holdings)
