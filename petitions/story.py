"""A petition's history as told to the person who raised it: plain sentences, no codes, no names of staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deadlines.enums import RungLevel
from deadlines.models import Rung
from grids.models import Organisation
from people.prepared import Prepared
from petitions.enums import EventCode, Status, TextKind
from petitions.history import said_of
from petitions.models import Petition, PetitionEvent, PetitionText
from petitions.promises import answering_area, awaited
from petitions.viewers import EXAMPLES, KEPT, Follower

# What the petitioner reads of an event; an event that is missing here is the staff's own business.
SENTENCES: Mapping[str, object] = MappingProxyType(
    {
        EventCode.SUBMITTED: gettext_lazy("Your matter came to %(area)s."),
        EventCode.PLACED: gettext_lazy("The place was found. %(area)s answers for it."),
        EventCode.ACCEPTED: gettext_lazy("%(area)s took your matter on."),
        EventCode.DECLINED: gettext_lazy("%(area)s could not take your matter on:"),
        EventCode.DISPATCHED: gettext_lazy("Your matter was sent to %(whom)s."),
        EventCode.DESIGNATED: gettext_lazy("Your matter was sent to %(whom)s."),
        EventCode.RETURNED: gettext_lazy(
            "It is being passed on to whoever is responsible. The dates stay as they are."
        ),
        EventCode.RECALLED: gettext_lazy(
            "It is being passed on to whoever is responsible. The dates stay as they are."
        ),
        EventCode.HANDED_OVER: gettext_lazy("A colleague goes on with your matter. The dates stay as they are."),
        EventCode.REGRIDDED: gettext_lazy("The place was corrected. %(area)s answers for it."),
        EventCode.REDIVIDED: gettext_lazy(
            "The grids were drawn anew. Your matter is with %(whom)s now; the dates stay as they are."
        ),
        EventCode.SIGNED: gettext_lazy("The matter has been taken in hand."),
        EventCode.CONTACTED: gettext_lazy("We spoke with you about it."),
        EventCode.ARRIVED: gettext_lazy("Somebody came to the place."),
        EventCode.PLANNED: gettext_lazy("This is what will be done:"),
        EventCode.RESOLVED: gettext_lazy("It was reported as done:"),
        EventCode.VERIFIED: gettext_lazy("Somebody else checked it: it is done."),
        EventCode.REWORK: gettext_lazy("It was checked and is not good enough yet. The work goes on."),
        EventCode.CLOSED: gettext_lazy("The matter was closed."),
        EventCode.PHOTO: gettext_lazy("A photo was added."),
        EventCode.ADDED: gettext_lazy("You added to it:"),
        EventCode.SUPPLEMENT_ASKED: gettext_lazy("We need something more from you:"),
        EventCode.SUPPLEMENTED: gettext_lazy("What was missing has come:"),
        EventCode.ITEM_NAMED: gettext_lazy("It is handled as this item of the community's list:"),
        EventCode.PAUSE_OVER: gettext_lazy("The waiting is over; the clock runs again."),
        EventCode.EXTENDED: gettext_lazy("More time was granted, because:"),
        EventCode.URGED: gettext_lazy("You urged us; whoever handles it and the community have been told."),
        EventCode.FEEDBACK: gettext_lazy("Word on how it stands:"),
        EventCode.RECATEGORISED: gettext_lazy("It comes under other rules now, because:"),
        EventCode.RATED: gettext_lazy("You rated what was done."),
        EventCode.CALL_MISSED: gettext_lazy("We called you and did not reach you."),
        EventCode.CALLED_BACK: gettext_lazy("We asked you how it went."),
        EventCode.REOPENED: gettext_lazy("You asked for it to be taken up again:"),
        EventCode.WITHDRAWN: gettext_lazy("You withdrew your matter."),
        EventCode.MERGED: gettext_lazy("Your matter was joined to the same matter of somebody else."),
        EventCode.JOINED: gettext_lazy("Somebody else raised the same matter; both are handled together."),
        EventCode.SPLIT: gettext_lazy("Your matter was separated again and is looked at on its own."),
        EventCode.CLEARED: gettext_lazy(
            "The level above has looked into it: it is not about staff. %(area)s handles it again, because:"
        ),
        EventCode.APPEALED: gettext_lazy("You appealed against it:"),
        EventCode.READMITTED: gettext_lazy("The level above has decided: it is looked at again and taken on, because:"),
        EventCode.APPEAL_REFUSED: gettext_lazy("The level above has decided: it stays not accepted, because:"),
        EventCode.DEFERRED: gettext_lazy("It cannot be solved now and was put off. We look at it again, because:"),
        EventCode.RESUMED: gettext_lazy("It was taken up again:"),
        EventCode.TERMINATED: gettext_lazy("The level above ended it without a solution, because:"),
        EventCode.PUBLISHED: gettext_lazy("What was done hangs on the public board now, without anything about you."),
        EventCode.CLOSED_OUT: gettext_lazy("The public notice is over and the matter is closed out."),
    },
)
# The five matters of 004: heard, discussed, done, judged, shown. What is missing here belongs to the doing.
_HEARD = gettext_lazy("Heard")
_DISCUSSED = gettext_lazy("Discussed")
_DONE = gettext_lazy("Done")
_JUDGED = gettext_lazy("Judged")
_SHOWN = gettext_lazy("Shown to all")
FIVE_MATTERS: Mapping[str, object] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                EventCode.SUBMITTED, EventCode.PLACED, EventCode.ADDED, EventCode.SUPPLEMENT_ASKED,
                EventCode.ITEM_NAMED,
                EventCode.SUPPLEMENTED, EventCode.URGED, EventCode.MERGED, EventCode.JOINED, EventCode.SPLIT,
                EventCode.WITHDRAWN,
            ),
            _HEARD,
        ),
        **dict.fromkeys(
            (
                EventCode.ACCEPTED, EventCode.DECLINED, EventCode.APPEALED, EventCode.READMITTED,
                EventCode.APPEAL_REFUSED, EventCode.PLANNED, EventCode.EXTENDED, EventCode.RECATEGORISED,
                EventCode.CLEARED, EventCode.DEFERRED, EventCode.TERMINATED,
            ),
            _DISCUSSED,
        ),
        **dict.fromkeys(
            (EventCode.RATED, EventCode.CALLED_BACK, EventCode.CALL_MISSED, EventCode.REOPENED, EventCode.VERIFIED,
             EventCode.REWORK),
            _JUDGED,
        ),
        **dict.fromkeys((EventCode.PUBLISHED, EventCode.CLOSED_OUT), _SHOWN),
    },
)  # fmt: skip
STANDS: Mapping[str, object] = MappingProxyType(
    {
        Status.SUBMITTED: gettext_lazy("%(area)s has your matter and is deciding who takes it on."),
        Status.ACCEPTED: gettext_lazy("%(area)s has taken your matter on and is passing it to whoever solves it."),
        Status.DISPATCHED: gettext_lazy("Your matter has reached %(whom)s."),
        Status.SIGNED: gettext_lazy("Your matter is being dealt with by %(whom)s."),
        Status.IN_PROGRESS: gettext_lazy("Your matter is being dealt with by %(whom)s."),
        Status.RESOLVED: gettext_lazy("It is reported as done. Somebody else is checking that now."),
        Status.VERIFIED: gettext_lazy("It is done and has been checked."),
        Status.CLOSED: gettext_lazy("Your matter is done and closed."),
        Status.DECLINED: gettext_lazy("%(area)s could not take this on. The reason stands below."),
        Status.WITHDRAWN: gettext_lazy("You withdrew your matter. Nothing more is done about it."),
        Status.DEFERRED: gettext_lazy("It cannot be solved now. %(whom)s looks at it again by the date below."),
        Status.TERMINATED: gettext_lazy("It was ended without a solution. The reason stands below; you may appeal."),
        Status.MERGED: gettext_lazy("Your matter is handled together with the same matter of others."),
    },
)
MARKS: Mapping[str, str] = MappingProxyType(
    {
        EventCode.RESOLVED: "done", EventCode.VERIFIED: "done", EventCode.CLOSED: "done",
        EventCode.ESCALATED: "late", EventCode.DECLINED: "late",
        EventCode.TERMINATED: "late",
    },
)  # fmt: skip
ASKING = frozenset({EventCode.SUPPLEMENT_ASKED, EventCode.SUPPLEMENTED})
# What somebody reads whose matter was joined: the progress, and what staff wrote of it; nothing the other one said.
SHARED = frozenset(
    {
        EventCode.ACCEPTED, EventCode.DISPATCHED, EventCode.DESIGNATED, EventCode.SIGNED, EventCode.ARRIVED,
        EventCode.PLANNED, EventCode.RESOLVED, EventCode.VERIFIED, EventCode.REWORK, EventCode.CLOSED,
        EventCode.EXTENDED, EventCode.FEEDBACK, EventCode.RECATEGORISED, EventCode.ESCALATED,
        EventCode.DEFERRED, EventCode.RESUMED, EventCode.TERMINATED,
    },
)  # fmt: skip
_KNOWN_RUNGS: dict[int, Rung] = {}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: when, what, and the words that were written then (masked)."""

    at: datetime
    sentence: str
    words: str = ""
    mark: str = ""
    matter: object = _DONE


