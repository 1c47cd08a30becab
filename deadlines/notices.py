"""The notice a fired rung owes: codes, numbers and instants, never words of a resident."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from deadlines.chats import Heard
from deadlines.enums import ClockKind
from deadlines.ladder import DueRung
from deadlines.models import Rung
from deadlines.registry import Subject
from grids.posts import Told
from notifications.services import NewNotice


def notices_for(
    family: str,
    due: DueRung,
    rung: Rung,
    subject: Subject,
    told: Told,
    *,
    at: datetime,
    office_opens_at: datetime | None,
    digest: UUID,
    answer_to: int | None,
) -> list[NewNotice]:
    """Return one notice per person told of a rung (with its stage loaded).

    ``office_opens_at`` is when the offices open next (``None`` while they are open): ordinary rungs are *sent*
    then, in one e-mail a recipient (``digest``); natural clocks and urgent matters are never held, each goes out by
    itself. The event itself is never held. ``answer_to`` is the escalation that asks to be acknowledged.
    """
    at_once = _goes_at_once(due, subject)
    params = _params(due, rung, subject)
    if answer_to is not None:
        params["seen_path"] = seen_path(subject, answer_to)
    return [
        NewNotice(
            recipient_id=user_id,
            kind="escalation",
            about=f"{family}:{subject.number}",
            url_path=subject.url_path,
            dedupe_key=f"escalation:{family}:{due.clock_id}:{due.generation}:{due.rung_id}:{user_id}",
            at=at,
            not_before=None if at_once else office_opens_at,
            urgent=at_once,
            digest=None if at_once else digest,
            params=params,
        )
        for user_id in told.user_ids
    ]


def chat_notices(
    family: str, due: DueRung, rung: Rung, subject: Subject, webhooks: Iterable[UUID], *, at: datetime, heard: Heard
) -> Iterator[NewNotice]:
    """Yield what group chats are told of a rung at once; what can wait for the others of the sweep is ``heard``."""
    params = _params(due, rung, subject)
    for webhook_id in webhooks:
        if not _goes_at_once(due, subject):
            heard.add(webhook_id, params, subject.url_path)
            continue
        yield NewNotice(
            webhook_id=webhook_id,
            kind="escalation",
            about=f"{family}:{subject.number}",
            url_path=subject.url_path,
            dedupe_key=f"escalation:{family}:{due.clock_id}:{due.generation}:{due.rung_id}:{webhook_id}",
            at=at,
            urgent=True,
            params=params,
        )


def _goes_at_once(due: DueRung, subject: Subject) -> bool:
    return subject.urgent or due.kind == ClockKind.NATURAL


def _params(due: DueRung, rung: Rung, subject: Subject) -> dict[str, object]:
    return {
        "number": subject.number,
        "stage": rung.stage.code,
        "stage_zh": rung.stage.name_zh,
        "stage_en": rung.stage.name_en,
        "rung": rung.at,
        "action": rung.action,
        "level": rung.level,
        "due_at": due.due_at,
        "fell_due_at": due.fire_at,
        "late": rung.at.startswith("overdue"),
    }


def seen_path(subject: Subject, escalation_id: int) -> str:
    """Return where "I have seen it" is sent to, by the inbox as by the page of the matter."""
    return f"{subject.url_path}seen/{escalation_id}/"


def unseen_notices(
    family: str, due: DueRung, rung: Rung, subject: Subject, told: Told, *, escalation_id: int, at: datetime
) -> list[NewNotice]:
    """Return one notice per person told that an escalation was answered by nobody. They go out at once."""
    params = {
        "number": subject.number,
        "stage": rung.stage.code,
        "stage_zh": rung.stage.name_zh,
        "stage_en": rung.stage.name_en,
        "due_at": due.due_at,
        "fell_due_at": due.fire_at,
        "late": rung.at.startswith("overdue"),
        "seen_path": seen_path(subject, escalation_id),
    }
    return [
        NewNotice(
            recipient_id=user_id,
            kind="escalation_unseen",
            about=f"{family}:{subject.number}",
            url_path=subject.url_path,
            dedupe_key=f"unseen:{family}:{escalation_id}:{user_id}",
            at=at,
            urgent=True,
            params=params,
        )
        for user_id in told.user_ids
    ]
