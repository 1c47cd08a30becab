"""Service items and legal stations as files, CSV or XLSX: keyed by their codes and days, all or nothing, repeatable."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from import_export import fields, widgets

from deadlines.enums import LimitUnit
from grids.enums import Level
from grids.models import Area
from grids.permissions import Register
from grids.resources import ByCode, Choice, Day, RegisterResource, Text
from petitions.enums import Affairs, LegalMatter
from petitions.models import AidReferral, Category, Consultation, DutyItem, LegalStation, ServiceItem
from petitions.models.duties import DutyKind
from petitions.permissions import keeps_for_all

BETWEEN = "|"


class Several(Text):
    """Several words in one cell, with | between them; kept as lines or as a list."""

    def __init__(self, *, as_lines: bool) -> None:
        super().__init__()
        self.as_lines = as_lines

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """As lines of text, or as a list."""
        parts = super().clean(value, row, **kwargs).replace("\r\n", "\n").replace("\n", BETWEEN).split(BETWEEN)
        words = [part.strip() for part in parts if part.strip()]
        return "\n".join(words) if self.as_lines else words

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002 - the library's signature
        """With | between."""
        return BETWEEN.join(str(value or "").splitlines() if self.as_lines else value or [])


class YesNo(Text):
    """1 or 0, as the column is exported; an empty cell is ``empty``."""

    def __init__(self, *, empty: bool) -> None:
        super().__init__()
        self.empty = empty

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """:raises ValueError: for anything else"""
        word = super().clean(int(value) if isinstance(value, bool) else value, row, **kwargs)
        if word not in {"", "0", "1"}:
            raise ValueError(_("“%(value)s” is neither 1 (yes) nor 0 (no).") % {"value": value})
        return word == "1" if word else self.empty

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002 - the library's signature
        """1 or 0."""
        return "1" if value else "0"


class ListLevel(Text):
    """Whose list: of a subdistrict or of a community; an empty cell is a community's."""

    LEVELS: ClassVar = {"street": Level.STREET, "community": Level.COMMUNITY}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """:raises ValueError: for anything else"""
        word = super().clean(value, row, **kwargs).lower() or "community"
        if word not in self.LEVELS:
            raise ValueError(_("“%(value)s” is not one of: %(known)s.") % {
                "value": value, "known": ", ".join(self.LEVELS),
            })  # fmt: skip
        return int(self.LEVELS[word])

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002 - the library's signature
        """Street or community."""
        return Level(value).name.lower()


class Days(widgets.IntegerWidget):
    """A number, or nothing."""

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002 - the library's signature
        """No number is an empty cell."""
        return "" if value is None else str(value)


def _field(name: str, widget: widgets.Widget, **options: Any) -> fields.Field:
    return fields.Field(attribute=name, column_name=name, widget=widget, **options)


class ServiceItemResource(RegisterResource):
    """Service items; without an area a row is for all, and kept by who keeps the district's rules."""

    register = Register.SERVICES
    code = _field("code", Text())
    area = fields.Field(attribute="area", column_name="area_code", widget=ByCode(Area))
    kind = _field("kind", Choice(Affairs))
    name_zh = _field("name_zh", Text())
    name_en = _field("name_en", Text())
    who_zh = _field("who_zh", Text())
    who_en = _field("who_en", Text())
    where_zh = _field("where_zh", Text())
    where_en = _field("where_en", Text())
    limit_zh = _field("limit_zh", Text())
    limit_en = _field("limit_en", Text())
    fee_zh = _field("fee_zh", Text())
    fee_en = _field("fee_en", Text())
    source = _field("source", Text())
    pledge_zh = _field("pledge_zh", Text())
    pledge_en = _field("pledge_en", Text())
    materials_zh = _field("materials_zh", Several(as_lines=True))
    materials_en = _field("materials_en", Several(as_lines=True))
    limit_value = _field("limit_value", Days())
    limit_unit = _field("limit_unit", Choice(LimitUnit))
    pledge_value = _field("pledge_value", Days())
    pledge_unit = _field("pledge_unit", Choice(LimitUnit))
    keywords = _field("keywords", Several(as_lines=False))
    everywhere = _field("everywhere", YesNo(empty=True))
    to_review = _field("to_review", YesNo(empty=False))
    valid_from = _field("valid_from", Day())
    valid_to = _field("valid_to", Day())

    def validate_instance(
        self,
        instance: Any,
        import_validation_errors: Any = None,
        validate_unique: bool = True,  # noqa: FBT001, FBT002
    ) -> None:
        """As for every register; a row for all is kept by the district's command too."""
        staff, for_all = self.staff, instance.area is None
        if staff is not None and for_all and keeps_for_all(staff):
            self.staff = None
        try:
            super().validate_instance(instance, import_validation_errors, validate_unique)
        finally:
            self.staff = staff

    class Meta(RegisterResource.Meta):
        model = ServiceItem
        import_id_fields: ClassVar[Sequence[str]] = ["code", "area", "valid_from"]
        fields = (
            "code", "area", "kind", "name_zh", "name_en", "who_zh", "who_en", "where_zh", "where_en", "materials_zh",
            "materials_en", "limit_zh", "limit_en", "limit_value", "limit_unit", "fee_zh", "fee_en", "source",
            "pledge_zh", "pledge_en", "pledge_value", "pledge_unit", "keywords", "everywhere", "to_review",
            "valid_from", "valid_to",
        )  # fmt: skip
        export_order = fields


