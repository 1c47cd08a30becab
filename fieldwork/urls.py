"""Addresses of the worker's daily round."""

from django.urls import path

from fieldwork.views import campaigns, coverage, household, patrols, rounds, station_desk, stations, visits

urlpatterns = [
    path("stations/", stations.station_list, name="stations"),
    path("stations/<int:pk>/", stations.station, name="station"),
    path("stations/desk/", station_desk.station_desk, name="station_desk"),
    path("stations/desk/<int:pk>/", station_desk.station_work, name="station_work"),
    path("stations/desk/<int:pk>/close/", station_desk.station_close, name="station_close"),
    path("stations/desk/<int:pk>/reopen/", station_desk.station_reopen, name="station_reopen"),
    path("stations/coverage/", station_desk.station_coverage, name="station_coverage"),
    path("visits/", visits.visit_list, name="visits"),
    path("visits/coverage/", coverage.visit_coverage, name="visit_coverage"),
    path("visits/households/new/", visits.household_new, name="household_new"),
    path("visits/campaigns/", campaigns.campaign_list, name="visit_campaigns"),
    path("visits/campaigns/new/", campaigns.campaign_new, name="visit_campaign_new"),
    path("visits/campaigns/<int:pk>/", campaigns.campaign, name="visit_campaign"),
    path("visits/<uuid:household_id>/", household.household, name="household"),
    path("visits/<uuid:household_id>/<slug:what>/", household.household_do, name="household_do"),
    path("patrols/", patrols.patrol_list, name="patrols"),
    path("patrols/mine/", patrols.patrols_mine, name="patrols_mine"),
    path("patrols/figures/", patrols.patrol_figures, name="patrol_figures"),
    path("patrols/routes/new/", patrols.patrol_route_new, name="patrol_route_new"),
    path("patrols/routes/<int:pk>/", patrols.patrol_route, name="patrol_route"),
    path("patrols/routes/<int:pk>/change/", patrols.patrol_route_change, name="patrol_route_change"),
    path("patrols/routes/<int:pk>/end/", patrols.patrol_route_end, name="patrol_route_end"),
    path("patrols/rounds/<int:pk>/", rounds.patrol_round, name="patrol_round"),
    path("patrols/rounds/<int:pk>/confirm/", rounds.patrol_confirm, name="patrol_confirm"),
    path("patrols/rounds/<int:pk>/take-back/", rounds.patrol_take_back, name="patrol_take_back"),
    path("patrols/rounds/<int:pk>/finding/", rounds.patrol_finding, name="patrol_finding"),
    path("patrols/rounds/<int:pk>/why/", rounds.patrol_why, name="patrol_why"),
]
