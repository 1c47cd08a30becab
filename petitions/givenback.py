"""What a case page says of returns, and who may give back, decide, correct or step back there. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from grids.staff import Staff
from petitions import corrections, recusals, returns, rulings
from petitions.enums import OPEN, Status, Verb
from petitions.models import Petition, PetitionText, Recusal, ReturnRequest, Ruling
from petitions.models.rulings import RulingKind
from petitions.permissions import MAY, covers
from petitions.returns import Window
from petitions.sending import last_sent


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One return of the matter with its words."""

    request: ReturnRequest
    words: str

    @property
    def standing(self) -> str:
        """waiting, agreed, refused or lapsed."""
        if self.request.decided_at is None:
            return "waiting"
        return {True: "agreed", False: "refused", None: "lapsed"}[self.request.agreed]


@dataclass(frozen=True, slots=True)
class RulingLine:
    """One question to the level above, with its words."""

    ruling: Ruling
    words: str


@dataclass(frozen=True, slots=True)
class GivenBack:
    """The returns of a matter, oldest first, and what the viewer may do about where it lies."""

    returns: tuple[ReturnLine, ...]
    recusals: tuple[Recusal, ...]
    rulings: tuple[RulingLine, ...]
    window: Window | None
    may_return: bool
    too_late: bool
    may_decide: bool
    must_designate: bool
    may_correct: bool
    may_step_back: bool
    may_say: bool
    may_clear: bool
    may_ask: tuple[str, ...]
    may_rule: bool
    may_resume: bool

    @property
    def waiting(self) -> ReturnLine | None:
        """The return nobody has decided on."""
        return next((line for line in self.returns if line.standing == "waiting"), None)

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to show."""
        shown = (
            self.may_return,
            self.too_late,
            self.may_correct,
            self.may_step_back,
            self.may_say,
            self.may_clear,
            self.may_ask,
            self.may_resume,
        )
        return not (self.returns or self.recusals or self.rulings or any(shown))


def given_back(petition: Petition, *, viewer: Staff, at: datetime) -> GivenBack:
    """Return how it stands ``at`` an instant; three queries, and some more for who may return or decide."""
    rows = list(petition.returns.select_related("asked_by", "decided_by", "organisation", "to_area").order_by("number"))
    asked = list(petition.rulings.select_related("asked_by", "decided_by", "unit", "to_area").order_by("asked_at"))
    ids = [row.words_id for row in rows] + [one.words_id for one in asked]
    words = dict(PetitionText.objects.filter(pk__in=ids).values_list("pk", "masked"))
    waiting = rows[-1] if rows and rows[-1].decided_at is None else None
    window = _window(petition, viewer) if waiting is None else None
    may_decide = waiting is not None and returns.decides(viewer, waiting)
    is_open = petition.status in OPEN
    return GivenBack(
        returns=tuple(ReturnLine(row, words.get(row.words_id, "")) for row in rows),
        recusals=tuple(petition.recusals.select_related("user", "declared_by").order_by("declared_at")),
        window=window,
        may_return=window is not None and window.is_open(at),
        too_late=window is not None and not window.is_open(at),
        may_decide=may_decide,
        must_designate=may_decide and waiting is not None and waiting.number >= returns.DESIGNATED_FROM,
        may_correct=bool(corrections.reach(viewer, petition)),
        may_step_back=is_open
        and any(Verb.RECUSE in MAY.get(held.kind, ()) and covers(held, petition) for held in viewer.holdings),
        may_say=is_open and recusals.may_say(viewer, petition),
        may_clear=is_open and recusals.may_clear(viewer, petition),
        rulings=tuple(RulingLine(one, words.get(one.words_id, "")) for one in asked),
        may_ask=_may_ask(petition, viewer, asked, at=at),
        may_rule=bool(asked) and Ruling.objects.waiting_for(viewer).filter(petition=petition).exists(),
        may_resume=petition.status == Status.DEFERRED and rulings.takes_up(viewer, petition),
    )


def _may_ask(petition: Petition, viewer: Staff, asked: Sequence[Ruling], *, at: datetime) -> tuple[str, ...]:
    """Return what the viewer may ask the level above; no query for who does not have the matter."""
    known = [(one.kind, one.decision) for one in asked]
    return tuple(
        kind.value
        for kind in RulingKind
        if petition.status in rulings.ASKED_WHILE[kind]
        and rulings.asks(viewer, petition, kind)
        and not rulings.refusal(petition, kind, at=at, known=known)
    )


def _window(petition: Petition, viewer: Staff) -> Window | None:
    """Return until when the viewer may return the matter; None if it is not his to return."""
    if petition.status not in returns.RETURNABLE or petition.designated_at is not None:
        return None
    if returns.rule_of(petition) is None or not returns.gives_back(viewer, petition):
        return None
    sent = last_sent(petition)
    return returns.window(petition, sent) if sent is not None else None
