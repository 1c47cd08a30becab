"""A round on a worker's phone, from its first place to its last; its pages as axe reads them."""

from datetime import time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deadlines.timetable import shanghai_date
from fieldwork import emergencies, rounds, teams, walking
from fieldwork.enums import EmergencyKind
from fieldwork.models import PatrolDuty
from petitions.models import Petition
from tests.browser.checking import Checked
from tests.browser.visiting import OLD_TELEPHONE, Way
from tests.fieldwork.walks import points, route
from tests.petitions.photo_files import phone_photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


@pytest.fixture
def duty(district) -> PatrolDuty:
    """A round of today with three places."""
    route(district, since=timezone.now() - timedelta(days=1), times=(time(23, 59),))
    rounds.make_day(at=timezone.now())
    return PatrolDuty.objects.select_related("route__area").get()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_round_is_walked_with_a_tap_a_place(phone_of, district, duty, scripts):
    page = phone_of(district.worker, scripts=scripts)
    page.goto("/grid/")
    button = page.get_by_role("button", name="I am here, all is right")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 48
    # the place to look at lies within its own frame, over nothing else
    whole = page.locator(".l-round").bounding_box()
    inside = page.locator(".l-round__next").bounding_box()
    assert whole is not None
    assert inside is not None
    assert inside["y"] + inside["height"] <= whole["y"] + whole["height"] + 1

    button.click()
    expect(page.get_by_text("东门 is confirmed.")).to_be_visible()
    page.get_by_role("button", name="I found something").click()
    page.fill("[name=text]", "车棚外的垃圾桶满了两天。")
    page.set_input_files("[name=photos]", [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": phone_photo()}])
    page.locator("main").get_by_role("button", name="File it").last.click()
    expect(page.get_by_text("2 of 3 places confirmed")).to_be_visible()
    page.locator(".l-stop", has_text="3号楼楼道").get_by_role("button", name="All right here").click()

    expect(page.get_by_text("3 of 3 places confirmed")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    row = PatrolDuty.objects.get()
    assert (row.state, row.confirmed, row.found) == ("done", 3, 1)
    petition = Petition.objects.get()
    assert (petition.channel, petition.place, petition.photos.count()) == ("patrol", district.grid, 1)


@pytest.fixture
def phone_of(visitor, settings, client):
    """Open the phone of a member of staff."""

    def opened(user, *, scripts: bool):
        comes = visitor(OLD_TELEPHONE if not scripts else Way("en", 360, scripts=True))
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        url = comes.context.cookies()[0]
        cookie = {"name": name, "value": client.cookies[name].value, "domain": url["domain"], "path": "/"}
        comes.context.add_cookies([cookie])
        return comes.page

    return opened


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_patrols_is_accessible_and_never_scrolls_sideways(browser_of, district, duty, language):
    at = timezone.now()
    walking.confirm(duty, point=points(duty)[0], by=district.as_staff(district.worker), at=at, where="38.52,102.18")
    yesterday = shanghai_date(at) - timedelta(days=1)
    missed = PatrolDuty.objects.create(route=duty.route, on=yesterday, due_by=time(9), asked=3, state="missed")
    seen = []
    for user, urls in (
        (
            district.worker,
            ("/patrols/", f"/patrols/rounds/{duty.pk}/", f"/patrols/rounds/{duty.pk}/finding/", "/patrols/mine/",
             "/grid/"),
        ),
        (
            district.lead,
            ("/patrols/", f"/patrols/rounds/{missed.pk}/", "/patrols/routes/new/", f"/patrols/routes/{duty.route_id}/",
             f"/patrols/routes/{duty.route_id}/change/", "/patrols/figures/"),
        ),
    ):  # fmt: skip
        reader = Checked(browser_of(language, user=user), widths=(320,))
        seen.append(reader)
        for url in urls:
            reader.open(url)

    assert [line for reader in seen for line in reader.violations] == []
    assert sum(reader.pages for reader in seen) == 11


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_teams_and_emergencies_are_accessible_and_never_scroll_sideways(browser_of, district, duty, language):
    at, secretary = timezone.now(), district.as_staff(district.secretary)
    team = teams.make(area=district.community, name="红袖章", by=secretary, at=at)
    teams.join(team, name="常小红", phone="13800138000", agreed=True, leads=True, by=secretary, at=at)
    teams.join(team, user=district.worker, agreed=True, by=secretary, at=at)
    emergencies.order(
        area=district.street, kind=EmergencyKind.FLOOD, reason="暴雨红色预警", last_on=shanghai_date(at),
        by=district.as_staff(district.leader), at=at,
    )  # fmt: skip
    seen = []
    for user, urls in (
        (district.secretary, ("/patrols/teams/", "/patrols/teams/new/", f"/patrols/teams/{team.pk}/")),
        (district.leader, ("/emergencies/",)),
        (district.worker, ("/grid/", "/emergencies/")),
    ):
        reader = Checked(browser_of(language, user=user), widths=(320,))
        seen.append(reader)
        for url in urls:
            reader.open(url)

    assert [line for reader in seen for line in reader.violations] == []
    assert sum(reader.pages for reader in seen) == 6
