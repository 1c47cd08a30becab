"""The words of every kind of notice, in both languages."""

import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from notifications.models import Notice
from notifications.rendering import render_words

KINDS = sorted(
    path.stem for path in (Path(settings.BASE_DIR) / "templates" / "notices").glob("*.txt") if "." not in path.stem
)
# Everything a kind may be given; a template takes what it knows.
FACTS = {
    "number": "PX2026060900017",
    "due_at": "2026-06-10T01:30:00Z",
    "status": "submitted",
    "stage": "arrive",
    "stage_zh": "到场",
    "stage_en": "Arrival",
    "action": "supervise",
    "late": True,
    "last_run_at": "2026-06-09T02:00:00Z",
    "added": 3,
    "closed": 2,
    "open": 1,
    "first_on": "2026-11-23",
    "last_on": "2026-11-29",
    "cases": 3,
    "week": "2026-11-16",
    "count": 2,
    "due_on": "2026-06-16",
    "item": "雨伞",
    "title": "周四停水",
    "agreed": False,
    "why": "时间不对",
    "starts_at": "2026-06-09T01:00:00Z",
    "ends_at": "2026-06-09T09:00:00Z",
    "until_at": "2026-06-10T02:00:00Z",
    "from_on": "2026-06-10",
}


def words(kind, language, **facts):
    notice = Notice(
        id=uuid.UUID(int=7),
        kind=kind,
        url_path="/cases/PX2026060900017/",
        created_at=datetime(2026, 6, 9, 2, 0, tzinfo=UTC),
        params={**FACTS, **facts},
    )
    return render_words(notice, language, kind=kind)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_subject_a_body_and_a_way_to_its_page(kind, language):
    rendered = words(kind, language)

    assert rendered.subject
    assert len(rendered.body.strip().splitlines()) >= 2
    assert rendered.body.strip().endswith("/cases/PX2026060900017/")
    assert not {"%(", "{{", "{%", "None"} & {mark for mark in ("%(", "{{", "{%", "None") if mark in rendered.body}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith(("petition_", "resident_", "escalation"))])
def test_the_number_of_the_matter_stands_in_the_subject(kind):
    assert "PX2026060900017" in words(kind, "en").subject


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith(("petition_", "resident_"))])
def test_a_matter_without_a_next_step_leaves_no_gap(kind):
    rendered = words(kind, "en", due_at=None)

    assert "due" not in rendered.body
    assert "again by" not in rendered.body


@pytest.mark.parametrize(
    ("facts", "subject", "first_line"),
    [
        ({}, "Overdue: PX2026060900017, Arrival", "Arrival was due 10 Jun"),
        ({"late": False}, "Due soon: PX2026060900017, Arrival", "Arrival is due 10 Jun"),
        ({"stage_en": ""}, "Overdue: PX2026060900017, arrive", "arrive was due 10 Jun"),
    ],
)
def test_an_escalation_says_what_is_late_and_since_when(facts, subject, first_line):
    rendered = words("escalation", "en", **facts)

    assert rendered.subject == subject
    assert rendered.body.startswith(first_line)


def test_a_digest_names_every_matter_in_its_order():
    lines = [
        {"number": "PX1", "stage_en": "Arrival", "late": True, "due_at": "2026-06-10T01:30:00Z"},
        {"number": "PX2", "stage_en": "Plan", "late": False, "due_at": "2026-06-11T01:30:00Z"},
    ]

    rendered = words("escalation", "en", lines=lines)

    assert rendered.subject == "2 matters need you"
    assert [line[:15] for line in rendered.body.splitlines()[:2]] == ["- PX1, Arrival:", "- PX2, Plan: du"]
