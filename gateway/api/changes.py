"""What happened since, for who asks from time to time: the same changes that callbacks report."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from gateway import feed
from gateway.api.bodies import Strict
from gateway.api.petitions import OfPetitions
from gateway.enums import Scope
from petitions.enums import EventCode, Status

BIGGEST = 2**62


class ChangesQuery(Strict):
    """From where on."""

    after = serializers.IntegerField(
        min_value=0, max_value=BIGGEST, required=False, default=0, help_text="`next` of the last answer; 0 begins."
    )
    limit = serializers.IntegerField(min_value=1, max_value=500, required=False, default=100)


class ChangeOut(serializers.Serializer[Any]):
    """One change, and how the matter stands now. What comes twice has the same sequence; the higher one holds."""

    sequence = serializers.IntegerField()
    number = serializers.CharField(source="petition.number")
    external_id = serializers.SerializerMethodField(allow_null=True)
    event = serializers.ChoiceField(EventCode.choices, source="event.code")
    at = serializers.DateTimeField(source="event.at")
    status = serializers.ChoiceField(Status.choices, source="petition.status")
    version = serializers.IntegerField(source="petition.version")

    def get_external_id(self, change: Any) -> str | None:
        """Return its number in the system it came from."""
        number: str | None = change.petition.external_id
        return number.removeprefix(f"{change.petition.channel}:") if number else None


class ChangesOut(serializers.Serializer[Any]):
    """One page of changes, oldest first."""

    results = ChangeOut(many=True)
    next = serializers.IntegerField(help_text="What to send as `after` next time, also when nothing came.")


class Changes(OfPetitions):
    """What happened to petitions in sight."""

    @extend_schema(operation_id="changes", parameters=[ChangesQuery], responses={200: ChangesOut}, tags=["changes"])
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF names it
        """Return what happened after a number; a change is there some seconds after it was made."""
        if not self.caller.may(Scope.READ):
            self.caller.need(Scope.FILE)
        asked = self.asked(ChangesQuery)
        rows, following = feed.after(asked["after"], self.caller.viewer, limit=asked["limit"])
        return Response(ChangesOut({"results": rows, "next": following}).data)
