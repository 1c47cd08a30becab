"""What happens at the door, and the sessions behind it.

Every event goes through ``note``: the one place where an audit log, or whoever must be told, hooks in
(``people.registry.listen``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final, Self

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from people import addresses, devices
from people.enums import SignInKind
from people.models import Session, User
from people.registry import SignInEvent, tell, tenure_of
from people.sessions import SessionStore

STAMP: Final = "signin"
ENDED: Final = "signed_out_because"
# How exact "last seen" is: a session is written once in so long, not with every page.
SEEN_SECONDS: Final = 300


class Means(StrEnum):
    """How somebody proved who he is."""

    PASSWORD = "password"  # noqa: S105 - the name of a means
    IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody showed at the door: ``factor`` is "code", "recovery", "provider", or empty."""

    means: Means = Means.PASSWORD
    factor: str = ""


class Ended(StrEnum):
    """Why a session is over."""

    IDLE = "idle"
    HOURS = "hours"
    POST = "post"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a session knows of its sign-in. Instants are whole seconds since 1970."""

    began: int
    seen: int
    device: str = ""
    network: str = ""
    means: str = Means.PASSWORD
    factor: str = ""
    until: str = ""

    @classmethod
    def of(cls, session: Mapping[str, Any] | SessionBase) -> Self | None:
        """Return the stamp of a session; None if it has none that can be read."""
        try:
            return cls(**session.get(STAMP, {}))
        except TypeError:
            return None

    def over(self, *, at: datetime) -> Ended | None:
        """Say why the session is over ``at`` an instant; None while it is not."""
        now = int(at.timestamp())
        if now - self.began >= settings.SESSION_HOURS * 3600:
            return Ended.HOURS
        if now - self.seen >= settings.SESSION_IDLE_MINUTES * 60:
            return Ended.IDLE
        if self.until and timezone.localdate(at) > date.fromisoformat(self.until):
            return Ended.POST
        return None


def note(
    kind: SignInKind,
    *,
    at: datetime,
    user: User | None = None,
    by: User | None = None,
    request: HttpRequest | None = None,
    **details: object,
) -> None:
    """Say what happened at the door, once; ``details`` are codes and counts, never words about a person."""
    network = addresses.shortened(addresses.client_address(request)) if request is not None else ""
    tell(SignInEvent(kind=kind, at=at, user=user, by=by, network=network, details=details))


def stamp(request: HttpRequest, user: User, *, at: datetime, proof: Proof) -> None:
    """Write into a fresh session when, where and how it began, and how long its posts last."""
    tenure = tenure_of(user, timezone.localdate(at))
    now = int(at.timestamp())
    request.session[STAMP] = {
        "began": now,
        "seen": now,
        "device": devices.recognise(request.META.get("HTTP_USER_AGENT", "")),
        "network": addresses.shortened(addresses.client_address(request)),
        "means": proof.means,
        "factor": proof.factor,
        "until": tenure.until.isoformat() if tenure.until else "",
    }


def see(session: SessionBase, found: Stamp, *, at: datetime) -> None:
    """Note that the session is in use, at most once in ``SEEN_SECONDS``."""
    now = int(at.timestamp())
    if now - found.seen >= min(SEEN_SECONDS, settings.SESSION_IDLE_MINUTES * 60 // 4):
        session[STAMP] = {**session[STAMP], "seen": now}


def prove(session: SessionBase, *, factor: str) -> None:
    """Note that a second factor was shown in this session after all."""
    session[STAMP] = {**session[STAMP], "factor": factor}


def on_signed_in(sender: object, *, request: HttpRequest, user: User, **_kwargs: object) -> None:  # noqa: ARG001
    """Stamp every session that Django signs in (receiver of ``user_logged_in``)."""
    at = timezone.now()
    proof = getattr(request, "proof", Proof())
    stamp(request, user, at=at, proof=proof)
    note(SignInKind.SIGNED_IN, at=at, user=user, request=request, means=proof.means, factor=proof.factor)


def on_signed_out(sender: object, *, request: HttpRequest, user: User | None, **_kwargs: object) -> None:  # noqa: ARG001
    """Receiver of ``user_logged_out``."""
    if user is not None:
        note(SignInKind.SIGNED_OUT, at=timezone.now(), user=user, request=request)


def on_refused(sender: object, *, request: HttpRequest | None = None, **_kwargs: object) -> None:  # noqa: ARG001
    """Receiver of ``user_login_failed``. Whose name was typed is not told: it may be a slip, or a password."""
    note(SignInKind.REFUSED, at=timezone.now(), request=request)


def on_locked_out(sender: object, *, request: HttpRequest, **_kwargs: object) -> None:  # noqa: ARG001
    """Receiver of axes' ``user_locked_out``."""
    note(SignInKind.LOCKED_OUT, at=timezone.now(), request=request)


# -- sessions of one account ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One place where an account is signed in. ``handle`` names it to its owner and opens nothing."""

    handle: str
    device: str
    network: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def handle_of(session_key: str) -> str:
    """Return what names a session on a page: from it the key cannot be found."""
    return sha256(f"session {session_key}".encode()).hexdigest()[:20]


def open_sessions(user: User, *, this: str | None, at: datetime) -> list[OpenSession]:
    """Return where the account is signed in, this place first, then the last seen. One query."""
    epoch = user.get_session_auth_hash()
    found = []
    for row in Session.objects.filter(user=user, expire_date__gt=at):
        data = SessionStore().decode(row.session_data)
        known = Stamp.of(data)
        if known is None or known.over(at=at) or data.get(HASH_SESSION_KEY) != epoch:
            continue
        found.append(
            OpenSession(
                handle=handle_of(row.session_key),
                device=devices.in_words(known.device),
                network=known.network,
                began_at=datetime.fromtimestamp(known.began, UTC),
                seen_at=datetime.fromtimestamp(known.seen, UTC),
                is_this=row.session_key == this,
            )
        )
    return sorted(found, key=lambda one: (not one.is_this, -one.seen_at.timestamp()))


def end_session(user: User, handle: str, *, at: datetime) -> bool:
    """End one session of the account at once; return whether there was one of that name."""
    keys = Session.objects.filter(user=user).values_list("session_key", flat=True)
    key = next((key for key in keys if handle_of(key) == handle), None)
    ended = key is not None and Session.objects.filter(session_key=key, user=user).delete()[0] > 0
    if ended:
        note(SignInKind.SESSIONS_ENDED, at=at, user=user, count=1)
    return ended


def end_other_sessions(user: User, *, this: str | None, at: datetime) -> int:
    """End every session of the account but this one; return how many."""
    ended = Session.objects.filter(user=user).exclude(session_key=this).delete()[0]
    if ended:
        note(SignInKind.SESSIONS_ENDED, at=at, user=user, count=ended)
    return ended


def end_all_sessions(user: User, *, by: User, at: datetime) -> int:
    """End every session of somebody else's account; return how many."""
    ended = Session.objects.filter(user=user).delete()[0]
    note(SignInKind.SESSIONS_ENDED, at=at, user=user, by=by, count=ended)
    return ended


def purge(*, at: datetime) -> int:
    """Delete sessions that are over by the clock; return how many."""
    over = Session.objects.filter(expire_date__lt=at)
    idle = at - timedelta(hours=settings.SESSION_HOURS)
    return over.delete()[0] + Session.objects.filter(user__isnull=False, expire_date__lt=idle).delete()[0]


def is_signed_in(session: SessionBase) -> bool:
    """Whether the session belongs to an account; asks the database for the session alone."""
    return SESSION_KEY in session
