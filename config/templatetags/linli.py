"""Words and small pieces of markup that every face shares: dates, spans of time, badges, countdowns, fields.

Tags return finished markup instead of rendering a template each: a list page shows hundreds of them.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from json import dumps

from django import forms, template
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from petitions import tongues

register = template.Library()

WEEKDAYS = (
    pgettext_lazy("weekday in a date", "Mon"),
    pgettext_lazy("weekday in a date", "Tue"),
    pgettext_lazy("weekday in a date", "Wed"),
    pgettext_lazy("weekday in a date", "Thu"),
    pgettext_lazy("weekday in a date", "Fri"),
    pgettext_lazy("weekday in a date", "Sat"),
    pgettext_lazy("weekday in a date", "Sun"),
)
MONTHS = (
    pgettext_lazy("month in a date", "Jan"),
    pgettext_lazy("month in a date", "Feb"),
    pgettext_lazy("month in a date", "Mar"),
    pgettext_lazy("month in a date", "Apr"),
    pgettext_lazy("month in a date", "May"),
    pgettext_lazy("month in a date", "Jun"),
    pgettext_lazy("month in a date", "Jul"),
    pgettext_lazy("month in a date", "Aug"),
    pgettext_lazy("month in a date", "Sep"),
    pgettext_lazy("month in a date", "Oct"),
    pgettext_lazy("month in a date", "Nov"),
    pgettext_lazy("month in a date", "Dec"),
)
# What a state is called when the caller gives no word of its own.
STATE_WORDS = {
    "due": gettext_lazy("Due soon"),
    "late": gettext_lazy("Overdue"),
    "done": gettext_lazy("Completed"),
    "news": gettext_lazy("In progress"),
}
ICONS = frozenset({"due", "late", "done", "news", "note", "warning"})
MINUTES_IN = {"day": 1440, "hour": 60, "minute": 1}


# -- dates ---------------------------------------------------------------------------------------------------


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def day(value: date | datetime | None) -> str:
    """A civil date in Shanghai: 22 Nov (Sat), in Chinese 11月22日（周六）; with the year when it is not this year."""
    return "" if value is None else _day(_local(value), timezone.localdate().year)


@register.filter
def weekday_short(value: int) -> str:
    """A day of the week in short: 0 is Mon, in Chinese 周一."""
    return str(WEEKDAYS[value])


def _day(local: date | datetime, this_year: int) -> str:
    return _day_in(get_language(), local.date() if isinstance(local, datetime) else local, this_year)


@lru_cache(maxsize=2048)
def _day_in(_language: str | None, day: date, this_year: int) -> str:
    words = {"day": day.day, "month": MONTHS[day.month - 1], "weekday": WEEKDAYS[day.weekday()]}
    if day.year == this_year:
        return _("%(day)s %(month)s (%(weekday)s)") % words
    return _("%(day)s %(month)s %(year)s (%(weekday)s)") % {**words, "year": day.year}


@register.filter
def year_month(value: date) -> str:
    """A month of a year: Oct 2026, in Chinese 2026年10月."""
    return pgettext("month of a year", "%(month)s %(year)s") % {"month": MONTHS[value.month - 1], "year": value.year}


@register.filter
def moment(value: datetime | None) -> str:
    """An instant as people in Shanghai say it: 22 Nov (Sat) 17:30, in Chinese 11月22日（周六）17:30."""
    if value is None:
        return ""
    return pgettext("date, then time of day", "%(day)s %(time)s") % {"day": day(value), "time": time_of_day(value)}


@register.filter
def by_when(value: datetime | None) -> str:
    """A due moment as people say it: one at midnight ends the day before (22 Nov (Sat), end of the day)."""
    return "" if value is None else _by_when(value, timezone.localdate().year)


def _by_when(value: datetime, this_year: int) -> str:
    local = _local(value)
    clock = f"{local:%H:%M}"
    if clock != "00:00":
        day_of = _day(local, this_year)
        return pgettext("date, then time of day", "%(day)s %(time)s") % {"day": day_of, "time": clock}
    last = _day(local - timedelta(minutes=1), this_year)
    return pgettext("due date", "%(day)s, end of the day") % {"day": last}


@register.filter
def time_of_day(value: datetime | None) -> str:
    """Hours and minutes in Shanghai: 17:30."""
    return _local(value).strftime("%H:%M") if value is not None else ""


# -- spans of time -------------------------------------------------------------------------------------------


def _counted(unit: str, n: int) -> str:
    match unit:
        case "day":
            return ngettext("%(n)d day", "%(n)d days", n)
        case "hour":
            return ngettext("%(n)d hour", "%(n)d hours", n)
        case _:
            return ngettext("%(n)d minute", "%(n)d minutes", n)


def _parts(minutes: int) -> Iterator[str]:
    """The two largest units that follow each other and are not zero."""
    begun = 0
    for unit, size in MINUTES_IN.items():
        n, minutes = divmod(minutes, size)
        if n:
            yield _counted(unit, n) % {"n": n}
            begun += 1
        if begun == 2 or (begun and not n):  # noqa: PLR2004 - two units, as the docstring says
            return


@register.filter
def span(value: timedelta) -> str:
    """A length of time in its two largest units: 2 hours 10 minutes, in Chinese 2 小时 10 分. The sign is dropped."""
    return " ".join(_parts(int(abs(value).total_seconds()) // 60)) or _("less than a minute")


@register.filter
def remaining(due_at: datetime | None, now: datetime | None = None) -> str:
    """How long until ``due_at``: 2 hours 10 minutes left; from that instant on how late it is.

    ``now`` is the page's own instant where it has one, so that all lines of a list agree.
    """
    if due_at is None:
        return ""
    left = due_at - (now or timezone.now())
    return (_("%(span)s left") if left > timedelta() else _("%(span)s late")) % {"span": span(left)}


@register.filter
def late(due_at: datetime | None, now: datetime | None = None) -> str:
    """How long past ``due_at`` it is: 3 hours 5 minutes late; nothing while it is not late."""
    now = now or timezone.now()
    return remaining(due_at, now) if due_at is not None and now >= due_at else ""


@register.filter
def workdays_left(n: int) -> str:
    """3 working days left, in Chinese 还剩 3 个工作日."""
    return ngettext("%(n)d working day left", "%(n)d working days left", n) % {"n": n}


@register.filter
def workdays_late(n: int) -> str:
    """1 working day late, in Chinese 已超期 1 个工作日."""
    return ngettext("%(n)d working day late", "%(n)d working days late", n) % {"n": n}


@register.filter
def capped(n: int, limit: int = 99) -> str:
    """A count that stops counting: 99+."""
    return f"{limit}+" if n > limit else str(n)


# -- marks ---------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str) -> SafeString:
    """One symbol of the sprite in ``linli/sprite.html``; for the eye only, a word always stands beside it."""
    return _icon(name)


@cache
def _icon(name: str) -> SafeString:
    if name not in ICONS:
        message = f"no icon {name!r}"
        raise template.TemplateSyntaxError(message)
    return format_html('<svg class="l-icon" aria-hidden="true" focusable="false"><use href="#l-{}"/></svg>', name)


@register.simple_tag
def badge(state: str, text: str = "") -> SafeString:
    """``{% badge "late" %}`` or ``{% badge "due" text %}``: icon and word in the colour of the state.

    States: due (soon), late, done, news (running), plain (no icon).
    """
    if state == "plain":
        return format_html('<span class="l-badge">{}</span>', text)
    return format_html('<span class="l-badge l-badge--{}">{}{}</span>', state, icon(state), text or STATE_WORDS[state])


def _countdown_phrase(state: str) -> str:
    match state:
        case "late":
            return _("%(span)s late")
        case "due":
            return _("Due soon: %(span)s left")
        case _:
            return _("%(span)s left")


@register.simple_tag
def countdown(
    due_at: datetime, soon_at: datetime | None = None, *, now: datetime | None = None, about: str = ""
) -> SafeString:
    """A badge that says how long is left. It is true without JavaScript; ``countdown.js`` keeps it true.

    ``soon_at``: from when on it is yellow. ``about``: what a screen reader hears with a change of state.
    """
    now = now or timezone.now()
    state = "late" if now >= due_at else "due" if soon_at is not None and now >= soon_at else "news"
    return mark_safe(  # noqa: S308 - words escaped, instants, names of states
        f'<time class="l-badge l-badge--{state}" data-countdown="{state}" '
        f'datetime="{due_at.isoformat(timespec="seconds")}" '
        f'data-soon="{soon_at.isoformat(timespec="seconds") if soon_at is not None else ""}" '
        f'data-about="{escape(about)}" title="{escape(_by_when(due_at, _local(now).year))}">{icon(state)}'
        f"<span data-text>{escape(_countdown_phrase(state) % {'span': span(due_at - now)})}</span></time>"
    )


@register.simple_tag
def countdown_words() -> SafeString:
    """The words of ``countdown.js`` in the page's language, as a data block (no script runs from it)."""
    return _countdown_words(get_language())


