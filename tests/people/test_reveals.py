from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as live_settings
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse

from people.errors import BadInput, NotAllowed, TooManyReveals
from people.models import Person, RevealLog, User
from people.services import create_person, reveal, reveals_left

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 9, 2, 0, tzinfo=UTC)


@pytest.fixture
def secretary():
    return User.objects.create_user("secretary", display_name="马志远")


@pytest.fixture
def person():
    return create_person(context="petitioner", name="常小红", phone="13800138000", at=AT)


def look(person, by, **changes):
    facts = {"field": "phone", "reason": " 电话 回访 ", "about": "petition:7", **changes}
    return reveal(person=person, by=by, at=facts.pop("at", AT), **facts).value


def test_a_reveal_gives_the_field_and_writes_down_who_which_and_why(person, secretary):
    assert look(person, secretary) == "13800138000"

    log = RevealLog.objects.get()
    assert (log.person, log.field, log.reason, log.by, log.about, log.at) == (
        person,
        "phone",
        "电话 回访",
        secretary,
        "petition:7",
        AT,
    )


def test_a_field_that_is_empty_is_a_look_too(person, secretary):
    assert look(person, secretary, field="email") == ""
    assert RevealLog.objects.get().field == "email"


@pytest.mark.parametrize("reason", ["", "   ", "回访", "abc", "a b", "x" * 201])
def test_a_reason_that_says_nothing_is_refused_and_nothing_is_shown_or_logged(person, secretary, reason):
    with pytest.raises(BadInput) as refused:
        look(person, secretary, reason=reason)

    assert refused.value.field == "reason"
    assert not RevealLog.objects.exists()


def test_a_reason_is_kept_without_the_numbers_in_it(person, secretary):
    look(person, secretary, reason="回拨 13911112222 未接通")

    assert RevealLog.objects.get().reason == "回拨 139****2222 未接通"


def test_one_person_looks_at_so_many_fields_a_day_and_no_more(person, secretary, settings):
    settings.REVEALS_PER_DAY = 3
    other = User.objects.create_user("other")
    late = datetime(2026, 6, 9, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    for _turn in range(3):
        look(person, secretary)

    assert (reveals_left(secretary, at=late), reveals_left(other, at=late)) == (0, 3)
    with pytest.raises(TooManyReveals, match="3") as refused:
        look(person, secretary, at=late)
    assert refused.value.status == 429
    assert RevealLog.objects.count() == 3

    assert look(person, other, at=late) == "13800138000"
    assert look(person, secretary, at=late + timedelta(minutes=1)) == "13800138000"  # the next day in Shanghai


def test_a_second_person_is_never_the_first(person, secretary):
    with pytest.raises(IntegrityError, match="reveal_agreed_by_another"), transaction.atomic():
        look(person, secretary, agreed_by=secretary)


def test_a_closed_account_is_refused(person, secretary):
    secretary.is_active = False

    with pytest.raises(NotAllowed):
        look(person, secretary)

    assert not RevealLog.objects.exists()


def test_a_field_that_does_not_exist_is_a_bug(person, secretary):
    with pytest.raises(ValueError, match="password"):
        look(person, secretary, field="password")


def test_a_reveal_whose_record_cannot_be_written_shows_nothing(person):
    with pytest.raises(ValueError, match="saved"):
        look(person, User(username="ghost"))


@pytest.mark.parametrize(
    "forge",
    [
        lambda: RevealLog.objects.update(reason="nothing"),
        lambda: RevealLog.objects.all()._raw_delete("default"),
        lambda: RevealLog.objects.get().delete(),
    ],
)
def test_a_record_of_a_look_cannot_be_changed_or_deleted(person, secretary, forge):
    look(person, secretary)

    with (
        pytest.raises(ProgrammingError, match="Cannot update or delete rows from people_reveallog"),
        transaction.atomic(),
    ):
        forge()

    assert RevealLog.objects.get().reason == "电话 回访"


def test_a_person_who_was_looked_at_cannot_be_deleted(person, secretary):
    look(person, secretary)

    Person.objects.filter(pk=person.pk)._raw_delete("default")

    with pytest.raises(IntegrityError, match="people_reveallog"):
        connection.check_constraints()
    transaction.set_rollback(True)  # the row is gone in this transaction alone


def test_the_runtime_role_may_write_a_reveal_and_not_change_one():
    role = live_settings.DATABASE_APP_ROLE
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = %s", [role])
        one_role_does_everything = cursor.fetchone()[0]
        held = {}
        for privilege in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"):
            cursor.execute("SELECT has_table_privilege(%s, 'people_reveallog', %s)", [role, privilege])
            held[privilege] = cursor.fetchone()[0]

    expected = {"SELECT": True, "INSERT": True} | dict.fromkeys(
        ("UPDATE", "DELETE", "TRUNCATE"), one_role_does_everything
    )
    assert held == expected


def test_the_register_of_reveals_is_read_only_and_masked(client, admin_user, person, secretary):
    look(person, secretary)
    log = RevealLog.objects.get()
    client.force_login(admin_user)

    listed = client.get(reverse("admin:people_reveallog_changelist"))
    shown = client.get(reverse("admin:people_reveallog_change", args=[log.pk]))
    posted = client.post(reverse("admin:people_reveallog_change", args=[log.pk]), {"reason": "forged"})
    added = client.get(reverse("admin:people_reveallog_add"))
    deleted = client.post(reverse("admin:people_reveallog_delete", args=[log.pk]), {"post": "yes"})

    assert [listed.status_code, shown.status_code] == [200, 200]
    assert [posted.status_code, added.status_code, deleted.status_code] == [403, 403, 403]
    for page in (listed, shown):
        assert "马志远" in page.content.decode()
        assert "13800138000" not in page.content.decode()
        assert "常小红" not in page.content.decode()


@pytest.mark.parametrize("reveals", [1, 3])
def test_the_register_of_reveals_costs_the_same_however_long_it_is(
    client, admin_user, person, django_assert_num_queries, reveals
):
    for _turn in range(reveals):
        look(person, admin_user)
    client.force_login(admin_user)
    client.get(reverse("admin:people_reveallog_changelist"))

    with django_assert_num_queries(7):  # session, user, count, rows, two savepoints, filter
        page = client.get(reverse("admin:people_reveallog_changelist"))

    assert page.context["cl"].result_count == reveals
