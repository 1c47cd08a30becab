"""The inbox of staff. Opening a notice is a POST: nothing changes on GET."""

import uuid
from typing import cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from notifications import services
from notifications.models import Notice, NoticeQuerySet
from notifications.rendering import render as words_of
from people.models import User

PAGE = 30


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Notices of the signed-in user, newest first, a page at a time by keyset."""
    user = cast("User", request.user)
    cursor = request.GET.get("before", "")
    notices = Notice.objects.for_inbox(user)
    rows = list((_before(notices, cursor) if cursor else notices)[: PAGE + 1])
    shown = rows[:PAGE]
    language = get_language() or user.language
    return render(
        request,
        "notifications/inbox.html",
        {
            "rows": [(notice, words_of(notice, language)) for notice in shown],
            "older_url": f"?{_cursor(shown[-1])}" if len(rows) > PAGE else "",
        },
    )


@login_required
@require_POST
def open_notice(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """Mark one notice read and go to what it is about."""
    try:
        notice = services.mark_read(notice_id=notice_id, by=cast("User", request.user), at=timezone.now())
    except Notice.DoesNotExist as unknown:
        raise Http404 from unknown
    # The database lets in only paths of our own (notice_page_is_ours).
    return redirect(notice.url_path or "notifications:inbox")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all notices read."""
    services.mark_all_read(by=cast("User", request.user), at=timezone.now())
    return redirect("notifications:inbox")


def _cursor(notice: Notice) -> str:
    return urlencode({"before": f"{notice.created_at.isoformat()}_{notice.pk}"})


def _before(notices: NoticeQuerySet, cursor: str) -> NoticeQuerySet:
    moment, _separator, notice_id = cursor.rpartition("_")
    try:
        created_at = parse_datetime(moment)
        last_seen = uuid.UUID(notice_id)
    except ValueError as malformed:
        raise Http404 from malformed
    if created_at is None or timezone.is_naive(created_at):
        raise Http404
    return notices.before(created_at, last_seen)
