"""Addresses of the worker's daily round."""

from django.urls import path

from fieldwork.views import campaigns, coverage, household, visits

urlpatterns = [
    path("visits/", visits.visit_list, name="visits"),
    path("visits/coverage/", coverage.visit_coverage, name="visit_coverage"),
    path("visits/households/new/", visits.household_new, name="household_new"),
    path("visits/campaigns/", campaigns.campaign_list, name="visit_campaigns"),
    path("visits/campaigns/new/", campaigns.campaign_new, name="visit_campaign_new"),
    path("visits/campaigns/<int:pk>/", campaigns.campaign, name="visit_campaign"),
    path("visits/<uuid:household_id>/", household.household, name="household"),
    path("visits/<uuid:household_id>/<slug:what>/", household.household_do, name="household_do"),
]
