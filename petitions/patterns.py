"""Patterns worth a look (值得留意): ways of closing that may deserve a second look, each with its rule in words.

A pattern opens to cases, never to persons: nobody is counted, scored or ranked, and one case may have the best of
reasons. Periods go by the day a matter was resolved (Shanghai). Thresholds are data: ``settings.PATTERN_LIMITS``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from django.conf import settings
from django.db.models import (
    BooleanField,
    CharField,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from deadlines.enums import Nature
from grids.enums import PostKind
from grids.models import Area
from grids.staff import Staff
from petitions.enums import Channel, EventCode
from petitions.kpis import bounds
from petitions.models import PetitionClock, PetitionEvent, PetitionQuerySet
from petitions.moves import RESOLUTION
from petitions.periods import Period

# a count beyond this says "and more"
CAP: Final = 500
# Who looks: those who answer for how others close (issue 3); handlers and windows do not.
LOOKS: Final = frozenset(
    {
        PostKind.COMMUNITY_SECRETARY,
        PostKind.DISPATCHER,
        PostKind.STREET_LEADER,
        PostKind.SUPERVISOR,
        PostKind.DISTRICT_COMMAND,
    }
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern: its name, its rule in words (with the limits filled in), and the cases it finds."""

    code: str
    name: Promise
    rule: Promise
    find: Callable[[PetitionQuerySet, datetime, datetime], PetitionQuerySet]

    @property
    def words(self) -> str:
        """The rule as it holds here."""
        return str(self.rule) % limits()


def limits() -> Mapping[str, int]:
    """Return the thresholds by name; what the setting does not name keeps its default."""
    return {**DEFAULTS, **settings.PATTERN_LIMITS}


def looks(staff: Staff) -> bool:
    """Tell whether one of the posts held is shown the patterns."""
    return staff.holds(*LOOKS)


def cases(pattern: Pattern, petitions: PetitionQuerySet, area: Area, *, period: Period) -> PetitionQuerySet:
    """Return those of ``petitions`` in an area, resolved in the period, that show the pattern."""
    since, until = bounds(period.start, period.end)
    return pattern.find(petitions.filter(area_path__startswith=area.path), since, until)


def counts(petitions: PetitionQuerySet, area: Area, *, period: Period) -> dict[str, int]:
    """Return how many cases each pattern finds, no more than one above ``CAP``; one query."""
    found = [
        cases(pattern, petitions, area, period=period)
        .order_by()
        .annotate(pattern=Value(pattern.code, output_field=CharField()))
        .values_list("pattern", "pk")[: CAP + 1]
        for pattern in PATTERNS.values()
    ]
    counted = dict.fromkeys(PATTERNS, 0)
    for code, _pk in found[0].union(*found[1:], all=True):
        counted[code] += 1
    return counted


def _resolved(petitions: PetitionQuerySet, since: datetime, until: datetime) -> PetitionQuerySet:
    return petitions.filter(resolved_at__gte=since, resolved_at__lt=until).exclude(channel=Channel.IMPORT)


def _just_before_due(petitions: PetitionQuerySet, since: datetime, until: datetime) -> PetitionQuerySet:
    clocks = PetitionClock.objects.filter(
        petition=OuterRef("pk"),
        stage__policy=OuterRef("policy"),
        stage__nature=Nature.DUTY,
        stage__stopped_by__in=RESOLUTION,
        stopped_at=OuterRef("resolved_at"),
        due_at__gt=F("stopped_at"),
        due_at__lte=F("stopped_at") + timedelta(minutes=limits()["before_due_minutes"]),
    )
    return _resolved(petitions, since, until).filter(Exists(clocks))


# A case belongs to a bulk if some window of that length, ending at or after it, holds that many of the same handler.
_IN_BULK: Final = """
SELECT id FROM (
    SELECT id, max(within) OVER (
        PARTITION BY handler_id ORDER BY resolved_at RANGE BETWEEN CURRENT ROW AND %s FOLLOWING
    ) AS most
    FROM (
        SELECT id, handler_id, resolved_at, count(*) OVER (
            PARTITION BY handler_id ORDER BY resolved_at RANGE BETWEEN %s PRECEDING AND CURRENT ROW
        ) AS within
        FROM petitions_petition
        WHERE resolved_at >= %s AND resolved_at < %s AND handler_id IS NOT NULL AND channel <> %s
    ) AS ending
) AS holding WHERE most >= %s
"""


def _in_bulk(petitions: PetitionQuerySet, since: datetime, until: datetime) -> PetitionQuerySet:
    span, many = timedelta(minutes=limits()["bulk_minutes"]), limits()["bulk_cases"]
    found = RawSQL(_IN_BULK, [span, span, since, until, Channel.IMPORT, many])  # noqa: S611 - parameters only
    return _resolved(petitions, since, until).filter(pk__in=found)


