from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridsConfig(AppConfig):
    name = "grids"
    verbose_name = _("Areas and posts")

    def ready(self) -> None:
        from grids.erasure import RULES
        from grids.microgrids import MicroGridPart
        from grids.registry import add_redivision_part
        from grids.tenure import tenure_of, watchers
        from notifications.registry import register
        from people.expiry import announce
        from people.registry import set_tenure_rule, set_watchers_rule

        register("handover_received", sample={"first_on": "2026-11-23", "cases": 3})
        register("handover_given", sample={"first_on": "2026-11-23", "cases": 3})
        register("handover_stuck", sample={"first_on": "2026-11-23", "cases": None})
        register("redivision_proposed", sample={"first_on": "2026-11-23", "cases": None})
        register("redivision_decided", sample={"first_on": "2026-11-23", "cases": None})
        register("redivision_applied", sample={"first_on": "2026-11-23", "cases": 3})
        register("redivision_stuck", sample={"first_on": "2026-11-23", "cases": None})
        add_redivision_part("micro_grids", MicroGridPart())
        set_tenure_rule(tenure_of)
        set_watchers_rule(watchers)
        for rule in RULES:
            announce(rule)
