"""What the audit log tells of keys, of data that ended, of requests of residents, of second persons and exports."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from people import audit, crypto, expiry, factor, rotation
from people.errors import NotAllowed
from people.models import AuditEntry, Person
from people.services import create_person
from petitions import exporting, reveals, rights
from petitions.errors import NotNow
from petitions.models import Recusal
from petitions.numbers import code_for
from tests.factories import TUESDAY, make_user
from tests.people.door import set_up
from tests.petitions.filing import prove

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "fresh_cache")]


def entries(kind):
    found = AuditEntry.objects.filter(kind=kind).order_by("pk")
    return [(one.actor_id, one.about, one.details) for one in found]


# -- keys


def test_a_rotation_is_written_when_it_begins_and_when_it_is_done_and_one_with_nothing_to_do_is_not(settings):
    person = create_person(context="petitioner", name="常小红", phone="13800138000", at=TUESDAY)
    settings.PERSON_KEYS = [f"k9:{'B' * 43}=", *settings.PERSON_KEYS]
    assert crypto.keyring()[0] == "k9"

    rotation.rotate(now=lambda: TUESDAY)
    rotation.rotate(now=lambda: TUESDAY)

    assert entries("keys") == [
        (None, "people.key:k9", {"what": "begun"}),
        (None, "people.key:k9", {"what": "done", "resealed": 1, "unreadable": 0}),
    ]
    assert Person.objects.get(pk=person.pk).name == "常小红"


# -- data that ended


def test_a_night_that_ended_something_is_written_and_a_dry_run_or_an_idle_one_is_not(district):
    closed = district.petition(status="closed")
    late = TUESDAY.replace(year=2029) + timedelta(days=2)

    expiry.run(at=late, dry=True)
    assert entries("purged") == []
    expiry.run(at=late)
    expiry.run(at=late)

    assert entries("purged") == [(None, "rule:petitions.contact", {"ended": 1, "held": 0, "failed": 0})]
    assert entries("rights") == []
    closed.refresh_from_db()
    assert closed.contact_erased_at == late


def test_entries_that_were_purged_leave_one_that_says_how_many():
    audit.record("signed_in", by=None, at=TUESDAY, about="people.user:1")
    audit.record("signed_in", by=None, at=TUESDAY, about="people.user:2")
    audit.seal(at=TUESDAY)
    last = AuditEntry.objects.order_by("-pk").first().pk

    assert audit.purge(at=TUESDAY.replace(year=2028), months=12) == 2

    assert entries("purged") == [(None, f"people.auditentry:{last}", {"ended": 2})]
    assert audit.verify().is_whole


def test_the_runtime_role_purges_nothing_and_is_told_so():
    audit.record("signed_in", by=None, at=TUESDAY, about="people.user:1")
    audit.seal(at=TUESDAY)
    with connection.cursor() as cursor:
        cursor.execute("REVOKE DELETE ON people_auditentry FROM CURRENT_USER")  # as the runtime role stands

    with pytest.raises(NotAllowed, match="Only the owner of the database"):
        audit.purge(at=TUESDAY.replace(year=2028), months=12)

    assert AuditEntry.objects.filter(about="people.user:1").count() == 1


# -- requests of residents


def test_what_a_resident_asks_for_is_written_with_nobody_as_its_author(client, district):
    petition = district.petition(text="请打13911112222，垃圾满了。", status="closed")
    prove(client, petition)
    code = code_for(petition.client_key)
    address = f"/petitions/follow/{petition.number}/data"

    assert client.post(f"{address}/copy/", {"code": code}).status_code == 200
    new = {"code": code, "name": "常小明", "phone": "13700137000"}
    assert client.post(f"{address}/contact/", new).status_code == 302
    assert client.post(f"{address}/consent/", {"purpose": "contact"}).status_code == 302
    assert client.post(f"{address}/erase/", {"code": code, "sure": "on"}).status_code == 200

    about = f"petitions.petition:{petition.pk}"
    assert entries("rights") == [
        (None, about, {"asked": "copy"}),
        (None, about, {"asked": "correct"}),
        (None, about, {"asked": "withdraw", "purpose": "contact"}),
        (None, about, {"asked": "erase", "done": True}),
    ]
    everything = str(list(AuditEntry.objects.values()))
    assert not any(secret in everything for secret in ("常小", "13911112222", "13700137000", code))


def test_a_request_that_is_refused_is_written_too_and_who_served_at_the_window(district):
    petition = district.petition()

    with pytest.raises(NotNow):
        rights.erase(petition, at=TUESDAY, by=district.window)

    assert entries("rights") == [
        (district.window.pk, f"petitions.petition:{petition.pk}", {"asked": "erase", "refused": True})
    ]


# -- looks by two, exports, second factors


def test_the_second_person_of_a_look_is_written_when_he_agrees(district):
    petition = district.petition()
    petition.barred_from = 6
    petition.save(update_fields=["barred_from"])
    Recusal.objects.create(
        petition=petition, user=district.worker, kind="complained_of", declared_by=district.command, declared_at=TUESDAY
    )
    asked = reveals.ask(
        petition, field="phone", reason="核实反映内容", by=district.as_staff(district.secretary), at=TUESDAY
    )

    reveals.decide(asked, agreed=True, by=district.as_staff(district.dispatcher), at=TUESDAY)

    about = f"petitions.revealrequest:{asked.pk}"
    facts = {"field": "phone", "petition_id": petition.pk}
    assert entries("revealed") == [
        (district.secretary.pk, about, {"action": "insert", "agreed": None, **facts}),
        (district.dispatcher.pk, about, {"action": "update", "agreed": True, **facts}),
    ]


def test_an_export_is_written_with_its_register_and_its_rows(district):
    district.petition()
    day = TUESDAY.date()

    wanted = exporting.Wanted(since=day, until=day, form="csv")
    exporting.export(wanted, by=district.as_staff(district.secretary), at=TUESDAY)

    ((actor, about, details),) = entries("exported")
    assert (actor, about.partition(":")[0]) == (district.secretary.pk, "people.exportlog")
    assert details == {"action": "insert", "what": "petitions.petition", "rows": 1, "masked": True}


def test_a_second_factor_taken_off_is_written_with_whose_and_by_whom():
    clerk, keeper = make_user("文书"), make_user("管理")
    set_up(clerk)

    factor.reset(clerk, by=keeper, reason="手机丢失，本人到窗口", at=TUESDAY)

    assert [(actor, about) for actor, about, _d in entries("factor_reset")] == [(keeper.pk, f"people.user:{clerk.pk}")]
    assert "手机丢失" not in str(list(AuditEntry.objects.values()))


# -- the seals are made in time


def test_readyz_tells_for_how_long_entries_have_waited_for_their_seal(client):
    now = timezone.now()
    audit.record("signed_in", by=None, at=now - timedelta(minutes=42, seconds=30))
    audit.record("signed_in", by=None, at=now)

    assert client.get("/readyz").json()["information"]["audit_unsealed_minutes"] == 42

    audit.seal(at=now)
    assert client.get("/readyz").json()["information"]["audit_unsealed_minutes"] == 0
