"""The history of one petition in words, for staff: events, who was told, the words and photos that belong to them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from deadlines.enums import RungAction, RungLevel
from grids.models import Organisation
from people.models import User
from petitions.call_enums import WhistleKind
from petitions.enums import CheckKind, EventCode, FeedbackKind, RecusalKind, ReturnReason, Satisfaction
from petitions.models import Petition, PetitionEscalation, PetitionEvent, PetitionPhoto, PetitionText
from petitions.models.rulings import RulingKind


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: its name, what its codes add to it, its words, who was told, its photos.

    ``typed_at``: when it was written, if it waited on a phone for a line; the time limits count from its arrival.
    """

    event: PetitionEvent
    label: str
    detail: str = ""
    text: PetitionText | None = None
    told: tuple[str, ...] = ()
    photos: tuple[PetitionPhoto, ...] = ()
    escalation: PetitionEscalation | None = None
    typed_at: datetime | None = None


def history_of(
    petition: Petition,
    events: Sequence[PetitionEvent],
    texts: Mapping[UUID, PetitionText],
    photos: Sequence[PetitionPhoto],
) -> tuple[Entry, ...]:
    """Return the entries, newest first; ``events`` come oldest first. Three queries at most."""
    fired: dict[tuple[int, int], list[PetitionEscalation]] = defaultdict(list)
    for row in (
        PetitionEscalation.objects.filter(clock__petition=petition)
        .select_related("rung__stage", "acknowledged_by")
        .order_by("generation")
    ):
        fired[row.clock_id, row.rung_id].append(row)
    told = {user for rows in fired.values() for row in rows for user in (*row.told, *row.raised_to)}
    named = {event.refs["handler"] for event in events if event.refs.get("handler")}
    people = User.objects.in_bulk(told | named)
    units = Organisation.objects.in_bulk(
        {event.refs["organisation"] for event in events if event.refs.get("organisation")}
    )
    stages = _stage_names(petition, events)
    by_id = {str(photo.pk): photo for photo in photos}
    entries = []
    for event in events:
        label = str(EventCode(event.code).label)
        hearers: tuple[str, ...] = ()
        escalation: PetitionEscalation | None = None
        rows = fired[event.refs.get("clock", 0), event.refs.get("rung", 0)]
        if event.code == EventCode.ESCALATED and event.refs.get("unseen"):
            raised = next((row for row in rows if row.raised_at == event.at), None)
            label, detail, hearers = _unseen(raised, people)
        elif event.code == EventCode.ESCALATED:
            escalation = next((row for row in rows if row.fell_due_at == event.at), None)
            label, detail, hearers = _escalated(event, escalation, people)
        else:
            detail = _detail(petition, event, people, units, stages)
        entries.append(
            Entry(
                event=event,
                label=label,
                detail=detail,
                text=texts.get(event.text_id) if event.text_id else None,
                told=hearers,
                photos=tuple(by_id[pk] for pk in event.refs.get("photos", ()) if pk in by_id),
                escalation=escalation,
                typed_at=datetime.fromisoformat(event.refs["typed_at"]) if "typed_at" in event.refs else None,
            )
        )
    return tuple(reversed(entries))


def _detail(
    petition: Petition,
    event: PetitionEvent,
    people: Mapping[int, User],
    units: Mapping[int, Organisation],
    stages: Mapping[str, str],
) -> str:
    """Return what an event's codes say beyond its name: to whom, as what, through which channel."""
    match event.code:
        case EventCode.DISPATCHED | EventCode.DESIGNATED | EventCode.HANDED_OVER | EventCode.REDIVIDED:
            unit, worker = units.get(event.refs.get("organisation")), people.get(event.refs.get("handler"))
            names = [unit.name] if unit else []
            names += [worker.get_full_name()] if worker else []
            return _("to %(whom)s") % {"whom": " · ".join(names)} if names else ""
        case EventCode.ACCEPTED if petition.category and petition.category.code == event.refs.get("category"):
            return petition.category.name
        case EventCode.RETURN_ASKED if event.refs.get("reason") in ReturnReason.values:
            return str(ReturnReason(event.refs["reason"]).label)
        case EventCode.RECUSED if event.refs.get("kind") in RecusalKind.values:
            return str(RecusalKind(event.refs["kind"]).label)
        case EventCode.SUBMITTED:
            return str(petition.get_channel_display())
        case _:
            return _beside(event, stages) or _ruling(event, units)


