"""Duty shifts: planning a week, giving and taking a shift, who is on duty, whose shift nobody has any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import IntegrityError, connection, transaction
from django.db.models import DateField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext as _

from deadlines.timetable import SHANGHAI, shanghai_date, timetable
from deadlines.workdays import DayKind
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import DutyPattern, DutyShift, ServiceStation
from fieldwork.permissions import SERVES_STATIONS, check_may_plan, check_may_serve
from grids.enums import Level, PostKind
from grids.models import Absence, Appointment, Area
from grids.posts import Request, recipients_for
from grids.staff import Staff
from notifications.services import NewNotice, owe
from people.errors import BadInput
from people.models import User

LONGEST: Final = timedelta(hours=24)
AHEAD: Final = timedelta(days=35)
A_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Planned:
    """What planning a week added: shifts, and those of them that nobody has."""

    new: int
    gaps: int


# -- who


def top_of(area: Area) -> str:
    """Return the path under which people come to the duty of an area: of a grid its community's."""
    return area.path.rsplit("/", 2)[0] + "/" if area.level == Level.GRID else area.path


def eligible(area: Area, *, on: date) -> QuerySet[User]:
    """Return who can be on duty in an area on a civil date, by name: active holders of its posts."""
    seats = Appointment.objects.at(on).filter(post__area__path__startswith=top_of(area), post__kind__in=SERVES_STATIONS)
    return User.objects.filter(pk__in=seats.values("user"), is_active=True).order_by("display_name", "pk")


def on_duty(area: Area, *, at: datetime) -> list[DutyShift]:
    """Return the shifts that run at an instant in an area and the areas above it, the nearest first; one query.

    They come with person, area and station. Gaps are left out.
    """
    running = DutyShift.objects.at(at).filter(area__in=area.line_ids(), user__is_active=True)
    return list(running.select_related("user", "area", "station").order_by("-area__level", "starts_at", "pk"))


def people_on_duty(area: Area, at: datetime) -> list[User]:
    """Return who is on duty there, each once, the nearest first; one query."""
    return list({shift.user_id: shift.user for shift in on_duty(area, at=at) if shift.user is not None}.values())


def ids_on_duty(area: Area, at: datetime) -> list[int]:
    """Return the user ids of who is on duty there, for the apps below (``petitions.registry.set_on_duty``)."""
    return [user.pk for user in people_on_duty(area, at)]


# -- planning


@transaction.atomic
def plan_week(area: Area, *, monday: date, by: Staff, at: datetime) -> Planned:
    """Make the shifts of a week from the patterns at and under an area. Repeating it adds what is missing.

    What has begun stays as it is. Who is absent, or sits elsewhere at that time, leaves a gap.

    :raises NotYours: if no post of ``by`` plans the duty there
    :raises BadInput: if the day is no Monday
    """
    check_may_plan(by, area)
    if monday.weekday() != 0:
        raise BadInput(_("A week begins on a Monday."), field="week")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('fieldwork.shifts', 0))")
    calendar = timetable().calendar
    patterns = list(
        DutyPattern.objects.filter(area__path__startswith=area.path, area__valid_to=None).select_related("user")
    )
    known = set(DutyShift.objects.filter(pattern__in=[one.pk for one in patterns]).values_list("pattern", "starts_at"))
    new, gaps = 0, 0
    for ahead in range(A_WEEK):
        day = monday + timedelta(days=ahead)
        away = set(Absence.objects.at(day).values_list("appointment__user", flat=True))
        for one in patterns:
            if one.weekday != day.weekday() or not _holds(one, day):
                continue
            if not one.on_holidays and calendar.kind_of(day) is DayKind.HOLIDAY:
                continue
            starts_at, ends_at = _span(day, one)
            if starts_at <= at or (one.pk, starts_at) in known:
                continue
            shift = DutyShift(
                pattern=one, area_id=one.area_id, station_id=one.station_id, starts_at=starts_at, ends_at=ends_at
            )
            free = one.user_id not in away and one.user.is_active and not _sits(one.user_id, starts_at, ends_at)
            shift.user_id, shift.was_id = (one.user_id, None) if free else (None, one.user_id)
            shift.save(force_insert=True)
            new, gaps = new + 1, gaps + (not free)
    return Planned(new, gaps)