@dataclass(frozen=True, slots=True)
class Story:
    """The petitioner's own words, the place in words, and what happened since, newest first.

    ``asked``: what the petitioner was asked for and has not answered.
    """

    body: str
    place_words: str
    asked: str
    lines: tuple[Line, ...]


def tell(petition: Petition, *, to: Follower) -> Story:
    """Tell the history of a petition (with its areas and unit loaded) to a follower.

    One query, and one more when other units had it before.
    """
    events: list[Any] = _EVENTS(petition.pk, *to.twenty) if to.phone is None else list(_events(petition.pk, to))
    words = {event.pk: event.words or "" for event in events}
    lines = _lines(petition, events, words)
    if petition.master is not None:
        lines = sorted((*lines, *_shared(petition.master)), key=lambda line: line.at, reverse=True)
    first = next((event for event in events if event.code == EventCode.SUBMITTED), None)
    last = next((event for event in events if event.code in ASKING), None)
    return Story(
        body=words[first.pk] if first else "",
        place_words=(events[0].place_words or "") if events else "",
        asked=words[last.pk] if last and last.code == EventCode.SUPPLEMENT_ASKED else "",
        lines=tuple(lines),
    )


def _events(petition_id: int, to: Follower) -> "QuerySet[PetitionEvent, Any]":
    """Return a petition's events, newest first, each with its words and with the place in words."""
    texts = PetitionText.objects.visible_to(to).filter(petition=petition_id)
    places = texts.filter(kind=TextKind.PLACE).order_by("created_at")
    events = PetitionEvent.objects.filter(petition=petition_id).annotate(
        words=Subquery(texts.filter(pk=OuterRef("text_id")).values("masked")),
        place_words=Subquery(places.values("masked")[:1]),
    )
    return events.order_by("-at", "-id")