@cache
def _countdown_words(_language: str | None) -> SafeString:
    words: dict[str, str | list[str]] = {
        unit: [_counted(unit, n).replace("%(n)d", "{n}") for n in (1, 2)] for unit in MINUTES_IN
    }
    for state in ("news", "due", "late"):
        words[state] = _countdown_phrase(state).replace("%(span)s", "{span}")
    words["moment"] = _("less than a minute")
    block = dumps(words, ensure_ascii=False).replace("<", "\\u003C")
    return mark_safe(f'<script type="application/json" id="countdown-words">{block}</script>')  # noqa: S308 - own words


# -- languages -----------------------------------------------------------------------------------------------


@register.filter
def lang_of(words: str) -> SafeString:
    """The attribute ``lang`` for words of somebody that stand on a page of another language (WCAG 3.1.2)."""
    tag = tongues.tag_of(words or "")
    own = "en" if (get_language() or "").startswith("en") else "zh-Hans"
    return mark_safe(f' lang="{tag}"' if tag and tag != own else "")  # noqa: S308 - one of two tags


@register.simple_tag
def sentences_in(language: str) -> list[tuple[str, str]]:
    """(sentence, what it says in the page's language): answers for whoever does not write that language."""
    return tongues.phrases(language)


# -- forms ---------------------------------------------------------------------------------------------------


