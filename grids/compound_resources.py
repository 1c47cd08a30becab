"""Compounds and their projects as files, CSV or XLSX: keyed by their codes, all or nothing, repeatable."""

from collections.abc import Sequence
from typing import Any, ClassVar

from import_export import fields, widgets

from grids.cells import ByCode, Choice, Day, Text
from grids.enums import CompoundKind, Management, ProjectKind, ProjectState
from grids.models import Area, Building, Compound, CompoundProject, Organisation
from grids.permissions import Register
from grids.rows import RegisterResource


class CompoundResource(RegisterResource):
    """Compounds; the codes of their buildings stand in one cell with | between them."""

    register = Register.GRIDS
    code = fields.Field(attribute="code", column_name="code", widget=Text())
    name = fields.Field(attribute="name", column_name="name", widget=Text())
    area = fields.Field(attribute="area", column_name="area_code", widget=ByCode(Area))
    kind = fields.Field(attribute="kind", column_name="kind", widget=Choice(CompoundKind))
    management = fields.Field(attribute="management", column_name="management", widget=Choice(Management))
    managed_since = fields.Field(attribute="managed_since", column_name="managed_since", widget=Day())
    manager = fields.Field(attribute="manager", column_name="manager_code", widget=ByCode(Organisation))
    buildings = fields.Field(
        attribute="buildings",
        column_name="building_codes",
        widget=widgets.ManyToManyWidget(Building, separator="|", field="code"),
    )
    valid_from = fields.Field(attribute="valid_from", column_name="valid_from", widget=Day())
    valid_to = fields.Field(attribute="valid_to", column_name="valid_to", widget=Day())

    class Meta(RegisterResource.Meta):
        model = Compound
        import_id_fields: ClassVar[Sequence[str]] = ["code"]
        fields = (
            "code", "name", "area", "kind", "management", "managed_since", "manager", "buildings", "valid_from",
            "valid_to",
        )  # fmt: skip
        export_order = fields


class CompoundProjectResource(RegisterResource):
    """Projects; a row lies where its compound does."""

    register = Register.GRIDS
    code = fields.Field(attribute="code", column_name="code", widget=Text())
    name = fields.Field(attribute="name", column_name="name", widget=Text())
    compound = fields.Field(attribute="compound", column_name="compound_code", widget=ByCode(Compound))
    kind = fields.Field(attribute="kind", column_name="kind", widget=Choice(ProjectKind))
    state = fields.Field(attribute="state", column_name="state", widget=Choice(ProjectState))
    starts_on = fields.Field(attribute="starts_on", column_name="starts_on", widget=Day())
    ends_on = fields.Field(attribute="ends_on", column_name="ends_on", widget=Day())

    def area_of(self, instance: Any) -> Area | None:
        """The area of the compound."""
        return instance.compound.area if instance.compound_id else None

    class Meta(RegisterResource.Meta):
        model = CompoundProject
        import_id_fields: ClassVar[Sequence[str]] = ["code"]
        fields = ("code", "name", "compound", "kind", "state", "starts_on", "ends_on")
        export_order = fields
