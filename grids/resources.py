"""Registers as files, CSV or XLSX: keyed by the codes that are printed on them, all or nothing, repeatable.

What django-import-export does row by row is right for registers of some thousand rows that people edit; whole
divisions come in by ``manage.py import_areas``.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Model, TextChoices
from django.utils.translation import gettext as _
from import_export import fields, resources, widgets
from import_export.results import Result
from tablib import Dataset

from grids.area_files import read_day
from grids.enums import DivisionType, OrganisationKind, PostKind, Weekday
from grids.errors import ImportRefused, RowError
from grids.hours import read_time
from grids.models import Appointment, Area, Building, Community, Grid, Organisation, Post, ServiceHours, Street, Unit
from grids.models.hours import closing_text
from grids.permissions import Register, may_keep
from grids.services import complete_served, forget_keys
from grids.staff import Staff
from people.models import User


class Text(widgets.CharWidget):
    """Text without blanks around it; what a spreadsheet took for a number becomes its digits again."""

    def clean(self, value: Any, row: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002 - the library's signature
        """As text."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else str(value).strip()


class Choice(Text):
    """One of a closed list, written as its value or its name in the reader's language."""

    def __init__(self, choices: type[TextChoices]) -> None:
        super().__init__()
        self.choices = choices

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """:raises ValueError: for anything else"""
        word = super().clean(value, row, **kwargs).lower()
        for choice in self.choices:
            if word in {choice.value.lower(), str(choice.label).lower()}:
                return choice.value
        if not word:
            return ""
        raise ValueError(_("“%(value)s” is not one of: %(known)s.") % {
            "value": value, "known": ", ".join(self.choices.values),
        })  # fmt: skip


class ByCode(widgets.ForeignKeyWidget):
    """The row that has this code; each code is looked up once in an import."""

    def __init__(self, model: type[Model], field: str = "code") -> None:
        super().__init__(model, field)
        self.found: dict[str, Model | None] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Model | None:  # noqa: ARG002 - the library's signature
        """:raises ValueError: if there is none"""
        code = Text().clean(value)
        if not code:
            return None
        if code not in self.found:
            self.found[code] = self.model._default_manager.filter(**{self.field: code}).first()  # noqa: SLF001
        if self.found[code] is None:
            what = self.model._meta.verbose_name  # noqa: SLF001
            raise ValueError(_("There is no %(what)s “%(code)s”.") % {"what": what, "code": code})
        return self.found[code]


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


class Day(widgets.DateWidget):
    """A civil date, as 2024-03-01, 2024/3/1 or a spreadsheet's own date."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """No day is an empty cell; a workbook would write the word None."""
        return "" if value is None else super().render(value, obj, **kwargs)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """:raises ValueError: for anything else"""
        if not isinstance(value, str):
            return super().clean(value, row, **kwargs)
        day = read_day(value)
        if day is None and value.strip():
            raise ValueError(_("“%(value)s” is not a date; write it as 2024-03-01.") % {"value": value})
        return day


class DayOfWeek(widgets.Widget):
    """A weekday as its number (0 = Monday, as the register counts) or its name in the reader's language."""

    def clean(self, value: Any, row: Any = None, **_kwargs: Any) -> int | None:  # noqa: ARG002 - the library's signature
        """:raises ValueError: for anything else"""
        word = Text().clean(value).lower()
        for day in Weekday:
            if word in {str(day.value), str(day.label).lower()}:
                return day.value
        if not word:
            return None
        known = ", ".join(f"{day.value} {day.label}" for day in Weekday)
        raise ValueError(_("“%(value)s” is not one of: %(known)s.") % {"value": value, "known": known})

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002 - the library's signature
        """Its number: the same in every language."""
        return "" if value is None else str(value)


class ClockTime(widgets.Widget):
    """A time of the day; a ``closing`` time may be 24:00."""

    def __init__(self, *, closing: bool = False) -> None:
        super().__init__()
        self.closing = closing

    def clean(self, value: Any, row: Any = None, **_kwargs: Any) -> Any:  # noqa: ARG002 - the library's signature
        """:raises ValueError: for anything else"""
        return read_time(value, closing=self.closing)

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002 - the library's signature
        """As people write it."""
        if value is None:
            return ""
        return closing_text(value) if self.closing else f"{value:%H:%M}"


