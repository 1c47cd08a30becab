"""The words of volunteers; imports nothing of ours."""

from typing import Final

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    """Where a registration stands. ``transitions.LEADS_TO`` says what may follow."""

    WAITING = "waiting", _("waits for the community")
    ACTIVE = "active", pgettext_lazy("volunteer", "registered")
    REFUSED = "refused", pgettext_lazy("volunteer", "not taken on")
    SUSPENDED = "suspended", pgettext_lazy("volunteer", "suspended: the consent is lacking")
    LEFT = "left", pgettext_lazy("volunteer", "has left")
    MERGED = "merged", pgettext_lazy("volunteer", "joined to another registration")


# who stands in the register; the others are kept for what they did
LIVE: Final = frozenset({State.WAITING, State.ACTIVE, State.SUSPENDED})
OVER: Final = frozenset({State.LEFT, State.MERGED})


class Skill(TextChoices):
    """What a volunteer says he can do: a closed list, so that nothing about him is written in free words."""

    COMPANY = "company", _("keeping elderly neighbours company")
    CHILDREN = "children", _("looking after children, homework")
    LESSONS = "lessons", _("teaching a class")
    REPAIRS = "repairs", _("small repairs")
    HAIR = "hair", _("cutting hair")
    COOKING = "cooking", _("cooking, delivering meals")
    DIGITAL = "digital", _("helping with telephones and computers")
    PAPERS = "papers", _("helping with forms and errands")
    HEALTH = "health", _("health and first aid")
    TALKING = "talking", _("listening and comforting")
    LAW = "law", _("explaining the law")
    MEDIATION = "mediation", _("settling disputes")
    ARTS = "arts", _("arts, sports, celebrations")
    ORDER = "order", _("keeping order, patrols")
    CLEANING = "cleaning", _("cleaning up, sorting waste")
    DRIVING = "driving", _("driving, carrying")
    LANGUAGE = "language", _("sign language, dialects, foreign languages")
    WRITING = "writing", _("writing, photographs")


class DayPart(IntegerChoices):
    """A part of a day."""

    MORNING = 1, _("morning")
    AFTERNOON = 2, _("afternoon")
    EVENING = 3, _("evening")


class QualificationKind(TextChoices):
    """Papers that an activity may ask for."""

    FIRST_AID = "first_aid", _("first aid certificate")
    MEDICAL = "medical", _("doctor or nurse")
    TEACHER = "teacher", _("teacher")
    SOCIAL = "social", _("social worker")
    MIND = "mind", _("psychological counsellor")
    LAWYER = "lawyer", pgettext_lazy("qualification", "lawyer")
    ELECTRICIAN = "electrician", _("electrician")
    DRIVER = "driver", _("driving licence")
    LIFEGUARD = "lifeguard", _("lifeguard")
    SIGN = "sign", _("sign language interpreter")


class ServiceKind(TextChoices):
    """Where a service takes somebody: what minors may do depends on it."""

    AT_HOME = "at_home", _("in somebody's home")
    AT_PLACE = "at_place", _("at a public place")
    REMOTE = "remote", _("by telephone or online")


class Unfit(TextChoices):
    """Why a volunteer may not serve, so that a page can say it."""

    NOT_REGISTERED = "not_registered", _("The community has not taken the registration on, or it has ended.")
    NO_CONSENT = "no_consent", _("A parent or guardian has taken the consent back.")
    MINOR_AT_HOME = "minor_at_home", _("Under 18: no visits to homes.")
    MINOR_AT_NIGHT = "minor_at_night", _("Under 18: not between 22:00 and 6:00.")


class VolunteerCode(TextChoices):
    """What happens to a registration, in its history."""

    REGISTERED = "registered", _("registered")
    ON_BEHALF = "on_behalf", _("registered by the community on behalf")
    APPROVED = "approved", _("taken on")
    REFUSED = "refused", pgettext_lazy("volunteer", "not taken on")
    AGAIN = "again", _("applied again")
    CHANGED = "changed", pgettext_lazy("volunteer", "changed")
    WITHDRAWN = "withdrawn", _("consent taken back")
    CONSENTED = "consented", _("consent given again")
    OF_AGE = "of_age", _("came of age")
    LEFT = "left", pgettext_lazy("volunteer", "has left")
    MERGED = "merged", pgettext_lazy("volunteer", "joined to another registration")
    COPIED = "copied", _("copy of the data given")


class TeamKind(TextChoices):
    """What a team of volunteers is: each grid has one (000-74), red vests 红马甲 (002-31), an organisation's own."""

    GRID = "grid", _("team of the grid")
    RED_VEST = "red_vest", _("red vests")
    ORGANISATION = "organisation", _("team of an organisation")


class PartnerKind(TextChoices):
    """The nine categories of Happy Home partners (001-24); the source counts them, the names are ours."""

    NEIGHBOUR = "neighbour", _("neighbour who is keen to help")
    RETIRED = "retired", _("retired person")
    YOUTH = "youth", _("student or young person")
    PROFESSION = "profession", _("professional such as a teacher, doctor or lawyer")
    MERCHANT = "merchant", _("shopkeeper")
    COURIER = "courier", _("courier, driver or other new form of work")
    PROPERTY = "property", _("property management")
    UNIT = "unit", _("employee of a unit in the area")
    SOCIAL = "social", _("social organisation")


class PartnerDuty(TextChoices):
    """The six duties of Happy Home partners (001-24); the source counts them, the names are ours."""

    TELLS = "tells", _("telling the community what residents need")
    EXPLAINS = "explains", _("explaining policy and rules")
    HELPS = "helps", _("helping neighbours")
    SETTLES = "settles", _("settling disputes early")
    WATCHES = "watches", _("keeping an eye on safety and order")
    STANDS_BY = "stands_by", _("standing by in an emergency")


class PartnerMode(TextChoices):
    """When a partner serves: in normal times 平时, in an emergency 战时, or both."""

    PEACE = "peace", _("in normal times")
    EMERGENCY = "emergency", _("in an emergency")
    BOTH = "both", _("both")
