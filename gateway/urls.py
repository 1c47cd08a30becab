"""The addresses of the API. What is added stays; what must change becomes ``/api/v2/``."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from gateway.api import base, changes, petitions, reference, verbs

app_name = "api"
urlpatterns = [
    path("openapi.yaml", SpectacularAPIView.as_view(), name="openapi"),
    path("me/", reference.Me.as_view(), name="me"),
    path("areas/", reference.Areas.as_view(), name="areas"),
    path("categories/", reference.Categories.as_view(), name="categories"),
    path("changes/", changes.Changes.as_view(), name="changes"),
    path("petitions/", petitions.Petitions.as_view(), name="petitions"),
    path("petitions/<str:number>/", petitions.OnePetition.as_view(), name="petition"),
    path("petitions/<str:number>/events/", petitions.Events.as_view(), name="petition_events"),
    path("petitions/<str:number>/reporter/", petitions.Contact.as_view(), name="petition_reporter"),
    path("petitions/<str:number>/urge/", verbs.Urge.as_view(), name="petition_urge"),
    path("petitions/<str:number>/additions/", verbs.Add.as_view(), name="petition_add"),
    path("petitions/<str:number>/withdraw/", verbs.Withdraw.as_view(), name="petition_withdraw"),
    path("petitions/<str:number>/rate/", verbs.Rate.as_view(), name="petition_rate"),
    path("petitions/<str:number>/return/", verbs.GiveBack.as_view(), name="petition_return"),
    *(
        path(f"petitions/<str:number>/{verb.value}/", verbs.view_of(verb), name=f"petition_{verb.value}")
        for verb in verbs.BODIES
    ),
    re_path(r"^.*$", base.NoSuchAddress.as_view(), name="nowhere"),
]
