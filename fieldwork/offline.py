"""Work without a line: what the phone keeps of ours, whose phone it is, the words its scripts say (docs/adr/0025)."""

import hashlib
import json
from typing import Any, Final

from django.templatetags.static import static
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from people.models import User

# The shell: stylesheets and scripts of the page that opens without a line, and nothing that says anything of anybody.
FILES: Final = (
    "vendor/govuk-frontend/govuk-frontend.min.css", "linli/tokens.css", "linli/linli.css", "linli/staff.css",
    "linli/case.css", "linli/print.css", "linli/linli.js", "linli/outbox.js", "linli/outbox-page.js",
    "linli/outbox-list.js", "linli/photo.js", "linli/icons/app-192.png",
)  # fmt: skip
LANGUAGES: Final = ("zh-hans", "en")
WORKER: Final = "linli/outbox-worker.js"


def owner_of(user: User) -> str:
    """Return a key that tells one person's phone from another's and names nobody."""
    return salted_hmac("linli.outbox", str(user.pk)).hexdigest()[:20]


def page_of(language: str) -> str:
    """Return the address of the page that opens without a line."""
    return reverse("offline_page", args=[language])


def worker_script() -> str:
    """Return the service worker: what it keeps, then the scripts it is made of. It is new when one of them is."""
    scripts = [static("linli/outbox.js"), static(WORKER)]
    shell: dict[str, Any] = {
        "files": [static(name) for name in FILES],
        "pages": {language: page_of(language) for language in LANGUAGES},
    }
    shell["version"] = hashlib.sha256(json.dumps([shell, scripts]).encode()).hexdigest()[:12]
    return f"const shell = {json.dumps(shell)};\nimportScripts({', '.join(json.dumps(one) for one in scripts)});\n"


def manifest() -> dict[str, Any]:
    """Return how the site is installed, in the language of the moment: it opens on My day."""
    icons = (("app-192", "192x192", "any"), ("app-512", "512x512", "any"), ("mask-512", "512x512", "maskable"))
    return {
        "id": "/grid/",
        "name": _("Linli for grid workers"),
        "short_name": _("Linli"),
        "lang": "zh-Hans" if get_language() == "zh-hans" else "en",
        "start_url": "/grid/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b5c7a",
        "icons": [
            {"src": static(f"linli/icons/{name}.png"), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in icons
        ],
    }


def words() -> dict[str, Any]:
    """Return what the scripts say on every working page, in the language of the moment."""
    language = get_language() if get_language() in LANGUAGES else LANGUAGES[0]
    return {
        "language": language,
        "page": page_of(str(language)),
        "worker": reverse("service_worker"),
        "signOut": reverse("logout"),
        "waiting": _both(
            lambda n: ngettext(
                "%(n)s entry is kept on this phone. It is sent when the line is back.",
                "%(n)s entries are kept on this phone. They are sent when the line is back.",
                n,
            )
        ),
        "look": _both(
            lambda n: ngettext("%(n)s entry needs your look.", "%(n)s entries need your look.", n),
        ),
        "expired": _both(
            lambda n: ngettext(
                "%(n)s entry waited longer than 72 hours and was deleted from this phone.",
                "%(n)s entries waited longer than 72 hours and were deleted from this phone.",
                n,
            )
        ),
        "foreign": _both(
            lambda n: ngettext(
                "%(n)s entry of whoever was signed in before was deleted from this phone.",
                "%(n)s entries of whoever was signed in before were deleted from this phone.",
                n,
            )
        ),
        "leave": _both(
            lambda n: ngettext(
                "%(n)s entry was not sent yet. Signing out deletes it from this phone. Sign out?",
                "%(n)s entries were not sent yet. Signing out deletes them from this phone. Sign out?",
                n,
            )
        ),
        "kept": _("No line. What you wrote is kept on this phone and is sent when the line is back."),
        "signin": _("Sign in again and it is sent. Nothing is lost."),
        "noLine": _("There is still no line."),
        "see": _("See what waits"),
        "sent": _("Sent: %(what)s") % {"what": "{what}"},
        "filed": _(
            "Filed as %(number)s, follow-up code %(code)s. Give both to the person; the code is not shown again."
        )
        % {"number": "{number}", "code": "{code}"},
        "kinds": {
            "new": _("File for somebody"),
            "contact": _("Contacted"),
            "arrive": _("Arrive"),
            "plan": _("Record the plan"),
            "resolve": _("Resolve"),
            "confirm": _("All right here"),
            "finding": _("I found something"),
            "visit": _("Write down a visit"),
        },
    }


def list_words() -> dict[str, Any]:
    """Return what the page that opens without a line says beyond that."""
    return {
        "states": {
            "waiting": _("Waits for the line"),
            "signin": _("Sign in again"),
            "conflict": _("The case has changed meanwhile"),
            "look": _("Something is missing or wrong"),
        },
        "codes": {
            "403": _("Your post does not allow it any more"),
            "404": _("It is no longer within what you see"),
            "413": _("The photos are too large together"),
            "500": _("The server had a fault. It is tried again"),
        },
        "both": _("See both side by side"),
        "again": _("Open it again"),
        "discard": _("Delete it from this phone without sending?"),
        "photos": _both(lambda n: ngettext("%(n)s photo", "%(n)s photos", n)),
        "minutes": _both(lambda n: ngettext("written %(n)s minute ago", "written %(n)s minutes ago", n)),
        "hours": _both(lambda n: ngettext("written %(n)s hour ago", "written %(n)s hours ago", n)),
        "fields": {
            "text": _("What happened?"),
            "note": _("What was said?"),
            "words": _("In a few words"),
            "reply": _("What was done?"),
            "name": _("Name"),
            "phone": _("Telephone"),
            "about_words": _("Which post or person, if they said so"),
        },
    }


def _both(phrase: Any) -> list[str]:
    """Return a phrase for one and for many, with a place for the number that the script fills."""
    return [phrase(n) % {"n": "{n}"} for n in (1, 2)]
