from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """The humans: accounts of staff, and persons whose data is sealed."""

    name = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        from people import checks  # noqa: F401 - registering needs the app registry
