"""Who is looking, as a value: the posts a person holds or stands in for on one date. No query, no ORM.

``grids.posts.staff_for`` makes these; ``QuerySet.visible_to`` and the permissions of every app read them.
"""

from dataclasses import dataclass, replace

from grids.enums import Level, PostKind
from people.models import User


@dataclass(frozen=True, slots=True)
class Holding:
    """One post held: what it is, where it stands and how far it reaches (everything at or under ``path``)."""

    kind: PostKind
    area_id: int
    level: Level
    path: str
    organisation_id: int | None = None
    # grids that this one followed after a re-division, and those of them it took over whole
    follows: tuple[int, ...] = ()
    inherits: tuple[int, ...] = ()

    def reaches(self, path: str) -> bool:
        """Whether the area with this path lies at or under the post's own area."""
        return path.startswith(self.path)


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff with the posts of one date. A superuser gets no posts by magic."""

    user: User
    holdings: tuple[Holding, ...] = ()
    # the absent people whose deputy this person is, each with the post stood in for
    stands_in: tuple[tuple[int, Holding], ...] = ()
    # a neighbour's system: it acts at a post without holding it, its account is closed to everybody
    is_system: bool = False

    @property
    def is_administrator(self) -> bool:
        """Superuser or system administrator: accounts, posts and areas, not the content of petitions."""
        return self.user.is_active and (self.user.is_superuser or self.holds(PostKind.SYSTEM_ADMINISTRATOR))

    @property
    def sight(self) -> tuple[object, ...]:
        """All that decides what this person sees, to keep a question under (``people.prepared.kept``)."""
        return self.user.pk, self.holdings, self.stands_in, self.is_administrator, self.is_system

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of all areas the person has a post in, each once, nothing that lies under another."""
        return self.reach()

    def reach(self, *kinds: PostKind) -> tuple[str, ...]:
        """The paths of the areas the person has one of these posts in (any post, if none is named), as ``paths``."""
        kept: list[str] = []
        for path in sorted({holding.path for holding in self.holdings if not kinds or holding.kind in kinds}, key=len):
            if not any(path.startswith(wider) for wider in kept):
                kept.append(path)
        return tuple(kept)

    def only(self, *kinds: PostKind) -> "Staff":
        """The person with these posts alone: a right that hangs on one post must not reach by another."""
        kept = tuple(holding for holding in self.holdings if holding.kind in kinds)
        return replace(self, holdings=kept, stands_in=tuple(one for one in self.stands_in if one[1].kind in kinds))

    def holds(self, *kinds: PostKind, path: str | None = None) -> bool:
        """Whether the person holds one of these posts; with ``path``, one that reaches that area."""
        return any(holding.kind in kinds and (path is None or holding.reaches(path)) for holding in self.holdings)
