"""Who shall handle a matter: one choice among people and units, loaded as far as it is asked for."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from petitions import duties
from petitions.dispatching import Unit, Worker, members_for, units_for, workers_for
from petitions.enums import Verb
from petitions.forms.case import VerbForm, words_field
from petitions.handing import givers, only_within

Receivers = Mapping[str, Worker | Unit]
# Who can be given a matter, by the word that begins their key.
RECEIVERS: Mapping[str, Any] = {
    "member": gettext_lazy("People of the unit"),
    "worker": gettext_lazy("Grid workers"),
    "unit": gettext_lazy("Handling units"),
}


class DispatchForm(VerbForm):
    """One choice among the workers of the place and the units that answer for it: never neither, never both."""

    verb = Verb.DISPATCH
    to = forms.ChoiceField(
        label=gettext_lazy("Who shall handle it?"),
        error_messages={
            "required": gettext_lazy("Name either a grid worker or a handling unit."),
            "invalid_choice": gettext_lazy("They cannot be given this matter. Please choose from the list."),
        },
    )
    note = words_field(gettext_lazy("Note for them"), help_text=gettext_lazy("For staff only."), required=False)

    def prepare(self) -> None:
        """Offer who can be given the matter today: to show, all of them; to check an answer, those of its kind."""
        self._loaded: dict[tuple[str, bool], Receivers] = {}
        self._checks = False
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = self._offered
        field.help_text = lazy(self._usually, str)()

    def _clean_fields(self) -> None:
        self._checks = True
        try:
            super()._clean_fields()  # type: ignore[misc]  # a form's own, unknown to the stubs
        finally:
            self._checks = False

    def _of(self, kind: str) -> Receivers:
        """Return who of a kind can be given it, by the keys of the form; how much they have in hand only to show."""
        wanted = (kind, not self._checks)
        if wanted not in self._loaded:
            self._loaded[wanted] = self._load(kind, counted=not self._checks)
        return self._loaded[wanted]

    def _load(self, kind: str, *, counted: bool) -> Receivers:
        if kind == "member":
            people = members_for(self.petition, by=self.by, on=self.on, counted=counted)
            return {f"member:{one.user.pk}": one for one in people}
        if only_within(self.by, self.petition):
            return {}
        if kind == "worker":
            if counted and self._unlisted():
                return {}
            workers = workers_for(self.petition, on=self.on, counted=counted)
            return {f"worker:{one.user.pk}:{one.grid.pk}": one for one in workers}
        units = units_for(self.petition, by=self.by, on=self.on, counted=counted)
        return {f"unit:{one.organisation.pk}": one for one in units}

    def _offered(self) -> list[tuple[str, Any]]:
        given = str(self.data.get(self.add_prefix("to"), "")).partition(":")[0] if self._checks else ""
        groups: list[tuple[str, Any]] = [("", _("Choose"))]
        for kind, label in RECEIVERS.items():
            if (not self._checks or kind == given) and (found := self._of(kind)):
                groups.append((str(label), [(key, _receiver(one)) for key, one in found.items()]))
        return groups

    def _unlisted(self) -> str:
        """Say why it cannot be pushed down to its community; what is posted all the same is refused with it."""
        return duties.refusal(self.petition, senders=givers(self.by, self.petition), on=self.on)

    def _usually(self) -> str:
        if unlisted := self._unlisted():
            return unlisted
        if not self._of("worker") and not self._of("member"):
            return _("Nobody is at the post of grid worker here today.")
        category = self.petition.category
        if category is not None and category.department_zh:
            return _("Usually handled by: %(department)s") % {"department": category.department_zh}
        return ""

    def facts(self) -> dict[str, Any]:
        """Return the worker with his grid, or the unit."""
        facts = super().facts()
        to = facts.pop("to")
        self._checks = True
        kind = to.partition(":")[0]
        chosen = self._of(kind)[to]
        self._checks = False
        if isinstance(chosen, Unit):
            return {**facts, "organisation": chosen.organisation}
        if kind == "member":
            return {**facts, "handler": chosen.user, "organisation": self.petition.organisation}
        return {**facts, "handler": chosen.user, "grid": chosen.grid}


class DesignateForm(DispatchForm):
    """Who must handle it, for good, and why."""

    verb = Verb.DESIGNATE
    reason = words_field(
        gettext_lazy("Why must they handle it?"),
        help_text=gettext_lazy("They read it. Who is designated may not return the matter."),
    )
    field_order = ("version", "to", "reason", "note")

    def facts(self) -> dict[str, Any]:
        """Return whom, without a grid: a designation does not move the matter."""
        facts = super().facts()
        facts.pop("grid", None)
        return facts


def _receiver(one: Worker | Unit) -> str:
    return _unit(one) if isinstance(one, Unit) else _worker(one)


def _worker(worker: Worker) -> str:
    parts = [worker.user.get_full_name(), worker.grid.label, _open(worker.in_hand)]
    if worker.stands_in_for is not None:
        parts.append(_("stands in for %(name)s") % {"name": worker.stands_in_for.get_full_name()})
    return " · ".join(parts)


def _unit(unit: Unit) -> str:
    return f"{unit.organisation.name} · {_open(unit.in_hand)}"


def _open(count: int) -> str:
    return ngettext("%(count)d in hand", "%(count)d in hand", count) % {"count": count}
