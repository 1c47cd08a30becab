"""The table of lawful moves, restated as literals; who may; what a refusal leaves behind."""

from datetime import timedelta
from functools import partial
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from deadlines.models import Policy
from grids.enums import PostKind
from petitions import joining, petitioner, sending, transitions
from petitions.enums import Status, Tier, Urgency, Verb
from petitions.errors import ChangedMeanwhile, NotNow, NotYours, OwnWork, WordsMissing
from petitions.models import Category, Petition, PetitionText
from petitions.moves import LEADS_TO
from petitions.transitions import move
from tests.factories import TUESDAY, appoint

pytestmark = pytest.mark.django_db

HELD = ("dispatched", "signed", "in_progress")
# the regulation, spelt out again on purpose
MOVES = {
    ("submitted", "accept", "accepted"),
    ("submitted", "decline", "declined"),
    ("accepted", "dispatch", "dispatched"),
    ("accepted", "sign", "signed"),
    ("dispatched", "dispatch", "dispatched"),
    ("dispatched", "sign", "signed"),
    ("signed", "dispatch", "dispatched"),
    ("signed", "contact", "in_progress"),
    ("signed", "arrive", "in_progress"),
    ("signed", "plan", "in_progress"),
    ("signed", "resolve", "resolved"),
    ("in_progress", "dispatch", "dispatched"),
    ("in_progress", "contact", "in_progress"),
    ("in_progress", "arrive", "in_progress"),
    ("in_progress", "plan", "in_progress"),
    ("in_progress", "resolve", "resolved"),
    ("resolved", "verify", "verified"),
    ("resolved", "rework", "in_progress"),
    ("verified", "close", "closed"),
    ("verified", "rework", "in_progress"),
    ("closed", "reopen", "in_progress"),
    *((here, "withdraw", "withdrawn") for here in ("submitted", "accepted", *HELD, "merged")),
    *((here, "merge", "merged") for here in ("submitted", "accepted", *HELD)),
    ("merged", "split", "submitted"),
    ("declined", "readmit", "submitted"),
    ("terminated", "readmit", "submitted"),
    *((here, "defer", "deferred") for here in ("signed", "in_progress")),
    ("deferred", "resume", "in_progress"),
    ("deferred", "withdraw", "withdrawn"),
    *((here, "terminate", "terminated") for here in ("signed", "in_progress", "deferred")),
    ("dispatched", "recall", "accepted"),
    *((here, verb, "accepted") for here in HELD for verb in ("take_back", "regrid", "recuse")),
    *((here, "designate", "dispatched") for here in ("accepted", *HELD)),
}
LATER = TUESDAY + timedelta(hours=2)


def do(district, verb, petition, *, by=None, at=LATER, **facts):
    """Call one verb with whatever else it needs."""
    if by is None:
        by = district.worker if verb in {"sign", "contact", "arrive", "plan", "resolve"} else district.secretary
    given = {
        "accept": {
            "category": Category.objects.get(code="0102"),
            "policy": Policy.objects.get(key="immediate_tier"),
            "tier": Tier.IMMEDIATE,
            "urgency": Urgency.NORMAL,
        },
        "decline": {"reason": "请拨打12345咨询。"},
        "dispatch": {"handler": district.worker},
        "plan": {"words": "下午三点前清运。"},
        "resolve": {"reply": "已清运。"},
        "rework": {"reason": "还有一个桶没清。"},
        "split": {"reason": "不是同一件事。"},
        "recall": {"reason": "派错了。"},
        "designate": {"handler": district.worker, "reason": "就在他的网格里。"},
    }.get(verb, {})
    if verb in {"reopen", "withdraw"}:
        return getattr(petitioner, verb)(petition, at=at, words="灯又不亮了。")
    if verb in {"readmit", "defer", "resume", "terminate"}:
        return move(petition, Verb(verb), by=None, wrote=district.leader, at=at)
    if verb == "merge":
        given = {"into": district.petition(status=Status.ACCEPTED), "reason": "同一件事。"}
    act = (
        getattr(joining, verb, None)
        or getattr(transitions, verb, None)
        or getattr(sending, verb, None)
        or partial(move, verb=Verb(verb))
    )
    return act(petition, by=district.as_staff(by), at=at, **(given | facts))


