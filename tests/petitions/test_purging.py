"""Ledgers whose time is over: taken away by the database's owner, whole or not at all, and written down."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from people import factor, purging
from people.models import AuditEntry, ExportLog, FactorReset, RevealLog
from petitions import exporting, reveals
from petitions.models import PetitionReveal, Recusal, RevealRequest
from tests.factories import TUESDAY, make_user
from tests.people.door import set_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LATER = TUESDAY + timedelta(days=200)
OVER = TUESDAY.replace(year=2029) + timedelta(days=1)


@pytest.fixture
def ledgers(district):
    """One of each ledger on Tuesday, and a look 200 days later."""
    petition = district.petition()
    by = district.as_staff(district.secretary)
    reveals.look(petition, field="phone", reason="约定上门时间", by=by, at=LATER)
    petition.barred_from = 6
    petition.save(update_fields=["barred_from"])
    Recusal.objects.create(
        petition=petition, user=district.worker, kind="complained_of", declared_by=district.command, declared_at=TUESDAY
    )
    asked = reveals.ask(petition, field="name", reason="核实反映内容", by=by, at=TUESDAY)
    reveals.decide(asked, agreed=True, by=district.as_staff(district.dispatcher), at=TUESDAY)
    reveals.look(petition, field="name", reason="", by=by, at=TUESDAY)
    exporting.export(exporting.Wanted(since=TUESDAY.date(), until=TUESDAY.date(), form="csv"), by=by, at=TUESDAY)
    clerk = make_user("文书")
    set_up(clerk)
    factor.reset(clerk, by=district.command, reason="手机丢失，本人到窗口", at=TUESDAY)


def left():
    return tuple(model.objects.count() for model in (PetitionReveal, RevealRequest, ExportLog, RevealLog, FactorReset))


def test_what_is_over_goes_what_is_not_stays_and_the_audit_log_says_how_many(ledgers):
    assert left() == (2, 1, 1, 2, 1)
    before = AuditEntry.objects.count()

    assert purging.purge(at=TUESDAY.replace(year=2029)) == dict.fromkeys(
        ("petitions.PetitionReveal", "petitions.RevealRequest", "people.ExportLog", "people.RevealLog",
         "people.FactorReset"), 0
    )  # fmt: skip
    assert left() == (2, 1, 1, 2, 1)
    purging.purge(at=OVER)

    assert left() == (1, 0, 0, 1, 0)
    written = AuditEntry.objects.order_by("pk")[before:]
    assert [(one.kind, one.actor, one.about, one.details) for one in written] == [
        ("purged", None, "petitions.petitionreveal", {"ended": 1}),
        ("purged", None, "petitions.revealrequest", {"ended": 1}),
        ("purged", None, "people.exportlog", {"ended": 1}),
        ("purged", None, "people.reveallog", {"ended": 1}),
        ("purged", None, "people.factorreset", {"ended": 1}),
    ]


def test_the_triggers_stand_again_afterwards(ledgers):
    purging.purge(at=OVER)

    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM people_reveallog")


def test_the_command_counts_first_and_then_does_it(ledgers, capsys, monkeypatch):
    monkeypatch.setattr("people.management.commands.purge_ledgers.timezone.now", lambda: OVER)

    call_command("purge_ledgers", "--dry-run")
    counted = capsys.readouterr().out
    assert left() == (2, 1, 1, 2, 1)
    call_command("purge_ledgers")
    done = capsys.readouterr().out

    assert counted.splitlines()[3] == "people.RevealLog: 1 whose time is over"
    assert done.splitlines()[3] == "people.RevealLog: 1 taken away"


def test_the_runtime_role_is_refused_in_words_and_nothing_goes(ledgers, monkeypatch):
    monkeypatch.setattr("people.management.commands.purge_ledgers.timezone.now", lambda: OVER)
    with connection.cursor() as cursor:
        cursor.execute("REVOKE DELETE ON people_reveallog FROM CURRENT_USER")  # as the runtime role stands

    with pytest.raises(CommandError, match=r"Only the owner of the database .* LINLI_DB_ROLE=owner"):
        call_command("purge_ledgers")

    assert left() == (2, 1, 1, 2, 1)
