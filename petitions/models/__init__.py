from petitions.models.categories import Category
from petitions.models.circulars import Circular, CircularAddress, Filing
from petitions.models.clocks import PetitionClock, PetitionClockRung, PetitionEscalation
from petitions.models.events import PetitionEvent, PetitionPhoto, PetitionText
from petitions.models.petitions import Petition, PetitionQuerySet
from petitions.models.requests import ExtensionRequest, SupervisionOrder, SupplementRequest
from petitions.models.returns import Recusal, ReturnRequest

__all__ = [
    "Category",
    "Circular",
    "CircularAddress",
    "ExtensionRequest",
    "Filing",
    "Petition",
    "PetitionClock",
    "PetitionClockRung",
    "PetitionEscalation",
    "PetitionEvent",
    "PetitionPhoto",
    "PetitionQuerySet",
    "PetitionText",
    "Recusal",
    "ReturnRequest",
    "SupervisionOrder",
    "SupplementRequest",
]
