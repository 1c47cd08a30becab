"""The account register, and the record of reveals, which is only read. Persons have no register on purpose."""

from http import HTTPStatus
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from people import factor, lockout, signins
from people.enums import SignInKind
from people.errors import Refusal
from people.forms import AccountChangeForm, AccountCreationForm, AccountPasswordForm, FactorResetForm
from people.models import FactorReset, RevealLog, User

# What makes an account mightier than its editor: only a superuser touches it.
MIGHT = ("is_superuser", "groups", "user_permissions")


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts of staff."""

    add_form = AccountCreationForm
    form = AccountChangeForm
    change_password_form = AccountPasswordForm
    list_display = ("username", "display_name", "is_active", "is_staff", "must_change_password", "last_login")
    list_filter = ("is_active", "is_staff", "must_change_password")
    search_fields = ("username", "display_name")
    ordering = ("username",)
    list_per_page = 50
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("username", "password", "must_change_password")}),
        (_("Who"), {"fields": ("display_name", "email", "language", "identity")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", *MIGHT)}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "username",
                    "display_name",
                    "email",
                    "language",
                    "usable_password",
                    "password1",
                    "password2",
                ),
            },
        ),
    )
    readonly_fields = ("last_login", "date_joined")
    actions = ("unlock", "end_sessions")

    @admin.action(description=_("Open the sign-in again after wrong passwords"), permissions=["change"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        at = timezone.now()
        opened = self._mine(request, queryset)
        for user in opened:
            lockout.unlock(user)
            signins.note(SignInKind.UNLOCKED, at=at, user=user, by=cast("User", request.user), request=request)
        words = ngettext("%(n)d account may try again at once.", "%(n)d accounts may try again at once.", len(opened))
        self.message_user(request, words % {"n": len(opened)})

    @admin.action(description=_("Sign out everywhere"), permissions=["change"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        at = timezone.now()
        ended = [
            signins.end_all_sessions(user, by=cast("User", request.user), at=at)
            for user in self._mine(request, queryset)
        ]
        words = ngettext("%(n)d session was ended.", "%(n)d sessions were ended.", sum(ended))
        self.message_user(request, words % {"n": sum(ended)})

    def _mine(self, request: HttpRequest, queryset: QuerySet[User]) -> list[User]:
        """Those of the chosen accounts that this administrator may change."""
        return [user for user in queryset if self.has_change_permission(request, user)]

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.factor_reset)
        ours = path("<int:user_id>/second-factor/", page, name="people_user_factor_reset")
        return [ours, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        account = self.get_object(request, object_id)
        has_factor = account is not None and account.pk != request.user.pk and factor.is_set_up(account)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "has_factor": has_factor})

    def factor_reset(self, request: HttpRequest, user_id: int) -> HttpResponse:
        account = self.get_queryset(request).filter(pk=user_id).first()
        if account is None:
            raise Http404
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        form = FactorResetForm(request.POST or None)
        status: int = HTTPStatus.OK
        if request.method == "POST" and form.is_valid():
            by = cast("User", request.user)
            try:
                factor.reset(account, by=by, reason=form.cleaned_data["reason"], at=timezone.now())
            except Refusal as refusal:
                form.add_error(refusal.field or None, str(refusal))
                status = refusal.status
            else:
                self.message_user(request, gettext("The second factor is off; the person is told."), messages.SUCCESS)
                return redirect("admin:people_user_change", user_id)
        elif form.errors:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        title = gettext("Take the second factor off")
        context = {**self.admin_site.each_context(request), "form": form, "account": account, "title": title}
        return render(request, "admin/people/user/factor_reset.html", context, status=status)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else (*fields, *MIGHT)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # An administrator without full might must not take over an account that has it (by setting its password).
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # an account is closed, never deleted: what it did keeps its name


@admin.register(RevealLog)
class RevealLogAdmin(admin.ModelAdmin):
    """Who looked at what, and why."""

    list_display = ("at", "by", "field", "about", "reason", "person_id")
    list_select_related = ("by",)
    list_filter = ("field",)
    search_fields = ("about",)
    ordering = ("-id",)
    list_per_page = 50
    show_full_result_count = False
    fields = ("at", "by", "field", "about", "reason", "person_id")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: RevealLog | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RevealLog | None = None) -> bool:
        return False


@admin.register(FactorReset)
class FactorResetAdmin(admin.ModelAdmin):
    """Who took a second factor off whose account, and why."""

    list_display = ("at", "user", "by", "reason")
    list_select_related = ("user", "by")
    ordering = ("-id",)
    list_per_page = 50
    show_full_result_count = False
    fields = ("at", "user", "by", "reason")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: FactorReset | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: FactorReset | None = None) -> bool:
        return False


# Rights come from posts (grids), not from groups.
if admin.site.is_registered(Group):
    admin.site.unregister(Group)
