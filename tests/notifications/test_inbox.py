import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from notifications import services, views
from notifications.models import Notice
from notifications.services import NewNotice, owe
from people.services import create_person
from tests.notifications.mailing import AT, make_user, notice_for

pytestmark = pytest.mark.django_db
INBOX = "/notices/"


@pytest.fixture
def fang(client):
    user = make_user()
    client.force_login(user)
    return user


def shown(page):
    return [notice.dedupe_key for notice, _words in page.context["rows"]]


def test_the_inbox_asks_for_a_sign_in(client):
    assert client.get(INBOX).status_code == 302
    assert client.post(f"{INBOX}read-all/").status_code == 302
    assert client.post(f"{INBOX}{uuid.UUID(int=1)}/open/").status_code == 302


def test_an_empty_inbox_says_so(client, fang):
    page = client.get(INBOX)

    assert shown(page) == []
    assert '<ul class="l-rows">' not in page.content.decode()


def test_the_inbox_shows_ones_own_notices_newest_first(client, fang):
    stranger = make_user()
    owe([notice_for(fang, dedupe_key=f"n{hour}", at=AT + timedelta(hours=hour)) for hour in (1, 3, 2)])
    owe([notice_for(stranger, dedupe_key="strange"), NewNotice(
        person_id=create_person(context="petitioner", name="常小红", at=AT).pk, kind="k", dedupe_key="person", at=AT
    )])  # fmt: skip

    assert shown(client.get(INBOX)) == ["n3", "n2", "n1"]


def test_a_notice_held_back_from_mail_is_in_the_inbox_at_once(client, fang):
    owe([notice_for(fang, dedupe_key="held", not_before=AT + timedelta(days=1))])

    assert shown(client.get(INBOX)) == ["held"]


def test_unread_and_urgent_are_said_in_words(client, fang, settings):
    settings.LANGUAGE_CODE = "en"
    owe([notice_for(fang, urgent=True)])

    page = client.get(INBOX, headers={"accept-language": "en"}).content.decode()

    assert "Unread:" in page
    assert "Urgent" in page
    assert "Linli has a message for you" in page


def test_pages_follow_each_other_without_gap_or_repeat(client, fang, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 3)
    # every moment twice, so that a page ends between two of one moment
    owe([notice_for(fang, dedupe_key=f"n{number}", at=AT + timedelta(hours=number // 2)) for number in range(8)])

    seen, address = [], INBOX
    while address:
        page = client.get(address)
        seen.append(shown(page))
        older = page.context["older_url"]
        address = older and INBOX + older

    assert [len(keys) for keys in seen] == [3, 3, 2]
    assert sorted(key for keys in seen for key in keys) == [f"n{number}" for number in range(8)]


@pytest.mark.parametrize("moment", ["x", "2026-06-09", "2026-06-09T02:00:00", "2026-99-09T02:00:00Z", ""])
def test_a_made_up_page_is_not_found(client, fang, moment):
    assert client.get(INBOX, {"before": f"{moment}_{uuid.UUID(int=1)}"}).status_code == 404
    assert client.get(INBOX, {"before": "2026-06-09T02:00:00Z_x"}).status_code == 404


@pytest.mark.parametrize("notices", [1, 3, 30])
def test_the_inbox_costs_the_same_however_full_it_is(client, fang, django_assert_num_queries, notices):
    owe([notice_for(fang) for _number in range(notices)])
    client.get(INBOX)

    with django_assert_num_queries(6):  # session, user, notices, unread, and two for the posts in the navigation
        page = client.get(INBOX)

    assert len(shown(page)) == notices


def test_opening_a_notice_marks_it_read_and_goes_to_its_page(client, fang):
    owe([notice_for(fang, url_path="/grid/7/"), notice_for(fang, dedupe_key="other")])
    notice = Notice.objects.get(url_path="/grid/7/")

    answer = client.post(f"{INBOX}{notice.pk}/open/")

    notice.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, "/grid/7/")
    assert notice.read_at is not None
    assert Notice.objects.get(dedupe_key="other").read_at is None


def test_a_notice_without_a_page_leads_back_to_the_inbox(client, fang):
    owe([notice_for(fang, url_path="")])

    assert client.post(f"{INBOX}{Notice.objects.get().pk}/open/").url == INBOX


def test_a_notice_is_read_once():
    fang = make_user()
    owe([notice_for(fang)])
    notice = Notice.objects.get()

    services.mark_read(notice_id=notice.pk, by=fang, at=AT)
    services.mark_read(notice_id=notice.pk, by=fang, at=AT + timedelta(hours=1))

    notice.refresh_from_db()
    assert notice.read_at == AT


def test_nothing_changes_on_get(client, fang):
    owe([notice_for(fang)])
    notice = Notice.objects.get()

    answers = [client.get(address).status_code for address in (f"{INBOX}{notice.pk}/open/", f"{INBOX}read-all/", INBOX)]

    assert answers == [405, 405, 200]
    assert Notice.objects.filter(read_at=None).count() == 1


def test_a_strangers_notice_is_not_found_and_stays_unread(client, fang):
    owe([notice_for(make_user())])
    notice = Notice.objects.get()

    answers = [client.post(f"{INBOX}{number}/open/").status_code for number in (notice.pk, uuid.UUID(int=1))]

    assert answers == [404, 404]
    assert Notice.objects.get().read_at is None


def test_all_are_marked_read_and_only_ones_own(client, fang):
    stranger = make_user()
    owe([notice_for(fang), notice_for(fang), notice_for(stranger)])

    answer = client.post(reverse("notifications:read_all"))

    assert answer.url == INBOX
    assert Notice.objects.filter(recipient=fang, read_at=None).count() == 0
    assert Notice.objects.filter(recipient=stranger, read_at=None).count() == 1


def test_what_comes_while_all_are_marked_read_stays_unread():
    fang = make_user()
    owe([notice_for(fang), notice_for(fang, at=AT + timedelta(hours=2))])

    assert services.mark_all_read(by=fang, at=AT + timedelta(hours=1)) == 1
    assert Notice.objects.unread_count(fang) == 1


def test_the_badge_counts_no_further_than_it_shows(django_assert_num_queries):
    fang = make_user()
    owe([notice_for(fang) for _number in range(6)])

    with django_assert_num_queries(1):
        counted = Notice.objects.unread_count(fang, most=4)

    assert counted == 5


def test_inbox_and_badge_read_their_indexes():
    fang = make_user()
    owe([notice_for(fang) for _number in range(3)])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert "notice_inbox" in Notice.objects.for_inbox(fang)[:30].explain()
    assert "notice_unread" in Notice.objects.filter(recipient=fang).unread()[:100].explain()
