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