@transaction.atomic
def add(
    *, area: Area, station: ServiceStation | None, user: User | None, starts_at: datetime, ends_at: datetime,
    by: Staff, at: datetime,
) -> DutyShift:  # fmt: skip
    """Add a single shift; without a person it is a gap for somebody to take.

    :raises NotYours: if no post of ``by`` plans the duty there
    :raises BadInput: with a wrong or too long span, one that is over, a station or a person of elsewhere
    :raises NotNow: if the person sits elsewhere at that time
    """
    check_may_plan(by, area)
    if ends_at <= starts_at or ends_at - starts_at > LONGEST:
        raise BadInput(_("A shift ends after its beginning and takes 24 hours at most."), field="ends")
    if ends_at <= at:
        raise BadInput(_("This time is over already."), field="day")
    if station is not None and station.area_id != area.pk:
        raise BadInput(_("This station lies in another area."), field="place")
    _check_eligible(area, user, starts_at)
    return _saved(DutyShift(area=area, station=station, user=user, starts_at=starts_at, ends_at=ends_at))


@transaction.atomic
def assign(shift: DutyShift, *, user: User | None, by: Staff, at: datetime) -> DutyShift:
    """Give a shift to somebody, or to nobody for now.

    :raises NotYours: if no post of ``by`` plans the duty there
    :raises BadInput: if the person serves elsewhere
    :raises NotNow: if the shift is over or handed over, or the person sits elsewhere at that time
    """
    check_may_plan(by, shift.area)
    locked = _open(shift, at)
    _check_eligible(locked.area, user, locked.starts_at)
    return _give(locked, user)


@transaction.atomic
def offer(shift: DutyShift, *, to: User | None, by: Staff, at: datetime) -> DutyShift:
    """Offer one's own shift to a colleague, or to nobody any more; it stays one's own until he takes it.

    :raises NotYours: if it is not the shift of ``by``
    :raises BadInput: if the colleague serves elsewhere
    :raises NotNow: if it is over or handed over
    """
    locked = _open(shift, at)
    if locked.user_id != by.user.pk:
        raise NotYours(_("This is not your shift."))
    if to is not None and to.pk == by.user.pk:
        raise BadInput(_("Choose a colleague."), field="user")
    _check_eligible(locked.area, to, locked.starts_at)
    locked.offered_to = to
    locked.save(update_fields=["offered_to"])
    if to is not None:
        owe([_notice(locked, "shift_offered", to.pk, at)])
    return locked


@transaction.atomic
def take(shift: DutyShift, *, by: Staff, at: datetime) -> DutyShift:
    """Take a shift that nobody has, or that was offered to one.

    :raises NotYours: if ``by`` does not serve there
    :raises NotNow: if somebody has it, it is over, or one sits elsewhere at that time
    """
    check_may_serve(by, shift.area)
    locked = _open(shift, at)
    if locked.user_id is not None and locked.offered_to_id != by.user.pk:
        raise NotNow(_("Somebody has this shift already."))
    return _give(locked, by.user)


# -- who has gone


@transaction.atomic
def free_absent(*, at: datetime) -> int:
    """Free the coming shifts of people who are absent that day or serve nowhere any more; return how many.

    Who plans there is told. A second run finds nothing more to do.
    """
    day = Func(
        Func(Value("Asia/Shanghai"), F("starts_at"), function="timezone"), function="date", output_field=DateField()
    )
    coming = DutyShift.objects.filter(starts_at__gt=at, starts_at__lt=at + AHEAD, user__isnull=False)
    user, on = OuterRef("user"), OuterRef("day")
    away = Absence.objects.filter(appointment__user=user, starts_on__lte=on, ends_on__gte=on)
    seats = Appointment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on), user=user, starts_on__lte=on, post__kind__in=SERVES_STATIONS
    )
    gone = coming.annotate(day=day).filter(Exists(away) | ~Exists(seats) | Q(user__is_active=False))
    rows = list(gone.select_for_update(of=("self",), no_key=True, skip_locked=True).select_related("area"))
    for row in rows:
        row.was_id, row.user_id, row.offered_to_id = row.user_id, None, None
        row.save(update_fields=["was", "user", "offered_to"])
    told = recipients_for(
        [Request(key=row.pk, path=row.area.path, targets=(planner_of(row.area),)) for row in rows],
        on=shanghai_date(at),
    ) if rows else {}  # fmt: skip
    owe([_notice(row, "shift_free", user_id, at) for row in rows for user_id in told[row.pk].user_ids])
    return len(rows)


