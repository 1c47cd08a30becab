"""What stands and is walked in the demo's shown community: its stations, the three points of its grids, two rounds."""

from datetime import datetime, time, timedelta
from typing import Final

from config.demo.cast import Cast
from config.demo.people import Town
from deadlines.timetable import shanghai_date
from fieldwork import rounds, routes
from fieldwork.enums import HoursBy, Rhythm, StationKind
from fieldwork.models import ServiceStation
from fieldwork.models.stations import THREE_POINTS
from grids.enums import Level, PostKind

SINCE: Final = timedelta(days=40)
PLACES: Final = "东门：消防通道是否畅通\n1号楼地下室：有无电动车充电\n垃圾投放点：是否清运"
EVENING: Final = "小广场\n北侧围墙：有无破损"


def furnish(town: Town, *, cast: Cast, at: datetime) -> None:
    """Put up the stations of the shown community, and have its grid lead make two rounds; today's stand on My day."""
    community, grid = town.shown
    since = shanghai_date(at - SINCE)
    grids = [area for area in town.children[community.pk] if area.level == Level.GRID]
    stations = [
        ServiceStation(
            code=f"{community.code}-C", kind=StationKind.CENTRE, area=community, address="社区办公楼一层",
            offers="党员活动\n便民事项代办\n图书角", step_free=True,
        ),
        ServiceStation(
            code=f"{community.code}-R", kind=StationKind.RED, area=community, address="小区东门旁",
            offers="饮水和休息\n应急药箱\n雨伞借用", step_free=True, hours_by=HoursBy.ALWAYS,
        ),
    ]  # fmt: skip
    street = cast.above(community, Level.STREET)
    stations.append(
        ServiceStation(
            code=f"{street.code}-C", kind=StationKind.CENTRE, area=street, address="街道办事处一楼大厅",
            offers="政务服务窗口\n党员教育\n母婴室", step_free=True,
        )
    )  # fmt: skip
    # the last grid still lacks its points, as the page of what is wanted shows
    stations += [
        ServiceStation(code=f"{one.code}-{kind}", kind=kind, area=one, address=f"{one.label}1号楼")
        for one in grids[:-1]
        for kind in THREE_POINTS
    ]
    for station in stations:
        station.valid_from = since
        station.save(force_insert=True)
    lead = cast.at(grid, PostKind.GRID_LEAD, at - SINCE)
    for name, words, times in (("早巡", PLACES, (time(10, 30),)), ("晚巡", EVENING, (time(20),))):
        plan = routes.Plan(name, PostKind.GRID_WORKER, Rhythm.DAILY, times, routes.places_in(words))
        routes.make(area=grid, plan=plan, starts_on=shanghai_date(at), by=lead, at=at - timedelta(days=1))
    rounds.make_day(at=at)
