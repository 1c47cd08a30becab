"""The pages of patrols without JavaScript: the day, a round, a finding, routes, figures, one's own file."""

import io
import re
import uuid
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fieldwork import completion, rounds, walking
from fieldwork.models import PatrolCheck, PatrolDuty, PatrolRoute
from fieldwork.periods import Period
from grids.enums import PostKind
from petitions.models import Petition
from tests.factories import TUESDAY
from tests.fieldwork.homes import at
from tests.fieldwork.walks import made, points, route
from tests.petitions.photo_files import phone_photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

LIST = "/patrols/"
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))


@pytest.fixture
def duty(district):
    """A round of today, to be done by the end of the day."""
    route(district, since=timezone.now() - timedelta(days=1), times=(time(23, 59),))
    rounds.make_day(at=timezone.now())
    return PatrolDuty.objects.select_related("route__area").get()


def page_of(duty, what=""):
    return f"/patrols/rounds/{duty.pk}/{what}"


def confirm(client, duty, point, **sent):
    return client.post(page_of(duty, "confirm/"), {"point": point.pk, **sent})


def test_the_day_shows_the_next_place_and_one_tap_confirms_it(client, district, duty):
    client.force_login(district.worker)
    first, second, _third = points(duty)
    day = client.get("/grid/").content.decode()
    assert "Rounds to walk" in day
    assert re.search(rf'name="point" value="{first.pk}"', day)

    response = confirm(client, duty, first, back="day")

    assert (response.status_code, response.url) == (302, "/grid/")
    day = client.get("/grid/").content.decode()
    assert "东门 is confirmed." in day
    assert re.search(rf'name="point" value="{second.pk}"', day)


def test_who_has_no_round_sees_none_on_his_day(client, district, duty):
    client.force_login(district.other_worker)

    assert "Rounds to walk" not in client.get("/grid/").content.decode()


# of each: session, user, posts held, stood in for, unread
COST = {
    ("worker", "/patrols/"): 8,
    ("lead", "/patrols/"): 9,  # and what nobody has given a reason for
    **dict.fromkeys([("worker", "/patrols/rounds/1/"), ("lead", "/patrols/rounds/1/")], 12),
    **dict.fromkeys([("worker", "/patrols/routes/1/"), ("lead", "/patrols/routes/1/")], 8),
    **dict.fromkeys([("worker", "/patrols/mine/"), ("lead", "/patrols/mine/")], 7),
    **dict.fromkeys([("worker", "/patrols/figures/"), ("lead", "/patrols/figures/")], 9),
    **dict.fromkeys([("worker", "/grid/"), ("lead", "/grid/")], 11),
}


@pytest.mark.parametrize("number", [1, 20])
def test_the_pages_cost_the_same_however_many_rounds_there_are(client, district, number):
    for one in range(number):
        route(district, name=f"路线{one}", since=timezone.now() - timedelta(days=1), times=(time(23, 58), time(23, 59)))
    rounds.make_day(at=timezone.now())
    duty = PatrolDuty.objects.order_by("due_by", "pk").first()
    urls = (LIST, page_of(duty), f"/patrols/routes/{duty.route_id}/", "/patrols/mine/", "/patrols/figures/", "/grid/")
    cost = {}
    for who in ("worker", "lead"):
        client.force_login(getattr(district, who))
        for url in urls:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            cost[who, url.replace(str(duty.pk), "1").replace(str(duty.route_id), "1")] = len(asked)

    assert cost == COST


def test_a_round_is_walked_on_its_page(client, district, duty):
    client.force_login(district.worker)
    for point in points(duty):
        assert confirm(client, duty, point).url == page_of(duty)

    page = client.get(page_of(duty)).content.decode()

    assert "3 of 3 places confirmed" in page
    assert PatrolDuty.objects.get().state == "done"
    assert client.get(LIST).context["mine"][0].following is None


@pytest.mark.parametrize("point", ["", "x", "-1", "9" * 30])
def test_a_place_that_is_none_changes_nothing(client, district, duty, point):
    client.force_login(district.worker)

    response = client.post(page_of(duty, "confirm/"), {"point": point})

    assert response.status_code == 422
    assert not PatrolCheck.objects.exists()


def test_taking_back_on_the_page(client, district, duty):
    client.force_login(district.worker)
    first, *_others = points(duty)
    confirm(client, duty, first)

    assert client.post(page_of(duty, "take-back/"), {"point": first.pk}).status_code == 302
    assert client.post(page_of(duty, "take-back/"), {"point": first.pk}).status_code == 409

    assert not PatrolCheck.objects.exists()


