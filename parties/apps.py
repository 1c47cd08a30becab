from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartiesConfig(AppConfig):
    """Party organisations and their members."""

    name = "parties"
    verbose_name = _("Party organisations")

    def ready(self) -> None:
        from parties.erasure import RULES
        from people.expiry import announce

        for rule in RULES:
            announce(rule)
