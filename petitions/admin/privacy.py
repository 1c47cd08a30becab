"""What units were given, and which petitions are kept beyond their time."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.admin.privacy import DutyAdmin, ReportAdmin
from grids.scoped import staff_of
from grids.staff import Staff
from people.masking import mask_text
from petitions.enums import TransferField
from petitions.models import Petition, RetentionHold, Transfer
from petitions.numbers import normalise_number


class HoldForm(forms.ModelForm):
    """A petition by its number, and why it is kept."""

    number = forms.CharField(label=_("number"), max_length=40)

    class Meta:
        model = RetentionHold
        fields = ("reason",)

    field_order = ("number", "reason")

    staff: Staff

    def clean_number(self) -> str:
        """Find the petition, administrators any, the others in their scope; one that is held already stays as it is."""
        number = normalise_number(self.cleaned_data["number"])
        known = Petition.objects.all() if self.staff.is_administrator else Petition.objects.visible_to(self.staff)
        found = known.filter(number=number).only("pk").first()
        if found is None:
            raise ValidationError(_("There is no matter with this number."))
        if RetentionHold.objects.filter(petition=found, lifted_at=None).exists():
            raise ValidationError(_("This petition is held already."))
        self.instance.petition = found
        return number

    def clean_reason(self) -> str:
        """Keep numbers of people out of it."""
        return mask_text(self.cleaned_data["reason"])[0]


@admin.register(RetentionHold)
class RetentionHoldAdmin(DutyAdmin):
    form = HoldForm
    list_display = ["case", "reason", "by", "at", "lifted_by", "lifted_at"]
    list_display_links = ["case"]
    list_select_related = ["petition", "by", "lifted_by"]
    search_fields = ["petition__number"]
    ordering = ["-at"]
    actions = ["lift"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False if obj is not None else self.may_keep(request)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Tell the form who asks."""
        form = cast("type[HoldForm]", super().get_form(request, obj, change, **kwargs))
        form.staff = staff_of(request)
        return form

    def save_model(self, request: HttpRequest, obj: RetentionHold, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Whoever holds it is named."""
        obj.by, obj.at = request.user, timezone.now()  # type: ignore[assignment]  # an account: the desk is signed in
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Lift the hold"), permissions=["add"])
    def lift(self, request: HttpRequest, queryset: QuerySet[RetentionHold]) -> None:
        """End the holds; the next night ends what is due."""
        lifted = queryset.filter(lifted_at=None).update(lifted_at=timezone.now(), lifted_by=request.user)
        self.message_user(request, _("Holds lifted: %(count)d.") % {"count": lifted})

    @admin.display(description=_("petition"), ordering="petition__number")
    def case(self, hold: RetentionHold) -> str:
        return hold.petition.number


@admin.register(Transfer)
class TransferAdmin(ReportAdmin):
    list_display = ["at", "case", "organisation", "could_see", "by"]
    list_display_links = ["case"]
    list_select_related = ["petition", "organisation", "by"]
    list_filter = ["organisation"]
    search_fields = ["petition__number", "organisation__name"]
    ordering = ["-at"]
    fields = ("at", "case", "organisation", "could_see", "by")
    readonly_fields = fields

    @admin.display(description=_("petition"), ordering="petition__number")
    def case(self, transfer: Transfer) -> str:
        return transfer.petition.number

    @admin.display(description=_("what it could see"))
    def could_see(self, transfer: Transfer) -> str:
        return "；".join(str(TransferField(code).label) for code in transfer.fields)
