"""The case page as a browser would work it."""

from petitions.models import Petition, PetitionEvent, PetitionText

PART = {"HX-Request": "true", "HX-Target": "case"}
ACCEPT = {"category": "0102", "issue_kind": "small"}


def do(client, user, petition, verb, *, headers=None, version=None, **data):
    client.force_login(user)
    sent = {"version": petition.version if version is None else version, **data}
    return client.post(f"/cases/{petition.number}/{verb}/", sent, headers=headers)


def facts(petition: Petition) -> tuple[object, ...]:
    now = Petition.objects.get(pk=petition.pk)
    return now.status, now.version, now.handler_id, now.organisation_id, PetitionEvent.objects.count()


def last_words(petition: Petition) -> PetitionText:
    event = petition.events.order_by("-at", "-id").first()
    return PetitionText.objects.get(pk=event.text_id)
