"""Who comes in: an open key of a client in use, shown once and kept as a digest."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from gateway import services
from gateway.enums import Scope
from gateway.models import Client, Key
from people.errors import BadInput, NotAllowedNow
from people.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_a_key_opens_and_only_its_digest_is_kept(neighbour):
    hotline = neighbour()

    assert hotline.get("me/").json()["name"] == "12345"
    assert Key.objects.get().used_on is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT gateway_key::text FROM gateway_key")
        assert hotline.secret.rpartition("_")[2] not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.secret.replace("linli_", "linlo_"),
        lambda one: one.secret[:-1] + ("a" if one.secret[-1] != "a" else "b"),
        lambda one: one.secret[:10],
        lambda _one: "一把钥匙",
        lambda one: services.revoke_key(one.key, at=timezone.now()) and one.secret,
        lambda one: Key.objects.update(expires_at=timezone.now()) and one.secret,
        lambda one: Client.objects.update(active=False) and one.secret,
        lambda one: Client.objects.update(valid_to=date(2020, 1, 1)) and one.secret,
    ],
)
def test_any_other_key_is_refused_in_one_sentence(neighbour, change):
    hotline = neighbour()
    hotline.secret = change(hotline)

    answer = hotline.get("me/")

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:linli:problem:authentication-failed"


def test_a_session_of_staff_opens_nothing_here(client, district):
    client.force_login(district.command)

    assert client.get("/api/v1/me/").status_code == 401
    assert Browser().get("/api/v1/petitions/").status_code == 401


def test_nobody_signs_in_as_the_account_of_a_client(neighbour):
    account = neighbour().client.account

    assert (account.is_active, account.is_staff, account.has_usable_password()) == (False, False, False)


def test_a_key_is_changed_without_a_gap_and_never_three_at_once(neighbour, district):
    hotline, at = neighbour(), timezone.now()
    second = services.issue_key(hotline.client, by=district.command, at=at, expires_at=at + timedelta(days=9))

    with pytest.raises(NotAllowedNow):
        services.issue_key(hotline.client, by=district.command, at=at, expires_at=at + timedelta(days=9))
    assert hotline.get("me/").status_code == 200
    hotline.secret = second.secret
    assert hotline.get("me/").status_code == 200
    services.revoke_key(hotline.key, at=at)
    assert hotline.get("me/").status_code == 200
    assert Key.objects.filter(revoked_at=None).count() == 1


def test_a_key_holds_for_two_years_at_most(neighbour, district):
    client, at = neighbour().client, timezone.now()
    for expires_at in (at, at - timedelta(days=1), at + timedelta(days=731)):
        with pytest.raises(BadInput):
            services.issue_key(client, by=district.command, at=at, expires_at=expires_at)

    assert Key.objects.count() == 1


def test_what_is_set_up_changed_and_revoked_stands_in_the_audit_log(neighbour):
    hotline = neighbour()
    services.revoke_key(hotline.key, at=timezone.now())
    hotline.client.scopes = [Scope.FILE]
    hotline.client.save()

    about = {
        f"gateway.client:{hotline.client.pk}": ["insert", "update"],
        f"gateway.key:{hotline.key.pk}": ["insert", "update"],
    }
    for name, actions in about.items():
        found = AuditEntry.objects.filter(about=name).order_by("pk")
        assert [entry.details["action"] for entry in found] == actions
        assert "secret" not in str([entry.details for entry in found]).replace("secret_locked_changed", "")


def test_who_acts_needs_a_post_and_a_units_post_its_unit(neighbour):
    with pytest.raises(ValidationError):
        neighbour(scopes=[Scope.ACT])
    with pytest.raises(ValidationError):
        neighbour("other", scopes=[Scope.ACT], post_kind="department_handler")

    assert not Client.objects.exists()


def test_the_district_makes_a_client_and_a_key_at_the_desk(client, district):
    client.force_login(district.command)
    sent = {
        "name": "榴乡诉递", "area": district.street.pk, "channel": "app", "scopes": ["file", "read"], "post_kind": "",
        "organisation": "", "per_minute": 60, "valid_to": "2099-12-31", "active": "on", "callback": "", "secret": "",
    }  # fmt: skip

    assert client.post(reverse("admin:gateway_client_add"), sent).status_code == 302
    made = Client.objects.get(name="榴乡诉递")
    page = reverse("admin:gateway_client_keys", args=(made.pk,))
    assert client.get(reverse("admin:gateway_client_change", args=(made.pk,))).status_code == 200
    assert client.get(page).status_code == 200
    assert client.post(page, {"expires_on": "2020-01-01"}).status_code == 422
    shown = client.post(page, {"expires_on": (timezone.localdate() + timedelta(days=90)).isoformat()})
    secret = shown.context["issued"].secret

    assert secret in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert secret not in client.get(page).content.decode()
    assert Browser().get("/api/v1/me/", headers={"Authorization": f"Bearer {secret}"}).json()["scopes"] == [
        "file",
        "read",
    ]
    client.post(reverse("admin:gateway_client_revoke", args=(Key.objects.get().pk,)))
    assert Browser().get("/api/v1/me/", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


@pytest.mark.parametrize("who", ["secretary", "leader", "supervisor", "worker"])
def test_nobody_below_the_district_sees_or_makes_keys(client, district, neighbour, who):
    hotline = neighbour()
    client.force_login(getattr(district, who))

    page = reverse("admin:gateway_client_keys", args=(hotline.client.pk,))
    assert client.get(page).status_code == 403
    assert client.post(page, {"expires_on": "2027-01-01"}).status_code == 403
    assert client.get(reverse("admin:gateway_client_changelist")).status_code == 403
    assert client.post(reverse("admin:gateway_client_revoke", args=(hotline.key.pk,))).status_code == 403
    assert Key.objects.filter(revoked_at=None).count() == 1
