"""Houses and the households behind their doors as a file: all or nothing, repeatable, nobody's data in a message."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Final

from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from import_export import fields
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import Result, RowResult
from tablib import Dataset

from deadlines.timetable import shanghai_date
from fieldwork import intake, versions
from fieldwork.dwellings import LOWEST_FLOOR, MOST_FLOORS
from fieldwork.enums import FileChange, HouseState, HouseUse
from fieldwork.households import LONGEST_DOOR
from fieldwork.models import Dwelling
from fieldwork.models.households import PLACES
from fieldwork.permissions import may_import
from fieldwork.residents import MOST
from grids.cells import ByCode, Choice, Day, Text
from grids.enums import Level
from grids.models import Area
from grids.rows import RegisterResource
from grids.staff import Staff
from people.contacts import clean_name, is_phone, normalise_phone
from people.services import NAME_CHARS

# Headings as we write them, and as people in communities do.
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "place_code": ("楼栋或单元编码", "编码", "楼栋编码", "单元编码"),
    "door": ("房号", "门牌", "门牌号", "室"),
    "floor": ("楼层",),
    "use": ("用途",),
    "state": ("状态", "居住状态"),
    "since": ("起始日期", "入住日期"),
    "name": ("联系人", "户主", "姓名"),
    "phone": ("电话", "联系电话", "手机号"),
    "others": ("其他住户", "其他人员", "家庭成员"),
}
REQUIRED: Final = ("place_code", "door")
_SHORTENED = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_DAY_LIKE = re.compile(r"\d{4}-\d\d-\d\d(?:T.*)?|\d{1,2}月\d{1,2}日")
_WHOLE = re.compile(r"(-?\d+)\.0+")
_BETWEEN = re.compile(r"[|｜、，,;；/\n]+")


@dataclass(slots=True)
class Told:
    """What a file would do, or has done."""

    houses_new: int = 0
    houses_changed: int = 0
    houses_same: int = 0
    households_new: int = 0
    households_changed: int = 0
    persons_new: int = 0
    doors: list[tuple[str, str]] = field(default_factory=list)  # address and masked name of the first rows


class _Loader(BaseInstanceLoader):
    """Every open house of the places of a file, fetched once."""

    def __init__(self, resource: "HouseResource", dataset: Dataset) -> None:
        super().__init__(resource, dataset)
        codes = {Text().clean(code) for code in dataset["place_code"]} if len(dataset) else set()
        there = Dwelling.objects.filter(place__code__in=codes, valid_to=None).select_related("place")
        self.known = {(one.place.code, one.number): one for one in there}

    def get_instance(self, row: Mapping[str, Any]) -> Dwelling | None:
        """Return the house of a row, if it is known."""
        return self.known.get((Text().clean(row.get("place_code")), _door(row.get("door"))))


class PlaceByCode(ByCode):
    """The building or stairwell with a code, with the house above it."""

    def __init__(self) -> None:
        super().__init__(Area)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """:raises ValueError: if there is none, or nobody lives at a place of that level"""
        code = Text().clean(value)
        if code and code not in self.found:
            self.found[code] = Area.objects.select_related("parent").filter(code=code, valid_to=None).first()
        found = super().clean(value, row, **kwargs)
        if not isinstance(found, Area):
            raise ValueError(_("The code of the building or stairwell is missing."))  # noqa: TRY004 - of the row
        if found.level not in PLACES:
            raise ValueError(_("“%(code)s” is neither a building nor a stairwell.") % {"code": code})
        return found


class Floor(Text):
    """A floor, or nothing."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """:raises ValueError: if it is no number, or no building has it"""
        word = _plain(super().clean(value, row, **kwargs))
        if not word:
            return None
        if not re.fullmatch(r"-?\d{1,3}", word) or not LOWEST_FLOOR <= int(word) <= MOST_FLOORS:
            raise ValueError(_("“%(value)s” is not a floor.") % {"value": word[:LONGEST_DOOR]})
        return int(word)


class Door(Text):
    """The number of a door as it was typed, not as a spreadsheet took it."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:  # noqa: ARG002 - the library's signature
        """:raises ValueError: if it is missing, too long, or was turned into a date"""
        word = _door(value)
        if not word:
            raise ValueError(_("The number of the door is missing."))
        if _DAY_LIKE.fullmatch(word):
            raise ValueError(_("The spreadsheet took the door for a date. Format the column as text, type it again."))
        if len(word) > LONGEST_DOOR:
            raise ValueError(_("A door has at most %(most)d characters.") % {"most": LONGEST_DOOR})
        return word


