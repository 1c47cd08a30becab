from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GatewayConfig(AppConfig):
    """The neighbours' systems: they file, read and act by the same verbs as everybody."""

    name = "gateway"
    verbose_name = _("Neighbouring systems")
