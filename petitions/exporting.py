"""The register of petitions as a file: what the list shows, the petitioner masked unless a right and a reason allow."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deadlines.timetable import SHANGHAI, shanghai_date
from grids.posts import staff_for
from grids.staff import Staff
from notifications import downloads
from notifications.models import Download
from people import exports
from people.crypto import SealError
from people.errors import BadInput
from people.exports import Mark
from people.masking import mask_text
from people.models import User
from people.services import check_reason
from petitions.models import Petition
from petitions.permissions import EXPORTS, EXPORTS_IN_CLEAR, covers, hides_reporter

# So many are answered at once; more are made beside the page, with a progress.
AT_ONCE: Final = 1_000
MOST: Final = 100_000
WHAT: Final = "petitions.petition"
HEADINGS: Final = (
    gettext_lazy("Number"), gettext_lazy("Matter"), gettext_lazy("Category"), gettext_lazy("Status"),
    gettext_lazy("Channel"), gettext_lazy("Subdistrict"), gettext_lazy("Community"), gettext_lazy("Grid"),
    gettext_lazy("Handling unit"), gettext_lazy("Submitted at"), gettext_lazy("Resolved at"),
    gettext_lazy("Closed at"), gettext_lazy("Name"), gettext_lazy("Telephone number"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Export:
    """A file, the name to save it under, and its mark."""

    data: bytes
    name: str
    mark: Mark


def may_export(by: Staff) -> bool:
    """Tell whether somebody may take the register of his area out."""
    return any(held.kind in EXPORTS for held in by.holdings)


def may_in_clear(by: Staff) -> bool:
    """Tell whether one of his posts may take names and numbers out in clear."""
    return any(held.kind in EXPORTS_IN_CLEAR for held in by.holdings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which petitions, and how: those filed on these days in Shanghai; ``form`` is "csv" or "xlsx"."""

    since: date
    until: date
    form: str
    clear: bool = False
    reason: str = ""


def count(wanted: Wanted, *, by: Staff) -> int:
    """Return how many petitions these are, at most one more than ``MOST``.

    :raises BadInput: if ``by`` may not take them so
    """
    exports.check_may_take_in_clear(allowed=not wanted.clear or may_in_clear(by))
    return _found(wanted, by)[: MOST + 1].count()


def export(wanted: Wanted, *, by: Staff, at: datetime, progress: Callable[[int, int], None] | None = None) -> Export:
    """Return the petitions that ``by`` sees by a post that exports, and log it before the file is made.

    In clear the log says so and why; who raised a confidential matter, or one about staff, stays hidden.
    ``progress(done, total)`` is called with each row; what it raises ends the work.

    :raises BadInput: if there are too many, or ``by`` may not take them so, or gives no reason
    """
    rows = count(wanted, by=by)
    if rows > MOST:
        raise BadInput(_("More than %(most)d petitions: please take fewer days at a time.") % {"most": MOST})
    mark = exports.record(what=WHAT, rows=rows, by=by.user, at=at, masked=not wanted.clear, reason=wanted.reason)
    headings = [str(heading) for heading in HEADINGS]
    # What is filed meanwhile stands behind the others and is left out: the file has as many rows as the log says.
    lines = _lines(_found(wanted, by)[:rows], by, clear=wanted.clear)
    write = exports.to_csv if wanted.form == "csv" else exports.to_xlsx
    return Export(write(headings, _told(lines, rows, progress), mark), mark.file_name(wanted.form), mark)


def ask(wanted: Wanted, *, by: Staff, at: datetime) -> Download:
    """Have the file made beside the page; refused as ``export`` refuses, and where too many are being made."""
    if count(wanted, by=by) > MOST:
        raise BadInput(_("More than %(most)d petitions: please take fewer days at a time.") % {"most": MOST})
    terms = {"since": wanted.since.isoformat(), "until": wanted.until.isoformat(), "form": wanted.form,
             "clear": wanted.clear}  # fmt: skip
    reason = mask_text(check_reason(wanted.reason))[0] if wanted.clear else ""
    return downloads.ask(maker=WHAT, terms=terms, by=by.user, at=at, reason=reason)


def _make(download: Download, now: Callable[[], datetime], progress: Callable[[int, int], None]) -> downloads.Made:
    terms, at = download.terms, now()
    wanted = Wanted(
        since=date.fromisoformat(terms["since"]),
        until=date.fromisoformat(terms["until"]),
        form=terms["form"],
        clear=terms["clear"],
        reason=download.reason,
    )
    made = export(wanted, by=staff_for(download.owner, shanghai_date(at)), at=at, progress=progress)
    return downloads.Made(made.data, made.name, exports.TYPES[wanted.form], in_clear=wanted.clear)


def _may(owner: User, on: date) -> bool:
    return may_export(staff_for(owner, on))


MAKER: Final = downloads.Maker(gettext_lazy("Register of petitions"), _make, _may)


def _found(wanted: Wanted, by: Staff) -> QuerySet[Petition]:
    start = datetime.combine(wanted.since, time(), SHANGHAI)
    end = datetime.combine(wanted.until, time(), SHANGHAI) + timedelta(days=1)
    return _rows(by).filter(submitted_at__gte=start, submitted_at__lt=end)


def _told(
    lines: Iterable[Sequence[object]], total: int, progress: Callable[[int, int], None] | None
) -> Iterator[Sequence[object]]:
    for done, line in enumerate(lines, start=1):
        if progress is not None:
            progress(done, total)
        yield line


def _rows(by: Staff) -> QuerySet[Petition]:
    named = ("category", "street", "community", "grid", "organisation", "petitioner")
    return Petition.objects.visible_to(by.only(*EXPORTS)).select_related(*named).order_by("submitted_at", "pk")


def _lines(found: QuerySet[Petition], by: Staff, *, clear: bool) -> Iterator[Sequence[object]]:
    for petition in found.iterator(chunk_size=1000):
        name, phone = _contact(petition, by, clear=clear)
        yield (
            petition.number,
            petition.title,
            petition.category.name if petition.category else "",
            petition.get_status_display(),
            petition.get_channel_display(),
            *(area.name if area else "" for area in (petition.street, petition.community, petition.grid)),
            petition.organisation.name if petition.organisation else "",
            *(_moment(at) for at in (petition.submitted_at, petition.resolved_at, petition.closed_at)),
            name,
            phone,
        )


def _contact(petition: Petition, by: Staff, *, clear: bool) -> tuple[str, str]:
    person = petition.petitioner
    if person is None or hides_reporter(petition) or petition.barred_from is not None:
        return "", ""
    reaches = any(held.kind in EXPORTS_IN_CLEAR and covers(held, petition) for held in by.holdings)
    try:
        return (person.name, person.phone) if clear and reaches else (person.name_masked, person.phone_masked)
    except SealError:  # one that does not open must not cost the file
        return "", ""


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
