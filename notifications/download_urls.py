"""Where one fetches the files one asked for."""

from django.urls import path

from notifications import download_views

app_name = "downloads"
urlpatterns = [
    path("", download_views.download_list, name="list"),
    path("<uuid:key>/", download_views.download_fetch, name="fetch"),
    path("<uuid:key>/drop/", download_views.download_drop, name="drop"),
]
