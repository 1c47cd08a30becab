"""Addresses of the worker's daily round."""

from django.urls import path

from fieldwork.views import campaigns, coverage, household, station_desk, stations, visits

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
]