def _ruling(event: PetitionEvent, units: Mapping[int, Organisation]) -> str:
    """Return what was asked of the level above: for how many days, of which unit."""
    kind, days, named = event.refs.get("ruling", ""), event.refs.get("days"), event.refs.get("organisation")
    unit = units[named].name if kind and named in units else ""
    said = [str(RulingKind(kind).label)] if kind in RulingKind.values else []
    said += [ngettext("%(count)d day", "%(count)d days", days) % {"count": days}] if days else []
    return " · ".join([*said, *([unit] if unit else [])])


def _beside(event: PetitionEvent, stages: Mapping[str, str]) -> str:
    """Return what the codes say of what came beside or after the handling."""
    said = ""
    match event.code:
        case EventCode.RATED | EventCode.CALLED_BACK:
            said = said_of(event.refs)
        case EventCode.CHECKED if event.refs.get("kind") in CheckKind.values:
            found = _("passed") if event.refs.get("passed") else _("failed")
            said = f"{CheckKind(event.refs['kind']).label}: {found}"
        case EventCode.REWORK if event.refs.get("check") in CheckKind.values:
            said = str(CheckKind(event.refs["check"]).label)
        case EventCode.MERGED | EventCode.SPLIT | EventCode.WITHDRAWN:
            said = event.refs.get("master", "")
        case EventCode.JOINED | EventCode.LEFT | EventCode.URGED | EventCode.ADDED:
            said = event.refs.get("petition", "")
        case EventCode.FEEDBACK if event.refs.get("kind") in FeedbackKind.values:
            said = str(FeedbackKind(event.refs["kind"]).label)
        case EventCode.WHISTLE_ASKED | EventCode.WHISTLE if event.refs.get("kind") in WhistleKind.values:
            said = str(WhistleKind(event.refs["kind"]).label)
        case EventCode.RECATEGORISED:
            said = _limits(event, stages)
        case _:
            pass
    return said


def said_of(refs: Mapping[str, Any]) -> str:
    """Return a rating in words: solved or not, satisfied or not; nothing for what was not said."""
    said = []
    if refs.get("solved") is not None:
        said.append(_("solved") if refs["solved"] else _("not solved"))
    if refs.get("satisfaction") in Satisfaction.values:
        said.append(str(Satisfaction(refs["satisfaction"]).label))
    return pgettext("list separator", ", ").join(said)


def _limits(event: PetitionEvent, stages: Mapping[str, str]) -> str:
    """Return what another category did to the time limits: which are gone, were late, count from then."""
    said = []
    for key, words in (
        ("removed", _("no longer promised: %(stages)s")),
        ("missed", _("late by then: %(stages)s")),
        ("anew", _("from now on: %(stages)s")),
    ):
        codes = event.refs.get(key) or ()
        if codes:
            said.append(words % {"stages": " · ".join(stages.get(code, code) for code in codes)})
    return pgettext("list separator", ", ").join(said)


def _stage_names(petition: Petition, events: Sequence[PetitionEvent]) -> Mapping[str, str]:
    """Return the names of the petition's stages by code; one query where a change of category needs them."""
    if not any(event.code == EventCode.RECATEGORISED for event in events):
        return {}
    return {clock.stage.code: clock.stage.name for clock in petition.clocks.select_related("stage")}


def _escalated(
    event: PetitionEvent, escalation: PetitionEscalation | None, people: Mapping[int, User]
) -> tuple[str, str, tuple[str, ...]]:
    """Return what a rung means, for which promise and how far up, and who was told."""
    action, level = event.refs.get("action", ""), event.refs.get("level", "")
    label = RungAction(action).label if action in RungAction.values else EventCode.ESCALATED.label
    words = [escalation.rung.stage.name] if escalation else []
    words += [str(RungLevel(level).label)] if level in RungLevel.values else []
    return str(label), " · ".join(words), _names(escalation.told if escalation else (), people)


def _unseen(escalation: PetitionEscalation | None, people: Mapping[int, User]) -> tuple[str, str, tuple[str, ...]]:
    """Return that nobody answered, for which promise, and who was told then."""
    detail = escalation.rung.stage.name if escalation else ""
    return _("Nobody answered: one level up told"), detail, _names(escalation.raised_to if escalation else (), people)


def _names(users: Iterable[int], people: Mapping[int, User]) -> tuple[str, ...]:
    return tuple(people[user].get_full_name() for user in users if user in people)
