"""The registers of this app as files, CSV or XLSX."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export import fields

from grids.cells import ByCode, Choice, ClockTime, Day, DayOfWeek, Number, Text
from grids.enums import DivisionType, OrganisationKind, PostKind
from grids.models import Appointment, Area, Building, Community, Grid, Organisation, Post, ServiceHours, Street, Unit
from grids.permissions import Register
from grids.rows import RegisterResource
from grids.services import complete_served, forget_keys
from people.models import User


def _day(name: str) -> fields.Field:
    return fields.Field(attribute=name, column_name=name, widget=Day())


def _text(name: str, column: str = "") -> fields.Field:
    return fields.Field(attribute=name, column_name=column or name, widget=Text())


class PostWidget(ByCode):
    """The post that the row names by area, kind and organisation."""

    def __init__(self) -> None:
        super().__init__(Post)

    def clean(self, value: Any, row: Any = None, **_kwargs: Any) -> Model | None:
        """:raises ValueError: if there is none"""
        kind = Choice(PostKind).clean((row or {}).get("kind"))
        organisation = Text().clean((row or {}).get("organisation_code"))
        key = f"{Text().clean(value)} {kind} {organisation}"
        if key not in self.found:
            wanted = {"organisation__code": organisation} if organisation else {"organisation": None}
            area = Text().clean(value)
            self.found[key] = Post.objects.select_related("area").filter(area__code=area, kind=kind, **wanted).first()
        if self.found[key] is None:
            raise ValueError(_("There is no %(what)s “%(code)s”.") % {"what": _("post"), "code": key.strip()})
        return self.found[key]

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002 - the library's signature
        """The code of its area; kind and organisation have columns of their own."""
        return value.area.code if value else ""


class AreaResource(RegisterResource):
    """Areas of one level; the resources below say which."""

    register = Register.GRIDS
    headings: ClassVar = {"parent_code": gettext_lazy("Code of the area it lies in")}
    examples: ClassVar = {"code": "620302001001009", "parent_code": "620302001001", "division_type": ""}
    code = _text("code")
    name = _text("name")
    short_name = _text("short_name")
    parent = fields.Field(attribute="parent", column_name="parent_code", widget=ByCode(Area))
    division_type = fields.Field(attribute="division_type", column_name="division_type", widget=Choice(DivisionType))
    valid_from = _day("valid_from")
    valid_to = _day("valid_to")

    class Meta(RegisterResource.Meta):
        import_id_fields: ClassVar[Sequence[str]] = ["code"]
        fields = ("code", "name", "short_name", "parent", "division_type", "valid_from", "valid_to")

    def area_of(self, instance: Any) -> Area | None:
        """A new area belongs to the one it will lie in."""
        return instance if instance.pk else instance.parent

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:  # noqa: FBT001
        """Remember where it lies."""
        super().after_init_instance(instance, new, row, **kwargs)
        instance.lay_in = None if new else instance.parent_id

    def validate_instance(
        self,
        instance: Any,
        import_validation_errors: Any = None,
        validate_unique: bool = True,  # noqa: FBT001, FBT002
    ) -> None:
        """An import does not move areas: that is for a re-division."""
        super().validate_instance(instance, import_validation_errors, validate_unique)
        if instance.pk and instance.lay_in != instance.parent_id:
            raise ValidationError(_("The area %(value)s lies elsewhere; an import does not move areas.") % {
                "value": instance.code,
            })  # fmt: skip

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """A new area is ours if the one it lies in is."""
        super().before_save_instance(instance, row, **kwargs)
        if not instance.pk and instance.parent:
            instance.served = instance.parent.served
        forget_keys(instance)

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Keys and sequences."""
        super().after_import(dataset, result, **kwargs)
        complete_served()


class StreetResource(AreaResource):
    """Streets."""

    register = Register.DIVISIONS

    class Meta(AreaResource.Meta):
        model = Street


class CommunityResource(AreaResource):
    """Communities."""

    register = Register.DIVISIONS

    class Meta(AreaResource.Meta):
        model = Community


class GridResource(AreaResource):
    """Grids."""

    class Meta(AreaResource.Meta):
        model = Grid


class BuildingResource(AreaResource):
    """Buildings."""

    class Meta(AreaResource.Meta):
        model = Building


class UnitResource(AreaResource):
    """Units."""

    class Meta(AreaResource.Meta):
        model = Unit


