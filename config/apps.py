"""The project's own app (commands, shell) and the admin on our site class."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class LinliConfig(AppConfig):
    name = "config"
    label = "linli"
    verbose_name = _("Linli")

    def ready(self) -> None:
        from config import checks  # noqa: F401 - registering needs the app registry


class StaffAdminConfig(AdminConfig):
    default_site = "config.admin_site.StaffAdminSite"
