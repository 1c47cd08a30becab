from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PetitionsConfig(AppConfig):
    name = "petitions"
    verbose_name = _("Petitions")

    def ready(self) -> None:
        from deadlines.registry import register
        from notifications.registry import set_keeper_rule
        from petitions.clocks import FAMILY, refreshed
        from petitions.notices import keeper_of
        from petitions.requests import pause_over

        register(FAMILY, pause_over=pause_over, refreshed=refreshed)
        set_keeper_rule(keeper_of)
