"""Photos, handed out one by one to whoever may see their petition. Uploads have no address of their own."""

import uuid

from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from petitions.models import PetitionPhoto
from petitions.viewers import Follower
from petitions.views.access import staff_of

MINUTES_10 = 600


@require_safe
def photo(request: HttpRequest, photo_id: uuid.UUID) -> FileResponse:
    """Hand out one photo to staff in whose scope it lies, or to a session that has proved its petition."""
    staff, now = staff_of(request), timezone.now()
    viewers = (staff, Follower.of(request.session, at=now))
    scopes = [PetitionPhoto.objects.visible_to(viewer) for viewer in viewers if viewer]
    found = next((row for scope in scopes if (row := scope.filter(pk=photo_id).first())), None)
    if found is None:
        raise Http404
    try:
        file = found.file.open("rb")
    except FileNotFoundError as gone:  # erased, or a database restored without its uploads
        raise Http404 from gone
    return FileResponse(
        file,
        content_type="image/jpeg",
        headers={
            "Content-Disposition": f'inline; filename="{found.pk}.jpg"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": f"private, max-age={MINUTES_10}",
        },
    )
