"""The notice a fired rung owes: codes, numbers and instants, never words of a resident."""

from datetime import datetime

from deadlines.enums import ClockKind
from deadlines.models import Clock, ClockRung
from deadlines.registry import Subject
from grids.posts import Told
from notifications.services import NewNotice


def notices_for(
    family: str,
    rung: ClockRung,
    clock: Clock,
    subject: Subject,
    told: Told,
    *,
    at: datetime,
    office_opens_at: datetime | None,
) -> list[NewNotice]:
    """Return one notice per person told.

    ``office_opens_at`` is when the offices open next (``None`` while they are open): ordinary rungs are *sent*
    then; natural clocks and urgent matters are never held. The event itself is never held.
    """
    stage = rung.rung.stage
    held = None if subject.urgent or clock.kind == ClockKind.NATURAL else office_opens_at
    return [
        NewNotice(
            recipient_id=user_id,
            kind="escalation",
            about=f"{family}:{subject.number}",
            url_path=subject.url_path,
            dedupe_key=f"escalation:{family}:{clock.pk}:{clock.generation}:{rung.rung_id}:{user_id}",
            at=at,
            not_before=held,
            urgent=subject.urgent or clock.kind == ClockKind.NATURAL,
            params={
                "number": subject.number,
                "stage": stage.code,
                "stage_zh": stage.name_zh,
                "stage_en": stage.name_en,
                "rung": rung.rung.at,
                "action": rung.rung.action,
                "level": rung.rung.level,
                "due_at": clock.due_at.isoformat(),
                "fell_due_at": rung.fire_at.isoformat(),
                "late": rung.rung.at.startswith("overdue"),
            },
        )
        for user_id in told.user_ids
    ]