_EVENTS: Prepared[Any] = Prepared(lambda petition_id, *ids: _events(petition_id, Follower(ids)), -KEPT - 1, *EXAMPLES)


def _lines(petition: Petition, events: Sequence[PetitionEvent], words: Mapping[int, str]) -> list[Line]:
    teller = _Teller.prepare(petition, events)
    return [
        # the petitioner's own first words stand on the page already
        Line(
            event.at,
            sentence,
            "" if event.code == EventCode.SUBMITTED else words[event.pk],
            MARKS.get(event.code, ""),
            FIVE_MATTERS.get(event.code, _DONE),
        )
        for event in events
        if (sentence := teller.sentence(event))
    ]


def _shared(master: Petition) -> list[Line]:
    """Tell of a master what those may read whose matters were joined to it; one query, one more for other units."""
    texts = PetitionText.objects.filter(petition=master, public=True).exclude(kind=TextKind.BODY)
    events = list(
        master.events.filter(code__in=SHARED)
        .annotate(words=Subquery(texts.filter(pk=OuterRef("text_id")).values("masked")))
        .order_by("-at", "-id")
    )
    return _lines(master, events, {event.pk: event.words or "" for event in events})


def how_it_stands(petition: Petition) -> str:
    """Say to the petitioner where the matter is now (areas and unit loaded; no query).

    What was joined to another matter stands where that one does.
    """
    if petition.master is not None:
        return _("%(together)s %(stands)s") % {
            "together": STANDS[Status.MERGED], "stands": how_it_stands(petition.master),
        }  # fmt: skip
    names = {"area": answering_area(petition).name, "whom": _handler(petition)}
    return str(STANDS[petition.status]) % names


