"""How wrong passwords are counted (django-axes does the counting, in the database).

Three rules, so that nobody shuts a colleague out by typing his name:

* Wrong passwords for an account count together only when they come from one address; SIGN_IN_TRIES of them close
  that door for that address alone.
* A device on which somebody has signed in before (it carries a signed cookie) counts by itself for that person.
  A whole office sits behind one address: what others type there does not touch whoever works at his own device.
* An address from which SIGN_IN_TRIES_PER_ADDRESS passwords were wrong, whichever names were tried, has to wait too;
  known devices do not.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.db.models import Max, Q, Sum
from django.http import HttpRequest, HttpResponse

from people import crypto
from people.models import User

COOKIE: Final = "linli_device"
COOKIE_SECONDS: Final = 180 * 24 * 3600
SALT: Final = "people.lockout.device"
# How many people a device remembers: a shared computer at a window, not a list of the staff.
REMEMBERED: Final = 12
MARK: Final = "#"  # no user name holds it


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return under which name a try is counted: the one typed, with the device's own mark if it knows the person."""
    name = str((credentials or {}).get("username") or request.POST.get("username", ""))[:150].replace("\0", "")
    device = _device(request)
    return f"{name}{MARK}{device['id']}" if _trace(name) in device["who"] else name


def counted_by(request: HttpRequest, credentials: dict[str, Any] | None) -> list[str | list[str]]:
    """Return what tries are counted by, as axes wants it."""
    if MARK in name_tried(request, credentials):
        return ["username"]
    return [["username", "ip_address"], "ip_address"]


class DoorHandler(AxesDatabaseHandler):  # type: ignore[misc]  # axes ships no types
    """Axes' own, with a higher limit for an address than for an account."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Return the failures that count, on the scale of SIGN_IN_TRIES."""
        counted = zip(counted_by(request, credentials), self.get_user_attempts(request, credentials), strict=True)
        return max(
            _weighed(by, attempts.aggregate(n=Sum("failures_since_start"))["n"] or 0) for by, attempts in counted
        )

    def open_again_at(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> datetime | None:
        """Return when the door opens again; None if it is open."""
        counted = zip(counted_by(request, credentials), self.get_user_attempts(request, credentials), strict=True)
        found = [
            (by, attempts.aggregate(n=Sum("failures_since_start"), last=Max("attempt_time")))
            for by, attempts in counted
        ]
        shut = [row["last"] for by, row in found if _weighed(by, row["n"] or 0) >= settings.SIGN_IN_TRIES]
        return max(shut) + timedelta(minutes=settings.SIGN_IN_COOL_OFF_MINUTES) if shut else None


def _weighed(by: str | list[str], failures: int) -> int:
    if by == "ip_address":
        return int(failures * settings.SIGN_IN_TRIES // settings.SIGN_IN_TRIES_PER_ADDRESS)
    return failures


def unlock(user: User) -> int:
    """Forget the wrong passwords counted for an account, wherever they were typed; return how many rows."""
    name = user.get_username()
    counted = AccessAttempt.objects.filter(Q(username=name) | Q(username__startswith=f"{name}{MARK}"))
    return int(counted.delete()[0])


def purge(*, at: datetime) -> int:
    """Delete what no longer counts; return how many rows."""
    over = at - timedelta(minutes=settings.SIGN_IN_COOL_OFF_MINUTES)
    return int(AccessAttempt.objects.filter(attempt_time__lt=over).delete()[0])


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Note on the device that this person has signed in here."""
    device = _device(request)
    traces = [trace for trace in device["who"] if trace != _trace(user.get_username())]
    device["who"] = [*traces, _trace(user.get_username())][-REMEMBERED:]
    response.set_signed_cookie(
        COOKIE,
        signing.dumps(device, salt=SALT),
        salt=SALT,
        max_age=COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/login/",
    )


def _device(request: HttpRequest) -> dict[str, Any]:
    """Return what a device remembers; a new device where there is no cookie of ours."""
    try:
        cookie = request.get_signed_cookie(COOKIE, salt=SALT, max_age=COOKIE_SECONDS) or ""
        device: dict[str, Any] = signing.loads(cookie, salt=SALT)
    except (KeyError, signing.BadSignature):
        return {"id": secrets.token_hex(8), "who": []}
    return device


def _trace(name: str) -> str:
    """Return what stands for a user name on a device: nobody reads from it who works there."""
    return crypto.blind(name, purpose="device").hex()[:16]
