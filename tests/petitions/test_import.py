"""Petitions of another system: kept as they were, their clocks stopped or running, their past recorded and not sent."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection

from deadlines.models import Policy
from deadlines.sweep import sweep
from grids.errors import ImportRefused
from grids.models import DutyMember
from notifications.models import Delivery, Notice
from notifications.rendering import render
from people.errors import BadInput
from people.models import Person
from petitions import transitions
from petitions.enums import Channel, Status
from petitions.importing import import_petitions
from petitions.models import Petition, PetitionClock, PetitionEscalation, PetitionEvent, PetitionText

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 9, 10, 0, tzinfo=SHANGHAI)
HEADING = "external_id,title,text,submitted_at,reply,replied_at\n"
# Friday 2026-01-16; five working days end with Friday the 23rd
KEPT = "1,路灯不亮,门口的路灯坏了。,2026-01-16 16:03:40,已修好。,2026-01-23 23:59:59\n"
LATE = "2,井盖,井盖坏了，请打13800138000。,2026-01-16 16:03:40,已换新。,2026-01-28 09:00:00\n"
OPEN = "3,,没有路灯的那条路，晚上很黑。,2026-06-05 09:00:00,,\n"
OLD_OPEN = "4,漏水,屋顶漏水。,2026-01-16 09:00:00,,\n"


def write(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(HEADING + "".join(rows), encoding="utf-8")
    return path


def load(path: Path, **given):
    return import_petitions(path=path, **{"policy_key": "reply_5wd", "at": NOW, **given})


def test_a_row_with_a_reply_is_a_closed_petition_whose_clock_stopped_with_the_reply(tmp_path, district):
    done = load(write(tmp_path, KEPT), area=district.community)

    petition = Petition.objects.get()
    clock = PetitionClock.objects.get()
    assert (done.added, done.closed, done.errors) == (1, 1, ())
    assert (petition.status, petition.channel, petition.external_id, petition.title) == (
        Status.CLOSED, Channel.IMPORT, "1", "路灯不亮",
    )  # fmt: skip
    assert petition.accepted_at == petition.submitted_at == datetime(2026, 1, 16, 8, 3, 40, tzinfo=UTC)
    assert petition.resolved_at == petition.closed_at == datetime(2026, 1, 23, 15, 59, 59, tzinfo=UTC)
    assert (clock.state, clock.due_at, clock.stopped_at, clock.met, clock.seconds_late) == (
        "stopped", datetime(2026, 1, 24, tzinfo=SHANGHAI), petition.closed_at, True, 0,
    )  # fmt: skip
    assert not clock.rungs.exists()


def test_its_history_says_what_happened_when_and_keeps_the_words(tmp_path, district):
    load(write(tmp_path, LATE))

    events = PetitionEvent.objects.exclude(code="escalated").order_by("id")
    assert [(event.code, event.at.astimezone(SHANGHAI).isoformat()[:19], event.to_status) for event in events] == [
        ("submitted", "2026-01-16T16:03:40", "submitted"),
        ("accepted", "2026-01-16T16:03:40", "accepted"),
        ("resolved", "2026-01-28T09:00:00", "resolved"),
        ("closed", "2026-01-28T09:00:00", "closed"),
    ]
    texts = {text.kind: text for text in PetitionText.objects.all()}
    assert {kind: text.original for kind, text in texts.items()} == {
        "title": "井盖", "body": "井盖坏了，请打13800138000。", "reply": "已换新。",
    }  # fmt: skip
    assert texts["body"].masked == "井盖坏了，请打138****8000。"
    assert "井盖" in texts["body"].bigrams
    assert bytes(events[0].digest) != bytes(events[2].digest)


def test_a_phone_number_in_the_words_becomes_the_contact_and_stands_nowhere_in_clear(tmp_path, district):
    load(write(tmp_path, LATE, KEPT))

    person = Person.objects.get()
    assert Petition.objects.get(external_id="2").petitioner == person
    assert (person.phone, person.name) == ("13800138000", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM petitions_petitiontext t WHERE t::text LIKE '%13800138000%'")
        assert cursor.fetchone() == (0,)


def test_the_rungs_it_passed_are_history_told_of_to_the_head_and_sent_to_nobody(
    tmp_path, district, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        done = load(write(tmp_path, LATE), area=district.community)

    rungs = PetitionEscalation.objects.order_by("fell_due_at")
    # due 24 January 00:00 (a Saturday); +1wd and +3wd are 24 hours of working days each
    assert [(rung.level, rung.fell_due_at.astimezone(SHANGHAI).isoformat()[:16]) for rung in rungs] == [
        ("one_up", "2026-01-24T00:00"),
        ("street", "2026-01-27T00:00"),
    ]
    assert {(rung.historic, tuple(rung.told), rung.route, rung.fired_at) for rung in rungs} == {
        (True, (district.secretary.pk,), "holder", NOW)
    }
    escalated = PetitionEvent.objects.filter(code="escalated")
    assert [event.refs["historic"] for event in escalated] == [True, True]
    assert done.escalations == 2
    assert [notice.kind for notice in Notice.objects.all()] == ["petitions_imported"]
    assert len(mail.outbox) == 0
    assert Delivery.objects.count() == 1


def test_one_summary_goes_to_the_head_of_the_area_however_many_rows_there_are(tmp_path, district):
    load(write(tmp_path, KEPT, LATE, OPEN, "5,,x,never,,\n"), area=district.street)

    notice = Notice.objects.get()
    assert notice.recipient == district.dispatcher
    assert notice.params == {
        "area": "620302001", "added": 3, "closed": 2, "open": 1, "escalations": 2, "to_be_placed": 1, "errors": 1,
    }  # fmt: skip
    words = render(notice, "en")
    assert words.subject == "Imported petitions: 3"
    assert "Escalations that lie in the past: 2." in words.body
    assert "Open petitions without a place: 1." in words.body


def test_without_an_area_the_root_answers_and_its_command_is_told(tmp_path, district):
    load(write(tmp_path, KEPT, OPEN))

    petition = Petition.objects.get(external_id="3")
    assert (petition.area, petition.place, petition.street, petition.community) == (district.district, None, None, None)
    assert Notice.objects.get().recipient == district.command


def test_who_is_told_is_looked_for_further_up_and_never_nobody(tmp_path, district):
    district.secretary.is_active = False
    district.secretary.save(update_fields=["is_active"])

    load(write(tmp_path, LATE), area=district.community)

    assert Notice.objects.get().recipient == district.dispatcher
    assert {rung.route for rung in PetitionEscalation.objects.all()} == {"level_up"}


def test_nothing_is_imported_while_nobody_could_be_told(tmp_path, district):
    DutyMember.objects.all().delete()
    district.command.is_active = False
    district.command.save(update_fields=["is_active"])

    with pytest.raises(BadInput, match="put somebody on the duty list"):
        load(write(tmp_path, KEPT))

    assert not Petition.objects.exists()


def test_a_row_without_a_reply_is_open_and_its_clock_runs_on(tmp_path, district):
    load(write(tmp_path, OPEN), area=district.community)

    petition = Petition.objects.get()
    clock = PetitionClock.objects.get()
    due = datetime(2026, 6, 13, tzinfo=SHANGHAI)  # Friday the 5th does not count; the fifth day is Friday the 12th
    assert (petition.status, petition.closed_at) == (Status.ACCEPTED, None)
    assert petition.title == "没有路灯的那条路，晚上很黑"
    assert (petition.next_due_at, petition.next_stage.code) == (due, "reply")
    assert (clock.state, clock.due_at, clock.next_action_at, clock.stopped_at) == ("running", due, due, None)

    assert sweep(at=due - timedelta(seconds=1)).escalations == 0
    assert sweep(at=due).escalations == 1
    assert PetitionEscalation.objects.get().historic is False


def test_an_open_row_whose_ladder_is_past_is_never_swept(tmp_path, district):
    done = load(write(tmp_path, OLD_OPEN), area=district.community)

    assert done.escalations == 3
    assert PetitionClock.objects.get().next_action_at is None
    assert sweep(at=NOW).escalations == 0
    assert [notice.kind for notice in Notice.objects.all()] == ["petitions_imported"]


def test_a_place_is_taken_from_a_community_and_never_made_up_from_a_street(tmp_path, district):
    load(write(tmp_path, OPEN), area=district.community, prefix="a-")
    load(write(tmp_path, OPEN), area=district.street, prefix="b-")

    placed, unplaced = Petition.objects.get(external_id="a-3"), Petition.objects.get(external_id="b-3")
    assert (placed.place, placed.area, placed.street) == (district.community, district.community, district.street)
    assert (unplaced.place, unplaced.area, unplaced.street) == (None, district.street, district.street)
    assert list(Petition.objects.to_be_placed()) == [unplaced]


def test_an_imported_petition_goes_on_by_the_ordinary_verbs_and_owes_no_triage(tmp_path, district):
    load(write(tmp_path, OPEN), area=district.community)
    secretary, at = district.as_staff(district.secretary), NOW + timedelta(hours=1)

    petition = transitions.sign(Petition.objects.get(), by=secretary, at=at)
    transitions.resolve(petition, by=secretary, at=at + timedelta(hours=1), reply="已装上路灯。")

    assert [(clock.stage.code, clock.state, clock.met) for clock in PetitionClock.objects.all()] == [
        ("reply", "stopped", True),
        ("verify", "running", None),
    ]


def test_importing_the_same_file_again_changes_nothing_and_tells_nobody(tmp_path, district):
    path = write(tmp_path, KEPT, LATE, OPEN)
    load(path, prefix="old-")
    before = [list(model.objects.order_by("pk").values()) for model in (Petition, PetitionClock, PetitionEvent)]

    again = load(path, prefix="old-", at=NOW + timedelta(days=1))

    assert (again.added, again.known) == (0, 3)
    assert [list(model.objects.order_by("pk").values()) for model in (Petition, PetitionClock, PetitionEvent)] == before
    assert Notice.objects.count() == 1


def test_a_reply_that_came_since_is_pointed_out_and_not_taken(tmp_path, district):
    load(write(tmp_path, OLD_OPEN))

    again = load(write(tmp_path, "4,漏水,屋顶漏水。,2026-01-16 09:00:00,已补好。,2026-06-08 09:00:00\n"))

    assert (again.added, again.known, again.answered_since) == (0, 1, 1)
    assert Petition.objects.get().status == Status.ACCEPTED


def test_another_prefix_is_another_system(tmp_path, district):
    load(write(tmp_path, KEPT), prefix="a-")
    load(write(tmp_path, KEPT), prefix="b-", policy_key="reply_10wd")

    assert sorted(Petition.objects.values_list("external_id", "policy__key")) == [
        ("a-1", "reply_5wd"), ("b-1", "reply_10wd"),
    ]  # fmt: skip


def test_a_bad_row_stops_nothing_else(tmp_path, district):
    done = load(write(tmp_path, KEPT, "9,t,,2026-01-16 09:00:00,,\n", OPEN))

    assert [str(error) for error in done.errors] == ["export.csv, row 3: text is missing."]
    assert sorted(Petition.objects.values_list("external_id", flat=True)) == ["1", "3"]


def test_strict_stops_all_and_stores_nothing(tmp_path, district):
    path = write(tmp_path, KEPT, "9,t,,2026-01-16 09:00:00,,\n", OPEN, "10,t,x,,,\n")

    with pytest.raises(ImportRefused) as refused:
        load(path, strict=True)

    assert [error.row for error in refused.value.errors] == [3, 5]
    assert (Petition.objects.count(), Notice.objects.count(), PetitionText.objects.count()) == (0, 0, 0)


def test_a_row_that_the_database_refuses_is_named_and_the_others_are_kept(tmp_path, district):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE petitions_petition ADD CONSTRAINT no_two CHECK (external_id <> '2')")

    done = load(write(tmp_path, KEPT, LATE, OPEN))

    assert [str(error) for error in done.errors] == ["export.csv, row 3: the database refuses it (IntegrityError)."]
    assert (done.added, done.closed) == (2, 1)
    assert sorted(Petition.objects.values_list("external_id", flat=True)) == ["1", "3"]


def test_each_row_is_promised_what_the_policy_said_on_its_day(tmp_path, district):
    first = Policy.objects.prefetch_related("stages").get(key="reply_5wd")
    Policy.objects.filter(pk=first.pk).update(valid_to=date(2026, 5, 31))
    second = Policy.objects.create(
        key="reply_5wd", version=2, name_zh="五日", name_en="Five days", clock="working", valid_from=date(2026, 6, 1)
    )
    stage = first.stages.get()
    stage.pk, stage.policy, stage.limit_value = None, second, 1
    stage.save()

    load(write(tmp_path, OPEN, OLD_OPEN))

    limits = dict(PetitionClock.objects.values_list("petition__external_id", "limit_value"))
    assert limits == {"3": 1, "4": 5}


@pytest.mark.parametrize(
    ("policy", "refused"),
    [("reply_6wd", "There is no policy"), ("hotline_standard", "promises nothing from filing to reply")],
)
def test_a_policy_that_an_export_cannot_be_judged_by_is_refused(tmp_path, district, policy, refused):
    with pytest.raises(BadInput, match=refused):
        load(write(tmp_path, KEPT), policy_key=policy)


def test_an_import_costs_the_same_number_of_statements_for_one_row_and_for_many(
    tmp_path, district, django_assert_max_num_queries
):
    load(write(tmp_path, KEPT))  # caches of policies and calendar
    rows = [KEPT.replace("1,", f"{number},", 1) for number in range(100, 400)]

    with django_assert_max_num_queries(22):
        assert load(write(tmp_path, *rows)).added == 300


def test_the_command_imports_reports_and_names_the_bad_lines(tmp_path, district, capsys):
    path = write(tmp_path, KEPT, OPEN, "9,t,,2026-01-16 09:00:00,,\n")

    call_command("import_petitions", path, policy="reply_5wd", area="620302001001", prefix="x-", verbosity=1)

    said = capsys.readouterr()
    assert "Petitions imported: 2 (closed: 1, open: 1); here already: 0." in said.out
    assert "Lines not imported: 1." in said.out
    assert "export.csv, row 4: text is missing." in said.err


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ({"policy": "reply_5wd", "area": "999"}, "There is no area with the code 999."),
        ({"policy": "nothing"}, "There is no policy “nothing”."),
        ({"policy": "reply_5wd", "strict": True}, "export.csv, row 2: text is missing."),
    ],
)
def test_the_command_refuses_in_one_sentence(tmp_path, district, options, refused):
    path = write(tmp_path, "9,t,,2026-01-16 09:00:00,,\n")

    with pytest.raises(CommandError, match=refused):
        call_command("import_petitions", path, verbosity=0, **options)
