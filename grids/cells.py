"""The cells of files as people write them, and back: one class for each kind, which also says what it may hold."""

from typing import Any, ClassVar, Final

from django.db.models import Model, TextChoices
from django.utils.translation import gettext as _
from import_export import widgets

from grids.area_files import read_day
from grids.enums import Weekday
from grids.hours import read_time
from grids.models.hours import closing_text

BETWEEN: Final = "|"


class Text(widgets.CharWidget):
    """Text without blanks around it; what a spreadsheet took for a number becomes its digits again."""

    example: ClassVar[str] = ""

    def says(self) -> str:
        """What a cell may hold, for the notes of a template; nothing for any text."""
        return ""

    def clean(self, value: Any, row: Any = None, **_kwargs: Any) -> Any:  # noqa: ARG002 - the library's signature
        """As text."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else str(value).strip()


class Choice(Text):
    """One of a closed list, written as its value or its name in the reader's language."""

    def __init__(self, choices: type[TextChoices]) -> None:
        super().__init__()
        self.choices = choices
        self.example = choices.values[0]  # type: ignore[misc]  # each list has its own

    def says(self) -> str:
        """The list, as it is written and as it is read."""
        return _("One of: %(known)s.") % {"known": "; ".join(f"{one.value} {one.label}" for one in self.choices)}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """:raises ValueError: for anything else"""
        word = super().clean(value, row, **kwargs).lower()
        for choice in self.choices:
            if word in {choice.value.lower(), str(choice.label).lower()}:
                return choice.value
        if not word:
            return ""
        raise ValueError(_("“%(value)s” is not one of: %(known)s.") % {
            "value": value, "known": ", ".join(self.choices.values),
        })  # fmt: skip


class ByCode(widgets.ForeignKeyWidget):
    """The row that has this code; each code is looked up once in an import."""

    example: ClassVar[str] = ""

    def __init__(self, model: type[Model], field: str = "code") -> None:
        super().__init__(model, field)
        self.found: dict[str, Model | None] = {}

    def says(self) -> str:
        """Whose code."""
        what = self.model._meta.verbose_name  # noqa: SLF001 - Django's public name
        return _("The code of: %(what)s. It must be here already.") % {"what": what}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Model | None:  # noqa: ARG002 - the library's signature
        """:raises ValueError: if there is none"""
        code = Text().clean(value)
        if not code:
            return None
        if self.found.get(code) is None:  # a row above may have brought it meanwhile
            self.found[code] = self.model._default_manager.filter(**{self.field: code}).first()  # noqa: SLF001
        if self.found[code] is None:
            what = self.model._meta.verbose_name  # noqa: SLF001
            raise ValueError(_("There is no %(what)s “%(code)s”.") % {"what": what, "code": code})
        return self.found[code]


class Day(widgets.DateWidget):
    """A civil date, as 2024-03-01, 2024/3/1 or a spreadsheet's own date."""

    example: ClassVar[str] = "2026-01-01"

    def says(self) -> str:
        """How it is written."""
        return _("A day, such as 2026-01-01.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """No day is an empty cell; a workbook would write the word None."""
        return "" if value is None else super().render(value, obj, **kwargs)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """:raises ValueError: for anything else"""
        if not isinstance(value, str):
            return super().clean(value, row, **kwargs)
        day = read_day(value)
        if day is None and value.strip():
            raise ValueError(_("“%(value)s” is not a date; write it as 2024-03-01.") % {"value": value})
        return day


class DayOfWeek(widgets.Widget):
    """A weekday as its number (0 = Monday, as the register counts) or its name in the reader's language."""

    example: ClassVar[str] = "0"

    def says(self) -> str:
        """The numbers and their names."""
        return _("One of: %(known)s.") % {"known": "; ".join(f"{day.value} {day.label}" for day in Weekday)}

    def clean(self, value: Any, row: Any = None, **_kwargs: Any) -> int | None:  # noqa: ARG002 - the library's signature
        """:raises ValueError: for anything else"""
        word = Text().clean(value).lower()
        for day in Weekday:
            if word in {str(day.value), str(day.label).lower()}:
                return day.value
        if not word:
            return None
        known = ", ".join(f"{day.value} {day.label}" for day in Weekday)
        raise ValueError(_("“%(value)s” is not one of: %(known)s.") % {"value": value, "known": known})

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002 - the library's signature
        """Its number: the same in every language."""
        return "" if value is None else str(value)


class ClockTime(widgets.Widget):
    """A time of the day; a ``closing`` time may be 24:00."""

    example: ClassVar[str] = "09:00"

    def __init__(self, *, closing: bool = False) -> None:
        super().__init__()
        self.closing = closing

    def says(self) -> str:
        """How it is written."""
        return _("A time of the day, such as 09:00.")

    def clean(self, value: Any, row: Any = None, **_kwargs: Any) -> Any:  # noqa: ARG002 - the library's signature
        """:raises ValueError: for anything else"""
        return read_time(value, closing=self.closing)

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002 - the library's signature
        """As people write it."""
        if value is None:
            return ""
        return closing_text(value) if self.closing else f"{value:%H:%M}"


class Several(Text):
    """Several words in one cell, with | between them; kept as lines or as a list."""

    def __init__(self, *, as_lines: bool) -> None:
        super().__init__()
        self.as_lines = as_lines

    def says(self) -> str:
        """How they are told apart."""
        return _("Several words, with | between them.")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """As lines of text, or as a list."""
        parts = super().clean(value, row, **kwargs).replace("\r\n", "\n").replace("\n", BETWEEN).split(BETWEEN)
        words = [part.strip() for part in parts if part.strip()]
        return "\n".join(words) if self.as_lines else words

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002 - the library's signature
        """With | between."""
        return BETWEEN.join(str(value or "").splitlines() if self.as_lines else value or [])


class YesNo(Text):
    """1 or 0, as the column is exported; an empty cell is ``empty``."""

    example: ClassVar[str] = "0"

    def __init__(self, *, empty: bool) -> None:
        super().__init__()
        self.empty = empty

    def says(self) -> str:
        """Which is which, and what an empty cell means."""
        return _("1 (yes) or 0 (no); an empty cell is %(empty)s.") % {"empty": int(self.empty)}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """:raises ValueError: for anything else"""
        word = super().clean(int(value) if isinstance(value, bool) else value, row, **kwargs)
        if word not in {"", "0", "1"}:
            raise ValueError(_("“%(value)s” is neither 1 (yes) nor 0 (no).") % {"value": value})
        return word == "1" if word else self.empty

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002 - the library's signature
        """1 or 0."""
        return "1" if value else "0"


class Number(widgets.IntegerWidget):
    """A whole number, or nothing."""

    example: ClassVar[str] = "1"

    def says(self) -> str:
        """How it is written."""
        return _("A whole number.")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """:raises ValueError: for anything else"""
        word = Text().clean(value)
        if not word:
            return None
        try:
            return super().clean(word, row, **kwargs)
        except (ValueError, ArithmeticError) as error:
            raise ValueError(_("“%(value)s” is not a whole number.") % {"value": word}) from error

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002 - the library's signature
        """No number is an empty cell."""
        return "" if value is None else str(value)