def test_the_table_is_the_regulation():
    assert {(here.value, verb.value, there.value) for (here, verb), there in LEADS_TO.items()} == MOVES


@pytest.mark.parametrize(("here", "verb"), list(product(Status.values, Verb.values)))
def test_a_petition_moves_only_as_the_regulation_says(district, here, verb):
    petition = reach(district, here)
    before = petition.events.count()
    there = {there for start, word, there in MOVES if (start, word) == (here, verb)}

    if there:
        moved = do(district, verb, petition)
        assert {moved.status} == there
        assert petition.events.count() == before + 1
    else:
        with pytest.raises(NotNow, match=petition.number):
            do(district, verb, petition)
        assert Petition.objects.get(pk=petition.pk).status == here
        assert petition.events.count() == before


def reach(district, status):
    if status == Status.DECLINED:
        return do(district, "decline", district.petition(), at=TUESDAY + timedelta(minutes=5))
    if status == Status.WITHDRAWN:
        return petitioner.withdraw(district.petition(), at=TUESDAY + timedelta(minutes=5))
    if status in {Status.DEFERRED, Status.TERMINATED}:
        verb = "defer" if status == Status.DEFERRED else "terminate"
        return do(district, verb, district.petition(status=Status.SIGNED), at=TUESDAY + timedelta(minutes=30))
    if status == Status.MERGED:
        return do(district, "merge", district.petition(), at=TUESDAY + timedelta(minutes=5))
    return district.petition(status=Status(status))


def test_the_database_refuses_a_move_outside_the_table_in_bulk_too(district):
    petition = district.petition()

    with pytest.raises(IntegrityError, match="may not move from submitted to closed"), transaction.atomic():
        Petition.objects.filter(pk=petition.pk).update(status="closed", closed_at=LATER, resolved_at=LATER)

    assert Petition.objects.get(pk=petition.pk).status == "submitted"


def test_the_history_can_be_neither_changed_nor_deleted(district):
    petition = district.petition()
    event = petition.events.get(code="submitted")

    for statement in (
        "UPDATE petitions_petitionevent SET at = now() WHERE id = %s",
        "DELETE FROM petitions_petitionevent WHERE id = %s",
    ):
        with pytest.raises(Exception, match="pgtrigger: Cannot"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [event.pk])

    assert petition.events.get(code="submitted").at == TUESDAY


@pytest.mark.parametrize("who", ["other_secretary", "stranger", "worker", "duty", "supervisor", "handler"])
def test_only_a_post_that_reaches_the_case_accepts_it(district, who):
    petition = district.petition()

    with pytest.raises(NotYours, match=petition.number):
        do(district, "accept", petition, by=getattr(district, who))

    assert Petition.objects.get(pk=petition.pk).status == "submitted"
    assert not petition.events.filter(code="accepted").exists()


@pytest.mark.parametrize("who", ["secretary", "window", "dispatcher", "leader", "command"])
def test_each_post_above_the_case_may_accept_it(district, who):
    petition = do(district, "accept", district.petition(), by=getattr(district, who))

    assert petition.status == "accepted"
    assert petition.first_contact_owner == getattr(district, who)


def test_another_grids_worker_may_not_take_it(district):
    petition = district.petition(status=Status.DISPATCHED)

    with pytest.raises(NotYours):
        do(district, "sign", petition, by=district.other_worker)

    assert Petition.objects.get(pk=petition.pk).handler == district.worker


def test_a_department_handles_what_was_given_to_it_and_nothing_else(district):
    given = district.petition(status=Status.DISPATCHED, organisation=True)
    not_given = district.petition(status=Status.DISPATCHED)

    assert do(district, "sign", given, by=district.handler).handler == district.handler
    with pytest.raises(NotYours):
        do(district, "sign", not_given, by=district.handler)


@pytest.mark.parametrize("verb", ["verify", "rework"])
def test_who_handled_may_not_verify(district, verb):
    petition = do(district, "accept", district.petition(), at=TUESDAY + timedelta(minutes=1))
    petition = do(district, "sign", petition, by=district.secretary, at=TUESDAY + timedelta(minutes=2))
    petition = do(district, "resolve", petition, by=district.secretary, at=TUESDAY + timedelta(minutes=3))

    with pytest.raises(OwnWork):
        do(district, verb, petition, by=district.secretary)

    assert Petition.objects.get(pk=petition.pk).status == "resolved"
    assert do(district, verb, petition, by=district.supervisor).status in {"verified", "in_progress"}


