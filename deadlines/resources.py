"""Policies and the calendar as files: a changed policy becomes its next version, a year's days are taken as a whole."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export import fields
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import Result, RowResult
from tablib import Dataset

from deadlines import ladder_text, recompute
from deadlines.calendar_loading import first_change
from deadlines.enums import ClockKind, DayKind, LimitUnit, Nature, RecomputeReason
from deadlines.errors import PolicyError
from deadlines.loading import Json, as_data, condition_holds, default_rungs, store, succeed
from deadlines.models import CalendarDay, CalendarYear, Policy, Stage
from deadlines.timetable import shanghai_date
from grids.cells import Choice, Day, Number, Text, YesNo
from grids.permissions import Register
from grids.rows import RegisterResource

LONGEST: Final = 3650
DAY: Final = timedelta(days=1)
FRIDAY: Final = 4
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
_STAGE: Final = (
    "name_zh", "name_en", "limit_value", "limit_unit", "clock", "anchor", "stopped_by", "nature", "applies_when",
    "actor", "note",
)  # fmt: skip


def _of(name: str, widget: Any, **options: Any) -> fields.Field:
    return fields.Field(attribute=name, column_name=name, widget=widget, **options)


class RulesResource(RegisterResource):
    """Rules of the whole district: whoever may import them at all may import every row."""

    register = Register.DUTY_LIST  # the district's command keeps it too

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.staff = None

    @property
    def on(self) -> date:
        """The civil date in Shanghai on which the file comes in."""
        assert self.at is not None  # noqa: S101 - the edge says when
        return shanghai_date(self.at)


@dataclass(slots=True)
class _Wanted:
    """What a file says of one policy."""

    facts: dict[str, str] = field(default_factory=dict)
    begins_on: date | None = None
    stages: dict[str, Json] = field(default_factory=dict)


class _StageLoader(BaseInstanceLoader):
    """Every stage of the present versions, fetched once."""

    def __init__(self, resource: "PolicyResource", dataset: Dataset) -> None:
        super().__init__(resource, dataset)
        present = Policy.objects.filter(valid_to=None).prefetch_related("stages__rungs")
        resource.present = {policy.key: policy for policy in present}
        resource.said = {key: as_data(policy) for key, policy in resource.present.items()}
        self.known = {(key, one.code): one for key, policy in resource.present.items() for one in policy.stages.all()}

    def get_instance(self, row: Mapping[str, Any]) -> Stage | None:
        """Return the stage of a row, if it is known."""
        return self.known.get((Text().clean(row.get("policy")), Text().clean(row.get("stage"))))


class PolicyResource(RulesResource):
    """A row for each stage of a policy. What the file leaves out stays; what it changes is a new version from a day."""

    headings: ClassVar = {
        "policy": gettext_lazy("key of the policy"), "stage": gettext_lazy("code of the stage"),
        "policy_name_zh": gettext_lazy("policy (Chinese)"), "policy_name_en": gettext_lazy("policy (English)"),
        "new_from": gettext_lazy("new version from"), "ladder": gettext_lazy("ladder"),
    }  # fmt: skip
    meanings: ClassVar = {
        "policy": gettext_lazy("Small letters and _. A key that is here already gets a new version."),
        "stage": gettext_lazy("Small letters and _. A stage that is here already is changed, another one is added."),
        "new_from": gettext_lazy("Tomorrow at the earliest, the same in all rows of a policy; empty: tomorrow."),
        "anchor": gettext_lazy("The moment it counts from, as the other stages name it: submitted, triaged, signed …"),
        "stopped_by": gettext_lazy("The moment that ends it: triaged, signed, resolved …"),
        "applies_when": gettext_lazy('Empty, a fact, or fact == "value".'),
        "ladder": gettext_lazy(
            "Steps with | between; each is moment, level, posts (joined by +, or -) and action: "
            "80% grid grid_lead remind | overdue street - red. Empty: as it is, or the default ladder."
        ),
    }  # fmt: skip
    examples: ClassVar = {
        "policy": "park_keeping", "policy_name_zh": "公园维护", "policy_name_en": "Park keeping", "stage": "resolve",
        "name_zh": "办结", "name_en": "Resolve", "limit_value": "3", "limit_unit": "workday", "clock": "working",
        "anchor": "accepted", "stopped_by": "resolved", "nature": "duty", "new_from": "",
        "ladder": "80% grid grid_lead remind | overdue street - red",
    }  # fmt: skip

    policy = fields.Field(attribute="policy__key", column_name="policy", readonly=True)
    policy_name_zh = fields.Field(attribute="policy__name_zh", column_name="policy_name_zh", readonly=True)
    policy_name_en = fields.Field(attribute="policy__name_en", column_name="policy_name_en", readonly=True)
    source = fields.Field(attribute="policy__source", column_name="source", readonly=True)
    new_from = fields.Field(attribute="new_from", column_name="new_from", readonly=True, widget=Day())
    stage = fields.Field(attribute="code", column_name="stage", widget=Text())
    name_zh = _of("name_zh", Text())
    name_en = _of("name_en", Text())
    limit_value = _of("limit_value", Number())
    limit_unit = _of("limit_unit", Choice(LimitUnit))
    clock = _of("clock", Choice(ClockKind))
    anchor = _of("anchor", Text())
    stopped_by = _of("stopped_by", Text())
    nature = _of("nature", Choice(Nature))
    applies_when = _of("applies_when", Text())
    actor = _of("actor", Text())
    note = _of("note", Text())
    ladder = fields.Field(attribute="ladder", column_name="ladder", readonly=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.present: dict[str, Policy] = {}
        self.said: dict[str, Json] = {}
        self.wanted: dict[str, _Wanted] = defaultdict(_Wanted)

    def dehydrate_ladder(self, stage: Stage) -> str:
        """Return its steps in one line."""
        given: str | None = getattr(stage, "ladder", None)
        if given is not None or stage.pk is None:
            return given or ""
        rungs = sorted(stage.rungs.all(), key=lambda rung: rung.position)
        return ladder_text.text_of([{name: getattr(rung, name) for name in _RUNG} for rung in rungs])

    def dehydrate_new_from(self, _stage: Stage) -> str:
        """Return nothing: whoever changes something says from when."""
        return ""

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:  # noqa: FBT001
        """A new stage belongs to the policy of its row, known or not."""
        super().after_init_instance(instance, new, row, **kwargs)
        if new:
            key = Text().clean(row.get("policy"))
            instance.policy = self.present.get(key) or Policy(key=key)
            instance.position = 0

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Read a row, and keep what it says of its policy for the end."""
        super().import_instance(instance, row, **kwargs)
        errors: dict[str, str] = {}
        try:
            instance.clean_fields(exclude=["policy"])
        except ValidationError as problem:
            errors |= {name: " ".join(words) for name, words in problem.message_dict.items()}
        known = self._known(instance)
        try:
            rungs = self._rungs(instance, row, known)
        except ValueError as problem:
            rungs, errors["ladder"] = [], str(problem)
        if instance.limit_value is not None and instance.limit_value > LONGEST:
            errors["limit_value"] = _("At most %(count)d.") % {"count": LONGEST}
        try:
            condition_holds(instance.applies_when, {})
        except PolicyError as problem:
            errors["applies_when"] = str(problem)
        for name in ("anchor", "stopped_by"):
            if getattr(instance, name) not in self._moments(name):
                errors.setdefault(name, _("“%(value)s” is not one of: %(known)s.") % {
                    "value": getattr(instance, name), "known": ", ".join(sorted(self._moments(name))),
                })  # fmt: skip
        if errors:
            raise ValidationError(errors)
        self._keep(instance, row, rungs, known)
        instance.ladder = ladder_text.text_of(rungs)

    def _moments(self, name: str) -> set[str]:
        return {stage[name] for said in self.said.values() for stage in said["stages"]}

    def _known(self, instance: Stage) -> Json | None:
        stages = self.said.get(instance.policy.key, {}).get("stages", ())
        return next((stage for stage in stages if stage["code"] == instance.code), None)

    def _rungs(self, instance: Stage, row: Mapping[str, Any], known: Json | None) -> list[Json]:
        text = Text().clean(row.get("ladder"))
        before: list[Json] = known["rungs"] if known else []
        if not text and known is None and instance.nature == Nature.DUTY:
            return default_rungs(instance.policy.key)
        rungs = ladder_text.rungs_of(text, before) if text else before
        if instance.nature == Nature.DUTY and not any(rung["at"].startswith("overdue") for rung in rungs):
            words = _("%(stage)s is a duty: somebody must be told when it is overdue.")
            raise ValueError(words % {"stage": instance.name or instance.code})
        return rungs

    def _keep(self, instance: Stage, row: Mapping[str, Any], rungs: list[Json], known: Json | None) -> None:
        """Keep what a row says.

        :raises ValidationError: if it contradicts the rows above it
        """
        key = instance.policy.key
        wanted, present = self.wanted[key], self.said.get(key, {})
        if instance.code in wanted.stages:
            raise ValidationError({"code": _("This stage stands in a row above already.")})
        for name, column in (("name_zh", "policy_name_zh"), ("name_en", "policy_name_en"), ("source", "source")):
            word = Text().clean(row.get(column)) or wanted.facts.get(name) or present.get(name, "")
            if not word and name != "source":
                raise ValidationError({f"policy__{name}": _("A new policy needs a name.")})
            if wanted.facts.setdefault(name, word) != word:
                raise ValidationError({f"policy__{name}": _("A row above says something else of this policy.")})
        wanted.begins_on = self._begins_on(key, row, wanted) or wanted.begins_on
        place = known["position"] if known else len(present.get("stages", ())) + len(wanted.stages)
        facts = {name: getattr(instance, name) for name in _STAGE}
        wanted.stages[instance.code] = {"code": instance.code, "position": place, **facts, "rungs": rungs}

    def _begins_on(self, key: str, row: Mapping[str, Any], wanted: _Wanted) -> date | None:
        """Return the day a row names, if it names one.

        :raises ValidationError: if it is none, is too early, or another than a row above names
        """
        try:
            given = Day().clean(Text().clean(row.get("new_from")))
        except ValueError as problem:
            raise ValidationError({"new_from": str(problem)}) from problem
        begins_on = given.date() if isinstance(given, datetime) else given
        if begins_on is None:
            return None
        if wanted.begins_on not in {None, begins_on}:
            raise ValidationError({"new_from": _("A row above says something else of this policy.")})
        if begins_on < max([self.on, *([self.present[key].valid_from] if key in self.present else [])]) + DAY:
            words = _("A new version begins tomorrow at the earliest, and after the version before it.")
            raise ValidationError({"new_from": words})
        return begins_on

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:  # noqa: ARG002
        """Tell whether stage and policy are as they were."""
        wanted = self.wanted.get(instance.policy.key)
        if import_validation_errors or wanted is None:
            return False
        present = self.said.get(instance.policy.key, {})
        same = all(present.get(name) == word for name, word in wanted.facts.items())
        return same and self._known(instance) == wanted.stages.get(instance.code)

    def do_instance_save(self, instance: Any, is_create: bool) -> None:  # noqa: FBT001
        """Nothing yet: a policy is stored as a whole, after its last row."""

    def after_import(self, dataset: Any, result: Result, **kwargs: Any) -> None:
        """Store the next version of every policy that changed, if all rows are right."""
        super().after_import(dataset, result, **kwargs)
        if result.has_errors() or result.has_validation_errors():
            return
        stored: dict[str, Policy] = {}
        for key, wanted in self.wanted.items():
            present = self.said.get(key)
            built = self._built(key, wanted)
            if built == present:
                continue
            begins_on = wanted.begins_on or self.on + DAY
            if present is None:
                stored[key] = store(built, version=1, valid_from=begins_on, edited=True)
            else:
                stored[key] = succeed(built, on=begins_on, edited=True)
            self.remarks.append(_("%(policy)s holds for new cases from %(day)s; what runs keeps its version.") % {
                "policy": stored[key], "day": f"{stored[key].valid_from:%Y-%m-%d}",
            })  # fmt: skip
        for row in result.rows:  # what is written down is the version, once
            if row.import_type != RowResult.IMPORT_TYPE_SKIP and row.instance is not None:
                row.instance = stored.pop(row.instance.policy.key, None)

    def _built(self, key: str, wanted: _Wanted) -> Json:
        present = self.said.get(key)
        if present is None:
            stages = list(wanted.stages.values())
            clock = stages[0]["clock"]
            return {"key": key, **wanted.facts, "clock": clock, "source_status": "", "rules": {}, "stages": stages}
        left = dict(wanted.stages)
        stages = [left.pop(stage["code"], stage) for stage in present["stages"]]
        return {**present, **wanted.facts, "stages": [*stages, *left.values()]}

    class Meta(RegisterResource.Meta):
        model = Stage
        import_id_fields: ClassVar[Sequence[str]] = ["policy", "stage"]
        fields = (
            "policy", "policy_name_zh", "policy_name_en", "source", "new_from", "stage", *_STAGE, "ladder",
        )  # fmt: skip
        import_order = fields
        export_order = fields
        instance_loader_class = _StageLoader
        clean_model_instances = False


