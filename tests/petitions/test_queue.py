"""The queue of whoever handles: what stands in it, in which order, and what a page of it costs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from petitions import worklist
from petitions.enums import Status
from petitions.models import Petition, PetitionEvent
from petitions.worklist import Section
from tests.factories import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
QUEUE = "/grid/"
# session, user, posts held, posts stood in for, what stands where, its cards with their clocks, who is at his post,
# patrols to walk, visits to make (rules and links, households), who is on a duty shift, unread notices
QUERIES = 12


def numbers(client, section: Section) -> list[str]:
    page = client.get(QUEUE, {"section": section.value}).context["page"]
    assert page.section == section
    return [card.petition.number for card in page.cards]


def test_a_worker_sees_what_waits_for_him_what_he_holds_and_what_others_check(client, district):
    waiting = district.petition(status=Status.DISPATCHED)
    unclaimed = district.petition(status=Status.ACCEPTED)
    held = district.petition(status=Status.IN_PROGRESS)
    resolved = district.petition(status=Status.RESOLVED)
    district.petition(status=Status.SUBMITTED)
    district.petition(status=Status.CLOSED)
    client.force_login(district.worker)

    response = client.get(QUEUE)

    to_do = [waiting.number, unclaimed.number, held.number]
    assert sorted(card.number for card in response.context["cards"]) == sorted(to_do)
    assert sorted(numbers(client, Section.TAKE)) == sorted([waiting.number, unclaimed.number])
    assert numbers(client, Section.HANDS) == [held.number]
    assert numbers(client, Section.CHECK) == [resolved.number]
    assert sorted(numbers(client, Section.LATE)) == sorted(to_do)
    piles = {pile.section.value: pile.count for pile in response.context["piles"]}
    assert piles == {"open": 3, "take": 2, "hands": 1, "late": 3, "check": 1}


def test_a_worker_of_another_grid_sees_nothing_of_it(client, district):
    district.petition(status=Status.DISPATCHED)
    district.petition(status=Status.ACCEPTED)
    client.force_login(district.other_worker)

    response = client.get(QUEUE)

    assert response.context["cards"] == []
    assert response.context["figures"].open == 0
    assert "Nobody waits for you here." in response.content.decode()


def test_a_matter_given_to_a_colleague_of_the_grid_does_not_wait_for_the_lead(client, district):
    district.petition(status=Status.DISPATCHED)
    unclaimed = district.petition(status=Status.ACCEPTED)
    client.force_login(district.lead)

    assert numbers(client, Section.TAKE) == [unclaimed.number]


def test_a_handler_sees_what_was_dispatched_to_his_unit(client, district):
    theirs = district.petition(status=Status.DISPATCHED, organisation=True)
    district.petition(status=Status.DISPATCHED)
    client.force_login(district.handler)

    assert numbers(client, Section.TAKE) == [theirs.number]


def test_the_most_pressing_stands_first(client, district):
    later = district.petition(TUESDAY + timedelta(days=2), status=Status.DISPATCHED)
    sooner = district.petition(TUESDAY, status=Status.DISPATCHED)
    client.force_login(district.worker)

    assert numbers(client, Section.TAKE) == [sooner.number, later.number]


def test_due_today_ends_with_the_day_in_shanghai_and_late_begins_on_the_instant(client, district, monkeypatch):
    due = district.petition(TUESDAY, status=Status.DISPATCHED)
    assert due.next_due_at is not None
    client.force_login(district.worker)

    def figures_at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)
        figures = client.get(QUEUE).context["figures"]
        return figures.due_today, figures.late

    assert figures_at(due.next_due_at - timedelta(days=2)) == (0, 0)
    assert figures_at(due.next_due_at - timedelta(minutes=1)) == (1, 0)
    assert figures_at(due.next_due_at) == (0, 1)


def test_a_card_shows_place_words_tier_and_how_late_it_is_and_no_telephone(client, district):
    petition = district.petition(status=Status.DISPATCHED, text="垃圾桶满了，请打13800138000。")
    client.force_login(district.worker)

    page = client.get(QUEUE).content.decode()

    assert "3号楼 2单元" in page
    assert "垃圾桶满了，请打138****8000" in page
    assert "Immediate matter" in page
    assert 'data-countdown="late"' in page
    assert "13800138000" not in page
    assert petition.number in page


def test_a_1365_case_shows_its_four_times_at_once(client, district):
    petition = district.petition(status=Status.DISPATCHED, policy="rapid_1365")
    client.force_login(district.worker)

    (card,) = client.get(QUEUE).context["cards"]

    assert card.petition.pk == petition.pk
    assert [(clock.limit, clock.how, clock.line is not None) for clock in card.quick] == [
        ("10 minutes", "", True), ("30 minutes", "", True), ("60 minutes", "", True), ("5 hours", "none", False),
    ]  # fmt: skip


@pytest.mark.parametrize("petitions", [1, 3, 30])
def test_the_queue_costs_the_same_however_long_it_is(client, district, django_assert_num_queries, petitions):
    for _ in range(petitions):
        district.petition(status=Status.DISPATCHED)
        district.petition(status=Status.SIGNED)
        district.petition(status=Status.RESOLVED)
    client.force_login(district.worker)
    client.get(QUEUE)  # the policies' stages are then known to the process

    with django_assert_num_queries(QUERIES):
        response = client.get(QUEUE)

    assert len(response.context["cards"]) == min(2 * petitions, 30)


def test_three_hundred_cost_what_one_costs_and_every_one_is_reached_once(client, district, django_assert_num_queries):
    first = district.petition(status=Status.DISPATCHED)
    template = Petition.objects.get(pk=first.pk)
    rows = []
    for place in range(299):
        row = Petition.objects.get(pk=template.pk)
        row.pk, row.number, row.client_key, row._state.adding = None, f"PX{place:03d}", None, True
        row.client_key = Petition._meta.get_field("client_key").default()
        row.next_due_at = None if place % 7 == 0 else TUESDAY + timedelta(minutes=place // 3)
        rows.append(row)
    Petition.objects.bulk_create(rows)
    client.force_login(district.worker)
    client.get(QUEUE)

    with django_assert_num_queries(QUERIES):
        response = client.get(QUEUE)
    page, pages = response.context["page"], 1
    seen = [card.petition.number for card in page.cards]
    while page.after:
        page, pages = client.get(QUEUE, {"section": "open", "after": page.after}).context["page"], pages + 1
        seen += [card.petition.number for card in page.cards]

    assert (len(seen), len(set(seen)), pages) == (300, 300, 10)
    html = response.content.decode()
    assert [html.count(f'<span class="l-stat__number">{count}</span>') for count in ("99+", "300")] == [3, 0]


def test_a_list_longer_than_what_is_looked_at_is_read_to_its_end_all_the_same(client, district, monkeypatch):
    monkeypatch.setattr(worklist, "LOOKED_AT", 3)
    monkeypatch.setattr(worklist, "PAGE", 2)
    numbered = [district.petition(TUESDAY + timedelta(hours=n), status=Status.DISPATCHED).number for n in range(5)]
    client.force_login(district.worker)

    page = client.get(QUEUE).context["page"]
    seen = [card.petition.number for card in page.cards]
    while page.after:
        page = client.get(QUEUE, {"after": page.after}).context["page"]
        seen += [card.petition.number for card in page.cards]

    assert seen == numbered


@pytest.mark.parametrize("cursor", ["~", "x", "2026-06-09~5", "2026-13-40T00:00:00+08:00~5", "~x"])
def test_a_cursor_that_is_none_begins_at_the_beginning(client, district, cursor):
    petition = district.petition(status=Status.DISPATCHED)
    client.force_login(district.worker)

    page = client.get(QUEUE, {"section": "take", "after": cursor}).context["page"]

    assert [card.petition.number for card in page.cards] == [petition.number]


def test_the_next_page_comes_as_cards_alone_when_a_part_of_the_page_asks(client, district):
    district.petition(status=Status.DISPATCHED)
    client.force_login(district.worker)

    response = client.get(QUEUE, {"section": "take"}, headers={"HX-Request": "true"})

    assert response.content.decode().lstrip().startswith("<li")
    assert "HX-Request" in response["Vary"]


def test_taking_from_the_queue_is_one_tap(client, district):
    petition = district.petition(status=Status.DISPATCHED)
    client.force_login(district.worker)

    response = client.post(f"/cases/{petition.number}/sign/", {"version": petition.version, "back": "queue"})

    assert response.status_code == 302
    assert response["Location"] == QUEUE
    petition.refresh_from_db()
    assert (petition.status, petition.handler) == (Status.SIGNED, district.worker)


def test_taking_in_place_gives_back_the_card_with_the_next_step(client, district):
    petition = district.petition(status=Status.DISPATCHED)
    client.force_login(district.worker)

    response = client.post(
        f"/cases/{petition.number}/sign/",
        {"version": petition.version},
        headers={"HX-Request": "true", "HX-Target": f"card-{petition.number}"},
    )

    page = response.content.decode()
    assert response.status_code == 200
    assert "You have taken it." in page
    assert f"/cases/{petition.number}/arrive/" in page


def test_of_two_who_take_one_matter_the_second_is_told_who_has_it(client, district):
    petition = district.petition(status=Status.ACCEPTED)
    first, second = district.worker, district.lead
    client.force_login(first)
    client.post(f"/cases/{petition.number}/sign/", {"version": petition.version})
    before = PetitionEvent.objects.count()
    client.force_login(second)

    response = client.post(
        f"/cases/{petition.number}/sign/",
        {"version": petition.version},
        headers={"HX-Request": "true", "HX-Target": f"card-{petition.number}"},
    )

    assert response.status_code == 409
    assert "It is with worker now." in response.content.decode()
    assert PetitionEvent.objects.count() == before
    petition.refresh_from_db()
    assert petition.handler == first


def test_the_queue_asks_to_sign_in_and_to_hold_a_post(client, district):
    response = client.get(QUEUE)

    assert response.status_code == 302
    assert response["Location"].startswith(f"{reverse('login')}?next=")


def test_a_part_of_a_page_whose_session_ended_sends_the_whole_page_to_sign_in(client, district):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/grid/"}

    response = client.get("/grid/?section=take", headers=headers)

    assert response.status_code == 204
    assert response["HX-Redirect"] == "/login/?next=/grid/"


def test_who_is_no_staff_and_holds_no_post_is_turned_away(client, district, django_user_model):
    nobody = django_user_model.objects.create_user("nobody", password="nobody")
    client.force_login(nobody)

    response = client.get(QUEUE)

    assert response.status_code == 403


def test_who_lost_his_post_loses_the_queue_at_once(client, district):
    district.petition(status=Status.DISPATCHED)
    client.force_login(district.worker)
    district.worker.appointments.update(ends_on=timezone.localdate() - timedelta(days=1))

    response = client.get(QUEUE)

    assert (response.status_code, response.url.partition("?")[0]) == (302, reverse("login"))
