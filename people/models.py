"""Accounts of staff, persons with sealed data, and the record of every look at it."""

import uuid
from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from people import contacts, crypto, masking
from people.enums import Context, Language, PersonField
from people.fields import Sealed
from people.retention import Personal


class User(AbstractUser):
    """An account of staff. ``display_name`` is a work identity and stands in clear; residents have no account."""

    personal: ClassVar[Personal] = Personal(
        fields=("username", "display_name", "email", "last_login"),
        keep="3 years",
        after="account closed",
        purpose="signing in, naming who handled a matter, telling staff of their work",
        legal_ground="PIPL art. 13(2) and 13(3): human resources management, statutory duty",
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


class PersonQuerySet(models.QuerySet["Person"]):
    """Exact look-up through the blind indexes; there is no other way to search for a person."""

    def with_phone(self, phone: str, *, context: str) -> Self:
        """Persons of one context with exactly this phone number, however it was typed."""
        return self.filter(phone_index=Person.index_of_phone(phone, context=context))

    def named(self, name: str, *, context: str) -> Self:
        """Persons of one context with exactly this full name."""
        return self.filter(name_index=Person.index_of_name(name, context=context))


class Person(models.Model):
    """A human in one context. Name, phone and e-mail are sealed; the blind indexes serve exact look-up only.

    The indexes are keyed per context, so that rows of one human in two contexts cannot be joined
    behind his back. A person has no list and no page: he is reached through a record whose
    ``visible_to`` admits the reader.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("name_sealed", "phone_sealed", "email_sealed", "phone_index", "name_index", "language"),
        keep="3 years",
        after="closed",
        purpose="answering the person who raised a matter or takes part in a service",
        legal_ground="PIPL art. 13(3): statutory duty; art. 13(1): consent for what goes beyond it",
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    context = models.CharField(_("context"), max_length=12, choices=Context)
    name_sealed = models.BinaryField(_("name (sealed)"), null=True, blank=True)
    phone_sealed = models.BinaryField(_("phone number (sealed)"), null=True, blank=True)
    email_sealed = models.BinaryField(_("e-mail address (sealed)"), null=True, blank=True)
    phone_index = models.BinaryField(_("blind index of the phone number"), max_length=32, null=True, blank=True)
    name_index = models.BinaryField(_("blind index of the name"), max_length=32, null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language, default=Language.CHINESE)
    created_at = models.DateTimeField(_("created at"))

    name = Sealed("name_sealed")
    phone = Sealed("phone_sealed")
    email = Sealed("email_sealed")
    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        indexes = (
            models.Index("phone_index", name="person_by_phone", condition=Q(phone_index__isnull=False)),
            models.Index("name_index", name="person_by_name", condition=Q(name_index__isnull=False)),
        )

    def __str__(self) -> str:
        try:
            shown = self.name_masked
        except crypto.SealError:
            # A page that lists persons must not fall over one that does not open.
            shown = ""
        return f"{shown} {self.pk}".strip()

    @property
    def name_masked(self) -> str:
        """常**, empty if no name is known."""
        return masking.mask_name(self.name)

    @property
    def phone_masked(self) -> str:
        """138****0000, empty if no number is known."""
        return masking.mask_phone(self.phone)

    @property
    def email_masked(self) -> str:
        """a***@b.cn, empty if no address is known."""
        return masking.mask_email(self.email)

    @staticmethod
    def index_of_phone(phone: str, *, context: str) -> bytes:
        """Return the blind index of a number however it was typed."""
        return crypto.blind(contacts.normalise_phone(phone), purpose=f"phone.{Context(context).value}")

    @staticmethod
    def index_of_name(name: str, *, context: str) -> bytes:
        """Return the blind index of a full name."""
        return crypto.blind(contacts.normalise_name(name), purpose=f"name.{Context(context).value}")


class RevealLog(models.Model):
    """One look at a sealed field: who, which field, why. Never updated, never deleted."""

    personal: ClassVar[Personal] = Personal(
        fields=("reason",),
        keep="3 years",
        after="created",
        purpose="showing who looked at personal data and why",
        legal_ground="PIPL art. 51 and 54-56: inside measures, audit",
    )

    person = models.ForeignKey(Person, models.PROTECT, related_name="reveals", verbose_name=_("person"))
    field = models.CharField(_("field"), max_length=8, choices=PersonField)
    reason = models.CharField(_("reason"), max_length=200)
    about = models.CharField(_("about"), max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reveals", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("reveal")
        verbose_name_plural = _("reveals")
        indexes = (models.Index(fields=("by", "at"), name="reveal_by_reader"),)
        triggers = (pgtrigger.Protect(name="reveal_append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.field} {self.pk}"
