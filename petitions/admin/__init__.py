from petitions.admin.petitions import PetitionAdmin, PetitionEscalationAdmin
from petitions.admin.reference import CategoryAdmin

__all__ = ["CategoryAdmin", "PetitionAdmin", "PetitionEscalationAdmin"]
