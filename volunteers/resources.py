"""Volunteers as a file: written down on behalf, each row with the consent that was asked; taken out masked."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from import_export import fields
from import_export.instance_loaders import BaseInstanceLoader
from tablib import Dataset

from grids.cells import BETWEEN, ByCode, Text, YesNo
from grids.enums import Level
from grids.models import Area
from grids.permissions import Register
from grids.rows import RegisterResource
from people.contacts import is_phone, normalise_phone
from people.enums import Language
from people.errors import Refusal
from volunteers import registering
from volunteers.enums import Skill
from volunteers.models import Volunteer
from volunteers.permissions import may_keep
from volunteers.registering import Offer

MOST: Final = 1_000


class Skills(Text):
    """Several of the list, by value or by name."""

    example = "repairs|digital"

    def says(self) -> str:
        """The list, as it is written and as it is read."""
        known = "; ".join(f"{one.value} {one.label}" for one in Skill)
        return _("Any of these, with | between them: %(known)s.") % {"known": known}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str]:
        """:raises ValueError: for anything else"""
        words = [word.strip().lower() for word in super().clean(value, row, **kwargs).split(BETWEEN) if word.strip()]
        known = {one.value: one.value for one in Skill} | {str(one.label).lower(): one.value for one in Skill}
        for word in words:
            if word not in known:
                raise ValueError(_("“%(value)s” is no skill of the list.") % {"value": word[:40]})
        return sorted({known[word] for word in words})

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002 - the library's signature
        """As they are written."""
        return BETWEEN.join(value or ())


class _Loader(BaseInstanceLoader):
    """Everybody of the file who is registered already, fetched once, by the digest of the number."""

    def __init__(self, resource: "VolunteerResource", dataset: Dataset) -> None:
        super().__init__(resource, dataset)
        seats = [seat for row in dataset.dict if (seat := _seat(row)) is not None]
        self.known = {bytes(one.seat): one for one in Volunteer.objects.filter(seat__in=seats) if one.seat is not None}

    def get_instance(self, row: Mapping[str, Any]) -> Volunteer | None:
        """Return the registration of a row, if there is one."""
        seat = _seat(row)
        return self.known.get(seat) if seat is not None else None


class VolunteerResource(RegisterResource):
    """A row for each person of 18 or older; who is registered already stays as he is. Names go out masked."""

    register = Register.DUTY_LIST  # not asked: whose community it may be is said below
    headings: ClassVar = {
        "name": gettext_lazy("name"), "phone": gettext_lazy("telephone number"),
        "home": gettext_lazy("code of the community of home"), "work": gettext_lazy("code of the community of work"),
        "skills": gettext_lazy("skills"), "adult": gettext_lazy("18 or older"),
        "agreed": gettext_lazy("asked and agreed"),
    }  # fmt: skip
    meanings: ClassVar = {
        "name": gettext_lazy("The full name."),
        "phone": gettext_lazy("A mobile number. The same number is registered once."),
        "home": gettext_lazy("The code of your community; see the sheet of codes."),
        "work": gettext_lazy("The code of another community of ours; may be empty."),
        "adult": gettext_lazy("1. A child is registered one by one, with a parent or guardian."),
        "agreed": gettext_lazy("1, if they were asked and agreed to be written down. Others are not taken in."),
    }  # fmt: skip
    examples: ClassVar = {
        "name": "张三", "phone": "13800000000", "home": "620302001001", "work": "", "adult": "1", "agreed": "1",
    }  # fmt: skip
    only_out: ClassVar = frozenset({"state", "applied_at"})

    name = fields.Field(column_name="name", attribute="person", readonly=True)
    phone = fields.Field(column_name="phone", attribute="person_id", readonly=True)
    home = fields.Field(column_name="home", attribute="home", widget=ByCode(Area))
    work = fields.Field(column_name="work", attribute="work", widget=ByCode(Area))
    skills = fields.Field(column_name="skills", attribute="skills", widget=Skills())
    adult = fields.Field(column_name="adult", readonly=True, widget=YesNo(empty=False))
    agreed = fields.Field(column_name="agreed", readonly=True, widget=YesNo(empty=False))
    state = fields.Field(column_name="state", attribute="state", readonly=True)
    applied_at = fields.Field(column_name="applied_at", attribute="applied_at", readonly=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seen: dict[bytes, int] = {}

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """:raises ValueError: if there are more than are read at once"""
        super().before_import(dataset, **kwargs)
        if len(dataset) > MOST:
            raise ValueError(_("At most %(count)d rows at a time.") % {"count": MOST})

    @sensitive_variables("row", "phone")
    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """Refuse who may not be written down, and a number that stood in the file before.

        :raises ValueError: naming what is wrong
        """
        phone = normalise_phone(Text().clean(row.get("phone")))
        if not is_phone(phone):
            raise ValueError(
                _("Give a mobile number of 11 digits, or a landline with its area code, such as 0935-8210000.")
            )
        if not Text().clean(row.get("name")):
            raise ValueError(_("Write down a name."))
        for column, words in (
            ("adult", _("Only who is 18 or older comes in by a file.")),
            ("agreed", _("Nobody is registered without agreeing to it.")),
        ):
            if not YesNo(empty=False).clean(row.get(column)):
                raise ValueError(words)
        line = kwargs.get("row_number", 0) + 1
        first = self.seen.setdefault(_seat(row) or b"", line)
        if first != line:
            raise ValueError(_("This number stands in row %(line)d already.") % {"line": first})

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Read a row; whoever is here already stays as he is.

        :raises ValueError: if the community is none of his
        """
        if instance.person_id:
            return
        super().import_instance(instance, row, **kwargs)
        home = getattr(instance, "home", None) if instance.home_id else None
        if home is None or home.level != Level.COMMUNITY or not home.served:
            raise ValueError(_("Give the code of a community."))
        if self.staff is not None and not may_keep(self.staff, home):
            raise ValueError(_("This row lies outside the areas you keep."))

    def validate_instance(
        self,
        instance: Any,
        import_validation_errors: Any = None,
        validate_unique: bool = True,  # noqa: FBT001, FBT002
    ) -> None:
        """What could not be read; whose community it is was asked with the row."""
        staff, self.staff = self.staff, None
        try:
            super().validate_instance(instance, import_validation_errors, validate_unique)
        finally:
            self.staff = staff

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:  # noqa: ARG002
        """Tell whether somebody is here already."""
        return bool(instance.person_id) and not import_validation_errors

    @sensitive_variables("row")
    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:  # noqa: ARG002, FBT001
        """Write somebody down on behalf, to wait for the community's decision.

        :raises ValueError: saying why not
        """
        assert self.at is not None  # noqa: S101 - the edge says when
        try:
            made = registering.register(
                name=Text().clean(row.get("name")),
                phone=Text().clean(row.get("phone")),
                offer=Offer(
                    home=instance.home, work=instance.work, skills=tuple(Skill(one) for one in instance.skills)
                ),
                agreed=True,
                client_key=uuid.uuid4(),
                language=Language.CHINESE,
                by=self.staff,
                at=self.at,
            )
        except Refusal as no:
            raise ValueError(str(no)) from no
        instance.pk, instance.person = made.pk, made.person

    def save_m2m(self, obj: Any, data: Any, **kwargs: Any) -> None:
        """There is nothing of the kind."""

    def dehydrate_name(self, row: Volunteer) -> str:
        """The name, masked: a file is read over many shoulders."""
        return row.person.name_masked

    def dehydrate_phone(self, row: Volunteer) -> str:
        """The number, masked."""
        return row.person.phone_masked

    def dehydrate_adult(self, row: Volunteer) -> str:
        """Whether they are of age."""
        return "0" if row.of_age_on is not None else "1"

    def dehydrate_agreed(self, _row: Volunteer) -> str:
        """Whoever is in the register agreed."""
        return "1"

    def dehydrate_state(self, row: Volunteer) -> str:
        """How it stands, in words."""
        return row.get_state_display()

    class Meta(RegisterResource.Meta):
        model = Volunteer
        import_id_fields: ClassVar[Sequence[str]] = ["phone"]
        fields = ("name", "phone", "home", "work", "skills", "adult", "agreed", "state", "applied_at")
        import_order = fields
        export_order = fields
        instance_loader_class = _Loader
        clean_model_instances = False
        skip_diff = True


def _seat(row: Mapping[str, Any]) -> bytes | None:
    return registering.seat_of(name="", phone=Text().clean(row.get("phone")))
