from people.models.accounts import User
from people.models.consents import Consent
from people.models.duties import Breach, ImpactAssessment, Processor
from people.models.exports import ExportLog, RetentionRun
from people.models.persons import Person, PersonQuerySet
from people.models.reveals import RevealLog
from people.models.rotation import KeyRotation

__all__ = [
    "Breach",
    "Consent",
    "ExportLog",
    "ImpactAssessment",
    "KeyRotation",
    "Person",
    "PersonQuerySet",
    "Processor",
    "RetentionRun",
    "RevealLog",
    "User",
]
