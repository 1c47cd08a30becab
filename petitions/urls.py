"""The addresses of petitions: residents' pages, the worker's queue, the case page."""

from django.urls import URLPattern, URLResolver, path

from petitions.views import resident, resident_filing, resident_follow

urlpatterns: list[URLPattern | URLResolver] = [
    # -- residents
    path("", resident.home, name="home"),
    path("petitions/new/", resident_filing.petition_new, name="petition_new"),
    path("petitions/receipt/<str:number>/", resident_filing.petition_receipt, name="petition_receipt"),
    path("petitions/follow/", resident_follow.petition_follow, name="petition_follow"),
    path("petitions/follow/forget/", resident_follow.petition_forget, name="petition_forget"),
    path("petitions/follow/<str:number>/", resident_follow.petition_followed, name="petition_followed"),
]