@register.filter
def kind_of(field: BoundField) -> str:
    """How ``django/forms/field.html`` lays a field out: radios, checkboxes, checkbox, hidden or box."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    return "checkbox" if isinstance(widget, forms.CheckboxInput) else "box"


def _class_of(widget: forms.Widget) -> str:
    if isinstance(widget, forms.Textarea):
        return "govuk-textarea"
    if isinstance(widget, forms.Select | forms.SelectMultiple):
        return "govuk-select"
    return "govuk-file-upload" if isinstance(widget, forms.FileInput) else "govuk-input"


@register.filter
def box(field: BoundField) -> SafeString:
    """The input of a field with its class; Django adds ``aria-describedby`` and ``aria-invalid``."""
    widget = field.field.widget
    name = _class_of(widget)
    classes = [name, f"{name}--error" if field.errors else "", str(widget.attrs.get("class", ""))]
    attrs: dict[str, str | bool] = {"class": " ".join(filter(None, classes))}
    if counts_left(field):
        attrs["data-count-left"] = _("Up to {n} more characters")
        attrs["aria-describedby"] = " ".join(filter(None, (field.aria_describedby, f"{field.auto_id}_left")))
    return field.as_widget(attrs=attrs)


@register.filter
def tick(field: BoundField) -> SafeString:
    """The box of a single checkbox with its class."""
    return field.as_widget(attrs={"class": "govuk-checkboxes__input"})


@register.filter
def counts_left(field: BoundField) -> bool:
    """Whether the field shows how many characters are left: a text area with a limit."""
    return isinstance(field.field.widget, forms.Textarea) and bool(getattr(field.field, "max_length", None))


def _please(field: BoundField) -> str:
    match kind_of(field), field.field.widget:
        case ("radios" | "checkboxes", _any) | (_any, forms.Select()):
            return _("Please choose one of these.")
        case "checkbox", _any:
            return _("Please tick this to go on.")
        case _any, forms.FileInput():
            return _("Please choose a file.")
    return _("Please fill this in.")


@register.filter
def errors_of(field: BoundField) -> list[str]:
    """The errors of a field. Where the form has no words of its own for an empty field, it is asked for politely."""
    bare = str(forms.Field.default_error_messages["required"])
    return [_please(field) if str(error) == bare else str(error) for error in field.errors]


@register.simple_tag
def error_links(form: forms.BaseForm) -> list[tuple[str, str]]:
    """(anchor, message) for every error of a form, in the order of its fields; "" where no field is to blame."""
    links = [("", str(error)) for error in form.non_field_errors()]
    for field in form:
        anchor = "" if field.is_hidden else field.id_for_label or f"{field.auto_id}_0"
        words = [_("%(field)s: %(error)s") % {"field": field.label, "error": error} for error in errors_of(field)]
        links += [(anchor, line) for line in words]
    return links
