"""A whistle and a call for help on a phone of 360 pixels, without JavaScript too; no violation that axe-core finds."""

import uuid

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deadlines.timetable import shanghai_date
from petitions import broadcasts, whistles
from petitions.call_enums import WhistleKind
from petitions.enums import Status
from petitions.models import Broadcast, Whistle
from tests.browser.checking import Checked
from tests.browser.test_accessibility import language  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(280)]


def test_whistles_and_calls_for_help_are_accessible(browser_of, district, language):  # noqa: F811
    now = timezone.now()
    secretary, worker = (district.as_staff(one, shanghai_date(now)) for one in (district.secretary, district.worker))
    petition = district.petition(now, status=Status.SIGNED)
    facts = {"words": "油烟扰民。", "place_words": "3号楼前", "at": now}
    waiting, sounding = (
        whistles.blow(by=secretary, kind=kind, units=[district.sanitation], client_key=uuid.uuid4(), **facts)
        for kind in (WhistleKind.ROUTINE, WhistleKind.EMERGENCY)
    )
    called = broadcasts.call(
        by=worker, petition=petition, place_words="3号楼", words="请来", client_key=uuid.uuid4(), at=now
    )
    looks = (
        (district.worker, ("/help/", "/help/new/", f"/help/{called.pk}/", "/whistles/new/", "/grid/")),
        (district.lead, (f"/help/{called.pk}/", f"/cases/{petition.number}/")),
        (district.secretary, ("/whistles/", "/whistles/new/", f"/whistles/{sounding.pk}/", "/whistles/scores/")),
        (district.handler, (f"/whistles/{sounding.pk}/",)),
        (district.leader, (f"/whistles/{waiting.pk}/",)),
    )
    found = []
    for who, urls in looks:
        checked = Checked(browser_of(language, user=who))
        for url in urls:
            checked.open(url)
        found += checked.violations

    assert found == []


def test_a_unit_answers_comes_and_is_done_and_a_colleague_comes_on_the_phone(browser_of, district):
    now = timezone.now()
    secretary, worker = (district.as_staff(one, shanghai_date(now)) for one in (district.secretary, district.worker))
    whistle = whistles.blow(
        by=secretary, at=now, kind=WhistleKind.EMERGENCY, units=[district.sanitation], client_key=uuid.uuid4(),
        words="积水", place_words="地下室",
    )  # fmt: skip
    broadcasts.call(by=worker, at=now, place_words="3号楼", client_key=uuid.uuid4())
    unit = browser_of("en", user=district.handler).new_page()
    unit.set_viewport_size({"width": 360, "height": 740})
    unit.goto("/whistles/")
    unit.get_by_role("link", name=whistle.number).click()
    unit.get_by_role("button", name="We are coming").click()
    unit.get_by_text("Our part is done", exact=True).first.click()
    unit.get_by_label("What your unit has done").fill("已排水")
    unit.get_by_role("button", name="Our part is done").click()
    expect(unit.get_by_text("Its part is done").first).to_be_visible()

    colleague = browser_of("en", user=district.lead).new_page()
    colleague.set_viewport_size({"width": 360, "height": 740})
    colleague.goto("/help/")
    colleague.get_by_role("link", name=Broadcast.objects.get().number).click()
    colleague.get_by_role("button", name="I am coming").click()
    expect(colleague.get_by_role("button", name="It is over")).to_be_visible()

    assert Broadcast.objects.get().taken_by == district.lead
    assert Whistle.objects.get().calls.get().done_at is not None