class OrganisationResource(RegisterResource):
    """Organisations."""

    register = Register.ORGANISATIONS
    headings: ClassVar = {"area_code": gettext_lazy("Code of the area")}
    examples: ClassVar = {"code": "HW-002", "area_code": "620302001"}
    code = _text("code")
    name = _text("name")
    kind = fields.Field(attribute="kind", column_name="kind", widget=Choice(OrganisationKind))
    area = fields.Field(attribute="area", column_name="area_code", widget=ByCode(Area))
    valid_from = _day("valid_from")
    valid_to = _day("valid_to")

    class Meta(RegisterResource.Meta):
        model = Organisation
        import_id_fields: ClassVar[Sequence[str]] = ["code"]
        fields = ("code", "name", "kind", "area", "valid_from", "valid_to")


class PostResource(RegisterResource):
    """Posts, each known by its area, kind and organisation."""

    register = Register.POSTS
    headings: ClassVar = {
        "area_code": gettext_lazy("Code of the area"), "organisation_code": gettext_lazy("Code of the organisation"),
    }  # fmt: skip
    examples: ClassVar = {"area_code": "620302001001", "kind": "community_secretary"}
    area = fields.Field(attribute="area", column_name="area_code", widget=ByCode(Area))
    kind = fields.Field(attribute="kind", column_name="kind", widget=Choice(PostKind))
    organisation = fields.Field(attribute="organisation", column_name="organisation_code", widget=ByCode(Organisation))
    title = _text("title")
    seats = fields.Field(attribute="seats", column_name="seats", widget=Number(), default=1, saves_null_values=False)
    office_phone = _text("office_phone")
    valid_from = _day("valid_from")
    valid_to = _day("valid_to")

    class Meta(RegisterResource.Meta):
        model = Post
        import_id_fields: ClassVar[Sequence[str]] = ["area", "kind", "organisation"]
        fields = ("area", "kind", "organisation", "title", "seats", "office_phone", "valid_from", "valid_to")


class AppointmentResource(RegisterResource):
    """Appointments: who holds which post from when to when."""

    register = Register.POSTS
    headings: ClassVar = {
        "area_code": gettext_lazy("Code of the post's area"), "kind": gettext_lazy("kind of post"),
        "organisation_code": gettext_lazy("Code of the organisation"), "username": gettext_lazy("user name"),
    }  # fmt: skip
    meanings: ClassVar = {
        "area_code": gettext_lazy("The code of the area whose post this is. The post must be here already."),
        "organisation_code": gettext_lazy("Only for posts of a handling unit; otherwise empty."),
        "username": gettext_lazy("The name somebody signs in with. The account must be here already."),
    }  # fmt: skip
    examples: ClassVar = {"area_code": "620302001001", "kind": "grid_worker", "ends_on": ""}
    only_out = frozenset({"name"})
    post = fields.Field(attribute="post", column_name="area_code", widget=PostWidget())
    kind = fields.Field(attribute="post__kind", column_name="kind", readonly=True)
    organisation = fields.Field(attribute="post__organisation__code", column_name="organisation_code", readonly=True)
    user = fields.Field(attribute="user", column_name="username", widget=ByCode(User, "username"))
    person = fields.Field(attribute="user__display_name", column_name="name", readonly=True)
    starts_on = _day("starts_on")
    ends_on = _day("ends_on")

    class Meta(RegisterResource.Meta):
        model = Appointment
        import_id_fields: ClassVar[Sequence[str]] = ["post", "user", "starts_on"]
        fields = ("post", "kind", "organisation", "user", "person", "starts_on", "ends_on")
        export_order = fields

    def area_of(self, instance: Any) -> Area | None:
        """The area of the post."""
        return instance.post.area


class ServiceHoursResource(RegisterResource):
    """Opening hours; without an area they are the default for all."""

    register = Register.HOURS
    headings: ClassVar = {"area_code": gettext_lazy("Code of the area")}
    examples: ClassVar = {"area_code": "620302001001", "closes": "17:30", "month_to": "12"}
    area = fields.Field(attribute="area", column_name="area_code", widget=ByCode(Area))
    weekday = fields.Field(attribute="weekday", column_name="weekday", widget=DayOfWeek())
    month_from = fields.Field(attribute="month_from", column_name="month_from", widget=Number(), default=1)
    month_to = fields.Field(attribute="month_to", column_name="month_to", widget=Number(), default=12)
    opens = fields.Field(attribute="opens", column_name="opens", widget=ClockTime())
    closes = fields.Field(attribute="closes", column_name="closes", widget=ClockTime(closing=True))

    class Meta(RegisterResource.Meta):
        model = ServiceHours
        import_id_fields: ClassVar[Sequence[str]] = ["area", "weekday", "month_from", "opens"]
        fields = ("area", "weekday", "month_from", "month_to", "opens", "closes")
        export_order = fields
