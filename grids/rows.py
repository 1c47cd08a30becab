"""What all registers share as files: keyed by the codes printed on them, all or nothing, repeatable.

What django-import-export does row by row is right for registers of some thousand rows that people edit; whole
divisions come in by ``manage.py import_areas``.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db.models import Field, Model
from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from import_export import fields, resources
from import_export.results import Result, RowResult
from tablib import Dataset

from grids.errors import ImportRefused, RowError
from grids.models import Area
from grids.permissions import Register, may_keep
from grids.sheets import Cells, Column, Problem, is_remark, place
from grids.staff import Staff


class RegisterResource(resources.ModelResource):
    """What all our registers share. ``staff`` is who imports, ``at`` when; without ``staff`` no row is out of reach."""

    register: ClassVar[Register]
    # what the template says where the model's own words would not do; columns that are only exported
    headings: ClassVar[Mapping[str, str | Promise]] = {}
    meanings: ClassVar[Mapping[str, str | Promise]] = {}
    examples: ClassVar[Mapping[str, str]] = {}
    only_out: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, staff: Staff | None = None, at: datetime | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.staff, self.at = staff, at
        self.places: dict[str, int] = {}
        self.remarks: list[str] = []

    def columns(self) -> list[Column]:
        """Return the columns of a file to fill in, in the reader's language."""
        found = [one for one in self.get_user_visible_fields() if one.column_name not in self.only_out]
        words = [self._heading(one) for one in found]
        return [
            self._column(one, word, is_double=words.count(word) > 1) for one, word in zip(found, words, strict=True)
        ]

    def _heading(self, field: fields.Field) -> str:
        behind = model_field(self._meta.model, field.attribute)
        own = str(behind.verbose_name) if behind is not None else str(field.column_name)
        return capfirst(str(self.headings.get(field.column_name, own)))

    def _column(self, field: fields.Field, heading: str, *, is_double: bool) -> Column:
        name, behind = field.column_name, model_field(self._meta.model, field.attribute)
        says = str(self.meanings.get(name) or getattr(field.widget, "says", str)())
        longest = behind.max_length if behind is not None and not behind.is_relation and not behind.choices else None
        if not says and longest:
            says = _("Text, at most %(most)d characters.") % {"most": longest}
        needed = behind is not None and not behind.blank and not behind.null and not behind.has_default()
        example = self.examples.get(name, getattr(field.widget, "example", ""))
        named = f"{heading} ({name})" if is_double else heading
        return Column(name, field.attribute or name, named, says, example, is_required=needed or name in self._keys())

    def _keys(self) -> set[str]:
        """Return the columns a row is known by."""
        return {self.fields[name].column_name for name in self._meta.import_id_fields}

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Read the headings, ours or a template's in any of our languages.

        :raises ValidationError: if one stands there twice, or the columns a row is known by are not there
        """
        super().before_import(dataset, **kwargs)
        known: dict[str, str] = {}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                known |= {_plain(one.heading): one.name for one in self.columns()}
        known |= {field.column_name: field.column_name for field in self.get_user_visible_fields()}
        named = [known.get(_plain(heading), str(heading or "")) for heading in dataset.headers or ()]
        double = sorted({name for name in named if name in known.values() and named.count(name) > 1})
        if double:
            raise ValidationError(_("The column %(name)s stands there twice.") % {"name": ", ".join(double)})
        columns = {one.name: one for one in self.columns()}
        missing = [columns[name].heading for name in columns if name in self._keys() - set(named)]
        if missing:
            words = _("The file lacks the column %(names)s. Take the headings from the template.")
            raise ValidationError(words % {"names": ", ".join(missing)})
        ignored = [name for name in named if name and name not in known.values()]
        if ignored:
            self.remarks.append(_("Columns not read: %(names)s.") % {"names": ", ".join(ignored)})
        dataset.headers = [name or f"({number})" for number, name in enumerate(named)]
        self.places = {name: number for number, name in enumerate(named, start=1) if name}

    def import_row(self, row: Any, instance_loader: Any, **kwargs: Any) -> RowResult:
        """Import a row; the example of a template, the mark of an export and an empty row are none."""
        cells = list(row.values())
        if is_remark(cells) or not any(str(cell or "").strip() for cell in cells):
            passed: RowResult = self.get_row_result_class()()
            passed.import_type, passed.is_remark = RowResult.IMPORT_TYPE_SKIP, True
            return passed
        return super().import_row(row, instance_loader, **kwargs)

    def problems(self, result: Result) -> list[Problem]:
        """Return what is wrong with a file, row by row, in the words of its columns."""
        columns = {one.attribute: one for one in self.columns()}

        def where(attribute: str) -> str:
            one = columns.get(attribute)
            number = self.places.get(one.name) if one is not None else None
            return place(number, one.heading) if one is not None and number else one.heading if one else ""

        if result.base_errors:  # what was read after them means nothing
            return [Problem(None, "", _said(error.error)) for error in result.base_errors]
        found = [Problem(row + 1, "", _said(one.error)) for row, errors in result.row_errors() for one in errors]
        for row in result.invalid_rows:
            said = (
                row.error.message_dict if hasattr(row.error, "error_dict") else {NON_FIELD_ERRORS: row.error.messages}
            )
            found += [
                Problem(row.number + 1, where(name) if name != NON_FIELD_ERRORS else "", message)
                for name, messages in said.items()
                for message in messages
            ]
        return sorted(found, key=lambda one: one.row or 0)

    def read_rows(self, cells: Sequence[Cells], *, dry_run: bool) -> Result:
        """Import a file's rows, heading first, all of them or nothing; what is wrong stands in the result."""
        width = max(len(row) for row in cells)
        rows = [[*row, *[""] * (width - len(row))] for row in cells]
        return self.import_data(
            Dataset(*rows[1:], headers=rows[0]),
            dry_run=dry_run,
            use_transactions=True,
            rollback_on_validation_errors=True,
            retain_instance_in_row_result=not dry_run,
        )

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


def model_field(model: type[Model], attribute: str | None) -> "Field[Any, Any] | None":
    """Return the field behind a column; of one that names a row by its code, the field that leads to that row."""
    found = None
    for part in (attribute or "").split("__"):
        try:
            one = model._meta.get_field(part)  # noqa: SLF001 - Django's public name
        except FieldDoesNotExist:
            return None
        if not isinstance(one, Field) or (found is not None and part == "code"):
            return found
        found = one
        model = one.related_model if isinstance(one.related_model, type) else model
    return found


def _plain(heading: object) -> str:
    return " ".join(str(heading or "").lower().split())
