"""What a route of a patrol is asked, what is found on a round, and why one was not walked."""

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from fieldwork import routes
from fieldwork.enums import Rhythm, RoundReason
from fieldwork.models import PatrolPoint, PatrolRoute, PatrolTeam
from fieldwork.models.patrols import WALKERS
from fieldwork.permissions import KEEPS_ROUTES
from fieldwork.routes import Plan
from grids.enums import Level, PostKind, Weekday
from grids.models import Area
from grids.staff import Staff
from people.contacts import half_width
from people.errors import Refusal
from petitions.forms.circulars import DayField
from petitions.forms.photos import PhotosField
from petitions.forms.placing import PlaceForm
from petitions.services import MAX_WORDS

MOST_AREAS: Final = 60
TEAM: Final = "team-"
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]?([0-5]\d)")


class RouteForm(forms.Form):
    """A route: where, whose, on which days, by when, past which places."""

    area = forms.ChoiceField(label=gettext_lazy("Where"))
    name = forms.CharField(
        label=gettext_lazy("Name of the route"),
        max_length=60,
        error_messages={"required": gettext_lazy("Give it a name.")},
    )
    post = forms.ChoiceField(
        label=gettext_lazy("Whose round it is"),
        help_text=gettext_lazy("A lane is a grid of its own; its lead is the grid lead."),
    )
    rhythm = forms.TypedChoiceField(
        label=gettext_lazy("On which days"), coerce=Rhythm, choices=Rhythm, widget=forms.RadioSelect
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Weekdays, if it is walked on certain weekdays"),
        coerce=int,
        choices=Weekday,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    on_holidays = forms.BooleanField(
        label=gettext_lazy("Also on public holidays"),
        help_text=gettext_lazy("It says nothing of working days: those are never public holidays."),
        required=False,
    )
    times = forms.CharField(
        label=gettext_lazy("To be done by"),
        help_text=gettext_lazy("One time for each round of a day: 10:00 17:30"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give at least one time.")},
    )
    emergency_times = forms.CharField(
        label=gettext_lazy("In emergency mode, to be done by"),
        help_text=gettext_lazy("On every day while the area is in emergency mode. Empty: as always."),
        max_length=60,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    places = forms.CharField(
        label=gettext_lazy("Places in their order"),
        help_text=gettext_lazy("One line each; after a colon what to look at there. East gate: is the fire lane free"),
        max_length=8000,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": gettext_lazy("Write down at least one place.")},
    )
    starts_on = DayField(label=gettext_lazy("First day"))

    def __init__(self, data: Any = None, *, by: Staff, on: date, route: PatrolRoute | None = None) -> None:
        """``route``: the one to change; its area and its first day stay. ``on``: civil date in Shanghai."""
        self._route = route
        self._areas: dict[str, Area] = {}
        super().__init__(data, initial=_as_typed(route) if route else {"starts_on": on, "on_holidays": True})
        if route is not None:
            del self.fields["area"], self.fields["starts_on"]
            level = Level(route.area.level)
            kinds: Sequence[PostKind] = WALKERS[level]
        else:
            self._areas = {area.code: area for area in areas_of(by)}
            field = self.fields["area"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = [(code, area.label) for code, area in self._areas.items()]
            levels = {Level(area.level) for area in self._areas.values()}
            kinds = [kind for level, walkers in WALKERS.items() if level in levels for kind in walkers]
        self._teams = {f"{TEAM}{team.pk}": team for team in _teams(by, route)}
        self.fields["post"].choices = [  # type: ignore[attr-defined]  # declared above
            *((kind.value, kind.label) for kind in kinds),
            *((key, team.name) for key, team in self._teams.items()),
        ]

    def clean_times(self) -> tuple[time, ...]:
        """Return the times typed."""
        return _times(self.cleaned_data["times"])

    def clean_emergency_times(self) -> tuple[time, ...]:
        """Return the times typed for emergencies; none if nothing was."""
        typed = self.cleaned_data["emergency_times"]
        return _times(typed) if typed.strip() else ()

    def clean_places(self) -> tuple[routes.Place, ...]:
        """Return the places typed."""
        try:
            return routes.places_in(self.cleaned_data["places"])
        except Refusal as no:
            raise ValidationError(str(no)) from no

    def facts(self) -> dict[str, Any]:
        """Return what ``routes.make`` or ``routes.change`` takes beside ``by`` and ``at``."""
        given = self.cleaned_data
        certain = given["rhythm"] == Rhythm.WEEKDAYS
        plan = Plan(
            name=given["name"].strip(),
            post=PostKind(given["post"]) if given["post"] not in self._teams else None,
            team=self._teams.get(given["post"]),
            rhythm=given["rhythm"],
            times=given["times"],
            places=given["places"],
            weekdays=tuple(given["weekdays"]) if certain else (),
            on_holidays=given["on_holidays"],
            emergency_times=given["emergency_times"],
        )
        if self._route is not None:
            return {"plan": plan}
        return {"plan": plan, "area": self._areas[given["area"]], "starts_on": given["starts_on"]}


class FindingForm(PlaceForm):
    """What was found on a round: in words, with photos, at a place of the round or between two."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    point = forms.ChoiceField(label=gettext_lazy("Where on the round"), required=False)
    text = forms.CharField(
        label=pgettext_lazy("on a round", "What did you find?"),
        help_text=gettext_lazy("No names or telephone numbers."),
        max_length=MAX_WORDS,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": gettext_lazy("Say what you found.")},
    )
    photos = PhotosField(label=gettext_lazy("Photos"))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        on: date,
        area: Area,
        points: Sequence[PatrolPoint],
        so_far: Mapping[str, Any] | None = None,
    ) -> None:
        """``area``: the route's; a house in it can be searched for. ``so_far``: answers to show without judging."""
        initial = {"client_key": uuid.uuid4(), "place": area.code, **(so_far or {})}
        super().__init__(data, files, on=on, within=area.path, offered=[area], initial=initial)
        self._points = {str(point.pk): point for point in points}
        choices = [(key, point.name) for key, point in self._points.items()]
        self.fields["point"].choices = [*choices, ("", _("Between two places"))]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """Return what ``walking.find`` takes beside the round, ``by`` and ``at``."""
        given = self.cleaned_data
        return {
            "text": given["text"],
            "client_key": given["client_key"],
            "point": self._points.get(given["point"]),
            "place": self.area,
            "uploads": given["photos"],
        }


class ReasonForm(forms.Form):
    """Why a round was not walked."""

    reason = forms.TypedChoiceField(
        label=gettext_lazy("Why was it not walked?"), coerce=RoundReason, choices=RoundReason, widget=forms.RadioSelect
    )


def _times(typed: str) -> tuple[time, ...]:
    parts = re.split(r"[\s,，、;；]+", half_width(typed).strip())
    found = [_TIME.fullmatch(part) for part in parts if part]
    if not found or not all(found):
        raise ValidationError(_("Write times like 10:00 or 17:30."))
    return tuple(time(int(one[1]), int(one[2])) for one in found if one)


def _teams(by: Staff, route: PatrolRoute | None) -> QuerySet[PatrolTeam]:
    """Return the teams that can walk: of the route's line of areas, or of all areas whose routes one keeps."""
    found = PatrolTeam.objects.filter(valid_to=None).select_related("area").order_by("area__code", "name")
    if route is not None:
        return found.filter(area__in=route.area.line_ids())
    scope = Q(pk__in=())
    for path in by.reach(*KEEPS_ROUTES):
        line = [int(part) for part in path.split("/")[:-1]]
        scope |= Q(area__path__startswith=path) | Q(area__in=line)
    return found.filter(scope)


def areas_of(by: Staff) -> list[Area]:
    """Return the areas whose routes this person keeps, his own first."""
    own = Area.objects.under_any(by.reach(*KEEPS_ROUTES)).filter(served=True, valid_to=None)
    return list(own.filter(level__in=WALKERS).order_by("level", "code")[:MOST_AREAS])


def _as_typed(route: PatrolRoute) -> dict[str, Any]:
    points = route.points.filter(ends_on=None).order_by("position")
    return {
        "name": route.name,
        "post": route.post or f"{TEAM}{route.team_id}",
        "rhythm": route.rhythm,
        "weekdays": route.weekdays,
        "on_holidays": route.on_holidays,
        "times": " ".join(one.strftime("%H:%M") for one in route.times),
        "emergency_times": " ".join(one.strftime("%H:%M") for one in route.emergency_times),
        "places": "\n".join(f"{point.name}：{point.look_at}" if point.look_at else point.name for point in points),
    }
