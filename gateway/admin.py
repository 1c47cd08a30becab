"""Neighbours' systems and their keys, kept by the district's command and administrators."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from deadlines.admin import keeps_rules
from deadlines.timetable import shanghai_date
from gateway import services
from gateway.forms import ClientForm, KeyForm
from gateway.models import Client, Key
from people.errors import Refusal


class KeptAdmin(admin.ModelAdmin):
    """Seen and kept by the district's command and administrators; nothing is deleted."""

    show_full_result_count = False
    list_per_page = 50

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return keeps_rules(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return keeps_rules(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return keeps_rules(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return keeps_rules(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        raise Http404(_("There is no such row."))


@admin.register(Client)
class ClientAdmin(KeptAdmin):
    """Neighbours' systems; put out of use, never deleted. Their keys are made on a page of their own."""

    form = ClientForm
    change_form_template = "admin/gateway/client/change_form.html"
    list_display = ("name", "area", "channel", "post_kind", "organisation", "valid_to", "active")
    list_filter = ("active", "channel")
    list_select_related = ("area", "organisation")
    search_fields = ("name",)
    autocomplete_fields = ("area", "organisation")
    ordering = ("name",)

    def save_model(self, request: HttpRequest, obj: Client, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        if change:
            super().save_model(request, obj, form, change)
        else:
            services.add_client(obj, at=timezone.now())

    def get_urls(self) -> list[URLPattern]:
        wrapped = self.admin_site.admin_view
        return [
            path("<uuid:client_id>/keys/", wrapped(never_cache(self.keys)), name="gateway_client_keys"),
            path("keys/<int:key_id>/revoke/", wrapped(self.revoke), name="gateway_client_revoke"),
            *super().get_urls(),
        ]

    def keys(self, request: HttpRequest, client_id: Any) -> HttpResponse:
        """Show a client's keys; on POST make one and show it, this once."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        client = get_object_or_404(Client, pk=client_id)
        at = timezone.now()
        form = KeyForm(request.POST if request.method == "POST" else None, on=shanghai_date(at))
        issued, status = None, 200
        if form.is_bound and form.is_valid():
            try:
                issued = services.issue_key(client, by=request.user, at=at, expires_at=form.expires_at())  # type: ignore[arg-type]
            except Refusal as no:
                form.add_error("expires_on", str(no))
        if form.is_bound and issued is None:
            status = 422
        context = {
            **self.admin_site.each_context(request),
            "title": _("Keys of %(name)s") % {"name": client.name},
            "client": client, "form": form, "issued": issued, "now": at, "opts": self.opts,
            "keys": client.keys.select_related("created_by").order_by("-pk"),
        }  # fmt: skip
        return render(request, "admin/gateway/client/keys.html", context, status=status)

    def revoke(self, request: HttpRequest, key_id: int) -> HttpResponse:
        """End a key at once."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request):
            raise PermissionDenied
        key = services.revoke_key(get_object_or_404(Key, pk=key_id), at=timezone.now())
        messages.success(request, _("The key %(key)s opens nothing any more.") % {"key": key.prefix})
        return redirect("admin:gateway_client_keys", key.client_id)