@dataclass(frozen=True, slots=True)
class _Teller:
    """The names that sentences need, fetched once."""

    petition: Petition
    organisations: Mapping[int, Organisation]
    rungs: Mapping[int, Rung]

    @classmethod
    def prepare(cls, petition: Petition, events: Sequence[PetitionEvent]) -> "_Teller":
        known = {petition.organisation.pk: petition.organisation} if petition.organisation else {}
        asked = {ref for event in events if (ref := event.refs.get("organisation"))} - known.keys()
        fired = {ref for event in events if event.code == EventCode.ESCALATED and (ref := event.refs.get("rung"))}
        return cls(petition, known | Organisation.objects.in_bulk(asked), _rungs(fired))

    def sentence(self, event: PetitionEvent) -> str:
        """Return what the petitioner reads of an event; nothing for what only staff need to know."""
        if event.code == EventCode.ESCALATED:
            return self._escalation(event)
        if event.code in {EventCode.RATED, EventCode.CALLED_BACK} and (said := said_of(event.refs)):
            yours = _("Your answer: %(said)s.") % {"said": said}
            return f"{SENTENCES[event.code]} {yours}"
        if event.code in {EventCode.ADDED, EventCode.URGED} and event.refs.get("petition"):
            # of what others do who joined it, only that they urge
            return _("Somebody else who raised the same matter urged us.") if event.code == EventCode.URGED else ""
        if event.code == EventCode.ADDED and event.text_id is None:
            return _("You added photos.")
        if event.code == EventCode.CALLED_BACK:
            return _("This is our answer to your rating:")
        unit = self.organisations.get(event.refs.get("organisation", 0))
        whom = unit.name if unit else _grid_worker(self.petition)
        return str(SENTENCES.get(event.code, "")) % {"area": answering_area(self.petition).name, "whom": whom}

    def _escalation(self, event: PetitionEvent) -> str:
        """A reminder before the date is the staff's own business; what came too late is the petitioner's too."""
        rung = self.rungs.get(event.refs.get("rung", 0))
        silent = event.refs.get("historic") or event.refs.get("unseen")
        if rung is None or silent or not rung.at.startswith("overdue"):
            return ""
        return _("%(whom)s was told, because this was late: %(what)s.") % {
            "whom": self._level(rung.level), "what": awaited(rung.stage),
        }  # fmt: skip

    def _level(self, level: str) -> str:
        petition = self.petition
        named = {
            RungLevel.UNIT: petition.organisation,
            RungLevel.GRID: petition.grid,
            RungLevel.COMMUNITY: petition.community,
            RungLevel.STREET: petition.street,
        }.get(RungLevel(level))
        if named is not None:
            return named.name
        return _("The level above") if level == RungLevel.ONE_UP else str(RungLevel(level).label)


def _rungs(ids: set[int]) -> Mapping[int, Rung]:
    """Return rungs with their stages. They are kept in the process: a policy version is never rewritten."""
    missing = ids - _KNOWN_RUNGS.keys()
    if missing:
        _KNOWN_RUNGS.update(Rung.objects.select_related("stage").in_bulk(missing))
    return _KNOWN_RUNGS


def _handler(petition: Petition) -> str:
    return petition.organisation.name if petition.organisation else _grid_worker(petition)


def _grid_worker(petition: Petition) -> str:
    if petition.grid is None:
        return _("the grid worker")
    return _("the grid worker of %(grid)s") % {"grid": petition.grid.name}
