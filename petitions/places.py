"""Finding the place a resident means: by name, by pinyin initials, by the code on the wall."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Replace

from grids.enums import Level
from grids.models import Area
from grids.models.areas import AreaQuerySet
from people.prepared import Prepared

MOST = 12
SEPARATOR = " › "
# "龙集里 3号楼": how many areas an earlier word may stand for; more means the word says nothing
MOST_AROUND = 40
LEFT_OUT = ("社区", "街道")


@dataclass(frozen=True, slots=True)
class Found:
    """A place to choose: its code, its own name, and the names of what it lies in, widest first."""

    code: str
    name: str
    around: tuple[str, ...]

    @property
    def trail(self) -> str:
        """The full way down: street › community › grid › building."""
        return SEPARATOR.join((*self.around, self.name))


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found, best first, and whether there is more than is shown."""

    places: tuple[Found, ...] = ()
    more: bool = False


def find(typed: str, *, on: date, within: str = "") -> Results:
    """Return the places a person may mean; at most four queries, however many match.

    Words are narrowed from left to right ("龙集里 3号楼"); without a space the longest place name that the words
    begin with is split off ("龙集里3号楼"). ``within``: the path of the area that must hold them.
    """
    words = unicodedata.normalize("NFKC", typed).replace("\x00", "").split()
    if not words:
        return Results()
    areas = _matching(words, on=on, within=within)
    if not areas and len(words) == 1:
        areas = _after_split(words[0], on=on, within=within)
    return Results(tuple(described(areas[:MOST])), more=len(areas) > MOST)


def by_code(code: str, *, on: date) -> Area | None:
    """Return the served area with this code that exists ``on`` that day, or None; districts are no place."""
    code = code.replace("\x00", "").strip()
    return _BY_CODE.first(on, code) if code else None


def described(areas: Iterable[Area]) -> list[Found]:
    """Return areas with the names of what they lie in; one query for all of them."""
    areas = list(areas)
    if not areas:
        return []
    above = {pk for area in areas for pk in area.ancestor_ids()}
    names = {
        area.pk: area.label
        for area in Area.objects.filter(pk__in=above, level__gte=Level.STREET).only("pk", "name", "short_name")
    }
    return [
        Found(area.code, area.label, tuple(names[pk] for pk in area.ancestor_ids() if pk in names)) for area in areas
    ]


def _choosable(on: date) -> AreaQuerySet:
    return Area.objects.served().at(on).filter(level__gte=Level.STREET)


_BY_CODE: Prepared[Area] = Prepared(lambda on, code: _choosable(on).filter(code=code)[:1], date.max, "code")


def _matching(words: list[str], *, on: date, within: str) -> list[Area]:
    found = Area.objects.search(words[-1], on=on).under(within).filter(level__gte=Level.STREET)
    for word in words[:-1]:
        around = list(Area.objects.search(word, on=on).values_list("path", flat=True)[: MOST_AROUND + 1])
        if not around:
            return []
        if len(around) <= MOST_AROUND:
            found = found.filter(_under(around))
    return _best_first(found, words[-1])


def _after_split(word: str, *, on: date, within: str) -> list[Area]:
    """Return what the rest of the word names within the places whose name it begins with."""
    begun = _choosable(on).alias(typed=Value(word), stem=_stem("name"), short_stem=_stem("short_name")).filter(
        Q(typed__startswith=F("stem")) | (~Q(short_stem="") & Q(typed__startswith=F("short_stem")))
    )  # fmt: skip
    heads = [
        (max(len(said) for said in _sayings(name, short) if word.startswith(said)), path)
        for name, short, path in begun.values_list("name", "short_name", "path")
    ]
    longest = max((length for length, _path in heads), default=0)
    rest = word[longest:]
    if not rest or not longest:
        return []
    paths = [path for length, path in heads if length == longest]
    found = Area.objects.search(rest, on=on).under(within).filter(_under(paths[:MOST_AROUND]), level__gte=Level.STREET)
    return _best_first(found, rest)


def _stem(field: str) -> Combinable:
    """The name without the words people leave out when they say where they live."""
    stem: Combinable = F(field)
    for ending in LEFT_OUT:
        stem = Replace(stem, Value(ending), Value(""))
    return stem


def _sayings(*names: str) -> list[str]:
    said = [name for name in names if name]
    for ending in LEFT_OUT:
        said += [name.replace(ending, "") for name in said]
    return said


def _under(paths: Iterable[str]) -> Q:
    scope = Q(pk__in=())
    for path in paths:
        scope |= Q(path__startswith=path)
    return scope


def _best_first(found: AreaQuerySet, word: str) -> list[Area]:
    """The very name first, then names that begin so, wide areas before narrow ones; one more than is shown."""
    fit = Case(
        When(Q(name=word) | Q(short_name=word) | Q(code=word), then=0),
        When(Q(name__startswith=word) | Q(short_name__startswith=word), then=1),
        default=2,
        output_field=IntegerField(),
    )
    return list(found.order_by(fit, "level", "name_key", "code")[: MOST + 1])
