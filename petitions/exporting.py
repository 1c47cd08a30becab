"""The register of petitions as a file: what the list shows, the petitioner masked unless a right and a reason allow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deadlines.timetable import SHANGHAI
from grids.staff import Staff
from people import exports
from people.crypto import SealError
from people.errors import BadInput
from people.exports import Mark
from petitions.models import Petition
from petitions.permissions import EXPORTS, EXPORTS_IN_CLEAR, covers, hides_reporter

MOST: Final = 20_000
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


@transaction.atomic
def export(
    *, since: date, until: date, form: str, by: Staff, at: datetime, clear: bool = False, reason: str = ""
) -> Export:
    """Return the petitions filed on those days in Shanghai that ``by`` sees by a post that exports, and log it.

    In clear the log says so and why; who raised a confidential matter, or one about staff, stays hidden.

    :raises BadInput: if there are too many, or ``by`` may not take them so, or gives no reason
    """
    exports.check_may_take_in_clear(allowed=not clear or may_in_clear(by))
    start = datetime.combine(since, time(), SHANGHAI)
    end = datetime.combine(until, time(), SHANGHAI) + timedelta(days=1)
    found = _rows(by).filter(submitted_at__gte=start, submitted_at__lt=end)
    count = found[: MOST + 1].count()
    if count > MOST:
        raise BadInput(_("More than %(most)d petitions: please take fewer days at a time.") % {"most": MOST})
    mark = exports.record(what=WHAT, rows=count, by=by.user, at=at, masked=not clear, reason=reason)
    headings = [str(heading) for heading in HEADINGS]
    lines = _lines(found, by, clear=clear)
    write = exports.to_csv if form == "csv" else exports.to_xlsx
    return Export(write(headings, lines, mark), mark.file_name(form), mark)


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
