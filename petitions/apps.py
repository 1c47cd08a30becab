from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PetitionsConfig(AppConfig):
    name = "petitions"
    verbose_name = _("Petitions")

    def ready(self) -> None:
        from deadlines.registry import register  # noqa: PLC0415 - models are ready only here
        from petitions.clocks import FAMILY  # noqa: PLC0415 - as above
        from petitions.requests import pause_over  # noqa: PLC0415 - as above

        register(FAMILY, pause_over=pause_over)
