"""The codes on posters and notice boards: signed, so that nobody prints one of ours, and withdrawn when torn off.

A code says its area and when it was printed. Withdrawing writes one row; printing writes and asks nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import urlencode

from django.core import signing
from django.core.signing import TimestampSigner, b62_decode
from django.urls import reverse

from grids.enums import Level, PostKind
from grids.models import Area
from grids.models.areas import AreaQuerySet
from grids.staff import Staff
from petitions import places
from petitions.models import PosterRevocation

LONGEST: Final = 140
WITHDRAWS: Final = (
    PostKind.COMMUNITY_SECRETARY, PostKind.DISPATCHER, PostKind.STREET_LEADER, PostKind.DISTRICT_COMMAND,
)  # fmt: skip
PRINTS: Final = (*WITHDRAWS, PostKind.COMMUNITY_WORKER, PostKind.GRID_LEAD, PostKind.GRID_WORKER)
_SIGNER: Final = "petitions.posters"


@dataclass(frozen=True, slots=True)
class Printed:
    """A code as it was scanned: whether we printed it, and its area unless we withdrew it or no longer serve that."""

    is_ours: bool
    area: Area | None = None


def token_for(area: Area) -> str:
    """Return the signed code of an area, as printed now."""
    return TimestampSigner(salt=_SIGNER).sign(area.code)


def filing_page(area: Area) -> str:
    """Return the path of the filing page with this area chosen already: what a printed code leads to."""
    return f"{reverse('petition_new')}?{urlencode({'b': token_for(area)}, safe=':')}"


def read(token: str, *, on: date) -> Printed:
    """Return what a printed code says: nothing to be relied on if we did not print it."""
    if len(token) > LONGEST:
        return Printed(is_ours=False)
    try:
        code = TimestampSigner(salt=_SIGNER).unsign(token)
    except signing.BadSignature:
        return Printed(is_ours=False)
    area = places.by_code(code, on=on)
    if area is None:
        return Printed(is_ours=True)
    printed_at = datetime.fromtimestamp(b62_decode(token.split(":")[-2]), tz=UTC)
    gone = PosterRevocation.objects.filter(area__in=area.line_ids(), at__gt=printed_at)
    return Printed(is_ours=True, area=None if gone.exists() else area)


def area_of(token: str, *, on: date) -> Area | None:
    """Return the area of a printed code; None if we did not print it, withdrew it, or no longer serve the area."""
    return read(token, on=on).area


def withdraw(area: Area, *, by: Staff, at: datetime) -> PosterRevocation:
    """Make every code printed so far for an area, and for what lies in it, open nothing any more."""
    return PosterRevocation.objects.create(area=area, by=by.user, at=at)


def reach_of(by: Staff, *, on: date) -> AreaQuerySet:
    """Return the areas somebody prints posters for: where his posts stand, and all below."""
    return Area.objects.served().at(on).under_any(by.reach(*PRINTS))


def offered(reach: AreaQuerySet) -> list[Area]:
    """Return what is offered as one batch: the communities and grids of a reach, each grid after its community."""
    return list(reach.filter(level__in=(Level.COMMUNITY, Level.GRID)).order_by("path"))


def buildings(area: Area, *, on: date) -> AreaQuerySet:
    """Return the buildings that lie in an area, in the order of their paths; the area itself if it is one."""
    return Area.objects.served().at(on).under(area.path).filter(level=Level.BUILDING).order_by("path")


def with_surroundings(areas: Sequence[Area]) -> list[tuple[Area, str]]:
    """Return areas, each with the names of what it lies in; one query."""
    return [(area, " ".join(found.around)) for area, found in zip(areas, places.described(areas), strict=True)]


def may_withdraw(by: Staff, area: Area) -> bool:
    """Tell whether somebody may withdraw the codes of an area: a head whose own area holds it."""
    return by.holds(*WITHDRAWS, path=area.path)
