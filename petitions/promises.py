"""What a petitioner has been promised: by when, why then, and who answers for it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from django.db.models import CharField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from deadlines.enums import OPEN_STATES, ClockState, Nature
from deadlines.explain import sentence_of
from deadlines.models import Stage
from deadlines.timetable import SHANGHAI, Timetable, timetable
from grids.enums import PostKind
from grids.models import Appointment, Area, Post, PublicContact
from people.prepared import Prepared
from petitions.models import Petition, PetitionClock

# What a stage waits for, as a thing the petitioner gets; the policy file's own names are the staff's.
AWAITED: Mapping[str, object] = MappingProxyType(
    {
        "triaged": _("a decision who takes this on"),
        "accepted": _("a decision whether we take this on"),
        "referred": _("word that the matter went on to whoever can solve it"),
        "forwarded_or_told": _("word that the matter went on to whoever can solve it"),
        "signed": _("somebody who takes the matter in hand"),
        "acknowledged": _("somebody who takes the matter in hand"),
        "arrived_on_scene": _("somebody at the place"),
        "contacted_or_arrived": _("somebody who calls you or comes to the place"),
        "petitioner_contacted": _("a call to you"),
        "contacted": _("a call to you"),
        "plan_recorded": _("a plan: what will be done"),
        "promise_recorded": _("a promise: what will be done, and by when"),
        "deliberation_decided": _("a decision of those concerned"),
        "resolved": _("the solution"),
        "hazard_removed": _("the danger removed"),
        "mediation_completed": _("the mediation completed"),
        "replied": _("an answer to you"),
        "feedback_given": _("word to you how it stands"),
        "followed_up": _("word to you how it went on"),
        "opinion_issued": _("a written decision"),
        "checked": _("a check by somebody else that it is done"),
        "word_given": _("word to you how it stands"),
        "appeal_decided": _("a decision on your appeal"),
        "deferral_reviewed": _("a new look at what was put off"),
        "rating_answered": _("a call or an answer to your rating"),
    },
)
# What staff owe one another; a petitioner is promised the matter itself.
_AMONG_STAFF = ("supervision", "ruling")
# Whose office is named, the nearest first.
_ANSWERING = (
    PostKind.COMMUNITY_WORKER, PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER, PostKind.STREET_LEADER,
    PostKind.DISTRICT_COMMAND,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Promise:
    """One duty that runs: what comes, by when, why then.

    ``last_day`` is set where the promise runs to the end of a day; ``due_at`` is then the midnight after it.
    ``is_waiting``: the clock stands still and has no date yet.
    """

    what: str
    due_at: datetime
    last_day: date | None
    why: str
    is_late: bool
    is_waiting: bool
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers: the area, and the office in it with its public telephone. Never a person."""

    area: str
    office: str = ""
    phone: str = ""


def awaited(stage: Stage) -> str:
    """Return what a petitioner waits for in this stage; the stage's own name where we have no better words."""
    return str(AWAITED.get(stage.stopped_by, stage.name))


def running(petition: Petition, *, at: datetime) -> list[Promise]:
    """Return the promises that run, the nearest first. Only what has started is promised.

    What was joined to another matter is promised what is promised there.

    Two queries, however many there are.
    """
    clocks = _OWED(petition.pk, petition.master_id or petition.pk)
    table = timetable()
    return [_promise(clock, table, at=at) for clock in clocks]


def _owed(petition_ids: Collection[int]) -> QuerySet[PetitionClock]:
    return (
        PetitionClock.objects.filter(petition__in=petition_ids, state__in=OPEN_STATES, stage__nature=Nature.DUTY)
        .exclude(stage__policy__key__in=_AMONG_STAFF)
        .exclude(stage__stopped_by="closing_decided")
        .select_related("stage", "area")
        .order_by("due_at", "stage__position")
    )


_OWED: Prepared[PetitionClock] = Prepared(lambda *ids: _owed(ids), -1, -2)


