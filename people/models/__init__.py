from people.models.accounts import User
from people.models.audit import AuditEntry, AuditEntryQuerySet, AuditSeal
from people.models.consents import Consent
from people.models.duties import Breach, ImpactAssessment, Processor
from people.models.exports import ExportLog, RetentionRun
from people.models.persons import Person, PersonQuerySet
from people.models.reveals import RevealLog
from people.models.rotation import KeyRotation
from people.models.signin import Authenticator, FactorReset, RecoveryCode, RecoveryCodeQuerySet, Session

__all__ = [
    "AuditEntry",
    "AuditEntryQuerySet",
    "AuditSeal",
    "Authenticator",
    "Breach",
    "Consent",
    "ExportLog",
    "FactorReset",
    "ImpactAssessment",
    "KeyRotation",
    "Person",
    "PersonQuerySet",
    "Processor",
    "RecoveryCode",
    "RecoveryCodeQuerySet",
    "RetentionRun",
    "RevealLog",
    "Session",
    "User",
]
