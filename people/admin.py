"""The account register, and the record of reveals, which is only read. Persons have no register on purpose."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from people.forms import AccountChangeForm, AccountCreationForm, AccountPasswordForm
from people.models import RevealLog, User

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
        (_("Who"), {"fields": ("display_name", "email", "language")}),
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


# Rights come from posts (grids), not from groups.
if admin.site.is_registered(Group):
    admin.site.unregister(Group)
