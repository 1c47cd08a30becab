"""The addresses of areas and posts outside the desk: public pages by area code, handovers done, one's pledge."""

from django.urls import URLPattern, path

from grids.views import handovers, pledge, public

urlpatterns: list[URLPattern] = [
    path("areas/<str:code>/", public.area_page, name="area_page"),
    path("areas/<str:code>/board/", public.area_board, name="area_board"),
    path("handovers/<int:pk>/", handovers.handover_done, name="handover"),
    path("pledge/", pledge.pledge_page, name="pledge"),
]
