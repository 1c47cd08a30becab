"""``manage.py kpis --from DATE --to DATE``: the figures of a period, or why one petition's date is what it is."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from deadlines.explain import day_by_day, explain_clock, moment_in_words
from deadlines.models import Policy
from deadlines.timetable import SHANGHAI
from grids.models import Area
from petitions.enums import Status
from petitions.kpis import Kpis, kpis
from petitions.models import Petition, PetitionClock
from petitions.numbers import normalise_number
from petitions.rates import LEVELS, Rate


class Command(BaseCommand):
    help = "Print the figures of a period (by date of acceptance, both ends included, Asia/Shanghai)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--area", metavar="CODE", help="an area and all below it; without it everything")
        parser.add_argument("--policy", default="", metavar="KEY", help="petitions under this policy only")
        parser.add_argument("--from", dest="start", type=_day, metavar="DATE", help="first day, e.g. 2026-01-01")
        parser.add_argument("--to", dest="end", type=_day, metavar="DATE", help="last day, included")
        parser.add_argument("--format", choices=("json", "table"), default="table")
        parser.add_argument(
            "--explain",
            metavar="N",
            help="say day by day why the date of petition N (its number, or its number in the other system) is so",
        )

    def handle(
        self, *_args: object, area: str | None, policy: str, start: date | None, end: date | None, **options: Any
    ) -> None:
        if options["explain"]:
            for line in _explain(options["explain"]):
                self.stdout.write(line)
            return
        if start is None or end is None:
            raise CommandError(_("Say the period: --from DATE --to DATE."))
        if end < start:
            raise CommandError(_("The last day lies before the first."))
        if policy and not Policy.objects.filter(key=policy).exists():
            raise CommandError(_("There is no policy “%(key)s”.") % {"key": policy})
        now = timezone.now()
        figures = kpis(area=_area(area), policy=policy, start=start, end=end, at=now)
        if options["format"] == "table":
            for line in _table(figures):
                self.stdout.write(line)
            return
        asked = {"area": area, "policy": policy or None, "from": start.isoformat(), "to": end.isoformat()}
        answer = asked | {"as_at": now.astimezone(SHANGHAI).isoformat(timespec="seconds")} | figures.as_json()
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _area(code: str | None) -> Area | None:
    if code is None:
        return None
    area = Area.objects.filter(code=code).first()
    if area is None:
        raise CommandError(_("There is no area with the code %(code)s.") % {"code": code})
    return area


def _table(figures: Kpis) -> Iterator[str]:
    counts = (
        (_("Received"), figures.received),
        (_("Not decided on yet"), figures.waiting),
        (_("Not accepted"), figures.declined),
        (_("Accepted"), figures.accepted),
        (_("Completed"), figures.completed),
        (_("Open"), figures.open),
        (_("Open and late"), figures.late_open),
        (_("Completed, not rated"), figures.not_rated),
        (_("Re-opened"), figures.reopened),
        (_("Withdrawn"), figures.withdrawn),
        (_("Merged"), figures.merged),
    )
    rates = (
        (_("Acceptance rate"), figures.acceptance_rate),
        (_("Closure rate"), figures.closure_rate),
        (_("On-time closure rate"), figures.on_time_rate),
        (_("Response rate"), figures.response_rate),
        (_("Resolution rate"), figures.resolution_rate),
        (_("Satisfaction rate"), figures.satisfaction_rate),
        (_("Return rate"), figures.return_rate),
        (_("Rework rate"), figures.rework_rate),
        (_("Extension rate"), figures.extension_rate),
        *((str(LEVELS[f"at_{level}"].name), rate) for level, rate in figures.resolved_at_level.items()),
    )
    for name, count in counts:
        yield f"{name}\t{count}"
    for name, rate in rates:
        yield f"{name}\t{_share(rate)}"
    for code, stage in figures.rapid_1365.items():
        took = ""
        if stage.median_minutes is not None and stage.p95_minutes is not None:
            took = "\t" + _("median %(median).0f min, 95 %% within %(p95).0f min") % {
                "median": stage.median_minutes,
                "p95": stage.p95_minutes,
            }
        yield f"1365 {code}\t{_share(stage.kept)}{took}"


def _share(rate: Rate) -> str:
    if rate.rate is None:
        return "–"
    # cut off, not rounded: what is not all is never shown as 100 %
    percent = rate.numerator * 10_000 // rate.denominator / 100
    return f"{percent:.2f}%  ({rate.numerator}/{rate.denominator})"


def _explain(number: str) -> Iterator[str]:
    """Yield why each of a petition's dates is what it is; nothing of its words."""
    petitions = list(Petition.objects.filter(Q(number=normalise_number(number)) | Q(external_id=number)).order_by("pk"))
    if not petitions:
        raise CommandError(_("There is no petition %(number)s.") % {"number": number})
    for petition in petitions:
        yield f"{petition.number}  {Status(petition.status).label}"
        clocks = PetitionClock.objects.filter(petition=petition).select_related("stage__policy", "area")
        for clock in clocks.order_by("started_at", "stage__position", "generation"):
            yield f"{clock.stage.policy.name} · {clock.stage.name}"
            yield "  " + explain_clock(clock).resident
            for line in day_by_day(clock) or explain_clock(clock).staff:
                yield f"  {line}"
            if clock.stopped_at is not None:
                kept = _("kept") if clock.met else _("late")
                yield "  " + _("Stopped: %(at)s, %(kept)s") % {"at": moment_in_words(clock.stopped_at), "kept": kept}
