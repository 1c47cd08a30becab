"""Words of the mediation of disputes (003a-21, 000-49)."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Dispute(TextChoices):
    """What people quarrel about, by the kinds of the People's Mediation Law and its statistics."""

    NEIGHBOURS = "neighbours", pgettext_lazy("dispute", "Neighbours")
    FAMILY = "family", pgettext_lazy("dispute", "Marriage and family")
    PROPERTY = "property", pgettext_lazy("dispute", "Property management")
    HOUSING = "housing", pgettext_lazy("dispute", "House and land")
    DEBT = "debt", pgettext_lazy("dispute", "Contracts and debts")
    LABOUR = "labour", pgettext_lazy("dispute", "Work and wages")
    CONSUMER = "consumer", pgettext_lazy("dispute", "Purchases and services")
    DAMAGES = "damages", pgettext_lazy("dispute", "Damages and compensation")
    OTHER = "other", pgettext_lazy("dispute", "Another quarrel")


class MediationResult(TextChoices):
    """How a mediation ended."""

    SETTLED = "settled", pgettext_lazy("mediation", "Settled")
    FAILED = "failed", pgettext_lazy("mediation", "Not settled")
    WITHDRAWN = "withdrawn", pgettext_lazy("mediation", "A side withdrew before it was tried")


class AgreementForm(TextChoices):
    """How what was agreed stands (People's Mediation Law art. 28: an oral agreement is written down too)."""

    WRITTEN = "written", pgettext_lazy("agreement", "Written agreement, signed by the sides")
    ORAL = "oral", pgettext_lazy("agreement", "Oral agreement, written down by the mediator")
