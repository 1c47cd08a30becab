"""What a phone asks for to work without a line. Nothing here knows of a case, and but for the token of nobody."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from fieldwork import offline
from people.models import User


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """The service worker: it stands at the root, for the forms it keeps lie in several places."""
    return HttpResponse(offline.worker_script(), content_type="text/javascript; charset=utf-8")


@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest, language: str) -> HttpResponse:  # noqa: ARG001 - a view
    """How the site is installed on a phone, in one language."""
    with _in(language):
        return JsonResponse(offline.manifest(), content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def offline_page(request: HttpRequest, language: str) -> HttpResponse:
    """The one page that opens without a line: what waits on this phone, and forms to write down more.

    It is the same for everybody and says nothing of anybody; the phone fills in what lies on it.
    """
    with _in(language):
        words = {**offline.words(), **offline.list_words()}
        other = next(one for one in offline.LANGUAGES if one != language)
        context = {"words": words, "language": language, "other": other, "other_page": offline.page_of(other)}
        return render(request, "fieldwork/offline.html", context)


@require_safe
@never_cache
@login_required
def offline_token(request: HttpRequest) -> HttpResponse:
    """Whose session this is, and the token of its forms."""
    assert isinstance(request.user, User)  # noqa: S101 - the door saw to it
    return JsonResponse({"token": get_token(request), "owner": offline.owner_of(request.user)})


def _in(language: str) -> translation.override:
    if language not in offline.LANGUAGES:
        raise Http404
    return translation.override(language)
