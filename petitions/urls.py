"""The addresses of petitions: residents' pages, the worker's queue, the case page."""

from django.urls import URLPattern, URLResolver, path

from petitions.views import (
    behalf,
    case,
    case_after,
    exports,
    handing,
    photos,
    requests,
    resident,
    resident_after,
    resident_data,
    resident_filing,
    resident_follow,
    resident_receipt,
    reveals,
    seen,
    worker,
)

urlpatterns: list[URLPattern | URLResolver] = [
    # -- residents
    path("", resident.home, name="home"),
    path("petitions/new/", resident_filing.petition_new, name="petition_new"),
    path("petitions/receipt/<str:number>/", resident_receipt.petition_receipt, name="petition_receipt"),
    path("petitions/follow/", resident_follow.petition_follow, name="petition_follow"),
    path("petitions/follow/forget/", resident_follow.petition_forget, name="petition_forget"),
    path("petitions/follow/<str:number>/", resident_follow.petition_followed, name="petition_followed"),
    path("petitions/follow/<str:number>/urge/", requests.petition_urge, name="petition_urge"),
    path("petitions/follow/<str:number>/supplement/", requests.petition_supplement, name="petition_supplement"),
    path("petitions/follow/<str:number>/rate/", resident_after.petition_rate, name="petition_rate"),
    path("petitions/follow/<str:number>/reopen/", resident_after.petition_reopen, name="petition_reopen"),
    path("petitions/follow/<str:number>/withdraw/", resident_after.petition_withdraw, name="petition_withdraw"),
    path("petitions/follow/<str:number>/data/", resident_data.petition_data, name="petition_data"),
    path("petitions/follow/<str:number>/data/consent/", resident_data.petition_consent, name="petition_consent"),
    path("petitions/follow/<str:number>/data/<slug:what>/", resident_data.petition_data_do, name="petition_data_do"),
    path("photos/<uuid:photo_id>/", photos.photo, name="petition_photo"),
    # -- staff
    path("grid/", worker.queue, name="grid_queue"),
    path("reveals/", reveals.reveal_list, name="reveal_list"),
    path("reveals/requests/<int:pk>/", reveals.reveal_request, name="reveal_request"),
    path("reveals/requests/<int:pk>/decide/", reveals.reveal_decide, name="reveal_decide"),
    path("exports/petitions/", exports.petition_export, name="petition_export"),
    path("cases/new/", behalf.case_new, name="case_new"),
    path("cases/<str:number>/", case.case, name="case"),
    path("cases/<str:number>/brief/", case.case_brief, name="case_brief"),
    path("cases/<str:number>/place/", case.case_place, name="case_place"),
    path("cases/<str:number>/reveal/", case.case_reveal, name="case_reveal"),
    path("cases/<str:number>/seen/<int:escalation_id>/", seen.case_seen, name="case_seen"),
    path("cases/<str:number>/request/<slug:what>/", requests.case_request, name="case_request"),
    path("cases/<str:number>/handing/<slug:what>/", handing.case_handing, name="case_handing"),
    path("cases/<str:number>/after/<slug:what>/", case_after.case_after, name="case_after"),
    path("cases/<str:number>/joining/", case_after.case_join, name="case_join"),
    path("cases/<str:number>/separating/", case_after.case_split, name="case_split"),
    path("cases/<str:number>/<slug:verb>/", case.case_verb, name="case_verb"),
]
