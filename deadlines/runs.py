"""What happened to a clock in its present run, read from its event list: pauses and extensions."""

from datetime import datetime
from typing import Any

from deadlines.calendar import Limit, Pause, Unit
from deadlines.models import Clock


def pauses_of(clock: Clock) -> list[Pause]:
    """Return the pauses of the clock's present run as (from, to), ``to`` None while it stands."""
    pauses: list[Pause] = []
    for event in _present_run(clock):
        at = datetime.fromisoformat(event["at"])
        if event["what"] == "pause":
            pauses.append((at, None))
        elif event["what"] == "resume" and pauses:
            pauses[-1] = (pauses[-1][0], at)
    return pauses


def extensions_of(clock: Clock) -> list[Limit]:
    """Return the extensions granted in the clock's present run."""
    return [Limit(event["value"], Unit(event["unit"])) for event in _present_run(clock) if event["what"] == "extend"]


def _present_run(clock: Clock) -> list[dict[str, Any]]:
    """Return what happened since the last start or restart."""
    starts = [place for place, event in enumerate(clock.life) if event["what"] in {"start", "restart"}]
    return clock.life[starts[-1] :] if starts else list(clock.life)
