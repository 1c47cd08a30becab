"""Every address of the urlconf, its arguments filled from a small world: a new page cannot be forgotten by a test."""

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from petitions.enums import Verb
from petitions.models import Petition, PetitionEscalation
from petitions.views.requests import KINDS
from tests.factories import District

_ARGUMENT = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
NOBODY = 999_999_999


@dataclass(frozen=True, slots=True)
class Address:
    """One address and the name of its pattern (``admin:…`` for the desk)."""

    url: str
    name: str


def addresses(district: District, petition: Petition) -> list[Address]:
    """Return every address, those with arguments once for each value that the world has for them."""
    found = []
    for route, name in _routes(get_resolver().url_patterns):
        if "(?P<" in route or route.endswith("(?P<url>.*)$"):
            found.append(Address("/admin/no/such/page/", name))
            continue
        urls = [route]
        for argument in _ARGUMENT.finditer(route):
            urls = [
                url.replace(argument.group(0), value)
                for url in urls
                for value in _values(argument, name, district, petition)
            ]
        found += [Address(f"/{url}", name) for url in urls]
    return found


def _routes(patterns: list[URLPattern | URLResolver], route: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _routes(pattern.url_patterns, here, inside)
        else:
            yield here, f"{space}{pattern.name}"


def _values(argument: re.Match[str], name: str, district: District, petition: Petition) -> list[str]:
    nobody = uuid.UUID(int=0) if argument["kind"] == "uuid" else NOBODY
    photo = petition.photos.first()
    escalation = PetitionEscalation.objects.filter(clock__petition=petition).order_by("pk").first()
    known: Mapping[str, list[object]] = {
        "number": [petition.number],
        "verb": list(Verb.values),
        "what": [*KINDS, "gone"],
        "household_id": [_first("fieldwork.Household") or nobody],
        "photo_id": [photo.pk if photo else nobody],
        "notice_id": [_first("notifications.Notice") or uuid.UUID(int=0)],
        "escalation_id": [escalation.pk if escalation else nobody],
        "code": [district.community.code],
        "user_id": [district.worker.pk],
        "app_label": ["petitions"],
        "content_type_id": [1],
        "object_id": [_first_of(name)],
        "pk": [_first_of(name) if argument["kind"] != "uuid" else nobody],
    }
    return [str(value) for value in known.get(argument["name"], [nobody])]


def _first_of(name: str) -> object:
    """Return the key of the first row of the model that a page of the desk is about; of nobody if there is none."""
    space, _colon, page = name.rpartition(":")
    parts = page.split("_")
    if space == "admin" and len(parts) > 1:
        try:
            return _first(f"{parts[0]}.{parts[1]}") or NOBODY
        except LookupError:
            return NOBODY
    return NOBODY


def _first(model: str) -> object:
    found = apps.get_model(model)
    if found._meta.swapped:
        found = apps.get_model(found._meta.swapped)
    return found._default_manager.order_by("pk").values_list("pk", flat=True).first()
