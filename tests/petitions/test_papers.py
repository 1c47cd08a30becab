"""Circulars, answers and filings end after five years: the words go, that they were sent and answered stays."""

from datetime import date, timedelta

import pytest

from people import expiry
from petitions import circulars
from petitions.models import Circular, CircularAddress, Filing
from tests.factories import TUESDAY
from tests.petitions.test_circulars import file_record, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
RULES = ["petitions.circulars", "petitions.answers", "petitions.filings"]


def ended(at):
    return {run.rule: (run.ended, run.failed) for run in expiry.run(at=at, only=RULES)}


def test_words_between_levels_end_after_five_years_to_the_moment(district):
    circular = publish(district)
    address = circular.addresses.get(area=district.community)
    circulars.answer(address, by=district.as_staff(district.secretary), words="已清运。", at=TUESDAY)
    file_record(district)
    five = TUESDAY.replace(year=2031)

    assert set(ended(five).values()) == {(0, 0)}
    assert set(ended(five + timedelta(seconds=1)).values()) == {(1, 0)}
    assert set(ended(five + timedelta(seconds=1)).values()) == {(0, 0)}

    assert Circular.objects.get().body == "—"
    answered = CircularAddress.objects.get(area=district.community)
    assert (answered.answer, answered.answered_by) == ("—", district.secretary)
    assert CircularAddress.objects.get(area=district.other_community).answer == ""
    filing = Filing.objects.get()
    assert (filing.body, filing.starts_on) == ("—", date(2026, 6, 10))
