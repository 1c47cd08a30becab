"""The second factor: setting it up, asking for it, and what to do when the telephone is gone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from people import passcodes, signins
from people.enums import SignInKind
from people.errors import BadInput, NotAllowed, NotAllowedNow, Refusal
from people.models import Authenticator, FactorReset, RecoveryCode, User
from people.registry import tenure_of

# Five wrong codes in a row (three steps of thirty seconds fit at any time: 15 in a million), then a quarter of an hour.
TRIES: Final = 5
BLOCKED: Final = timedelta(minutes=15)
# A secret that was shown and not confirmed in this time is shown no more.
SHOWN_FOR: Final = timedelta(minutes=20)
REASON_CHARS: Final = (4, 200)
# An authenticator app lists its accounts by this name.
ISSUER: Final = "Linli"


class Blocked(Refusal):
    """Too many wrong codes; ``until`` says when codes are taken again."""

    status = 429

    def __init__(self, until: datetime) -> None:
        words = _("Too many wrong codes. Codes for this account are taken again at %(time)s.")
        super().__init__(words % {"time": timezone.localtime(until).strftime("%H:%M")}, field="code")
        self.until = until


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret waiting to be confirmed: in groups of four, and as the address that the QR code carries."""

    spelt: str
    address: str


def is_set_up(user: User) -> bool:
    """Whether the account has a second factor. One query."""
    return Authenticator.objects.filter(user=user, confirmed_at__isnull=False).exists()


def is_required(user: User, *, at: datetime) -> bool:
    """Whether the account may not be without one, by the posts held that day (SECOND_FACTOR, SECOND_FACTOR_POSTS)."""
    if not settings.SECOND_FACTOR:
        return False
    return user.is_superuser or not tenure_of(user, timezone.localdate(at)).kinds.isdisjoint(
        settings.SECOND_FACTOR_POSTS
    )


@transaction.atomic
def begin(user: User, *, at: datetime) -> None:
    """Make a new secret to be shown and confirmed; one in force stays in force until then."""
    own, _made = Authenticator.objects.select_for_update().get_or_create(user=user)
    own.next_secret = passcodes.new_secret()
    own.next_at = at
    own.save(update_fields=["next_sealed", "next_at"])


def waiting(user: User, *, at: datetime) -> NewSecret | None:
    """Return the secret that waits to be confirmed; None if there is none, or it was shown too long ago."""
    own = Authenticator.objects.filter(user=user).first()
    if own is None or own.next_at is None or at - own.next_at > SHOWN_FOR or not own.next_secret:
        return None
    secret = own.next_secret
    return NewSecret(
        spelt=passcodes.spelt(secret),
        address=passcodes.address_for_app(secret, account=user.get_username(), issuer=ISSUER),
    )


@sensitive_variables("code", "typed", "codes")
def confirm(user: User, *, code: str, at: datetime) -> list[str]:
    """Put the waiting secret in force by its first code; return the recovery codes, which are shown this once.

    :raises NotAllowedNow: if no secret waits
    :raises BadInput: if the code does not belong to it
    :raises Blocked: after too many wrong codes
    """
    typed = passcodes.clean_code(code)
    with transaction.atomic():
        own = Authenticator.objects.select_for_update().filter(user=user).first()
        if own is None or own.next_at is None or at - own.next_at > SHOWN_FOR or not own.next_secret:
            raise NotAllowedNow(_("This took too long. Please begin again; you get a new code to scan."))
        _check_open(own, at=at)
        step = passcodes.step_of(own.next_secret, typed, at=at, after=0) if passcodes.is_passcode(typed) else None
        if step is not None:
            own.secret = own.next_secret
            own.next_secret, own.next_at = "", None
            own.confirmed_at, own.last_step, own.wrong, own.blocked_until = at, step, 0, None
            own.save()
            codes = _fresh_codes(user)
            signins.note(SignInKind.FACTOR_SET_UP, at=at, user=user)
            return codes
        _count_wrong(own, at=at)
    _say_wrong(own, at=at)
    raise AssertionError  # pragma: no cover - _say_wrong raises


@sensitive_variables("code", "typed")
def check(user: User, *, code: str, at: datetime) -> str:
    """Take a code of the app, or a recovery code, at sign-in; return "code" or "recovery". A code works once.

    :raises BadInput: if it is wrong, or was used before
    :raises Blocked: after too many wrong codes, right ones included
    """
    typed = passcodes.clean_code(code)
    with transaction.atomic():
        own = Authenticator.objects.select_for_update().get(user=user, confirmed_at__isnull=False)
        _check_open(own, at=at)
        taken = _take(own, typed, at=at)
        if taken:
            own.wrong, own.blocked_until = 0, None
            own.save(update_fields=["last_step", "wrong", "blocked_until"])
            if taken == "recovery":
                left = RecoveryCode.objects.unused().filter(user=user).count()
                signins.note(SignInKind.RECOVERY_CODE_USED, at=at, user=user, left=left)
            return taken
        _count_wrong(own, at=at)
    _say_wrong(own, at=at)
    raise AssertionError  # pragma: no cover - _say_wrong raises


