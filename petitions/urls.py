"""The addresses of petitions: residents' pages, the worker's queue, the case page."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
