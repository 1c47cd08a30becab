"""What our own pages are measured against: bare views behind the same middleware, on the same server."""

from django import forms
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path

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
    return HttpResponse(engines["django"].from_string(PAGE).render({"words": words}, request))


urlpatterns = [path("bare/", insert), path("bare/page/", page), path("", include("config.urls"))]
