"""Service items and legal stations as files, CSV or XLSX: keyed by their codes and days, all or nothing, repeatable."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export import fields, widgets

from deadlines.enums import LimitUnit
from deadlines.models import Policy
from deadlines.resources import RulesResource
from grids.cells import ByCode, Choice, Day, Number, Several, Text, YesNo
from grids.enums import Level
from grids.models import Area
from grids.permissions import Register
from grids.rows import RegisterResource
from petitions.enums import Affairs, LegalMatter, Tier, Urgency
from petitions.models import AidReferral, Category, Consultation, DutyItem, LegalStation, ReplyTemplate, ServiceItem
from petitions.models.duties import DutyKind
from petitions.permissions import keeps_for_all
from petitions.reply_enums import ReplyUse


class ListLevel(Text):
    """Whose list: of a subdistrict or of a community; an empty cell is a community's."""

    LEVELS: ClassVar = {"street": Level.STREET, "community": Level.COMMUNITY}
    example: ClassVar[str] = "community"

    def says(self) -> str:
        """The two levels."""
        return _("One of: %(known)s.") % {"known": ", ".join(self.LEVELS)}

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


def _field(name: str, widget: widgets.Widget, **options: Any) -> fields.Field:
    return fields.Field(attribute=name, column_name=name, widget=widget, **options)


class OwnOrForAllResource(RegisterResource):
    """A register in which a row without an area is for all."""

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


class ServiceItemResource(OwnOrForAllResource):
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
    limit_value = _field("limit_value", Number())
    limit_unit = _field("limit_unit", Choice(LimitUnit))
    pledge_value = _field("pledge_value", Number())
    pledge_unit = _field("pledge_unit", Choice(LimitUnit))
    keywords = _field("keywords", Several(as_lines=False))
    everywhere = _field("everywhere", YesNo(empty=True))
    to_review = _field("to_review", YesNo(empty=False))
    valid_from = _field("valid_from", Day())
    valid_to = _field("valid_to", Day())

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


class CategoryResource(RulesResource):
    """The category tree. A category keeps its code, its main group and its first day; an ended one gets a last day."""

    headings: ClassVar = {"parent": gettext_lazy("code of the main group")}
    meanings: ClassVar = {
        "code": gettext_lazy("Of the category; the main group stands in a row above its subjects."),
        "parent": gettext_lazy("Empty for a main group. It does not change: end the category and give a new code."),
        "policy_key": gettext_lazy("The key of a policy that is here already; empty for a main group."),
        "emergency_numbers": gettext_lazy("110, 119, 120 or 122, with | between. Every keyword raises an alarm then."),
        "valid_to": gettext_lazy("The last day, today at the earliest; empty while it holds."),
    }  # fmt: skip
    examples: ClassVar = {
        "code": "0199", "parent": "01", "name_zh": "公园座椅损坏", "name_en": "Broken park bench",
        "policy_key": "immediate_tier", "keywords": "长椅坏|座椅断", "valid_to": "", "public_ok": "1",
    }  # fmt: skip
    code = _field("code", Text())
    parent = _field("parent", ByCode(Category))
    name_zh = _field("name_zh", Text())
    name_en = _field("name_en", Text())
    tier = _field("tier", Choice(Tier))
    policy_key = _field("policy_key", Text())
    urgency = _field("urgency", Choice(Urgency))
    department_type = _field("department_type", Text())
    department_zh = _field("department_zh", Text())
    emergency_numbers = _field("emergency_numbers", Several(as_lines=False))
    keywords = _field("keywords", Several(as_lines=False))
    sensitive = _field("sensitive", YesNo(empty=False))
    reporter_hidden = _field("reporter_hidden", YesNo(empty=False))
    silent = _field("silent", YesNo(empty=False))
    public_ok = _field("public_ok", YesNo(empty=False))
    standard_ref = _field("standard_ref", Text())
    valid_from = _field("valid_from", Day())
    valid_to = _field("valid_to", Day())

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:  # noqa: FBT001
        """Remember what does not change."""
        super().after_init_instance(instance, new, row, **kwargs)
        instance.was = None if new else (instance.parent_id, instance.valid_from, instance.valid_to)

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Read a row; what does not change is refused at its column.

        :raises ValidationError: saying so
        """
        super().import_instance(instance, row, **kwargs)
        instance.urgency = instance.urgency or Urgency.NORMAL
        wrong: dict[str, str] = {}
        if instance.policy_key and not Policy.objects.filter(key=instance.policy_key).exists():
            wrong["policy_key"] = _("There is no policy “%(key)s”.") % {"key": instance.policy_key}
        if instance.parent is not None and instance.parent.parent_id is not None:
            wrong["parent"] = _("“%(code)s” is no main group.") % {"code": instance.parent.code}
        first, last = _civil(instance.valid_from), _civil(instance.valid_to)
        if instance.was is not None:
            parent_id, since, until = instance.was
            if instance.parent_id != parent_id:
                wrong["parent"] = _("A category keeps its main group. End this one and give a new code.")
            if first != since:
                wrong["valid_from"] = _("The first day of a category does not change.")
        else:
            until = None
        if last != until and last is not None and last < self.on:
            wrong["valid_to"] = _("The last day is today at the earliest.")
        if wrong:
            raise ValidationError(wrong)

    class Meta(RulesResource.Meta):
        model = Category
        import_id_fields: ClassVar[Sequence[str]] = ["code"]
        fields = (
            "code", "parent", "name_zh", "name_en", "tier", "policy_key", "urgency", "department_type",
            "department_zh", "emergency_numbers", "keywords", "sensitive", "reporter_hidden", "silent", "public_ok",
            "standard_ref", "valid_from", "valid_to",
        )  # fmt: skip
        import_order = fields
        export_order = fields


def _civil(day: Any) -> Any:
    return day.date() if isinstance(day, datetime) else day


class ReplyTemplateResource(OwnOrForAllResource):
    """Reply templates; without an area a row is for all, and kept by who keeps the district's rules."""

    register = Register.REPLIES
    code = _field("code", Text())
    area = fields.Field(attribute="area", column_name="area_code", widget=ByCode(Area))
    use = _field("use", Choice(ReplyUse))
    category = fields.Field(attribute="category", column_name="category", widget=ByCode(Category))
    name_zh = _field("name_zh", Text())
    name_en = _field("name_en", Text())
    text_zh = _field("text_zh", Text())
    text_en = _field("text_en", Text())
    position = _field("position", Number(), default=100)
    to_review = _field("to_review", YesNo(empty=False))
    valid_from = _field("valid_from", Day())
    valid_to = _field("valid_to", Day())

    class Meta(RegisterResource.Meta):
        model = ReplyTemplate
        import_id_fields: ClassVar[Sequence[str]] = ["code", "area", "valid_from"]
        fields = (
            "code", "area", "use", "category", "name_zh", "name_en", "text_zh", "text_en", "position", "to_review",
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
    return fields.Field(attribute=name, column_name=name, widget=Number())


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
