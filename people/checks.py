"""What must hold before we touch anybody's data."""

import stat
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's name
from django.core.exceptions import ImproperlyConfigured

from people import crypto

BLIND_KEY_CHARS = 32


@register
def check_person_keys(**_kwargs: object) -> list[CheckMessage]:
    """The person keys open and seal, nobody else reads their file, ``BLIND_INDEX_KEY`` is long enough to be a key."""
    found: list[CheckMessage] = []
    try:
        crypto.keyring()
    except ImproperlyConfigured as wrong:
        found.append(Error(str(wrong), id="people.E001"))
    if settings.PERSON_KEYS_FILE and settings.PERSON_KEYS:
        found.append(Error("Set PERSON_KEYS or PERSON_KEYS_FILE, not both.", id="people.E003"))
    file = Path(settings.PERSON_KEYS_FILE) if settings.PERSON_KEYS_FILE else None
    if file is not None and file.exists() and file.stat().st_mode & (stat.S_IRWXO | stat.S_IWGRP):
        hint = "chmod 640, owned by the account the platform runs under."
        found.append(
            Error("Others may read, or the group may change, the file of the person keys.", hint, id="people.E004")
        )
    if len(settings.BLIND_INDEX_KEY) < BLIND_KEY_CHARS:
        found.append(Error(f"BLIND_INDEX_KEY needs at least {BLIND_KEY_CHARS} characters.", id="people.E002"))
    return found


@register
def check_identity_provider(**_kwargs: object) -> list[CheckMessage]:
    """An identity provider is asked over TLS, as a client it knows; on this machine alone plain HTTP will do."""
    if not settings.OIDC_ISSUER:
        return []
    found: list[CheckMessage] = []
    issuer = urlsplit(settings.OIDC_ISSUER)
    if issuer.scheme != "https" and issuer.hostname not in {"localhost", "127.0.0.1", "::1"}:
        found.append(Error("OIDC_ISSUER must begin with https.", id="people.E010"))
    if not settings.OIDC_CLIENT_ID:
        found.append(Error("OIDC_ISSUER needs OIDC_CLIENT_ID.", id="people.E011"))
    if settings.OIDC_ACCOUNT_FIELD not in {"identity", "username"}:
        found.append(Error("OIDC_ACCOUNT_FIELD is identity or username.", id="people.E012"))
    return found


@register(Tags.security, deploy=True)
def check_audit_heads(**_kwargs: object) -> list[CheckMessage]:
    """The audit log's digest is carried out of the database to a file, and a process may write there."""
    file = settings.AUDIT_HEADS_FILE
    hint = "A path where the database's administrators cannot write; verify_audit checks the log against it."
    if file is None:
        says = "AUDIT_HEADS_FILE is not set: nobody would see that the end of the log was cut off."
        return [Warning(says, hint, id="people.W001")]
    if not file.parent.is_dir():
        return [Error("The folder of AUDIT_HEADS_FILE does not exist.", hint, id="people.E020")]
    return []
