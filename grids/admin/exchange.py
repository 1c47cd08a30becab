"""Import and export of a register: by who keeps it, in the areas he keeps, CSV and XLSX only.

A file is read and checked as a whole and shown before anything is written; what is wrong is named by row and column,
in the reader's language. It waits for its sender's yes sealed, a day at most.
"""

import uuid
from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.debug import sensitive_variables
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.results import Result, RowResult

from grids import incoming, sheets
from grids.rows import RegisterResource
from grids.scoped import ScopedAdmin, staff_of
from grids.sheets import Problem
from people import exports
from people.errors import Refusal
from people.models import User

SHOWN_PROBLEMS = 100
SHOWN_ROWS = 200


class FileForm(forms.Form):
    """The file; what kind it is shows in the file itself."""

    import_file = forms.FileField(
        label=pgettext_lazy("upload", "File"), help_text=gettext_lazy("XLSX or CSV, at most 2 MB and 5,000 rows."),
        widget=forms.FileInput({"accept": ".xlsx,.csv", "class": "govuk-file-upload"}),
    )  # fmt: skip


class Exchange(ImportExportMixin):
    """Buttons for template, import and export on a register's list; ``may_exchange`` says for whom.

    An export holds what the list may show, no more. Each file says who took it and when, and is written down.
    """

    export_formats: ClassVar[list[type[CSV]]] = [CSV, XLSX]
    import_export_change_list_template = "admin/exchange/list.html"
    import_template_name = "admin/exchange/import.html"

    def may_exchange(self, request: HttpRequest) -> bool:
        """Whether the person takes files in and out; each row is asked again."""
        raise NotImplementedError

    def has_import_permission(self, request: HttpRequest) -> bool:
        """As ``may_exchange`` says."""
        return self.may_exchange(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        """As ``may_exchange`` says."""
        return self.may_exchange(request)

    def get_urls(self) -> list[URLPattern]:
        """The library's, with the empty template."""
        name = "{}_{}_template".format(*self.get_model_info())
        urls: list[URLPattern] = super().get_urls()
        return [path("template/", self.admin_site.admin_view(self.template_view), name=name), *urls]

    def resource(self, request: HttpRequest) -> RegisterResource:
        """Return the register as a file; it is told who imports."""
        kind = self.get_import_resource_classes(request)[0]
        made: RegisterResource = kind(staff=staff_of(request), at=timezone.now())
        return made

    def codes(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Return codes and names that the template lists."""
        return []

    def template_view(self, request: HttpRequest) -> HttpResponse:
        """An empty workbook with headings in the reader's language, an example row, and what each column may hold."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        data = sheets.template(self.resource(request).columns(), codes=self.codes(request))
        answer = HttpResponse(data, content_type=exports.TYPES["xlsx"])
        answer.headers["Content-Disposition"] = f'attachment; filename="{self.opts.model_name}-template.xlsx"'
        return answer

    @sensitive_variables("rows")
    def import_action(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Choose a file (GET); check it as a whole and show what it would do (POST). Nothing is written yet."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, form=FileForm())
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, status=HTTPStatus.UNPROCESSABLE_ENTITY, form=form)
        try:
            rows = sheets.read(form.cleaned_data["import_file"].read())
        except Refusal as no:
            form.add_error("import_file", str(no))
            return self._page(request, status=HTTPStatus.UNPROCESSABLE_ENTITY, form=form)
        resource = self.resource(request)
        result = resource.read_rows(rows, dry_run=True)
        if problems := resource.problems(result):
            return self._refused(request, problems)
        by = staff_of(request).user
        kept = incoming.keep(rows, what=self._what(), by=by, at=timezone.now())
        return self._page(request, key=kept.pk, told=resource.remarks, **_shown(result, resource))

    @sensitive_variables("rows")
    def process_import(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Write down what was checked, all of it or nothing, or drop it."""
        if request.method != "POST":
            return HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "POST"})
        if not self.has_import_permission(request):
            raise PermissionDenied
        by, key = staff_of(request).user, _key(request.POST.get("key", ""))
        if "drop" in request.POST:
            incoming.drop(key, by=by)
            messages.success(request, _("The file is deleted. Nothing was written down."))
            return redirect(self._to("import"))
        resource = self.resource(request)
        try:
            result, problems = self._write(resource, key, by=by)
        except Refusal as no:
            messages.error(request, str(no))
            return self._page(request, status=HTTPStatus(no.status), form=FileForm())
        if problems:  # something changed since it was checked
            return self._refused(request, problems)
        messages.success(request, _counted(result))
        for line in resource.remarks:
            messages.info(request, line)
        return redirect(self._to("changelist"))

    @transaction.atomic
    def _write(self, resource: RegisterResource, key: uuid.UUID, *, by: User) -> tuple[Result, list[Problem]]:
        rows = incoming.rows_of(key, what=self._what(), by=by, at=timezone.now())
        result = resource.read_rows(rows, dry_run=False)
        problems = resource.problems(result)
        if not problems:
            self._log_actions(_written(result), _By(by))
            incoming.drop(key, by=by)
        return result, problems

    def _refused(self, request: HttpRequest, problems: list[Problem]) -> HttpResponse:
        context = {"problems": problems[:SHOWN_PROBLEMS], "more": max(0, len(problems) - SHOWN_PROBLEMS)}
        return self._page(request, status=HTTPStatus.UNPROCESSABLE_ENTITY, form=FileForm(), **context)

    def _page(self, request: HttpRequest, *, status: int = HTTPStatus.OK, **context: Any) -> HttpResponse:
        page = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": _("Import"),
            "template_url": self._to("template"), "list_url": self._to("changelist"), "import_url": self._to("import"),
            "process_url": self._to("process_import"), "columns": self.resource(request).columns(), **context,
        }  # fmt: skip
        return TemplateResponse(request, self.import_template_name, page, status=status)

    def _to(self, name: str) -> str:
        return reverse("admin:{}_{}_{}".format(*self.get_model_info(), name), current_app=self.admin_site.name)

    def _what(self) -> str:
        return str(self.opts.label_lower)

    def get_export_data(self, file_format: Any, request: HttpRequest, queryset: QuerySet[Any], **kwargs: Any) -> Any:
        """The library's, written down and marked."""
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        mark = exports.record(what=self._what(), rows=queryset.count(), by=staff_of(request).user, at=timezone.now())
        request.export_mark = mark  # type: ignore[attr-defined]  # its name is asked for next
        return exports.marked_xlsx(data, mark) if file_format.is_binary() else exports.marked_csv(data, mark)

    def get_export_filename(self, request: HttpRequest, queryset: QuerySet[Any], file_format: Any) -> str:
        """Register, day and mark; nobody's name."""
        mark: exports.Mark | None = getattr(request, "export_mark", None)
        if mark is None:
            return str(super().get_export_filename(request, queryset, file_format))
        return mark.file_name(file_format.get_extension())


class ExchangeAdmin(Exchange, ScopedAdmin):
    """A scoped register with import and export, by whoever keeps it.

    These registers hold staff, whose names are public, and no residents: there is nothing to mask.
    """

    def may_exchange(self, request: HttpRequest) -> bool:
        """Whoever keeps the register."""
        return self.may_keep(request)


class _By:
    """What the library asks of a request when it writes down who changed what."""

    def __init__(self, user: User) -> None:
        self.user = user


def _written(result: Result) -> list[RowResult]:
    return [row for row in result if row.import_type != RowResult.IMPORT_TYPE_SKIP and row.instance is not None]


def _key(given: str) -> uuid.UUID:
    try:
        return uuid.UUID(given)
    except ValueError:
        return uuid.UUID(int=0)  # none is kept under it


def _counts(result: Result) -> dict[str, int]:
    kinds = ("new", "update", "delete")
    found = {kind: sum(row.import_type == kind for row in result.rows) for kind in kinds}
    return {
        **found,
        "same": sum(
            row.import_type == RowResult.IMPORT_TYPE_SKIP and not hasattr(row, "is_remark") for row in result.rows
        ),
    }


def _counted(result: Result) -> str:
    counts = _counts(result)
    changed = counts["new"] + counts["update"] + counts["delete"]
    words = ngettext("Written down: %(count)d row.", "Written down: %(count)d rows.", changed)
    return words % {"count": changed}


def _shown(result: Result, resource: RegisterResource) -> dict[str, Any]:
    """Return what the preview shows: how many of each, and the first rows that are new or change."""
    headings = {one.name: one.heading for one in resource.columns()}
    names = {"new": _("New"), "update": _("Changes"), "delete": _("Taken out")}
    rows = [
        {"number": number, "kind": names[row.import_type], "cells": row.diff}
        for number, row in enumerate(result.rows, start=2)  # all of them are reported, below the heading
        if row.import_type in names
    ]
    return {
        "counts": _counts(result), "headings": [headings.get(name, name) for name in result.diff_headers],
        "rows": rows[:SHOWN_ROWS], "rows_more": max(0, len(rows) - SHOWN_ROWS),
    }  # fmt: skip
