"""Files that a task makes for somebody: asked for, made with a progress he sees, fetched until they expire.

A higher app announces what makes a kind of file (``announce``), a page asks for one (``ask``), a task makes it
(``make``). Exactly one worker is at a file, by a lease that each step renews; what a killed worker had in hand is
begun again when its lease ends, ``TRIES`` times at most, and then its owner is told that it failed.
"""

import base64
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from notifications import queue
from notifications.enums import Making
from notifications.models import Download
from notifications.outbox import NewNotice
from notifications.services import owe
from people.errors import BadInput, NotAllowedNow, Refusal
from people.expiry import Rule
from people.models import User

logger = logging.getLogger(__name__)

NOTICE: Final = "download_ready"
LEASE: Final = timedelta(minutes=3)
TRIES: Final = 3
# A file lies ready for a day; one with personal data in clear for an hour.
KEPT: Final = timedelta(hours=24)
KEPT_IN_CLEAR: Final = timedelta(hours=1)
# What was never made goes with its row a day later.
UNMADE: Final = timedelta(hours=24)
AT_ONCE: Final = 3
# Progress is written down at most once in so many rows.
STEP: Final = 500


class TakenAway(Exception):
    """Whoever asked for the file does not want it any more, or somebody else makes it."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a maker gives back."""

    data: bytes
    name: str
    content_type: str
    in_clear: bool = False


Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Maker:
    """What makes one kind of file.

    ``make(download, now, progress)`` returns the file; it calls ``progress(done, total)`` as rows are done and lets
    through what that raises. ``now`` reads the clock. ``may(owner, on)``: whether he may have it on that day in
    Shanghai, asked again before each fetch.
    """

    title: str | Promise
    make: Callable[[Download, Callable[[], datetime], Progress], Made]
    may: Callable[[User, date], bool]


_makers: dict[str, Maker] = {}


def announce(name: str, maker: Maker) -> None:
    """Say what makes files of that name; called from ``ready()``."""
    _makers[name] = maker


def title_of(download: Download) -> str:
    """Return what the file is, in the language of the page."""
    maker = _makers.get(download.maker)
    return str(maker.title) if maker else download.maker


@transaction.atomic
def ask(*, maker: str, terms: Mapping[str, Any], by: User, at: datetime, reason: str = "") -> Download:
    """Ask for a file and return its row; it is begun once this transaction has ended.

    :param terms: codes, days and counts that ``make`` reads; no personal data
    :raises BadInput: if this person may not have such a file
    :raises NotAllowedNow: if ``AT_ONCE`` of his files are being made
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if not _makers[maker].may(by, timezone.localdate(at)):
        raise BadInput(_("Your post does not take this file out."))
    if Download.objects.filter(owner=by).unfinished().count() >= AT_ONCE:
        raise NotAllowedNow(_("Files of yours are still being made. Please wait until one is ready, or cancel one."))
    download = Download.objects.create(
        owner=by,
        maker=maker,
        terms=dict(terms),
        reason=reason,
        language=get_language() or by.language,
        leased_until=at,
        asked_at=at,
        expires_at=at + UNMADE,
    )
    queue.on_commit("notifications.make_download", download_id=str(download.pk))
    return download


def make(*, download_id: str, now: Callable[[], datetime]) -> bool:
    """Make a file if nobody is at it; return whether it is ready now. Never raises for what is wrong with the file."""
    download = _claim(download_id, at=now())
    if download is None:
        return False
    progress = _Progress(download, now)
    try:
        with translation.override(download.language):
            made = _makers[download.maker].make(download, now, progress)
    except TakenAway:
        return False
    except Refusal as no:
        _give_up(download, str(no))
        return False
    except Exception as bug:  # noqa: BLE001 - the owner is told, the others' files are made all the same
        # The type alone: the text of an exception may quote what the file holds.
        logger.error("File %s (%s) fails: %s.", download.pk, download.maker, type(bug).__name__)  # noqa: TRY400 - as above
        if download.tries >= TRIES:
            _give_up(download, "")
        else:
            Download.objects.filter(pk=download.pk, tries=download.tries).update(state=Making.WAITING)
        return False
    return _hand_over(download, made, at=now())


def make_owed(*, now: Callable[[], datetime]) -> int:
    """Make what nobody is at, and delete what nobody may fetch any more; return how many files became ready."""
    Download.objects.over(now()).delete()
    stuck = Download.objects.owed(now()).filter(tries__gte=TRIES)
    stuck.update(state=Making.FAILED)
    owed = Download.objects.owed(now()).values_list("pk", flat=True)[:AT_ONCE]
    return sum(make(download_id=str(key), now=now) for key in owed)


def of_owner(by: User) -> list[Download]:
    """Return somebody's files, newest first. One query."""
    return list(Download.objects.visible_to(by))


