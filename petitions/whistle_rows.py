"""What a whistle writes: its entries, and all of a new one together."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Model

from deadlines.clocks import stages_of
from people.inserting import IN_ONE_TRIP, draw, insert, sequence_of
from people.masking import mask_text
from people.models import User
from petitions import records, whistle_clocks
from petitions.call_enums import WhistleCode
from petitions.enums import EventCode
from petitions.models import Whistle, WhistleCall, WhistleClock, WhistleEntry


def write(whistle: Whistle, calls: Sequence[WhistleCall], *, at: datetime) -> None:
    """Write a new whistle, whom it calls, their clocks if it sounds, its first entry, and the matter's; two trips."""
    sounds = whistle.blown_at is not None
    clocks = len(stages_of(whistle.policy_id)) * len(calls) if sounds else 0
    sequences = [sequence_of(WhistleCall)] * len(calls) + [sequence_of(WhistleClock)] * clocks
    whistle.pk, *keys = draw(sequence_of(Whistle), *sequences)
    left = iter(keys)
    for call in calls:
        call.pk, call.whistle = next(left), whistle
    rows: list[Model] = [whistle, *calls]
    rows.append(entry(whistle, WhistleCode.BLOWN if sounds else WhistleCode.ASKED, by=whistle.by, at=at))
    if sounds:
        rows += [row for call in calls for row in whistle_clocks.opening(call, keys=left)]
    if whistle.petition is not None:
        code = EventCode.WHISTLE if sounds else EventCode.WHISTLE_ASKED
        rows.append(records.composed(whistle.petition, code, at=at, by=whistle.by, refs=refs_of(whistle))[1])
    insert(rows, most=IN_ONE_TRIP)


def entry(
    whistle: Whistle,
    code: WhistleCode,
    *,
    by: User,
    at: datetime,
    words: str = "",
    call: WhistleCall | None = None,
    refs: dict[str, bool] | None = None,
) -> WhistleEntry:
    """Return an entry, unsaved."""
    masked = mask_text(words.strip())[0]
    return WhistleEntry(whistle=whistle, call=call, code=code, at=at, by=by, words=masked, refs=refs or {})


def refs_of(whistle: Whistle) -> dict[str, object]:
    """Return what the matter's own history says of its whistle."""
    return {"whistle": whistle.pk, "kind": whistle.kind}
