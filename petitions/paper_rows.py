"""Matters on paper and in old books, taken in from a file: each is filed on behalf, at the moment it was received.

Its time limits count from that moment. A step of the ladder that lies in the past by now is history and tells nobody;
one summary goes to who heads the area. The same file again files nothing.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time
from typing import Any, ClassVar, Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from import_export import fields, widgets
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import Result
from tablib import Dataset

from deadlines import historic
from deadlines.timetable import SHANGHAI, shanghai_date
from grids.cells import ByCode, Choice, Text, YesNo
from grids.enums import Level
from grids.models import Area
from grids.permissions import Register
from grids.rows import RegisterResource
from people.contacts import is_phone, normalise_phone
from people.errors import Refusal
from petitions import clocks, services
from petitions.channels import external_id
from petitions.enums import About, Channel
from petitions.importing.reading import moment
from petitions.importing.storing import head_of, owe_summary
from petitions.models import Petition
from petitions.permissions import IMPORTS
from petitions.responsible import answers_for

MOST: Final = 300  # each is a matter of its own with clocks and notices: some 20 ms
OPENS: Final = time(9)
KEYS: Final = uuid.UUID("6c1f2c0e-2f0a-5b60-9a53-0d4c9b7e2b11")


class PaperChannel(TextChoices):
    """How a matter on paper reached us."""

    PHONE = Channel.PHONE.value, Channel.PHONE.label
    WINDOW = Channel.WINDOW.value, Channel.WINDOW.label
    VISIT = Channel.VISIT.value, Channel.VISIT.label
    BOX = Channel.BOX.value, Channel.BOX.label
    DIARY = Channel.DIARY.value, Channel.DIARY.label
    GROUP = Channel.GROUP.value, Channel.GROUP.label
    PATROL = Channel.PATROL.value, Channel.PATROL.label


class Moment(widgets.Widget):
    """A moment in Shanghai; of a day alone the opening of its office hours."""

    example = "2026-01-05 14:20"

    def says(self) -> str:
        """How it is written."""
        return _("A moment such as 2026-01-05 14:20. The time limits count from it; a day alone means 9 o'clock.")

    def clean(self, value: Any, row: Any = None, **_kwargs: Any) -> datetime | None:  # noqa: ARG002 - the library's
        """:raises ValueError: for anything else"""
        word = Text().clean(value)
        found = moment(word) or moment(f"{word} {OPENS:%H:%M}")
        if word and found is None:
            raise ValueError(_("“%(value)s” is no moment; write it as 2026-01-05 14:20.") % {"value": word[:40]})
        return found

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002 - the library's signature
        """As it is read."""
        return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if value else ""


class _Loader(BaseInstanceLoader):
    """Every matter of the file that is here already, fetched once."""

    def __init__(self, resource: "PaperResource", dataset: Dataset) -> None:
        super().__init__(resource, dataset)
        ids = [_id_of(row) for row in dataset.dict]
        self.known = {one.external_id: one for one in Petition.objects.filter(external_id__in=ids)}

    def get_instance(self, row: Mapping[str, Any]) -> Petition | None:
        """Return the matter of a row, if it is known."""
        return self.known.get(_id_of(row))


class PaperResource(RegisterResource):
    """A row for each matter."""

    register = Register.DUTY_LIST  # not asked: whose place it may be is said below
    headings: ClassVar = {
        "number": gettext_lazy("number in your book"), "channel": gettext_lazy("how it came"),
        "received_at": gettext_lazy("received at"), "place_code": gettext_lazy("code of the place"),
        "place_words": gettext_lazy("where exactly"), "title": gettext_lazy("title"),
        "text": gettext_lazy("what was said"), "name": gettext_lazy("name"), "phone": gettext_lazy("telephone number"),
        "confidential": gettext_lazy("confidential"), "about": gettext_lazy("about staff"),
    }  # fmt: skip
    meanings: ClassVar = {
        "number": gettext_lazy("Any number of yours, once in each year's book. The same number is filed once."),
        "place_code": gettext_lazy("The code of a community, grid, building or stairwell; see the sheet of codes."),
        "place_words": gettext_lazy("Where exactly; may be empty."),
        "title": gettext_lazy("May be empty: then the first words are the title."),
        "text": gettext_lazy("The petitioner's words."),
        "name": gettext_lazy("Of the petitioner; may be empty."),
        "phone": gettext_lazy("Their telephone number; may be empty."),
        "about": gettext_lazy("Empty, community or street: a matter about staff goes to the level above them."),
    }  # fmt: skip
    examples: ClassVar = {
        "number": "2026-017", "channel": "window", "place_code": "620302001001", "place_words": "3号楼门口",
        "text": "路灯不亮已有一周，请维修。", "about": "",
    }  # fmt: skip

    number = fields.Field(attribute="external_id", column_name="number", readonly=True)
    channel = fields.Field(attribute="channel", column_name="channel", widget=Choice(PaperChannel))
    received_at = fields.Field(attribute="submitted_at", column_name="received_at", widget=Moment())
    place_code = fields.Field(attribute="place", column_name="place_code", widget=ByCode(Area))
    place_words = fields.Field(column_name="place_words", readonly=True)
    title = fields.Field(column_name="title", readonly=True)
    text = fields.Field(attribute="text", column_name="text", readonly=True)
    name = fields.Field(column_name="name", readonly=True)
    phone = fields.Field(attribute="phone", column_name="phone", readonly=True)
    confidential = fields.Field(attribute="is_confidential", column_name="confidential", widget=YesNo(empty=False))
    about = fields.Field(attribute="about", column_name="about", widget=Choice(About))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.filed: list[Petition] = []
        self.seen: dict[str, int] = {}

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """:raises ValueError: if there are more than are read at once"""
        super().before_import(dataset, **kwargs)
        if len(dataset) > MOST:
            raise ValueError(_("At most %(count)d rows at a time.") % {"count": MOST})

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """Refuse a number that stood in the file before.

        :raises ValueError: naming the row
        """
        line, key = kwargs.get("row_number", 0) + 1, _id_of(row)
        if not Text().clean(row.get("number")):
            raise ValueError(_("The number in your book is missing."))
        first = self.seen.setdefault(key, line)
        if first != line:
            raise ValueError(_("This number stands in row %(line)d already.") % {"line": first})

    @sensitive_variables("row", "phone")
    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Read a row; one that is here already stays as it is."""
        if instance.pk:
            return
        super().import_instance(instance, row, **kwargs)
        assert self.at is not None  # noqa: S101 - the edge says when
        if instance.channel not in PaperChannel.values:
            raise ValueError(_("Say how it came."))
        if instance.submitted_at is None:
            raise ValueError(_("Say when it was received."))
        if instance.submitted_at > self.at:
            raise ValueError(_("The moment it was received lies in the future."))
        place = instance.place
        if place is None or place.level < Level.COMMUNITY or not place.served or place.valid_to is not None:
            raise ValueError(_("Give the code of a community, grid, building or stairwell of today."))
        if self.staff is not None and not any(place.path.startswith(wide) for wide in self.staff.reach(*IMPORTS)):
            raise ValueError(_("This row lies outside the areas you keep."))
        phone = normalise_phone(Text().clean(row.get("phone")))
        if phone and not is_phone(phone):
            raise ValueError(
                _("Give a mobile number of 11 digits, or a landline with its area code, such as 0935-8210000.")
            )

    def validate_instance(
        self,
        instance: Any,
        import_validation_errors: Any = None,
        validate_unique: bool = True,  # noqa: FBT001, FBT002
    ) -> None:
        """What could not be read; whose place it is was asked with the row."""
        staff, self.staff = self.staff, None
        try:
            super().validate_instance(instance, import_validation_errors, validate_unique)
        finally:
            self.staff = staff

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:  # noqa: ARG002
        """Tell whether it is here already."""
        return bool(instance.pk) and not import_validation_errors

    @sensitive_variables("row")
    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:  # noqa: ARG002, FBT001
        """File it on behalf, at the moment it was received.

        :raises ValueError: saying why it cannot be filed
        """
        words = {name: Text().clean(row.get(name)) for name in ("place_words", "title", "text", "name", "phone")}
        try:
            found = services.file(
                text=words["text"],
                title=words["title"],
                at=instance.submitted_at,
                client_key=uuid.uuid5(KEYS, _id_of(row)),
                channel=Channel(instance.channel),
                place=instance.place,
                place_words=words["place_words"],
                contact=services.Contact(name=words["name"], phone=normalise_phone(words["phone"])),
                anonymous=not (words["name"] or words["phone"]),
                confidential=bool(instance.is_confidential),
                filed_by=self.staff.user if self.staff else None,
                about=About(getattr(instance, "about", "") or ""),
                external_id=_id_of(row),
            )
        except Refusal as no:
            raise ValueError(str(no)) from no
        instance.pk, instance.number = found.petition.pk, found.petition.number
        self.filed.append(found.petition)

    def save_m2m(self, obj: Any, data: Any, **kwargs: Any) -> None:
        """There is nothing of the kind."""

    def after_import(self, dataset: Any, result: Result, **kwargs: Any) -> None:
        """Let what lies in the past be history, and say how many are late already."""
        super().after_import(dataset, result, **kwargs)
        if not self.filed or result.has_errors() or result.has_validation_errors():
            return
        assert self.at is not None  # noqa: S101 - the edge says when
        late = let_pass(self.filed, at=self.at)
        oldest = min(one.submitted_at for one in self.filed)
        day = f"{oldest.astimezone(SHANGHAI):%Y-%m-%d}"
        self.remarks.append(_("The oldest was received on %(day)s.") % {"day": day})
        if late:
            words = _("Steps of the ladder that are past already: %(count)d. They tell nobody any more.")
            self.remarks.append(words % {"count": late})

    class Meta(RegisterResource.Meta):
        model = Petition
        import_id_fields: ClassVar[Sequence[str]] = ["number"]
        fields = (
            "number", "channel", "received_at", "place_code", "place_words", "title", "text", "name", "phone",
            "confidential", "about",
        )  # fmt: skip
        import_order = fields
        instance_loader_class = _Loader
        clean_model_instances = False
        skip_diff = True


def let_pass(filed: Collection[Petition], *, at: datetime) -> int:
    """Record the steps of their ladders that lie before ``at`` as history, and tell the head once; return how many.

    :raises BadInput: if nobody can be told at all
    """
    answers = answers_for(_common(filed))
    told = head_of(answers.area, on=shanghai_date(at))
    past = historic.let_pass(clocks.FAMILY, [one.pk for one in filed], told=told, at=at)
    owe_summary(answers.area, told, added=len(filed), escalations=past, at=at)
    return past


def _common(filed: Collection[Petition]) -> Area:
    """Return the smallest area above all of them."""
    paths = {one.area_path for one in filed}
    first = next(iter(filed)).area
    while not all(path.startswith(first.path) for path in paths) and first.parent is not None:
        first = first.parent
    return first


def _id_of(row: Mapping[str, Any]) -> str:
    """Return how a number of the book is kept: two ways in may count alike."""
    try:
        channel = Choice(PaperChannel).clean(row.get("channel"))
    except ValueError:
        channel = ""
    number = Text().clean(row.get("number"))
    return external_id(Channel(channel), f"paper:{number}")[:80] if channel and number else ""
