"""Making clients and their keys: shown once, kept as a digest, replaced one after the other, revoked at once."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from gateway.models import Client, Key
from people.errors import BadInput, NotAllowedNow
from people.models import User

MARK: Final = "linli"
PREFIX_BYTES, SECRET_BYTES = 5, 32
LONGEST: Final = timedelta(days=730)
# At most so many keys open at once: the one in use, and the one that takes over.
OPEN_KEYS: Final = 2


@dataclass(frozen=True, slots=True)
class Issued:
    """A key with its secret, for the one page that shows it."""

    key: Key
    secret: str


@transaction.atomic
def add_client(client: Client, *, at: datetime) -> Client:
    """Save a new client with the account that stands in the history for it; nobody can sign in with that.

    :raises ValidationError: if a right hangs in the air
    """
    client.account = User.objects.create(
        username=f"api-{client.pk.hex[:12]}",
        password=make_password(None),
        display_name=client.name,
        is_active=False,
        is_staff=False,
    )
    client.created_at = at
    client.full_clean(exclude=["account"])
    client.save(force_insert=True)
    return client


@transaction.atomic
def issue_key(client: Client, *, by: User, at: datetime, expires_at: datetime) -> Issued:
    """Make a key; its secret is in what is returned and nowhere else.

    A client changes its key without a gap: it gets a second one, takes it into use, and the first is revoked.

    :param expires_at: two years ahead at most
    :raises BadInput: if that is no such moment
    :raises NotAllowedNow: if two keys are open already
    """
    if not at < expires_at <= at + LONGEST:
        raise BadInput(_("A key is valid for two years at most, and not into the past."), field="expires_on")
    locked = Client.objects.select_for_update().get(pk=client.pk)
    if locked.keys.filter(revoked_at=None, expires_at__gt=at).count() >= OPEN_KEYS:
        raise NotAllowedNow(_("Two keys are open already. Please revoke one first."))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    prefix = secrets.token_hex(PREFIX_BYTES)
    key = Key.objects.create(
        client=locked, prefix=prefix, digest=digest_of(secret), created_at=at, created_by=by, expires_at=expires_at
    )
    return Issued(key, f"{MARK}_{prefix}_{secret}")


@transaction.atomic
def revoke_key(key: Key, *, at: datetime) -> Key:
    """End a key at once; revoking it again changes nothing."""
    locked = Key.objects.select_for_update().get(pk=key.pk)
    if locked.revoked_at is None:
        locked.revoked_at = at
        locked.save(update_fields=["revoked_at"])
    return locked


@sensitive_variables("secret")
def digest_of(secret: str) -> bytes:
    """Return what is kept of a secret. It is 256 random bits: nothing slower is needed, every request asks it."""
    return hashlib.sha256(secret.encode()).digest()


def key_of(given: str, *, at: datetime) -> Key | None:
    """Return the open key that somebody shows, with its client; None for any other. One query."""
    mark, _line, rest = given.partition("_")
    prefix, _line, secret = rest.partition("_")
    if mark != MARK or len(prefix) != PREFIX_BYTES * 2 or not secret or not given.isascii():
        return None
    found = Key.objects.select_related("client__account", "client__area").filter(prefix=prefix).first()
    if found is None or not secrets.compare_digest(bytes(found.digest), digest_of(secret)):
        return None
    return found if found.revoked_at is None and at < found.expires_at else None
