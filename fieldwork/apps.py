from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldworkConfig(AppConfig):
    """The worker's daily round: visits, patrols, the ledgers of houses and households."""

    name = "fieldwork"
    verbose_name = _("Field work")

    def ready(self) -> None:
        from fieldwork import bulletins, dayparts, owndata, shifts
        from fieldwork.erasure import RULES
        from fieldwork.redivision import HouseholdPart, StationPart
        from fieldwork.rerouting import RoutePart
        from grids.registry import AreaPart, add_area_part, add_redivision_part
        from notifications.registry import register
        from people.expiry import announce
        from petitions.registry import HomePart, OwnPart, Slot, add_day_part, add_home_part, add_own_part, set_on_duty

        sample = {"count": 3, "first_on": "2026-06-01", "last_on": "2026-06-30", "grid": "620302001001001"}
        register("visits_missed", sample=sample)
        missed = {"count": 2, "due_on": "2026-06-08", "area": "620302001001001"}
        register("patrol_missed", sample=missed)
        register("patrol_unexplained", sample=missed)
        moments = {"starts_at": "2026-06-09T09:00:00+08:00", "ends_at": "2026-06-09T17:00:00+08:00"}
        for kind in ("shift_free", "shift_offered", "shift_not_handed"):
            register(kind, sample=moments)
        register("loan_overdue", sample={"item": "雨伞", "due_on": "2026-06-16"})
        ordered = {"kind": "flood", "area": "620302001001001", "until": "2026-06-10T00:00:00+08:00"}
        register("emergency_ordered", sample=ordered)
        for rule in RULES:
            announce(rule)
        add_redivision_part("households", HouseholdPart())
        add_redivision_part("stations", StationPart())
        add_redivision_part("patrols", RoutePart())
        add_day_part(Slot("homes", 10, dayparts.homes, "fieldwork/day_homes.html"))
        add_day_part(Slot("patrols", 5, dayparts.patrols, "fieldwork/day_patrols.html"))
        add_day_part(Slot("duty", 20, dayparts.duty, "fieldwork/day_duty.html"))
        set_on_duty(shifts.ids_on_duty)
        announced = "fieldwork/home_bulletins.html"
        add_home_part(HomePart("bulletins", bulletins.on_the_first_page, announced))
        add_area_part(AreaPart("bulletins", bulletins.on_the_page_of_an_area, announced))
        register("bulletin_waiting", sample={"title": "周四停水", "from_on": "2026-06-16"})
        register("bulletin_decided", sample={"title": "周四停水", "agreed": True, "why": ""})
        link = "fieldwork/own_link.html"
        add_own_part(OwnPart(owndata.HOUSEHOLD, owndata.index_of, owndata.is_known, link))
        add_own_part(OwnPart(owndata.CARE, owndata.care_index_of, owndata.is_in_care, link))