_SAME_TEAM: Final = """
EXISTS (
    SELECT FROM petitions_petitionevent AS verified
    JOIN grids_appointment AS one ON one.user_id = verified.by_id
    JOIN grids_post AS his ON his.id = one.post_id
    JOIN grids_appointment AS other ON other.user_id = petitions_petition.handler_id
    JOIN grids_post AS hers ON hers.id = other.post_id
    CROSS JOIN LATERAL (SELECT (verified.at AT TIME ZONE 'Asia/Shanghai')::date AS day) AS that
    WHERE verified.petition_id = petitions_petition.id AND verified.code = %s AND verified.by_id IS NOT NULL
        AND his.area_id = hers.area_id AND his.organisation_id IS NOT DISTINCT FROM hers.organisation_id
        AND one.starts_on <= that.day AND COALESCE(one.ends_on >= that.day, TRUE)
        AND other.starts_on <= that.day AND COALESCE(other.ends_on >= that.day, TRUE)
)
"""


def _own_team(petitions: PetitionQuerySet, since: datetime, until: datetime) -> PetitionQuerySet:
    return _resolved(petitions, since, until).filter(_sql(_SAME_TEAM, [EventCode.VERIFIED]))


def _without_contact(petitions: PetitionQuerySet, since: datetime, until: datetime) -> PetitionQuerySet:
    spoke = PetitionEvent.objects.filter(
        petition=OuterRef("pk"),
        code__in=(EventCode.CONTACTED, EventCode.ARRIVED, EventCode.CALLED_BACK, EventCode.SUPPLEMENTED),
        at__lte=OuterRef("resolved_at"),
    )
    return _resolved(petitions, since, until).filter(~Exists(spoke), is_anonymous=False)


def _last_hour(petitions: PetitionQuerySet, since: datetime, until: datetime) -> PetitionQuerySet:
    due = Cast(KeyTextTransform("due", "refs"), DateTimeField())
    asked = PetitionEvent.objects.filter(
        petition=OuterRef("pk"),
        code=EventCode.EXTENSION_ASKED,
        at__gte=since,
        at__lt=until,
        refs__has_key="due",
    ).annotate(left=ExpressionWrapper(due - timedelta(minutes=limits()["last_minutes"]), output_field=DateTimeField()))
    # such a matter is rarely resolved yet: it counts by the day the time was asked for
    return petitions.filter(Exists(asked.filter(left__lte=F("at"))))


def _returned_often(petitions: PetitionQuerySet, since: datetime, until: datetime) -> PetitionQuerySet:
    often = (
        PetitionEvent.objects.filter(code=EventCode.RETURNED, at__gte=since, at__lt=until)
        .order_by()
        .values("petition")
        .annotate(times=Count("pk"))
        .filter(times__gte=limits()["returns"])
        .values("petition")
    )
    return petitions.filter(pk__in=often)


def _sql(condition: str, params: list[Any]) -> Q:
    return Q(RawSQL(condition, params, output_field=BooleanField()))  # noqa: S611 - parameters only


DEFAULTS: Final[Mapping[str, int]] = {
    "before_due_minutes": 10,
    "bulk_cases": 10,
    "bulk_minutes": 5,
    "last_minutes": 60,
    "returns": 2,
}
PATTERNS: Final[Mapping[str, Pattern]] = MappingProxyType(
    {
        pattern.code: pattern
        for pattern in (
            Pattern(
                "just_before_due",
                _("Resolved just before it was due"),
                _("Resolved within %(before_due_minutes)d minutes before the time limit ended."),
                _just_before_due,
            ),
            Pattern(
                "in_bulk",
                _("Resolved in bulk"),
                _("At least %(bulk_cases)d matters with one handler were resolved within %(bulk_minutes)d minutes."),
                _in_bulk,
            ),
            Pattern(
                "own_team",
                _("Verified by the own team"),
                _("Who verified it holds a post in the same grid, community or unit as who resolved it."),
                _own_team,
            ),
            Pattern(
                "without_contact",
                _("Resolved without contact"),
                _("No call, visit or answer is recorded before it was resolved; anonymous ones are left out."),
                _without_contact,
            ),
            Pattern(
                "last_hour",
                _("More time asked for at the last hour"),
                _("More time was asked for less than %(last_minutes)d minutes before the time limit ended."),
                _last_hour,
            ),
            Pattern(
                "returned_often",
                _("Returned again and again"),
                _("It was given back at least %(returns)d times in the period."),
                _returned_often,
            ),
        )
    }
)
