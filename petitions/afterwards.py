"""What comes beside and after the handling, as its pages show it: ratings, callbacks, joined matters, word given.

Reads only; what may be done is asked of the same rules that the verbs check.
"""

from dataclasses import dataclass
from datetime import date, datetime

from grids.staff import Staff
from petitions import additions, appeals, feedback, joining, mediating, petitioner, ratings, recategorising
from petitions.enums import DONE, Status, Verb
from petitions.models import BadRating, Mediation, Petition, PetitionText, Rating, VerificationTask
from petitions.permissions import may, may_call_back


@dataclass(frozen=True, slots=True)
class Choices:
    """What the petitioner may do by himself now."""

    may_rate: bool
    may_add: bool
    may_withdraw: bool
    reopen_until: date | None
    may_appeal: bool


@dataclass(frozen=True, slots=True)
class Rated:
    """One rating with its words (masked)."""

    rating: Rating
    words: str


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What stands beside the handling of a case, and what the viewer may do about it."""

    rated: tuple[Rated, ...]
    bad: BadRating | None
    may_call: bool
    may_answer: bool
    may_take_down: bool
    reachable: bool
    master: Petition | None
    sees_master: bool
    joined: tuple[Petition, ...]
    weight: int
    may_join: bool
    may_split: bool
    may_feed_back: bool
    may_recategorise: bool
    interval: feedback.Interval | None
    checks: tuple[VerificationTask, ...] = ()
    mediations: tuple[Mediation, ...] = ()
    may_mediate: bool = False
    may_conclude: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to show."""
        shown = (self.rated, self.bad, self.master, self.joined, self.may_call, self.may_join, self.may_feed_back)
        return not any(
            (*shown, self.may_recategorise, self.may_take_down, self.checks, self.mediations, self.may_mediate)
        )


def choices(petition: Petition, *, at: datetime) -> Choices:
    """Return what the petitioner may do (``master`` loaded) ``at`` an instant; two queries at most."""
    return Choices(
        may_rate=ratings.may_rate(petition),
        may_add=additions.may_add(petition),
        may_withdraw=petitioner.offers_withdrawal(petition),
        reopen_until=petitioner.may_reopen_until(petition, at=at),
        may_appeal=appeals.may_appeal(petition),
    )


def afterwards(petition: Petition, *, viewer: Staff) -> Afterwards:
    """Return what stands beside a case and what ``viewer`` may do about it."""
    found = list(petition.ratings.select_related("by").order_by("-at"))
    wanted = [rating.words_id for rating in found if rating.words_id]
    words = dict(PetitionText.objects.filter(pk__in=wanted).values_list("pk", "masked")) if wanted else {}
    matter = petition.master or petition
    is_done = matter.status in DONE
    bad = petition.bad_ratings.filter(answered_at=None).order_by("due_at").first()
    asks = (is_done or bad is not None) and may_call_back(viewer, petition)
    reachable = ratings.may_be_called(petition)
    sources = {rating.source for rating in found if rating.generation == matter.round}
    joined = tuple(petition.joined.order_by("submitted_at", "pk")) if petition.status != Status.MERGED else ()
    seen = Petition.objects.visible_to(viewer)
    visible = set(seen.filter(pk__in=[one.pk for one in joined]).values_list("pk", flat=True)) if joined else set()
    mediations = tuple(mediating.of_petition(petition)) if mediating.is_dispute(petition) else ()
    mediates = mediating.may_mediate(viewer, petition)
    under_way = any(one.ended_at is None for one in mediations)
    may_feed_back = petition.status in feedback.GIVEN_WHILE and feedback.may_give(viewer, petition)
    return Afterwards(
        rated=tuple(Rated(rating, words.get(rating.words_id, "") if rating.words_id else "") for rating in found),
        bad=bad,
        may_call=asks and is_done and reachable and "callback" not in sources,
        may_answer=asks and bad is not None,
        may_take_down=asks and is_done and "paper" not in sources,
        reachable=reachable,
        master=petition.master,
        sees_master=petition.master is not None and seen.filter(pk=petition.master.pk).exists(),
        joined=tuple(one for one in joined if one.pk in visible),
        weight=1 + len(joined),
        may_join=petition.status in joining.JOINABLE
        and not joining.is_protected(petition)
        and may(viewer, Verb.MERGE, petition),
        may_split=petition.status == Status.MERGED and may(viewer, Verb.SPLIT, petition),
        may_feed_back=may_feed_back,
        may_recategorise=recategorising.may_recategorise(viewer, petition),
        interval=feedback.interval(petition) if may_feed_back else None,
        checks=_checks(petition) if is_done or petition.round else (),
        mediations=mediations,
        may_mediate=mediates and not under_way and petition.status in mediating.WHILE,
        may_conclude=mediates and under_way,
    )


def _checks(petition: Petition) -> tuple[VerificationTask, ...]:
    return tuple(petition.verifications.select_related("by").order_by("-generation", "asked_at", "pk"))