def fetch(download: Download, *, by: User, at: datetime) -> bytes:
    """Return the bytes of a file of his.

    :raises NotAllowedNow: if it is not ready, has expired, or he may not have such files any more
    """
    if download.state != Making.READY or download.expires_at <= at:
        raise NotAllowedNow(_("This file is not there any more. Please ask for it again."))
    if not _makers[download.maker].may(by, timezone.localdate(at)):
        raise NotAllowedNow(_("Your post does not take this file out."))
    return base64.b64decode(download.packed)


def drop(download: Download) -> None:
    """Delete a file of his, made or not; whoever makes it stops at the next step."""
    Download.objects.filter(pk=download.pk).delete()


@transaction.atomic
def _claim(download_id: str, *, at: datetime) -> Download | None:
    owed = Download.objects.owed(at).filter(pk=download_id, tries__lt=TRIES, expires_at__gt=at)
    download = owed.select_related("owner").select_for_update(skip_locked=True, of=("self",)).first()
    if download is None:
        return None
    download.state, download.tries, download.leased_until = Making.RUNNING, download.tries + 1, at + LEASE
    download.done = 0
    download.save(update_fields=["state", "tries", "leased_until", "done"])
    return download


class _Progress:
    """Writes down how many rows are done, renews the lease, and stops whoever lost it."""

    def __init__(self, download: Download, now: Callable[[], datetime]) -> None:
        self._download = download
        self._now = now
        self._next = 0

    def __call__(self, done: int, total: int) -> None:
        """:raises TakenAway: if the file is not wanted any more, or somebody else is at it"""
        if done < self._next:
            return
        self._next = done + STEP
        own = Download.objects.filter(pk=self._download.pk, tries=self._download.tries, state=Making.RUNNING)
        if not own.update(done=min(done, total), total=total, leased_until=self._now() + LEASE):
            raise TakenAway


@transaction.atomic
def _hand_over(download: Download, made: Made, *, at: datetime) -> bool:
    locked = Download.objects.select_for_update().filter(
        pk=download.pk, tries=download.tries, state=Making.RUNNING
    ).first()  # fmt: skip
    if locked is None:
        return False
    locked.packed = base64.b64encode(made.data).decode()
    locked.state, locked.done, locked.size = Making.READY, locked.total, len(made.data)
    locked.name, locked.content_type, locked.made_at = made.name, made.content_type, at
    locked.expires_at = at + (KEPT_IN_CLEAR if made.in_clear else KEPT)
    locked.save()
    owe(
        [
            NewNotice(
                recipient_id=locked.owner_id,
                kind=NOTICE,
                params={"until_at": locked.expires_at.isoformat()},
                url_path=reverse("downloads:list"),
                at=at,
                dedupe_key=f"{NOTICE}:{locked.pk}",
            )
        ]
    )
    return True


def _give_up(download: Download, why: str) -> None:
    Download.objects.filter(pk=download.pk, tries=download.tries).update(state=Making.FAILED, refusal=why[:200])


def _end(key: Any, _at: datetime) -> bool:
    return bool(Download.objects.filter(pk=key).delete()[0])


EXPIRED: Final = Rule("notifications.downloads", ("notifications.Download",), Download.objects.over, _end)