@pytest.mark.parametrize(
    ("verb", "facts", "status"),
    [
        ("decline", {"reason": "  "}, Status.SUBMITTED),
        ("plan", {"words": ""}, Status.SIGNED),
        ("resolve", {"reply": "\n"}, Status.SIGNED),
        ("rework", {"reason": ""}, Status.RESOLVED),
        ("dispatch", {"handler": None}, Status.ACCEPTED),
    ],
)
def test_a_text_the_regulation_asks_for_may_not_be_missing(district, verb, facts, status):
    petition = district.petition(status=status)
    words = PetitionText.objects.count()

    with pytest.raises(WordsMissing):
        do(district, verb, petition, **facts)

    assert Petition.objects.get(pk=petition.pk).status == status
    assert PetitionText.objects.count() == words


def test_a_stale_form_is_refused(district):
    petition = district.petition()
    do(district, "accept", petition, version=1)

    with pytest.raises(ChangedMeanwhile):
        do(district, "dispatch", petition, version=1)

    assert Petition.objects.get(pk=petition.pk).status == "accepted"


def test_a_move_locks_the_row_before_it_writes(district):
    petition = district.petition()

    with CaptureQueriesContext(connection) as queries:
        do(district, "accept", petition)

    statements = [query["sql"] for query in queries]
    locks = [n for n, sql in enumerate(statements) if "FOR NO KEY UPDATE" in sql and '"petitions_petition"' in sql]
    writes = [n for n, sql in enumerate(statements) if sql.startswith('UPDATE "petitions_petition"')]
    assert locks
    assert locks[0] < writes[0]


def test_rework_starts_the_handling_clock_anew(district):
    petition = district.petition(status=Status.RESOLVED)

    petition = do(district, "rework", petition, at=LATER)

    clocks = petition.clocks.filter(stage__code="resolve").order_by("generation")
    assert [(clock.generation, clock.state) for clock in clocks] == [(1, "stopped"), (2, "running")]
    assert clocks[1].started_at == LATER
    assert petition.resolved_at is None
    assert petition.next_due_at == clocks[1].due_at


def test_a_colleague_may_not_take_or_finish_what_another_holds(district):
    appoint(district.other_worker, PostKind.GRID_WORKER, district.grid, seats=2)
    dispatched = district.petition(status=Status.DISPATCHED)
    signed = district.petition(status=Status.SIGNED)

    for verb, petition in (("sign", dispatched), ("resolve", signed), ("plan", signed)):
        with pytest.raises(NotYours):
            do(district, verb, petition, by=district.other_worker)

    assert do(district, "sign", dispatched, by=district.lead).handler == district.lead


def test_what_was_given_to_a_unit_is_not_taken_by_the_grid(district):
    petition = district.petition(status=Status.DISPATCHED, organisation=True)

    with pytest.raises(NotYours):
        do(district, "sign", petition, by=district.worker)

    assert Petition.objects.get(pk=petition.pk).handler is None


def test_who_resolves_for_a_colleague_has_handled_it_and_may_not_verify(district):
    petition = do(district, "resolve", district.petition(status=Status.SIGNED), by=district.secretary)

    with pytest.raises(OwnWork):
        do(district, "verify", petition, by=district.secretary)


@pytest.mark.parametrize("policy", ["utility_24h", "urgent_2h", "hotline_standard", "referred_tier"])
def test_a_matter_taken_without_dispatch_still_has_its_promise(district, policy):
    petition = do(district, "sign", district.petition(status=Status.ACCEPTED, policy=policy), by=district.worker)

    running = {clock.stage.code for clock in petition.clocks.filter(state="running").select_related("stage")}
    assert "resolve" in running
    assert "assign" not in running


@pytest.mark.parametrize("policy", ["utility_24h", "urgent_2h", "hotline_standard"])
def test_a_matter_nobody_dispatches_is_late_too(district, policy):
    petition = district.petition(status=Status.ACCEPTED, policy=policy)

    assert petition.clocks.get(stage__code="assign").state == "running"
    assert petition.next_due_at is not None
