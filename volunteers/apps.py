from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    """Volunteers: who is here, what they can do, who took them on."""

    name = "volunteers"
    verbose_name = _("Volunteers")

    def ready(self) -> None:
        from notifications.registry import register
        from people.expiry import announce
        from petitions.registry import HomePart, OwnPart, Slot, add_home_part, add_morning_part, add_own_part
        from volunteers import owndata
        from volunteers import register as registered
        from volunteers.erasure import RULES

        for kind in ("volunteer_waiting", "volunteer_suspended"):
            register(kind, sample={"area": "620302001001"})
        register("volunteer_decided", sample={"agreed": True})
        for rule in RULES:
            announce(rule)
        add_home_part(HomePart("volunteers", lambda _area, _at: {}, "volunteers/home.html"))
        add_morning_part(Slot("volunteers", 10, registered.morning, "volunteers/morning.html"))
        link = "volunteers/own_link.html"
        add_own_part(OwnPart(owndata.VOLUNTEER, owndata.index_of, owndata.is_known, link))
        add_own_part(OwnPart(owndata.GUARDIAN, owndata.guardian_index_of, owndata.is_guardian, link))
