from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """The outbox: what is owed to whom, and how it got there."""

    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from notifications import checks  # noqa: F401 - registering needs the app registry
        from notifications.door import KIND, KIND_OF_OTHERS, tell_holder
        from notifications.downloads import EXPIRED, NOTICE
        from notifications.registry import register
        from people.expiry import announce
        from people.registry import listen

        register(KIND, sample={"what": "factor_set_up"})
        register(KIND_OF_OTHERS, sample={"what": "factor_reset"})
        register(NOTICE, sample={"until_at": "2026-06-10T02:00:00+00:00"})
        announce(EXPIRED)
        listen(tell_holder)
