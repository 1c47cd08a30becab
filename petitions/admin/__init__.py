from petitions.admin.petitions import PetitionAdmin, PetitionEscalationAdmin
from petitions.admin.privacy import RetentionHoldAdmin, TransferAdmin
from petitions.admin.reference import CategoryAdmin

__all__ = ["CategoryAdmin", "PetitionAdmin", "PetitionEscalationAdmin", "RetentionHoldAdmin", "TransferAdmin"]
