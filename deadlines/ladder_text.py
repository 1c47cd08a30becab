"""A stage's ladder in one cell of a file: ``80% grid grid_lead remind | overdue street - red``."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from deadlines.calendar import RungAtError, parse_rung_at
from deadlines.enums import RungAction, RungLevel
from deadlines.ladder import POST_MAP
from deadlines.loading import Json

BETWEEN: Final = "|"
AND: Final = "+"
NOBODY_NAMED: Final = "-"
PARTS: Final = 4


def text_of(rungs: Sequence[Json]) -> str:
    """Return a ladder (rungs as ``loading.as_data`` has them) in one line: moment, level, posts, action of each."""
    steps = [
        " ".join((rung["at"], rung["level"], AND.join(rung["posts"]) or NOBODY_NAMED, rung["action"])) for rung in rungs
    ]
    return f" {BETWEEN} ".join(steps)


def rungs_of(text: str, known: Sequence[Json]) -> list[Json]:
    """Return the rungs a cell names, in order; one that is ``known`` keeps its note.

    :raises ValueError: naming the step that cannot be read
    """
    steps = [step.split() for step in text.split(BETWEEN) if step.strip()]
    return [{**_rung(step, known), "position": place} for place, step in enumerate(steps)]


def _rung(step: Sequence[str], known: Sequence[Json]) -> Json:
    if len(step) != PARTS:
        words = _("“%(step)s” is no step of a ladder. Write moment, level, posts and action: overdue street - red")
        raise ValueError(words % {"step": " ".join(step)})
    at, level, named, action = step
    posts = [] if named == NOBODY_NAMED else named.split(AND)
    if not _is_moment(at):
        raise ValueError(_("“%(at)s” is no moment. Write for example -1wd or overdue+2wd.") % {"at": at})
    known_words: list[tuple[str, list[str]]] = [
        (level, list(RungLevel.values)), (action, list(RungAction.values)), *((post, list(POST_MAP)) for post in posts)
    ]  # fmt: skip
    for word, allowed in known_words:
        if word not in allowed:
            told = _("“%(value)s” is not one of: %(known)s.") % {"value": word, "known": ", ".join(allowed)}
            raise ValueError(told)
    said = {"at": at, "level": level, "posts": posts, "action": action}
    same = next((one for one in known if all(one[name] == value for name, value in said.items())), None)
    return dict(same) if same is not None else {**said, "note": "", "is_default": False}


def _is_moment(at: str) -> bool:
    try:
        return not parse_rung_at(at).stage
    except RungAtError:
        return False
