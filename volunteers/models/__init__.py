"""Volunteers, by noun."""

from volunteers.models.volunteers import (
    Guardian,
    Qualification,
    Volunteer,
    VolunteerEvent,
    VolunteerQuerySet,
)

__all__ = ["Guardian", "Qualification", "Volunteer", "VolunteerEvent", "VolunteerQuerySet"]
