"""Volunteers, by noun."""

from volunteers.models.partners import HomePartner, PartnerAward
from volunteers.models.teams import Mandate, Membership, VolunteerTeam
from volunteers.models.volunteers import (
    Guardian,
    Qualification,
    Volunteer,
    VolunteerEvent,
    VolunteerQuerySet,
)

__all__ = [
    "Guardian", "HomePartner", "Mandate", "Membership", "PartnerAward", "Qualification", "Volunteer", "VolunteerEvent",
    "VolunteerQuerySet", "VolunteerTeam",
]  # fmt: skip
