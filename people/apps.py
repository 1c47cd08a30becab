from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """The humans: accounts of staff, and persons whose data is sealed."""

    name = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        from axes.signals import user_locked_out
        from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

        from people import audit, checks, purging, signins  # noqa: F401 - registering needs the app registry
        from people.expiry import ACCOUNTS, announce
        from people.registry import listen

        user_logged_in.connect(signins.on_signed_in, dispatch_uid="people.signins")
        user_logged_out.connect(signins.on_signed_out, dispatch_uid="people.signins")
        user_login_failed.connect(signins.on_refused, dispatch_uid="people.signins")
        user_locked_out.connect(signins.on_locked_out, dispatch_uid="people.signins")
        announce(ACCOUNTS)
        for ledger in (purging.EXPORTS, purging.REVEALS, purging.FACTOR_RESETS):
            purging.announce(ledger)
        listen(audit.on_door)
