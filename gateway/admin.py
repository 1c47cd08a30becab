"""Neighbours' systems and their keys, kept by the district's command and administrators."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache

from deadlines.admin import keeps_rules
from deadlines.timetable import shanghai_date
from gateway import callbacks, services
from gateway.forms import ClientForm, KeyForm
from gateway.models import Callback, Client, Key
from gateway.models.changes import CallbackQuerySet
from notifications import reasons
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


@admin.register(Callback)
class CallbackAdmin(KeptAdmin):
    """What was reported to neighbours' systems, and what they did not take; that is sent again here."""

    list_display = ("happened_at", "client", "number", "event", "state", "attempts", "next_try_at", "reason")
    list_display_links = None
    list_filter = ("state", "client")
    list_select_related = ("client", "change__event", "change__petition")
    ordering = ("-change__sequence",)
    actions = ("send_chosen_again",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("at"))
    def happened_at(self, callback: Callback) -> Any:
        return callback.change.event.at

    @admin.display(description=gettext_lazy("number"))
    def number(self, callback: Callback) -> str:
        # administrators see no content of petitions; the number is none
        return callback.change.petition.number

    @admin.display(description=gettext_lazy("event"))
    def event(self, callback: Callback) -> str:
        return callback.change.event.get_code_display()

    @admin.display(description=gettext_lazy("reason"), ordering="error_code")
    def reason(self, callback: Callback) -> str:
        return reasons.in_words(callback.error_code) if callback.error_code else ""

    @admin.action(description=gettext_lazy("Send the chosen ones again"), permissions=["view"])
    def send_chosen_again(self, request: HttpRequest, queryset: CallbackQuerySet) -> None:
        queued = callbacks.send_again(queryset, at=timezone.now())
        said = ngettext("%(count)d callback will be sent again.", "%(count)d callbacks will be sent again.", queued)
        self.message_user(request, said % {"count": queued}, messages.SUCCESS if queued else messages.WARNING)
