from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """The outbox: what is owed to whom, and how it got there."""

    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from notifications import checks  # noqa: F401 - registering needs the app registry
        from notifications.door import KIND, KIND_OF_OTHERS, tell_holder
        from notifications.registry import register
        from people.registry import listen

        register(KIND, sample={"what": "factor_set_up"})
        register(KIND_OF_OTHERS, sample={"what": "factor_reset"})
        listen(tell_holder)
