"""Stations as files, CSV or XLSX: keyed by their codes, all or nothing, repeatable."""

from collections.abc import Sequence
from typing import Any, ClassVar

from import_export import fields, widgets

from fieldwork.enums import AdviserKind, HolidayHours, HoursBy, MakeupHours, StationKind
from fieldwork.models import Adviser, ServiceStation, StationHours, StationItem
from grids.cells import ByCode, Choice, ClockTime, Day, DayOfWeek, Several, YesNo
from grids.models import Area
from grids.permissions import Register
from grids.rows import RegisterResource


class ServiceStationResource(RegisterResource):
    """Where the stations are and what they offer."""

    register = Register.STATIONS
    kind = fields.Field(attribute="kind", column_name="kind", widget=Choice(StationKind))
    area = fields.Field(attribute="area", column_name="area_code", widget=ByCode(Area))
    offers = fields.Field(attribute="offers", column_name="offers", widget=Several(as_lines=True))
    step_free = fields.Field(attribute="step_free", column_name="step_free", widget=YesNo(empty=False))
    hours_by = fields.Field(attribute="hours_by", column_name="hours_by", widget=Choice(HoursBy), default=HoursBy.HALL)
    on_holiday = fields.Field(
        attribute="on_holiday", column_name="on_holiday", widget=Choice(HolidayHours), default=HolidayHours.CLOSED
    )
    on_makeup = fields.Field(
        attribute="on_makeup", column_name="on_makeup", widget=Choice(MakeupHours), default=MakeupHours.AS_MONDAY
    )
    valid_from = fields.Field(attribute="valid_from", column_name="valid_from", widget=Day())
    valid_to = fields.Field(attribute="valid_to", column_name="valid_to", widget=Day())

    class Meta(RegisterResource.Meta):
        model = ServiceStation
        import_id_fields: ClassVar[Sequence[str]] = ["code"]
        fields = (
            "code",
            "kind",
            "area",
            "name",
            "address",
            "office_phone",
            "offers",
            "step_free",
            "hours_by",
            "on_holiday",
            "on_makeup",
            "valid_from",
            "valid_to",
        )
        export_order = fields


class StationHoursResource(RegisterResource):
    """Opening hours; a row lies where its station does."""

    register = Register.STATIONS
    station = fields.Field(attribute="station", column_name="station_code", widget=ByCode(ServiceStation))
    weekday = fields.Field(attribute="weekday", column_name="weekday", widget=DayOfWeek())
    month_from = fields.Field(
        attribute="month_from", column_name="month_from", widget=widgets.IntegerWidget(), default=1
    )
    month_to = fields.Field(attribute="month_to", column_name="month_to", widget=widgets.IntegerWidget(), default=12)
    opens = fields.Field(attribute="opens", column_name="opens", widget=ClockTime())
    closes = fields.Field(attribute="closes", column_name="closes", widget=ClockTime(closing=True))

    def area_of(self, instance: Any) -> Area | None:
        """The area of the station."""
        return instance.station.area if instance.station_id else None

    class Meta(RegisterResource.Meta):
        model = StationHours
        import_id_fields: ClassVar[Sequence[str]] = ["station", "weekday", "month_from", "opens"]
        fields = ("station", "weekday", "month_from", "month_to", "opens", "closes")
        export_order = fields


class StationItemResource(RegisterResource):
    """What stations have; a row lies where its station does."""

    register = Register.STATIONS
    station = fields.Field(attribute="station", column_name="station_code", widget=ByCode(ServiceStation))
    is_lent = fields.Field(attribute="is_lent", column_name="is_lent", widget=YesNo(empty=True))

    def area_of(self, instance: Any) -> Area | None:
        """The area of the station."""
        return instance.station.area if instance.station_id else None

    class Meta(RegisterResource.Meta):
        model = StationItem
        import_id_fields: ClassVar[Sequence[str]] = ["station", "name"]
        fields = ("station", "name", "quantity", "is_lent", "days")
        export_order = fields


class AdviserResource(RegisterResource):
    """Who comes to which community when."""

    register = Register.STATIONS
    kind = fields.Field(attribute="kind", column_name="kind", widget=Choice(AdviserKind))
    area = fields.Field(attribute="area", column_name="area_code", widget=ByCode(Area))
    weekday = fields.Field(attribute="weekday", column_name="weekday", widget=DayOfWeek())
    opens = fields.Field(attribute="opens", column_name="opens", widget=ClockTime())
    closes = fields.Field(attribute="closes", column_name="closes", widget=ClockTime())
    valid_from = fields.Field(attribute="valid_from", column_name="valid_from", widget=Day())
    valid_to = fields.Field(attribute="valid_to", column_name="valid_to", widget=Day())

    class Meta(RegisterResource.Meta):
        model = Adviser
        import_id_fields: ClassVar[Sequence[str]] = ["code"]
        fields = (
            "code",
            "kind",
            "area",
            "name",
            "office",
            "office_phone",
            "place",
            "week",
            "weekday",
            "opens",
            "closes",
            "valid_from",
            "valid_to",
        )
        export_order = fields