def _promise(clock: PetitionClock, table: Timetable, *, at: datetime) -> Promise:
    return Promise(
        what=awaited(clock.stage),
        due_at=clock.due_at,
        last_day=_last_day(clock.due_at),
        why=sentence_of(clock, table=table),
        is_late=clock.state == ClockState.RUNNING and at >= clock.due_at,
        is_waiting=clock.state == ClockState.PAUSED,
        is_provisional=clock.provisional,
    )


def nearest(petitions: Iterable[Petition], *, at: datetime) -> dict[int, Promise]:
    """Return the nearest promise that runs of each petition, by its key. Three queries, however many there are."""
    chosen = {petition.pk: petition.master_id or petition.pk for petition in petitions}
    clocks: dict[int, PetitionClock] = {}
    for clock in _owed(set(chosen.values())):
        clocks.setdefault(clock.petition_id, clock)
    table = timetable() if clocks else None
    return {
        pk: _promise(clocks[owed_in], table, at=at) for pk, owed_in in chosen.items() if table and owed_in in clocks
    }


def answering_area(petition: Petition) -> Area:
    """Return the area a petitioner is sent to: community before street before what else answers."""
    return petition.community or petition.street or petition.area


def answering(petition: Petition, *, on: date) -> Answering:
    """Return who answers for a petition (with its areas loaded) ``on`` that day.

    The first-contact owner's own post, once there is one (architecture.md 5: he answers until the reply); before that,
    or when he holds no post on its line any more, the nearest office with a telephone. One query, up to three.
    """
    areas = {area.pk: area for area in (petition.community, petition.street, petition.area) if area is not None}
    owner = _first_contact(petition, areas, on=on)
    if owner is not None:
        return owner
    keys = [*areas, *[0] * (_MOST_AREAS - len(areas))]
    nearest = sorted(_POSTS(on, *keys), key=lambda post: (not post.office_phone, _ANSWERING.index(PostKind(post.kind))))
    if not nearest:
        return Answering(answering_area(petition).name)
    post = nearest[0]
    return Answering(areas[post.area_id].name, post.label, post.office_phone)


_MOST_AREAS = 3
_POSTS: Prepared[Post] = Prepared(
    lambda on, *keys: Post.objects.at(on).filter(area__in=keys, kind__in=_ANSWERING, organisation=None),
    date.max, -1, -2, -3,
)  # fmt: skip


def _first_contact(petition: Petition, areas: Mapping[int, Area], *, on: date) -> Answering | None:
    """Return the post by which the first-contact owner has to do with the matter that day, and its telephone.

    Where the post has none, the telephone that the area makes public.
    """
    if petition.first_contact_owner_id is None:
        return None
    in_line = Q(post__area__in=areas, post__organisation=None)
    in_unit = Q(post__organisation=petition.organisation_id) if petition.organisation_id else Q(pk__in=())
    seats = Appointment.objects.at(on).filter(in_line | in_unit, user=petition.first_contact_owner_id)
    found = seats.select_related("post__area", "post__organisation").annotate(phone=_public_phone("post__area__path"))
    ordered = found.order_by("-post__area__level", "pk")
    seat = max(ordered, key=lambda one: bool(one.post.office_phone), default=None)
    if seat is None:
        return None
    post = seat.post
    where = post.organisation.name if post.organisation is not None else post.area.name
    public = seat.phone or ""  # type: ignore[attr-defined]  # annotated above
    return Answering(where, post.label, post.office_phone or public)


def _public_phone(path: str) -> Subquery:
    """Return the office telephone of the area with this path, or of the nearest above it that has one."""
    line = ExpressionWrapper(OuterRef(path), output_field=CharField())
    rows = PublicContact.objects.exclude(office_phone="").alias(line=line).filter(line__startswith=F("area__path"))
    return Subquery(rows.order_by("-area__level").values("office_phone")[:1])


def _last_day(due_at: datetime) -> date | None:
    local = due_at.astimezone(SHANGHAI)
    at_midnight = (local.hour, local.minute, local.second) == (0, 0, 0)
    return (local - timedelta(days=1)).date() if at_midnight else None