def test_a_finding_from_the_round_to_its_number(client, district, duty, tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path)
    client.force_login(district.worker)
    first, *_others = points(duty)
    form = client.get(page_of(duty, "finding/"), {"point": first.pk}).context["form"]
    assert (form["point"].value(), form["place"].value()) == (str(first.pk), district.grid.code)
    sent = {"client_key": form["client_key"].value(), "point": first.pk, "place": district.grid.code, "text": ""}
    response = client.post(page_of(duty, "finding/"), sent)
    assert response.status_code == 422
    found = client.post(page_of(duty, "finding/"), sent | {"q": "3号楼", "find": "1", "text": "垃圾桶满了"})
    assert "垃圾桶满了" in found.content.decode()
    assert not Petition.objects.exists()

    photo = io.BytesIO(phone_photo())
    photo.name = "a.jpg"
    sent |= {"text": "东门外的垃圾桶满了两天。", "place": district.building.code, "photos": photo}
    response = client.post(page_of(duty, "finding/"), sent)

    assert response.url == page_of(duty)
    petition = Petition.objects.get()
    assert (petition.channel, petition.place, petition.photos.count()) == ("patrol", district.building, 1)
    page = client.get(page_of(duty)).content.decode()
    assert f"/cases/{petition.number}/" in page
    assert re.search(r"Suggested: .*because of “.*垃圾桶", page)


def test_what_calls_for_help_names_the_number(client, district, duty):
    client.force_login(district.worker)
    sent = {"client_key": uuid.uuid4(), "point": "", "place": district.grid.code, "text": "车棚着火了，火很大！"}

    page = client.post(page_of(duty, "finding/"), sent, follow=True).content.decode()

    assert "call 119" in page


def test_a_photo_that_is_none_keeps_the_words(client, district, duty):
    client.force_login(district.worker)
    photo = io.BytesIO(b"not a photo")
    photo.name = "a.jpg"
    sent = {"client_key": uuid.uuid4(), "point": "", "place": district.grid.code, "text": "垃圾", "photos": photo}

    response = client.post(page_of(duty, "finding/"), sent)

    assert response.status_code == 422
    assert "垃圾" in response.content.decode()
    assert not Petition.objects.exists()


def test_others_read_a_round_and_only_its_posts_walk_it(client, district, duty):
    first, *_others = points(duty)
    walking.confirm(duty, point=first, by=district.as_staff(district.worker), at=timezone.now(), where="38.52,102.18")
    for who in ("secretary", "window", "supervisor", "command"):
        client.force_login(getattr(district, who))
        assert client.get(page_of(duty)).status_code == 200
        assert confirm(client, duty, first).status_code == 403
        assert client.get(page_of(duty, "finding/")).status_code == 403
    for who in ("other_worker", "other_secretary", "stranger", "handler"):
        client.force_login(getattr(district, who))
        assert client.get(page_of(duty)).status_code == 404
        assert confirm(client, duty, first).status_code == 404
        assert client.get(f"/patrols/routes/{duty.route_id}/").status_code == 404


def test_nobody_but_the_walker_reads_when_and_where_he_stood(client, district, duty):
    first, *_others = points(duty)
    check = walking.confirm(
        duty, point=first, by=district.as_staff(district.worker), at=timezone.now(), where="38.52,102.18"
    )
    stood = timezone.localtime(check.at).strftime("%H:%M")
    due = duty.due_by.strftime("%H:%M")

    def times_on(user, url):
        client.force_login(user)
        page = client.get(url).content.decode()
        return {one for one in re.findall(r">[^<]*?(\d\d:\d\d)[^<]*<", page) if one != due}, "102.18" in page

    assert times_on(district.lead, page_of(duty)) == (set(), False)
    assert times_on(district.command, page_of(duty)) == (set(), False)
    assert times_on(district.worker, page_of(duty)) == ({stood}, False)
    assert times_on(district.worker, "/patrols/mine/") == ({stood}, True)
    assert times_on(district.lead, "/patrols/mine/") == (set(), False)


def test_ones_own_file_deletes_the_places_of_the_device(client, district, duty):
    first, *_others = points(duty)
    walking.confirm(duty, point=first, by=district.as_staff(district.worker), at=timezone.now(), where="38.52,102.18")
    client.force_login(district.worker)

    assert client.post("/patrols/mine/").url == "/patrols/mine/"

    assert PatrolCheck.objects.get().where == ""
    assert "102.18" not in client.get("/patrols/mine/").content.decode()


def test_no_address_exports_rounds_and_no_register_lists_them():
    from django.contrib import admin

    from fieldwork.models import PatrolFinding
    from tests.config.test_absences import addresses

    ways = [way for way, _one in addresses() if "patrol" in way]
    assert not [way for way in ways if re.search(r"export|csv|xlsx|json", way)]
    assert not {PatrolCheck, PatrolDuty, PatrolFinding} & set(admin.site._registry)


