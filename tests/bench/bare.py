"""What our own pages are measured against: bare views behind the same middleware, on the same server."""

from functools import cache
from typing import Any

from django import forms
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path

from petitions.enums import OPEN
from petitions.models import Petition
from tests.bench.day_data import GRID, STREET

TABLE = """
CREATE TABLE bare_row (id bigserial PRIMARY KEY, words text NOT NULL, at timestamptz NOT NULL DEFAULT now());
INSERT INTO bare_row (words) VALUES ('3号楼前的垃圾桶满了两天');
GRANT ALL ON bare_row, bare_row_id_seq TO linli_app
"""
PAGE = "<!DOCTYPE html><title>Bare</title><form method=post>{% csrf_token %}<textarea>{{ words }}</textarea></form>"


class BareForm(forms.Form):
    """One field, as long as ours."""

    text = forms.CharField(max_length=5000)


def insert(request: HttpRequest) -> HttpResponse:
    """Check one form and insert three rows in one transaction."""
    form = BareForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    with transaction.atomic(), connection.cursor() as cursor:
        for _row in range(3):
            cursor.execute("INSERT INTO bare_row (words) VALUES (%s) RETURNING id", [form.cleaned_data["text"]])
    return redirect("/bare/page/")


def page(request: HttpRequest) -> HttpResponse:
    """Show one row, found by one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM bare_row ORDER BY id LIMIT 1")
        (words,) = cursor.fetchone()
    return HttpResponse(page_template().render({"words": words}, request))


@cache
def page_template() -> Any:
    """Compile it once, as the loader of the product's templates does."""
    return engines["django"].from_string(PAGE)


DAY = """<!DOCTYPE html><title>Bare</title><ul>{% for row in rows %}<li data-card>{{ row.number }} {{ row.title }}
{{ row.place.parent.label }} {{ row.place.label }} {{ row.community.label }} {{ row.category.name }}
{{ row.policy.name }} {{ row.next_stage.name }} {{ row.next_due_at|date:"c" }} {{ row.status }} {{ row.tier }}
{{ row.urgency }} {{ row.handler.display_name }} {{ row.petitioner.name_masked }} {{ row.petitioner.phone_masked }}
<form method=post>{% csrf_token %}<button>{{ row.version }}</button></form></li>{% endfor %}</ul>"""


def day(request: HttpRequest) -> HttpResponse:
    """Show the thirty most pressing matters of a grid with the fields of a card, by one query."""
    rows = (
        Petition.objects.filter(grid=GRID, status__in=OPEN)
        .select_related(
            "place__parent", "community", "category", "policy", "next_stage", "handler", "organisation", "petitioner"
        )
        .order_by("next_due_at", "pk")[:30]
    )
    return HttpResponse(day_template().render({"rows": rows}, request))


@cache
def day_template() -> Any:
    """Compile it once, as the loader of the product's templates does."""
    return engines["django"].from_string(DAY)


LIST = """<!DOCTYPE html><title>Bare</title><table>{% for row in rows %}<tr data-row><td>{{ row.number }}</td>
<td>{{ row.title }}</td><td>{{ row.submitted_at|date:"c" }}</td><td>{{ row.urgency }}</td><td>{{ row.place.label }}</td>
<td>{{ row.grid.label }}</td><td>{{ row.next_due_at|date:"c" }}</td><td>{{ row.handler.display_name }}
{{ row.organisation.name }}</td><td>{{ row.status }}</td><td>{{ row.category.name }}</td></tr>{% endfor %}</table>"""


def matters(request: HttpRequest) -> HttpResponse:
    """Show the fifty most pressing matters of a subdistrict with the fields of a line, by one query."""
    rows = (
        Petition.objects.filter(street=STREET, status__in=OPEN)
        .select_related("place__parent", "grid", "category", "handler", "organisation")
        .order_by("next_due_at", "pk")[:50]
    )
    return HttpResponse(list_template().render({"rows": rows}, request))


@cache
def list_template() -> Any:
    """Compile it once."""
    return engines["django"].from_string(LIST)


urlpatterns = [
    path("bare/list/", matters),
    path("bare/", insert),
    path("bare/page/", page),
    path("bare/day/", day),
    path("", include("config.urls")),
]
