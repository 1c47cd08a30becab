"""What a neighbour was answered, so that the same request again gets the same answer and does nothing."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gateway.models.clients import Client
from people.fields import Sealed
from people.retention import Personal


class Answer(models.Model):
    """The answer to one Idempotency-Key of one client, kept for some days. Answers name no person.

    ``digest`` is of method, address and body. The answer to a filing holds the follow-up code, hence it is locked.
    """

    personal: ClassVar[Personal] = Personal.none()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("neighbouring system"))
    key = models.CharField(_("Idempotency-Key"), max_length=200)
    digest = models.BinaryField(_("digest of the request"), max_length=32)
    status = models.PositiveSmallIntegerField(_("HTTP status"), default=0)
    body_locked = models.BinaryField(_("answer (sealed)"), null=True)
    created_at = models.DateTimeField(_("created at"))

    body = Sealed("body_locked")

    class Meta:
        verbose_name = _("answer to a neighbouring system")
        verbose_name_plural = _("answers to neighbouring systems")
        constraints = (models.UniqueConstraint(fields=("client", "key"), name="api_answer_once"),)
        indexes = (models.Index("created_at", name="api_answer_created"),)

    def __str__(self) -> str:
        return str(self.pk)


class Filing(models.Model):
    """That a client filed a petition, and a digest of what it sent: the same number with other words is refused."""

    personal: ClassVar[Personal] = Personal.none()

    petition = models.OneToOneField(
        "petitions.Petition", models.PROTECT, related_name="+", verbose_name=_("petition"), primary_key=True
    )
    client = models.ForeignKey(Client, models.PROTECT, related_name="filings", verbose_name=_("neighbouring system"))
    digest = models.BinaryField(_("digest of the request"), max_length=32)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("filing of a neighbouring system")
        verbose_name_plural = _("filings of neighbouring systems")

    def __str__(self) -> str:
        return str(self.pk)
