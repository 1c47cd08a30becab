"""Who holds what in my areas, which terms end soon, what is vacant, who is away today and who stands in. Reads only."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from grids.models import Absence, Appointment, Area, GridMember, Organisation, Post
from grids.permissions import Register, may_keep
from grids.staff import Staff

PAGE = 50
SOON = timedelta(days=30)


class Show(TextChoices):
    """The lists of the page, in the order of its numbers."""

    ALL = "all", _("All posts")
    VACANT = "vacant", _("Vacant")
    ENDING = "ending", _("End within 30 days")
    AWAY = "away", _("Holder away today")
    UNCOVERED = "uncovered", _("Away, nobody stands in")
    SEVERAL = "several", _("Held beside other posts")


@dataclass(frozen=True, slots=True)
class Seat:
    """One appointment of a post today; ``others`` counts the further posts its holder has."""

    appointment: Appointment
    absence: Absence | None
    ends_soon: bool
    others: int
    may_hand_over: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One post with who holds it today and who comes next."""

    post: Post
    seats: tuple[Seat, ...]
    coming: tuple[Appointment, ...]
    last: Appointment | None
    may_keep: bool

    @property
    def free(self) -> int:
        """Seats that nobody holds today."""
        return max(0, self.post.seats - len(self.seats))


def posts_of(staff: Staff, show: Show, *, on: date, area: Area | None = None, words: str = "") -> QuerySet[Post]:
    """Return the posts of one list within the person's areas, from the top of the tree down."""
    found = Post.objects.visible_to(staff).at(on)
    if area is not None:
        found = found.filter(area__path__startswith=area.path)
    words = words.replace("\0", "").strip()
    if words:
        held = Appointment.objects.at(on).filter(post=OuterRef("pk"), user__display_name__icontains=words)
        found = found.filter(
            Q(Exists(held)) | Q(area__name__icontains=words) | Q(title__icontains=words)
            | Q(organisation__name__icontains=words)
        )  # fmt: skip
    return found.filter(rule_of(show, on)).order_by("area__path", "pk")


def counts(staff: Staff, *, on: date, area: Area | None = None) -> dict[Show, int]:
    """Count every list: a query each."""
    return {show: posts_of(staff, show, on=on, area=area).count() for show in Show}


def lines(posts: Sequence[Post], staff: Staff, *, on: date) -> list[Line]:
    """Return the lines of a page of posts: four queries.

    ``last``: who held a post before, whose open work may still wait for somebody.
    """
    rows = list(
        Appointment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), post__in=posts)
        .filter(user__is_active=True)
        .select_related("user")
        .order_by("starts_on", "pk")
    )
    running = [row for row in rows if row.starts_on <= on]
    away = {
        row.appointment_id: row
        for row in Absence.objects.at(on).filter(appointment__in=[row.pk for row in running]).select_related("deputy")
    }
    users = {row.user_id for row in running}
    held = dict(Appointment.objects.at(on).filter(user__in=users).order_by().values_list("user").annotate(Count("pk")))
    past = Appointment.objects.filter(post__in=posts, ends_on__lt=on).select_related("user")
    last = {row.post_id: row for row in past.order_by("post", "-ends_on", "-pk").distinct("post")}
    by_post: dict[int, list[Appointment]] = defaultdict(list)
    for row in rows:
        by_post[row.post_id].append(row)
    found = []
    for post in posts:
        keeps = may_keep(staff, Register.POSTS, post.area.path)
        seats = tuple(
            Seat(row, away.get(row.pk), _ends_soon(row, on), held.get(row.user_id, 1) - 1, keeps)
            for row in by_post[post.pk]
            if row.starts_on <= on
        )
        coming = tuple(row for row in by_post[post.pk] if row.starts_on > on)
        found.append(Line(post, seats, coming, last.get(post.pk), keeps))
    return found


def _ends_soon(row: Appointment, on: date) -> bool:
    return row.ends_on is not None and row.ends_on <= on + SOON


def rule_of(show: Show, on: date) -> Q:
    """Return which posts stand in a list on that day."""
    today = Appointment.objects.at(on).filter(post=OuterRef("pk"), user__is_active=True)
    absent = Absence.objects.at(on).filter(appointment=OuterRef("pk"))
    match show:
        case Show.VACANT:
            filled = today.order_by().values("post").annotate(n=Count("pk")).values("n")
            return Q(seats__gt=Coalesce(Subquery(filled), 0))
        case Show.ENDING:
            return Q(Exists(today.filter(ends_on__lte=on + SOON)))
        case Show.AWAY:
            return Q(Exists(today.filter(Exists(absent))))
        case Show.UNCOVERED:
            covered = absent.filter(deputy__is_active=True)
            return Q(Exists(today.filter(Exists(absent), ~Exists(covered))))
        case Show.SEVERAL:
            others = Appointment.objects.at(on).filter(user=OuterRef("user")).exclude(pk=OuterRef("pk"))
            return Q(Exists(today.filter(Exists(others))))
        case _:
            return Q()


# -- pages by key ---------------------------------------------------------------------------------------------------


def cursor_of(post: Post) -> str:
    """Return where a page that ends with this post goes on."""
    return f"{post.area.path}~{post.pk}"


def after_cursor(cursor: str) -> Q:
    """Return what stands after a cursor; everything if it is none."""
    path, mark, pk = cursor.rpartition("~")
    if not mark or not pk.isdecimal() or not path.replace("/", "").isdecimal():
        return Q()
    return Q(area__path__gt=path) | Q(area__path=path, pk__gt=int(pk[:18]))


# -- figures --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SentDown:
    """How many persons one body has in grids."""

    organisation: Organisation
    persons: int


def sent_down(paths: Sequence[str], *, on: date) -> list[SentDown]:
    """Count persons seconded to grids (人员下沉), by the body that sent them, most first."""
    scope = Q(pk__in=())
    for path in paths:
        scope |= Q(area__path__startswith=path)
    rows = (
        GridMember.objects.at(on)
        .seconded()
        .filter(scope)
        .order_by()
        .values_list("organisation")
        .annotate(n=Count("pk"))
    )
    numbers = dict(rows)
    bodies = Organisation.objects.in_bulk(numbers)
    found = [SentDown(bodies[pk], n) for pk, n in numbers.items()]
    return sorted(found, key=lambda row: (-row.persons, row.organisation.code))
