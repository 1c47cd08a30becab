from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Context(TextChoices):
    """Why we know a person. One Person row per context, never joined behind his back."""

    PETITIONER = "petitioner", _("Petitioner")
    HOUSEHOLD = "household", _("Household")
    VOLUNTEER = "volunteer", _("Volunteer")
    MEMBER = "member", _("Party member")
    LIAISON = "liaison", _("Liaison")
    BORROWER = "borrower", _("Borrower")
    TEAM = "team", _("Patrol team")
    CARE = "care", _("Care recipient")
    MICRO_GRID = "micro_grid", _("Micro-grid")
    LEGAL = "legal", _("Legally informed resident")
    GUARDIAN = "guardian", _("Parent or guardian of a volunteer")


class Language(TextChoices):
    """What we write in; the values are Django's language codes."""

    CHINESE = "zh-hans", _("Simplified Chinese")
    ENGLISH = "en", _("English")


class PersonField(TextChoices):
    """The sealed fields of a person, by the name a reveal asks for."""

    NAME = "name", _("Name")
    PHONE = "phone", _("Phone number")
    EMAIL = "email", _("E-mail address")


class AuditKind(TextChoices):
    """What the audit log tells apart beside what happens at the door."""

    ACCOUNT = "account", _("Account changed")
    POST = "post", _("Post or appointment changed")
    REVEALED = "revealed", _("Sealed data looked at")
    EXPORTED = "exported", _("Exported")
    EDITED = "edited", _("Edited in the registers")
    RIGHTS = "rights", _("Request of a data subject")
    PURGED = "purged", _("Purged after its time")
    KEYS = "keys", _("Keys rotated")


class ConsentPurpose(TextChoices):
    """What beyond our statutory duty a person may agree to, one by one, and take back as easily."""

    CONTACT = "contact", _("Keep my contact and send me messages about my matter")
    SENSITIVE = "sensitive", _("Use what I wrote about health, disability or a child to deal with my matter")
    PUBLICATION = "publication", _("Show my matter publicly, without name, number and address")
    CARE = "care", _("Note why I need a hand, and come to see me")
    VOLUNTEER = "volunteer", _("Keep what I offer as a volunteer, and offer me tasks")
    GUARDIAN = "guardian", _("Let my child help as a volunteer")
    MEMBER = "member", _("Keep my name and number as a member of a Party organisation")


class Severity(TextChoices):
    """How bad a breach is for the persons."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class SignInKind(TextChoices):
    """What happens at the door."""

    SIGNED_IN = "signed_in", _("Signed in")
    REFUSED = "refused", _("Sign-in refused")
    LOCKED_OUT = "locked_out", _("Locked out")
    UNLOCKED = "unlocked", _("Unlocked")
    SIGNED_OUT = "signed_out", _("Signed out")
    SESSIONS_ENDED = "sessions_ended", _("Sessions ended")
    FACTOR_SET_UP = "factor_set_up", _("Second factor set up")
    FACTOR_REFUSED = "factor_refused", _("Wrong code")
    FACTOR_BLOCKED = "factor_blocked", _("Too many wrong codes")
    FACTOR_RESET = "factor_reset", _("Second factor reset")
    RECOVERY_CODE_USED = "recovery_code_used", _("Recovery code used")
    RECOVERY_CODES_MADE = "recovery_codes_made", _("New recovery codes")
    PASSWORD_CHANGED = "password_changed", _("Password changed")
