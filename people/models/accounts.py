"""Accounts of staff."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from people.enums import Language
from people.retention import Personal


class User(AbstractUser):
    """An account of staff. ``display_name`` is a work identity and stands in clear; residents have no account."""

    personal: ClassVar[Personal] = Personal(
        fields=("username", "display_name", "email", "last_login"),
        keep="3 years",
        after="account closed",
        subjects="staff",
        purpose=_("signing in, naming who handled a matter, telling staff of their work"),
        legal_ground=_("PIPL art. 13(2) and 13(3): human resources management, statutory duty"),
    )

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(_("display name"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language, default=Language.CHINESE)
    must_change_password = models.BooleanField(
        _("must change the password"), default=False, help_text=_("Asked for at the next sign-in.")
    )

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once_if_given",
                condition=~Q(email=""),
                violation_error_message=_("Another account has this e-mail address."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.display_name} ({self.username})" if self.display_name else self.username

    def get_full_name(self) -> str:
        """Return the name to show, never empty."""
        return self.display_name or self.username

    def get_short_name(self) -> str:
        """Return the name to show: a Chinese name has no short form."""
        return self.get_full_name()

    def set_password(self, raw_password: str | None) -> None:
        """Set the password (unsaved). A password set is a password changed: the demand for it ends.

        Whoever sets a password for somebody else raises ``must_change_password`` afterwards.
        """
        super().set_password(raw_password)
        self.must_change_password = False
