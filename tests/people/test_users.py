import logging

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from people.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery-7"


def test_staff_are_named_by_their_display_name():
    user = User(username="wf01", display_name="王芳")

    assert (str(user), user.get_full_name(), user.get_short_name()) == ("王芳 (wf01)", "王芳", "王芳")


def test_an_account_without_a_display_name_is_named_by_its_user_name():
    user = User(username="wf01")

    assert (str(user), user.get_full_name()) == ("wf01", "wf01")


def test_an_e_mail_address_belongs_to_one_account_whatever_its_case():
    User.objects.create_user("one", email="fang@example.org")

    with pytest.raises(IntegrityError, match="user_email_once_if_given"), transaction.atomic():
        User.objects.create_user("two", email="Fang@Example.org")
    with pytest.raises(ValidationError, match="e-mail address"), override("en"):
        User(username="two", email="FANG@example.org", password="x").full_clean()


def test_many_accounts_may_have_no_address():
    User.objects.create_user("one")
    User.objects.create_user("two")

    assert User.objects.filter(email="").count() == 2


def test_chinese_is_the_default_language():
    assert User().language == "zh-hans"


# -- the first password


PORTER = "people.middleware.PasswordChangeMiddleware"


@pytest.fixture(autouse=True)
def porter(settings):
    settings.MIDDLEWARE = [*(name for name in settings.MIDDLEWARE if name != PORTER), PORTER]


@pytest.fixture
def newcomer():
    return User.objects.create_user("newcomer", password="given-by-the-office-1", must_change_password=True)


def test_whoever_must_change_the_password_sees_only_the_page_for_it(client, newcomer):
    client.force_login(newcomer)

    answer = client.get(reverse("notifications:inbox"))

    assert (answer.status_code, answer.url) == (302, reverse("password_change"))
    assert client.get(reverse("password_change")).status_code == 200


def test_a_post_is_held_back_too(client, newcomer):
    client.force_login(newcomer)

    assert client.post(reverse("notifications:read_all")).url == reverse("password_change")


def test_whoever_must_change_the_password_may_leave(client, newcomer):
    client.force_login(newcomer)

    client.post(reverse("logout"))

    assert "_auth_user_id" not in client.session


def test_a_changed_password_ends_the_demand(client, newcomer):
    client.force_login(newcomer)

    client.post(
        reverse("password_change"),
        {"old_password": "given-by-the-office-1", "new_password1": PASSWORD, "new_password2": PASSWORD},
    )

    newcomer.refresh_from_db()
    assert newcomer.check_password(PASSWORD)
    assert newcomer.must_change_password is False
    assert client.get(reverse("notifications:inbox")).status_code == 200


def test_others_are_not_held_back(client):
    client.force_login(User.objects.create_user("settled"))

    assert client.get(reverse("notifications:inbox")).status_code == 200
    assert client.get(reverse("healthz")).status_code == 200


# -- the register


def test_the_register_makes_an_account_that_must_change_its_password(client, admin_user):
    client.force_login(admin_user)

    answer = client.post(
        reverse("admin:people_user_add"),
        {
            "username": "wf01",
            "display_name": "王芳",
            "email": "fang@example.org",
            "language": "zh-hans",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )

    made = User.objects.get(username="wf01")
    assert answer.status_code == 302
    assert (made.display_name, made.email, made.language) == ("王芳", "fang@example.org", "zh-hans")
    assert made.must_change_password is True
    assert made.check_password(PASSWORD)


def test_a_password_set_in_the_register_is_changed_at_the_next_sign_in(client, admin_user):
    user = User.objects.create_user("wf01", password="old-password-1")
    client.force_login(admin_user)

    client.post(
        reverse("admin:auth_user_password_change", args=[user.pk]),
        {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD},
    )

    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert user.must_change_password is True


def test_an_account_is_closed_and_never_deleted(client, admin_user):
    user = User.objects.create_user("wf01")
    client.force_login(admin_user)

    answer = client.post(reverse("admin:people_user_delete", args=[user.pk]), {"post": "yes"})

    assert answer.status_code == 403
    assert User.objects.filter(pk=user.pk).exists()


@pytest.fixture
def clerk():
    from django.contrib.auth.models import Permission

    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "change_user"]))
    return clerk


def test_an_administrator_without_full_might_gives_nobody_might(client, clerk):
    client.force_login(clerk)

    client.post(
        reverse("admin:people_user_change", args=[clerk.pk]),
        {"username": "clerk", "display_name": "文书", "language": "zh-hans", "is_active": "on", "is_staff": "on",
         "is_superuser": "on", "user_permissions": []},
    )  # fmt: skip

    clerk.refresh_from_db()
    assert clerk.display_name == "文书"
    assert clerk.is_superuser is False
    assert clerk.user_permissions.count() == 2


def test_an_administrator_without_full_might_cannot_take_over_a_mighty_account(client, clerk, admin_user):
    client.force_login(clerk)

    answer = client.post(
        reverse("admin:auth_user_password_change", args=[admin_user.pk]),
        {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD},
    )

    admin_user.refresh_from_db()
    assert answer.status_code == 403
    assert not admin_user.check_password(PASSWORD)


@pytest.mark.parametrize("accounts", [1, 3])
def test_the_register_costs_the_same_however_long_it_is(client, admin_user, django_assert_num_queries, accounts):
    for number in range(accounts):
        User.objects.create_user(f"user{number}")
    client.force_login(admin_user)
    client.get(reverse("admin:people_user_changelist"))

    with django_assert_num_queries(7):  # session, user, count, rows, two savepoints, filters
        page = client.get(reverse("admin:people_user_changelist"))

    assert page.context["cl"].result_count == accounts + 1


def test_a_failed_sign_in_leaves_no_address_in_the_log(client, caplog):
    User.objects.create_user("fang", email="fang@example.org", password=PASSWORD)
    caplog.set_level(logging.DEBUG, logger="django.request")

    client.post(reverse("login"), {"username": "fang", "password": "wrong"})

    assert "fang@example.org" not in caplog.text
