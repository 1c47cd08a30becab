"""What a neighbour is shown. Words are the masked ones; who raised it is there only for whom its scope says so."""

from typing import Any

from rest_framework import serializers

from grids.enums import Level
from petitions.enums import EventCode, Status


class AreaOut(serializers.Serializer[Any]):
    """A place that somebody is responsible for."""

    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.SerializerMethodField()
    parent = serializers.CharField(source="parent.code", allow_null=True, default=None)  # type: ignore[assignment]

    def get_level(self, area: Any) -> str:
        """Return the level by its name."""
        return Level(area.level).name.lower()


class AreasOut(serializers.Serializer[Any]):
    """One page of areas."""

    results = AreaOut(many=True)
    next = serializers.CharField(allow_null=True, help_text="What to send as `after`; null at the end.")


class CategoryOut(serializers.Serializer[Any]):
    """What a matter can be about."""

    code = serializers.CharField()
    name = serializers.CharField()
    group = serializers.CharField(source="parent.code", allow_null=True, default=None)
    tier = serializers.CharField()
    urgency = serializers.CharField()
    policy = serializers.CharField(source="policy_key")


class CategoriesOut(serializers.Serializer[Any]):
    """All of them."""

    results = CategoryOut(many=True)


class PlaceOut(serializers.Serializer[Any]):
    """An area by its code and name."""

    code = serializers.CharField()
    name = serializers.CharField()


class PetitionOut(serializers.Serializer[Any]):
    """A petition as a list shows it. `version` is what a verb decides on."""

    number = serializers.CharField()
    external_id = serializers.SerializerMethodField(allow_null=True)
    channel = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    status_label = serializers.CharField(source="get_status_display")
    title = serializers.CharField()
    tier = serializers.CharField()
    urgency = serializers.CharField()
    category = serializers.CharField(source="category.code", allow_null=True, default=None)
    place = PlaceOut(allow_null=True)
    street = PlaceOut(allow_null=True)
    community = PlaceOut(allow_null=True)
    grid = PlaceOut(allow_null=True)
    organisation = serializers.CharField(source="organisation.code", allow_null=True, default=None)
    joined_to = serializers.CharField(source="master.number", allow_null=True, default=None)
    submitted_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    next_due_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()

    def get_external_id(self, petition: Any) -> str | None:
        """Return its number in the system it came from, without our mark of that system."""
        number: str | None = petition.external_id
        return number.removeprefix(f"{petition.channel}:") if number else None


class PetitionsOut(serializers.Serializer[Any]):
    """One page of petitions, newest first."""

    results = PetitionOut(many=True)
    next = serializers.CharField(allow_null=True, help_text="What to send as `after`; null at the end.")


class WordsOut(serializers.Serializer[Any]):
    """Words that were written, masked."""

    kind = serializers.CharField()
    words = serializers.CharField(source="masked")
    at = serializers.DateTimeField(source="created_at")


class ReporterOut(serializers.Serializer[Any]):
    """Who raised it, masked."""

    name = serializers.CharField(source="name_masked")
    phone = serializers.CharField(source="phone_masked")
    email = serializers.CharField(source="email_masked")


class PetitionDetailOut(PetitionOut):
    """A petition with its words. `contact` is null without the scope `contact`."""

    words = WordsOut(many=True)
    contact = ReporterOut(allow_null=True)


class EventOut(serializers.Serializer[Any]):
    """What happened."""

    code = serializers.ChoiceField(EventCode.choices)
    label = serializers.CharField(source="get_code_display")  # type: ignore[assignment]
    at = serializers.DateTimeField()
    from_status = serializers.CharField()
    to_status = serializers.CharField()


class EventsOut(serializers.Serializer[Any]):
    """The history as the petitioner may know it, oldest first."""

    results = EventOut(many=True)


class FiledOut(serializers.Serializer[Any]):
    """What was filed. The follow-up code is for the petitioner."""

    number = serializers.CharField()
    follow_up_code = serializers.CharField()
    external_id = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(Status.choices)
    version = serializers.IntegerField()
    submitted_at = serializers.CharField()
    follow_url = serializers.CharField()


class DoneOut(serializers.Serializer[Any]):
    """How the matter stands after a verb."""

    number = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    version = serializers.IntegerField()


class RevealedOut(serializers.Serializer[Any]):
    """One field in clear. Keep it no longer than you need it."""

    field = serializers.CharField()
    value = serializers.CharField()


class CallerOut(serializers.Serializer[Any]):
    """Who you are to us."""

    name = serializers.CharField()
    area = PlaceOut()
    channel = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    acts_as = serializers.CharField(source="post_kind")
    per_minute = serializers.IntegerField()
    valid_to = serializers.DateField()