def _take(own: Authenticator, typed: str, *, at: datetime) -> str:
    if passcodes.is_passcode(typed):
        step = passcodes.step_of(own.secret, typed, at=at, after=own.last_step)
        if step is not None:
            own.last_step = step
            return "code"
    elif passcodes.is_recovery_code(typed):
        digest = RecoveryCode.digest_of(typed, user_id=own.user_id)
        if RecoveryCode.objects.unused().filter(user_id=own.user_id, digest=digest).update(used_at=at):
            return "recovery"
    return ""


def _check_open(own: Authenticator, *, at: datetime) -> None:
    if own.blocked_until is not None and at < own.blocked_until:
        raise Blocked(own.blocked_until)


def _count_wrong(own: Authenticator, *, at: datetime) -> None:
    """Count one wrong code (the caller commits it); the fifth closes the door for a while."""
    own.wrong += 1
    if own.wrong >= TRIES:
        own.wrong, own.blocked_until = 0, at + BLOCKED
    own.save(update_fields=["wrong", "blocked_until"])


def _say_wrong(own: Authenticator, *, at: datetime) -> None:
    if own.blocked_until is not None and at < own.blocked_until:
        signins.note(SignInKind.FACTOR_BLOCKED, at=at, user=own.user)
        raise Blocked(own.blocked_until)
    signins.note(SignInKind.FACTOR_REFUSED, at=at, user=own.user)
    raise BadInput(
        _("This code is wrong, or it was used before. Wait for the next one in your app and type that."), field="code"
    )


# -- recovery codes, and the end of a factor -----------------------------------------------------------------


def codes_left(user: User) -> int:
    """How many recovery codes are unused. One query."""
    return RecoveryCode.objects.unused().filter(user=user).count()


@transaction.atomic
def new_codes(user: User, *, at: datetime) -> list[str]:
    """Return ten new recovery codes, which are shown this once; the old ones are void.

    :raises NotAllowedNow: if the account has no second factor
    """
    if not is_set_up(user):
        raise NotAllowedNow(_("Set up the second factor first."))
    codes = _fresh_codes(user)
    signins.note(SignInKind.RECOVERY_CODES_MADE, at=at, user=user)
    return codes


def _fresh_codes(user: User) -> list[str]:
    codes = passcodes.new_recovery_codes()
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=RecoveryCode.digest_of(code, user_id=user.pk)) for code in codes
    )
    return codes


@transaction.atomic
def take_off(user: User, *, at: datetime) -> None:
    """Take the second factor off one's own account, where no post asks for it.

    :raises NotAllowed: if a post does
    """
    if is_required(user, at=at):
        raise NotAllowed(_("Your post needs the second factor. You may set up a new one, not go without."))
    Authenticator.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    signins.note(SignInKind.FACTOR_RESET, at=at, user=user, by=user)


@transaction.atomic
def reset(user: User, *, by: User, reason: str, at: datetime) -> None:
    """Take the second factor off somebody's account, end its sessions, and write down who did it and why.

    Whoever needs one sets up a new one at the next sign-in. The person and the other administrators are told.

    :raises NotAllowed: if it is one's own (nobody opens his own way in), or a superuser's and ``by`` is none
    :raises NotAllowedNow: if there is nothing to reset
    :raises BadInput: if the reason says nothing
    """
    reason = " ".join(reason.split())
    fewest, most = REASON_CHARS
    if user.pk == by.pk:
        raise NotAllowed(_("Another administrator resets your second factor; you cannot do it yourself."))
    if user.is_superuser and not by.is_superuser:
        raise NotAllowed(_("Only an administrator with full rights may do this for such an account."))
    if not fewest <= len(reason) <= most:
        raise BadInput(_("Say in 4 to 200 characters why, and how you made sure who asks."), field="reason")
    if not Authenticator.objects.filter(user=user).delete()[0]:
        raise NotAllowedNow(_("This account has no second factor."))
    RecoveryCode.objects.filter(user=user).delete()
    FactorReset.objects.create(user=user, by=by, at=at, reason=reason)
    signins.end_all_sessions(user, by=by, at=at)
    signins.note(SignInKind.FACTOR_RESET, at=at, user=user, by=by)
