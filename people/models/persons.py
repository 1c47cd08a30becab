"""Persons, whose data is sealed."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people import contacts, crypto, masking
from people.enums import Context, Language
from people.fields import Sealed
from people.retention import Personal


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
        purpose=_("answering the person who raised a matter or takes part in a service"),
        legal_ground=_("PIPL art. 13(3): statutory duty; art. 13(1): consent for what goes beyond it"),
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
