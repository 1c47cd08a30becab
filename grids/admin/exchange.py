"""Import and export of a register: by who keeps it, in the areas he keeps, CSV and XLSX only."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX

from grids.scoped import ScopedAdmin, staff_of
from people import exports


class RemarkedCSV(CSV):
    """A CSV whose remarks (the mark of an export) are no rows."""

    def create_dataset(self, in_stream: Any, **kwargs: Any) -> Any:
        """Read it without them."""
        if isinstance(in_stream, bytes):
            in_stream = in_stream.decode(self.encoding or "utf-8-sig")
        return super().create_dataset(exports.without_remarks(in_stream), **kwargs)


class ExchangeAdmin(ImportExportMixin, ScopedAdmin):
    """A scoped register with buttons for import and export. The export holds what the list may show, no more.

    These registers hold staff, whose names are public, and no residents: there is nothing to mask. Each file says
    who took it and when, and is written down.
    """

    import_formats = [RemarkedCSV, XLSX]
    export_formats = [CSV, XLSX]
    skip_import_confirm = False

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Whoever keeps the register."""
        return self.may_keep(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whoever keeps the register."""
        return self.may_keep(request)

    def get_import_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """The resource is told who imports."""
        return {**super().get_import_resource_kwargs(request, **kwargs), "staff": staff_of(request)}

    def get_export_data(self, file_format: Any, request: HttpRequest, queryset: QuerySet[Any], **kwargs: Any) -> Any:
        """The library's, written down and marked."""
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        what = self.model._meta.label_lower  # noqa: SLF001 - Django's public name
        by = staff_of(request).user
        mark = exports.record(what=what, rows=queryset.count(), by=by, at=timezone.now())
        request.export_mark = mark  # type: ignore[attr-defined]  # its name is asked for next
        return exports.marked_xlsx(data, mark) if file_format.is_binary() else exports.marked_csv(data, mark)

    def get_export_filename(self, request: HttpRequest, queryset: QuerySet[Any], file_format: Any) -> str:
        """Register, day and mark; nobody's name."""
        mark: exports.Mark | None = getattr(request, "export_mark", None)
        if mark is None:
            return str(super().get_export_filename(request, queryset, file_format))
        return mark.file_name(file_format.get_extension())
