"""What was not delivered: seen by whom, and sent again."""

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone, translation

from config import health
from notifications import reasons, registry
from notifications.models import Delivery, Undelivered, Webhook
from notifications.services import deliver_due, undelivered_count
from petitions.enums import Status
from petitions.models import Petition
from tests.factories import TUESDAY
from tests.notifications.mailing import make_user, owed_mail
from tests.notifications.posting import SECRET

pytestmark = pytest.mark.django_db
LIST = "/admin/notifications/undelivered/"
AGAIN = f"{LIST}again/"


def give_up(deliveries=None, code="smtp_550", **facts):
    rows = Delivery.objects.filter(**facts) if deliveries is None else deliveries
    rows.update(state="dead", next_try_at=None, attempts=9, error_code=code)


@pytest.fixture
def world(district):
    """A matter of our street whose e-mails were all given up, and one of the other street likewise."""
    district.petition(status=Status.ACCEPTED)
    other = district.other_street
    district.petition(TUESDAY, place=other, phone="")
    give_up()
    return district


def rows(page):
    return list(page.context["cl"].result_list)


def by(client, user):
    client.force_login(user)
    return client


def administrator(district):
    district.duty.is_superuser = True
    district.duty.save()
    return district.duty


def test_an_administrator_sees_everything_that_was_given_up_with_the_reason_in_words(client, world):
    waiting = owed_mail()
    page = by(client, administrator(world)).get(LIST, headers={"accept-language": "en"})

    shown = page.content.decode()
    assert set(rows(page)) == set(Undelivered.objects.given_up())
    assert waiting.pk not in {row.pk for row in rows(page)}
    assert "There is no such mailbox." in shown
    assert "/admin/notifications/undelivered/again/" in shown


def test_a_street_leader_sees_what_concerns_his_own_matters(client, world):
    ours = set(Delivery.objects.given_up().filter(notice__about__contains="PX"))
    page = by(client, world.leader).get(LIST)
    seen = {row.pk for row in rows(page)}
    everything = {delivery.pk for delivery in ours}

    assert seen
    assert seen < everything
    numbers = Petition.objects.filter(street=world.street).values_list("number", flat=True)
    mine = {f"petition:{number}" for number in numbers}
    assert set(Delivery.objects.filter(pk__in=seen).values_list("notice__about", flat=True)) <= mine
    assert not set(Delivery.objects.filter(pk__in=everything - seen).values_list("notice__about", flat=True)) & mine


@pytest.mark.parametrize(
    "who", ["worker", "lead", "secretary", "window", "dispatcher", "handler", "supervisor", "command"]
)
def test_nobody_else_sees_the_page_or_sends_anything(client, world, who):
    client = by(client, getattr(world, who))
    dead = Delivery.objects.given_up().count()

    answers = [
        client.get(LIST).status_code,
        client.get(AGAIN).status_code,
        client.post(AGAIN).status_code,
        client.post(
            LIST, {"action": "send_chosen_again", "_selected_action": [Delivery.objects.first().pk]}
        ).status_code,
    ]

    assert answers == [403, 403, 403, 403]
    assert Delivery.objects.given_up().count() == dead > 0


def test_the_chosen_ones_are_sent_again_and_the_rest_stays(client, world):
    dead = list(Delivery.objects.given_up().order_by("pk"))

    by(client, administrator(world)).post(LIST, {"action": "send_chosen_again", "_selected_action": [dead[0].pk]})

    dead[0].refresh_from_db()
    assert (dead[0].state, dead[0].attempts, dead[0].error_code) == ("queued", 0, "")
    assert Delivery.objects.given_up().count() == len(dead) - 1


def test_a_street_leader_cannot_choose_what_he_does_not_see(client, world):
    client = by(client, world.leader)
    seen = {row.pk for row in rows(client.get(LIST))}
    strange = Delivery.objects.given_up().exclude(pk__in=seen).first()

    client.post(LIST, {"action": "send_chosen_again", "_selected_action": [strange.pk]})

    strange.refresh_from_db()
    assert strange.state == "dead"