def _day(name: str) -> fields.Field:
    return fields.Field(attribute=name, column_name=name, widget=Day())


def _text(name: str, column: str = "") -> fields.Field:
    return fields.Field(attribute=name, column_name=column or name, widget=Text())


class RegisterResource(resources.ModelResource):
    """What all our registers share. ``staff`` is who imports; without it (commands, tests) nothing is out of reach."""

    register: ClassVar[Register]

    def __init__(self, staff: Staff | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.staff = staff

    def area_of(self, instance: Any) -> Area | None:
        """The area a row belongs to."""
        return instance.area

    def validate_instance(
        self,
        instance: Any,
        import_validation_errors: Any = None,
        validate_unique: bool = True,  # noqa: FBT001, FBT002
    ) -> None:
        """Django's checks, and that the row lies where the importer may write."""
        unread = {name: list(errors) for name, errors in (import_validation_errors or {}).items()}
        try:
            super().validate_instance(instance, import_validation_errors, validate_unique)
        except ValidationError as problem:
            # What could not be read from a column needs no second sentence about what is missing there.
            raise ValidationError(problem.error_dict | unread) from problem
        if self.staff is None:
            return
        area = self.area_of(instance)
        path = area.path if area else None
        if not may_keep(self.staff, self.register, path) or (path is None and not self.staff.is_administrator):
            raise ValidationError(_("This row lies outside the areas you keep."))

    def import_rows(self, dataset: Dataset, *, file: str = "", dry_run: bool = False) -> Result:
        """Import a whole file or nothing.

        :raises ImportRefused: naming every row that is wrong
        """
        result = self.import_data(dataset, dry_run=dry_run, use_transactions=True, rollback_on_validation_errors=True)
        errors = row_errors(result, file)
        if errors:
            raise ImportRefused(errors)
        return result

    class Meta:
        skip_unchanged = True
        report_skipped = True
        use_transactions = True
        clean_model_instances = True


def row_errors(result: Result, file: str = "") -> list[RowError]:
    """What was wrong with which row, for people; rows are counted as a spreadsheet does, the heading is row 1."""
    errors = [RowError(file, None, _said(error.error)) for error in result.base_errors]
    errors += [RowError(file, row + 1, _said(error.error)) for row, found in result.row_errors() for error in found]
    errors += [RowError(file, row.number + 1, message) for row in result.invalid_rows for message in row.error.messages]
    return sorted(errors, key=lambda error: error.row or 0)


def _said(error: Exception) -> str:
    match error:
        case ValidationError():
            return " ".join(error.messages)
        case KeyError():
            return str(error.args[0])
        case _:
            return str(error)


class AreaResource(RegisterResource):
    """Areas of one level; the resources below say which."""

    register = Register.GRIDS
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
    area = fields.Field(attribute="area", column_name="area_code", widget=ByCode(Area))
    kind = fields.Field(attribute="kind", column_name="kind", widget=Choice(PostKind))
    organisation = fields.Field(attribute="organisation", column_name="organisation_code", widget=ByCode(Organisation))
    title = _text("title")
    seats = fields.Field(attribute="seats", column_name="seats", widget=widgets.IntegerWidget(), default=1)
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
    area = fields.Field(attribute="area", column_name="area_code", widget=ByCode(Area))
    weekday = fields.Field(attribute="weekday", column_name="weekday", widget=DayOfWeek())
    month_from = fields.Field(
        attribute="month_from", column_name="month_from", widget=widgets.IntegerWidget(), default=1
    )
    month_to = fields.Field(attribute="month_to", column_name="month_to", widget=widgets.IntegerWidget(), default=12)
    opens = fields.Field(attribute="opens", column_name="opens", widget=ClockTime())
    closes = fields.Field(attribute="closes", column_name="closes", widget=ClockTime(closing=True))

    class Meta(RegisterResource.Meta):
        model = ServiceHours
        import_id_fields: ClassVar[Sequence[str]] = ["area", "weekday", "month_from", "opens"]
        fields = ("area", "weekday", "month_from", "month_to", "opens", "closes")
        export_order = fields
