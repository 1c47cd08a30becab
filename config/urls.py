"""Every address of the house. Uploads are never among them: views hand them out after asking ``visible_to``."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from config import health, views

handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("staff/", views.staff_home, name="staff_home"),
    path("language/", set_language, name="set_language"),
    path("elder/", views.set_elder, name="set_elder"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("", include("petitions.urls")),  # first: what residents open most
    path("", include("people.urls")),
    path("api/v1/", include("gateway.urls")),
    path("notices/", include("notifications.urls")),
    path("downloads/", include("notifications.download_urls")),
    path("", include("grids.urls")),
    path("", include("fieldwork.urls")),
    path("", include("volunteers.urls")),
    path("", include("parties.urls")),
]
