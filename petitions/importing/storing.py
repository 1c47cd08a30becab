"""The rows of an export into petitions, bulk by bulk, in one transaction.

A row with a reply becomes a closed petition whose clocks stopped when the reply was given; one without becomes an
accepted petition with its clocks running. Accepted at is submitted at. Rungs that lie in the past are recorded as
historic escalations; nothing is sent but one summary to the head of the area that answers.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from deadlines import historic
from deadlines.enums import Nature
from deadlines.ladder import HEADS
from deadlines.loading import condition_holds
from deadlines.models import Policy
from deadlines.timetable import shanghai_date
from grids.enums import Level, PostKind
from grids.errors import ImportRefused, NobodyToTell, RowError
from grids.models import Area
from grids.posts import Request, Told, recipients_for
from notifications.services import NewNotice, owe
from people.contacts import best_phone
from people.enums import Context
from people.errors import BadInput
from people.masking import mask_text
from people.models import Person
from people.services import create_person
from petitions import clocks, records
from petitions.enums import OPEN, Channel, EventCode, Status, TextKind
from petitions.importing.reading import Row, opened
from petitions.models import Petition, PetitionEvent, PetitionText
from petitions.moves import MOMENTS, RESOLUTION
from petitions.numbers import code_for, hash_code, new_numbers
from petitions.responsible import Answers, answers_for
from petitions.services import short_title

BATCH = 500
STARTS = (*MOMENTS[EventCode.SUBMITTED], *MOMENTS[EventCode.ACCEPTED])
MOST_ERRORS = 200

Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; ``answered_since`` counts open petitions whose row has a reply now, which stay open."""

    added: int = 0
    closed: int = 0
    known: int = 0
    answered_since: int = 0
    to_be_placed: int = 0
    escalations: int = 0
    errors: tuple[RowError, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Import:
    """What holds for every row of one import."""

    file: str
    policies: Sequence[Policy]
    answers: Answers
    place: Area | None
    told: Told
    at: datetime

    def policy_on(self, day: date) -> Policy:
        """Return the version in force on a civil date; the oldest for what lies before all of them."""
        return next((each for each in self.policies if each.valid_from <= day), self.policies[-1])


def import_petitions(
    *,
    path: Path,
    policy_key: str,
    at: datetime,
    area: Area | None = None,
    prefix: str = "",
    strict: bool = False,
    progress: Progress | None = None,
) -> Imported:
    """Import an export of another system; what is known already (by prefix and number) stays as it is.

    ``area`` answers for the rows; from a community downwards it is also their place. Without it the root of the
    jurisdiction answers. A row without a place waits on the "to be placed" list. ``progress`` hears of every batch.

    :raises BadInput: if the file, the policy or the duty list will not do; nothing is stored then
    :raises ImportRefused: with ``strict``, naming every bad line; nothing is stored then
    """
    answers = answers_for(area)
    job = _Import(
        file=path.name,
        policies=_usable(policy_key),
        answers=answers,
        place=area if area and area.level >= Level.COMMUNITY else None,
        told=head_of(answers.area, on=shanghai_date(at)),
        at=at,
    )
    with opened(path, prefix=prefix, at=at) as export, transaction.atomic():
        done = Imported(ignored=export.ignored)
        for chunk in iter(lambda: list(islice(export.rows, BATCH)), []):
            errors = tuple(row for row in chunk if isinstance(row, RowError))
            stored = _store([row for row in chunk if isinstance(row, Row)], job)
            done = _sum(done, replace(stored, errors=(*errors, *stored.errors)))
            if progress:
                progress(len(chunk))
        if strict and done.errors:
            raise ImportRefused(done.errors[:MOST_ERRORS], total=len(done.errors))
        if done.added:
            owe_summary(
                job.answers.area,
                job.told,
                added=done.added,
                closed=done.closed,
                escalations=done.escalations,
                to_be_placed=done.to_be_placed,
                errors=len(done.errors),
                at=job.at,
            )
    return done


def _usable(key: str) -> list[Policy]:
    """Return the versions of a policy, newest first, if one of its promises runs from filing to reply."""
    versions = list(Policy.objects.filter(key=key).prefetch_related("stages").order_by("-version"))
    if not versions:
        raise BadInput(_("There is no policy “%(key)s”.") % {"key": key})
    if not all(_runs_to_the_reply(policy) for policy in versions):
        words = _("Policy “%(key)s” promises nothing from filing to reply: an export does not say what it counts from.")
        raise BadInput(words % {"key": key})
    return versions


def _runs_to_the_reply(policy: Policy) -> bool:
    return any(
        stage.anchor in STARTS
        and stage.stopped_by in RESOLUTION
        and stage.nature == Nature.DUTY
        and condition_holds(stage.applies_when, clocks.facts_of(Petition()))
        for stage in policy.stages.all()
    )


def head_of(area: Area, *, on: date) -> Told:
    """Return who heads an area on a civil date.

    :raises BadInput: if nobody can be told at all
    """
    level = Level(area.level)
    request = Request(key=area.pk, path=area.path, targets=((level, HEADS.get(level, PostKind.DISTRICT_COMMAND)),))
    try:
        return recipients_for([request], on)[area.pk]
    except NobodyToTell as nobody:
        raise BadInput(_("Nobody can be told: put somebody on the duty list first.")) from nobody


def _store(rows: Sequence[Row], job: _Import) -> Imported:
    """Store one batch; if the database refuses it, row by row, so that only the bad row is lost."""
    known = dict(
        Petition.objects.filter(external_id__in=[row.external_id for row in rows]).values_list("external_id", "status")
    )
    new = [row for row in rows if row.external_id not in known]
    done = Imported(
        known=len(known),
        answered_since=sum(bool(row.reply) and known.get(row.external_id) in OPEN for row in rows),
    )
    try:
        with transaction.atomic():
            return _sum(done, _write(new, job))
    except DatabaseError:
        pass  # one of them will not go in
    for row in new:
        try:
            with transaction.atomic():
                stored = _write([row], job)
        except DatabaseError as error:
            words = _("the database refuses it (%(error)s).") % {"error": type(error).__name__}
            stored = Imported(errors=(RowError(job.file, row.line, words),))
        done = _sum(done, stored)
    return done


def _write(rows: Sequence[Row], job: _Import) -> Imported:
    numbers = new_numbers([row.submitted_at for row in rows])
    petitions = [_petition(row, number, job) for row, number in zip(rows, numbers, strict=True)]
    Petition.objects.bulk_create(petitions)
    texts: list[PetitionText] = []
    events: list[PetitionEvent] = []
    pasts: list[historic.Past] = []
    for row, petition in zip(rows, petitions, strict=True):
        written, happened = _history(row, petition)
        texts += written
        events += happened
        pasts.append(_past(row, petition, happened))
    PetitionText.objects.bulk_create(texts)
    PetitionEvent.objects.bulk_create(events)
    recorded = historic.record(clocks.FAMILY, pasts, told=job.told, at=job.at)
    still_open = [petition for petition in petitions if petition.status == Status.ACCEPTED]
    for petition in still_open:
        clocks.set_next_due(petition, recorded.running[petition.pk])
    Petition.objects.bulk_update(still_open, ["next_due_at", "next_stage"])
    return Imported(
        added=len(petitions),
        closed=len(petitions) - len(still_open),
        to_be_placed=len(still_open) if job.place is None else 0,
        escalations=recorded.escalations,
    )


def _petition(row: Row, number: str, job: _Import) -> Petition:
    client_key = uuid.uuid4()
    masked_title, _in_title = mask_text(row.title[:120] or short_title(row.text))
    answers = job.answers
    return Petition(
        number=number,
        code_hash=hash_code(number, code_for(client_key)),
        client_key=client_key,
        external_id=row.external_id,
        channel=Channel.IMPORT,
        status=Status.ACCEPTED if row.replied_at is None else Status.CLOSED,
        title=masked_title[:120],
        policy=job.policy_on(shanghai_date(row.submitted_at)),
        place=job.place,
        area=answers.area,
        area_path=answers.area.path,
        street=answers.street,
        community=answers.community,
        grid=answers.grid,
        petitioner=_petitioner(row),
        submitted_at=row.submitted_at,
        accepted_at=row.submitted_at,
        resolved_at=row.replied_at,
        closed_at=row.replied_at,
    )


def _petitioner(row: Row) -> Person | None:
    _masked, lifted = mask_text(row.text)
    phone = best_phone(lifted)
    return create_person(context=Context.PETITIONER, phone=phone, at=row.submitted_at) if phone else None


def _history(row: Row, petition: Petition) -> tuple[list[PetitionText], list[PetitionEvent]]:
    texts: list[PetitionText] = []
    if row.title:
        texts.append(records.write_words(petition, TextKind.TITLE, row.title, at=row.submitted_at)[0])
    body, body_digest = records.write_words(petition, TextKind.BODY, row.text, at=row.submitted_at)
    texts.append(body)
    events = [
        PetitionEvent(
            petition=petition, code=EventCode.SUBMITTED, at=row.submitted_at, to_status=Status.SUBMITTED,
            text_id=body.pk, digest=body_digest, refs={"channel": Channel.IMPORT},
        ),
        PetitionEvent(
            petition=petition, code=EventCode.ACCEPTED, at=row.submitted_at, from_status=Status.SUBMITTED,
            to_status=Status.ACCEPTED,
        ),
    ]  # fmt: skip
    if row.replied_at is not None:
        reply, reply_digest = records.write_words(petition, TextKind.REPLY, row.reply, at=row.replied_at)
        texts.append(reply)
        events += [
            PetitionEvent(
                petition=petition, code=EventCode.RESOLVED, at=row.replied_at, from_status=Status.ACCEPTED,
                to_status=Status.RESOLVED, text_id=reply.pk, digest=reply_digest,
            ),
            PetitionEvent(
                petition=petition, code=EventCode.CLOSED, at=row.replied_at, from_status=Status.RESOLVED,
                to_status=Status.CLOSED,
            ),
        ]  # fmt: skip
    return texts, events


def _past(row: Row, petition: Petition, events: Sequence[PetitionEvent]) -> historic.Past:
    assert petition.policy_id is not None  # noqa: S101 - _petition sets it
    return historic.Past(
        subject_id=petition.pk,
        policy_id=petition.policy_id,
        moments=clocks.moments_of((event.code, event.at) for event in events),
        facts=clocks.facts_of(petition),
        owes=clocks.owes(petition),
        over_at=row.replied_at,
    )


def _sum(one: Imported, other: Imported) -> Imported:
    return Imported(
        added=one.added + other.added,
        closed=one.closed + other.closed,
        known=one.known + other.known,
        answered_since=one.answered_since + other.answered_since,
        to_be_placed=one.to_be_placed + other.to_be_placed,
        escalations=one.escalations + other.escalations,
        errors=(*one.errors, *other.errors),
        ignored=one.ignored or other.ignored,
    )


def owe_summary(
    area: Area,
    told: Told,
    *,
    at: datetime,
    added: int,
    escalations: int,
    closed: int = 0,
    to_be_placed: int = 0,
    errors: int = 0,
) -> None:
    """Tell the head of an area once, in numbers, what came in."""
    run = uuid.uuid4()
    owe(
        [
            NewNotice(
                recipient_id=user_id,
                kind="petitions_imported",
                about=f"import:{run}",
                dedupe_key=f"import:{run}:{user_id}",
                at=at,
                params={
                    "area": area.code,
                    "added": added,
                    "closed": closed,
                    "open": added - closed,
                    "escalations": escalations,
                    "to_be_placed": to_be_placed,
                    "errors": errors,
                },
            )
            for user_id in told.user_ids
        ]
    )
