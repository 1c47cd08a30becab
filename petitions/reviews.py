"""Residents' reviews 居民批卷子 (001-32): three ways of marking, weighted as data; one mark for each resident.

Whoever marks is known by a keyed digest of his telephone or of a code on paper, made for that one review: it can be
joined with nothing else.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Avg, Count
from django.utils.translation import gettext as _

from deadlines.timetable import shanghai_date
from grids.enums import PostKind
from grids.models import Area, Organisation
from grids.staff import Staff
from people import contacts, crypto
from people.errors import BadInput
from petitions import phones
from petitions.enums import Mark, ReviewMode, ReviewSubject, Status
from petitions.errors import NotNow, NotYours, OwnWork
from petitions.models import Petition, ResidentReview, ReviewCode, ReviewVote
from petitions.numbers import ALPHABET, normalise_code
from petitions.permissions import worked_on
from petitions.viewers import ProvedPhone

SMALL: Final = 5
MOST_CODES: Final = 500
CODE_LENGTH: Final = 8
MAKES: Final = (
    PostKind.COMMUNITY_SECRETARY, PostKind.COMMUNITY_WORKER, PostKind.DISPATCHER, PostKind.STREET_LEADER,
    PostKind.DISTRICT_COMMAND,
)  # fmt: skip
TYPES_IN: Final = (*MAKES, PostKind.GRID_WORKER, PostKind.GRID_LEAD)
WEIGHTS: Final[Mapping[ReviewMode, int]] = MappingProxyType(
    {ReviewMode.HOME: 40, ReviewMode.INVITED: 30, ReviewMode.ONLINE: 30}
)


@dataclass(frozen=True, slots=True)
class ModeResult:
    """What one way of marking gave: how many, their mean of 100 (None without any), and whether that is few."""

    mode: ReviewMode
    weight: int
    count: int
    mean: Decimal | None

    @property
    def is_small(self) -> bool:
        """Tell whether so few marked that the mean says little."""
        return 0 < self.count < SMALL


@dataclass(frozen=True, slots=True)
class Result:
    """The combined score of 100 over the ways that were used, their weights scaled to 100; None without a mark."""

    modes: tuple[ModeResult, ...]
    count: int
    score: Decimal | None

    @property
    def is_small(self) -> bool:
        """Tell whether fewer than five marked in all: the score is not for the public then."""
        return self.count < SMALL

    @property
    def may_show_modes(self) -> bool:
        """Tell whether the public sees each way: only if none is small, or it could be worked out from the rest."""
        return not any(one.is_small for one in self.modes)


@transaction.atomic
def make(
    *, title: str, area: Area, subject: ReviewSubject, opens_on: date, closes_on: date,
    weights: Mapping[ReviewMode, int], by: Staff, at: datetime, petition: Petition | None = None,
    organisation: Organisation | None = None, project: str = "", period_from: date | None = None,
    period_to: date | None = None,
) -> ResidentReview:  # fmt: skip
    """Make a review for an area of one's own.

    :raises NotYours: if no post of ``by`` makes reviews there
    :raises BadInput: if the days or the weights are wrong, or what is marked is missing
    :raises NotNow: if the matter is not closed, or is one that must stay among few
    """
    if not by.holds(*MAKES, path=area.path):
        raise NotYours(_("Your post makes no reviews there."))
    if closes_on < opens_on:
        raise BadInput(_("The last day lies before the first."), field="closes_on")
    if sum(weights.values()) != 100 or min(weights.values()) < 0:  # noqa: PLR2004 - of a hundred
        raise BadInput(_("The three weights must make 100 together."), field="weight_home")
    what: dict[str, Any] = {}
    match subject:
        case ReviewSubject.MATTER:
            what = {"petition": _markable(petition)}
        case ReviewSubject.PROJECT:
            if not project.strip():
                raise BadInput(_("Name the project."), field="project")
            what = {"project": project.strip()}
        case ReviewSubject.UNIT:
            if organisation is None:
                raise BadInput(_("Choose the unit."), field="organisation")
            if period_from is None or period_to is None or period_to < period_from:
                raise BadInput(_("Give the first and the last day of the period."), field="period_to")
            what = {"organisation": organisation}
    return ResidentReview.objects.create(
        area=area, title=title, subject=subject, period_from=period_from, period_to=period_to, opens_on=opens_on,
        closes_on=closes_on, weight_home=weights[ReviewMode.HOME], weight_invited=weights[ReviewMode.INVITED],
        weight_online=weights[ReviewMode.ONLINE], made_by=by.user, made_at=at, **what,
    )  # fmt: skip


def may_enter(by: Staff, review: ResidentReview) -> bool:
    """Tell whether somebody types in marks: whoever serves in the area, above it or in its grids."""
    path = review.area.path
    return any(
        held.kind in TYPES_IN and (path.startswith(held.path) or held.path.startswith(path)) for held in by.holdings
    )


def may_make_codes(by: Staff, review: ResidentReview) -> bool:
    """Tell whether somebody prints codes for a review: whoever makes reviews there."""
    return by.holds(*MAKES, path=review.area.path)


@transaction.atomic
def make_codes(review: ResidentReview, *, count: int, by: Staff, at: datetime) -> list[str]:
    """Make codes for residents without a mobile and return them; they are stored as digests and never shown again.

    :raises NotYours: if no post of ``by`` makes reviews there
    :raises BadInput: if there would be more than five hundred
    """
    if not may_make_codes(by, review):
        raise NotYours(_("Your post makes no reviews there."))
    ResidentReview.objects.select_for_update(of=("self",), no_key=True).get(pk=review.pk)
    if not 0 < count <= MOST_CODES - review.codes.count():
        raise BadInput(_("A review has at most %(count)d codes.") % {"count": MOST_CODES}, field="count")
    codes: set[str] = set()
    while len(codes) < count:
        codes.add("".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH)))
    listed = sorted(codes)
    ReviewCode.objects.bulk_create(
        ReviewCode(review=review, digest=_of_code(review, code), made_at=at) for code in listed
    )
    return listed


def vote(
    review: ResidentReview, *, mark: Mark, at: datetime, phone: ProvedPhone | None = None, code: str = ""
) -> ReviewVote:
    """Keep the online mark of who proved a telephone, or holds a code.

    :raises NotNow: if the review is not open, or he has marked already
    :raises BadInput: if the code is none of this review
    """
    if not review.opens_on <= shanghai_date(at) <= review.closes_on:
        raise NotNow(_("This review is not open now."))
    voter = _of_index(review, phone.index) if phone is not None else _checked(review, code)
    return _keep(review, ReviewMode.ONLINE, mark=mark, voter=voter, by=None, at=at)


def enter(
    review: ResidentReview, *, mode: ReviewMode, mark: Mark, by: Staff, at: datetime, phone: str = "", code: str = ""
) -> ReviewVote:
    """Keep a mark given at the door or on site, with the resident's telephone or code; paper may come in late.

    :raises NotYours: if ``by`` does not serve there
    :raises OwnWork: if he worked on the matter that is marked
    :raises NotNow: if the review has not begun, or the resident has marked already
    :raises BadInput: if neither is given, or one is wrong
    """
    if not may_enter(by, review):
        raise NotYours(_("Your post does not type in marks here."))
    if review.petition is not None and worked_on(by, review.petition):
        raise OwnWork(_("You worked on this matter; somebody else must take down its marks."))
    if mode == ReviewMode.ONLINE:
        raise BadInput(_("Online marks are given by residents themselves."), field="mode")
    if shanghai_date(at) < review.opens_on:
        raise NotNow(_("This review is not open now."))
    if code.strip():
        voter = _checked(review, code)
    else:
        digits = contacts.normalise_phone(phone)
        if not contacts.is_mobile(digits):
            raise BadInput(_("Give the resident's mobile number of 11 digits, or the code on paper."), field="phone")
        voter = _of_index(review, phones.index_of(digits))
    return _keep(review, mode, mark=mark, voter=voter, by=by, at=at)


def result(review: ResidentReview) -> Result:
    """Return what has been marked so far; one query."""
    rows = review.votes.order_by().values_list("mode").annotate(Count("pk"), Avg("mark"))
    found = {mode: (count, Decimal(str(mean))) for mode, count, mean in rows}
    modes = []
    for mode in ReviewMode:
        count, mean = found.get(mode.value, (0, None))
        modes.append(ModeResult(mode, review.weight_of(mode), count, None if mean is None else _rounded(mean)))
    return Result(tuple(modes), sum(one.count for one in modes), combined(found, review))


def combined(found: Mapping[str, tuple[int, Decimal]], review: ResidentReview) -> Decimal | None:
    """Return the weighted mean of the ways that were used; unused ones, and those of weight 0, do not count."""
    used = [(review.weight_of(ReviewMode(mode)), mean) for mode, (_count, mean) in found.items()]
    total = sum(weight for weight, _mean in used)
    return _rounded(sum((weight * mean for weight, mean in used), Decimal(0)) / total) if total else None


def _keep(
    review: ResidentReview, mode: ReviewMode, *, mark: Mark, voter: bytes, by: Staff | None, at: datetime
) -> ReviewVote:
    try:
        with transaction.atomic():
            return ReviewVote.objects.create(
                review=review, mode=mode, mark=mark, voter=voter, by=by.user if by is not None else None, at=at
            )
    except IntegrityError as error:
        raise NotNow(_("This resident has marked already; each counts once.")) from error


def _markable(petition: Petition | None) -> Petition:
    if petition is None:
        raise BadInput(_("Give the number of a matter that you may see."), field="number")
    category = petition.category
    few = category is not None and (category.sensitive or category.silent or category.reporter_hidden)
    if petition.status != Status.CLOSED or petition.barred_from is not None or petition.is_confidential or few:
        raise NotNow(_("Only a closed matter that need not stay among few can be marked."))
    return petition


def _checked(review: ResidentReview, code: str) -> bytes:
    digest = _of_code(review, code)
    if not review.codes.filter(digest=digest).exists():
        raise BadInput(_("This code is none of this review. Please look at it again."), field="code")
    return digest


def _of_code(review: ResidentReview, code: str) -> bytes:
    return crypto.blind(f"code:{normalise_code(code)}", purpose=f"review.{review.pk}")


def _of_index(review: ResidentReview, index: bytes) -> bytes:
    return crypto.blind(f"phone:{index.hex()}", purpose=f"review.{review.pk}")


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
