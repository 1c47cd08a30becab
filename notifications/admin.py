"""The outbox, read; what was not delivered, sent again; group chats, set up. Nothing is deleted here."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from notifications import reasons, registry, services
from notifications.enums import Channel
from notifications.forms import WebhookForm
from notifications.models import Delivery, DeliveryQuerySet, Notice, Undelivered, Webhook
from notifications.rendering import render as words_of
from people.paging import CappedPaginator


class ReadOnlyAdmin(admin.ModelAdmin):
    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        raise Http404(_("There is no such row."))


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "kind", "about", "recipient", "urgent", "not_before", "read_at")
    list_select_related = ("recipient",)
    list_filter = ("urgent",)
    search_fields = ("=about", "=dedupe_key")
    ordering = ("-created_at", "-id")
    fields = (
        "kind",
        "recipient",
        "person_id",
        "webhook",
        "about",
        "params",
        "url_path",
        "created_at",
        "not_before",
        "urgent",
        "silent",
        "read_at",
        "dedupe_key",
    )
    readonly_fields = fields


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("id", "channel", "state", "kind", "recipient", "attempts", "next_try_at", "sent_at", "error_code")
    list_select_related = ("notice__recipient", "notice__webhook")
    list_filter = ("state", "channel")
    search_fields = ("=notice__about",)
    ordering = ("-id",)
    fields = ("notice", "channel", "state", "attempts", "next_try_at", "sent_at", "error_code", "message_id")
    readonly_fields = fields
    actions = ("send_given_up_again",)

    @admin.display(description=_("kind"))
    def kind(self, delivery: Delivery) -> str:
        return delivery.notice.kind

    @admin.display(description=_("recipient"))
    def recipient(self, delivery: Delivery) -> str:
        # A person is shown by number only: the way to him is the record the notice is about.
        return str(delivery.notice.recipient or delivery.notice.webhook or delivery.notice.person_id)

    def has_send_again_permission(self, request: HttpRequest) -> bool:
        """Whether the user may put a given-up delivery back into the queue."""
        return request.user.has_perm("notifications.change_delivery")

    @admin.action(description=_("Send given-up deliveries again"), permissions=["send_again"])
    def send_given_up_again(self, request: HttpRequest, queryset: DeliveryQuerySet) -> None:
        _send_again(request, queryset)


@admin.register(Undelivered)
class UndeliveredAdmin(ReadOnlyAdmin):
    """What was given up, why, and once more: for administrators and, of their own matters, street leaders."""

    list_display = ("created_at", "subject", "recipient", "channel", "reason", "attempts")
    list_display_links = None
    list_select_related = ("notice__recipient", "notice__webhook")
    list_filter = ("channel",)
    search_fields = ("=notice__about",)
    ordering = ("-id",)
    actions = ("send_chosen_again",)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return registry.keeper_of(request) is not None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> DeliveryQuerySet:
        if registry.keeper_of(request) is None:
            return Undelivered.objects.none()
        return services.undelivered(registry.keeper_of(request), among=Undelivered.objects.all())

    def get_urls(self) -> list[URLPattern]:
        again = path("again/", self.admin_site.admin_view(self.again), name="notifications_undelivered_again")
        return [again, *super().get_urls()]

    def again(self, request: HttpRequest) -> HttpResponse:
        """Show what would be sent again, by channel and reason; on POST send all of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        undelivered = self.get_queryset(request)
        if request.method == "POST":
            _send_again(request, undelivered)
            return redirect("admin:notifications_undelivered_changelist")
        groups = [
            {**group, "channel": Channel(group["channel"]).label, "reason": reasons.in_words(group["error_code"])}
            for group in undelivered.by_reason()
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Send all of them again"),
            "groups": groups,
            "total": sum(group["count"] for group in groups),
        }
        return render(request, "admin/notifications/undelivered/again.html", context)

    @admin.display(description=_("since"), ordering="id")
    def created_at(self, delivery: Delivery) -> Any:
        return delivery.notice.created_at

    @admin.display(description=_("message"))
    def subject(self, delivery: Delivery) -> str:
        return words_of(delivery.notice, get_language() or "").subject

    @admin.display(description=_("recipient"))
    def recipient(self, delivery: Delivery) -> str:
        notice = delivery.notice
        return str(notice.recipient or notice.webhook or _("the person concerned"))

    @admin.display(description=_("reason"), ordering="error_code")
    def reason(self, delivery: Delivery) -> str:
        return reasons.in_words(delivery.error_code)

    @admin.action(description=_("Send the chosen ones again"), permissions=["view"])
    def send_chosen_again(self, request: HttpRequest, queryset: DeliveryQuerySet) -> None:
        _send_again(request, queryset)


@admin.register(Webhook)
class WebhookAdmin(admin.ModelAdmin):
    """Group chats that messages are posted to; put out of use, never deleted."""

    form = WebhookForm
    list_display = ("name", "scope", "host", "language", "active")
    list_filter = ("active",)
    search_fields = ("name", "scope")
    ordering = ("name", "id")
    actions = ("send_test",)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        keeper = registry.keeper_of(request)
        return keeper is not None and keeper.keeps_webhooks

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Webhook, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        if not change:
            obj.created_at = timezone.now()
        super().save_model(request, obj, form, change)

    @admin.display(description=_("server"))
    def host(self, webhook: Webhook) -> str:
        return webhook.host

    @admin.action(description=_("Send a test message"), permissions=["change"])
    def send_test(self, request: HttpRequest, queryset: models.QuerySet[Webhook]) -> None:
        at = timezone.now()
        owed = services.owe_tests(queryset, url_path=reverse("admin:index"), at=at)
        said = ngettext("%(count)d test message is on its way.", "%(count)d test messages are on their way.", owed)
        self.message_user(request, said % {"count": owed}, messages.SUCCESS if owed else messages.WARNING)


def _send_again(request: HttpRequest, deliveries: DeliveryQuerySet) -> None:
    queued = services.send_again(deliveries, at=timezone.now())
    said = ngettext("%(count)d delivery will be sent again.", "%(count)d deliveries will be sent again.", queued)
    messages.add_message(request, messages.SUCCESS if queued else messages.WARNING, said % {"count": queued})
