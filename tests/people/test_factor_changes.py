"""Changing the second factor of an account: oneself, with the password; an administrator, with a reason."""

from datetime import timedelta

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from grids.enums import Level, PostKind
from grids.models import Appointment
from notifications.models import Notice
from people import factor
from people.errors import BadInput, NotAllowed
from people.models import Authenticator, FactorReset, RecoveryCode, User
from tests.factories import PASSWORD, appoint, make_area, make_user
from tests.people.door import set_up

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(client, settings):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    settings.SECOND_FACTOR = True


@pytest.fixture
def secretary():
    user = make_user("马志远")
    appoint(user, PostKind.COMMUNITY_SECRETARY, make_area(Level.COMMUNITY, "北关社区", "620302001001", None))
    return user


# -- one's own account ---------------------------------------------------------------------------------------


def test_the_old_telephone_holds_until_the_new_one_is_confirmed(client, secretary):
    old, old_codes = set_up(secretary)
    client.force_login(secretary)

    assert client.post("/account/second-factor/", {"do": "setup", "password": PASSWORD}).url == (
        "/account/second-factor/setup/"
    )
    new = Authenticator.objects.get().next_secret
    assert Authenticator.objects.get().secret == old
    done = client.post("/account/second-factor/setup/", {"code": pyotp.TOTP(new).now()})

    assert len(done.context["codes"]) == 10
    assert Authenticator.objects.get().secret == new
    with pytest.raises(BadInput):
        factor.check(secretary, code=old_codes[0], at=timezone.now())


@pytest.mark.parametrize("do", ["setup", "codes", "off"])
def test_nothing_is_changed_without_the_password(client, secretary, do):
    set_up(secretary)
    client.force_login(secretary)
    before = Authenticator.objects.values().get()

    responses = [client.post("/account/second-factor/", {"do": do, **extra}) for extra in ({}, {"password": "wrong"})]

    assert [one.status_code for one in responses] == [422, 422]
    assert Authenticator.objects.values().get() == before
    assert RecoveryCode.objects.unused().count() == 10


def test_a_post_that_needs_it_cannot_go_without(client, secretary):
    set_up(secretary)
    client.force_login(secretary)

    response = client.post("/account/second-factor/", {"do": "off", "password": PASSWORD})

    assert response.status_code == 403
    assert factor.is_set_up(secretary)


def test_others_may_set_it_up_and_turn_it_off(client):
    user = make_user("李红")
    client.force_login(user)
    client.post("/account/second-factor/", {"do": "setup", "password": PASSWORD})
    secret = Authenticator.objects.get().next_secret
    client.post("/account/second-factor/setup/", {"code": pyotp.TOTP(secret).now()})
    assert factor.is_set_up(user)

    assert client.post("/account/second-factor/", {"do": "off", "password": PASSWORD}).url == "/account/"
    assert not Authenticator.objects.exists()


def test_nothing_changes_by_looking(client, secretary):
    set_up(secretary)
    client.force_login(secretary)
    before = Authenticator.objects.values().get()

    assert client.get("/account/second-factor/").status_code == 405
    client.get("/account/")
    client.get("/account/second-factor/setup/")

    assert Authenticator.objects.values().get() == before


# -- an administrator takes it off ---------------------------------------------------------------------------


def reset_page(user):
    return f"/admin/people/user/{user.pk}/second-factor/"


def test_an_administrator_takes_it_off_with_a_reason_and_everybody_concerned_hears_of_it(
    client, secretary, admin_user, settings
):
    settings.SECOND_FACTOR = False  # the administrator has none himself
    second = User.objects.create_superuser("second")
    set_up(secretary)
    worker = Client()
    worker.force_login(secretary)
    client.force_login(admin_user)
    assert reset_page(secretary) in client.get(f"/admin/people/user/{secretary.pk}/change/").content.decode()

    silent = client.post(reset_page(secretary), {"reason": " "})
    done = client.post(reset_page(secretary), {"reason": "手机丢失，本人到窗口"})

    assert (silent.status_code, done.status_code) == (422, 302)
    assert not Authenticator.objects.exists()
    assert not RecoveryCode.objects.exists()
    log = FactorReset.objects.get()
    assert (log.user, log.by, log.reason) == (secretary, admin_user, "手机丢失，本人到窗口")
    assert worker.get("/notices/").status_code == 302
    assert Notice.objects.filter(recipient=secretary, params__what="factor_reset").count() == 1
    assert Notice.objects.filter(recipient=second, kind="account_reset_by_other").count() == 1
    assert not Notice.objects.filter(recipient=admin_user).exists()


def told(before=frozenset()):
    found = Notice.objects.filter(kind="account_reset_by_other").values_list("recipient", flat=True)
    return sorted(set(found) - before)


def test_a_reset_is_told_to_who_else_keeps_accounts_by_his_post_or_to_the_command(district):
    keepers = [make_user("网管"), make_user("网管")]
    for keeper in keepers:
        appoint(keeper, PostKind.SYSTEM_ADMINISTRATOR, district.district, seats=2)
    set_up(district.worker)
    factor.reset(district.worker, by=keepers[0], reason="手机丢失", at=timezone.now())
    first = told()

    Appointment.objects.filter(user=keepers[1]).update(ends_on=timezone.localdate() - timedelta(days=1))
    set_up(district.lead)
    factor.reset(district.lead, by=keepers[0], reason="手机丢失", at=timezone.now())

    assert first == [keepers[1].pk]
    assert told(set(first)) == [district.command.pk]  # he reads the audit log


def test_nobody_takes_off_his_own_or_a_mightier_one(admin_user):
    clerk, mighty = make_user("文书"), User.objects.create_superuser("mighty")
    set_up(clerk)
    set_up(mighty)

    for user, by in ((clerk, clerk), (mighty, clerk), (mighty, mighty)):
        with pytest.raises(NotAllowed):
            factor.reset(user, by=by, reason="手机丢失", at=timezone.now())

    assert Authenticator.objects.count() == 2
    assert not FactorReset.objects.exists()


def test_the_page_for_it_is_closed_to_everybody_else(client, secretary):
    set_up(secretary)
    client.force_login(make_user("李红"))

    assert client.get(reset_page(secretary)).status_code in {302, 403, 404}
    assert client.post(reset_page(secretary), {"reason": "手机丢失"}).status_code in {302, 403, 404}
    assert Authenticator.objects.exists()
