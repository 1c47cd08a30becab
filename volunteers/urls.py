"""Addresses of volunteers."""

from django.urls import path

from volunteers.views import desk, own, registration

urlpatterns = [
    path("volunteers/", registration.volunteers, name="volunteers"),
    path("volunteers/register/", registration.register, name="volunteer_register"),
    path("volunteers/register/child/", registration.register, {"child": True}, name="volunteer_register_child"),
    path("volunteers/desk/", desk.volunteer_list, name="volunteer_list"),
    path("volunteers/desk/new/", desk.volunteer_new, name="volunteer_new"),
    path("volunteers/desk/new/child/", desk.volunteer_new, {"child": True}, name="volunteer_new_child"),
    path("volunteers/desk/<uuid:volunteer_id>/", desk.volunteer, name="volunteer"),
    path("volunteers/desk/<uuid:volunteer_id>/<slug:what>/", desk.volunteer_do, name="volunteer_do"),
    path("mine/volunteer/", own.own_volunteer, name="own_volunteer"),
    path("mine/volunteer/<slug:what>/", own.own_volunteer_do, name="own_volunteer_do"),
]
