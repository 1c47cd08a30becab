"""The files somebody asked for: how far they are, fetching one, cancelling one. Each sees his own alone."""

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from notifications import downloads
from notifications.enums import Making
from notifications.models import Download
from people.errors import Refusal
from people.models import User

UNFINISHED = (Making.WAITING, Making.RUNNING)


@never_cache
@login_required
@require_safe
def download_list(request: HttpRequest) -> HttpResponse:
    """One's own files, newest first, with how much of each is made."""
    at = timezone.now()
    rows = downloads.of_owner(cast("User", request.user))
    context = {
        "rows": [(row, downloads.title_of(row)) for row in rows if row.expires_at > at],
        "waiting": any(row.state in UNFINISHED for row in rows if row.expires_at > at),
    }
    part = request.headers.get("HX-Target") == "downloads"
    return render(request, "notifications/download_rows.html" if part else "notifications/downloads.html", context)


@never_cache
@login_required
@require_safe
def download_fetch(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One file; 404 for somebody else's, back to the list with words if it is not there."""
    user = cast("User", request.user)
    download = get_object_or_404(Download.objects.visible_to(user), pk=key)
    try:
        data = downloads.fetch(download, by=user, at=timezone.now())
    except Refusal as no:
        messages.error(request, str(no))
        return redirect("downloads:list")
    answer = HttpResponse(data, content_type=download.content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{download.name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@login_required
@require_POST
def download_drop(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Cancel a file, or delete it before its time."""
    download = get_object_or_404(Download.objects.visible_to(cast("User", request.user)), pk=key)
    downloads.drop(download)
    messages.success(request, _("The file is deleted."))
    return redirect("downloads:list")
