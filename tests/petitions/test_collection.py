"""Collection beside the page: the six ones, one window for any matter, one record for every way in."""

import uuid

import pytest

from petitions import services
from petitions.channels import SIX_ONES
from petitions.enums import Channel
from petitions.models import Petition
from tests.factories import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
WORDS = "楼道灯坏了三天。"


def typed(**changes: object) -> dict[str, object]:
    return {"client_key": str(uuid.uuid4()), "text": WORDS, "channel": "visit", **changes}


def test_the_six_ones_are_six_ways_in_and_the_form_offers_each(client, district):
    client.force_login(district.window)

    page = client.get("/cases/new/").content.decode()

    assert list(SIX_ONES) == ["visit", "phone", "box", "group", "device", "diary"]
    for channel in SIX_ONES:
        assert f'value="{channel}"' in page, channel


@pytest.mark.parametrize("channel", list(SIX_ONES))
def test_each_of_them_is_kept_with_the_matter(client, district, channel):
    client.force_login(district.window)

    client.post("/cases/new/", typed(channel=channel.value, place=district.building.code))

    assert Petition.objects.get().channel == channel


@pytest.mark.parametrize("who", ["window", "secretary", "worker", "lead"])
def test_any_worker_takes_any_matter_of_any_place(client, district, who):
    client.force_login(getattr(district, who))

    answer = client.post("/cases/new/", typed(place=district.other_community.code))

    petition = Petition.objects.get()
    assert answer.status_code == 200
    assert (petition.community, petition.filed_by) == (district.other_community, getattr(district, who))


def test_a_matter_about_staff_told_at_the_window_leaves_the_window_at_once(client, district):
    client.force_login(district.window)

    client.post("/cases/new/", typed(place=district.building.code, about="community", about_words="副主任"))

    petition = Petition.objects.get()
    assert (petition.barred_from, petition.area) == (5, district.street)
    assert client.get(f"/cases/{petition.number}/").status_code == 404


def test_every_way_in_leads_to_one_record_that_the_line_shares(district):
    filed = [
        services.file(
            text=f"{WORDS}{number}", at=TUESDAY, client_key=uuid.uuid4(), place=district.building, channel=channel
        ).petition
        for number, channel in enumerate((Channel.WEB, Channel.QR, *SIX_ONES, Channel.WINDOW, Channel.SURVEY))
    ]

    for who in ("worker", "secretary", "window", "dispatcher", "leader", "command"):
        seen = Petition.objects.visible_to(district.as_staff(getattr(district, who)))
        assert set(seen) == set(filed), who
    assert not Petition.objects.visible_to(district.as_staff(district.stranger)).exists()
