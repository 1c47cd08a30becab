"""What the pages of duty ask: a single shift, a colleague, the hand-over."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from deadlines.timetable import SHANGHAI
from fieldwork import shifts
from fieldwork.forms.visits import PersonField
from fieldwork.handing import LONGEST_WORDS
from fieldwork.models import ServiceStation
from grids.models import Area
from people.models import User
from petitions.forms.circulars import DayField

TIME = {"type": "time"}


class ShiftForm(forms.Form):
    """One shift: where, who, when."""

    place = forms.ChoiceField(label=gettext_lazy("Where"))
    user = PersonField(
        label=pgettext_lazy("shift", "Who"),
        queryset=User.objects.none(),
        required=False,
        help_text=gettext_lazy("Empty: a gap that a colleague can take."),
    )
    day = DayField(label=gettext_lazy("Day"))
    starts = forms.TimeField(label=pgettext_lazy("shift", "From"), widget=forms.TimeInput(TIME, format="%H:%M"))
    ends = forms.TimeField(
        label=pgettext_lazy("shift", "To"),
        widget=forms.TimeInput(TIME, format="%H:%M"),
        help_text=gettext_lazy("Not after the beginning: on the next day."),
    )

    def __init__(self, data: Any = None, *, area: Area, stations: Sequence[ServiceStation], on: date) -> None:
        """``stations``: those of the area. ``on``: civil date in Shanghai to begin with."""
        initial = {"day": on, "starts": time(9), "ends": time(17)}
        super().__init__(data, initial=initial, auto_id="shift_%s")
        self.area = area
        self._stations = {str(one.pk): one for one in stations}
        place, user = self.fields["place"], self.fields["user"]
        assert isinstance(place, forms.ChoiceField)  # noqa: S101 - declared above
        assert isinstance(user, forms.ModelChoiceField)  # noqa: S101 - declared above
        place.choices = [("area", area.label), *((key, one.title) for key, one in self._stations.items())]
        user.queryset = shifts.eligible(area, on=on)

    def facts(self) -> dict[str, Any]:
        """Return what ``shifts.add`` takes beside ``by`` and ``at``."""
        given = self.cleaned_data
        last = given["day"] + timedelta(days=int(given["ends"] <= given["starts"]))
        return {
            "area": self.area,
            "station": self._stations.get(given["place"]),
            "user": given["user"],
            "starts_at": datetime.combine(given["day"], given["starts"], tzinfo=SHANGHAI),
            "ends_at": datetime.combine(last, given["ends"], tzinfo=SHANGHAI),
        }


class ColleagueForm(forms.Form):
    """Who is to have a shift; nobody leaves a gap, or takes an offer back."""

    user = PersonField(label=pgettext_lazy("shift", "Who"), queryset=User.objects.none(), required=False)

    def __init__(self, data: Any = None, *, area: Area, on: date, prefix: str) -> None:
        """Offer who serves there on a civil date; ``prefix`` keeps two such forms of a page apart."""
        super().__init__(data, auto_id=f"{prefix}_%s")
        user = self.fields["user"]
        assert isinstance(user, forms.ModelChoiceField)  # noqa: S101 - declared above
        user.queryset = shifts.eligible(area, on=on)


class HandingForm(forms.Form):
    """How it was, and what stays open."""

    words = forms.CharField(
        label=gettext_lazy("How was it?"),
        help_text=gettext_lazy("Write no names, telephone numbers or illnesses. It is kept for a year."),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say in a few words how it was; “nothing” is an answer too.")},
    )
    points = forms.CharField(
        label=gettext_lazy("What stays open"),
        help_text=gettext_lazy("One line each. It stands there for the next until somebody did it."),
        max_length=1400,
        required=False,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None) -> None:
        """Nothing is filled in."""
        super().__init__(data, auto_id="handing_%s")

    def facts(self) -> dict[str, Any]:
        """Return what ``handing.hand_over`` takes beside ``by`` and ``at``."""
        return {"words": self.cleaned_data["words"], "points": self.cleaned_data["points"].splitlines()}
