"""Party organisations and their members, by noun."""

from parties.models.members import PartyMember
from parties.models.organisations import PartyOrganisation

__all__ = ["PartyMember", "PartyOrganisation"]