def test_all_are_sent_again_after_a_preview_that_counts_them_and_changes_nothing(client, world):
    client = by(client, administrator(world))
    one = Delivery.objects.given_up().first()
    give_up(Delivery.objects.filter(pk=one.pk), code="timeout")
    total = Delivery.objects.given_up().count()

    preview = client.get(AGAIN)

    assert preview.context["total"] == total > 2
    assert [(group["error_code"], group["count"]) for group in preview.context["groups"]] == [
        ("smtp_550", total - 1),
        ("timeout", 1),
    ]
    assert Delivery.objects.given_up().count() == total

    assert client.post(AGAIN).url == LIST
    assert Delivery.objects.given_up().count() == 0
    assert client.get(AGAIN).context["total"] == 0


def test_a_street_leader_sends_all_of_his_own_again_and_no_other(client, world):
    client = by(client, world.leader)
    seen = {row.pk for row in rows(client.get(LIST))}
    strange = Delivery.objects.given_up().exclude(pk__in=seen).count()

    assert client.get(AGAIN).context["total"] == len(seen)
    client.post(AGAIN)

    assert Delivery.objects.given_up().count() == strange > 0


def test_what_was_sent_again_arrives(client, world, mail):
    client = by(client, administrator(world))
    dead = Delivery.objects.given_up().count()

    client.post(AGAIN)

    assert deliver_due(at=timezone.now()) == dead


def test_a_row_can_be_neither_changed_nor_deleted(client, world):
    client = by(client, administrator(world))
    row = Delivery.objects.given_up().first()

    answers = [
        client.post(f"{LIST}{row.pk}/change/", {"state": "sent"}).status_code,
        client.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code,
        client.get(f"{LIST}add/").status_code,
    ]

    assert answers == [403, 403, 403]
    row.refresh_from_db()
    assert row.state == "dead"


def test_no_name_number_or_address_of_a_resident_stands_on_the_pages(client, world, gateway):
    petition = world.petition(status=Status.ACCEPTED)
    give_up(notice__about=f"petition:{petition.number}", code="http_400")
    client = by(client, administrator(world))

    shown = client.get(LIST).content.decode() + client.get(AGAIN).content.decode()

    for private in ("常小红", "13800138000", "垃圾桶"):
        assert private not in shown


@pytest.mark.parametrize("count", [1, 4])
def test_the_page_costs_the_same_however_long_it_is(client, world, django_assert_num_queries, count):
    client = by(client, administrator(world))
    Delivery.objects.all().delete()
    for _turn in range(count):
        owed_mail()
    give_up()
    client.get(LIST)

    with django_assert_num_queries(7):  # session, user, posts, count, rows (with all they name), two savepoints
        page = client.get(LIST)

    assert len(rows(page)) == count


# -- told on the desk and to whoever watches


def test_the_desk_says_how_many_were_not_delivered_to_who_may_send_them_again(client, world):
    told = {}
    for who in ("leader", "secretary", "duty"):
        if who == "duty":
            administrator(world)
        told[who] = by(client, getattr(world, who)).get(reverse("admin:index")).context["undelivered"]

    assert told["secretary"] == 0
    assert 0 < told["leader"] < told["duty"] == Delivery.objects.given_up().count()
    assert LIST in client.get(reverse("admin:index")).content.decode()


def test_a_desk_with_everything_delivered_says_nothing(client, district):
    page = by(client, administrator(district)).get(reverse("admin:index"))

    assert page.context["undelivered"] == 0
    assert 'class="l-message l-message--warning"' not in page.content.decode()


def test_very_many_are_counted_no_further(world, rf):
    request = rf.get("/")
    request.user = administrator(world)

    assert undelivered_count(registry.keeper_of(request), most=1) == 2
    assert undelivered_count(None) == 0


def test_who_watches_is_told_how_many_and_nothing_fails_by_it(client):
    owed_mail()
    give_up()

    assert client.get("/readyz").json()["information"]["undelivered"] == 1
    assert "undelivered" not in client.get("/readyz").json()["checks"]


def test_who_watches_gets_an_answer_also_while_they_cannot_be_counted(monkeypatch):
    def broken(_self):
        raise DatabaseError

    monkeypatch.setattr("notifications.models.DeliveryQuerySet.given_up", broken)

    assert set(health.inform(at=timezone.now()).values()) == {None}


