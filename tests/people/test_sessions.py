"""Sessions of staff: how long they last, who sees and ends them, and what ends them at once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grids.enums import Level, PostKind
from grids.models import Appointment, Post
from people import devices, registry, signins
from people.addresses import shortened
from people.models import Session, User
from tests.factories import PASSWORD, appoint, make_area, make_user
from tests.people.door import is_in, sign_in

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126 Mobile MicroMessenger/8.0"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126 Safari/537.36 Edg/126.0"
PAGE = "/notices/"


@pytest.fixture
def user():
    return make_user("王芳")


@pytest.fixture
def other_place(user):
    client = Client(headers={"user-agent": PHONE, "accept-language": "en"})
    sign_in(client, user, address="203.0.113.77")
    return client


@pytest.fixture(autouse=True)
def english(client):
    client.defaults |= {"HTTP_ACCEPT_LANGUAGE": "en", "HTTP_USER_AGENT": DESK}


def set_back(client, **seconds):
    """Move the stamps of the session into the past."""
    session = client.session
    session["signin"] = {**session["signin"], **{name: session["signin"][name] - ago for name, ago in seconds.items()}}
    session.save()


# -- where they are ------------------------------------------------------------------------------------------


def test_a_session_lies_in_the_database_under_its_account(client, user):
    sign_in(client, user)

    row = Session.objects.get()
    assert (row.session_key, row.user) == (client.session.session_key, user)
    assert row._meta.db_table == "people_session"
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_session')")
        assert cursor.fetchone() == (None,)


def test_what_a_visitor_brought_along_is_worthless_after_signing_in(client, user):
    client.get("/login/")
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted

    sign_in(client, user)

    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert not is_in(thief)


def test_the_cookie_is_not_for_scripts_and_not_for_other_sites(client, user):
    sign_in(client, user)

    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


# -- how long ------------------------------------------------------------------------------------------------


def test_a_session_left_alone_ends_and_the_sign_in_says_why(client, user, settings):
    settings.SESSION_IDLE_MINUTES = 30
    sign_in(client, user)
    set_back(client, seen=30 * 60 - 5)
    assert client.get(PAGE).status_code == 200

    set_back(client, seen=30 * 60)
    response = client.get(PAGE, follow=True)

    assert response.redirect_chain[-1][0] == "/login/?next=/notices/"
    assert "nothing was done here for 30 minutes" in response.content.decode()
    assert not is_in(client)


def test_a_session_ends_after_its_hours_however_busy(client, user, settings):
    settings.SESSION_HOURS = 8
    sign_in(client, user)
    set_back(client, began=8 * 3600 - 5)
    assert client.get(PAGE).status_code == 200

    set_back(client, began=5)
    response = client.get(PAGE, follow=True)

    assert "a sign-in lasts 8 hours at most" in response.content.decode()
    assert not is_in(client)


def test_a_post_is_refused_too(client, user):
    sign_in(client, user)
    set_back(client, seen=24 * 3600)

    assert client.post("/notices/read-all/").status_code == 302
    assert SESSION_KEY not in client.session


def test_a_session_without_a_stamp_is_none_of_ours(client, user):
    sign_in(client, user)
    session = client.session
    del session["signin"]
    session.save()

    assert client.get(PAGE).status_code == 302
    assert not is_in(client)


def test_using_it_keeps_it_and_writes_once_in_five_minutes(client, user, django_assert_num_queries):
    sign_in(client, user)
    client.get("/password/")
    with django_assert_num_queries(5):  # session, user; posts held, posts stood in for, unread notices
        client.get("/password/")
    set_back(client, seen=301)
    before = client.session["signin"]["seen"]

    client.get("/password/")

    assert client.session["signin"]["seen"] - before >= 301


def test_a_resident_is_never_signed_out(client):
    session = client.session
    session["petitions_proved"] = [1]
    session.save()

    client.get("/")

    assert client.session["petitions_proved"] == [1]


# -- at once -------------------------------------------------------------------------------------------------


@pytest.fixture
def held(user):
    return appoint(user, PostKind.GRID_WORKER, make_area(Level.GRID, "第一网格", "620302001001001", None))


def test_a_closed_account_is_out_with_the_next_request_and_stays_out(client, user, admin_user):
    sign_in(client, user)
    assert client.get(PAGE).status_code == 200

    User.objects.filter(pk=user.pk).update(is_active=False)

    assert client.get(PAGE).status_code == 302
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert client.get(PAGE).status_code == 302


def test_a_stale_copy_of_the_account_brings_no_session_back(client, user):
    sign_in(client, user)
    stale = User.objects.get(pk=user.pk)
    User.objects.filter(pk=user.pk).update(is_active=False)
    stale.display_name = "王芳芳"

    stale.save()

    user.refresh_from_db()
    assert (user.is_active, user.session_epoch) == (True, 1)
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize("days_ago", [0, 1, 30])
def test_an_appointment_that_is_ended_signs_out_with_the_next_request(client, user, held, days_ago):
    sign_in(client, user)
    assert client.get("/grid/").status_code == 200

    Appointment.objects.filter(pk=held.pk).update(ends_on=timezone.localdate() - timedelta(days=days_ago))

    assert client.get("/grid/").status_code == 302
    assert client.get("/grid/").url.startswith("/login/")


def test_an_appointment_that_will_end_signs_out_when_its_last_day_is_over(client, user, held, monkeypatch):
    today = timezone.localdate()
    Appointment.objects.filter(pk=held.pk).update(ends_on=today)
    sign_in(client, user)
    assert client.session["signin"]["until"] == today.isoformat()
    stamp = signins.Stamp.of(client.session)
    midnight = timezone.make_aware(datetime.combine(today + timedelta(days=1), datetime.min.time()))

    fresh = {"began": int(midnight.timestamp()) - 60, "seen": int(midnight.timestamp()) - 60}
    known = signins.Stamp(**fresh, until=stamp.until)

    assert known.over(at=midnight - timedelta(seconds=1)) is None
    assert known.over(at=midnight) == signins.Ended.POST


def test_an_end_set_for_a_later_day_signs_nobody_out_today(client, user, held):
    sign_in(client, user)

    Appointment.objects.filter(pk=held.pk).update(ends_on=timezone.localdate() + timedelta(days=1))

    assert client.get("/grid/").status_code == 200


def test_a_post_that_is_closed_signs_its_holders_out(client, user, held):
    sign_in(client, user)

    Post.objects.filter(pk=held.post_id).update(valid_to=timezone.localdate())

    assert client.get("/grid/").status_code == 302


def test_who_keeps_his_post_stays_signed_in(client, user, held):
    other = make_user("李红")
    other_term = appoint(other, PostKind.GRID_LEAD, held.post.area)
    sign_in(client, user)

    Appointment.objects.filter(pk=other_term.pk).update(ends_on=date(2026, 1, 1))

    assert client.get("/grid/").status_code == 200


def test_whoever_signs_in_again_goes_on_with_the_posts_left(client, user, held):
    community = make_area(Level.COMMUNITY, "北关社区", "620302001001", None)
    appoint(user, PostKind.COMMUNITY_WORKER, community)
    sign_in(client, user)
    Appointment.objects.filter(pk=held.pk).update(ends_on=date(2026, 1, 1))
    assert client.get(PAGE).status_code == 302

    sign_in(client, user)

    assert client.get(PAGE).status_code == 200


# -- one's own list ------------------------------------------------------------------------------------------


def test_a_person_sees_where_he_is_signed_in(client, user, other_place):
    sign_in(client, user, address="192.0.2.7")
    sign_in(Client(), make_user("李红"))

    page = client.get("/account/")

    shown = page.context["sessions"]
    assert [(one.device, one.network, one.is_this) for one in shown] == [
        ("Edge on Windows", "192.0.2.*", True),
        ("WeChat on Android", "203.0.113.*", False),
    ]
    text = page.content.decode()
    assert "203.0.113.77" not in text
    assert not any(row.session_key in text for row in Session.objects.all())


def test_he_ends_one_of_the_others(client, user, other_place):
    sign_in(client, user)
    handle = client.get("/account/").context["sessions"][1].handle

    client.post("/account/sessions/end/", {"session": handle})

    assert other_place.get(PAGE).status_code == 302
    assert client.get(PAGE).status_code == 200


def test_he_ends_all_others(client, user, other_place):
    third = Client()
    sign_in(third, user)
    sign_in(client, user)

    client.post("/account/sessions/end/")

    assert [one.get(PAGE).status_code for one in (client, other_place, third)] == [200, 302, 302]


def test_nobody_ends_somebody_elses(client, user, other_place):
    handle = signins.handle_of(other_place.session.session_key)
    sign_in(client, make_user("李红"))

    client.post("/account/sessions/end/", {"session": handle})
    client.post("/account/sessions/end/")

    assert other_place.get(PAGE).status_code == 200


def test_looking_ends_nothing(client, user):
    sign_in(client, user)

    assert client.get("/account/sessions/end/").status_code == 405


def test_a_new_password_ends_the_other_sessions(client, user, other_place):
    sign_in(client, user)

    client.post(
        "/password/", {"old_password": PASSWORD, "new_password1": "bridge-lamp-77", "new_password2": "bridge-lamp-77"}
    )

    assert [one.get(PAGE).status_code for one in (client, other_place)] == [200, 302]
    assert [one.is_this for one in client.get("/account/").context["sessions"]] == [True]


def test_a_new_password_is_asked_for_in_words(client, user):
    sign_in(client, user)

    page = client.get("/password/").content.decode()

    assert "at least 10 characters" in page


def test_an_administrator_signs_somebody_out_everywhere(client, user, other_place, admin_user):
    client.force_login(admin_user)

    client.post(reverse("admin:people_user_changelist"), {"action": "end_sessions", "_selected_action": [user.pk]})

    assert other_place.get(PAGE).status_code == 302
    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize("places", [1, 4])
def test_the_page_costs_the_same_wherever_one_is_signed_in(client, user, places, django_assert_num_queries):
    for _ in range(places):
        sign_in(Client(), user)
    sign_in(client, user)
    client.get("/account/")

    with django_assert_num_queries(7):  # session, user; factor, sessions; posts held, stood in for, unread notices
        page = client.get("/account/")

    assert len(page.context["sessions"]) == places + 1


# -- what is heard of it -------------------------------------------------------------------------------------


def test_everything_at_the_door_passes_one_place(client, user, monkeypatch):
    heard = []
    monkeypatch.setattr(registry, "_listeners", [heard.append])

    sign_in(client, user, "wrong")
    sign_in(client, user, address="203.0.113.77")
    client.post("/logout/")

    assert [(one.kind.value, one.user, one.network) for one in heard] == [
        ("refused", None, "192.0.2.*"),
        ("signed_in", user, "203.0.113.*"),
        ("signed_out", user, "127.0.0.*"),
    ]
    assert heard[1].details == {"means": "password", "factor": ""}


def test_old_sessions_are_deleted(client, user):
    sign_in(client, user)
    now = datetime.now(UTC)

    assert signins.purge(at=now) == 0
    assert signins.purge(at=now + timedelta(hours=13)) == 1


@pytest.mark.parametrize(
    ("address", "kept"),
    [("203.0.113.77", "203.0.113.*"), ("2001:db8:1:2::4", "2001:db8:1::*"), (None, "")],
)
def test_an_address_is_shown_shortened(address, kept):
    assert shortened(address) == kept


@pytest.mark.parametrize(
    ("agent", "found"),
    [
        (PHONE, "android wechat"),
        (DESK, "windows edge"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1", "iphone safari"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:126.0) Gecko/20100101 Firefox/126.0", "mac firefox"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1 Mobile", "harmony other"),
        ("", "other other"),
    ],
)
def test_a_device_is_named_as_people_know_it(agent, found):
    assert devices.recognise(agent) == found
