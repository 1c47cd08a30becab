"""The words of field work; imports nothing of ours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Cadence(TextChoices):
    """How often a visit is asked for: once in each calendar period of Shanghai."""

    WEEK = "week", _("once a week")
    MONTH = "month", _("once a month")
    QUARTER = "quarter", _("once a quarter")
    HALF_YEAR = "half_year", _("once in half a year")
    YEAR = "year", _("once a year")
    NEVER = "never", _("not asked for here")


class Whom(TextChoices):
    """Which households a visit is asked for."""

    EVERY = "every", _("every household")
    NOTED = "noted", _("households it is noted for")
    LINKED = "linked", _("households linked to a person, by that person")
    CARE = "care", _("households with a care recipient, as the care plan says")


class CareKind(TextChoices):
    """Who may be a care recipient (003a-25): a closed list. ``care.GROUNDS`` names the statute of each.

    There is no other kind, and none that says what somebody might do (architecture.md 3 no. 19).
    """

    ELDERLY = "elderly", _("Elderly person who needs a hand")
    CHILD = "child", _("Child left behind or in difficulty")
    DISABLED = "disabled", _("Person with a disability")
    HONOURED = "honoured", _("Family of a martyr or a soldier")
    ASSISTED = "assisted", _("Household on social assistance")


class CareConsent(TextChoices):
    """Who agreed to it."""

    SELF = "self", _("The person themself")
    GUARDIAN = "guardian", _("A parent or guardian")


class CareEnd(TextChoices):
    """Why care ended."""

    NEEDLESS = "needless", _("It is not needed any more")
    WITHDRAWN = "withdrawn", _("They took their consent back")
    MOVED = "moved", _("They moved away")
    DIED = "died", _("They died")


class VisitMode(TextChoices):
    """How a household was reached, or that it was not."""

    DOOR = "door", _("At the door")
    PHONE = "phone", _("By telephone")
    GROUP = "group", _("In the group chat")
    ABSENT = "absent", _("Nobody at home")


class Outcome(TextChoices):
    """What came of a visit, in codes."""

    WELL = "well", _("All is well")
    TOLD = "told", _("Told them something they needed to know")
    HELPED = "helped", _("Helped on the spot")
    RAISED = "raised", _("They raised a matter")
    NONE = "none", _("Nobody reached")


class LiaisonKind(TextChoices):
    """Whose telephone is in the register (004-06)."""

    LIAISON = "liaison", _("Public-sentiment liaison")
    ELDERLY = "elderly", _("Elderly person with a telephone")


class State(TextChoices):
    """How a household stands with one kind of visit, most pressing first."""

    LATE = "late", _("Overdue")
    SOON = "soon", _("Due soon")
    DUE = "due", _("To visit")


class StationKind(TextChoices):
    """What stations there are: a closed list; ``STATION_LEVELS`` says at which levels each may stand."""

    CENTRE = "centre", _("Party–mass service centre")
    COMMUNITY = "community", _("community service station")
    CONVENIENCE = "convenience", _("convenience service station")
    RED = "red", _("red station")
    PRACTICE = "practice", _("civilisation practice station")
    ELDERLY = "elderly", _("care station for the elderly")
    CANTEEN = "canteen", _("canteen for the elderly")
    MEETING = "meeting", _("grid meeting point")
    HOME = "home", _("meeting point at the grid lead's home")
    SOCIAL = "social", _("social work point")
    WATCH = "watch", _("neighbour watch point")
    TALK = "talk", _("point to talk things over")


class HoursBy(TextChoices):
    """Where a station's opening hours are written."""

    OWN = "own", _("hours of its own")
    HALL = "hall", _("as the service hall of its area")
    ALWAYS = "always", _("day and night")
    CALL = "call", _("by arrangement: people call first")


class HolidayHours(TextChoices):
    """What a station does on a public holiday; the values are those of ``deadlines.hours.OnHoliday``."""

    CLOSED = "closed", _("closed")
    AS_WEEKDAY = "as_weekday", _("as on that day of the week")
    AS_SUNDAY = "as_sunday", _("as on Sundays")


class MakeupHours(TextChoices):
    """What a station does on a make-up working day; the values are those of ``deadlines.hours.OnMakeup``."""

    AS_MONDAY = "as_monday", _("as on Mondays")
    AS_WEEKDAY = "as_weekday", _("as on that day of the week")