# -- reasons


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("smtp_550", "There is no such mailbox."),
        ("smtp_451", "The mail server put it off too often (451)."),
        ("smtp_571", "The mail server refused it (571)."),
        ("http_302", "The server sent us elsewhere, which we do not follow (302)."),
        ("http_422", "The server refused it (422)."),
        ("http_500", "The server was out of order too long (500)."),
        ("robot_45009", "The group chat refused it (45009)."),
        ("forbidden_address", "The server's address lies inside a private network."),
        ("something_new", "something_new"),
        ("", ""),
    ],
)
def test_a_reason_is_a_sentence(code, words):
    with translation.override("en"):
        assert reasons.in_words(code) == words


# -- group chats set up


CHATS = "/admin/notifications/webhook/"


def typed(**facts):
    return {
        "name": "值班群", "scope": "1/35/", "language": "zh-hans", "active": "on",
        "url": "https://chat.example.org/send?key=hush", "secret": SECRET, **facts,
    }  # fmt: skip


def test_an_administrator_sets_up_a_group_chat_and_never_sees_its_address_again(client, district):
    client = by(client, administrator(district))

    assert client.post(f"{CHATS}add/", typed()).status_code == 302

    webhook = Webhook.objects.get()
    assert (webhook.url, webhook.secret) == ("https://chat.example.org/send?key=hush", SECRET)
    pages = client.get(CHATS).content.decode() + client.get(f"{CHATS}{webhook.pk}/change/").content.decode()
    assert "chat.example.org" in pages
    assert "hush" not in pages
    assert SECRET not in pages


def test_an_empty_address_and_secret_keep_those_there_are(client, district):
    client = by(client, administrator(district))
    client.post(f"{CHATS}add/", typed())
    webhook = Webhook.objects.get()

    answer = client.post(f"{CHATS}{webhook.pk}/change/", typed(url="", secret="", name="新名字"))

    webhook.refresh_from_db()
    assert answer.status_code == 302
    assert (webhook.name, webhook.url, webhook.secret) == (
        "新名字",
        "https://chat.example.org/send?key=hush",
        SECRET,
    )


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"url": ""}, "url"),
        ({"url": "http://chat.example.org/"}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "https://[::1]/"}, "url"),
        ({"url": "nonsense"}, "url"),
        ({"secret": "short"}, "secret"),
        ({"secret": ""}, "secret"),
    ],
)
def test_an_address_we_would_not_connect_to_or_a_weak_secret_is_not_kept(client, district, facts, field):
    page = by(client, administrator(district)).post(f"{CHATS}add/", typed(**facts))

    assert set(page.context["adminform"].form.errors) == {field}
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("who", ["leader", "command", "secretary"])
def test_nobody_but_administrators_sets_up_group_chats(client, district, who):
    client = by(client, getattr(district, who))

    assert [client.get(CHATS).status_code, client.post(f"{CHATS}add/", typed()).status_code] == [403, 403]
    assert not Webhook.objects.exists()


def test_a_group_chat_is_tried_out(client, district, gateway):
    client = by(client, administrator(district))
    client.post(f"{CHATS}add/", typed(url=gateway.url))

    client.post(CHATS, {"action": "send_test", "_selected_action": [Webhook.objects.get().pk]})

    assert deliver_due(at=timezone.now()) == 1
    assert "/admin/" in gateway.posted[0].json["text"]["content"]


def test_a_group_chat_is_never_deleted(client, district):
    client = by(client, administrator(district))
    client.post(f"{CHATS}add/", typed())

    assert client.post(f"{CHATS}{Webhook.objects.get().pk}/delete/", {"post": "yes"}).status_code == 403
    assert Webhook.objects.count() == 1


# -- without posts (no higher app says who keeps the outbox)


def test_where_nobody_says_otherwise_superusers_keep_the_outbox(rf, monkeypatch):
    monkeypatch.setattr(registry, "_keeper_rules", [registry._superuser])
    request = rf.get("/")
    answers = []
    for facts in ({"is_superuser": True}, {"is_superuser": False}, {"is_superuser": True, "is_active": False}):
        request.user = make_user(**facts)
        answers.append(registry.keeper_of(request) is not None)

    assert answers == [True, False, False]
