"""Looks at who raised a matter: cases 39 of cases/petitions.md; two people for what is about staff; the weekly list."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from grids.enums import PostKind
from notifications.models import Notice
from people.models import RevealLog
from petitions import reveals
from petitions.enums import RecusalKind
from petitions.errors import NotNow, NotYours
from petitions.models import PetitionReveal, Recusal, RevealRequest
from petitions.tasks import report_reveals
from tests.factories import SHANGHAI, TUESDAY, appoint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PHONE, NAME = "13800138000", "常小红"


@pytest.fixture
def petition(district):
    return district.petition()


@pytest.fixture
def complaint(district):
    """A complaint about the dispatcher: closed to the street and below, who is complained of is written down."""
    petition = district.petition()
    petition.barred_from = 4
    petition.save(update_fields=["barred_from"])
    Recusal.objects.create(
        petition=petition,
        user=district.dispatcher,
        kind=RecusalKind.COMPLAINED_OF,
        declared_by=district.command,
        declared_at=TUESDAY,
    )
    return petition


def look(district, who, petition, **changes):
    facts = {"field": "phone", "reason": "约定上门时间", "at": TUESDAY, **changes}
    return reveals.look(petition, by=district.as_staff(getattr(district, who)), **facts)


def post(client, user, petition, **changes):
    client.force_login(user)
    return client.post(f"/cases/{petition.number}/reveal/", {"field": "phone", "reason": "约定上门时间", **changes})


# -- one person ------------------------------------------------------------------------------------------------


def test_a_look_keeps_which_petition_and_from_which_post(district, petition):
    assert look(district, "secretary", petition).value == PHONE

    row = PetitionReveal.objects.select_related("log").get()
    assert (row.petition, row.by_kind, row.by_level, row.by_path) == (
        petition,
        "community_secretary",
        5,
        district.community.path,
    )
    assert (row.log.by, row.log.field, row.log.about) == (district.secretary, "phone", f"petition:{petition.number}")


def test_the_value_is_no_part_of_what_a_look_prints(district, petition):
    assert PHONE not in repr(look(district, "secretary", petition))


def test_the_page_works_without_javascript_is_kept_by_no_cache_and_shows_it_once(client, district, petition):
    response = post(client, district.secretary, petition)

    body = response.content.decode()
    assert response.status_code == 200
    assert body.count(PHONE) == 2  # in words, and in the link that calls it
    assert "no-store" in response["Cache-Control"]
    assert "hx-" not in re.sub(r"<header.*?</header>", "", body, flags=re.DOTALL).split("<main")[1]
    assert PHONE not in client.get(f"/cases/{petition.number}/").content.decode()
    assert client.get(f"/cases/{petition.number}/reveal/").status_code == 405


def test_the_page_says_how_many_looks_are_left_and_refuses_the_next(client, district, petition, settings):
    settings.REVEALS_PER_DAY = 1

    assert "0 more names or numbers today" in post(client, district.secretary, petition).content.decode()
    refused = post(client, district.secretary, petition)

    assert refused.status_code == 429
    assert "You have looked at 1 names or numbers today" in refused.content.decode()
    assert 'value="约定上门时间"' in refused.content.decode()  # what was typed is still there
    assert PHONE not in refused.content.decode()
    assert RevealLog.objects.count() == 1


# -- two people ------------------------------------------------------------------------------------------------


def test_what_is_about_staff_is_not_shown_to_one_person(district, complaint):
    with pytest.raises(NotNow, match="second person"):
        look(district, "command", complaint)

    assert not RevealLog.objects.exists()


@pytest.mark.parametrize("how", ["barred", "category", "named"])
def test_a_matter_is_about_staff_by_how_it_was_filed_by_its_category_or_by_who_is_named(district, how):
    petition = district.petition(status="accepted", category="1308" if how == "category" else "0102")
    if how == "barred":
        petition.barred_from = 6
    if how == "named":
        Recusal.objects.create(
            petition=petition,
            user=district.worker,
            kind="complained_of",
            declared_by=district.command,
            declared_at=TUESDAY,
        )

    assert reveals.needs_two(petition)


def test_an_interest_of_ones_own_makes_no_complaint(district, petition):
    Recusal.objects.create(
        petition=petition, user=district.worker, kind="conflict", declared_by=district.worker, declared_at=TUESDAY
    )

    assert not reveals.needs_two(petition)


def staff_matter(district):
    """About the grid worker: the community and above work on it."""
    petition = district.petition()
    petition.barred_from = 6
    petition.save(update_fields=["barred_from"])
    Recusal.objects.create(
        petition=petition, user=district.worker, kind="complained_of", declared_by=district.command, declared_at=TUESDAY
    )
    return petition


def ask(district, petition, at=TUESDAY):
    return reveals.ask(petition, field="phone", reason="核实反映内容", by=district.as_staff(district.secretary), at=at)


def test_one_asks_one_above_agrees_one_looks_once_and_both_are_written_down(district):
    petition = staff_matter(district)
    request = ask(district, petition)
    reveals.decide(request, agreed=True, by=district.as_staff(district.dispatcher), at=TUESDAY)

    assert look(district, "secretary", petition, reason="").value == PHONE

    log = RevealLog.objects.get()
    assert (log.by, log.agreed_by, log.reason) == (district.secretary, district.dispatcher, "核实反映内容")
    with pytest.raises(NotNow):
        look(district, "secretary", petition)


def test_whoever_may_agree_is_told_without_a_word_of_the_matter(district):
    request = ask(district, staff_matter(district))

    notices = {n.recipient: (n.kind, n.url_path, n.params) for n in Notice.objects.filter(kind__startswith="reveal")}
    assert set(notices) == {district.dispatcher, district.leader}
    assert notices[district.leader] == (
        "reveal_asked",
        f"/reveals/requests/{request.pk}/",
        {"number": request.petition.number},
    )


def test_asking_twice_is_one_request(district):
    petition = staff_matter(district)

    assert ask(district, petition).pk == ask(district, petition).pk
    assert RevealRequest.objects.count() == 1


@pytest.mark.parametrize(
    "who", ["secretary", "worker", "lead", "window", "other_secretary", "stranger", "handler", "supervisor"]
)
def test_nobody_of_the_same_level_or_below_or_elsewhere_agrees(district, who):
    request = ask(district, staff_matter(district))

    with pytest.raises(NotYours):
        reveals.decide(request, agreed=True, by=district.as_staff(getattr(district, who)), at=TUESDAY)
    request.refresh_from_db()
    assert request.agreed is None


def test_the_one_complained_of_never_agrees_whatever_his_post(district):
    petition = staff_matter(district)
    appoint(district.worker, PostKind.DISTRICT_COMMAND, district.district, seats=2)
    request = ask(district, petition)

    with pytest.raises(NotYours):
        reveals.decide(request, agreed=True, by=district.as_staff(district.worker), at=TUESDAY)


def test_a_request_lapses_after_its_hours_and_so_does_an_agreement(district, settings):
    settings.REVEAL_REQUEST_HOURS = 24
    petition = staff_matter(district)
    dispatcher = district.as_staff(district.dispatcher)
    late = ask(district, petition)
    with pytest.raises(NotNow, match="time is over"):
        reveals.decide(late, agreed=True, by=dispatcher, at=TUESDAY + timedelta(hours=24))

    reveals.decide(late, agreed=True, by=dispatcher, at=TUESDAY + timedelta(hours=23, minutes=59))
    with pytest.raises(NotNow, match="second person"):
        look(district, "secretary", petition, at=TUESDAY + timedelta(hours=24))


def test_who_does_not_agree_ends_it_and_nobody_decides_twice(district):
    petition = staff_matter(district)
    request = ask(district, petition)
    reveals.decide(request, agreed=False, by=district.as_staff(district.leader), at=TUESDAY)

    with pytest.raises(NotNow, match="decided on already"):
        reveals.decide(request, agreed=True, by=district.as_staff(district.dispatcher), at=TUESDAY)
    with pytest.raises(NotNow, match="second person"):
        look(district, "secretary", petition)
    assert Notice.objects.get(kind="reveal_not_agreed").recipient == district.secretary


def test_the_whole_way_in_the_browser(client, district):
    petition = staff_matter(district)
    client.force_login(district.secretary)
    assert "a second person" in client.get(f"/cases/{petition.number}/?do=reveal").content.decode()
    asked = post(client, district.secretary, petition)
    assert asked.status_code == 302
    assert PHONE not in asked.content.decode()
    request = RevealRequest.objects.get()

    client.force_login(district.dispatcher)
    page = client.get(f"/reveals/requests/{request.pk}/")
    assert "约定上门时间" in page.content.decode()
    assert PHONE not in page.content.decode()
    unclear = client.post(f"/reveals/requests/{request.pk}/decide/", {})
    agreed = client.post(f"/reveals/requests/{request.pk}/decide/", {"agreed": "yes"}, follow=True)
    assert (unclear.status_code, agreed.status_code) == (422, 200)

    shown = post(client, district.secretary, petition)
    assert shown.status_code == 200
    assert PHONE in shown.content.decode()
    assert post(client, district.secretary, petition).status_code == 302  # asks anew
    assert RevealRequest.objects.count() == 2


@pytest.mark.parametrize("who", ["secretary", "worker", "stranger", "handler"])
def test_a_request_does_not_exist_for_who_may_not_decide_on_it(client, district, who):
    request = ask(district, staff_matter(district))
    client.force_login(getattr(district, who))

    assert client.get(f"/reveals/requests/{request.pk}/").status_code == 404
    assert client.post(f"/reveals/requests/{request.pk}/decide/", {"agreed": "yes"}).status_code == 404
    assert RevealRequest.objects.get().agreed is None


# -- who answers for it ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("secretary", {"worker", "secretary"}),
        ("dispatcher", {"worker", "secretary", "handler"}),
        ("leader", {"worker", "secretary", "handler"}),
        ("command", {"worker", "secretary", "handler"}),
        ("head", {"handler"}),
        ("worker", {"worker"}),
        ("lead", set()),
        ("other_secretary", set()),
        ("stranger", set()),
        ("supervisor", set()),
    ],
)
def test_the_list_shows_ones_own_looks_and_those_one_answers_for(client, district, petition, who, seen):
    with_unit = district.petition(status="dispatched", organisation=True)
    now = timezone.now()
    for looker, what in (("worker", petition), ("secretary", petition), ("handler", with_unit)):
        look(district, looker, what, at=now)
    client.force_login(getattr(district, who))

    page = client.get("/reveals/")

    assert {row.log.by for row in page.context["page_obj"]} == {getattr(district, name) for name in seen}
    body = page.content.decode()
    assert PHONE not in body
    assert NAME not in body


def test_the_list_says_who_when_which_field_which_matter_and_why(client, district, petition):
    look(district, "worker", petition, at=datetime(2026, 6, 9, 10, 0, tzinfo=SHANGHAI), reason="送还钥匙")
    client.force_login(district.secretary)

    body = client.get("/reveals/?week=2026-06-12").content.decode()

    for said in ("worker", "Phone number", petition.number, "送还钥匙", "2026-06-08", "2026-06-14"):
        assert said in body
    assert "Nobody looked" in client.get("/reveals/?week=2026-06-01").content.decode()
    assert client.get("/reveals/?week=nonsense").status_code == 200


@pytest.mark.parametrize("looks", [1, 4])
def test_the_list_costs_the_same_however_long_it_is(client, district, petition, django_assert_num_queries, looks):
    for _turn in range(looks):
        look(district, "worker", petition, at=timezone.now())
    client.force_login(district.secretary)
    client.get("/reveals/")

    with django_assert_num_queries(9):  # session, user, posts, deputies, count, rows, links, requests, badge
        page = client.get("/reveals/")

    assert len(page.context["page_obj"]) == looks


def test_heads_are_told_on_monday_once_with_a_number_and_nothing_more(district, petition):
    with_unit = district.petition(status="dispatched", organisation=True)
    sunday = datetime(2026, 6, 14, 23, 59, tzinfo=SHANGHAI)
    for looker, what, at in (
        ("worker", petition, TUESDAY),
        ("worker", petition, sunday),
        ("secretary", petition, TUESDAY),
        ("handler", with_unit, TUESDAY),
        ("worker", petition, sunday + timedelta(minutes=1)),  # the next week's
    ):
        look(district, looker, what, at=at)
    monday = datetime(2026, 6, 15, 8, 0, tzinfo=SHANGHAI)

    told = reveals.report_week(monday=date(2026, 6, 8), at=monday)
    again = reveals.report_week(monday=date(2026, 6, 8), at=monday + timedelta(days=1))

    assert (told, again) == (3, 0)
    notices = {n.recipient: n for n in Notice.objects.filter(kind="reveals_week")}
    assert {who: n.params["count"] for who, n in notices.items()} == {
        district.secretary: 2,
        district.leader: 1,
        district.head: 1,
    }
    assert notices[district.leader].params == {"count": 1, "week": "2026-06-08"}
    assert notices[district.leader].url_path == "/reveals/?week=2026-06-08"


def test_a_look_of_the_highest_post_is_not_reported_to_himself(district, petition):
    look(district, "command", petition)

    reveals.report_week(monday=date(2026, 6, 8), at=TUESDAY + timedelta(days=6))

    assert {n.recipient for n in Notice.objects.filter(kind="reveals_week")} == {district.duty}


def test_the_task_reports_last_week(district, petition):
    look(district, "worker", petition, at=timezone.now() - timedelta(days=7))

    report_reveals()

    assert Notice.objects.get(kind="reveals_week").recipient == district.secretary
