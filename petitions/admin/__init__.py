from petitions.admin.boxes import SuggestionBoxAdmin
from petitions.admin.guide import FaqAdmin, ServiceItemAdmin, ServiceSwitchAdmin
from petitions.admin.petitions import PetitionAdmin, PetitionEscalationAdmin
from petitions.admin.privacy import RetentionHoldAdmin, TransferAdmin
from petitions.admin.reference import CategoryAdmin, VerificationRuleAdmin

__all__ = [
    "CategoryAdmin",
    "FaqAdmin",
    "PetitionAdmin",
    "PetitionEscalationAdmin",
    "RetentionHoldAdmin",
    "ServiceItemAdmin",
    "ServiceSwitchAdmin",
    "SuggestionBoxAdmin",
    "TransferAdmin",
    "VerificationRuleAdmin",
]
