"""The audit log, for the district command alone: read, searched, taken out, never changed."""

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.enums import PostKind
from grids.scoped import staff_of
from people import audit
from people.enums import AuditKind
from people.models import AuditEntry, AuditSeal, User

COLUMNS = ("number", "at", "kind", "by", "about", "details", "network")


class _Line:
    """A file for ``csv`` that hands every line on instead of keeping it."""

    def write(self, line: str) -> str:
        return line


class CommandOnlyAdmin(admin.ModelAdmin):
    """A register that the district command reads, and nobody else, administrators included."""

    show_full_result_count = False
    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._commands(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._commands(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _commands(self, request: HttpRequest) -> bool:
        return bool(staff_of(request).reach(PostKind.DISTRICT_COMMAND))


@admin.register(AuditEntry)
class AuditEntryAdmin(CommandOnlyAdmin):
    """Who did what with accounts, rights and sealed data."""

    list_display = ("at", "kind", "actor", "about", "in_short", "address")
    list_select_related = ("actor",)
    list_filter = ("kind",)
    date_hierarchy = "at"
    search_fields = ("about", "actor__username", "actor__display_name")
    search_help_text = _("By what it is about (people.user:12), or by the account that did it.")
    ordering = ("-id",)
    actions = ("take_out",)
    fields = ("at", "kind", "actor", "about", "details", "address")

    @admin.display(description=_("details"))
    def in_short(self, entry: AuditEntry) -> str:
        """The details on one line, without what is empty."""
        return " · ".join(f"{name} {value}" for name, value in entry.details.items() if value not in {None, False, ""})

    @admin.action(description=_("Take out as CSV"))
    def take_out(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> StreamingHttpResponse:
        """Stream the entries, oldest first; that somebody did is an entry itself."""
        at = timezone.now()
        by = request.user if isinstance(request.user, User) else None
        chosen = queryset.select_related("actor").order_by("pk")
        audit.record(AuditKind.EXPORTED, by=by, at=at, about="people.auditentry", details={"rows": chosen.count()})
        response = StreamingHttpResponse(_lines(chosen), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="audit-{timezone.localdate(at).isoformat()}.csv"'
        return response


@admin.register(AuditSeal)
class AuditSealAdmin(CommandOnlyAdmin):
    """The seals, to compare with the digests that were carried out."""

    list_display = ("sealed_at", "last_entry", "entries", "in_hex")
    ordering = ("-last_entry",)
    fields = ("sealed_at", "last_entry", "entries", "in_hex")

    @admin.display(description=_("digest"))
    def in_hex(self, seal: AuditSeal) -> str:
        """The digest as the command prints it."""
        return bytes(seal.digest).hex()


def _lines(entries: QuerySet[AuditEntry]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff"
    yield writer.writerow(COLUMNS)
    for one in entries.iterator(chunk_size=1000):
        yield writer.writerow(
            (one.pk, one.at.isoformat(), one.kind, one.actor.username if one.actor else "", one.about, one.details,
             one.address)
        )  # fmt: skip
