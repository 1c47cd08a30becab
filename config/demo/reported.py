"""What the desk hands on in the demo: last month's report, and an export made beside the page."""

from datetime import datetime

from config.demo.cast import Cast
from config.demo.people import Town
from deadlines.timetable import shanghai_date
from grids.enums import PostKind
from petitions import exporting, reports
from petitions.periods import month_before


def report_on(town: Town, *, cast: Cast, at: datetime) -> None:
    """Ask for last month's report of the shown community, and for an export of its matters."""
    community, _grid = town.shown
    today = shanghai_date(at)
    secretary = cast.at(community, PostKind.COMMUNITY_SECRETARY, at)
    last = month_before(today.replace(day=1))
    reports.ask(area=community, period=f"{last:%Y-%m}", language="zh-hans", by=secretary, at=at)
    wanted = exporting.Wanted(since=last, until=today, form="xlsx")
    exporting.ask(wanted, by=secretary, at=at)
