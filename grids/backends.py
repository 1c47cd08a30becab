"""What the post of system administrator opens among the registers that know no posts: the accounts."""

from typing import Any, Final

from django.contrib.auth.backends import BaseBackend
from django.utils import timezone

from grids.enums import PostKind
from grids.posts import Staff, staff_for
from people.models import User

# Accounts are opened, changed and closed; superusers stay out of reach, and what makes one is read only (people.admin).
KEEPS: Final = frozenset({"people.view_user", "people.add_user", "people.change_user"})


class PostBackend(BaseBackend):
    """Gives the holder of the post what his post needs, as long as he holds it. Nobody signs in by it."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Whether today's post of the person opens this register."""
        return perm in KEEPS and _administers(user_obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether the person opens any register of the app by his post."""
        return any(perm.startswith(f"{app_label}.") for perm in KEEPS) and _administers(user_obj)


def _administers(user: Any) -> bool:
    """Ask for today's posts once in the life of the object, which is a request; the registers ask for them too."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return staff_today(user).holds(PostKind.SYSTEM_ADMINISTRATOR)


def staff_today(user: User) -> Staff:
    """Return the account with today's posts, asked for once in the life of the object."""
    known: Staff | None = getattr(user, "_staff_today", None)
    if known is None:
        known = staff_for(user, on=timezone.localdate())
        user._staff_today = known  # type: ignore[attr-defined]  # noqa: SLF001 - kept beside Django's own cache
    return known
