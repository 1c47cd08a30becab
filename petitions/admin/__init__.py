from petitions.admin.boxes import SuggestionBoxAdmin
from petitions.admin.duties import DutyItemAdmin
from petitions.admin.guide import FaqAdmin, ReplyTemplateAdmin, ServiceItemAdmin, ServiceSwitchAdmin
from petitions.admin.legal import AidReferralAdmin, ConsultationAdmin, LegalStationAdmin
from petitions.admin.petitions import PetitionAdmin, PetitionEscalationAdmin
from petitions.admin.privacy import RetentionHoldAdmin, TransferAdmin
from petitions.admin.ratings import RatingAdmin
from petitions.admin.reference import CategoryAdmin, ListRuleAdmin, VerificationRuleAdmin

__all__ = [
    "AidReferralAdmin",
    "CategoryAdmin",
    "ConsultationAdmin",
    "DutyItemAdmin",
    "FaqAdmin",
    "LegalStationAdmin",
    "ListRuleAdmin",
    "PetitionAdmin",
    "PetitionEscalationAdmin",
    "RatingAdmin",
    "ReplyTemplateAdmin",
    "RetentionHoldAdmin",
    "ServiceItemAdmin",
    "ServiceSwitchAdmin",
    "SuggestionBoxAdmin",
    "TransferAdmin",
    "VerificationRuleAdmin",
]
