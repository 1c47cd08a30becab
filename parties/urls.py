"""Addresses of Party organisations."""

from django.urls import path

from parties.views import members, organisations

urlpatterns = [
    path("party/", organisations.party_tree, name="party_tree"),
    path("party/coverage/", organisations.party_coverage, name="party_coverage"),
    path("party/new/", organisations.party_topmost_new, name="party_topmost_new"),
    path("party/members/<uuid:member_id>/", members.party_member, name="party_member"),
    path("party/members/<uuid:member_id>/<slug:what>/", members.party_member_do, name="party_member_do"),
    path("party/<int:pk>/", organisations.party, name="party"),
    path("party/<int:pk>/new/", organisations.party_new, name="party_new"),
    path("party/<int:pk>/members/new/", members.party_member_new, name="party_member_new"),
    path("party/<int:pk>/<slug:what>/", organisations.party_do, name="party_do"),
]
