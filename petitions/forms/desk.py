"""Forms of the secretary's desk."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from grids.staff import Staff
from petitions import duties, handing
from petitions.dispatching import units_for, workers_for
from petitions.models import Petition


class DispatchManyForm(forms.Form):
    """One handler for several petitions: only whom every one of them could be given to."""

    to = forms.ChoiceField(
        label=gettext_lazy("Who shall handle them?"),
        error_messages={
            "required": gettext_lazy("Name either a grid worker or a handling unit."),
            "invalid_choice": gettext_lazy("They cannot be given all of these. Please choose from the list."),
        },
    )

    def __init__(self, data: Any = None, *, petitions: Sequence[Petition], by: Staff, on: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        unlisted = duties.any_is_unlisted(petitions, senders_of=partial(handing.givers, by), on=on)
        shared: dict[str, tuple[str, dict[str, Any]]] | None = None
        for petition in _one_of_each_place(petitions):
            found = {
                f"worker:{worker.user.pk}": (
                    f"{worker.user.get_full_name()} · {worker.grid.label} ({worker.in_hand})",
                    {"handler": worker.user, "grid": worker.grid},
                )
                for worker in ([] if unlisted else workers_for(petition, on=on))
            } | {
                f"unit:{unit.organisation.pk}": (
                    f"{unit.organisation.name} ({unit.in_hand})",
                    {"organisation": unit.organisation},
                )
                for unit in units_for(petition, by=by, on=on)
            }
            shared = found if shared is None else {key: one for key, one in shared.items() if key in found}
        self.choices = shared or {}
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        if unlisted:
            field.help_text = gettext_lazy(
                "One of these is on no list of duties of its community: they can only go to a handling unit together."
            )
        field.choices = [("", ""), *((key, label) for key, (label, _facts) in self.choices.items())]

    def facts(self) -> dict[str, Any]:
        """Return what ``transitions.dispatch`` is given."""
        return self.choices[self.cleaned_data["to"]][1]


def _one_of_each_place(petitions: Sequence[Petition]) -> list[Petition]:
    return list({petition.area_path: petition for petition in petitions}.values())
