"""Why a clock's date is what it is, in words: in full for staff, in one sentence for residents."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.utils import formats
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from deadlines.calendar import ClockKind, Explanation, Limit, Rule, SkipReason, Unit, explain
from deadlines.models import Clock
from deadlines.runs import extensions_of, pauses_of
from deadlines.timetable import SHANGHAI, Timetable, timetable


@dataclass(frozen=True, slots=True)
class Why:
    """``resident``: one sentence; ``staff``: one line per reason, in order; both in the active language."""

    resident: str
    staff: tuple[str, ...]


def explain_clock(clock: Clock, *, table: Timetable | None = None) -> Why:
    """Explain the due date of ``clock`` (with ``stage`` and ``area`` loaded) in the active language."""
    table = table or timetable()
    facts = _facts(clock, table)
    return Why(resident=_sentence(facts, table), staff=tuple(_lines(facts, table)))


def sentence_of(clock: Clock, *, table: Timetable) -> str:
    """Return what ``explain_clock`` tells the resident, and nothing else."""
    return _sentence(_facts(clock, table), table)


def day_by_day(clock: Clock, *, table: Timetable | None = None) -> tuple[str, ...]:
    """Return one line for every day from the day of receipt to the last, numbered where it counts.

    Nothing for limits in minutes and hours.
    """
    table = table or timetable()
    facts = _facts(clock, table)
    if facts.last_day is None:
        return ()
    skipped = {day.day: day for day in facts.skipped}
    made_up = {day.day: table.holiday_name(day.name) for day in facts.makeup}
    receipt = _("day of receipt")  # not inside the f-string: there no extractor finds it
    lines = [f" –  {day_in_words(facts.start.date())}  {receipt}"]
    counted = 0
    for ordinal in range(facts.start.toordinal() + 1, facts.last_day.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if day in skipped:
            name = table.holiday_name(skipped[day].name) if skipped[day].name else ""
            lines.append(f" –  {day_in_words(day)}  {_reasons()[skipped[day].reason]} {name}".rstrip())
            continue
        counted += 1
        why = _("worked for %(name)s") % {"name": made_up[day]} if day in made_up else ""
        lines.append(f"{counted:>2}  {day_in_words(day)}  {why}".rstrip())
    return tuple(lines)


def limit_in_words(limit: Limit) -> str:
    """Return a limit as people say it: "5 working days", "30 minutes"."""
    templates = {
        Unit.MINUTE: ngettext("%(count)d minute", "%(count)d minutes", limit.value),
        Unit.HOUR: ngettext("%(count)d hour", "%(count)d hours", limit.value),
        Unit.WORKDAY: ngettext("%(count)d working day", "%(count)d working days", limit.value),
        Unit.DAY: ngettext("%(count)d day", "%(count)d days", limit.value),
    }
    return templates[Unit(limit.unit)] % {"count": limit.value}


def day_in_words(day: date) -> str:
    """Return a date with its weekday, as the notice boards write it."""
    return _day_in(get_language(), day)


@lru_cache(maxsize=1024)
def _day_in(_language: str | None, day: date) -> str:
    weekdays = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return pgettext("date with weekday", "%(date)s (%(weekday)s)") % {
        "date": formats.date_format(day, _("j F Y")),
        "weekday": weekdays[day.weekday()],
    }


def moment_in_words(at: datetime) -> str:
    """Return an instant in Shanghai time; midnight is said as the end of the day before."""
    local = at.astimezone(SHANGHAI)
    return f"{day_in_words(local.date())} {local:%H:%M}"


def _sentence(facts: Explanation, table: Timetable) -> str:
    if facts.due is None:
        return _("The clock stands still while we wait; the date follows when it runs again.")
    limit = limit_in_words(facts.limit)
    if facts.rule is Rule.EVERY_MINUTE:
        return _("%(limit)s from %(start)s, counted day and night.") % {
            "limit": limit,
            "start": moment_in_words(facts.start),
        }
    if facts.rule is Rule.OPEN_HOURS:
        return _("%(limit)s of opening time, counted from %(start)s.") % {
            "limit": limit,
            "start": moment_in_words(facts.counts_from or facts.start),
        }
    skipped = _skipped_holidays(facts, table)
    text = _("%(limit)s, not counting the day of receipt, by the end of %(day)s.") % {
        "limit": limit,
        "day": day_in_words(facts.last_day or facts.due.date()),
    }
    if skipped:
        text += " " + _("Not counted: %(names)s.") % {"names": pgettext("list separator", ", ").join(skipped)}
    return text


def _skipped_holidays(facts: Explanation, table: Timetable) -> list[str]:
    codes = dict.fromkeys(day.name for day in facts.skipped if day.reason is SkipReason.HOLIDAY and day.name)
    return [table.holiday_name(code) for code in codes]


def _facts(clock: Clock, table: Timetable) -> Explanation:
    return explain(
        clock.started_at,
        Limit(clock.limit_value, Unit(clock.limit_unit)),
        ClockKind(clock.kind),
        table.calendar,
        table.hours_for(clock.kind, clock.area.path),
        pauses=pauses_of(clock),
        extensions=extensions_of(clock),
    )


def _reasons() -> dict[SkipReason, str]:
    return {
        SkipReason.WEEKEND: _("weekend"),
        SkipReason.HOLIDAY: _("holiday"),
        SkipReason.CLOSED: _("closed"),
        SkipReason.PAUSED: _("paused"),
    }


def _lines(facts: Explanation, table: Timetable) -> list[str]:
    rules = {
        Rule.EVERY_MINUTE: _("every minute counts"),
        Rule.OPEN_HOURS: _("only opening hours count"),
        Rule.WORKING_DAYS: _("only working days count, the day of receipt does not"),
        Rule.CALENDAR_DAYS: _("every day counts but the day of receipt"),
    }
    lines = [
        _("Starts: %(at)s") % {"at": moment_in_words(facts.start)},
        _("Limit: %(limit)s (%(rule)s)") % {"limit": limit_in_words(facts.limit), "rule": rules[facts.rule]},
    ]
    if facts.counts_from and facts.counts_from != facts.start:
        lines.append(_("Counts from: %(at)s") % {"at": moment_in_words(facts.counts_from)})
    reasons = _reasons()
    for skipped in facts.skipped:
        name = f" {table.holiday_name(skipped.name)}" if skipped.name else ""
        lines.append(
            _("Not counted: %(day)s, %(reason)s%(name)s")
            % {"day": day_in_words(skipped.day), "reason": reasons[skipped.reason], "name": name}
        )
    lines += [
        _("Counted although a weekend day: %(day)s, worked for %(name)s")
        % {"day": day_in_words(made_up.day), "name": table.holiday_name(made_up.name)}
        for made_up in facts.makeup
    ]
    lines += [_("Extended by %(limit)s") % {"limit": limit_in_words(amount)} for amount in facts.extensions]
    if facts.last_day:
        lines.append(_("Last day: %(day)s; late from the next midnight") % {"day": day_in_words(facts.last_day)})
    elif facts.due:
        lines.append(_("Due: %(at)s") % {"at": moment_in_words(facts.due)})
    if facts.provisional:
        lines.append(_("Provisional: the holiday notice of a year it touches is not out yet."))
    return lines
