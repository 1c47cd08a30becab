"""The columns a list of matters may show: what each reads of the row, and what stands in its cells."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.enums import Level
from petitions.enums import Channel, Status, Tier, Urgency

Row = Mapping[str, Any]
# What every line reads: its link, its title, whether it is late.
ALWAYS: Final = ("pk", "number", "title", "urgency", "submitted_at", "next_due_at")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell: words, or an instant that the page writes as it writes all instants."""

    text: str = ""
    at: datetime | None = None
    state: str = ""  # late, or due today: only of the next due date
    is_due: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``reads`` are the values it needs of a row."""

    code: str
    label: Promise
    reads: tuple[str, ...]
    cell: Callable[[Row, datetime], Cell]


@dataclass(frozen=True, slots=True)
class Line:
    """One matter of a list."""

    number: str
    url: str
    title: str
    urgent: str
    submitted_at: datetime
    state: str
    cells: tuple[Cell, ...]


def chosen(codes: Iterable[str]) -> tuple[Column, ...]:
    """Return the columns of these codes in their usual order; what is no column is left out."""
    wanted = set(codes)
    return tuple(column for code, column in COLUMNS.items() if code in wanted)


def reads(columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the values a row must bring for these columns, each once."""
    return tuple(dict.fromkeys((*ALWAYS, *(path for column in columns for path in column.reads))))


def lines(rows: Iterable[Row], columns: Sequence[Column], *, at: datetime) -> list[Line]:
    """Return the lines of a page ``at`` its instant; no query."""
    urgent = _labels(Urgency)
    # one look-up of the address for all lines
    before, behind = reverse("case", args=["~"]).split("~")
    return [
        Line(
            number=row["number"],
            url=f"{before}{row['number']}{behind}",
            title=row["title"],
            urgent=urgent[row["urgency"]] if row["urgency"] != Urgency.NORMAL else "",
            submitted_at=row["submitted_at"],
            state=_state(row["next_due_at"], at),
            cells=tuple(column.cell(row, at) for column in columns),
        )
        for row in rows
    ]


def _state(due_at: datetime | None, at: datetime) -> str:
    if due_at is None:
        return ""
    if due_at <= at:
        return "late"
    return "due" if shanghai_date(due_at) == shanghai_date(at) else ""


def _labels(choices: type[TextChoices]) -> dict[str, str]:
    """Return the words of a choice in the active language; a translation looked up once for a page."""
    return {value: str(label) for value, label in choices.choices} | {"": ""}


def _chosen_of(path: str, choices: type[TextChoices]) -> Callable[[Row, datetime], Cell]:
    def cell(row: Row, _at: datetime) -> Cell:
        return Cell(str(choices(row[path]).label) if row[path] else "")

    return cell


def _moment_of(path: str) -> Callable[[Row, datetime], Cell]:
    def cell(row: Row, _at: datetime) -> Cell:
        return Cell(at=row[path])

    return cell


def _area_of(name: str) -> Callable[[Row, datetime], Cell]:
    def cell(row: Row, _at: datetime) -> Cell:
        return Cell(row[f"{name}__short_name"] or row[f"{name}__name"] or "")

    return cell


def _place(row: Row, _at: datetime) -> Cell:
    if row["place__level"] is None:
        return Cell(_("Place still to be found"))
    own = row["place__short_name"] or row["place__name"]
    if row["place__level"] != Level.UNIT:
        return Cell(own)
    return Cell(f"{row['place__parent__short_name'] or row['place__parent__name']} {own}")


def _category(row: Row, _at: datetime) -> Cell:
    english = (get_language() or "").startswith("en")
    return Cell(row["category__name_en" if english else "category__name_zh"] or "")


def _holder(row: Row, _at: datetime) -> Cell:
    person = row["handler__display_name"] or row["handler__username"]
    return Cell(person or row["organisation__name"] or _("nobody yet"))


def _due(row: Row, at: datetime) -> Cell:
    return Cell(at=row["next_due_at"], state=_state(row["next_due_at"], at), is_due=True)


def _area_column(name: str, label: Promise) -> Column:
    return Column(name, label, (f"{name}__short_name", f"{name}__name"), _area_of(name))


COLUMNS: Final[Mapping[str, Column]] = MappingProxyType(
    {
        column.code: column
        for column in (
            Column(
                "place",
                gettext_lazy("Where"),
                (
                    "place__level", "place__name", "place__short_name", "place__parent__name",
                    "place__parent__short_name",
                ),
                _place,
            ),
            _area_column("street", gettext_lazy("Subdistrict")),
            _area_column("community", gettext_lazy("Community")),
            _area_column("grid", gettext_lazy("Grid")),
            Column("due", gettext_lazy("Next due"), ("next_due_at",), _due),
            Column(
                "holder",
                gettext_lazy("With whom"),
                ("handler__display_name", "handler__username", "organisation__name"),
                _holder,
            ),
            Column("status", gettext_lazy("Status"), ("status",), _chosen_of("status", Status)),
            Column(
                "category", gettext_lazy("Category"), ("category__name_zh", "category__name_en"), _category
            ),
            Column("tier", pgettext_lazy("column", "Tier"), ("tier",), _chosen_of("tier", Tier)),
            Column("channel", gettext_lazy("Channel"), ("channel",), _chosen_of("channel", Channel)),
            Column("urgency", gettext_lazy("Urgency"), ("urgency",), _chosen_of("urgency", Urgency)),
            Column("resolved", gettext_lazy("Resolved at"), ("resolved_at",), _moment_of("resolved_at")),
            Column("closed", gettext_lazy("Closed at"), ("closed_at",), _moment_of("closed_at")),
        )
    }
)  # fmt: skip
USUAL: Final = ("place", "grid", "due", "holder", "status", "category")
