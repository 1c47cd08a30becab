"""The five mechanisms of 004-05 as they stand in the system: what is behind each, with live counts in one's scope."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import models
from django.db.models import Count, Q, TextChoices, Value
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from deadlines.timetable import shanghai_date
from grids.staff import Staff
from petitions import desk, listing, supervising
from petitions.channels import SIX_ONES, in_words
from petitions.desk import Pile
from petitions.enums import Channel, IntakeList, Tier
from petitions.filing_enums import FilingState
from petitions.models import Circular, Filing, Petition, SuggestionBox, Survey, VerificationTask

LAST: Final = timedelta(days=30)
SUPERVISED: Final = (Pile.VERIFY, Pile.CALL, Pile.BAD, Pile.CLOSE)
PILES: Final = (Pile.TRIAGE, Pile.VERIFY, Pile.CALL, Pile.CLOSE)


class Mechanism(TextChoices):
    """The five, in their order."""

    COLLECT = "collect", _("Collecting what people say")
    SORT = "sort", _("Sorting it")
    DELIBERATE = "deliberate", _("Discussing it together")
    SUPERVISE = "supervise", _("Supervising and giving word")
    REPORT = "report", _("Reporting and filing")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that stands behind a mechanism: its name, how many, and where the list is (empty: no list)."""

    label: str | Promise
    count: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One mechanism with what stands behind it."""

    mechanism: Mechanism
    about: str | Promise
    lines: tuple[Line, ...]


ABOUT: Final[Mapping[Mechanism, Promise]] = {
    Mechanism.COLLECT: _("Residents' page, building codes, the six ones, boxes, diary and surveys; last 30 days."),
    Mechanism.SORT: _("Triage into three kinds of matters, and three lists by rules."),
    Mechanism.DELIBERATE: _("Matters that triage marked as needing deliberation, and open surveys."),
    Mechanism.SUPERVISE: _("Checks before closing, callbacks, and answers to bad ratings."),
    Mechanism.REPORT: _("Circulars from above, filings with the level above, figures and the public board."),
}


def process_map(staff: Staff, *, at: datetime) -> list[Stage]:
    """Return the five with their counts; five queries, however much there is."""
    standing, numbers = _standing(staff, at=at), _numbers(staff, at=at)
    lines = {
        Mechanism.COLLECT: _collected(staff, numbers, at=at),
        Mechanism.SORT: _sorted(staff, standing),
        Mechanism.DELIBERATE: _discussed(standing, numbers),
        Mechanism.SUPERVISE: _supervised(staff, {**standing, **numbers}),
        Mechanism.REPORT: _reported(staff, numbers),
    }
    return [Stage(one, ABOUT[one], tuple(lines[one])) for one in Mechanism]


def _desk(staff: Staff, name: str) -> str:
    """Return the address of a page of the desk, for whoever has one."""
    return reverse(name) if staff.user.is_staff else ""


def _pile(staff: Staff, pile: Pile) -> str:
    queue = _desk(staff, "admin:queue")
    return f"{queue}?pile={pile}" if queue else ""


def _collected(staff: Staff, numbers: Mapping[str, int], *, at: datetime) -> list[Line]:
    mine = Petition.objects.visible_to(staff).filter(submitted_at__gt=at - LAST)
    found = dict(mine.order_by().values_list("channel").annotate(Count("pk")))
    ways = (Channel.WEB, Channel.QR, *SIX_ONES, Channel.WINDOW, Channel.PATROL, Channel.SURVEY, Channel.HOTLINE)
    pages = {Channel.BOX: reverse("boxes"), Channel.DIARY: reverse("diary"), Channel.SURVEY: reverse("surveys")}
    lines = [Line(in_words(one), found.get(one.value, 0), pages.get(one, "")) for one in ways]
    return [*lines, Line(_("Boxes overdue to be emptied"), numbers["boxes"], f"{reverse('boxes')}?due=1")]


def _standing(staff: Staff, *, at: datetime) -> Mapping[str, int]:
    """Count the open matters in scope by pile, by tier, and those that need deliberation; one query."""
    counted = {
        "deliberate": Count("pk", filter=Q(needs_deliberation=True)),
        **{pile.value: Count("pk", filter=desk.in_pile(pile, staff, at=at)) for pile in PILES},
        **{one.value: Count("pk", filter=Q(tier=one)) for one in Tier},
    }
    return Petition.objects.visible_to(staff).open().aggregate(**counted)


def _numbers(staff: Staff, *, at: datetime) -> Mapping[str, int]:
    """Count what is no open matter: boxes overdue, surveys open, bad ratings, checks, circulars, filings; one query."""
    on = shanghai_date(at)
    found: dict[str, models.QuerySet[Any]] = {
        "boxes": SuggestionBox.objects.visible_to(staff).hanging(on).overdue(on),
        "surveys": Survey.objects.visible_to(staff).filter(opens_on__lte=on, closes_on__gte=on),
        Pile.BAD.value: desk.listed(staff, Pile.BAD, at=at),  # most of what is rated is closed
        "checks": VerificationTask.objects.filter(supervising.waiting_for(staff)),
        "circulars": Circular.objects.visible_to(staff),
        "filings": Filing.objects.visible_to(staff).filter(state=FilingState.FILED),
    }
    first, *others = (
        rows.order_by()
        .values(what=Value(name))
        .annotate(number=Count("pk", distinct=True))
        .values_list("what", "number")
        for name, rows in found.items()
    )
    return dict.fromkeys(found, 0) | dict(first.union(*others, all=True))


def _sorted(staff: Staff, standing: Mapping[str, int]) -> list[Line]:
    lists = listing.counts(staff)
    triage = Line(Pile.TRIAGE.label, standing[Pile.TRIAGE], _pile(staff, Pile.TRIAGE))
    kinds = [Line(one.label, standing[one.value]) for one in Tier]
    page = reverse("three_lists")
    return [triage, *kinds, *(Line(one.label, lists[one.value], f"{page}?list={one}") for one in IntakeList)]


def _discussed(standing: Mapping[str, int], numbers: Mapping[str, int]) -> list[Line]:
    waiting = f"{reverse('process')}?show=deliberation#deliberation"
    return [
        Line(_("Matters that need deliberation"), standing["deliberate"], waiting),
        Line(_("Surveys open now"), numbers["surveys"], reverse("surveys")),
    ]


def _supervised(staff: Staff, counted: Mapping[str, int]) -> list[Line]:
    lines = [Line(pile.label, counted[pile.value], _pile(staff, pile)) for pile in SUPERVISED]
    return [*lines, Line(_("Checks that wait for me"), counted["checks"], reverse("checks"))]


def _reported(staff: Staff, numbers: Mapping[str, int]) -> list[Line]:
    return [
        Line(_("Circulars"), numbers["circulars"], _desk(staff, "admin:circulars")),
        Line(_("Filings that wait for an answer"), numbers["filings"], _desk(staff, "admin:filings")),
    ]


def to_deliberate(staff: Staff) -> list[Petition]:
    """Return the open matters in scope that need deliberation, most pressing first; a hundred at most."""
    return list(Petition.objects.visible_to(staff).open().filter(needs_deliberation=True).for_list()[:100])
