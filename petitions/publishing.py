"""A month made public: a copy of its figures that nobody changes; what is counted differently later stands beside it.

The calendar publishes the month before on ``FIGURES_PUBLISHED_ON_DAY`` of the next, or as soon after as we run.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deadlines.timetable import shanghai_date
from grids.enums import PostKind
from grids.staff import Staff
from petitions import kpis, rollups
from petitions.enums import OPEN
from petitions.errors import NotNow, NotYours, PublishedAlready
from petitions.models import FigureRow, Petition, Publication, PublishedRow
from petitions.models.figures import MEASURES
from petitions.periods import month_before, next_month
from petitions.spans import Cut, Grain

PUBLISHES = frozenset({PostKind.DISTRICT_COMMAND})
CHUNK = 1000
# (measure, if there are more of it now, if there are fewer)
_CHANGES: Final = (
    ("reopened", gettext_lazy("%(count)d re-opened"), gettext_lazy("%(count)d fewer re-opened")),
    ("completed", gettext_lazy("%(count)d more completed"), gettext_lazy("%(count)d no longer completed")),
    ("accepted", gettext_lazy("%(count)d came to this area"), gettext_lazy("%(count)d left this area")),
    ("withdrawn", gettext_lazy("%(count)d withdrawn"), gettext_lazy("%(count)d fewer withdrawn")),
    ("merged", gettext_lazy("%(count)d merged into another"), gettext_lazy("%(count)d separated again")),
    ("rated", gettext_lazy("%(count)d more rated"), gettext_lazy("%(count)d fewer rated")),
    ("solved", gettext_lazy("%(count)d more called solved"), gettext_lazy("%(count)d fewer called solved")),
    ("satisfied", gettext_lazy("%(count)d more satisfied"), gettext_lazy("%(count)d fewer satisfied")),
    (
        "contact_decided",
        gettext_lazy("%(count)d more contacts decided"),
        gettext_lazy("%(count)d fewer contacts decided"),
    ),
    ("returned", gettext_lazy("%(count)d more returned"), gettext_lazy("%(count)d fewer returned")),
    ("reworked", gettext_lazy("%(count)d more sent back"), gettext_lazy("%(count)d fewer sent back")),
    ("extended", gettext_lazy("%(count)d more extended"), gettext_lazy("%(count)d fewer extended")),
)


@transaction.atomic
def publish(month: date, *, by: Staff | None, at: datetime) -> Publication:
    """Publish the month that begins with ``month``; without ``by`` the calendar does.

    :raises NotYours: if no post of ``by`` publishes figures
    :raises NotNow: if the month is not over
    :raises PublishedAlready: if it was published; a month is published once
    """
    if by is not None and not by.holds(*PUBLISHES):
        raise NotYours(_("Your post does not publish figures."))
    if next_month(month) > shanghai_date(at):
        raise NotNow(_("This month is not over yet."))
    rollups.count_new(at=at)
    publication, is_new = Publication.objects.get_or_create(
        month=month, defaults={"published_at": at, "published_by": by.user if by is not None else None}
    )
    if not is_new:
        raise PublishedAlready(_("The figures of this month have been published already."))
    PublishedRow.objects.bulk_create(_rows(publication, at=at), batch_size=CHUNK)
    return publication


def publish_due(*, at: datetime) -> Publication | None:
    """Publish the month before ``at`` if its day has come and nobody has; nothing where nothing was ever counted."""
    today = shanghai_date(at)
    month = month_before(today)
    if today.day < settings.FIGURES_PUBLISHED_ON_DAY or Publication.objects.filter(month=month).exists():
        return None
    if not FigureRow.objects.filter(cut=Cut.TOTAL, grain=Grain.MONTH, begins_on=month).exists():
        return None
    return publish(month, by=None, at=at)


def reasons(published: Mapping[str, int], now: Mapping[str, int]) -> list[str]:
    """Say in words what has changed since a row was published, the most telling first; empty if nothing has."""
    return [
        str(more if change > 0 else fewer) % {"count": abs(change)}
        for name, more, fewer in _CHANGES
        if (change := now.get(name, 0) - published.get(name, 0))
    ]


def _rows(publication: Publication, *, at: datetime) -> Iterator[PublishedRow]:
    month = publication.month
    since, until = kpis.bounds(month, next_month(month) - timedelta(days=1))
    late: dict[tuple[Cut, int], dict[str, int]] = {}
    still_open: Any = Petition.objects.filter(
        status__in=OPEN, next_due_at__lte=at, accepted_at__gte=since, accepted_at__lt=until
    )
    keys = ("area_id", "community_id", "street_id")
    for row in still_open.order_by().values(*keys).annotate(**kpis.late_counts(at)).iterator():
        above = row["community_id"] or row["street_id"] or row["area_id"]
        for key in {(Cut.GRID, row["area_id"]), (Cut.TOTAL, above)}:
            counts = late.setdefault(key, {"late": 0, "contact_owed": 0})
            for name in counts:
                counts[name] += row[name]
    rows = FigureRow.objects.filter(grain=Grain.MONTH, begins_on=month)
    for one in rows.order_by("pk").iterator(CHUNK):
        counts = late.get((Cut(one.cut), one.area_id), {})
        yield PublishedRow(
            publication=publication,
            cut=one.cut,
            area_id=one.area_id,
            item=one.item,
            late_open=counts.get("late", 0),
            contact_owed=counts.get("contact_owed", 0),
            **{name: getattr(one, name) for name in MEASURES},
        )
