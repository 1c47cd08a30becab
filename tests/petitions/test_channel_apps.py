"""Apps of others as channels (002-38 金川微城管, 004-26 甘心办): filed with a number, opened there, taken here."""

import uuid
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from petitions.enums import Channel, Status
from petitions.models import Category, ChannelApp, Petition, PetitionEvent
from petitions.models.channel_apps import check_link

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LINK = "https://gxb.example.org/matter?id={number}"


@pytest.fixture
def apps():
    for channel, name in ((Channel.APP, "甘心办"), (Channel.MICRO_URBAN, "金川微城管")):
        ChannelApp.objects.create(
            channel=channel, name_zh=name, name_en=f"App {channel}", link=LINK, valid_from=date(2026, 1, 1)
        )


def file(client, district, channel, there):
    client.force_login(district.worker)
    sent = {
        "client_key": str(uuid.uuid4()), "channel": channel, "there": there, "text": "占道经营，堵住人行道。",
        "place": district.unit.code, "q": "", "about": "",
    }  # fmt: skip
    return client.post(reverse("case_new"), sent)


def test_a_matter_of_micro_urban_management_is_filed_with_its_number_and_category(client, district, apps):
    assert file(client, district, "microurban", "WCG-7").status_code == 200

    petition = Petition.objects.get()
    assert (petition.channel, petition.external_id) == ("microurban", "microurban:WCG-7")
    client.force_login(district.secretary)
    form = client.get(reverse("case", args=(petition.number,)), {"do": "accept"}).context["form"]
    # urban management is what the words suggest
    assert Category.objects.get(code=form["suggestion"].value()).department_type == "urban_mgmt"


def test_the_case_leads_into_the_other_app_and_one_tap_acknowledges_it(client, district, apps):
    petition = district.petition(timezone.now(), status=Status.DISPATCHED, policy="urgent_2h", channel=Channel.APP)
    Petition.objects.filter(pk=petition.pk).update(external_id="app:2026/7?x=1")
    client.force_login(district.worker)

    page = client.get(reverse("case", args=(petition.number,))).content.decode()
    assert 'href="https://gxb.example.org/matter?id=2026%2F7%3Fx%3D1" target="_blank" rel="noopener noreferrer"' in page
    client.post(reverse("case_verb", args=(petition.number, "sign")), {"version": petition.version})

    assert Petition.objects.get().status == Status.SIGNED
    assert PetitionEvent.objects.filter(petition=petition, code="signed", by=district.worker).exists()


def test_without_a_number_or_an_app_in_force_there_is_no_link(client, district, apps):
    petition = district.petition(timezone.now(), channel=Channel.APP)
    client.force_login(district.worker)
    case = reverse("case", args=(petition.number,))
    assert client.get(case).context["deep_link"] is None

    Petition.objects.update(external_id="app:7")
    assert client.get(case).context["deep_link"].number == "7"
    ChannelApp.objects.update(valid_to=date(2026, 1, 31))
    assert client.get(case).context["deep_link"] is None


def test_the_same_number_of_an_app_comes_in_once_and_of_another_app_again(client, district, apps):
    file(client, district, "app", "7")

    again = file(client, district, "app", "7")
    assert again.status_code == 422
    assert "is here already" in again.content.decode()
    file(client, district, "microurban", "7")

    assert set(Petition.objects.values_list("external_id", flat=True)) == {"app:7", "microurban:7"}


@pytest.mark.parametrize(
    "link",
    [
        "http://x.example.org/{number}", "javascript:alert({number})", "https://{number}.example.org/", "https:///{number}",
        "https://x.example.org/", "https://x.example.org/{number}/{number}", "https://me:pw@x.example.org/{number}",
        'https://x.example.org/"{number}', "https://x.example.org/ {number}", "//x.example.org/{number}",
        "https://x.example.org:99999/{number}",
    ],
)  # fmt: skip
def test_only_an_https_address_with_one_place_for_the_number_is_kept(link):
    with pytest.raises(ValidationError):
        check_link(link)
    check_link(LINK)


def test_the_database_itself_keeps_no_other_scheme(apps):
    with pytest.raises(IntegrityError, match="channelapp_link_is_https"), transaction.atomic():
        ChannelApp.objects.update(link="http://x.example.org/{number}")
