"""Who hears of a registration: the community that decides, and the volunteer or who agrees for him."""

from datetime import datetime

from deadlines.timetable import shanghai_date
from grids.enums import Level, PostKind
from grids.posts import Request, recipients_for
from notifications.services import NewNotice, hush, owe
from volunteers.models import Guardian, Volunteer

ABOUT = "volunteer:"
OWN_PAGE = "/mine/volunteer/"
DECIDES = ((Level.COMMUNITY, PostKind.COMMUNITY_SECRETARY), (Level.COMMUNITY, PostKind.COMMUNITY_WORKER))


def tell_community(row: Volunteer, kind: str, *, at: datetime) -> int:
    """Owe whoever decides there a notice, once for each application; never nobody. ``row`` comes with its home."""
    told = recipients_for([Request(key=row.pk, path=row.home.path, targets=DECIDES)], on=shanghai_date(at))
    return owe(
        [
            NewNotice(
                recipient_id=user_id,
                kind=kind,
                about=f"{ABOUT}{row.pk}",
                url_path=f"/volunteers/desk/{row.pk}/",
                dedupe_key=f"{kind}:{row.pk}:{int(at.timestamp())}:{user_id}",
                at=at,
                params={"area": row.home.code},
            )
            for user_id in told[row.pk].user_ids
        ]
    )


def tell_volunteer(row: Volunteer, *, agreed: bool, at: datetime) -> int:
    """Owe the answer to the volunteer, or where he has no number to who agrees for him; the reason stays on our page.

    ``row`` comes with its person. One query for a minor.
    """
    person = row.person
    if not person.phone_sealed:
        guardian = Guardian.objects.filter(volunteer=row, ends_on=None).select_related("person").first()
        person = guardian.person if guardian is not None else person
    return owe(
        [
            NewNotice(
                person_id=person.pk,
                kind="volunteer_decided",
                about=f"{ABOUT}{row.pk}",
                url_path=OWN_PAGE,
                dedupe_key=f"volunteer_decided:{row.pk}:{int(at.timestamp())}",
                at=at,
                params={"agreed": agreed},
            )
        ]
    )


def hush_about(row: Volunteer) -> None:
    """Send nothing more to who has left."""
    hush(about=f"{ABOUT}{row.pk}")
