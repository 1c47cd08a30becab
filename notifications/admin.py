"""The outbox, read; and deliveries given up, sent again. Nothing is written or deleted here."""

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notifications import services
from notifications.models import Delivery, DeliveryQuerySet, Notice
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
        "about",
        "params",
        "url_path",
        "created_at",
        "not_before",
        "urgent",
        "read_at",
        "dedupe_key",
    )
    readonly_fields = fields


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("id", "channel", "state", "kind", "recipient", "attempts", "next_try_at", "sent_at", "error_code")
    list_select_related = ("notice__recipient",)
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
        return str(delivery.notice.recipient or delivery.notice.person_id)

    def has_send_again_permission(self, request: HttpRequest) -> bool:
        """Whether the user may put a given-up delivery back into the queue."""
        return request.user.has_perm("notifications.change_delivery")

    @admin.action(description=_("Send given-up deliveries again"), permissions=["send_again"])
    def send_given_up_again(self, request: HttpRequest, queryset: DeliveryQuerySet) -> None:
        queued = services.send_again(queryset, at=timezone.now())
        said = ngettext("%(count)d delivery will be sent again.", "%(count)d deliveries will be sent again.", queued)
        self.message_user(request, said % {"count": queued}, messages.SUCCESS if queued else messages.WARNING)
