"""Petitions for a neighbour: file one, read what is in sight, look up who raised it."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gateway import filing, idempotency
from gateway.api.base import Face
from gateway.api.bodies import FileIn, ListQuery, RevealIn
from gateway.api.shapes import (
    EventsOut,
    FiledOut,
    PetitionDetailOut,
    PetitionOut,
    PetitionsOut,
    RevealedOut,
)
from gateway.enums import Scope
from gateway.models import Filing
from people.errors import BadInput
from petitions import casefile, channels, reveals
from petitions.enums import Channel, TextKind
from petitions.errors import NotNow
from petitions.models import Petition, PetitionEvent, PetitionText
from petitions.models.petitions import PetitionQuerySet
from petitions.permissions import check_may_see_reporter
from petitions.services import Filed
from petitions.story import SENTENCES

KEY = OpenApiParameter(
    "Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True,
    description="Plain text of 200 characters at most. The same key and body again gives the same answer.",
)  # fmt: skip
# what is said about staff stays with those who look into it
SHOWN = (TextKind.BODY, TextKind.PLACE, TextKind.PLAN, TextKind.REPLY, TextKind.REASON)
REPLAYED = OpenApiParameter(
    "Idempotent-Replayed", OpenApiTypes.STR, OpenApiParameter.HEADER, response=True, required=False
)


class OfPetitions(Face):
    """What the addresses of petitions share."""

    def in_sight(self) -> PetitionQuerySet:
        """Return what the client may see.

        :raises ScopeMissing: if it neither reads nor files
        """
        if not self.caller.may(Scope.READ):
            self.caller.need(Scope.FILE)
        found = Petition.objects.visible_to(self.caller.viewer)
        if self.caller.may(Scope.READ):
            return found
        return found.filter(pk__in=Filing.objects.filter(client=self.caller.client).values("petition"))

    def found(self, number: str) -> Petition:
        """Return one petition in sight; what is not, does not exist for this client."""
        if not number.isascii() or not number.isalnum():
            raise Http404
        return get_object_or_404(casefile.with_everything(self.in_sight()), number=number)


class Petitions(OfPetitions):
    """All in sight; and the way in."""

    @extend_schema(operation_id="petitions", parameters=[ListQuery], responses={200: PetitionsOut}, tags=["petitions"])
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF names it
        """Return one page of petitions, newest first."""
        asked = self.asked(ListQuery)
        found = self.in_sight()
        if "status" in asked:
            found = found.filter(status=asked["status"])
        if "external_id" in asked:
            channel = Channel(self.caller.client.channel)
            found = found.filter(external_id=channels.external_id(channel, asked["external_id"]))
        if "after" in asked:
            found = found.filter(number__lt=asked["after"])
        named = found.select_related("category", "place", "street", "community", "grid", "organisation", "master")
        rows = list(named.order_by("-number")[: asked["limit"] + 1])
        shown = rows[: asked["limit"]]
        last = shown[-1].number if len(rows) > len(shown) else None
        return Response(PetitionsOut({"results": shown, "next": last}).data)

    @extend_schema(
        operation_id="file_petition",
        parameters=[KEY, REPLAYED],
        request=FileIn,
        responses={201: FiledOut, 200: OpenApiResponse(FiledOut, description="It was filed under this number before")},
        tags=["petitions"],
    )
    def post(self, request: Request) -> Response:  # noqa: ARG002 - DRF names it
        """File a matter; the same number, or the same key, never files twice."""
        self.caller.need(Scope.FILE)
        key = self.idempotency_key(needed=True)
        said = self.read(FileIn)
        digest = idempotency.digest_of("FILE", "", self.request.data)

        def work() -> tuple[int, dict[str, Any]]:
            filed = filing.file(self.caller.client, said, key=key, digest=digest, at=self.at)
            return (HTTPStatus.CREATED if filed.created else HTTPStatus.OK), _filed(filed)

        return self.once(work, needed=True)


class OnePetition(OfPetitions):
    """One petition."""

    @extend_schema(
        operation_id="petition",
        parameters=[
            OpenApiParameter("ETag", OpenApiTypes.STR, OpenApiParameter.HEADER, response=[200], required=True,
                             description="The version, quoted: send it as If-Match with a verb."),
        ],
        responses={200: PetitionDetailOut},
        tags=["petitions"],
    )  # fmt: skip
    def get(self, request: Request, number: str) -> Response:  # noqa: ARG002 - DRF names it
        """Return a petition with its words, masked."""
        petition = self.found(number)
        words = PetitionText.objects.visible_to(self.caller.viewer).filter(petition=petition, kind__in=SHOWN)
        shown = {
            **PetitionOut(petition).data,
            "words": PetitionDetailOut().fields["words"].to_representation(words.order_by("created_at", "pk")),
            "contact": self._contact(petition),
        }
        return Response(shown, headers={"ETag": f'"{petition.version}"'})

    def _contact(self, petition: Petition) -> Any:
        if not self.caller.may(Scope.CONTACT):
            return None
        person = casefile.reporter_of(petition, self.caller.staff).person
        return None if person is None else PetitionDetailOut().fields["contact"].to_representation(person)


class Events(OfPetitions):
    """What happened to one petition."""

    @extend_schema(operation_id="petition_events", responses={200: EventsOut}, tags=["petitions"])
    def get(self, request: Request, number: str) -> Response:  # noqa: ARG002 - DRF names it
        """Return what the petitioner may know of its history; never who of the staff did it."""
        found = PetitionEvent.objects.filter(petition=self.found(number), code__in=tuple(SENTENCES))
        return Response(EventsOut({"results": found.order_by("at", "pk")}).data)


class Contact(OfPetitions):
    """Who raised it, in clear."""

    @extend_schema(operation_id="reveal_contact", request=RevealIn, responses={200: RevealedOut}, tags=["petitions"])
    def post(self, request: Request, number: str) -> Response:  # noqa: ARG002 - DRF names it
        """Return one field of who raised it, after writing down who looks and why. Never answered from a store."""
        self.caller.need(Scope.CONTACT)
        petition = self.found(number)
        said = self.read(RevealIn)
        if said["field"] not in casefile.reporter_of(petition, self.caller.staff).fields:
            check_may_see_reporter(self.caller.staff, petition)
            raise BadInput(_("Nobody left this for the matter."), field="field")
        if reveals.needs_two(petition):
            raise NotNow(_("This matter is about staff: only two persons together see who raised it."))
        revealed = reveals.look(petition, field=said["field"], reason=said["reason"], by=self.caller.staff, at=self.at)
        return Response(RevealedOut({"field": said["field"], "value": revealed.value}).data)


def _filed(filed: Filed) -> dict[str, Any]:
    petition = filed.petition
    return dict(
        FiledOut(
            {
                "number": petition.number,
                "follow_up_code": filed.code,
                "external_id": PetitionOut().get_external_id(petition),
                "status": petition.status,
                "version": petition.version,
                "submitted_at": petition.submitted_at.isoformat(),
                "follow_url": f"{settings.PUBLIC_URL}{reverse('petition_follow')}",
            }
        ).data
    )