class HouseResource(RegisterResource):
    """Houses by place and door; what a row says of people goes to ``intake``, in one go after the last row."""

    place = fields.Field(attribute="place", column_name="place_code", widget=PlaceByCode())
    number = fields.Field(attribute="number", column_name="door", widget=Door())
    floor = fields.Field(attribute="floor", column_name="floor", widget=Floor())
    use = fields.Field(attribute="use", column_name="use", widget=Choice(HouseUse))
    state = fields.Field(attribute="state", column_name="state", widget=Choice(HouseState))

    def __init__(self, *, by: Staff, at: datetime) -> None:
        super().__init__(staff=None)
        self.by, self.moment, self.on = by, at, shanghai_date(at)
        self.told, self.homes = Told(), list[intake.Home]()
        self.seen: dict[tuple[str, str], int] = {}
        self.grids = dict(Area.objects.filter(level=Level.GRID).values_list("pk", "path"))

    def get_queryset(self) -> Any:
        """Only houses that stand."""
        return super().get_queryset().filter(valid_to=None)

    def before_import_row(self, row: Any, **kwargs: Any) -> None:  # noqa: ARG002 - the library's signature
        """Refuse a door that stood in the file before.

        :raises ValueError: naming the row
        """
        key, line = (Text().clean(row.get("place_code")), _door(row.get("door"))), int(row["line"])
        first = self.seen.setdefault(key, line)
        if all(key) and first != line:
            raise ValueError(_("This door stands in row %(line)d already.") % {"line": first})

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:  # noqa: FBT001
        """Remember how it was."""
        super().after_init_instance(instance, new, row, **kwargs)
        instance.before = None if new else _said(instance)

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Read a row. An empty cell leaves what is known; somebody behind a door lives there."""
        home = _home(row, on=self.on)
        before = None if instance.before is None else dict(instance.before)
        super().import_instance(instance, row, **kwargs)
        for name in ("use", "state", "floor"):
            if getattr(instance, name) in {"", None} and before:
                setattr(instance, name, before[name])
        instance.use = instance.use or HouseUse.HOME
        instance.state = instance.state or HouseState.UNKNOWN
        if home.is_somebody:
            if Text().clean(row.get("state")) and instance.state == HouseState.EMPTY:
                raise ValueError(_("A house where somebody lives is not empty."))
            instance.state = HouseState.LIVED_IN if instance.state != HouseState.WORKS else instance.state
            instance.use = HouseUse.MIXED if instance.use not in {HouseUse.HOME, HouseUse.MIXED} else instance.use
        if not may_import(self.by, instance.place):
            raise ValueError(_("This row lies outside the areas you keep."))
        instance.grid_id = next((pk for pk in reversed(instance.place.line_ids()) if pk in self.grids), None)
        if instance.grid_id is None:
            raise ValueError(_("This place lies in no grid."))
        if instance.before is None:
            instance.valid_from = home.since or self.on
        home.place, home.grid_id, home.door = instance.place, instance.grid_id, instance.number
        self.homes.append(home)

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:  # noqa: ARG002
        """Tell whether the house is as it was."""
        return not import_validation_errors and instance.before == _said(instance)

    def after_import_row(self, row: Any, row_result: Any, **kwargs: Any) -> None:  # noqa: ARG002
        """Count."""
        match row_result.import_type:
            case RowResult.IMPORT_TYPE_NEW:
                self.told.houses_new += 1
            case RowResult.IMPORT_TYPE_UPDATE:
                self.told.houses_changed += 1
            case _same:
                self.told.houses_same += 1

    def after_import(self, dataset: Any, result: Result, **kwargs: Any) -> None:
        """Write the people down, and a version for each file that changed; nothing if a row is wrong."""
        super().after_import(dataset, result, **kwargs)
        if result.has_errors() or result.has_validation_errors():
            return
        changed = {one.object_id for one in result.rows if one.import_type != RowResult.IMPORT_TYPE_SKIP}
        rows = Dwelling.objects.filter(pk__in=changed)
        versions.record(FileChange.IMPORTED, *rows, by=self.by.user, at=self.moment)
        intake.take_in(self.homes, self.told, by=self.by, at=self.moment)

    class Meta(RegisterResource.Meta):
        model = Dwelling
        import_id_fields: ClassVar[Sequence[str]] = ["place", "number"]
        fields = ("place", "number", "floor", "use", "state")
        instance_loader_class = _Loader
        clean_model_instances = False  # what a row may hold is said by the columns above, and by the database
        use_bulk = True
        batch_size = 500
        skip_diff = True


def _said(house: Dwelling) -> dict[str, object]:
    return {"use": str(house.use), "state": str(house.state), "floor": house.floor}


def _plain(word: str) -> str:
    found = _WHOLE.fullmatch(word)
    return found[1] if found else word


def _door(value: object) -> str:
    return _plain(Text().clean(value))


@sensitive_variables("row", "name", "phone", "others")
def _home(row: Mapping[str, Any], *, on: date) -> intake.Home:
    """Read who lives behind a door.

    :raises ValueError: for what cannot be a name, a number or a day; without saying it again
    """
    name = clean_name(Text().clean(row.get("name")))
    written = Text().clean(row.get("phone"))
    if _SHORTENED.fullmatch(written):
        raise ValueError(_("The spreadsheet shortened the telephone number. Format it as text, type it again."))
    phone = normalise_phone(_plain(written))
    if phone and not is_phone(phone):
        raise ValueError(
            _("Give a mobile number of 11 digits, or a landline with its area code, such as 0935-8210000.")
        )
    others = [clean_name(one) for one in _BETWEEN.split(Text().clean(row.get("others"))) if one.strip()]
    if any(len(one) > NAME_CHARS for one in (name, *others)):
        raise ValueError(_("A name has at most %(most)d characters.") % {"most": NAME_CHARS})
    if len(others) > MOST:
        raise ValueError(_("One file holds at most %(most)d persons.") % {"most": MOST})
    since = Day().clean(row.get("since") or "")
    since = since.date() if isinstance(since, datetime) else since
    if since is not None and since > on:
        raise ValueError(_("The day lies in the future."))
    return intake.Home(name=name, phone=phone, others=list(dict.fromkeys(others)), since=since)
