"""The receipt: the code once, an office and no person, what has started and nothing else."""

import pytest

from grids.models import Appointment, Post, PublicContact
from petitions.models import Petition
from petitions.numbers import code_for
from petitions.views import resident_receipt
from tests.petitions.filing import prove, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache")]


def test_the_receipt_shows_the_code_where_the_matter_was_filed_and_nowhere_else(client, district):
    receipt = send(client).url
    petition = Petition.objects.get()
    code = code_for(petition.client_key)

    here = client.get(receipt).content.decode()
    client.post("/petitions/follow/forget/")
    prove(client, petition)
    elsewhere = client.get(receipt).content.decode()

    assert code in here
    assert petition.number in elsewhere
    assert code not in elsewhere


def test_the_qr_code_carries_the_public_number_only(client, district, monkeypatch, settings):
    settings.PUBLIC_URL = "https://linli.example"
    drawn = []
    real = resident_receipt.segno.make
    monkeypatch.setattr(resident_receipt.segno, "make", lambda text, **how: drawn.append(text) or real(text, **how))

    client.get(send(client).url)

    assert drawn == [f"https://linli.example/petitions/follow/{Petition.objects.get().number}/"]


def test_the_receipt_names_an_office_and_never_a_person(client, district):
    Post.objects.filter(kind="community_worker").update(office_phone="0935-8210000", title="Service window")

    page = client.get(send(client).url).content.decode()

    assert "龙集里社区" in page
    assert "Service window" in page
    assert 'href="tel:0935-8210000"' in page
    for user in (district.window, district.secretary, district.worker):
        assert user.username not in page


def test_the_receipt_promises_what_has_started_and_nothing_else(client, district):
    response = client.get(send(client).url)

    (promise,) = response.context["promises"]
    assert promise.what == "a decision who takes this on"
    assert promise.why in response.content.decode()


def test_the_receipt_costs_five_queries(client, district, django_assert_num_queries):
    receipt = send(client).url
    client.get(receipt)

    with django_assert_num_queries(5):  # session, petition, clocks, calendar with opening hours, posts
        client.get(receipt)


def test_whoever_wrote_it_down_answers_with_his_own_post_and_office_telephone(client, district):
    Post.objects.filter(kind="community_worker").update(office_phone="0935-8210000", title="Service window")
    Post.objects.filter(kind="grid_worker", area=district.grid).update(office_phone="0935-8210099", title="Grid worker")
    petition = district.petition(filed_by=district.worker)
    prove(client, petition)

    page = client.get(f"/petitions/receipt/{petition.number}/")

    shown = page.context["answering"]
    assert (shown.area, shown.office, shown.phone) == ("第一网格", "Grid worker", "0935-8210099")
    assert district.worker.username not in page.content.decode()


def test_where_his_post_has_no_telephone_the_public_one_of_the_area_is_named(client, district):
    PublicContact.objects.create(area=district.community, office_phone="0935-8210001")
    PublicContact.objects.create(area=district.street, office_phone="0935-8210002")
    petition = district.petition(filed_by=district.worker)
    prove(client, petition)

    shown = client.get(f"/petitions/receipt/{petition.number}/").context["answering"]

    assert (shown.area, shown.phone) == ("第一网格", "0935-8210001")


def test_who_accepted_it_answers_for_it_from_then_on(client, district):
    Post.objects.filter(kind="community_worker").update(office_phone="0935-8210000", title="Service window")
    Post.objects.filter(kind="community_secretary", area=district.community).update(office_phone="0935-8210003")
    petition = district.petition(status="accepted")
    prove(client, petition)

    assert client.get(f"/petitions/receipt/{petition.number}/").context["answering"].phone == "0935-8210003"


def test_who_has_left_his_post_answers_no_more(client, district):
    Post.objects.filter(kind="community_worker").update(office_phone="0935-8210000", title="Service window")
    petition = district.petition(filed_by=district.worker)
    Appointment.objects.filter(user=district.worker).update(ends_on="2026-01-01")
    prove(client, petition)

    assert client.get(f"/petitions/receipt/{petition.number}/").context["answering"].office == "Service window"
