"""What the shell of every page knows: our name, the language, the elder version, where this account works."""

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config.faces import Face, faces_of, staff_of
from notifications.models import Notice
from people.models import User

YEAR_SECONDS = 365 * 24 * 3600
# BCP 47 as browsers and screen readers expect it, and what the other language calls itself.
LANGUAGE_TAGS = {"zh-hans": "zh-Hans", "en": "en"}
OWN_NAMES = {"zh-hans": "中文", "en": "EN"}


@dataclass
class Shell:
    """Facts of the shell for one request. Nothing is asked of the database until a template uses it."""

    request: HttpRequest

    @property
    def name(self) -> str:
        """What this house is called in the page's language."""
        return _("Linli")

    @property
    def language(self) -> str:
        """The BCP 47 tag of the page."""
        return LANGUAGE_TAGS.get(get_language() or settings.LANGUAGE_CODE, "en")

    @property
    def language_code(self) -> str:
        """The page's language as our addresses write it."""
        return get_language() or settings.LANGUAGE_CODE

    @property
    def other_languages(self) -> list[tuple[str, str, str]]:
        """(code, BCP 47 tag, own name) of every language but the page's."""
        return [(code, tag, OWN_NAMES[code]) for code, tag in LANGUAGE_TAGS.items() if tag != self.language]

    @property
    def operator(self) -> str:
        """Who runs this site and answers for the data on it."""
        return settings.OPERATOR_NAME or _("the subdistrict office that runs this site")

    @property
    def operator_contact(self) -> str:
        """How to reach the operator about personal data; may be empty."""
        return str(settings.OPERATOR_CONTACT)

    @property
    def is_elder(self) -> bool:
        """Whether the visitor chose larger words and targets."""
        return self.request.COOKIES.get(settings.ELDER_COOKIE_NAME) == "1"

    @cached_property
    def here(self) -> str:
        """Where a switch in the header leads back to: this page, or that on which a form stood that was refused."""
        came_from = urlsplit(self.request.headers.get("Referer", ""))
        with suppress(DisallowedHost):  # the page that refuses a foreign host asks us too
            if self.request.method == "POST" and came_from.netloc == self.request.get_host():
                return came_from._replace(scheme="", netloc="", fragment="").geturl()
        return self.request.get_full_path()

    @property
    def server_time(self) -> int:
        """Milliseconds since 1970, for ``countdown.js``: the visitor's own clock may be wrong."""
        return int(timezone.now().timestamp() * 1000)

    @cached_property
    def faces(self) -> list[Face]:
        """The working pages this account may enter, the present one marked. None for residents."""
        return faces_of(staff_of(self.request), path=self.request.path)

    @cached_property
    def unread(self) -> int:
        """Unread notices of this account, counted up to 100."""
        return Notice.objects.unread_count(self.request.user) if isinstance(self.request.user, User) else 0


def site(request: HttpRequest) -> dict[str, object]:
    """Context processor: ``shell`` in every template (``site`` is what Django's sign-in view calls the host).

    And the token of the forms, masked once a page: Django's own masks it three times for each form.
    """
    return {"shell": Shell(request), "csrf_token": SimpleLazyObject(partial(get_token, request))}
