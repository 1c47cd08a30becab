"""The figures of a period: each counted out by hand."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from petitions import transitions
from petitions.enums import IssueKind, Status
from petitions.importing import import_petitions
from petitions.kpis import kpis
from petitions.models import Petition
from petitions.rates import Rate
from tests.factories import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 6, 9)
EVENING = datetime(2026, 6, 9, 22, 0, tzinfo=SHANGHAI)
NOTHING = Rate(0, 0)


def figures(**given):
    return kpis(**{"start": DAY, "end": DAY, "at": EVENING, **given})


def test_the_counts_of_a_day_by_where_each_petition_stands(district):
    for status in (Status.SUBMITTED, Status.ACCEPTED, Status.RESOLVED, Status.CLOSED):
        district.petition(status=status)
    declined = district.petition()
    transitions.decline(declined, by=district.as_staff(district.secretary), at=TUESDAY, reason="不属受理范围。")

    found = figures()

    assert (found.received, found.waiting, found.declined) == (5, 1, 1)
    assert (found.accepted, found.completed, found.open) == (3, 2, 2)
    assert found.acceptance_rate == Rate(3, 5)
    assert found.closure_rate == Rate(2, 3)


def test_rates_out_of_nothing_are_none(district):
    found = figures()

    assert (found.received, found.accepted, found.late_open) == (0, 0, 0)
    assert {found.acceptance_rate, found.closure_rate, found.on_time_rate, found.response_rate} == {NOTHING}
    assert NOTHING.rate is None
    assert found.rapid_1365 == {}


def test_a_period_counts_shanghai_dates_both_ends_included(district):
    midnight = datetime(2026, 6, 9, 0, 0, tzinfo=SHANGHAI)
    for moment in (
        midnight - timedelta(seconds=1),
        midnight,
        midnight + timedelta(days=1, seconds=-1),
        midnight + timedelta(days=1),
    ):
        district.petition(moment)

    assert figures().received == 2
    assert figures(start=date(2026, 6, 8), end=date(2026, 6, 10)).received == 4


def test_what_is_filed_one_day_and_accepted_the_next_counts_by_its_acceptance(district):
    district.petition(TUESDAY, status=Status.ACCEPTED, step=timedelta(days=1))

    assert (figures().received, figures().accepted) == (1, 0)
    next_day = figures(start=date(2026, 6, 10), end=date(2026, 6, 10))
    assert (next_day.received, next_day.accepted) == (0, 1)


def test_on_time_is_judged_by_the_promise_to_resolve(district):
    # accepted 10:05 on Tuesday, one working day: by the end of Wednesday
    district.petition(status=Status.CLOSED)
    district.petition(status=Status.RESOLVED, step=timedelta(days=1))

    found = figures(end=date(2026, 6, 12), at=datetime(2026, 6, 16, tzinfo=SHANGHAI))

    assert found.closure_rate == Rate(2, 2)
    assert found.on_time_rate == Rate(1, 2)
    assert found.on_time_rate.rate == 0.5


def test_a_matter_sent_back_leaves_the_completed_and_is_judged_by_its_last_generation(district):
    secretary, worker = district.as_staff(district.secretary), district.as_staff(district.worker)
    petition = district.petition(status=Status.RESOLVED)
    late = datetime(2026, 6, 12, 9, 0, tzinfo=SHANGHAI)

    transitions.rework(petition, by=secretary, at=EVENING, reason="还没清干净。")
    assert (figures().closure_rate, figures().on_time_rate) == (Rate(0, 1), NOTHING)

    transitions.resolve(petition, by=worker, at=late, reply="已清完。")
    assert (figures().closure_rate, figures().on_time_rate) == (Rate(1, 1), Rate(0, 1))


def test_response_counts_contacts_that_are_decided(district):
    # arrived within two hours; late but arrived; never arrived and late by the evening; accepted just now
    district.petition(status=Status.IN_PROGRESS)
    district.petition(status=Status.IN_PROGRESS, step=timedelta(hours=1))
    district.petition(status=Status.ACCEPTED)
    district.petition(EVENING - timedelta(minutes=10), status=Status.ACCEPTED)

    assert figures().response_rate == Rate(1, 3)


def test_what_is_open_and_late_is_late_at_the_moment_asked(district):
    district.petition(status=Status.ACCEPTED)  # contact due 12:05
    moments = [TUESDAY + timedelta(hours=2, minutes=4), TUESDAY + timedelta(hours=2, minutes=5)]

    assert [figures(at=moment).late_open for moment in moments] == [0, 1]


def test_an_area_counts_what_lies_under_it_and_a_policy_what_runs_under_it(district):
    district.petition(place=district.unit, status=Status.ACCEPTED)
    district.petition(place=district.unit, status=Status.ACCEPTED, policy="committed_tier")
    elsewhere = district.other_community
    Petition.objects.filter(pk=district.petition().pk).update(area=elsewhere, area_path=elsewhere.path)

    assert figures(area=district.street).received == 3
    assert figures(area=district.community).received == 2
    assert figures(area=district.other_street).received == 0
    assert figures(policy="committed_tier").accepted == 1


def test_1365_shows_how_many_were_kept_and_how_long_they_took(district):
    rapid = {"policy": "rapid_1365", "category": "0405", "status": Status.CLOSED}
    # each step from the call: taken after 3, arrived after 4, solved after 5 steps
    for minutes in (1, 2, 3, 20):
        district.petition(step=timedelta(minutes=minutes), **rapid)

    found = figures().rapid_1365

    # arrive within 10 minutes of the call: 4, 8, 12, 80; solved within 60: 5, 10, 15, 100
    assert list(found) == ["arrive", "plan", "resolve_small"]
    assert (found["arrive"].kept, found["arrive"].median_minutes) == (Rate(2, 4), 10.0)
    assert (found["resolve_small"].kept, found["resolve_small"].median_minutes) == (Rate(3, 4), 12.5)
    assert found["resolve_small"].p95_minutes == pytest.approx(15 + 0.85 * 85)


def test_a_1365_stage_that_is_late_and_still_owed_counts_against_it(district):
    petition = district.petition(status=Status.ACCEPTED, policy="rapid_1365", category="0405")
    assert petition.issue_kind == IssueKind.SMALL

    found = figures().rapid_1365

    assert (found["arrive"].kept, found["arrive"].median_minutes) == (Rate(0, 1), None)


@pytest.mark.parametrize("count", [1, 3])
def test_figures_cost_four_queries_however_many_petitions_there_are(district, django_assert_num_queries, count):
    for _each in range(count):
        district.petition(status=Status.CLOSED)

    with django_assert_num_queries(4):  # received, accepted, late, 1365
        assert figures().received == count


@pytest.fixture
def imported(tmp_path, district):
    path = tmp_path / "export.csv"
    path.write_text(
        "external_id,title,text,submitted_at,reply,replied_at\n"
        "1,,路灯坏了。,2018-09-28 15:23:07,好。,2018-10-12 14:41:29\n"
        "2,,路灯坏了。,2018-09-28 15:23:07,好。,2018-10-18 00:00:00\n",
        encoding="utf-8",
    )
    import_petitions(path=path, policy_key="reply_10wd", prefix="old-", at=EVENING)


def test_the_command_prints_every_rate_with_its_two_counts_as_json(imported, capsys):
    call_command("kpis", "--policy", "reply_10wd", "--from", "2018-09-28", "--to", "2018-09-28", "--format", "json")

    said = json.loads(capsys.readouterr().out)
    assert said["on_time_rate"] == {"numerator": 1, "denominator": 2, "rate": 0.5}
    assert said["closure_rate"] == {"numerator": 2, "denominator": 2, "rate": 1.0}
    assert said["response_rate"] == {"numerator": 0, "denominator": 0, "rate": None}
    assert (said["policy"], said["from"], said["to"], said["received"], said["late_open"]) == (
        "reply_10wd", "2018-09-28", "2018-09-28", 2, 0,
    )  # fmt: skip


def test_the_command_prints_a_table(imported, capsys):
    call_command("kpis", "--area", "620302", "--from", "2018-09-28", "--to", "2018-09-28")

    assert "On-time closure rate\t50.00%  (1/2)" in capsys.readouterr().out.splitlines()


def test_the_command_explains_a_date_day_by_day_and_not_a_word_of_the_petition(imported, capsys):
    call_command("kpis", "--explain", "old-1")

    said = capsys.readouterr().out
    # Saturday 29 and Sunday 30 September 2018 were worked for the week of 1 October
    assert "\n   1  29 September 2018 (Sat)  worked for National Day\n" in said
    assert "\n   2  30 September 2018 (Sun)  worked for National Day\n" in said
    assert "\n   –  7 October 2018 (Sun)  holiday National Day\n" in said
    assert "\n   –  13 October 2018 (Sat)  weekend\n" in said
    assert "\n  10  17 October 2018 (Wed)\n  Stopped: 12 October 2018 (Fri) 14:41, kept\n" in said
    assert "路灯" not in said


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (["--explain", "PX1"], "There is no petition PX1."),
        (["--from", "2026-01-01"], "Say the period"),
        (["--from", "2026-01-02", "--to", "2026-01-01"], "The last day lies before the first."),
        (["--from", "2026-01-01", "--to", "2026-01-02", "--policy", "x"], "There is no policy “x”."),
        (["--from", "2026-01-01", "--to", "2026-01-02", "--area", "x"], "There is no area with the code x."),
        (["--from", "soon", "--to", "2026-01-02"], "--from"),
    ],
)
def test_the_command_refuses_in_one_sentence(district, words, refused):
    with pytest.raises(CommandError, match=refused):
        call_command("kpis", *words)
