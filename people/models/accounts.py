"""Accounts of staff."""

from typing import ClassVar

import pgtrigger
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from people.enums import AuditKind, Language
from people.retention import Personal
from people.traces import traced


class User(AbstractUser):
    """An account of staff. ``display_name`` is a work identity and stands in clear; residents have no account."""

    personal: ClassVar[Personal] = Personal(
        fields=("username", "display_name", "email", "last_login", "identity"),
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
    identity = models.CharField(
        _("identity at the government sign-in"),
        max_length=120,
        blank=True,
        help_text=_("What the identity provider calls this person. Empty: this account signs in by password only."),
    )
    # Part of what every session of the account is checked against: one more, and all of them are over.
    session_epoch = models.PositiveIntegerField(_("session epoch"), default=0, editable=False)

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
            models.UniqueConstraint(
                fields=("identity",),
                name="user_identity_once_if_given",
                condition=~Q(identity=""),
                violation_error_message=_("Another account has this identity."),
            ),
        )
        triggers = (
            # Whatever closes the account ends its sessions, and no stale copy of the row brings one back.
            pgtrigger.Trigger(
                name="user_epoch_only_rises",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    NEW.session_epoch := GREATEST(NEW.session_epoch, OLD.session_epoch);
                    IF OLD.is_active AND NOT NEW.is_active THEN
                        NEW.session_epoch := OLD.session_epoch + 1;
                    END IF;
                    RETURN NEW;
                """,
            ),
            *traced(
                AuditKind.ACCOUNT,
                about="people.user",
                columns=("is_active", "is_staff", "is_superuser"),
                unseen=("password", "username", "email", "identity"),
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

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session must carry: it dies with the password, and with the epoch."""
        salt = "people.models.accounts.User.session"
        return salted_hmac(salt, f"{self.password}|{self.session_epoch}", secret=secret, algorithm="sha256").hexdigest()