class DutyItemResource(RegisterResource):
    """Lists of duties, with their days of validity."""

    register = Register.DUTY_ITEMS
    code = _field("code", Text())
    area = fields.Field(attribute="area", column_name="area_code", widget=ByCode(Area))
    level = _field("level", ListLevel())
    kind = _field("kind", Choice(DutyKind))
    name_zh = _field("name_zh", Text())
    name_en = _field("name_en", Text())
    category = fields.Field(attribute="category", column_name="category", widget=ByCode(Category))
    lead_zh = _field("lead_zh", Text())
    source = _field("source", Text())
    valid_from = _field("valid_from", Day())
    valid_to = _field("valid_to", Day())

    class Meta(RegisterResource.Meta):
        model = DutyItem
        import_id_fields: ClassVar[Sequence[str]] = ["code", "area", "level", "valid_from"]
        fields = (
            "code", "area", "level", "kind", "name_zh", "name_en", "category", "lead_zh", "source", "valid_from",
            "valid_to",
        )  # fmt: skip
        export_order = fields


def _number(name: str) -> fields.Field:
    return fields.Field(attribute=name, column_name=name, widget=widgets.IntegerWidget())


class LegalStationResource(RegisterResource):
    """Where the stations are."""

    register = Register.HOURS
    area = fields.Field(attribute="area", column_name="area_code", widget=ByCode(Area))
    all_day = fields.Field(attribute="all_day", column_name="all_day", widget=YesNo(empty=False))
    valid_from = fields.Field(attribute="valid_from", column_name="valid_from", widget=Day())
    valid_to = fields.Field(attribute="valid_to", column_name="valid_to", widget=Day())

    class Meta(RegisterResource.Meta):
        model = LegalStation
        import_id_fields: ClassVar[Sequence[str]] = ["code"]
        fields = ("code", "name", "area", "address", "office_phone", "all_day", "valid_from", "valid_to")
        export_order = fields


class OfStationResource(RegisterResource):
    """What stations count; a row lies where its station does."""

    register = Register.HOURS
    station = fields.Field(attribute="station", column_name="station_code", widget=ByCode(LegalStation))
    kind = fields.Field(attribute="kind", column_name="kind", widget=Choice(LegalMatter))
    count = _number("count")

    def area_of(self, instance: Any) -> Area | None:
        """The area of the station."""
        return instance.station.area if instance.station_id else None


class ConsultationResource(OfStationResource):
    """Consultations by day and kind."""

    held_on = fields.Field(attribute="held_on", column_name="held_on", widget=Day())

    class Meta(RegisterResource.Meta):
        model = Consultation
        import_id_fields: ClassVar[Sequence[str]] = ["station", "held_on", "kind"]
        fields = ("station", "held_on", "kind", "count")
        export_order = fields


class AidReferralResource(OfStationResource):
    """Referrals to legal aid by day and kind."""

    referred_on = fields.Field(attribute="referred_on", column_name="referred_on", widget=Day())
    granted = _number("granted")

    class Meta(RegisterResource.Meta):
        model = AidReferral
        import_id_fields: ClassVar[Sequence[str]] = ["station", "referred_on", "kind"]
        fields = ("station", "referred_on", "kind", "count", "granted")
        export_order = fields
