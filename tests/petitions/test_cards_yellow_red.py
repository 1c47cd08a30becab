"""Yellow one working day before it is due, red from the first moment after (rules.md b.3), by text and icon too."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from deadlines.timetable import office
from petitions import casefile
from petitions.enums import Status
from tests.factories import SHANGHAI

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("filed", "policy", "stage", "due", "yellow"),
    [
        # ten working days over the Dragon Boat days: not two days before, as a fifth of its time would be
        ("2026-06-09 10:00", "reply_10wd", "reply", "2026-06-25 00:00", "2026-06-24 09:00"),
        # the only day that counts is the Monday after a long weekend
        ("2026-06-18 10:00", "immediate_tier", "resolve", "2026-06-23 00:00", "2026-06-22 09:00"),
        # its last day is a Friday
        ("2026-06-05 10:00", "committed_tier", "resolve", "2026-06-13 00:00", "2026-06-12 09:00"),
        # three calendar days that end on a Sunday: the working day before is Friday
        ("2026-06-11 10:00", "utility_24h", "resolve", "2026-06-15 00:00", "2026-06-12 09:00"),
        # hours and minutes: the last fifth
        ("2026-06-09 10:00", "rapid_1365", "resolve_small", "2026-06-09 11:00", "2026-06-09 10:48"),
    ],
)
def test_yellow_begins_as_the_offices_open_one_working_day_before(  # noqa: PLR0917
    district, filed, policy, stage, due, yellow
):
    petition = district.petition(at(filed), status=Status.SIGNED, policy=policy, step=timedelta(minutes=1))

    clock = petition.clocks.get(stage__code=stage)

    assert clock.due_at == at(due)
    assert casefile.soon_at(clock, office=office()) == at(yellow)


def test_what_would_be_yellow_before_it_begins_is_yellow_from_its_beginning(district):
    # taken on Monday at noon with one working day: due as Tuesday ends, Tuesday's opening is the day before
    petition = district.petition(at("2026-06-08 12:00"), status=Status.ACCEPTED)
    clock = petition.clocks.get(stage__code="resolve")
    clock.started_at = at("2026-06-09 15:00")

    assert casefile.soon_at(clock, office=office()) == at("2026-06-09 15:00")


def test_card_and_case_turn_yellow_and_red_on_the_moment_in_words_and_with_a_sign(client, district, monkeypatch):
    petition = district.petition(at("2026-06-18 10:00"), status=Status.IN_PROGRESS)
    client.force_login(district.worker)

    def shown(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)
        pages = [client.get(url).content.decode() for url in ("/grid/", f"/cases/{petition.number}/")]
        return {
            state
            for page in pages
            for state, words in (("news", "left"), ("due", "Due soon"), ("late", " late"))
            if f'data-countdown="{state}"' in page and f'href="#l-{state}"' in page and words in page
        }

    yellow, red = at("2026-06-22 09:00"), at("2026-06-23 00:00")
    assert shown(yellow - SECOND) == {"news"}
    assert shown(yellow) == {"due"}
    assert shown(red - SECOND) == {"due"}
    assert shown(red) == {"late"}
