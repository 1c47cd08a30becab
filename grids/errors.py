"""Refusals of this app (for the person asking) and its one alarm."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.errors import BadInput, NotAllowed, NotAllowedNow

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class SeatsTaken(NotAllowedNow):
    """All seats of a post are filled for the dates asked."""


class AlreadyHeld(NotAllowedNow):
    """The same person would hold the same post, or be away from it, twice at once."""


class ChangedSinceReview(NotAllowedNow):
    """What was reviewed is no longer what there is."""


class PlanOvertaken(NotAllowedNow):
    """The areas are no longer as the plan found them."""


class PlanIncomplete(BadInput):
    """The plan leaves something open; the message lists all of it, a line each."""

    def __init__(self, problems: "Sequence[str]") -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


class NotKept(NotAllowedNow):
    """What was sent and checked is not there any more: written already, dropped, or a day old."""

    def __init__(self) -> None:
        super().__init__(_("This file was written down already, or is not kept any more. Please send it again."))


class NotYourRegister(NotAllowed):
    """The row belongs to an area whose register this person does not keep."""


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing wrong with one line of an import file. ``row`` counts the heading as line 1."""

    file: str
    row: int | None
    message: "str | _StrPromise"

    def __str__(self) -> str:
        if self.row is None:
            return f"{self.file}: {self.message}"
        return _("%(file)s, row %(row)s: %(message)s") % {"file": self.file, "row": self.row, "message": self.message}


class ImportRefused(BadInput):
    """Nothing was imported, because of these rows."""

    def __init__(self, errors: Sequence[RowError], *, total: int | None = None) -> None:
        self.errors = tuple(errors)
        self.total = len(self.errors) if total is None else total
        lines = [str(error) for error in self.errors]
        if self.total > len(self.errors):
            more = self.total - len(self.errors)
            lines.append(ngettext("and %(count)s error more", "and %(count)s errors more", more) % {"count": more})
        super().__init__("\n".join(lines))


class NobodyToTell(NotAllowedNow):
    """The duty list is empty (or all on it are recused) and nobody else is left to be told.

    Who asked reads why nothing was done; an operator must fill the duty list (``/readyz`` says so too). ``keys`` are
    the requests left without anybody, ``told`` is the answer for the others, so that a sweep may go on with them.
    """

    def __init__(self, keys: Sequence[Hashable], told: Mapping[Any, Any]) -> None:
        self.keys = tuple(keys)
        self.told = dict(told)
        super().__init__(
            _("Nobody is left who could be told of it: the duty list is empty. Please tell your administrator.")
        )
