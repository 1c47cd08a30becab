"""What a station lends: one borrower a piece, consent, overdue told once, forgotten after thirty days (000-36)."""

import uuid
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from fieldwork import loans
from fieldwork.enums import LoanEnd
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import Loan, StationItem
from notifications.models import Notice
from people import expiry
from people.errors import BadInput
from people.models import Consent, Person, RevealLog
from tests.factories import TUESDAY
from tests.fieldwork.places import station

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PHONE = "13800138000"


@pytest.fixture
def umbrella(district) -> StationItem:
    return StationItem.objects.create(station=station(district), name="雨伞", quantity=2, days=7)


def lend(district, item, *, by="window", at=TUESDAY, **facts) -> Loan:
    given = {"name": "常小红", "phone": PHONE, "agreed": True, "client_key": uuid.uuid4()} | facts
    return loans.lend(item, by=district.as_staff(getattr(district, by)), at=at, **given)


def test_each_piece_is_lent_once_until_it_is_back(district, umbrella):
    """Mechanism 000-36."""
    first, second = lend(district, umbrella), lend(district, umbrella, by="worker")
    assert [(one.piece, one.due_on) for one in (first, second)] == [(1, date(2026, 6, 16)), (2, date(2026, 6, 16))]
    with pytest.raises(NotNow):
        lend(district, umbrella)
    with pytest.raises(IntegrityError, match="loan_one_of_a_piece"), transaction.atomic():
        Loan.objects.create(
            client_key=uuid.uuid4(), item=umbrella, piece=1, borrower=first.borrower, lent_at=TUESDAY,
            lent_by=district.window, due_on=date(2026, 6, 16),
        )  # fmt: skip

    loans.finish(first, how=LoanEnd.BACK, by=district.as_staff(district.window), at=TUESDAY)
    with pytest.raises(NotNow):
        loans.finish(first, how=LoanEnd.BACK, by=district.as_staff(district.window), at=TUESDAY)

    assert lend(district, umbrella).piece == 1
    assert [(one.free, one.out, one.usable) for one in loans.stock(umbrella.station)] == [(0, 2, 2)]


def test_the_same_form_sent_twice_is_one_loan(district, umbrella):
    key = uuid.uuid4()

    assert lend(district, umbrella, client_key=key) == lend(district, umbrella, client_key=key)
    assert (Loan.objects.count(), Person.objects.count(), Consent.objects.count()) == (1, 1, 1)
    assert (Person.objects.get().context, Person.objects.get().phone_masked) == ("borrower", "138****8000")


def test_what_is_lost_or_broken_is_not_lent_until_it_is_there_again(district, umbrella):
    by = district.as_staff(district.window)
    loans.finish(lend(district, umbrella), how=LoanEnd.LOST, by=by, at=TUESDAY)
    loans.finish(lend(district, umbrella), how=LoanEnd.BROKEN, by=by, at=TUESDAY)

    umbrella.refresh_from_db()
    assert umbrella.gone == [1, 2]
    with pytest.raises(NotNow):
        lend(district, umbrella)
    assert loans.repair(umbrella, by=by) == 2
    assert lend(district, umbrella).piece == 1


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"by": "other_secretary"}, NotYours),
        ({"by": "handler"}, NotYours),
        ({"name": " "}, BadInput),
        ({"phone": ""}, BadInput),
        ({"phone": "12"}, BadInput),
        ({"agreed": False}, BadInput),
    ],
)
def test_what_is_wrong_lends_nothing_and_keeps_nobody(district, umbrella, facts, refusal):
    with pytest.raises(refusal):
        lend(district, umbrella, **facts)

    assert (Loan.objects.count(), Person.objects.count()) == (0, 0)


def test_what_is_used_at_the_station_is_not_lent(district):
    bench = StationItem.objects.create(station=station(district), name="休息椅", is_lent=False)

    with pytest.raises(NotNow):
        lend(district, bench)


