"""The five mechanisms of 004-05 as they stand in the system: what is behind each, with live counts in one's scope."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Q, TextChoices
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from deadlines.timetable import shanghai_date
from grids.staff import Staff
from petitions import desk, listing, supervising
from petitions.channels import SIX_ONES, in_words
from petitions.desk import Pile
from petitions.enums import Channel, FilingState, IntakeList, Status, Tier
from petitions.models import Circular, Filing, Petition, SuggestionBox, Survey, VerificationTask

LAST: Final = timedelta(days=30)


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
    """Return the five with their counts; nine queries, however much there is."""
    lines = {
        Mechanism.COLLECT: _collected(staff, at=at),
        Mechanism.SORT: _sorted(staff),
        Mechanism.DELIBERATE: _discussed(staff, at=at),
        Mechanism.SUPERVISE: _supervised(staff, at=at),
        Mechanism.REPORT: _reported(staff),
    }
    return [Stage(one, ABOUT[one], tuple(lines[one])) for one in Mechanism]


def _desk(staff: Staff, name: str) -> str:
    """Return the address of a page of the desk, for whoever has one."""
    return reverse(name) if staff.user.is_staff else ""


def _pile(staff: Staff, pile: Pile) -> str:
    queue = _desk(staff, "admin:queue")
    return f"{queue}?pile={pile}" if queue else ""


def _collected(staff: Staff, *, at: datetime) -> list[Line]:
    mine = Petition.objects.visible_to(staff).filter(submitted_at__gt=at - LAST)
    found = dict(mine.order_by().values_list("channel").annotate(Count("pk")))
    ways = (Channel.WEB, Channel.QR, *SIX_ONES, Channel.WINDOW, Channel.PATROL, Channel.SURVEY, Channel.HOTLINE)
    pages = {Channel.BOX: reverse("boxes"), Channel.DIARY: reverse("diary"), Channel.SURVEY: reverse("surveys")}
    lines = [Line(in_words(one), found.get(one.value, 0), pages.get(one, "")) for one in ways]
    on = shanghai_date(at)
    late = SuggestionBox.objects.visible_to(staff).hanging(on).overdue(on).count()
    return [*lines, Line(_("Boxes overdue to be emptied"), late, f"{reverse('boxes')}?due=1")]


def _sorted(staff: Staff) -> list[Line]:
    open_ = Petition.objects.visible_to(staff).open()
    found = open_.aggregate(
        triage=Count("pk", filter=Q(status=Status.SUBMITTED)),
        **{one.value: Count("pk", filter=Q(tier=one)) for one in Tier},
    )
    lists = listing.counts(staff)
    triage = Line(Pile.TRIAGE.label, found["triage"], _pile(staff, Pile.TRIAGE))
    kinds = [Line(one.label, found[one.value]) for one in Tier]
    page = reverse("three_lists")
    return [triage, *kinds, *(Line(one.label, lists[one.value], f"{page}?list={one}") for one in IntakeList)]


def _discussed(staff: Staff, *, at: datetime) -> list[Line]:
    waiting = Petition.objects.visible_to(staff).open().filter(needs_deliberation=True).count()
    surveys = Survey.objects.visible_to(staff).open(shanghai_date(at)).count()
    return [
        Line(_("Matters that need deliberation"), waiting, f"{reverse('process')}?show=deliberation#deliberation"),
        Line(_("Surveys open now"), surveys, reverse("surveys")),
    ]


def _supervised(staff: Staff, *, at: datetime) -> list[Line]:
    counted = {tile.pile: tile.count for tile in desk.tiles(staff, at=at)}
    piles = (Pile.VERIFY, Pile.CALL, Pile.BAD, Pile.CLOSE)
    checks = VerificationTask.objects.filter(supervising.waiting_for(staff)).count()
    lines = [Line(pile.label, counted[pile], _pile(staff, pile)) for pile in piles]
    return [*lines, Line(_("Checks that wait for me"), checks, reverse("checks"))]


def _reported(staff: Staff) -> list[Line]:
    circulars = Circular.objects.visible_to(staff).count()
    filings = Filing.objects.visible_to(staff).filter(state=FilingState.FILED).count()
    return [
        Line(_("Circulars"), circulars, _desk(staff, "admin:circulars")),
        Line(_("Filings that wait for an answer"), filings, _desk(staff, "admin:filings")),
    ]


def to_deliberate(staff: Staff) -> list[Petition]:
    """Return the open matters in scope that need deliberation, most pressing first; a hundred at most."""
    return list(Petition.objects.visible_to(staff).open().filter(needs_deliberation=True).for_list()[:100])
