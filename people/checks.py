"""What must hold before we touch anybody's data."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from people import crypto

BLIND_KEY_CHARS = 32


@register
def check_person_keys(**_kwargs: object) -> list[CheckMessage]:
    """``PERSON_KEYS`` opens and seals, ``BLIND_INDEX_KEY`` is long enough to be a key."""
    found: list[CheckMessage] = []
    try:
        crypto.keyring()
    except ImproperlyConfigured as wrong:
        found.append(Error(str(wrong), id="people.E001"))
    if len(settings.BLIND_INDEX_KEY) < BLIND_KEY_CHARS:
        found.append(Error(f"BLIND_INDEX_KEY needs at least {BLIND_KEY_CHARS} characters.", id="people.E002"))
    return found
