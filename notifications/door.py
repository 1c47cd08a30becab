"""What happens to an account, told to its holder: whoever did not do it himself must hear of it at once."""

from typing import Final

from django.urls import reverse
from django.utils import timezone

from notifications.outbox import NewNotice
from notifications.services import owe
from people.enums import SignInKind
from people.models import User
from people.registry import SignInEvent, watchers

KIND: Final = "account_changed"
KIND_OF_OTHERS: Final = "account_reset_by_other"
# What a thief of the password, or of the telephone, would do. Ordinary sign-ins are no news.
TOLD: Final = frozenset(
    {
        SignInKind.FACTOR_SET_UP,
        SignInKind.FACTOR_RESET,
        SignInKind.FACTOR_BLOCKED,
        SignInKind.RECOVERY_CODE_USED,
        SignInKind.RECOVERY_CODES_MADE,
        SignInKind.PASSWORD_CHANGED,
    }
)


def tell_holder(event: SignInEvent) -> None:
    """Owe the holder a notice, in the transaction of what happened; of a reset also to who else watches accounts."""
    if event.user is None or event.kind not in TOLD:
        return
    notices = [_notice(KIND, event, event.user.pk, path=reverse("account"))]
    if event.kind == SignInKind.FACTOR_RESET and event.by is not None and event.by != event.user:
        notices += _to_watchers(event, without=(event.user.pk, event.by.pk))
    owe(notices)


def _to_watchers(event: SignInEvent, *, without: tuple[int, int]) -> list[NewNotice]:
    """Superusers read the record of resets; whoever watches by his post reads in his notices what happened."""
    log, inbox = reverse("admin:people_factorreset_changelist"), reverse("notifications:inbox")
    mighty = User.objects.filter(is_superuser=True, is_active=True).exclude(pk__in=without)
    paths = dict.fromkeys(watchers(timezone.localdate(event.at), without=without), inbox)
    paths |= dict.fromkeys(mighty.values_list("pk", flat=True), log)
    return [_notice(KIND_OF_OTHERS, event, recipient, path=path) for recipient, path in paths.items()]


def _notice(kind: str, event: SignInEvent, recipient: int, *, path: str) -> NewNotice:
    account = event.user.pk if event.user is not None else 0
    return NewNotice(
        recipient_id=recipient,
        kind=kind,
        dedupe_key=f"{kind}:{event.kind}:{account}:{recipient}:{event.at.isoformat()}",
        at=event.at,
        params={"what": event.kind.value, **{name: value for name, value in event.details.items() if name == "left"}},
        about=f"people.user:{account}",
        url_path=path,
        urgent=True,
    )