def planner_of(area: Area) -> tuple[Level, PostKind]:
    """Return who is told of an area's duty: of a grid and a community the secretary, above the dispatcher."""
    if area.level >= Level.COMMUNITY:
        return Level.COMMUNITY, PostKind.COMMUNITY_SECRETARY
    return Level.STREET, PostKind.DISPATCHER


# -- inside


def _notice(shift: DutyShift, kind: str, user_id: int, at: datetime) -> NewNotice:
    return NewNotice(
        recipient_id=user_id,
        kind=kind,
        about=f"shift:{shift.pk}",
        url_path=f"/duty/{shift.pk}/",
        dedupe_key=f"{kind}:{shift.pk}:{shift.was_id or shift.user_id}:{user_id}",
        at=at,
        params={"starts_at": shift.starts_at.isoformat(), "ends_at": shift.ends_at.isoformat()},
    )


def _holds(pattern: DutyPattern, day: date) -> bool:
    begun = pattern.valid_from is None or pattern.valid_from <= day
    return begun and (pattern.valid_to is None or pattern.valid_to >= day)


def _span(day: date, pattern: DutyPattern) -> tuple[datetime, datetime]:
    last = day if pattern.ends > pattern.starts else day + timedelta(days=1)
    starts_at = datetime.combine(day, pattern.starts, tzinfo=SHANGHAI)
    return starts_at, datetime.combine(last, pattern.ends, tzinfo=SHANGHAI)


def _sits(user_id: int, starts_at: datetime, ends_at: datetime) -> bool:
    return DutyShift.objects.filter(user=user_id, starts_at__lt=ends_at, ends_at__gt=starts_at).exists()


def _check_eligible(area: Area, user: User | None, starts_at: datetime) -> None:
    if user is not None and not eligible(area, on=shanghai_date(starts_at)).filter(pk=user.pk).exists():
        raise BadInput(_("Choose somebody who holds a post there."), field="user")


def _open(shift: DutyShift, at: datetime) -> DutyShift:
    rows = DutyShift.objects.select_for_update(of=("self",), no_key=True).select_related("area")
    locked = rows.get(pk=shift.pk)
    if locked.ends_at <= at or locked.handed_at is not None:
        raise NotNow(_("This shift is over."))
    return locked


def _give(shift: DutyShift, user: User | None) -> DutyShift:
    if shift.user_id == (user.pk if user else None):
        return shift
    shift.was_id, shift.user, shift.offered_to = shift.user_id, user, None
    return _saved(shift)


def _saved(shift: DutyShift) -> DutyShift:
    try:
        with transaction.atomic():
            shift.save()
    except IntegrityError as error:
        if "shift_not_two_at_once" not in str(error):
            raise
        raise NotNow(_("This person is on duty elsewhere at that time."), field="user") from error
    return shift


def posts_of(shifts: Sequence[DutyShift], *, on: date) -> dict[int, str]:
    """Return what posts the people of these shifts hold, person by person, for who may not read names; one query."""
    users = {shift.user_id for shift in shifts if shift.user_id is not None}
    seats = Appointment.objects.at(on).filter(user__in=users, post__kind__in=SERVES_STATIONS).select_related("post")
    found: dict[int, str] = {}
    for seat in seats.order_by("-post__area__level", "post"):
        found.setdefault(seat.user_id, str(seat.post.get_kind_display()))
    return found
