"""Import and export of a register: by who keeps it, in the areas he keeps, CSV and XLSX only."""

from typing import Any

from django.http import HttpRequest
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX

from grids.scoped import ScopedAdmin, staff_of


class ExchangeAdmin(ImportExportMixin, ScopedAdmin):
    """A scoped register with buttons for import and export. The export holds what the list may show, no more."""

    import_formats = [CSV, XLSX]
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
