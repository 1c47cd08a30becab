"""Registers of legal stations (003a-19), with import and export; kept by whoever keeps the service hours."""

from typing import Any

from django.contrib import admin

from grids.admin.exchange import ExchangeAdmin
from grids.permissions import Register
from petitions.models import AidReferral, Consultation, LegalStation
from petitions.resources import AidReferralResource, ConsultationResource, LegalStationResource


@admin.register(LegalStation)
class LegalStationAdmin(ExchangeAdmin):
    """Where the stations are; one that closes gets a last day."""

    register = Register.HOURS
    resource_classes = [LegalStationResource]
    list_display = ("code", "name", "area", "office_phone", "all_day", "valid_from", "valid_to")
    list_select_related = ("area",)
    search_fields = ("code", "name", "area__name", "area__code")
    ordering = ("code",)
    autocomplete_fields = ("area",)


class OfStationAdmin(ExchangeAdmin):
    """What stations count, kept where the station lies."""

    register = Register.HOURS
    list_select_related = ("station",)
    search_fields = ("station__code", "station__name")
    autocomplete_fields = ("station",)

    def area_path(self, obj: Any) -> str | None:
        """The path of the station's area."""
        return obj.station.area.path if obj.station_id else None


@admin.register(Consultation)
class ConsultationAdmin(OfStationAdmin):
    """Consultations by day and kind."""

    resource_classes = [ConsultationResource]
    list_display = ("station", "held_on", "kind", "count")
    list_filter = ("kind",)
    ordering = ("-held_on", "station__code", "kind")


@admin.register(AidReferral)
class AidReferralAdmin(OfStationAdmin):
    """Referrals to legal aid by day and kind."""

    resource_classes = [AidReferralResource]
    list_display = ("station", "referred_on", "kind", "count", "granted")
    list_filter = ("kind",)
    ordering = ("-referred_on", "station__code", "kind")
