"""Which checks a matter needs before it is closed (004-12): by rules that are data, or by a sample that is recorded."""

import hashlib
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from deadlines.timetable import shanghai_date
from people.models import User
from petitions.enums import CheckKind, CheckState, Verb
from petitions.errors import NotNow
from petitions.models import Petition, PetitionEvent, VerificationDraw, VerificationRule, VerificationTask
from petitions.moves import BACK_TO_WORK


def drawn(seed: str, number: str, generation: int) -> int:
    """Return what a rule draws for one round of a matter: 0 to 99, the same whenever it is drawn again. Pure."""
    digest = hashlib.sha256(f"{seed}:{number}:{generation}".encode()).digest()
    return int.from_bytes(digest[:8]) % 100


def follow(petition: Petition, verb: Verb, *, at: datetime, has_rules: bool) -> None:
    """Bring the checks to a move that was just made: what is done is to be checked, what goes back no longer.

    ``has_rules``: whether there is any rule to ask by that day.
    """
    if verb == Verb.RESOLVE and has_rules:
        plan(petition, at=at)
    elif verb in BACK_TO_WORK:
        drop(petition, at=at)


def plan(petition: Petition, *, at: datetime) -> list[VerificationTask]:
    """Ask for the checks that this round of a matter needs, and record every draw; without rules one query."""
    on = shanghai_date(at)
    rules = [rule for rule in VerificationRule.objects.in_force(on).order_by("pk") if rule.is_about(petition)]
    if not rules:
        return []
    draws = []
    for rule in rules:
        value = drawn(rule.seed, petition.number, petition.round)
        draws.append(
            VerificationDraw(
                petition=petition, generation=petition.round, rule=rule, value=value, share=rule.share,
                taken=value < rule.share, at=at,
            )
        )  # fmt: skip
    VerificationDraw.objects.bulk_create(draws, ignore_conflicts=True)
    wanted: dict[str, VerificationRule] = {}
    for draw in draws:
        if draw.taken:
            wanted.setdefault(draw.rule.kind, draw.rule)
    tasks = [
        VerificationTask(petition=petition, generation=petition.round, kind=kind, rule=rule, asked_at=at)
        for kind, rule in wanted.items()
    ]
    return VerificationTask.objects.bulk_create(tasks, ignore_conflicts=True)


def drop(petition: Petition, *, at: datetime) -> None:
    """Ask no more for what waits: the matter goes back to work, and its next round is checked anew."""
    petition.verifications.waiting().update(state=CheckState.DROPPED, done_at=at)


def missing(petition: Petition) -> list[CheckKind]:
    """Return the checks of this round that nobody has passed yet, in their order; one query."""
    waiting = set(
        petition.verifications.filter(generation=petition.round)
        .exclude(state=CheckState.PASSED)
        .values_list("kind", flat=True)
    )
    return [kind for kind in CheckKind if kind in waiting]


def check_all_done(petition: Petition) -> None:
    """Refuse to close what is still to be checked.

    :raises NotNow: with the names of the checks that are missing
    """
    if kinds := missing(petition):
        names = pgettext("list separator", ", ").join(str(kind.label) for kind in kinds)
        raise NotNow(
            _("%(number)s cannot be closed yet. These checks are missing: %(checks)s.")
            % {"number": petition.number, "checks": names}
        )


def fulfil(
    petition: Petition, kind: CheckKind, *, passed: bool, by: User | None, at: datetime, event: PetitionEvent
) -> None:
    """Count as done the check that a callback or a rating amounts to, if one of its kind waits."""
    petition.verifications.waiting().filter(kind=kind, generation=petition.round).update(
        state=CheckState.PASSED if passed else CheckState.FAILED, by=by, done_at=at, words_id=event.text_id
    )
