"""What signing in leaves behind: sessions by account, the second factor, its recovery codes and its resets."""

import uuid
from importlib import import_module
from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people import crypto
from people.fields import Sealed
from people.retention import Personal


class Session(AbstractBaseSession):
    """A browser's session. Whose it is stands beside the data, so that a person can list and end his own."""

    personal: ClassVar[Personal] = Personal(
        fields=("session_data",),
        keep="1 days",
        after="expired",
        subjects="staff",
        ends="deleted",
        purpose=_("keeping staff signed in, and residents at the matters they have proved"),
        legal_ground=_("PIPL art. 13(3): statutory duty; Cybersecurity Law art. 21: protection of the network"),
    )

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions", verbose_name=_("user")
    )

    class Meta(AbstractBaseSession.Meta):
        verbose_name = _("session")  # type: ignore[assignment]  # the stubs know no lazy words here
        verbose_name_plural = _("sessions")  # type: ignore[assignment]

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """Return the store that reads and writes these rows."""
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store


class Authenticator(models.Model):
    """The second factor of an account: the secret its telephone shares with us, sealed.

    ``next_sealed`` is a secret that was shown and not yet confirmed; until it is, the old one holds.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("secret_sealed", "next_sealed"),
        keep="3 years",
        after="account closed",
        subjects="staff",
        purpose=_("making sure that whoever signs in is the holder of the account"),
        legal_ground=_("Cybersecurity Law art. 21; PIPL art. 51: security measures"),
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="authenticator", verbose_name=_("user")
    )
    secret_sealed = models.BinaryField(_("secret (sealed)"), null=True)
    confirmed_at = models.DateTimeField(_("set up at"), null=True)
    next_sealed = models.BinaryField(_("new secret (sealed)"), null=True)
    next_at = models.DateTimeField(_("new secret shown at"), null=True)
    # The time step of the last code taken: a code that was overheard is worth nothing a second time.
    last_step = models.BigIntegerField(_("last time step"), default=0)
    wrong = models.PositiveSmallIntegerField(_("wrong codes in a row"), default=0)
    blocked_until = models.DateTimeField(_("no codes taken until"), null=True)

    secret = Sealed("secret_sealed")
    next_secret = Sealed("next_sealed")

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
        constraints = (
            models.CheckConstraint(
                name="authenticator_confirmed_has_secret",
                condition=Q(confirmed_at__isnull=True, secret_sealed__isnull=True)
                | Q(confirmed_at__isnull=False, secret_sealed__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class RecoveryCodeQuerySet(models.QuerySet["RecoveryCode"]):
    """Codes that may still be used."""

    def unused(self) -> Self:
        """Return those left."""
        return self.filter(used_at=None)


class RecoveryCode(models.Model):
    """One of ten codes for the day the telephone is gone. Only a keyed digest is kept; a code works once."""

    personal: ClassVar[Personal] = Personal.none()

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes", verbose_name=_("user")
    )
    digest = models.BinaryField(_("digest"), max_length=32)
    used_at = models.DateTimeField(_("used at"), null=True)

    objects = RecoveryCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = (models.UniqueConstraint(fields=("user", "digest"), name="recoverycode_once"),)

    def __str__(self) -> str:
        return str(self.pk)

    @staticmethod
    def digest_of(code: str, *, user_id: int) -> bytes:
        """Return what is kept of a normalised code."""
        return crypto.blind(code, purpose=f"recovery.{user_id}")


class FactorReset(models.Model):
    """An administrator took the second factor off an account: who, whose, why. Never updated, never deleted."""

    personal: ClassVar[Personal] = Personal(
        fields=("reason",),
        keep="3 years",
        after="created",
        subjects="staff",
        ends="kept",
        purpose=_("showing who opened the way into an account and why"),
        legal_ground=_("PIPL art. 51 and 54: inside measures, audit"),
    )

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="factor_resets", verbose_name=_("account")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("reset of a second factor")
        verbose_name_plural = _("resets of second factors")
        triggers = (pgtrigger.Protect(name="factorreset_append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.pk}"
