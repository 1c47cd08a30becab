"""The register of volunteers as files: in on behalf, out masked. It is read and decided on at its own pages."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from grids.admin.exchange import Exchange
from grids.enums import Level
from grids.models import Area
from grids.scoped import staff_of
from petitions.admin.petitions import ReadOnlyAdmin
from volunteers.enums import OVER
from volunteers.models import Volunteer
from volunteers.permissions import KEEPS_VOLUNTEERS
from volunteers.resources import VolunteerResource


@admin.register(Volunteer)
class VolunteerAdmin(Exchange, ReadOnlyAdmin):
    """Who stands in the register of my community, masked."""

    resource_classes = (VolunteerResource,)
    list_display = ("masked", "home", "work", "state", "applied_at")
    list_filter = ("state",)
    list_select_related = ("person", "home", "work")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-applied_at", "-pk")
    fields = ("masked", "home", "work", "state", "applied_at")
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Volunteer]:
        return Volunteer.objects.visible_to(staff_of(request)).exclude(state__in=OVER)

    def may_exchange(self, request: HttpRequest) -> bool:
        """Whoever keeps the register; each row is asked again."""
        return staff_of(request).holds(*KEEPS_VOLUNTEERS)

    def codes(self, request: HttpRequest) -> list[tuple[str, str]]:
        """His own communities, then those where somebody may work."""
        ours = Area.objects.served().filter(level=Level.COMMUNITY, valid_to=None).order_by("code")
        return [(one.code, one.label) for one in ours]

    @admin.display(description=_("volunteer"))
    def masked(self, row: Any) -> str:
        return f"{row.person.name_masked} {row.person.phone_masked}".strip() or "–"
