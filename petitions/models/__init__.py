from petitions.models.categories import Category
from petitions.models.clocks import PetitionClock, PetitionClockRung, PetitionEscalation
from petitions.models.events import PetitionEvent, PetitionPhoto, PetitionText
from petitions.models.petitions import Petition, PetitionQuerySet
from petitions.models.requests import ExtensionRequest, SupervisionOrder, SupplementRequest

__all__ = [
    "Category",
    "ExtensionRequest",
    "Petition",
    "PetitionClock",
    "PetitionClockRung",
    "PetitionEscalation",
    "PetitionEvent",
    "PetitionPhoto",
    "PetitionQuerySet",
    "PetitionText",
    "SupervisionOrder",
    "SupplementRequest",
]
