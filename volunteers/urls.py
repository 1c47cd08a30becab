"""Addresses of volunteers."""

from django.urls import path

from volunteers.views import desk, own, partners, registration, teams

urlpatterns = [
    path("volunteers/", registration.volunteers, name="volunteers"),
    path("volunteers/register/", registration.register, name="volunteer_register"),
    path("volunteers/register/child/", registration.register, {"child": True}, name="volunteer_register_child"),
    path("volunteers/desk/", desk.volunteer_list, name="volunteer_list"),
    path("volunteers/desk/new/", desk.volunteer_new, name="volunteer_new"),
    path("volunteers/desk/new/child/", desk.volunteer_new, {"child": True}, name="volunteer_new_child"),
    path("volunteers/teams/", teams.volunteer_teams, name="volunteer_teams"),
    path("volunteers/teams/new/", teams.volunteer_team_new, name="volunteer_team_new"),
    path("volunteers/teams/grids/", teams.volunteer_grid_teams, name="volunteer_grid_teams"),
    path("volunteers/teams/<int:pk>/", teams.volunteer_team, name="volunteer_team"),
    path("volunteers/teams/<int:pk>/<slug:what>/", teams.volunteer_team_do, name="volunteer_team_do"),
    path("volunteers/partners/", partners.home_partners, name="home_partners"),
    path("volunteers/partners/counts/", partners.home_partner_counts, name="home_partner_counts"),
    path("volunteers/partners/new/<uuid:volunteer_id>/", partners.home_partner_new, name="home_partner_new"),
    path("volunteers/partners/<int:pk>/", partners.home_partner, name="home_partner"),
    path("volunteers/partners/<int:pk>/<slug:what>/", partners.home_partner_do, name="home_partner_do"),
    path("volunteers/desk/<uuid:volunteer_id>/", desk.volunteer, name="volunteer"),
    path("volunteers/desk/<uuid:volunteer_id>/<slug:what>/", desk.volunteer_do, name="volunteer_do"),
    path("mine/volunteer/", own.own_volunteer, name="own_volunteer"),
    path("mine/volunteer/<slug:what>/", own.own_volunteer_do, name="own_volunteer_do"),
]
