from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Context(TextChoices):
    """Why we know a person. One Person row per context, never joined behind his back."""

    PETITIONER = "petitioner", _("Petitioner")
    HOUSEHOLD = "household", _("Household")
    VOLUNTEER = "volunteer", _("Volunteer")
    MEMBER = "member", _("Party member")


class Language(TextChoices):
    """What we write in; the values are Django's language codes."""

    CHINESE = "zh-hans", _("Simplified Chinese")
    ENGLISH = "en", _("English")


class PersonField(TextChoices):
    """The sealed fields of a person, by the name a reveal asks for."""

    NAME = "name", _("Name")
    PHONE = "phone", _("Phone number")
    EMAIL = "email", _("E-mail address")


class ConsentPurpose(TextChoices):
    """What beyond our statutory duty a person may agree to, one by one, and take back as easily."""

    CONTACT = "contact", _("Keep my contact and send me messages about my matter")
    SENSITIVE = "sensitive", _("Use what I wrote about health, disability or a child to deal with my matter")
    PUBLICATION = "publication", _("Show my matter publicly, without name, number and address")


class Severity(TextChoices):
    """How bad a breach is for the persons."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
