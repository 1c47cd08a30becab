"""The log of what other bodies were given: a dispatch to a unit lets it see words, place, photos and masked contact."""

from datetime import datetime

from grids.models import Organisation
from people.models import User
from petitions.enums import TransferField
from petitions.models import Petition, PetitionPhoto, Transfer
from petitions.permissions import hides_reporter


def note(petition: Petition, organisation: Organisation, *, by: User, at: datetime) -> Transfer:
    """Write down that a unit was given a petition, and which of its data it can see (PIPL art. 23)."""
    return Transfer.objects.create(
        petition=petition, organisation=organisation, fields=list(shown(petition)), by=by, at=at
    )


def shown(petition: Petition) -> tuple[TransferField, ...]:
    """Return which kinds of data a unit that handles the petition sees; who raised a confidential one it never does."""
    found = [TransferField.WORDS]
    if petition.place_id is not None:
        found.append(TransferField.PLACE)
    if PetitionPhoto.objects.filter(petition=petition).exists():
        found.append(TransferField.PHOTOS)
    person = petition.petitioner
    if person is not None and not hides_reporter(petition):
        sealed = (
            (TransferField.NAME, person.name_sealed),
            (TransferField.PHONE, person.phone_sealed),
            (TransferField.EMAIL, person.email_sealed),
        )
        found += [name for name, blob in sealed if blob]
    return tuple(found)