class Rhythm(TextChoices):
    """On which days a patrol is walked."""

    DAILY = "daily", pgettext_lazy("rhythm", "every day")
    WORKDAYS = "workdays", _("on working days of the work calendar")
    WEEKDAYS = "weekdays", _("on certain weekdays")


class RoundState(TextChoices):
    """What became of one round of a patrol on its day."""

    OPEN = "open", _("To walk")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", _("Done")
    MISSED = "missed", _("Not done")


class RoundReason(TextChoices):
    """Why a round was not walked. Deliberately coarse: an illness is nobody's business here."""

    WEATHER = "weather", _("Weather")
    ELSEWHERE = "elsewhere", _("Needed elsewhere")
    NOBODY = "nobody", _("Nobody was there to walk it")
    OTHER = "other", _("Another reason")


class HouseUse(TextChoices):
    """What a house is used for."""

    HOME = "home", _("Home")
    MIXED = "mixed", _("Home and business")
    BUSINESS = "business", _("Shop or office")
    OTHER = "other", _("Something else")


class HouseState(TextChoices):
    """Whether somebody lives there."""

    LIVED_IN = "lived_in", _("Lived in")
    EMPTY = "empty", _("Empty")
    WORKS = "works", _("Being built or rebuilt")
    UNKNOWN = "unknown", _("Not known yet")


class Equipment(TextChoices):
    """What a building has, in codes."""

    LIFT = "lift", _("Lift")
    RAMP = "ramp", _("Step-free entrance")
    ENTRYPHONE = "entryphone", _("Entry phone")
    HYDRANT = "hydrant", _("Fire hydrants")
    CHARGING = "charging", _("Charging points")
    GAS = "gas", _("Piped gas")
    HEATING = "heating", _("Central heating")
    PUMP = "pump", _("Water pumps")


class FileChange(TextChoices):
    """What kind of thing changed in a file."""

    OPENED = "opened", _("Written down")
    IMPORTED = "imported", _("Written down from a file")
    CONTACT = "contact", _("Who may be asked")
    PERSON_ADDED = "person_added", _("A person of the household was added")
    PERSON_GONE = "person_gone", _("A person of the household moved out")
    NOTED = "noted", _("A reason for visits was noted")
    NOTE_ENDED = "note_ended", _("A reason for visits ended")
    LINKED = "linked", _("Somebody keeps contact")
    UNLINKED = "unlinked", _("Somebody no longer keeps contact")
    CLOSED = "closed", pgettext_lazy("station", "Closed")
    HOUSE = "house", _("Use, state or floor of a house")
    SHEET = "sheet", _("Floors, year or equipment of the building")
    COPIED = "copied", _("They asked for a copy of their data")
    CORRECTED = "corrected", _("They corrected their data")
    ERASED = "erased", _("They had their data erased")


class LoanEnd(TextChoices):
    """How a loan ended."""

    BACK = "back", _("back")
    BROKEN = "broken", _("back, but broken")
    LOST = "lost", _("lost")


class AdviserKind(TextChoices):
    """Professionals who come to a community on their days."""

    LEGAL = "legal", _("legal adviser")
    HEALTH = "health", _("health officer")
    MEDIATOR = "mediator", _("mediator")
    COUNSELLOR = "counsellor", _("counsellor")
    OTHER = "other", _("somebody else")


class LegalRole(TextChoices):
    """Residents who know the law and pass it on (003a-20)."""

    INFORMED = "informed", _("Legally informed resident")
    LEADER = "leader", _("Leader in the rule of law")


class BulletinState(TextChoices):
    """How a notice to residents stands."""

    WAITING = "waiting", _("waits to be approved")
    PUBLISHED = "published", pgettext_lazy("notice", "published")
    REFUSED = "refused", pgettext_lazy("notice", "not approved")
    WITHDRAWN = "withdrawn", pgettext_lazy("notice", "taken down")


class EmergencyKind(TextChoices):
    """Why an area works in emergency mode."""

    EPIDEMIC = "epidemic", _("Epidemic")
    FLOOD = "flood", _("Flood")
    TYPHOON = "typhoon", _("Typhoon")
    SNOW = "snow", _("Snow and ice")
    OTHER = "other", _("Another emergency")