def test_the_keeper_is_told_once_of_what_is_overdue_and_again_when_it_was_prolonged(district, umbrella):
    loan = lend(district, umbrella)
    loans.finish(lend(district, umbrella), how=LoanEnd.BACK, by=district.as_staff(district.window), at=TUESDAY)
    day = timedelta(days=1)

    assert loans.tell_overdue(at=TUESDAY + 7 * day) == 0
    assert loans.tell_overdue(at=TUESDAY + 8 * day) == 1
    assert loans.tell_overdue(at=TUESDAY + 9 * day) == 0
    loans.prolong(loan, by=district.as_staff(district.window), at=TUESDAY + 9 * day)
    assert loans.tell_overdue(at=TUESDAY + 16 * day) == 0
    assert loans.tell_overdue(at=TUESDAY + 17 * day) == 1

    told = Notice.objects.filter(kind="loan_overdue")
    assert set(told.values_list("recipient", flat=True)) == {district.window.pk}
    assert not any("常小红" in str(one.params) or PHONE in str(one.params) for one in told)


def test_thirty_days_after_it_is_back_nobody_can_say_who_had_it(district, umbrella):
    back, out = lend(district, umbrella), lend(district, umbrella)
    loans.finish(back, how=LoanEnd.BACK, by=district.as_staff(district.window), at=TUESDAY)
    month = timedelta(days=30)

    expiry.run(at=TUESDAY + month, only=("fieldwork.loans",))
    assert Person.objects.get(pk=back.borrower_id).name == "常小红"
    expiry.run(at=TUESDAY + month + timedelta(minutes=1), only=("fieldwork.loans",))
    (report,) = expiry.run(at=TUESDAY + month + timedelta(minutes=2), only=("fieldwork.loans",))

    gone, kept = Person.objects.get(pk=back.borrower_id), Person.objects.get(pk=out.borrower_id)
    assert (gone.name, gone.phone, gone.phone_index, kept.name) == ("", "", None, "常小红")
    assert (report.due, Consent.objects.in_force().count()) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_two_who_lend_the_last_piece_at_once_lend_it_once(district, umbrella):
    lend(district, umbrella)
    both, outcomes = Barrier(2), []

    def lends(who: str) -> None:
        both.wait()
        try:
            lend(district, umbrella, by=who)
            outcomes.append("lent")
        except NotNow:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [Thread(target=lends, args=(who,)) for who in ("worker", "window")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["lent", "told"]
    assert Loan.objects.out().count() == 2


def test_the_pages_lend_take_back_and_show_a_number_only_for_a_reason(
    client, district, umbrella, django_assert_max_num_queries
):
    far = StationItem.objects.create(station=station(district, "S-2", area=district.other_community), name="雨伞")
    client.force_login(district.window)
    new, listed = reverse("loan_new", args=[umbrella.pk]), reverse("station_loans", args=[umbrella.station_id])
    sent = {"client_key": str(uuid.uuid4()), "name": "常小红", "phone": PHONE, "agreed": "on"}

    assert client.get(reverse("loan_new", args=[far.pk])).status_code == 404
    assert client.get(reverse("station_loans", args=[far.station_id])).status_code == 404
    refused = client.post(new, sent | {"phone": "12"})
    assert (refused.status_code, "常小红" in refused.content.decode()) == (422, True)
    assert client.post(new, sent | {"agreed": ""}).status_code == 422
    assert client.post(new, sent).status_code == 302
    with django_assert_max_num_queries(12):
        page = client.get(listed).content.decode()
    assert ("常**" in page, "138****8000" in page, "常小红" in page, PHONE in page) == (True, True, False, False)
    loan = Loan.objects.get()
    look = reverse("loan_look", args=[loan.pk])
    assert client.post(look, {"field": "phone", "reason": ""}).status_code == 422
    shown = client.post(look, {"field": "phone", "reason": "到期未还，打电话"})
    assert (PHONE in shown.content.decode(), RevealLog.objects.count()) == (True, 1)
    assert client.post(reverse("loan_end", args=[loan.pk]), {"how": "broken"}).status_code == 302
    assert client.post(reverse("item_repair", args=[umbrella.pk])).status_code == 302

    loan.refresh_from_db()
    assert (loan.end, loan.ended_by) == ("broken", district.window)
    client.force_login(district.supervisor)
    assert client.get(listed).status_code == 200
    assert client.get(new).status_code == 403
    assert client.post(reverse("loan_end", args=[loan.pk]), {"how": "back"}).status_code == 403
    assert client.post(look, {"field": "phone", "reason": "到期未还，打电话"}).status_code == 403
