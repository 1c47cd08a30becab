import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from notifications.models import Delivery, Notice
from notifications.services import NewNotice, owe
from people.services import create_person
from tests.notifications.mailing import AT, make_user, notice_for, owed_mail

pytestmark = pytest.mark.django_db
DELIVERIES = "admin:notifications_delivery_changelist"


@pytest.fixture
def signed_in(client, admin_user):
    client.force_login(admin_user)
    return client


def give_up(delivery, code="smtp_550"):
    Delivery.objects.filter(pk=delivery.pk).update(state="dead", next_try_at=None, attempts=1, error_code=code)


@pytest.mark.parametrize("model", ["notice", "delivery"])
def test_the_outbox_is_only_read(signed_in, model):
    delivery = owed_mail()
    key = delivery.pk if model == "delivery" else delivery.notice_id

    pages = [
        signed_in.get(reverse(f"admin:notifications_{model}_changelist")).status_code,
        signed_in.get(reverse(f"admin:notifications_{model}_change", args=[key])).status_code,
        signed_in.get(reverse(f"admin:notifications_{model}_add")).status_code,
        signed_in.post(reverse(f"admin:notifications_{model}_change", args=[key]), {}).status_code,
        signed_in.post(reverse(f"admin:notifications_{model}_delete", args=[key]), {"post": "yes"}).status_code,
    ]

    assert pages == [200, 200, 403, 403, 403]
    assert Delivery.objects.count() == 1


def test_a_person_is_shown_by_number_alone(signed_in):
    person = create_person(context="petitioner", name="常小红", email="hong@example.org", at=AT)
    owe([NewNotice(person_id=person.pk, kind="petition.answered", dedupe_key="a", at=AT)])

    pages = [
        signed_in.get(reverse(DELIVERIES)),
        signed_in.get(reverse("admin:notifications_delivery_change", args=[Delivery.objects.get().pk])),
        signed_in.get(reverse("admin:notifications_notice_changelist")),
        signed_in.get(reverse("admin:notifications_notice_change", args=[Notice.objects.get().pk])),
    ]

    assert str(person.pk) in pages[0].content.decode()
    for page in pages:
        assert "hong@example.org" not in page.content.decode()
        assert "小红" not in page.content.decode()


def send_again(client, *deliveries):
    return client.post(
        reverse(DELIVERIES), {"action": "send_given_up_again", "_selected_action": [d.pk for d in deliveries]}
    )


def test_given_up_deliveries_are_sent_again_and_others_left_alone(signed_in):
    dead, waiting = owed_mail(), owed_mail()
    give_up(dead)

    answer = send_again(signed_in, dead, waiting)

    dead.refresh_from_db()
    waiting.refresh_from_db()
    assert answer.status_code == 302
    assert (dead.state, dead.attempts, dead.error_code) == ("queued", 0, "")
    assert waiting.next_try_at == AT


@pytest.mark.parametrize(("right", "state"), [("change_delivery", "queued"), ("view_delivery", "dead")])
def test_only_who_may_change_deliveries_sends_them_again(client, right, state):
    clerk = make_user(is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=[right, "view_delivery"]))
    client.force_login(clerk)
    dead = owed_mail()
    give_up(dead)

    send_again(client, dead)

    dead.refresh_from_db()
    assert dead.state == state


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("model", ["notice", "delivery"])
def test_the_registers_cost_the_same_however_long_they_are(signed_in, django_assert_num_queries, model, rows):
    owe([notice_for(make_user()) for _number in range(rows)])
    address = reverse(f"admin:notifications_{model}_changelist")
    signed_in.get(address)

    with django_assert_num_queries(7):  # session, user, count, rows, two savepoints, filters
        page = signed_in.get(address)

    assert page.context["cl"].result_count == rows