_RUNG: Final = ("at", "level", "posts", "action")


class CalendarResource(RulesResource):
    """The days of years that differ from Monday to Friday; a year that stands in the file is replaced as a whole."""

    headings: ClassVar = {"notice": gettext_lazy("notice"), "confirmed": gettext_lazy("confirmed")}
    meanings: ClassVar = {
        "date": gettext_lazy("A day, such as 2027-01-01. A file that names a year names all its days."),
        "code": gettext_lazy("Of the holiday, in small letters: new_year, spring_festival …"),
        "notice": gettext_lazy("The State Council's notice of the year, the same in all its rows."),
        "confirmed": gettext_lazy("1 once the notice is out, the same in all rows of the year; otherwise 0."),
    }  # fmt: skip
    examples: ClassVar = {
        "date": "2027-01-01", "kind": "holiday", "code": "new_year", "name_zh": "元旦", "name_en": "New Year's Day",
        "notice": "国办发明电〔2026〕×号", "confirmed": "1",
    }  # fmt: skip
    date = _of("date", Day())
    kind = _of("kind", Choice(DayKind))
    code = _of("code", Text())
    name_zh = _of("name_zh", Text())
    name_en = _of("name_en", Text())
    notice = fields.Field(attribute="year__notice", column_name="notice", readonly=True)
    confirmed = fields.Field(
        attribute="year__confirmed", column_name="confirmed", readonly=True, widget=YesNo(empty=False)
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.years: dict[int, tuple[str, bool]] = {}
        self.before: dict[int, set[tuple[Any, ...]]] = {}
        self.days: dict[int, set[date]] = defaultdict(set)

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Read a row and keep what it says of its year."""
        super().import_instance(instance, row, **kwargs)
        instance.clean_fields(exclude=["year", "date"])
        day = instance.date.date() if isinstance(instance.date, datetime) else instance.date
        if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError({"date": _("Give a day between the years 2000 and 2100.")})
        if instance.kind == DayKind.MAKEUP_WORKDAY and day.weekday() <= FRIDAY:
            raise ValidationError({"kind": _("A Monday to Friday is worked anyway: this is no make-up working day.")})
        if day in self.days[day.year]:
            raise ValidationError({"date": _("This day stands in a row above already.")})
        try:
            said = (Text().clean(row.get("notice"))[:200], YesNo(empty=False).clean(row.get("confirmed")))
        except ValueError as problem:
            raise ValidationError({"year__confirmed": str(problem)}) from problem
        if self.years.setdefault(day.year, said) != said:
            raise ValidationError({"year__notice": _("A row above says something else of this year.")})
        if day.year not in self.before:
            self.before[day.year] = _stored(day.year)
        self.days[day.year].add(day)
        instance.year, _created = CalendarYear.objects.get_or_create(year=day.year)

    def after_import(self, dataset: Any, result: Result, **kwargs: Any) -> None:
        """Take out what the file no longer names, settle the years, have open clocks computed anew."""
        super().after_import(dataset, result, **kwargs)
        if result.has_errors() or result.has_validation_errors():
            return
        changes: list[date] = []
        for number, (notice, confirmed) in self.years.items():
            gone = CalendarDay.objects.filter(year=number).exclude(date__in=self.days[number])
            for day in gone.order_by("date"):
                self.remarks.append(_("%(day)s is not in the file and is taken out.") % {"day": day.date})
            gone.delete()
            year = CalendarYear.objects.get(year=number)
            confirmed_now, after = confirmed != year.confirmed, _stored(number)
            if (year.notice, year.confirmed) != (notice, confirmed) or after != self.before[number]:
                year.notice, year.confirmed = notice, confirmed
                year.save()
            if confirmed_now or after != self.before[number]:
                changes.append(first_change(number, after, self.before[number], confirmed_now=confirmed_now))
        if changes:
            assert self.at is not None  # noqa: S101 - the edge says when
            self.remarks.append(_("Open clocks that cross a changed day are computed anew."))
            recompute.ask(reason=RecomputeReason.CALENDAR, at=self.at, since=min(changes))

    class Meta(RegisterResource.Meta):
        model = CalendarDay
        import_id_fields: ClassVar[Sequence[str]] = ["date"]
        fields = ("date", "kind", "code", "name_zh", "name_en", "notice", "confirmed")
        import_order = fields
        export_order = fields
        clean_model_instances = False


def _stored(year: int) -> set[tuple[Any, ...]]:
    rows = CalendarDay.objects.filter(year=year).values_list("date", "kind", "code", "name_zh", "name_en")
    return set(rows)