def test_a_route_from_writing_it_down_to_ending_it(client, district):
    client.force_login(district.lead)
    sent = {
        "area": district.grid.code, "name": "夜巡", "post": "grid_worker", "rhythm": "weekdays", "weekdays": ["1", "4"],
        "times": "9:30，17:00", "places": "东门：消防通道\n车棚", "starts_on": timezone.localdate().isoformat(),
    }  # fmt: skip
    new = reverse("patrol_route_new")
    for wrong in ({"times": "25:00"}, {"places": "东门\n东门"}, {"weekdays": []}, {"area": district.other_grid.code}):
        response = client.post(new, sent | wrong)
        assert response.status_code == 422
        assert "夜巡" in response.content.decode()
    assert not PatrolRoute.objects.exists()

    response = client.post(new, sent)
    one = PatrolRoute.objects.get()
    assert response.url == f"/patrols/routes/{one.pk}/"
    assert (one.weekdays, one.times, one.on_holidays) == ([1, 4], [time(9, 30), time(17)], False)
    change = f"/patrols/routes/{one.pk}/change/"
    assert client.get(change).context["form"]["places"].value() == "东门：消防通道\n车棚"
    assert client.post(new, sent).status_code == 409
    assert client.post(change, sent | {"name": "晚巡", "rhythm": "daily", "places": "车棚"}).status_code == 302
    one.refresh_from_db()
    assert (one.name, one.rhythm, one.weekdays) == ("晚巡", "daily", [])
    client.force_login(district.worker)
    assert client.get(change).status_code == 403
    assert client.post(f"/patrols/routes/{one.pk}/end/").status_code == 403
    client.force_login(district.secretary)
    assert client.post(f"/patrols/routes/{one.pk}/end/").url == LIST
    one.refresh_from_db()
    assert one.valid_to == timezone.localdate()
    assert client.post(change, sent).status_code == 409


def test_why_a_round_was_not_walked_is_said_on_its_page(client, district, duty):
    PatrolDuty.objects.update(on=timezone.localdate() - timedelta(days=1))
    rounds.close_days(at=timezone.now())
    client.force_login(district.lead)
    assert [one.pk for one in client.get(LIST).context["lacking"]] == [duty.pk]

    assert client.post(page_of(duty, "why/"), {"reason": "ill"}).status_code == 422
    assert client.post(page_of(duty, "why/"), {"reason": "elsewhere"}).url == page_of(duty)

    assert PatrolDuty.objects.get().reason == "elsewhere"
    assert client.get(LIST).context["lacking"] == []
    client.force_login(district.worker)
    assert client.post(page_of(duty, "why/"), {"reason": "elsewhere"}).status_code == 403


def test_figures_go_from_the_street_to_the_list_of_a_route(client, district):
    """Mechanism 002-36: completion per route and day, per grid and month, each figure with its list."""
    duty = made(district)
    for point in points(duty):
        walking.confirm(duty, point=point, by=district.as_staff(district.worker), at=TUESDAY)
    route(district, area=district.community, post=PostKind.COMMUNITY_WORKER, by=district.secretary, name="社区线")
    rounds.make_day(at=TUESDAY)
    for day in ("2026-06-10", "2026-06-11"):
        rounds.close_days(at=at(day, 0))
        rounds.make_day(at=at(day, 0))
    leader = district.as_staff(district.leader)

    below = completion.of_areas(leader, district.street, month=JUNE)
    own = completion.of_routes(leader, district.community, month=JUNE)
    grids = completion.of_areas(leader, district.community, month=JUNE)

    def said(row):
        one = row.figures
        shares = [(share.visited, share.asked) for share in (one.rounds, one.in_time, one.places)]
        return [*shares, one.found]

    # the 9th and the 10th are over; of the 11th nothing is said yet
    assert [(row.area, said(row)) for row in below] == [(district.community, [(1, 4), (1, 1), (3, 12), 0])]
    assert [(row.route.name, said(row)) for row in own] == [("社区线", [(0, 2), (0, 0), (0, 6), 0])]
    assert [(row.area, said(row)) for row in grids] == [(district.grid, [(1, 2), (1, 1), (3, 6), 0])]
    assert said_total(completion.total_of([*own, *grids])) == (1, 4)
    client.force_login(district.leader)
    page = client.get("/patrols/figures/", {"area": district.grid.code, "month": "2026-06"}).content.decode()
    assert f"/patrols/routes/{duty.route_id}/?month=2026-06" in page
    listed = client.get(f"/patrols/routes/{duty.route_id}/", {"month": "2026-06"}).context["duties"]
    assert [one.state for one in listed] == ["open", "missed", "done"]


def said_total(figures):
    return figures.rounds.visited, figures.rounds.asked


def test_figures_of_a_strange_area_do_not_exist(client, district):
    client.force_login(district.secretary)

    assert client.get("/patrols/figures/", {"area": district.other_community.code}).status_code == 404
    assert client.get("/patrols/", {"area": district.other_community.code}).status_code == 404
    client.force_login(district.handler)
    assert client.get("/patrols/figures/").status_code == 403
